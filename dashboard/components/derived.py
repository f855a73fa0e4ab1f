"""What is worked out from columns: each with its formula and a switch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from dashboard.components.basics import card
from dashboard.formats import counted

_MOST_NAMED = 6
"""Columns that a formula names before it says how many more there are."""
WORDS = {
    "whole_ids": "Ids without their .0",
    "amount": "Money of a line",
    "date_time": "Day and time as one moment",
    "age": "Age",
    "recency_days": "Days since the last purchase",
    "tenure_days": "Days as a customer",
    "monetary_total": "Total spend",
    "frequency_orders": "Number of orders",
    "order_value_mean": "Average order",
    "children": "Children at home",
    "campaigns_accepted": "Campaigns accepted",
    "accepted_any": "Accepted any campaign",
}
"""Each of ``segmentation.intake.derived.DERIVATIONS`` on its line."""


def derived_card(derived: Sequence[Mapping[str, Any]]) -> html.Section | None:
    """Draw everything that is worked out, to be switched off where the person knows better."""
    if not derived:
        return None
    n_on = sum(each["is_on"] for each in derived)
    said = f"{counted(n_on, 'value')} your file does not have ready made. Switch off what should not count."
    table = html.Table(
        [html.Caption("Worked out for you", className="vh"), html.Tbody([_line(each) for each in derived])], className="rc dv"
    )
    return card("Worked out for you", table, said, look="s12")


def _line(each: Mapping[str, Any]) -> html.Tr:
    words = WORDS.get(each["name"], each["label"])
    switch = dbc.Switch(
        id={"type": "choice", "name": f"derived.{each['name']}"},
        value=each["is_on"],
        label=html.Span(f"Work out: {words}", className="vh"),
        className="rs",
    )
    told = _shortened(each) if each["is_on"] else f"off: {_shortened(each)}"
    head = html.Th([switch, words], scope="row")
    return html.Tr([head, html.Td(told, title=each["formula"], className="fo")], className="" if each["is_on"] else "off")


def _shortened(each: Mapping[str, Any]) -> str:
    """Return the formula; one of very many columns names the first of them."""
    headers, formula = each["headers"], each["formula"]
    if len(headers) <= _MOST_NAMED:
        return str(formula)
    end = formula.find(f'"{headers[_MOST_NAMED]}"')
    return f"{formula[:end]}and {len(headers) - _MOST_NAMED} more" if end > 0 else str(formula)
