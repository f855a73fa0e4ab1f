"""Versions of a dataset: where a file goes, what changed since the version before, and the way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from dashboard.components.basics import aria, button, card, hidden, href, icon
from dashboard.formats import MISSING, counted, day, money, percent, short, whole
from dashboard.queries.changes import Version
from database.datasets import Dataset
from database.uploads import Upload

NOTHING = "auto"
"""Stands for "a new dataset" and "no other file": an empty value would show nothing."""
_MODES = {"append_to": "rows added", "replaces": "replaced"}
_KINDS = (("n_new", "new"), ("n_changed", "changed"), ("n_gone", "gone"), ("n_same", "the same"))
_MOST_DRIFTS = 6


def together_row(choices: Mapping[str, Any], offers: Sequence[Version], others: Sequence[Upload]) -> html.Div | None:
    """Draw where the file goes and what is put beside it; nothing where there is nothing to choose."""
    menus: list[Any] = []
    if offers:
        places = [{"label": "a new dataset", "value": NOTHING}]
        for version in offers:
            name = _short(version.dataset.name)
            places += [
                {"label": f"more rows of {name}", "value": f"append:{version.dataset.id}"},
                {"label": f"the next version of {name}", "value": f"replace:{version.dataset.id}"},
            ]
        menus.append(_pick("into", "import as", _place(choices), places, "More rows: the newer row of a customer or an order wins"))
    if others:
        files = [{"label": "no other file", "value": NOTHING}, *({"label": _short(each.file.name), "value": each.id} for each in others)]
        title = "A customer list that belongs to these orders: its columns are put beside them"
        menus.append(_pick("details", "customers from", choices.get("details") or NOTHING, files, title))
    return html.Div([html.Span("Belongs to", className="mut"), *menus], className="dia") if menus else None


def _place(choices: Mapping[str, Any]) -> str:
    if choices.get("append_to"):
        return f"append:{choices['append_to']}"
    return f"replace:{choices['replaces']}" if choices.get("replaces") else NOTHING


def _pick(name: str, words: str, chosen: str, options: Sequence[Mapping[str, str]], title: str) -> html.Label:
    select = dbc.Select(id={"type": "choice", "name": name}, options=list(options), value=chosen, className="menu-select")
    return html.Label([html.Span(words, className="mut"), select], className="btn pick", title=title)


def _short(name: str) -> str:
    return name if len(name) <= 40 else f"{name[:39]}…"


def recalled_band(choices: Mapping[str, Any], found: Mapping[str, Any]) -> html.Div | None:
    """Say that the file was read as one before it, and offer to put it there."""
    recalled = found.get("recalled")
    if not recalled:
        return None
    drift = [
        f"{words} {', '.join(headers)}" for words, headers in (("New columns:", recalled["new"]), ("Gone:", recalled["gone"])) if headers
    ]
    words: list[Any] = [html.B(f"This looks like the next file of {recalled['name']}."), " It was read as that one was. ", ". ".join(drift)]
    offers = [
        ("into", f"append:{recalled['dataset_id']}", "Add its rows"),
        ("into", f"replace:{recalled['dataset_id']}", "Replace with it"),
    ]
    shown = [] if _place(choices) != NOTHING else offers
    buttons = [button(told, {"type": "answer", "name": name, "value": value}) for name, value, told in shown]
    afresh = button("Guess afresh", {"type": "answer", "name": "recall", "value": "no"}, "ghost")
    return html.Div([icon("info"), html.Div(words), *buttons, afresh], className="q known", role="status")


def changes_card(changes: Mapping[str, Any], currency: str | None, dataset_id: str | None = None, look: str = "s12") -> html.Section:
    """Draw what changed since the version before; with the list behind it once it is imported."""
    tiles = html.Ul([html.Li([html.B(whole(changes[name])), html.Span(words, className="mut")]) for name, words in _KINDS], className="chg")
    lines = [html.Li([icon("warning"), html.Div(_drift_words(drift, currency))]) for drift in changes["drifts"][:_MOST_DRIFTS]]
    for words, headers in (("New columns", changes["columns_new"]), ("Columns that are gone", changes["columns_gone"])):
        if headers:
            lines.append(html.Li([icon("info"), html.Div(f"{words}: {', '.join(headers)}.")]))
    body: list[Any] = [tiles, html.Ul(lines, className="wk") if lines else None]
    n_moved = changes["n_new"] + changes["n_gone"] + changes["n_changed"]
    if dataset_id and n_moved:
        link: list[Any] = [icon("download"), "Who changed", html.Span(f"{counted(n_moved, 'customer')}, CSV", className="mut")]
        body.append(html.A(link, href=f"/api/v1/datasets/{dataset_id}/changes.csv", className="btn aside", download=""))
    return card("What changed since the version before", body, changes_sentence(changes), look=look)


def changes_sentence(changes: Mapping[str, Any]) -> str:
    """Say it in one sentence."""
    before, after = whole(changes["n_before"]), counted(changes["n_after"], "customer")
    if not any(changes[name] for name in ("n_new", "n_gone", "n_changed")):
        return f"Nothing: the same {after} with the same values."
    drifted = len(changes["drifts"])
    looks = f" {counted(drifted, 'column')} {'looks' if drifted == 1 else 'look'} otherwise than before." if drifted else ""
    return f"From {before} to {after}.{looks}"


def _drift_words(drift: Mapping[str, Any], currency: str | None) -> str:
    label = drift["label"][:1].upper() + drift["label"][1:]
    before, after = drift["before"], drift["after"]
    if drift["kind"] == "middle":
        told = [money(value, currency) if drift["column"] == "monetary_total" else short(value) for value in (before, after)]
        return f"{label}: the middle went from {told[0]} to {told[1]}."
    if drift["kind"] == "new_value":
        return f"{label}: {drift['value']} is new, {percent(after)} of customers."
    if drift["kind"] == "share":
        return f"{label}: {drift['value']} went from {percent(before)} to {percent(after)} of customers."
    return f"{label}: empty for {percent(after)} of customers, before for {percent(before)}."


def versions_card(versions: Sequence[Version], shown_id: str) -> html.Section | None:
    """Draw the versions, the newest first; nothing where there is only one."""
    if len(versions) < 2:
        return None
    head = html.Tr([html.Th(words, scope="col", className=look) for words, look in _HEADS])
    rows = [_version_row(version, shown_id) for version in reversed(versions)]
    table = html.Table([html.Caption("Versions", className="vh"), html.Thead(head), html.Tbody(rows)], className="ds")
    region = html.Div(table, className="tw", tabIndex=0, role="region", **aria(label="Versions"))
    return card("Versions", region, f"{counted(len(versions), 'version')}, the newest first. Each keeps its own runs.", look="tblc s12")


_HEADS = (
    ("Version", None),
    ("How", None),
    ("File", None),
    ("Customers", "r"),
    ("Rows kept", "r"),
    ("Revenue", "r"),
    ("Added", None),
    ("", None),
)


def _version_row(version: Version, shown_id: str) -> html.Tr:
    dataset, facts = version.dataset, version.dataset.facts
    name: list[Any] = [html.B(f"Version {version.number}"), html.Span("current", className="tag") if version.is_current else None]
    link = "shown here" if dataset.id == shown_id else _link(dataset, version.number)
    cells: list[Any] = [
        name,
        mode_words(dataset),
        dataset.source.get("file", MISSING),
        whole(facts.n_customers) if facts else MISSING,
        whole(facts.rows_kept) if facts else MISSING,
        money(float(facts.revenue), facts.currency) if facts and facts.revenue is not None else MISSING,
        day((dataset.published_at or dataset.created_at).date()),
        link,
    ]
    return html.Tr([html.Td(cell, className=look) for cell, (_, look) in zip(cells, _HEADS, strict=True)])


def _link(dataset: Dataset, number: int) -> dcc.Link:
    return dcc.Link(["Receipt", hidden(f" of version {number}")], href=href("/data", {"receipt": dataset.id}), className="lk")


def mode_words(dataset: Dataset) -> str:
    """Say how a version came from the one before."""
    together = dataset.source.get("together") or {}
    return next((words for name, words in _MODES.items() if together.get(name)), "first file")


def undo_menu(dataset: Dataset, number: int, n_runs: int) -> html.Details | None:
    """Draw the button that takes an import back, after saying what that means; nothing for a first version."""
    if dataset.parent_id is None:
        return None
    runs = f" {counted(n_runs, 'run')} of this version {'goes' if n_runs == 1 else 'go'} with it." if n_runs else ""
    words = html.P(f"Version {number - 1} becomes the current one again, as it was before this file.{runs}")
    sure = button("Undo this import", {"type": "delete", "dataset": dataset.id}, "danger")
    return html.Details(
        [html.Summary("Undo this import", className="btn"), html.Div([words, sure], className="sure-box")], className="menu right ask-sure"
    )
