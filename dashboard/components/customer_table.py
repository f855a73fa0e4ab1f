"""The list of customers: who is looked for, the table, its columns and its pages. Everything it can show has an address."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from dashboard.components.basics import aria, button, hidden, icon
from dashboard.components.customer_cells import address, column_words, is_figure, value_cell
from dashboard.components.filter_bar import Left, left_words
from dashboard.formats import counted, money, whole
from dashboard.queries.customer_list import ID, ListColumn
from dashboard.queries.customers import LONGEST_SEARCH
from dashboard.queries.segments import ShownSegment

PAGE_SIZE = 50
_MOST_NAMED = 4


@dataclass(frozen=True)
class Listing:
    """A page of the list, ready to be drawn. ``links`` lead to the customers of its rows."""

    query: Mapping[str, str]
    columns: Sequence[ListColumn]
    every_column: Sequence[ListColumn]
    rows: Sequence[Sequence[Any]]
    links: Sequence[str]
    segments: Sequence[ShownSegment]
    currency: str | None
    sort: str
    is_down: bool
    page: int
    n: int
    sees_personal: bool

    @property
    def n_pages(self) -> int:
        """How many pages there are, one at least."""
        return max(1, -(-self.n // PAGE_SIZE))


def how_many(left: Left, is_narrowed: bool, currency: str | None) -> html.Span:
    """Say how many customers there are and what they spent, or how many of them a filter or a search leaves."""
    if is_narrowed:
        return left_words(left, currency)
    told: list[Any] = [html.B(counted(left.n, "customer"))]
    if left.money is not None:
        told += [" · ", html.B(money(left.money, currency)), " spent in all"]
    return html.Span(html.Span(told), className="left")


def search_box(search: str, searched: Sequence[str]) -> html.Div:
    """Draw the field to look somebody up; ``searched`` are the columns that are looked into, of which it names the first."""
    told = f"Search {', '.join(searched[:_MOST_NAMED])}{'…' if len(searched) > _MOST_NAMED else ''}"
    field = dcc.Input(
        id="customers-search",
        type="text",
        value=search,
        placeholder=told,
        maxLength=LONGEST_SEARCH,
        n_submit=0,
        autoComplete="off",
        className="search",
    )
    return html.Div(
        [
            html.Label("Search customers", htmlFor="customers-search", className="vh"),
            field,
            button("Search", "customers-look", icon_name="search"),
        ],
        role="search",
        className="look-up",
    )


def column_menu(listing: Listing) -> html.Details:
    """Draw the choice of columns."""
    shown = [column.name for column in listing.columns if column.name != ID]
    choices = [{"label": column_words(column), "value": column.name} for column in listing.every_column if column.name != ID]
    ticks = dbc.Checklist(choices, shown, id="customers-columns", className="choices")  # that of dcc nests controls
    again = dcc.Link("As at first", href=address(listing.query, columns=None))
    inside = html.Div(
        [
            html.Div(ticks, className="scroll", tabIndex=0, role="group", **aria(label="Columns")),
            html.Div([button("Show these", "customers-show", "primary"), again], className="deeds"),
        ],
        className="pop",
    )
    return html.Details([html.Summary([icon("table"), "Columns", icon("down")], className="btn"), inside], className="popup columns")


def customer_table(listing: Listing) -> html.Div:
    """Draw the table: a link in each head sorts by it, one in each row leads to the customer."""
    head = html.Thead(html.Tr([_head(column, listing) for column in listing.columns]))
    rows = [_row(row, to, listing) for row, to in zip(listing.rows, listing.links, strict=True)]
    table = html.Table([html.Caption("Customers", className="vh"), head, html.Tbody(rows)], className="people")
    return html.Div(table, className="scroll", tabIndex=0, role="region", **aria(label="Customers"))


def _head(column: ListColumn, listing: Listing) -> html.Th:
    is_sorted = column.name == listing.sort
    is_down = not listing.is_down if is_sorted else is_figure(column)
    arrow = ("↓" if listing.is_down else "↑") if is_sorted else ""
    mark = [html.Span(arrow, className="arrow", **aria(hidden="true"))] if arrow else []
    to = address(listing.query, sort=f"{'-' if is_down else ''}{column.name}", page=None)
    link = dcc.Link([html.Span(column_words(column)), *mark, hidden(", sort")], href=to, title="Sort by this column")
    state: Any = {"aria-sort": "descending" if listing.is_down else "ascending"} if is_sorted else {}
    return html.Th(link, className="n" if is_figure(column) else None, scope="col", **state)


def _row(row: Sequence[Any], to: str, listing: Listing) -> html.Tr:
    return html.Tr([_cell(column, value, to, listing) for column, value in zip(listing.columns, row, strict=True)])


def _cell(column: ListColumn, value: Any, to: str, listing: Listing) -> html.Th | html.Td:
    is_hidden = column.is_personal and not listing.sees_personal
    if column.kind == "id":
        return html.Th(dcc.Link("Customer" if is_hidden else value, href=to, className="who-is"), scope="row")
    cell = value_cell(column, value, listing.segments, listing.currency, is_hidden)
    return html.Td(cell, className="n" if is_figure(column) else None, title=value if column.kind == "text" and value else None)


def pager(listing: Listing) -> html.Nav:
    """Draw where one is in the list, and the ways to its other pages."""
    first = (listing.page - 1) * PAGE_SIZE + 1
    last = min(listing.n, listing.page * PAGE_SIZE)
    where = html.Span([html.B(f"{whole(first)}–{whole(last)}"), f" of {counted(listing.n, 'customer')}"], **aria(live="polite"))
    go = _way_to(listing)
    ends = (("First", 1), ("Previous", listing.page - 1)), (("Next", listing.page + 1), ("Last", listing.n_pages))
    links = [go(words, page) for words, page in (*ends[0], *ends[1])]
    return html.Nav([where, html.Span(links, className="ways")], className="pager", **aria(label="Pages"))


def _way_to(listing: Listing) -> Callable[[str, int], Any]:
    def link(words: str, page: int) -> Any:
        if page == listing.page or not 1 <= page <= listing.n_pages:
            return html.Span(words, className="btn off")
        return dcc.Link(words, href=address(listing.query, page=str(page) if page > 1 else None), className="btn")

    return link


def moved_chip(words: str, query: Mapping[str, str]) -> html.Span:
    """Draw which move the list is about; a link takes it off."""
    inside = [icon("cross"), hidden(f"Take off: Moved {words}")]
    off = dcc.Link(inside, href=address(query, moved=None, page=None), className="take-off", title="Take this filter off")
    return html.Span([html.Span("Moved:"), words, off], className="chip")


def nobody(query: Mapping[str, str]) -> html.Div:
    """Say that nobody fits, and offer the way back to all."""
    has_filter = bool(query.get("filter") or query.get("moved"))
    words = "Nobody fits both the search and the filters." if query.get("search") and has_filter else (
        "Nobody fits this search." if query.get("search") else "Nobody fits these filters."
    )  # fmt: skip
    return html.Div([html.P(html.B(words)), everybody(query)], className="nobody", role="status")


def everybody(query: Mapping[str, str]) -> dcc.Link:
    """Draw the way back to all customers."""
    return dcc.Link("Show all customers", href=address(query, search=None, filter=None, moved=None, page=None), className="btn")
