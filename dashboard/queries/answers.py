"""Answers about a published dataset, which never changes: made once for all processes, then read once by each of them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar

from pydantic import TypeAdapter

from dashboard.context import Context
from database.datasets import Dataset

Answer = TypeVar("Answer")

_MOST_HELD = 48
_held: OrderedDict[tuple[str, str, str, int], Any] = OrderedDict()
_lock = Lock()


def hold(context: Context, dataset: Dataset, name: str, make: Callable[[], Answer]) -> Answer:
    """Return what this process holds under a name, else make it and hold it. Nothing in it may be changed."""
    key = (str(context.snapshots), name, dataset.id, dataset.erasure_epoch)
    with _lock:
        if key in _held:
            _held.move_to_end(key)
            held: Answer = _held[key]
            return held
    made = make()  # outside the lock: two that come at once make it twice, and nobody else waits
    with _lock:
        _held[key] = made
        while len(_held) > _MOST_HELD:
            _held.popitem(last=False)
    return made


def load_answer(context: Context, dataset: Dataset, name: str, shape: TypeAdapter[Answer], make: Callable[[], Answer]) -> Answer:
    """Return what was answered before by any process, else make it and keep it. The name says the version of the answer, too."""

    def find_or_make() -> Answer:
        key = f"{name}:{dataset.id}:{dataset.erasure_epoch}"
        known = context.cache.find(key)
        if known is not None:
            return shape.validate_python(known)
        made = make()
        context.cache.keep(key, shape.dump_python(made, mode="json"))
        return made

    return hold(context, dataset, name, find_or_make)
