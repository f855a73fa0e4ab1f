"""Customers: everybody as a table to be searched, sorted and filtered, and each of them on a page of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import Input, Output, State, dcc, html, no_update
from typing_extensions import TypedDict  # pydantic wants this one before Python 3.12

from dashboard.auth.actors import current_actor
from dashboard.auth.permissions import allow
from dashboard.callbacks import Callbacks
from dashboard.components.basics import button, page_top, spacer
from dashboard.components.context_menu import dataset_menu, gone_note
from dashboard.components.customer_cells import PATH, STATE, address
from dashboard.components.customer_page import Look, customer_parts
from dashboard.components.customer_table import (
    PAGE_SIZE,
    Listing,
    column_menu,
    customer_table,
    everybody,
    how_many,
    moved_chip,
    nobody,
    pager,
    search_box,
)
from dashboard.components.empty import empty_state
from dashboard.components.failures import failure
from dashboard.components.file_told import AskedFile, asked_for, file_outputs, file_parts, register_file
from dashboard.components.filter_bar import Left, add_menu, segment_menu
from dashboard.components.filters import filter_chips
from dashboard.context import Context
from dashboard.figures.customer import draw_spend
from dashboard.queries.customer import load_customer, name_customer, read_number
from dashboard.queries.customer_list import FIRST_ORDER, ID, LAST_ORDER, CustomerList, ListColumn
from dashboard.queries.customers import LONGEST_SEARCH, Found, Wanted, find_customers, list_open_fields, list_searched, read_rows, read_sort
from dashboard.queries.datasets import Shown, find_shown
from dashboard.queries.filtering import Field
from dashboard.queries.moved import moved_words, read_moved
from dashboard.workflows.customer_files import KIND, request_customers
from database.jobs import Job
from segmentation.errors import AppError, NotFoundError
from segmentation.measures.filters import SEGMENT, read_filter

TITLE, ICON, GROUP = "Customers", "customers", "Know"
FILE = "customers"
"""The job, the clock and the words of the file on this page."""
_PROMISE = "Look up every customer: what they bought, their segment, and why."
_AT_FIRST = (
    "first_name",
    "last_name",
    "monetary_total",
    "frequency_orders",
    LAST_ORDER,
    "recency_days",
    "order_value_mean",
    "country",
    "city",
    "age",
    "gender",
    "income",
)
_MOST_AT_FIRST = 9

SHOWN = "overview-shown"
"""The filter menu is that of the overview, which looks there for the data that it is about."""

Query = Mapping[str, str]


class ListShown(TypedDict):
    """What the page keeps in the browser of the list that it shows: its address."""

    query: dict[str, str]


class ShownView(TypedDict):
    """The data that the list is of."""

    dataset: str
    run: str | None


def render(context: Context, query: Query) -> list[Any]:
    """Draw the list that an address describes, or the customer that it names."""
    shown = find_shown(context, query.get("dataset"), query.get("run"))
    if shown is None:
        return empty_state(TITLE, _PROMISE, context.settings.max_upload_mb)
    is_one = "customer" in query or "at" in query
    return [html.Div(_one(context, shown, query) if is_one else _list(context, shown, query), className="page-customers")]


def _may_export() -> bool:
    return allow(current_actor(), "export")


def read_wanted(query: Query) -> Wanted:
    """Read what an address asks of the list."""
    sort, is_down = read_sort(query.get("sort", ""))
    moved = read_moved(query.get("moved", ""))
    return Wanted(read_filter(query.get("filter", "")), query.get("search", ""), sort, is_down, _may_export(), moved)


def _list(context: Context, shown: Shown, query: Query) -> list[Any]:
    top = page_top(TITLE, dataset_menu(shown, PATH), spacer(), _download() if _may_export() else None)
    try:
        wanted = read_wanted(query)
        found = find_customers(context, shown.dataset, shown.run, wanted)
    except AppError as error:
        return [top, failure(error, everybody({**query, "sort": "", "columns": ""}))]
    listing = _listing(shown, query, wanted, found)
    searched = ["id", *(column.label.lower() for column in list_searched(found.customers, wanted.sees_personal) if column.name != ID)]
    return [
        top,
        gone_note(shown, query),
        *_stores(shown, query),
        *file_parts(FILE),
        _bar(shown, wanted, found, _moved_chip(context, shown, wanted, query)),
        html.Div([search_box(wanted.search, searched), column_menu(listing)], className="tools"),
        html.Section([customer_table(listing), pager(listing)] if found.n else [nobody(query)], className="card list"),
        html.P(_note(found, wanted), className="note"),
    ]


def _stores(shown: Shown, query: Query) -> list[dcc.Store]:
    """Return what the browser keeps: the address, the data that it stands for now, and what the filter menu is asked for."""
    kept = {"dataset": shown.dataset.id, "run": shown.run.id if shown.run else None}
    return [
        dcc.Store(id="customers-shown", data={"query": {name: query[name] for name in STATE if name in query}}),
        dcc.Store(id=SHOWN, data=kept),
        dcc.Store(id="filter-ask"),
    ]


def _listing(shown: Shown, query: Query, wanted: Wanted, found: Found) -> Listing:
    customers = found.customers
    columns = choose_columns(customers, query.get("columns", ""), shown.run is not None, wanted.sees_personal)
    page = read_page(query.get("page", ""), found.n)
    places = found.places[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    epoch = shown.dataset.erasure_epoch
    named = [name_customer(customers, epoch, int(place), wanted.sees_personal) for place in places]
    return Listing(
        query=query,
        columns=columns,
        every_column=_possible(customers, shown.run is not None),
        rows=read_rows(found, places, columns, wanted.sees_personal),
        links=[address(query, **name) for name in named],
        segments=found.segments,
        currency=_currency(shown),
        sort=wanted.sort,
        is_down=wanted.is_down,
        page=page,
        n=found.n,
        sees_personal=wanted.sees_personal,
    )


def _currency(shown: Shown) -> str | None:
    return shown.dataset.facts.currency if shown.dataset.facts else None


def _possible(customers: CustomerList, has_run: bool) -> list[ListColumn]:
    return [column for column in customers.columns.values() if has_run or column.kind != "segment"]


def choose_columns(customers: CustomerList, wanted: str, has_run: bool, sees_personal: bool) -> list[ListColumn]:
    """Return the columns that an address names, in their own order; the id always, and what fits best where none is named."""
    possible = {column.name: column for column in _possible(customers, has_run)}
    names = [_plain_name(name) for name in wanted.split("|")] if wanted else []
    named = [name for name in possible if name in names]
    if not named:
        seen = {name: column for name, column in possible.items() if not column.is_empty and (sees_personal or not column.is_personal)}
        best = [name for name in _AT_FIRST if name in seen and not (name == "recency_days" and LAST_ORDER in seen)]
        rest = [name for name in seen if name not in (*best, ID, SEGMENT, FIRST_ORDER, "recency_days")]
        named = [*([SEGMENT] if SEGMENT in seen else []), *[*best, *rest][:_MOST_AT_FIRST]]
    return [possible[ID], *(possible[name] for name in named if name != ID)]


def _plain_name(name: str) -> str:
    return name.replace("%7C", "|").replace("%25", "%")


def write_columns(names: Sequence[str]) -> str:
    """Return a choice of columns as text for the address."""
    return "|".join(name.replace("%", "%25").replace("|", "%7C") for name in names)


def read_page(text: str, n: int) -> int:
    """Return the page that an address names, the nearest that there is."""
    return min(max(1, read_number(text)), max(1, -(-n // PAGE_SIZE)))


def _moved_chip(context: Context, shown: Shown, wanted: Wanted, query: Query) -> html.Span | None:
    return moved_chip(moved_words(context, shown.run, wanted.moved), query) if shown.run and wanted.moved else None


def _bar(shown: Shown, wanted: Wanted, found: Found, moved: html.Span | None) -> html.Div:
    names = {str(segment.segment_id): segment.name for segment in found.segments} | {"": "Not segmented"}
    fields = list_open_fields(found.customers, wanted.sees_personal)
    left = Left(found.n, found.customers.n_customers, found.revenue, found.revenue_of_all)
    chips = filter_chips(wanted.chosen, [Field(SEGMENT, "Segment", "segment", names=names), *fields], _currency(shown))
    told = how_many(left, bool(wanted.chosen or wanted.search or moved), _currency(shown))
    return html.Div([html.Span([moved, *chips], className="chips"), add_menu(fields), segment_menu(found.segments), told], className="bar")


def _note(found: Found, wanted: Wanted) -> str:
    words = []
    if found.has_lines_filter:
        words.append("A filter is about purchases: the customers are those with any of them, and the figures above count only these; ")
        words.append("the columns count all that a customer bought. ")
    if not wanted.sees_personal and any(column.is_personal for column in found.customers.columns.values()):
        words.append("Personal data are hidden, and not searched. ")
    words.append("Customers with the same value stand in the order of their ids; those without one stand last.")
    return "".join(words)


def _one(context: Context, shown: Shown, query: Query) -> list[Any]:
    back = {name: query[name] for name in STATE if name in query}
    top = page_top(TITLE, dataset_menu(shown, PATH))
    try:
        customer = load_customer(context, shown.dataset, shown.run, _wanted_or_all(query), query)
    except NotFoundError as error:
        return [top, gone_note(shown, query), failure(error, dcc.Link("Back to the customers", href=address(back), className="btn"))]
    history, currency = customer.history, _currency(shown)
    spend = draw_spend(history.spend, history.has_money, currency) if history and history.spend else None
    return [gone_note(shown, query), *customer_parts(customer, Look(back, currency, _may_export(), spend))]


def _wanted_or_all(query: Query) -> Wanted:
    """Return the list that one came from; a customer is shown also where that list cannot be."""
    try:
        return read_wanted(query)
    except AppError:
        return Wanted(sees_personal=_may_export())


def _download() -> html.Button:
    return button("Download these as CSV", "customers-download", icon_name="download", title="Exactly these customers, with their segments")


def register_callbacks(callbacks: Callbacks) -> None:
    """Say what happens on this page."""
    _register_download(callbacks)
    there = Output("url", "href", allow_duplicate=True)

    @callbacks.register(
        there,
        Input("customers-search", "n_submit"),
        Input("customers-look", "n_clicks"),
        State("customers-search", "value"),
        State("customers-shown", "data"),
        permission="see",
        prevent_initial_call=True,
    )
    def look_up(entered: int | None, clicked: int | None, words: str | None, shown: ListShown) -> Any:
        if not entered and not clicked:
            return no_update
        return address(shown["query"], search=(words or "").strip()[:LONGEST_SEARCH] or None, page=None)

    @callbacks.register(
        there,
        Input("customers-show", "n_clicks"),
        State("customers-columns", "value"),
        State("customers-shown", "data"),
        permission="see",
        prevent_initial_call=True,
    )
    def show_columns(clicked: int | None, names: list[str], shown: ListShown) -> Any:
        return address(shown["query"], columns=write_columns(names) or None) if clicked else no_update


def _register_download(callbacks: Callbacks) -> None:
    register_file(callbacks, FILE, KIND)

    @callbacks.register(
        *file_outputs(FILE),
        Input("customers-download", "n_clicks"),
        State(f"{FILE}-job", "data"),
        State("customers-shown", "data"),
        State(SHOWN, "data"),
        permission="export",
        prevent_initial_call=True,
    )
    def start(clicked: int | None, before: AskedFile | None, address_of: ListShown, shown: ShownView) -> Any:
        if not clicked:
            return no_update, no_update, no_update
        return asked_for(start_download(callbacks.context, shown, address_of["query"]), before)


def start_download(context: Context, shown: ShownView, query: Query) -> Job:
    """Queue the file of exactly the customers that an address describes, of the data that were shown: newer ones may have come."""
    actor = current_actor()
    return request_customers(context, shown["dataset"], shown["run"], read_wanted(query), actor.name if actor else None)
