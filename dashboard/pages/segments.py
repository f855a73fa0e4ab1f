"""Cluster profile: the segments of a run, side by side."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from dash import ALL, Input, Output, State, ctx, dcc, html, no_update
from typing_extensions import TypedDict  # pydantic wants this one before Python 3.12

from dashboard.auth.actors import current_actor
from dashboard.auth.permissions import allow
from dashboard.callbacks import Callbacks
from dashboard.components.basics import aria, button, href, link_button, page_top, spacer
from dashboard.components.context_menu import dataset_menu, gone_note
from dashboard.components.empty import empty_state
from dashboard.components.failures import failure
from dashboard.components.habits import habit_rows
from dashboard.components.index_table import category_rows, index_table, pattern_rows, ramp, row_label, table_head, table_of
from dashboard.components.report_menu import register_report, report_menu, report_parts
from dashboard.components.segment_cards import largest_share, row_labels, segment_card
from dashboard.components.segment_downloads import download_menu, download_parts, register_downloads
from dashboard.components.segment_evidence import evidence
from dashboard.components.segment_filter import filter_bar
from dashboard.components.segment_moves import VIEW as MOVED
from dashboard.components.segment_moves import continued_words, movers_card, moves_view, since_words
from dashboard.components.segment_panel import rename_panel
from dashboard.components.segment_risk import at_risk_line
from dashboard.components.segment_top import run_menu, view_switch
from dashboard.components.segment_views import box_view, column_menu, contribution_card, map_view
from dashboard.components.segment_words import lead, number_word
from dashboard.context import Context
from dashboard.figures.report import run_report
from dashboard.figures.segments import draw_boxes, draw_by_k, draw_contribution, draw_map, draw_silhouettes
from dashboard.formats import counted
from dashboard.queries.changes import number_versions
from dashboard.queries.datasets import Shown, find_shown
from dashboard.queries.filtering import load_fields
from dashboard.queries.migration import find_migration, find_movers
from dashboard.queries.segment_filter import list_number_columns, load_distribution
from dashboard.queries.segments import SegmentsOfRun, list_edits, load_profile, load_segments
from dashboard.workflows.publishing import publish
from dashboard.workflows.segments import SegmentChange, edit_segment, restore_segment, undo_edit
from segmentation.errors import AppError, InvalidInputError, NotFoundError
from segmentation.measures.filters import read_filter

PATH, TITLE, ICON, GROUP = "/segments", "Cluster profile", "segments", "Know"

Query = Mapping[str, str]


class ShownRun(TypedDict):
    """What the page keeps in the browser of the run that it shows."""

    run: str
    query: dict[str, str]


class EditedSegment(ShownRun):
    """What the panel keeps in the browser: whose it is, and the revision that the person saw."""

    segment: int
    revision: int


class PanelId(TypedDict):
    """Which segment's panel it is."""

    segment: int


_FEW_COLUMNS = 2
"""Up to so many categories are open without a click."""
_NUMBER = re.compile(r"-?\d{1,6}")
_PROMISE = "See your customers in named segments, and how far each can be trusted."


def render(context: Context, query: Query) -> list[Any]:
    """Draw the page."""
    return [html.Div(_content(context, query), id="segments-content", className="page-segments")]


def _content(context: Context, query: Query) -> list[Any]:
    found = find_shown(context, query.get("dataset"), query.get("run"))
    if found is None:
        return empty_state(TITLE, _PROMISE, context.settings.max_upload_mb)
    if found.run is None:
        return _no_run_yet(found, query)
    try:
        refused, shown = None, load_profile(context, found.dataset, found.run, read_filter(query.get("filter", "")))
    except InvalidInputError as error:  # a filter of another dataset, or one that cannot be read: everybody is shown, and why is said
        query = {name: value for name, value in query.items() if name != "filter"}
        refused, shown = failure(error), load_profile(context, found.dataset, found.run)
    finding, basis = lead(shown)
    has_moves = bool((found.run.report or {}).get("identity"))
    deeds = [report_menu(shown.run.id, "filter" in query), download_menu(shown) if _may("export") else None]
    return [
        page_top(TITLE, dataset_menu(found, PATH), run_menu(found, PATH, query), spacer(), view_switch(PATH, query, has_moves), *deeds),
        gone_note(found, query),
        refused,
        html.P([html.B(finding), f" {basis} ", _publishing(shown)], className="lead"),
        at_risk_line(shown),
        continued_words(shown, query),
        *_filter(context, shown, query),
        *download_parts(),
        *report_parts(),
        dcc.Store(id="segments-shown", data={"run": found.run.id, "query": dict(query)}),
        *(_moves(context, found, shown, query) if has_moves and query.get("view") == MOVED else _view(context, shown, query)),
    ]


