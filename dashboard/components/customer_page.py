"""One customer: who, what they measure among all, their segment and why, and every order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dash import dcc, html

from dashboard.components.basics import aria, card, hidden, icon, page_top, spacer
from dashboard.components.charts import DataTable, Told, chart, chart_card
from dashboard.components.customer_cells import address, column_words, money_words, number_words, value_cell
from dashboard.components.filters import month_words
from dashboard.components.predict_answer import customer_explained
from dashboard.components.segment_key import segment_key
from dashboard.formats import MISSING, counted, day, days, money, percent, whole
from dashboard.queries.customer import CustomerShown, Standing
from dashboard.queries.history import MOST_LINES, ORDERS_A_PAGE, History, Order

_COMPARED = {"money": ("less", "more"), None: ("lower", "higher")}


@dataclass(frozen=True)
class Look:
    """How to show a customer: the list to go back to, the currency, whether personal data are seen, and the drawing of their spend."""

    back: Mapping[str, str]
    currency: str | None
    sees_personal: bool
    spend: dict[str, Any] | None


def customer_parts(shown: CustomerShown, look: Look) -> list[Any]:
    """Draw the page of one customer."""
    back, currency = look.back, look.currency
    left = html.Div([_who(shown, currency, look.sees_personal), _measures(shown, currency)], className="side")
    right = html.Div([_why(shown), *_bought(shown, look)], className="side")
    return [_top(shown, back), html.Div([left, right], className="one")]


def _top(shown: CustomerShown, back: Mapping[str, str]) -> html.Div:
    home = dcc.Link([icon("back"), "Customers"], href=address(back), className="btn ghost back")
    where = html.Span(f"{whole(shown.number)} of {whole(shown.n_listed)} in the list", className="mut sm") if shown.number else None
    steps = [_step("Previous", shown.before, back), _step("Next", shown.after, back)] if shown.number else []
    return html.Div([home, page_top(shown.title, spacer(), where, *steps)], className="one-top")


def _step(words: str, name: Mapping[str, str] | None, back: Mapping[str, str]) -> Any:
    if name is None:
        return html.Span(words, className="btn off")
    return dcc.Link(words, href=address(back, **name), className="btn")


def _who(shown: CustomerShown, currency: str | None, sees_personal: bool) -> html.Section:
    rows = []
    for column, value in shown.facts:
        is_hidden = column.is_personal and not sees_personal
        cell = value_cell(column, value, shown.found.segments, currency, is_hidden)
        rows += [html.Dt(column_words(column)), html.Dd(cell)]
    body = html.Dl(rows, className="facts") if rows else html.P("The file says no more than the figures below.", className="mut sm")
    return card("Who", body)


def _why(shown: CustomerShown) -> html.Section:
    if shown.explained is not None:
        was = html.P(shown.was, className="was mut sm") if shown.was else None
        head = html.H2("Segment and why", className="vh")
        return html.Section([head, customer_explained(shown.explained), was], className="card explained")
    segment = next((each for each in shown.found.segments if each.segment_id == shown.segment_id), None)
    if segment is None:
        words = "These customers have no segments yet." if not shown.found.segments else "In no segment."
        return card("Segment", html.P([words, " ", dcc.Link("Find segments", href="/studio")]))
    name = html.P([segment_key(segment.letter), html.B(f" {segment.name}")])
    return card("Segment", [name, html.P(shown.problem, className="mut sm") if shown.problem else None])


def _measures(shown: CustomerShown, currency: str | None) -> html.Section:
    if not shown.standings:
        return card("Measures", html.P("No figures are known of this customer.", className="mut sm"), look="later")
    lines = [_standing(each, currency) for each in shown.standings]
    note = "Bars: the share of customers with a smaller value, those with the same counted half. n: customers whose value is known."
    return card(
        "Measures", html.Dl(lines, className="stands"), "Beside all customers of the dataset, over all their purchases.", note, "later"
    )


def _standing(each: Standing, currency: str | None) -> html.Div:
    value = money_words(each.value, each.column, currency) if each.column.kind == "money" else number_words(each.value, each.column)
    middle = each.below + each.equal / 2
    bar = html.Span(html.I(style={"width": f"{100 * middle:.1f}%"}), className="track")
    told = html.Span([standing_words(each), html.Small(f"n = {whole(each.n)}")])
    return html.Div([html.Dt(column_words(each.column)), html.Dd([html.B(value), bar, told])])


def standing_words(each: Standing) -> str:
    """Say where a value stands: more than 92% of customers, the same as 60%."""
    above = 1 - each.below - each.equal
    less, more = ("younger", "older") if each.column.name == "age" else _COMPARED.get(each.column.unit, ("fewer", "more"))
    if each.equal >= max(each.below, above):
        return "the same as everybody else" if each.equal > 1 - 1e-12 else f"the same as {percent(each.equal)} of customers"
    if each.below >= above:
        return f"{more} than {_not_all(each.below)} of customers"
    return f"{less} than {_not_all(above)} of customers"


def _not_all(share: float) -> str:
    """Return a share in whole percent; what is not everybody is never 100%."""
    return percent(min(share, 0.99)) if share < 0.999 else percent(min(share, 0.999), 1)


def _bought(shown: CustomerShown, look: Look) -> list[Any]:
    history = shown.history
    if history is None:
        return []
    spend = [_spend(history, look.currency, look.spend)] if look.spend else []

    def to(page: int, order: str | None = None) -> str:
        return address(look.back, **shown.name, orders=str(page) if page > 1 else None, order=order)

    return [*spend, _orders(history, look.currency, to)]


def _spend(history: History, currency: str | None, figure: dict[str, Any]) -> html.Section:
    what = "Spend" if history.has_money else "Orders"
    total = sum(value for _, value in history.spend)
    words = money(total, currency) if history.has_money else counted(round(total), "order")
    period = f"on {day(history.first_day)}" if history.first_day == history.last_day else days(history.first_day, history.last_day)
    finding = f"{words} in {counted(history.n_orders, 'order')}, {period}."
    unit = "year" if "-" not in history.spend[0][0] else "month"
    rows = [
        [month_words(name), money(value, currency, is_short=False) if history.has_money else whole(value)] for name, value in history.spend
    ]
    told = Told(f"{what} over time", finding, f"{what} by {unit}, n = {counted(history.n_orders, 'order')}.")
    return chart_card(
        chart("customer-spend", figure, f"{what} by {unit}. {finding}", 170), told, DataTable((unit.capitalize(), what), rows), "later"
    )


def _orders(history: History, currency: str | None, to: Callable[..., str]) -> html.Section:
    """Draw a page of the orders, open the one with all its lines, else the first; ``to`` leads to a page or to an order."""
    page = 1 + (history.first - 1) // ORDERS_A_PAGE
    opened = next((order.key for order in history.orders if len(order.lines) > MOST_LINES), None)
    entries = [
        _order(order, history, currency, place == 0 if opened is None else order.key == opened, to(page, order.key))
        for place, order in enumerate(history.orders)
    ]
    ways = _ways(history, page, to)
    told = f"{counted(history.n_orders, 'order')} with {counted(history.n_lines, 'line')}."
    note = "The newest first." if history.first_day else "As they stand in the file, which says no dates."
    return card("History", [html.Div(entries, className="orders"), ways], told, note if history.n_orders > 1 else None, "later")


def _ways(history: History, page: int, to: Callable[..., str]) -> html.Nav | None:
    """Draw which of many orders are shown, and the ways to the others."""
    if history.n_orders <= ORDERS_A_PAGE:
        return None
    last = history.first + len(history.orders) - 1
    where = html.Span([html.B(f"{whole(history.first)}–{whole(last)}"), f" of {counted(history.n_orders, 'order')}"])
    before, after = ("Newer", "Older") if history.first_day else ("Previous", "Next")
    back = dcc.Link(before, href=to(page - 1), className="btn") if page > 1 else html.Span(before, className="btn off")
    on = dcc.Link(after, href=to(page + 1), className="btn") if last < history.n_orders else html.Span(after, className="btn off")
    return html.Nav([where, html.Span([back, on], className="ways")], className="pager", **aria(label="Orders"))


def _order(order: Order, history: History, currency: str | None, is_open: bool, all_lines: str) -> html.Details:
    head = [
        html.B(day(order.day)) if order.day else None,
        html.Span([hidden("order "), order.name], className="mut name") if order.name else None,
        html.Span(counted(order.n_lines, "line"), className="dim"),
        html.Span(money(order.money, currency, is_short=False), className="n") if order.money is not None else None,
    ]
    return html.Details([html.Summary(head), _lines(order, history, currency, all_lines)], open=is_open)


def _lines(order: Order, history: History, currency: str | None, all_lines: str) -> html.Div:
    headers = [*history.headers, *([("Amount", True)] if history.has_money else [])]
    head = html.Thead(html.Tr([html.Th(words, scope="col", className="n" if is_number else None) for words, is_number in headers]))
    rows = [html.Tr(_line(line, headers, history, currency)) for line in order.lines]
    more = []
    if order.n_lines > len(order.lines):
        link = dcc.Link(f"Show all {whole(order.n_lines)}", href=all_lines)
        more = [html.P([f"The first {MOST_LINES} of {whole(order.n_lines)} lines. ", link], className="dim xs")]
    table = html.Div(html.Table([head, html.Tbody(rows)]), className="scroll", tabIndex=0, role="region", **aria(label=_name_of(order)))
    return html.Div([table, *more])


def _name_of(order: Order) -> str:
    return f"Lines of order {order.name or ''} {day(order.day) if order.day else ''}".strip()


def _line(line: Sequence[Any], headers: Sequence[tuple[str, bool]], history: History, currency: str | None) -> list[html.Td]:
    cells = []
    for place, (value, (_, is_number)) in enumerate(zip(line, headers, strict=True)):
        is_money = history.has_money and place == len(headers) - 1
        cells.append(html.Td(_words(value, is_money, currency), className="n" if is_number else None))
    return cells


def _words(value: Any, is_money: bool, currency: str | None) -> str:
    if value is None:
        return MISSING
    if isinstance(value, str):
        return value
    if is_money:
        return money(value, currency, is_short=False)
    return whole(value) if value == int(value) else f"{value:,.2f}".replace("-", "−")
