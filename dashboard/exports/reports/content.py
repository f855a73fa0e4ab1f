"""What a report says, as plain values: whoever shows something can put it into one of these and have it written."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from dashboard.formats import money, percent, short, whole

if TYPE_CHECKING:
    from pydantic import TypeAdapter

Unit = Literal["count", "money", "share", "index"]


@dataclass(frozen=True)
class Series:
    """One value for each label of its chart; None where there is none."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class ReportChart:
    """Numbers by label, with what is said around them. ``is_over_time``: the labels go on one after the other, so the bars stand."""

    name: str
    title: str
    finding: str
    note: str
    unit: Unit
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    is_over_time: bool = False

    @property
    def has_marks(self) -> bool:
        """Whether the second series is only held against the first: marks across its bars, as on the page."""
        return self.name == "months" and len(self.series) == 2


@dataclass(frozen=True)
class ReportKpi:
    """A key figure in words, with its exact value, and how it changed ("▲ 8.4% on last year")."""

    label: str
    value: str
    exact: float | None
    change: str = ""


@dataclass(frozen=True)
class ReportSegment:
    """One segment. ``letter`` stands for its colour, ``look`` for its verdict: use, care or no."""

    letter: str
    name: str
    size: int
    share_customers: float
    share_revenue: float | None
    revenue: float | None
    look: Literal["use", "care", "no"]
    verdict: str
    verdict_because: str
    differences: tuple[str, ...]
    rule: str | None
    action: str
    indices: ReportChart | None = None


@dataclass(frozen=True)
class Trust:
    """How far to trust the segments as a whole: the verdict in a few words and in a sentence, why so many, and how they were made."""

    level: str
    sentence: str
    why_so_many: str
    method: str


@dataclass(frozen=True)
class Account:
    """Every row of the file: read = kept + the rows of each rule."""

    rows_read: int
    rows_kept: int
    rows_set_aside: int
    rules: tuple[tuple[str, int], ...]
    caveats: tuple[str, ...]


@dataclass(frozen=True)
class ReportContent:
    """Everything that a report says; what is not known of a dataset is empty or None.

    ``basis`` says what the finding rests on, ``made`` who made the report and when; ``filters`` are the words of the view, if it shows
    some of the customers only.
    """

    title: str
    period: str | None
    n_customers: int
    made: str
    currency: str | None
    finding: str
    basis: str
    filters: tuple[str, ...] = ()
    kpis: tuple[ReportKpi, ...] = ()
    kpis_note: str = ""
    charts: tuple[ReportChart, ...] = ()
    findings: tuple[tuple[str, str], ...] = ()
    segments: tuple[ReportSegment, ...] = ()
    shares: ReportChart | None = None
    trust: Trust | None = None
    account: Account | None = None

    def plain(self) -> dict[str, Any]:
        """Return it as JSON values."""
        values: dict[str, Any] = _shape().dump_python(self, mode="json")
        return values


def to_content(plain: dict[str, Any]) -> ReportContent:
    """Return the content that ``plain`` was made of."""
    return _shape().validate_python(plain)


def number_words(value: float | None, unit: Unit, currency: str | None) -> str:
    """Return a number of a chart as pages write it."""
    if unit == "money":
        return money(value, currency)
    if unit == "share":
        return percent(value)
    return whole(value) if unit == "index" else short(value)


@cache
def _shape() -> TypeAdapter[ReportContent]:
    from pydantic import TypeAdapter

    return TypeAdapter(ReportContent)
