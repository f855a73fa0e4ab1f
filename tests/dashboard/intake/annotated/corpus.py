"""Messy text files as people publish them, made by seed, each annotated with the character between its cells."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from types import FunctionType
from typing import NamedTuple

from tests.dashboard.intake.annotated import exports, oddities, tables
from tests.dashboard.intake.annotated.cells import Text


class Annotated(NamedTuple):
    """A file, what it is like, and its delimiter ("" for one column)."""

    kind: str
    seed: int
    content: bytes
    delimiter: str


def corpus(per_kind: int = 6) -> list[Annotated]:
    """Return every kind of file, each made from several seeds."""
    return [_make(kind, make, seed) for kind, make in kinds().items() for seed in range(per_kind)]


def kinds() -> dict[str, Callable[[Random], Text]]:
    """Return what can be made: the functions of the three modules that take nothing but chance."""
    return {
        name: make
        for module in (tables, oddities, exports)
        for name, make in vars(module).items()
        if isinstance(make, FunctionType) and make.__module__ == module.__name__ and not name.startswith("_")
    }


def _make(kind: str, make: Callable[[Random], Text], seed: int) -> Annotated:
    rng = Random(f"{kind} {seed}")
    text, delimiter = make(rng)
    end = rng.choice(["\n", "\n", "\n", "\r\n", "\r\n", "\r"])
    encoding = rng.choice(["utf-8", "utf-8", "utf-8", "utf-8-sig", "cp1252"]) if end != "\r" else "utf-8"
    text = text if rng.random() < 0.8 else text.rstrip("\n")
    return Annotated(kind, seed, text.replace("\n", end).encode(encoding, "replace"), delimiter)