def _filter(context: Context, shown: SegmentsOfRun, query: Query) -> list[Any]:
    return filter_bar(shown, query, load_fields(context, shown.dataset, shown.segments)) if shown.chosen else []


def _may(permission: str) -> bool:
    return allow(current_actor(), permission)


def _no_run_yet(found: Shown, query: Query) -> list[Any]:
    told = "Here your customers will stand in named segments: how large each is, what it brings, what sets it apart, and what to do."
    start = link_button("Find segments", href("/studio", {"dataset": found.dataset.id}), "primary", "studio")
    n_customers = counted(found.dataset.facts.n_customers, "customer") if found.dataset.facts else "Your customers"
    return [
        page_top(TITLE, dataset_menu(found, PATH)),
        gone_note(found, query),
        html.Section([html.H2(f"{n_customers}, no segments yet"), html.P(told), start], className="card none-yet"),
    ]


def _publishing(shown: SegmentsOfRun) -> Any:
    if shown.run.published_at or not _may("edit"):
        return None
    return button("Make this the team’s", "segments-publish", "ghost small", title="What every page shows unless another run is chosen")


def _moves(context: Context, found: Shown, shown: SegmentsOfRun, query: Query) -> list[Any]:
    try:
        migration = find_migration(context, shown.run.id, None)
    except NotFoundError:
        return [html.P("The run before is not there any more, so who moved cannot be told.", className="lead")]
    since = since_words(shown.dataset, number_versions([shown.dataset, *found.others]).get(migration.earlier.dataset_id))
    movers, cell = None, _cell(query)
    if cell and cell[0] in migration.old_names and cell[1] in migration.new_names and _may("export"):
        movers = movers_card(shown, migration, cell, find_movers(context, shown.run.id, *cell))
    return [moves_view(shown, migration, since, movers, _may("export"))]


def _cell(query: Query) -> tuple[int, int] | None:
    """Return the cell of the matrix that the address names."""
    sides = [query.get(name, "") for name in ("old", "new")]
    return (int(sides[0]), int(sides[1])) if all(_NUMBER.fullmatch(side) for side in sides) else None


def _view(context: Context, shown: SegmentsOfRun, query: Query) -> list[Any]:
    portrait, view = shown.portrait, query.get("view", "")
    if portrait is None:
        return [_matrix(shown, _cards(shown)), _older(shown)]
    if not shown.n_segmented:
        return [_matrix(shown, _cards(shown))]
    if view == "map":
        return [map_view(shown, portrait["map"], draw_map(portrait["map"], shown) if portrait["map"] else None)]
    if view == "boxes":
        return _boxes(context, shown, query)
    comparison, habits, patterns = portrait["comparison"], portrait["habits"], (shown.left or {}).get("patterns", ())
    rows = _cards(shown)
    if comparison["numbers"]:
        table = table_of(index_table(shown, comparison, query.get("sort")), "Segments compared with the average", id="segments-index")
        rows += [table_head("Compared with the average", ramp()), table]
    if habits:
        n = html.Span(f"n = {counted(sum(habits['n_orders']), 'order')}", className="lgd")
        rows += [table_head("How they buy", n), *habit_rows(shown, habits)]
    if patterns:
        said = html.Span("100 = all customers; the share or mean of each segment beside it", className="lgd")
        rows += [table_head("What, where and when", said), table_of(pattern_rows(shown, patterns), "What, where and when segments buy")]
    return [_matrix(shown, rows), *_categories(shown, comparison), *_contribution(shown), _evidence(shown, portrait)]


