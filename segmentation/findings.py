"""Findings: what was noticed about the data and did not stop us."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Severity = Literal["info", "warning", "question"]


@dataclass(frozen=True)
class Finding:
    """One thing noticed in the data.

    Attributes
    ----------
    code : str
        Stable name for programs, e.g. ``"ambiguous_dates"``.
    severity : {"info", "warning", "question"}
        A question is one that the data leave open and a person should answer.
    message : str
        One plain sentence, with the column and the count where there are any.
    count : int
        How many rows, customers or columns it concerns.
    examples : tuple of mappings
        At most five, each with some of ``row`` (as in the person's file), ``column``, ``value``.
    """

    code: str
    severity: Severity
    message: str
    count: int = 0
    examples: tuple[Mapping[str, object], ...] = ()

    def as_dict(self) -> dict[str, object]:
        """Return the finding as plain JSON values."""
        return {
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "count": self.count,
            "examples": [dict(example) for example in self.examples],
        }
