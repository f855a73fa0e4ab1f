"""What is missing and what stands out in each column that describes customers, with what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from dashboard.components.basics import card, hidden
from dashboard.formats import counted, money, percent, plain, sentence_case, whole

GAPS = {
    "leave": "stay empty",
    "drop": "leave the customer out",
    "median": "fill with the middle",
    "similar": "fill from similar customers",
}
"""Each way with gaps of ``segmentation.intake.cleaning_rules``."""
_STANDS_OUT = 2.0
"""A largest value so many times the 99th percentile is shown at once."""
_LIMIT_BY = 0.99
Chosen = Callable[[Mapping[str, Any]], str]


def details_card(details: Sequence[Mapping[str, Any]], gap_of: Chosen, limit_of: Chosen, currency: str | None) -> html.Section | None:
    """Draw the columns with gaps or extremes, the others folded away; None where nothing could be chosen."""
    lines = [
        (_line(place, detail, gap_of(detail), limit_of(detail), currency), _is_worth_a_look(detail, limit_of(detail)))
        for place, detail in enumerate(details)
        if detail["limits"] or _has_gaps(detail)
    ]
    if not lines:
        return None
    first, others = [line for line, shown in lines if shown], [line for line, shown in lines if not shown]
    said = (
        f"{counted(len(first), 'column')} with gaps or with values far above the rest."
        if first
        else "No gaps, no values far above the rest."
    )
    inside: list[Any] = [_table(first, "Missing details and very large values")] if first else []
    if others:
        folded = html.Summary(f"{counted(len(others), 'other column')} without either", className="lk")
        inside.append(html.Details([folded, _table(others, "Other columns")], className="more"))
    return card("Missing details and very large values", inside, said, look="s12")


def _table(lines: Sequence[html.Tr], caption: str) -> html.Table:
    return html.Table([html.Caption(caption, className="vh"), html.Tbody(lines)], className="rc dt")


def _has_gaps(detail: Mapping[str, Any]) -> bool:
    return bool(detail["header"] and detail["n_missing"] + detail["n_filled"])


def _is_worth_a_look(detail: Mapping[str, Any], limit: str) -> bool:
    above = dict(detail["limits"]).get(_LIMIT_BY)
    stands_out = above is not None and above > 0 and detail["largest"] > _STANDS_OUT * above
    return _has_gaps(detail) or stands_out or limit != "none"


def _line(place: int, detail: Mapping[str, Any], gap: str, limit: str, currency: str | None) -> html.Tr:
    label = sentence_case(detail["label"])
    missing = [_gaps_words(detail), _select(f"gap.{place}", f"Gaps of {label}", GAPS, gap)] if _has_gaps(detail) else ["complete"]
    cells = [
        html.Td(html.Div(missing, className="ways-in")),
        html.Td(html.Div(_large(place, detail, label, limit, currency), className="ways-in")),
    ]
    return html.Tr([html.Th(label, scope="row"), *cells])


def _gaps_words(detail: Mapping[str, Any]) -> html.Span:
    words = f"{whole(detail['n_missing'])} of {whole(detail['n'])} not known" if detail["n_missing"] else ""
    filled = f"{whole(detail['n_filled'])} filled in" if detail["n_filled"] else ""
    return html.Span(", ".join(filter(None, (words, filled))))


def _large(place: int, detail: Mapping[str, Any], label: str, limit: str, currency: str | None) -> list[Any]:
    if not detail["limits"]:
        return []
    words = _words(detail, currency)
    above = dict(detail["limits"])[_LIMIT_BY]
    told = f"the largest is {words(detail['largest'])}, 1% are above {words(above)}"
    choices = {"none": "count as they are"} | {f"{share:g}": _limit_words(share) for share, _ in detail["limits"]}
    if limit not in choices:
        choices[limit] = _limit_words(float(limit))
    return [html.Span(told), _select(f"limit.{place}", f"Very large values of {label}", choices, limit)]


def _limit_words(share: float) -> str:
    return f"limit the largest {percent(1 - share, 1 if share > _LIMIT_BY else 0)}"


def _words(detail: Mapping[str, Any], currency: str | None) -> Callable[[float | None], str]:
    if detail["unit"] == "money":
        return lambda value: money(value, currency, is_short=False) if value is not None and value < 1_000 else money(value, currency)
    return plain


def _select(name: str, words: str, choices: Mapping[str, str], chosen: str) -> html.Label:
    options = [{"label": told, "value": value} for value, told in choices.items()]
    select = dbc.Select(id={"type": "choice", "name": name}, options=options, value=chosen, className="menu-select")
    return html.Label([hidden(words), select], className="btn pick")