def _boxes(context: Context, shown: SegmentsOfRun, query: Query) -> list[Any]:
    """Draw the spread of the main measures, or of the column that the address names: boxes of numbers, shares of categories."""
    categories = (shown.portrait or {})["comparison"]["categories"]
    columns = [*list_number_columns(context, shown.dataset), *((row["name"], row["label"], None) for row in categories)]
    choice = html.Div(column_menu(columns, query), className="choice")
    chosen = next((row for row in categories if row["name"] == query.get("column")), None)
    if chosen:
        return [choice, _matrix(shown, [table_of(category_rows(shown, [chosen]), "Shares of each category")])]
    wanted = [query["column"]] if query.get("column") else [row["name"] for row in (shown.portrait or {})["boxes"]]
    found = [load_distribution(context, shown.dataset, shown.run, shown.chosen, name) for name in wanted]
    rows = [row for row in found if row and any(box["n"] for box in row["boxes"])]
    if not rows:
        why = "Nobody has a value in this column." if any(found) else "This dataset has no such column of numbers or categories."
        return [choice, html.P(why, className="lead")]
    return [choice, box_view(shown, rows, [draw_boxes(row, shown) for row in rows])]


def _contribution(shown: SegmentsOfRun) -> list[Any]:
    figure = draw_contribution(shown)
    return [html.Div(contribution_card(shown, figure), className="grid apart")] if figure else []


def _evidence(shown: SegmentsOfRun, portrait: Mapping[str, Any]) -> html.Section:
    k, report = len(shown.segments), shown.report
    figures = draw_by_k(report["k_scores"], k, number_word(k), report.get("knee"))
    silhouettes = draw_silhouettes(report.get("silhouette_plot") or [], shown)
    return evidence(shown, portrait, {**figures, **({"silhouettes": silhouettes} if silhouettes else {})})


def _cards(shown: SegmentsOfRun) -> list[Any]:
    largest, can_edit = largest_share(shown.segments), _may("edit")
    return [row_labels(shown), *(segment_card(segment, shown, largest, can_edit) for segment in shown.segments)]


def _matrix(shown: SegmentsOfRun, rows: list[Any], told: str = "Segments side by side") -> html.Div:
    columns = f"204px repeat({len(shown.segments)},minmax(158px,1fr))"
    matrix = html.Div(rows, className="mx", style={"gridTemplateColumns": columns})
    return html.Div(matrix, className="wrap", tabIndex=0, role="region", **aria(label=told))


def _categories(shown: SegmentsOfRun, comparison: Mapping[str, Any]) -> list[Any]:
    columns = comparison["categories"]
    if not columns:
        return []
    names = ", ".join(row_label({"role": None, **column}) for column in columns)
    table = _matrix(shown, [table_of(category_rows(shown, columns), "Categories compared with the average")], "Categories side by side")
    is_short = len(columns) <= _FEW_COLUMNS
    return [html.Details([html.Summary([html.B("Who and where they are: "), names]), table], className="more", open=is_short)]


def _older(shown: SegmentsOfRun) -> html.P:
    again = link_button("Run it again", href("/studio", {"dataset": shown.dataset.id}))
    return html.P(["These segments were made by an earlier version, so the comparison is missing. ", again], className="lead")


def register_callbacks(callbacks: Callbacks) -> None:
    """Say what happens on this page."""
    _register_panel(callbacks)
    _register_edits(callbacks)
    register_downloads(callbacks)

    @callbacks.register(
        Output("segments-index", "children"),
        Output("segments-shown", "data"),
        Input({"type": "index-sort", "by": ALL}, "n_clicks"),
        State("segments-shown", "data"),
        permission="see",
        prevent_initial_call=True,
    )
    def sort_index(_: list[int | None], shown: ShownRun) -> Any:
        if not ctx.triggered[0]["value"] or not isinstance(ctx.triggered_id, dict):
            return no_update, no_update
        by = str(ctx.triggered_id["by"])
        return draw_index(callbacks.context, shown, by), {**shown, "query": {**shown["query"], "sort": by}}

    register_report(callbacks, run_report)

    @callbacks.register(
        Output("segments-content", "children", allow_duplicate=True),
        Input("segments-publish", "n_clicks"),
        State("segments-shown", "data"),
        permission="edit",
        prevent_initial_call=True,
    )
    def publish_shown(clicks: int | None, shown: ShownRun) -> Any:
        if not clicks:
            return no_update
        publish(callbacks.context, shown["run"])
        return _content(callbacks.context, shown["query"])


def draw_index(context: Context, shown: ShownRun, sort: str) -> list[Any]:
    """Draw the index table of what the page shows, in another order."""
    found = find_shown(context, run_id=shown["run"])
    if found is None or found.run is None or found.run.id != shown["run"]:
        raise NotFoundError("no_such_run", "There is no such run.", fix="Reload the page.")
    profile = load_profile(context, found.dataset, found.run, read_filter(shown["query"].get("filter", "")))
    return index_table(profile, (profile.portrait or {})["comparison"], sort)


