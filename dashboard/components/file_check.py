"""A file that was looked at: how it was read, what its columns mean, what is open, which rows would stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from dashboard.components.basics import button, card, hidden, icon
from dashboard.components.columns import columns_sentence, columns_table, left_out_band
from dashboard.components.derived import derived_card
from dashboard.components.details import GAPS, details_card
from dashboard.components.failures import failure
from dashboard.components.receipt import findings_list, receipt_sentence, receipt_table
from dashboard.components.versions import changes_card, recalled_band
from dashboard.formats import SIGNS, counted, days, size
from dashboard.queries.uploads import UploadState
from dashboard.workflows.answers import gap_of, limit_of
from segmentation.intake.cleaning_rules import ALWAYS_ON

GUESSED = "auto"
"""Stands for a guess left as it is: an empty value would show nothing."""
_KINDS = {
    "transactions": ("an order log", "one row for each product in an order, or for each order"),
    "customers": ("a customer list", "one row for each customer"),
}
_ENCODINGS = {
    "utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "cp1252": "Windows, Western",
    "latin-1": "Latin-1", "mac_roman": "Mac", "mac-roman": "Mac", "cp850": "DOS", "cp1250": "Windows, Central European",
    "cp1251": "Windows, Cyrillic", "koi8_r": "Cyrillic (KOI8)", "cp1253": "Windows, Greek", "cp1254": "Windows, Turkish",
    "cp1255": "Windows, Hebrew", "cp1256": "Windows, Arabic", "cp1257": "Windows, Baltic", "cp932": "Japanese (Shift-JIS)",
    "shift_jis": "Japanese (Shift-JIS)", "euc_jp": "Japanese (EUC)", "gb18030": "Chinese, simplified", "big5": "Chinese, traditional",
    "cp949": "Korean",
}  # fmt: skip
_DELIMITERS = {
    ",": "comma",
    ";": "semicolon",
    "\t": "tab",
    "|": "bar",
    " ": "spaces",
    ":": "colon",
    "~": "tilde",
    "^": "caret",
    "*": "star",
}
_DECIMALS = {".": "point, 1,234.56", ",": "comma, 1.234,56"}
_ORDERS = {"dmy": "day, month, year", "mdy": "month, day, year", "ymd": "year, month, day"}
_CURRENCIES = {
    code: f"{SIGNS[code]} {code}" if code in SIGNS else code
    for code in (
        "EUR",
        "USD",
        "GBP",
        "CHF",
        "SEK",
        "NOK",
        "DKK",
        "PLN",
        "CZK",
        "HUF",
        "RON",
        "TRY",
        "CAD",
        "AUD",
        "NZD",
        "JPY",
        "CNY",
        "INR",
        "BRL",
        "MXN",
        "ZAR",
    )
}
_REPEATS = {"newest": "keep the newest row", "merge": "fill its blanks from older rows", "sum": "add up money and counts"}
_VALUES = frozenset({"capped", "filled", "missing_detail", "merged_customer"})
"""Lines of the receipt that follow from a choice of their own and have no switch."""
_RETURNS = {"drop": "leave out", "net": "take off"}
_SAID_ABOVE = ("choices_recalled", "shape_drifted")
_ANSWERS: Mapping[str, Sequence[tuple[str, str, str]]] = {
    "ambiguous_dates": (("date_order", "dmy", "Day first"), ("date_order", "mdy", "Month first")),
    "ambiguous_decimal_mark": (("decimal", ".", "Decimal point"), ("decimal", ",", "Decimal comma")),
    "no_customer_column": (("customer", "row", "Each row is one customer"),),
    "customer_by_person": (("customer", "row", "Each row is one customer"),),
    "customer_by_content": (("customer", "row", "Each row is one customer"),),
    "no_header": (("read.header_row", "1", "The first row has the names"),),
}
"""Questions that buttons answer: control, value, words. The others are answered with the chips or the menus."""

_WHO = frozenset({"no_customer_column", "customer_by_person", "customer_by_content"})
"""Questions who one customer is: other keys that make sense are offered too."""


def open_questions(found: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return what the data leave open."""
    return [finding for finding in found["findings"] if finding["severity"] == "question"]


