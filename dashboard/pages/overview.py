"""Overview: who the customers are and what they do. A click on any mark filters the whole page; the filter stands in the address."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NotRequired

from dash import Input, Output, State, dcc, html
from typing_extensions import TypedDict  # pydantic wants this one before Python 3.12

from dashboard.auth.actors import current_actor
from dashboard.auth.permissions import allow
from dashboard.callbacks import Callbacks, as_text
from dashboard.components.basics import aria, data, href, icon, page_link, page_top, spacer
from dashboard.components.charts import chart, data_table, live_card
from dashboard.components.compared import compared_menus
from dashboard.components.context_menu import dataset_menu, gone_note
from dashboard.components.empty import empty_state
from dashboard.components.failures import failure
from dashboard.components.filter_bar import Left, add_menu, left_words, number_panel, period_menu, segment_menu, values_panel
from dashboard.components.filters import filter_chips, filter_words
from dashboard.components.kpis import kpi_strip
from dashboard.context import Context, now
from dashboard.exports.reports.html_report import html_report
from dashboard.figures.overview import charts_left, comparison_words, overview_charts, overview_kpis, undrawn_words
from dashboard.figures.overview_chart import Chart
from dashboard.figures.overview_csv import chart_csv
from dashboard.figures.overview_rankings import spell_out
from dashboard.figures.overview_report import ReportedView, view_report
from dashboard.figures.overview_rows import arrange
from dashboard.formats import days
from dashboard.queries.answers import hold, tell_again
from dashboard.queries.compared import compare
from dashboard.queries.datasets import Shown, find_again, find_shown
from dashboard.queries.filtering import Field, find_field, list_values, load_fields, number_range, refuse_personal, tells_who
from dashboard.queries.overview import Counted, count_imports, count_left, load_counted
from dashboard.queries.segments import ShownSegment, load_segments
from dashboard.queries.sources import load_index, load_source
from database.datasets import Dataset
from segmentation.errors import ForbiddenError, InvalidInputError
from segmentation.measures.filters import EVERYBODY, SEGMENT, CustomerFilter, read_filter, write_filter
from segmentation.measures.overview import Overview

PATH, TITLE, ICON, GROUP = "/", "Overview", "overview", "Know"
_PROMISE = "See who your customers are"
CUSTOMERS = "/customers"
_OVER_ALL = "Spend bands, box plots and other facts about a customer count all their purchases."
_REPORT = ("report-asked", "report-answer", "report-saved")
_MENUS = 24
"""Pixels that the line of menus above the box plots takes from its row."""
_BOX_GONE = "The box plot of this link cannot be drawn from these data. Others are shown."


class ShownView(TypedDict):
    """What the page keeps in the browser of the data that it shows."""

    dataset: str
    run: str | None
    box: NotRequired[str | None]


class AskedTables(TypedDict):
    """Of which charts the data are wanted, under which filter."""

    names: list[str]
    filter: str


class AskedValues(TypedDict):
    """Which column's values are wanted, and the words that they have to hold."""

    column: str
    search: str


class AskedReport(TypedDict):
    """Of which view a report is wanted; ``asked`` makes each wish one of its own."""

    filter: str
    asked: float


@dataclass(frozen=True)
class View:
    """A dataset under a filter: everything that is counted of all customers and of those who are left, and the charts of all.

    ``box`` is what the box plots compare as the address has it, empty where they choose it themselves.
    """

    shown: Shown
    chosen: CustomerFilter
    counted: tuple[Counted, Counted]
    charts: Sequence[Chart]
    fields: tuple[Field, ...]
    segments: Sequence[ShownSegment]
    box: str = ""

    @property
    def whole(self) -> Overview:
        """All customers."""
        return self.counted[0].overview

    @property
    def left(self) -> Overview:
        """Those who are left."""
        return self.counted[1].overview

    @property
    def currency(self) -> str | None:
        """The currency of the file, where it is known."""
        return _currency(self.shown.dataset)

    @property
    def run_id(self) -> str | None:
        """The run whose segments can be chosen."""
        return self.shown.run.id if self.shown.run else None


def load_view(context: Context, shown: Shown, chosen: CustomerFilter, box: str = "") -> View:
    """Return what the page shows of a dataset under a filter, with the box plots that the address wants where there are such."""
    dataset, run = shown.dataset, shown.run
    whole, box = compare(context, dataset, load_counted(context, dataset), box)
    left = count_left(context, dataset, whole, chosen, run.id if run else None) if chosen else whole
    segments = load_segments(context, dataset, run).segments if run else ()
    fields = _open_fields(context, dataset, chosen, load_fields(context, dataset, segments))
    fields = _with_names(fields, (whole.overview, left.overview))
    charts = hold(context, dataset, f"overview-charts:{box}", lambda: _draw_whole(dataset, whole))
    return View(shown, chosen, (whole, left), charts, fields, segments, box)


