"""The account of every row: what was in the file, which rule set how many aside, what is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from dashboard.components.basics import icon
from dashboard.formats import counted, money, percent, whole

RULE_WORDS = {
    "unreadable_rows": ("Broken rows", "not as many cells as the header"),
    "total_rows": ("Total rows", "not a customer"),
    "missing_customer": ("No customer", "cannot be attached to anybody"),
    "missing_date": ("No date", "cannot be placed in time"),
    "missing_amount": ("No amount", "cannot be counted as money"),
    "after_as_of": ("Too late", "after the day counted to"),
    "future_dates": ("Dated in the future", "after today"),
    "replaced_row": ("Replaced", "the file brings the same order or customer again"),
    "duplicate_rows": ("The same row twice", "kept once"),
    "not_bought": ("Not bought", "looked at or put in a basket"),
    "cancelled": ("Cancelled or returned", "by its status or number"),
    "non_positive_quantity": ("No quantity", "zero or less"),
    "non_positive_price": ("Price of zero", "samples and corrections"),
    "negative_amount": ("Amount below zero", "a return"),
    "missing_detail": ("A detail is missing", "left out, as you asked"),
    "repeated_customer": ("The same customer again", "the newest row is kept"),
    "merged_customer": ("The same customer again", "merged into the newer row"),
    "order_lines_completed": ("Lines of an order completed", "customer and date from its first line; its total counts once"),
    "impossible_age": ("Impossible age", "counts as not known"),
    "capped": ("Very large values", "count as the limit you chose"),
    "filled": ("Gaps filled in", "marked in every file that leaves"),
}
"""Each rule of ``segmentation.intake.cleaning`` as a line of the receipt."""


_MOST_EXAMPLES = 5


def receipt_sentence(outcome: Mapping[str, Any]) -> str:
    """Say that the sum adds up."""
    read, kept, aside = (outcome[name] for name in ("rows_read", "rows_kept", "rows_rejected"))
    share = percent(kept / read if read else None, 0 if kept in (0, read) else 1)
    return f"{share} of rows stay. Every row is accounted for: {whole(read)} = {whole(kept)} kept + {whole(aside)} set aside."


def receipt_table(outcome: Mapping[str, Any], switches: Mapping[str, bool] | None = None, currency: str | None = None) -> html.Table:
    """Draw the receipt. ``switches``: the rules that can be switched, and whether they are on; None where nothing can be changed."""
    read = max(outcome["rows_read"], 1)
    lines = _rows_read(outcome, read)
    known = {step["rule"] for step in outcome["receipt"]}
    lines += [_rule(step, read, switches or {}) for step in _merged(outcome["receipt"]) if step["rows_in"] > step["rows_out"]]
    lines += [_values(step, switches or {}) for step in outcome["receipt"] if step.get("changed")]
    lines += [_off(rule) for rule, is_on in (switches or {}).items() if not is_on and rule not in known]
    kept = [counted(outcome["customers"], "customer")]
    if outcome["revenue"] is not None:
        kept.insert(0, f"{money(outcome['revenue'], currency)} revenue")
    lines.append(_total("Rows kept", ", ".join(kept), outcome["rows_kept"], read))
    return html.Table([html.Caption("Cleaning receipt", className="vh"), html.Tbody(lines)], className="rc")


def _rows_read(outcome: Mapping[str, Any], read: int) -> list[html.Tr]:
    """Draw what the account begins with: the rows of the file, and those of the version that it continues."""
    earlier = outcome.get("rows_earlier", 0)
    lines = [_total("Rows of the version before", "", earlier, read)] if earlier else []
    return [*lines, _total("Rows in the file", "", outcome["rows_read"] - earlier, read, earlier)]


def findings_list(findings: Sequence[Mapping[str, Any]]) -> html.Ul:
    """Draw what was noticed and did not stop us."""
    return html.Ul(
        [html.Li([icon("warning" if each["severity"] == "warning" else "info"), html.Div(each["message"])]) for each in findings],
        className="wk",
    )


def _merged(receipt: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Put the lines of one rule together that follow one another: it looked at several columns."""
    groups = [list(steps) for _, steps in groupby(receipt, key=lambda step: step["rule"])]
    return [
        {**steps[0], "rows_out": steps[-1]["rows_out"], "examples": [each for step in steps for each in step.get("examples", ())]}
        for steps in groups
    ]


def _total(words: str, more: str, rows: int, read: int, after: int = 0) -> html.Tr:
    bar = html.I(style={"left": f"{100 * after / read:.2f}%", "width": f"{100 * rows / read:.2f}%"})
    head = html.Th([words, html.Em(more) if more else None], scope="row")
    share = percent(rows / read, 1)
    return html.Tr(
        [head, html.Td(bar, className="wf"), html.Td(whole(rows), className="n"), html.Td(share, className="n p")], className="tot"
    )


def _rule(step: Mapping[str, Any], read: int, switches: Mapping[str, bool]) -> html.Tr:
    lost = step["rows_in"] - step["rows_out"]
    bar = html.I(style={"left": f"{100 * step['rows_out'] / read:.2f}%", "width": f"max(2px, {100 * lost / read:.2f}%)"})
    words, why = RULE_WORDS.get(step["rule"], (step["rule"], step["why"]))
    switch = _switch(step["rule"], words, True) if step["rule"] in switches else None
    head = html.Th([switch, words, html.Em(why), _examples(step, words)], scope="row")
    share = percent(lost / read, 1)
    return html.Tr([head, html.Td(bar, className="wf"), html.Td(f"−{whole(lost)}", className="n"), html.Td(share, className="n p")])


def _values(step: Mapping[str, Any], switches: Mapping[str, bool]) -> html.Tr:
    """Draw a rule that changes how values count and drops no row."""
    words, why = RULE_WORDS.get(step["rule"], (step["rule"], step["why"]))
    switch = _switch(step["rule"], words, True) if step["rule"] in switches else None
    head = html.Th([switch, words, html.Em(why), _examples(step, words)], scope="row")
    count: list[Any] = [whole(step["changed"]), html.Span(" values changed", className="vh")]
    return html.Tr([head, html.Td(className="wf"), html.Td(count, className="n"), html.Td("values", className="n p")])


def _examples(step: Mapping[str, Any], words: str) -> html.Details | None:
    """Draw up to five of the rows that a rule concerned, folded away."""
    examples = list(step.get("examples", ()))[:_MOST_EXAMPLES]
    if not examples:
        return None
    rows = [html.Li([f"row {whole(each['row'])}", _cell(each)]) for each in examples]
    summary = html.Summary(["examples", html.Span(f" of {words}", className="vh")])
    return html.Details([summary, html.Ul(rows)], className="ex")


def _cell(example: Mapping[str, Any]) -> str:
    if not example["column"]:
        return f": {example['value']}" if example["value"] else ""
    return f", {example['column']}: {example['value']}" if example["value"].strip() else f", {example['column']}: empty"


def _off(rule: str) -> html.Tr:
    words, _ = RULE_WORDS.get(rule, (rule, ""))
    head = html.Th([_switch(rule, words, False), words, html.Em("not applied")], scope="row")
    return html.Tr([head, html.Td(className="wf"), html.Td("–", className="n"), html.Td(className="n p")], className="off")


def _switch(rule: str, words: str, is_on: bool) -> Any:
    return dbc.Switch(
        id={"type": "choice", "name": f"rule.{rule}"}, value=is_on, label=html.Span(f"Apply: {words}", className="vh"), className="rs"
    )
