"""What a broken file is: its bytes, and what is to come of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

Outcome = Literal["refused", "stopped", "read"]
"""Refused: told at once and not kept. Stopped: looked at, and says why it is not imported. Read: imported, with an account of every row."""


class Broken(NamedTuple):
    """A broken file. ``code`` is that of the refusal, or of a finding that a file which can be read must bring."""

    name: str
    file: str
    make: Callable[[], bytes]
    outcome: Outcome | None = None  # None: any of the three, as long as it is told well
    code: str | None = None


LOG = ("Order", "Date", "Customer", "Product", "Quantity", "Unit price", "Country")


def log_rows(n: int = 40) -> list[tuple[str, ...]]:
    """Return lines of a log that is sound: 12 customers, four of whom come often."""
    return [
        (
            f"A-{i:04}",
            f"2024-{i % 12 + 1:02}-{i % 27 + 1:02}",
            f"c{(i * i) % 12:02}",
            f"p{i % 5}",
            str(i % 4 + 1),
            f"{i % 9 + 1}.50",
            "Spain",
        )
        for i in range(n)
    ]


def log_text(n: int = 40, delimiter: str = ",", end: str = "\n") -> str:
    """Return the same as text."""
    return "".join(delimiter.join(row) + end for row in (LOG, *log_rows(n)))