def _open_fields(context: Context, dataset: Dataset, chosen: CustomerFilter, fields: Sequence[Field]) -> Sequence[Field]:
    """Return what may be filtered by: without the right to see personal data nothing that tells who somebody is."""
    if allow(current_actor(), "export"):
        return fields
    source = load_source(context, dataset)
    refuse_personal(source, chosen.columns)
    return [field for field in fields if not tells_who(source, field.column)]


def _draw_whole(dataset: Dataset, whole: Counted) -> list[Chart]:
    return overview_charts(whole.overview, _currency(dataset), _returns(dataset), besides=whole.crossings)


def _currency(dataset: Dataset) -> str | None:
    return dataset.facts.currency if dataset.facts else None


def _with_names(fields: Sequence[Field], overviews: Sequence[Overview]) -> tuple[Field, ...]:
    """Let products and countries be called by their names where the charts know them."""
    rankings = [ranking for overview in overviews for ranking in overview.lines]
    rankings += [spell_out(overview.countries) for overview in overviews if overview.countries]
    names: dict[str, dict[str, str]] = {}
    for ranking in rankings:
        names.setdefault(ranking.column, {}).update({entry.text: entry.name for entry in ranking.entries if entry.code})
    return tuple(replace(field, names={**field.names, **names.get(field.column, {})}) for field in fields)


def render(context: Context, query: Mapping[str, str]) -> list[Any]:
    """Draw the page of the dataset that the address names, else of the newest."""
    shown = find_shown(context, query.get("dataset"), query.get("run"))
    if shown is None:
        return empty_state(TITLE, _PROMISE, context.settings.max_upload_mb)
    refused = None
    try:
        view = load_view(context, shown, read_filter(query.get("filter", "")), query.get("box", ""))
    except (ForbiddenError, InvalidInputError) as error:  # a kept link still leads somewhere
        refused, view = failure(error), load_view(context, shown, EVERYBODY, query.get("box", ""))
    left_out = undrawn_words(view.whole.undrawn)
    inside = [
        _top(view),
        gone_note(shown, query),
        html.P([icon("info"), _BOX_GONE], className="gone", role="status") if query.get("box") and not view.box else None,
        refused,
        _importing(n_imports) if (n_imports := count_imports(context)) else None,
        _bar(view),
        html.Div(kpi_strip(overview_kpis(view.left, view.currency)), id="overview-kpis"),
        _grid(view),
        html.P(left_out, className="xs dim left-out") if left_out else None,
        *_stores(view),
    ]
    kept = {"follows": "filters", "dataset": view.shown.dataset.id, "run": view.run_id or "", "box": view.box}
    return [html.Div(inside, className="page-overview", **data(**kept, **({"refused": "yes"} if refused else {})))]


def _stores(view: View) -> list[dcc.Store]:
    kept = {"dataset": view.shown.dataset.id, "run": view.run_id, "box": view.box}
    names = ("filter-ask", "tables-asked", "tables-answer", "tables-shown", *_REPORT)
    return [dcc.Store(id="overview-shown", data=kept), *(dcc.Store(id=name) for name in names)]


def draw_charts(view: View) -> Sequence[Chart]:
    """Draw the charts of the dataset, with the numbers of those who are left."""
    if not view.chosen:
        return view.charts
    left = view.counted[1]
    return charts_left(view.charts, (left.overview, left.crossings), view.currency, _returns(view.shown.dataset), view.chosen)


def _top(view: View) -> html.Div:
    period = None
    if view.whole.first_day and view.whole.last_day:
        first, last = date.fromisoformat(view.whole.first_day), date.fromisoformat(view.whole.last_day)
        period = period_menu(first, last, _period_words(view))
    copy = html.Button([icon("link"), html.Span("Copy link")], id="copy-link", type="button", className="btn", title="A link to this view")
    told = "This view as a page to print"
    report = html.Button([icon("report"), html.Span("Report")], id="overview-report", type="button", className="btn", title=told)
    return page_top(TITLE, dataset_menu(view.shown, PATH), period, spacer(), copy, report)


