"""What stands in components that a page drew."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def parts(component: Any) -> Iterator[Any]:
    """Return a component and all within it."""
    if isinstance(component, list | tuple):
        for each in component:
            yield from parts(each)
    elif component is not None:
        yield component
        yield from parts(getattr(component, "children", None))


def words(component: Any) -> str:
    """Return its texts, one after another."""
    return " ".join(str(part) for part in parts(component) if isinstance(part, str | int))


def of_class(component: Any, name: str) -> list[Any]:
    """Return what has a class."""
    return [part for part in parts(component) if name in str(getattr(part, "className", "")).split()]
