"""Answers about a published dataset, which never changes: made once for all processes, then read once by each of them."""

from __future__ import annotations

import zlib
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar

from pydantic import TypeAdapter

from dashboard.context import Context
from database.datasets import Dataset

Answer = TypeVar("Answer")

_MOST_HELD = 48
_MOST_TOLD = 512
"""Answers to filters are some 20 kB each when they are packed."""
_held: OrderedDict[tuple[str, str, str, int], Any] = OrderedDict()
_told: OrderedDict[tuple[object, ...], bytes] = OrderedDict()
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


def tell_again(context: Context, dataset: Dataset, asked: tuple[object, ...], tell: Callable[[], str]) -> str:
    """Return what this process told whoever asked the same before, else tell it now: people go back, and look at what others look at.

    ``asked`` names all that the answer depends on apart from the dataset.
    """
    key = (str(context.snapshots), dataset.id, dataset.erasure_epoch, *asked)
    with _lock:
        known = _told.get(key)
        if known is not None:
            _told.move_to_end(key)
    if known is not None:
        return zlib.decompress(known).decode()
    told = tell()
    packed = zlib.compress(told.encode(), 1)
    with _lock:
        _told[key] = packed
        while len(_told) > _MOST_TOLD:
            _told.popitem(last=False)
    return told


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