def _period_words(view: View) -> list[Any]:
    if not view.left.first_day:
        return ["No dates left"]
    compared = html.Span(comparison_words(view.left.months, view.left.comparison), className="mut")
    return [days(view.left.first_day, view.left.last_day), " ", compared]


def _bar(view: View) -> html.Div:
    return html.Div(
        [
            html.Span(_chips(view), id="overview-chips", className="chips"),
            add_menu(view.fields),
            segment_menu(view.segments),
            html.Span(_left(view), id="overview-left", role="status", **aria(live="polite")),
        ],
        className="bar",
    )


def _chips(view: View) -> list[Any]:
    return filter_chips(view.chosen, view.fields, view.currency)


def _left(view: View) -> list[Any]:
    if not view.chosen:
        return []
    left = Left(view.left.n_customers, view.whole.n_customers, _revenue(view.left), _revenue(view.whole))
    see = page_link("See these customers", _customers_at(view, view.chosen), className="see")
    has_purchases = any(find_field(view.fields, column).is_of_lines for column in view.chosen.columns)
    return [left_words(left, view.currency), see, html.Span(_OVER_ALL, className="xs dim") if has_purchases else None]


def _customers_at(view: View, chosen: CustomerFilter) -> str:
    return href(CUSTOMERS, {"dataset": view.shown.dataset.id, "run": view.run_id, "filter": write_filter(chosen)})


def _revenue(overview: Overview) -> float | None:
    return next((kpi.value for kpi in overview.kpis if kpi.name == "revenue"), None)


def _importing(n: int) -> html.P:
    words = "A file is being imported now. " if n == 1 else f"{n} files are being imported now. "
    return html.P([icon("info"), words, dcc.Link("See how far it is", href="/data")], className="importing", role="status")


def _returns(dataset: Dataset) -> str:
    return "returns taken off" if dataset.source.get("returns") == "net" else "returns not counted"


def _grid(view: View) -> html.Div:
    """Draw the cards; "odd" says that the last row has no other beside it where the page is wide enough for two."""
    menus = compared_menus(view.whole.spreads, view.whole.boxes[0]) if view.whole.boxes else None
    above = {"boxes": menus} if menus else {}
    rows = [(row, max(each.height + _MENUS * (each.name in above) for each, _ in row)) for row in arrange(draw_charts(view))]
    cards = [_card(each, look, height, above.get(each.name)) for row, height in rows for each, look in row]
    return html.Div(cards, className="grid odd" if len(rows) % 2 else "grid")


def _card(shown: Chart, look: str, height: int, menus: html.Div | None = None) -> html.Section:
    height -= _MENUS if menus else 0
    drawing: Any = chart(f"overview-{shown.name}", shown.figure, shown.aria, height)
    if shown.beside:
        beside = chart(f"overview-{shown.name}-map", shown.beside, shown.aria, height)
        drawing = html.Div([html.Div(beside, className="map"), drawing], className="ctry")
    return live_card(shown.name, html.Div([menus, drawing]) if menus else drawing, shown.told, look, _legend(shown))


def _legend(shown: Chart) -> list[Any]:
    return [html.Span([html.I(className=kind), words]) for kind, words in shown.legend]


def _ask_again(context: Context, shown: ShownView, filter_text: str) -> View:
    return load_view(context, _find_again(context, shown), read_filter(filter_text), _box_of(shown))


def _box_of(shown: ShownView) -> str:
    return (shown.get("box") or "")[:200]  # no value in an address is longer


def _find_again(context: Context, shown: ShownView) -> Shown:
    found = find_again(context, shown["dataset"], shown["run"])
    if found is None:
        raise InvalidInputError("dataset_gone", "This dataset is not there any more.", fix="Reload the page.")
    return found


def _follow(context: Context, shown: Shown, filter_text: str, box: str) -> str:
    """Return everything of the page that follows the filter. The names of segments, and who may see what, can change meanwhile."""
    chosen, run = read_filter(filter_text), shown.run
    segments = load_segments(context, shown.dataset, run).segments if run and SEGMENT in chosen.columns else ()
    asked = (filter_text, run and run.id, tuple(each.name for each in segments), allow(current_actor(), "export"), box)
    return tell_again(context, shown.dataset, asked, lambda: as_text(_answer(load_view(context, shown, chosen, box), filter_text)))


def _answer(view: View, filter_text: str) -> dict[str, Any]:
    parts = {
        "overview-kpis": kpi_strip(overview_kpis(view.left, view.currency)),
        "overview-chips": _chips(view),
        "overview-left": _left(view),
        "overview-period": _period_words(view),
    }
    return {"filter": filter_text, "parts": parts, "charts": [_redrawn(shown) for shown in draw_charts(view)]}