def _register_panel(callbacks: Callbacks) -> None:
    panels = {"type": "segment-panel", "segment": ALL}

    @callbacks.register(
        Output(panels, "children"),
        Input({"type": "segment-pen", "segment": ALL}, "n_clicks"),
        Input({"type": "segment-cancel", "segment": ALL}, "n_clicks"),
        State(panels, "id"),
        State("segments-shown", "data"),
        permission="edit",
        prevent_initial_call=True,
    )
    def open_panel(_: list[int | None], __: list[int | None], ids: list[PanelId], shown: ShownRun) -> Any:
        if not ctx.triggered[0]["value"] or not isinstance(ctx.triggered_id, dict):
            return [no_update] * len(ids)
        chosen = ctx.triggered_id["segment"] if ctx.triggered_id["type"] == "segment-pen" else None
        return [draw_panel(callbacks.context, shown, chosen) if each["segment"] == chosen else None for each in ids]


def _register_edits(callbacks: Callbacks) -> None:
    @callbacks.register(
        Output("segments-content", "children", allow_duplicate=True),
        Output("segment-problem", "children"),
        Input("segment-save", "n_clicks"),
        State("segment-which", "data"),
        State("segment-name", "value"),
        State("segment-colour", "data"),
        State("segment-action", "value"),
        State("segment-text", "value"),
        permission="edit",
        prevent_initial_call=True,
    )
    def save(clicks: int | None, which: EditedSegment, name: str | None, colour: str, action: str | None, text: str | None) -> Any:
        if not clicks:
            return no_update, no_update
        return save_segment(callbacks.context, which, SegmentChange(name or "", colour, action or "", text or ""))

    @callbacks.register(
        Output("segments-content", "children", allow_duplicate=True),
        Output("segment-problem", "children", allow_duplicate=True),
        Input("segment-undo", "n_clicks"),
        Input("segment-restore", "n_clicks"),
        State("segment-which", "data"),
        permission="edit",
        prevent_initial_call=True,
    )
    def take_back(undo: int | None, restore: int | None, which: EditedSegment) -> Any:
        if not undo and not restore:
            return no_update, no_update
        return take_segment_back(callbacks.context, which, is_all=bool(restore))


def draw_panel(context: Context, shown: ShownRun, segment_id: int) -> Any:
    """Draw the panel of a segment as it is called now."""
    found = find_shown(context, run_id=shown["run"])
    if found is None or found.run is None or found.run.id != shown["run"]:
        raise NotFoundError("no_such_run", "There is no such run.", fix="Reload the page.")
    segments = load_segments(context, found.dataset, found.run).segments
    segment = next((segment for segment in segments if segment.segment_id == segment_id), None)
    if segment is None:
        raise NotFoundError("no_such_segment", "There is no such segment.", fix="Reload the page.")
    taken = {other.letter: other.name for other in segments if other is not segment}
    edits = list_edits(context, shown["run"])
    which = EditedSegment(run=shown["run"], query=shown["query"], segment=segment_id, revision=edits[-1].revision if edits else 0)
    own = [edit for edit in edits if edit.segment_id == segment_id]
    return rename_panel(segment, taken, segment is segments[-1], own, which)


def save_segment(context: Context, which: EditedSegment, wanted: SegmentChange) -> tuple[Any, Any]:
    """Change a segment and draw the page anew; what cannot be is told in the panel, which stays."""
    return _edited(context, which, lambda author: edit_segment(context, which["run"], which["segment"], wanted, author, which["revision"]))


def take_segment_back(context: Context, which: EditedSegment, is_all: bool) -> tuple[Any, Any]:
    """Take back the last change of a segment, or all of them, and draw the page anew."""
    way = restore_segment if is_all else undo_edit
    return _edited(context, which, lambda author: way(context, which["run"], which["segment"], author, which["revision"]))


def _edited(context: Context, which: EditedSegment, change: Callable[[str | None], Any]) -> tuple[Any, Any]:
    actor = current_actor()
    try:
        change(actor.name if actor else None)
    except AppError as error:
        return no_update, failure(error)
    return _content(context, which["query"]), None