def file_card(state: UploadState, name: str | None = None) -> html.Section:
    """Draw what the file is; ``name`` is that of the dataset it goes into."""
    found, file = state.found, state.upload.file
    facts: list[Any] = [size(file.size)]
    if found:
        facts += [counted(found["rows"], "row"), counted(len(found["columns"]), "column")]
    words: list[Any] = [" · ".join(facts)]
    if found and found["kind"]:
        kind, told = _KINDS[found["kind"]]
        words += [" · looks like ", html.B(kind), f", {told}"]
    outcome = (found or {}).get("outcome")
    if outcome and outcome["date_min"]:
        words.append(f" · {days(outcome['date_min'], outcome['date_max'])}")
    return html.Section(
        [html.Div(icon("file"), className="fi"), html.Div([html.H2(file.name), html.P(words, className="say")]), *_name_field(state, name)],
        className="card filec",
    )


def _name_field(state: UploadState, name: str | None) -> list[Any]:
    stem = state.upload.file.name.rsplit(".", 1)[0]
    field = dcc.Input(id="data-name", value=name or stem, maxLength=200, className="field", debounce=True)
    return [html.Span(className="sp"), html.Label([html.Span("Name of the dataset", className="mut"), field], className="nm")]


def dialect_row(choices: Mapping[str, Any], found: Mapping[str, Any] | None) -> html.Div:
    """Draw how the file was read, each part to be overruled."""
    guess, read = (found or {}).get("dialect", {}), choices.get("read", {})
    outcome = (found or {}).get("outcome") or {}
    sheets = (found or {}).get("sheets")
    is_text = guess.get("sheet") is None and not sheets
    menus: list[Any] = [html.Span("Read as", className="mut")]
    if is_text:
        menus.append(_menu("read.encoding", "letters", read.get("encoding"), _named(_ENCODINGS, guess.get("encoding")), _ENCODINGS))
        menus.append(
            _menu("read.delimiter", "separator", read.get("delimiter"), _named(_DELIMITERS, guess.get("delimiter")) or "none", _DELIMITERS)
        )
    elif sheets and len(sheets) > 1:
        menus.append(_menu("read.sheet", "sheet", read.get("sheet"), guess.get("sheet"), {each: each for each in sheets}))
    row = read.get("header_row")
    rows = {"0": "no row", **{str(number): f"row {number}" for number in range(1, 11)}}
    guessed_row = rows.get(str(guess.get("header_row")), f"row {guess['header_row']}" if guess.get("header_row") else None)
    menus += [
        _menu("decimal", "decimals", choices.get("decimal"), _named(_DECIMALS, guess.get("decimal")), _DECIMALS),
        _menu("date_order", "dates", choices.get("date_order"), _named(_ORDERS, guess.get("date_order")), _ORDERS),
        _menu("read.header_row", "names in", None if row is None else str(row), guessed_row, rows),
        _menu("currency", "currency", choices.get("currency"), _named(_CURRENCIES, outcome.get("currency")) or "not said", _CURRENCIES),
        _day_of(choices.get("as_of")),
    ]
    return html.Div(menus, className="dia")


def _named(words: Mapping[str, str], value: str | None) -> str | None:
    return words.get(value, value) if value else None


def _menu(name: str, words: str, chosen: str | None, guess: str | None, values: Mapping[str, str]) -> html.Label:
    distinct = {told: value for value, told in reversed(list(values.items()))}
    options = (
        [{"label": told, "value": value} for told, value in sorted(distinct.items())]
        if name != "read.header_row"
        else [{"label": told, "value": value} for value, told in values.items()]
    )
    if chosen and chosen not in values:
        options.append({"label": chosen, "value": chosen})
    first = {"label": guess or "automatic", "value": GUESSED}
    select = dbc.Select(id={"type": "choice", "name": name}, options=[first, *options], value=chosen or GUESSED, className="menu-select")
    return html.Label(
        [html.Span(words, className="mut"), select], className="btn pick", title="Guessed from the file" if not chosen else "Chosen by you"
    )


def _day_of(as_of: str | None) -> html.Label:
    field = dbc.Input(id={"type": "choice", "name": "as_of"}, type="date", value=as_of or "", className="menu-select", debounce=True)
    words = html.Span("counted to", className="mut")
    return html.Label(
        [words, field],
        className="btn pick",
        title="Days since the last order are counted from this day; empty: the day after the last order",
    )