def _redrawn(shown: Chart) -> dict[str, Any]:
    words = {"say": shown.told.finding, "note": shown.told.note, "told": shown.aria, "legend": _legend(shown)}
    return {"name": shown.name, "graph": f"overview-{shown.name}", "figure": shown.figure, "map": shown.beside, **words}


def _tables(view: View, names: Sequence[str]) -> dict[str, Any]:
    wanted = [shown for shown in draw_charts(view) if shown.name in names]
    return {shown.name: {"table": _table(view, shown), "csv": chart_csv(shown.data)} for shown in wanted}


def _table(view: View, shown: Chart) -> list[Any]:
    ways = [_customers_at(view, _with(view.chosen, pick)) if pick else None for pick in shown.data.picks]
    return data_table(shown.told.title, shown.data, ways)


def _with(chosen: CustomerFilter, pick: str) -> CustomerFilter:
    for condition in read_filter(pick).conditions:
        chosen = chosen.replacing(condition)
    return chosen


def _report(view: View, today: date) -> dict[str, str]:
    """Return the view as a file of its own."""
    name = view.shown.dataset.name
    words = tuple(filter_words(view.chosen, view.fields, view.currency))
    content = view_report(ReportedView(name, words, view.whole, view.left, _charts_to_report(view), view.currency), today)
    return {"name": f"{name} overview.html", "html": html_report(content)}


def _charts_to_report(view: View) -> list[Chart]:
    """Return the charts of which a report takes the first few: box plots only where somebody chose what they compare, and then early."""
    charts = [each for each in draw_charts(view) if each.name != "boxes" or view.box]
    return sorted(charts, key=lambda each: (each is not charts[0], each.name != "boxes"))


def _values(context: Context, view: View, asked: AskedValues) -> list[Any]:
    field = next((field for field in view.fields if field.column == asked["column"]), None)
    if field is None:  # names and addresses are on no menu, whoever asks
        raise InvalidInputError("unknown_filter_column", "There is nothing to choose from in this column.", fix="Choose another one.")
    source = load_source(context, view.shown.dataset, view.run_id)
    names = load_index(context, view.shown.dataset).names.get(field.column, {})
    field = replace(field, names={**field.names, **names})
    if field.kind == "number":
        ends = number_range(source, field.column)
        return number_panel(field, ends, view.currency) if ends else []
    return values_panel(field, list_values(source, field, asked["search"]), asked["search"], view.currency)


def register_callbacks(callbacks: Callbacks) -> None:
    """Say what happens on this page: it follows the filter, and brings data, values and reports when they are asked for."""
    context = callbacks.context
    before = {"prevent_initial_call": True}

    def answering(output: str, place: str, asked: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Register what is answered about the view that is shown."""
        return callbacks.register(Output(output, place), Input(asked, "data"), State("overview-shown", "data"), permission="see", **before)

    @answering("filter-answer", "data", "filter-now")  # neither stands on the page: assets/following.js asks and shows
    def follow_filter(filter_text: str, shown: ShownView) -> Any:
        return _follow(context, _find_again(context, shown), filter_text, _box_of(shown))

    @answering("tables-answer", "data", "tables-asked")
    def bring_tables(asked: AskedTables, shown: ShownView) -> Any:
        view = _ask_again(context, shown, asked["filter"])
        return {"filter": asked["filter"], "tables": _tables(view, asked["names"])}

    @answering("filter-panel", "children", "filter-ask")
    def bring_values(asked: AskedValues, shown: ShownView) -> Any:
        return _values(context, _ask_again(context, shown, ""), asked)

    @answering("report-answer", "data", "report-asked")
    def bring_report(asked: AskedReport, shown: ShownView) -> Any:
        return _report(_ask_again(context, shown, asked["filter"]), now().date())

    for name, output, answer in _IN_BROWSER:
        callbacks.register_in_browser(name, Output(output, "data"), Input(answer, "data"), **before)
    search, ask = Input("filter-search", "value"), State("filter-ask", "data")
    callbacks.register_in_browser("askForValues", Output("filter-ask", "data", allow_duplicate=True), search, ask, **before)


_IN_BROWSER = (
    ("saveReport", "report-saved", "report-answer"),
    ("showTables", "tables-shown", "tables-answer"),
)
"""What a function of ``assets/`` does with an answer: its name, where it says that it did, the answer."""
