"""A file of new customers: dropped, on its way, and what came of it: segments, how unlike they are, who has none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html

from dashboard.components.basics import aria, button, card, href, icon, link_button
from dashboard.components.failures import failure
from dashboard.components.predict_words import capital, value_words
from dashboard.components.segment_cards import typeset
from dashboard.components.segment_key import segment_colours, segment_key
from dashboard.components.upload import drop_zone
from dashboard.components.work import work_progress
from dashboard.formats import counted, day, percent, size, whole
from dashboard.queries.predict import RunModel
from database.files import StoredFile
from database.jobs import Job
from segmentation.measures.catalogue import CustomerColumn

_LEVELS = {
    "alike": ("use", "tick", "Alike"),
    "somewhat unlike": ("care", "warning", "Somewhat unlike"),
    "unlike": ("no", "barred", "Unlike"),
    "unknown": ("care", "warning", "Cannot be told"),
}
"""Look, icon and words of each level (``segmentation.clusters.likeness``)."""
_STATES = {"queued": "waiting for its turn", "running": "on its way", "failed": "did not work"}
_MOST_SOURCES = 3
_SCALE_TITLE = "Population stability index: below 0.1 no change to speak of, from 0.25 another population"


def drop_card(known: RunModel, limit_mb: int, goes: str) -> html.Section:
    """Draw the place for a file, and what it must tell of each customer."""
    needed = html.Ul([html.Li(_needed(known, column), className="must") for column in known.model.inputs], className="tags")
    words = html.P("It needs these columns, under these or similar names, or a log of orders from which they follow:", className="hint")
    finding = "Every customer of the file gets one of the segments of this run, and you get the file back with them."
    return card("Label new customers", [drop_zone(limit_mb, goes), words, needed], finding, "Nothing leaves this computer.", look="bring")


def _needed(known: RunModel, column: CustomerColumn) -> str:
    """Name a column, or what it can be worked out from."""
    name, sources = column.header or capital(column.label), known.sources(column)
    more = f" and {len(sources) - _MOST_SOURCES} more" if len(sources) > _MOST_SOURCES else ""
    return f"{name}, or {', '.join(sources[:_MOST_SOURCES])}{more}" if sources else name


def recent_card(jobs: Sequence[Job], address: Mapping[str, str]) -> html.Section | None:
    """Draw the files labelled lately; ``address`` is that of the run."""
    if not jobs:
        return None
    rows = []
    for job in jobs:
        link = dcc.Link(job.params["name"], href=href("/predict", {**address, "view": "file", "upload": job.params["upload_id"]}))
        told = counted(job.result["rows"], "customer") if job.result else _STATES.get(job.state, "")
        rows.append(html.Li([icon("file"), link, html.Span(told), html.Span(day(job.created_at.date()), className="mut")]))
    return card("Labelled lately", html.Ul(rows, className="recent"), look="lately")


def on_its_way(job: Job | None, name: str) -> html.Section:
    """Draw how far a file is; it may only just have arrived."""
    title = f"Labelling {name}"
    if job is None:
        return card(title, html.P("The file has arrived.", className="mut"), look="job")
    deeds = None if job.is_over else html.Span([_LEAVE, button("Cancel", {"type": "cancel-job", "job": job.id})], className="deeds")
    return card(title, work_progress(job, title), look="job", actions=deeds)


_LEAVE = html.Span("You can leave this page. The work goes on.", className="sm mut")


def not_done(job: Job) -> html.Section:
    """Draw a file that could not be labelled, and what can be done about it."""
    look = link_button("Check what its columns mean", href("/data", {"upload": job.params["upload_id"], "change": "1"}))
    back = html.Span("What you change there counts here: come back and try again.", className="sm mut")
    deeds = html.Div([look, button("Try again", "predict-retry"), back], className="deeds")
    body = failure(job.error, deeds) if job.error else html.Div([html.P("It was cancelled; nothing was kept.", className="mut"), deeds])
    return card(job.params["name"], body, look="job")


def labelled(job: Job, known: RunModel, file: StoredFile | None, may_export: bool) -> list[Any]:
    """Draw what came of a file."""
    result = job.result or {}
    return [
        _counts_card(job, known, _offer(result, file, may_export)),
        html.Div([_likeness_card(result, known), _left_out_card(result)], className="two"),
    ]


def _offer(result: Mapping[str, Any], file: StoredFile | None, may_export: bool) -> Any:
    if file is None:
        return html.Span("The labelled file is kept for a day and is gone. Drop the file again.", className="sm mut")
    if not may_export:
        return html.Span("You may not download personal data here.", className="sm mut")
    link = html.A(
        [icon("download"), "Download with segments"], href=f"/api/v1/files/{file.id}", download=file.name, className="btn primary"
    )
    checked = f"checked: {counted(result['rows'], 'row')}, {size(result['size'])}"
    return html.Span([html.Span(checked, className="sm mut"), link], className="deeds")


def _counts_card(job: Job, known: RunModel, deeds: Any) -> html.Section:
    result = job.result or {}
    letters = {segment.segment_id: segment.colour for segment in known.segments}
    names = {segment.segment_id: segment.name for segment in known.segments}
    n, n_before = (sum(each[key] for each in result["segments"]) or 1 for key in ("size", "size_before"))
    pairs = [(each["size"] / n, each["size_before"] / n_before) for each in result["segments"]]
    longest = max((max(pair) for pair in pairs), default=1) or 1
    rows = [
        _segment_row(letters[each["segment_id"]], names[each["segment_id"]], each["size"], pair, longest)
        for each, pair in zip(result["segments"], pairs, strict=True)
        if each["segment_id"] in names
    ]
    head = html.Thead(html.Tr([html.Th(each, scope="col") for each in ("Segment", "Customers", "In this file", "In the run")]))
    table = html.Div(
        html.Table([head, html.Tbody(rows)]), className="scroll", tabIndex=0, role="region", **aria(label="Customers by segment")
    )
    note = f"Share of the {counted(result['likeness']['n_placed'], 'customer')} of the file that have a segment; grey: share in the run."
    return card(job.params["name"], table, _counts_finding(result, names), note, look="counts", actions=deeds)


def _counts_finding(result: Mapping[str, Any], names: Mapping[int, str]) -> str:
    likeness = result["likeness"]
    if not likeness["n_placed"]:
        return f"None of {counted(likeness['n'], 'customer')} could be placed."
    most = max(result["segments"], key=lambda each: each["size"])
    share, name = percent(most["size"] / likeness["n_placed"]), names.get(most["segment_id"], most["name"])
    return f"{whole(likeness['n_placed'])} of {counted(likeness['n'], 'customer')} have a segment; {share} are {name}."


def _segment_row(letter: str, name: str, count: int, pair: tuple[float, float], longest: float) -> html.Tr:
    bars = [
        html.Td(
            [
                html.Span(percent(share)),
                html.Span(html.I(className=look, style={"width": f"{100 * share / longest:.1f}%"}) if share else None, className="track"),
            ]
        )
        for share, look in zip(pair, ("seg", "all"), strict=True)
    ]
    head = html.Th([segment_key(letter), html.Span(name)], scope="row")
    return html.Tr([head, html.Td(whole(count)), *bars], style=segment_colours(letter))


def _likeness_card(result: Mapping[str, Any], known: RunModel) -> html.Section:
    likeness = result["likeness"]
    look, picture, words = _LEVELS[likeness["level"]]
    first, *more = [typeset(sentence) for sentence in likeness["sentences"]]
    badge = html.Div([html.Span([icon(picture), words], className=f"badge {look}")], className="trust")
    listed = html.Ul([html.Li(each) for each in more], className="told-list") if more else None
    columns = {column.name: column for column in known.model.inputs}
    rows = [_drift_row(each, columns.get(each["name"]), known.currency) for each in likeness["features"]]
    heads = ("Measure", "Run", "File", "Outside", "Missing")
    head = html.Thead(html.Tr([html.Th(each, scope="col") for each in heads]))
    table = html.Div(
        html.Table([head, html.Tbody(rows)]), className="scroll", tabIndex=0, role="region", **aria(label="Run and file compared")
    )
    note = "Averages of the run and of the file; outside: values that nobody of the run has."
    return card("Are they like the customers of the run?", [badge, html.P(first, className="say"), listed, table], note=note, look="drift")


def _drift_row(each: Mapping[str, Any], column: CustomerColumn | None, currency: str | None) -> html.Tr:
    unit = column.unit if column else None
    index = each["index"]
    hover = None if index is None else f"{_SCALE_TITLE}. Here {index:.2f}."
    cells = [
        value_words(each["before"], unit, currency),
        value_words(each["after"], unit, currency),
        percent(each["outside"], 1) if each["outside"] else "0%",
        percent(each["missing"], 1) if each["missing"] else "0%",
    ]
    return html.Tr([html.Th(capital(each["label"]), scope="row"), *(html.Td(cell) for cell in cells)], title=hover)


def _left_out_card(result: Mapping[str, Any]) -> html.Section:
    rows = [(each["reason"].removeprefix("Not segmented: "), each["count"], "customer") for each in result["left_out"]]
    rows += [(step["why"], step["rows_in"] - step["rows_out"], "row") for step in result["receipt"]]
    n = result["likeness"]["n"] - result["likeness"]["n_placed"]
    finding = (
        f"{counted(n, 'customer')} could not be placed and {'stands' if n == 1 else 'stand'} in the file with the reason."
        if n
        else "Every customer of the file has a segment."
    )
    note = f"{counted(result['rows_read'], 'row')} read, {whole(result['rows_rejected'])} set aside before customers were made of them."
    listed = html.Ul([html.Li([html.Span(capital(why)), html.B(counted(count, what))]) for why, count, what in rows], className="reasons")
    return card("Who has no segment", listed, finding, note, look="unplaced")