def columns_card(choices: Mapping[str, Any], found: Mapping[str, Any]) -> html.Section:
    """Draw the columns and what is open about them."""
    bands = [recalled_band(choices, found), *(_question(each, found) for each in open_questions(found)), left_out_band(choices)]
    return card("Check columns", [columns_table(found), *bands], columns_sentence(found["columns"]), look="tblc")


def _question(finding: Mapping[str, Any], found: Mapping[str, Any]) -> html.Div:
    answers = list(_ANSWERS.get(finding["code"], ()))
    if finding["code"] in _WHO:
        here = [each["column"] for each in finding["examples"] if "column" in each and finding["code"] != "no_customer_column"]
        keys = [*here, *(key for key in found.get("keys", ()) if key not in here)]
        answers[:0] = [("customer", key, f"By {' and '.join(key.split('+')) if key not in here else key}") for key in keys]
    buttons = [button(words, {"type": "answer", "name": name, "value": value}) for name, value, words in answers]
    return html.Div([icon("warning"), html.Div(html.B(finding["message"])), html.Span(className="sp"), *buttons], className="q")


def outcome_cards(choices: Mapping[str, Any], found: Mapping[str, Any]) -> html.Div:
    """Draw which rows would stay, or why none would."""
    if found["error"] and found["error"]["code"] in _ANSWERS:
        return html.Div()  # its question says so, with the answers beside it
    if found["error"]:
        hint = html.P("Change what a column means with its chip, or how the file is read, above.")
        return html.Div(html.Div(failure(found["error"], hint), className="s12"), className="grid")
    outcome = found["outcome"]
    switches = _switches(choices, outcome)
    receipt = card(
        "Cleaning receipt",
        receipt_table(outcome, switches, outcome.get("currency")),
        receipt_sentence(outcome),
        look="s8",
        actions=html.Div(_ways(choices, found), className="ways"),
    )
    worked = {each["name"] for each in found.get("derived", ())}
    notes = [finding for finding in found["findings"] if finding["severity"] != "question" and finding["code"] not in _SAID_ABOVE]
    notes = [finding for finding in notes if finding["code"] != "derived_measure" or finding["examples"][0]["column"] not in worked]
    worth = findings_list(notes) if notes else html.P("Nothing stood out.", className="say")
    worked_out = derived_card(found.get("derived", ()))
    currency = outcome.get("currency")
    details = details_card(outcome.get("details", ()), partial(gap_of, choices), partial(limit_of, choices), currency)
    changes = [changes_card(outcome["changes"], outcome.get("currency"))] if outcome["changes"] else []
    return html.Div([receipt, card("Worth knowing", worth, look="s4 w12"), details, worked_out, *changes], className="grid")


def _switches(choices: Mapping[str, Any], outcome: Mapping[str, Any]) -> dict[str, bool]:
    """Tell which rules the person can switch: those that were applied, and those already off."""
    applied = {step["rule"]: True for step in outcome["receipt"] if step["rule"] not in ALWAYS_ON | _VALUES}
    return {**applied, **{rule: False for rule, is_on in choices.get("rules", {}).items() if not is_on}}


def _ways(choices: Mapping[str, Any], found: Mapping[str, Any]) -> list[Any]:
    """Draw the choices about rows and values that have more answers than on and off."""
    chosen = choices.get("gaps", {}).get("all", "leave")
    missing = _way("gaps", "missing details", GAPS, chosen, "Country, age, income and the like. What is filled in is marked.")
    if found["kind"] == "transactions":
        title = "Leave out: a returned line and what it gave back do not count. Take off: it lowers the customer's revenue."
        return [_way("returns", "returned lines", _RETURNS, choices.get("returns", "drop"), title), missing]
    title = "What becomes of a customer who stands in several rows of the list."
    return [_way("repeats", "repeated customers", _REPEATS, choices.get("repeats", "newest"), title), missing]


def _way(name: str, words: str, answers: Mapping[str, str], chosen: str, title: str) -> html.Label:
    options = [{"label": told, "value": value} for value, told in answers.items()]
    select = dbc.Select(id={"type": "choice", "name": name}, options=options, value=chosen, className="menu-select")
    return html.Label([html.Span(words, className="mut"), select, hidden(title)], className="btn pick", title=title)
