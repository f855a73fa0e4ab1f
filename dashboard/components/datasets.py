"""The datasets there are, and the account of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from dashboard.components.basics import aria, button, card, hidden, href, icon, link_button
from dashboard.components.columns import ROLE_WORDS
from dashboard.components.receipt import findings_list, receipt_sentence, receipt_table
from dashboard.components.versions import changes_card, undo_menu, versions_card
from dashboard.formats import MISSING, counted, day, days, money, size, whole
from dashboard.queries.changes import Version
from dashboard.queries.uploads import DatasetLine
from database.datasets import Dataset
from database.uploads import Upload

_KINDS = {"transactions": "order log", "customers": "customer list"}
_HEADERS = ("Name", "Kind", "Customers", "Rows kept", "Revenue", "Period", "Added", "Runs", "")
_NUMBERS = (2, 3, 4, 7)


def datasets_card(lines: Sequence[DatasetLine]) -> html.Section:
    """Draw the list."""
    head = [
        html.Th(words or hidden("What to do"), scope="col", className="r" if place in _NUMBERS else None)
        for place, words in enumerate(_HEADERS)
    ]
    table = html.Table(
        [html.Caption("Datasets", className="vh"), html.Thead(html.Tr(head)), html.Tbody([_line(line) for line in lines])], className="ds"
    )
    region = html.Div(table, className="tw", tabIndex=0, role="region", **aria(label="Datasets"))
    return card("Datasets", region, f"{counted(len(lines), 'dataset')}, the newest first.", look="tblc")


def waiting_card(uploads: Sequence[Upload]) -> html.Section:
    """Draw the files that were sent and left before they were imported."""
    rows = [
        html.Li(
            [
                icon("file"),
                html.Span(
                    [
                        html.B(upload.file.name),
                        html.Span(f" · {size(upload.file.size)} · sent {day(upload.created_at.date())}", className="mut"),
                    ]
                ),
                dcc.Link(["Check columns", hidden(f" of {upload.file.name}")], href=href("/data", {"upload": upload.id}), className="btn"),
            ]
        )
        for upload in uploads
    ]
    words = "Sent, and not imported yet. Files that nobody imports are thrown away after a day."
    return card("Files waiting for you", html.Ul(rows, className="ups"), words, look="waits")


def _line(line: DatasetLine) -> html.Tr:
    dataset, facts = line.dataset, line.dataset.facts
    report = facts.details["report"] if facts else {}
    name: list[Any] = [dcc.Link(html.B(dataset.name), href=href("/", {"dataset": dataset.id}), title="Overview")]
    if dataset.source.get("is_demo"):
        name.append(html.Span("demo", className="tag"))
    if line.version.number > 1:
        name.append(html.Span(f"version {line.version.number}", className="tag"))
    cells: list[Any] = [
        name,
        _KINDS[dataset.kind],
        whole(facts.n_customers) if facts else MISSING,
        whole(facts.rows_kept) if facts else MISSING,
        money(float(facts.revenue), facts.currency) if facts and facts.revenue is not None else MISSING,
        days(report.get("date_min"), report.get("date_max")),
        day((dataset.published_at or dataset.created_at).date()),
        str(line.n_runs),
        _actions(line),
    ]
    return html.Tr(
        [
            html.Td(cell, className="r" if place in _NUMBERS else "acts" if place == len(cells) - 1 else None)
            for place, cell in enumerate(cells)
        ]
    )


def _actions(line: DatasetLine) -> list[Any]:
    dataset = line.dataset
    return [
        dcc.Link(["Receipt", hidden(f" of {dataset.name}")], href=href("/data", {"receipt": dataset.id}), className="lk"),
        dcc.Link(
            ["See segments" if line.n_runs else "Find segments", hidden(f" of {dataset.name}")],
            href=href("/segments" if line.n_runs else "/studio", {"dataset": dataset.id}),
            className="lk",
        ),
        delete_menu(dataset, line.n_runs),
    ]


def delete_menu(dataset: Dataset, n_runs: int) -> html.Details:
    """Draw the button that deletes, after saying what goes."""
    facts = dataset.facts
    what = counted(facts.n_customers, "customer") if facts else "the data"
    runs = f" and {counted(n_runs, 'run')} with {'its' if n_runs == 1 else 'their'} segments" if n_runs else ""
    words = html.P(f"This deletes {what}{runs}. It cannot be undone.")
    sure = button(f"Delete {dataset.name}", {"type": "delete", "dataset": dataset.id}, "danger", "bin")
    summary = html.Summary([icon("bin"), hidden(f"Delete {dataset.name}")], className="ib", title="Delete")
    return html.Details([summary, html.Div([words, sure], className="sure-box")], className="menu right ask-sure")


def receipt_view(dataset: Dataset, n_runs: int, versions: Sequence[Version], is_known: bool = False) -> list[Any]:
    """Draw the account of a dataset: every row of its file, what was noticed, what each column was taken for, its versions."""
    facts = dataset.facts
    if facts is None:
        return []
    report = facts.details["report"]
    outcome = {**report, "receipt": facts.receipt}
    known = html.Div(
        [icon("info"), html.Div("The same file with the same choices is already there; it was not stored twice.")],
        className="told",
        role="status",
    )
    aside = link_aside(dataset)
    receipt = card(
        "Cleaning receipt",
        receipt_table(outcome, currency=facts.currency),
        receipt_sentence(outcome),
        f"{report_period(report)} Added {day((dataset.published_at or dataset.created_at).date())}.",
        look="s8",
    )
    worth = [findings_list(facts.findings) if facts.findings else html.P("Nothing stood out.", className="say"), *aside]
    mapping = html.Dl(
        [part for role, header in report["mapping"].items() for part in (html.Dt(ROLE_WORDS[role]), html.Dd(header))], className="mp"
    )
    changes = facts.details.get("changes")
    cards = [
        receipt,
        card("Worth knowing", worth, look="s4 w12"),
        changes_card(changes, facts.currency, dataset.id) if changes else None,
        card("What the columns were taken for", mapping, look="s12"),
        versions_card(versions, dataset.id),
    ]
    number = next(version.number for version in versions if version.dataset.id == dataset.id)
    return [*([known] if is_known else []), _facts_card(dataset, n_runs, number), html.Div(cards, className="grid")]


def report_period(report: Any) -> str:
    """Say from when to when the file goes."""
    words = "Orders" if report["kind"] == "transactions" else "Customers"
    return f"{words} of {days(report['date_min'], report['date_max'])}." if report.get("date_min") else ""


def link_aside(dataset: Dataset) -> list[Any]:
    """Draw the way to the rows that were set aside."""
    facts = dataset.facts
    if facts is None or not facts.rows_rejected:
        return []
    words: list[Any] = [
        icon("download"),
        "Rows set aside",
        html.Span(f"{whole(facts.rows_rejected)}, with the reason, CSV", className="mut"),
    ]
    return [html.A(words, href=f"/api/v1/datasets/{dataset.id}/rejected.csv", className="btn aside", download="")]


def _facts_card(dataset: Dataset, n_runs: int, number: int) -> html.Section:
    facts = dataset.facts
    words: list[Any] = [html.B(_KINDS[dataset.kind])]
    if facts:
        words += [f" · {counted(facts.n_customers, 'customer')}", f" · {counted(facts.rows_kept, 'row')} kept"]
        words += [f" · {money(float(facts.revenue), facts.currency)} revenue"] if facts.revenue is not None else []
    words += [f" · from {dataset.source.get('file', 'a file')}"]
    overview = link_button("Overview", href("/", {"dataset": dataset.id}), icon_name="overview")
    inside = [
        html.Div(icon("data"), className="fi"),
        html.Div(
            [
                html.H2([dataset.name, html.Span(f"version {number}", className="tag") if number > 1 else None]),
                html.P(words, className="say"),
            ]
        ),
        html.Span(className="sp"),
    ]
    undo = undo_menu(dataset, number, n_runs)
    return html.Section([*inside, overview, undo or delete_menu(dataset, n_runs)], className="card filec")
