"""What the box plots compare: the pair of a number and a category that the address names, else what the data choose themselves."""

from __future__ import annotations

from dataclasses import replace

from dashboard.context import Context
from dashboard.queries.answers import hold
from dashboard.queries.overview import Counted
from dashboard.queries.sources import load_source
from database.datasets import Dataset
from segmentation.measures.demographics import Boxes
from segmentation.measures.spreads import spread_pair

_RESERVED = {"%": "%25", "~": "%7E"}


def write_pair(number: str, category: str) -> str:
    """Return two names of columns as the address has them: ``monetary_total~gender``."""
    return f"{_escape(number)}~{_escape(category)}"


def read_pair(text: str) -> tuple[str, str] | None:
    """Read what :func:`write_pair` writes; None of anything else."""
    names = [_unescape(part) for part in text.split("~")]
    return (names[0], names[1]) if len(names) == 2 else None


def compare(context: Context, dataset: Dataset, whole: Counted, wanted: str) -> tuple[Counted, str]:
    """Put the pair that is wanted in the first place; returns what is counted then, and the pair as written ("": it cannot be drawn)."""
    pair = read_pair(wanted)
    if pair is None or not whole.overview.spreads.allow(*pair):
        return whole, ""
    written = write_pair(*pair)
    found = hold(context, dataset, f"boxes:{written}", lambda: spread_pair(load_source(context, dataset).catalogue, *pair))
    if found is None:
        return whole, ""
    return replace(whole, overview=replace(whole.overview, boxes=_put_first(found, whole.overview.boxes))), written


def _put_first(found: Boxes, known: tuple[Boxes, ...]) -> tuple[Boxes, ...]:
    others = [each for each in known if (each.number_column, each.column) != (found.number_column, found.column)]
    return (found, *others)[: max(len(known), 1)]


def _escape(text: str) -> str:
    for plain, escaped in _RESERVED.items():
        text = text.replace(plain, escaped)
    return text


def _unescape(text: str) -> str:
    for plain, escaped in reversed(_RESERVED.items()):
        text = text.replace(escaped, plain)
    return text
