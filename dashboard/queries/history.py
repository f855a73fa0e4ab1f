"""What one customer bought: every order with its lines, the newest first, and the money of each month or year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dashboard.context import Context
from database.datasets import ColumnSpec, Dataset
from database.engine import read
from database.snapshots import load_snapshot
from segmentation.intake.columns import ROLE_BY_NAME
from segmentation.intake.mapping import header_words

ORDERS_A_PAGE, MOST_LINES, _MOST_COLUMNS, _MOST_MONTHS = 100, 50, 6, 36
_OF_ORDER = frozenset({"customer", "order", "date", "amount", "time"})


@dataclass(frozen=True)
class Order:
    """One order: its key among the customer's, its number in the file, day (ISO) and money, its lines (the first), how many there are."""

    key: str
    name: str | None
    day: str | None
    money: float | None
    lines: Sequence[Sequence[str | float | None]]
    n_lines: int


@dataclass(frozen=True)
class History:
    """The orders of one customer, the newest first (without days as in the file), a page of them; ``first`` is the number of the first.

    ``spend`` is the money (else the orders) of each month or year.
    """

    headers: Sequence[tuple[str, bool]]
    orders: Sequence[Order]
    first: int
    n_orders: int
    n_lines: int
    first_day: str | None
    last_day: str | None
    spend: Sequence[tuple[str, float]]
    has_money: bool


def load_history(
    context: Context, dataset: Dataset, customer_id: str, sees_personal: bool, page: int = 1, whole: str = ""
) -> History | None:
    """Return a page of the orders of a customer of a log; None of a list. One of them may be wanted with all its lines, by its key.

    Free texts beside a purchase may be personal data.
    """
    if dataset.kind != "transactions":
        return None
    with read(context.engine) as conn:
        rows = load_snapshot(conn, context.snapshots, dataset, "transactions")
    lines = _lines_of(rows, customer_id)
    specs = {spec.name: spec for spec in dataset.columns["transactions"]}
    cells = {name: _values(lines.column(name), spec) for name, spec in specs.items()}
    shown = [spec for spec in _shown_columns(dataset) if sees_personal or not _may_be_personal(spec)][:_MOST_COLUMNS]
    groups: dict[Any, list[int]] = {}
    for row in range(lines.num_rows):
        groups.setdefault(_mark(cells, row), []).append(row)
    moments = {mark: _moment(cells, group) for mark, group in groups.items()}
    if any(moments.values()):
        groups = {mark: groups[mark] for mark in sorted(groups, key=lambda mark: (moments[mark] or datetime.min, str(mark)), reverse=True)}  # noqa: DTZ901
    orders = [
        _order(cells, rows, (str(mark), moments[mark]), shown, None if str(mark) == whole else MOST_LINES) for mark, rows in groups.items()
    ]
    days = sorted(order.day for order in orders if order.day)
    start = ORDERS_A_PAGE * (min(max(1, page), max(1, -(-len(orders) // ORDERS_A_PAGE))) - 1)
    has_money = "amount" in cells
    return History(
        headers=[(spec.header, spec.type != "text") for spec in shown],
        orders=orders[start : start + ORDERS_A_PAGE],
        first=start + 1,
        n_orders=len(orders),
        n_lines=lines.num_rows,
        first_day=days[0] if days else None,
        last_day=days[-1] if days else None,
        spend=_by_time([(order.day, order.money if has_money else 1.0) for order in orders if order.day]) if days else (),
        has_money=has_money,
    )


def _lines_of(rows: pa.Table, customer_id: str) -> pa.Table:
    ids = rows.column("customer_id").unify_dictionaries().combine_chunks()
    ids = ids.chunk(0) if isinstance(ids, pa.ChunkedArray) else ids
    code = pc.index(ids.dictionary, customer_id).as_py()
    return rows.filter(pc.fill_null(pc.equal(ids.indices, code), False))


def _values(column: pa.ChunkedArray, spec: ColumnSpec) -> list[Any]:
    if spec.type == "text":
        return [text or None for text in column.cast(pa.string()).to_pylist()]
    values = column.to_pylist()
    if spec.type == "decimal":
        return [None if value is None else value / 10**spec.scale for value in values]
    return values


def _shown_columns(dataset: Dataset) -> list[ColumnSpec]:
    """Return the columns that say something of a line: those with a meaning first."""
    of_customers = {spec.header for spec in dataset.columns["customers"]}
    free = [
        spec
        for spec in dataset.columns["transactions"]
        if spec.header
        and spec.role not in _OF_ORDER
        and spec.header not in of_customers
        and not (spec.role and ROLE_BY_NAME[spec.role].is_about_customer)
    ]
    return sorted(free, key=lambda spec: spec.role is None)


def _may_be_personal(spec: ColumnSpec) -> bool:
    return spec.role is None and spec.type == "text" and header_words(spec.header) not in ROLE_BY_NAME["product"].headers


def _mark(cells: dict[str, list[Any]], row: int) -> Any:
    """Say which order a line belongs to: without order numbers those of a day, without days each line alone."""
    if "order" in cells:
        return cells["order"][row]
    return cells["date"][row].date() if "date" in cells and cells["date"][row] else row


def _moment(cells: dict[str, list[Any]], rows: Sequence[int]) -> datetime | None:
    return min((cells["date"][row] for row in rows if cells["date"][row]), default=None) if "date" in cells else None


def _order(
    cells: dict[str, list[Any]], rows: Sequence[int], which: tuple[str, datetime | None], shown: Sequence[ColumnSpec], most: int | None
) -> Order:
    key, moment = which
    amounts = [cells["amount"][row] or 0.0 for row in rows] if "amount" in cells else None
    lines = [
        [*(_cell(cells[spec.name][row]) for spec in shown), *([cells["amount"][row]] if amounts is not None else [])] for row in rows[:most]
    ]
    name = cells["order"][rows[0]] if "order" in cells else None
    return Order(key, name, moment.date().isoformat() if moment else None, None if amounts is None else sum(amounts), lines, len(rows))


def _cell(value: Any) -> str | float | None:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value if value is None or isinstance(value, str) else float(value)


def _by_time(orders: Sequence[tuple[str, float | None]]) -> list[tuple[str, float]]:
    """Return the money of each month from the first to the last order, of each year where there are many months."""
    first, last = min(day for day, _ in orders), max(day for day, _ in orders)
    months = [12 * int(day[:4]) + int(day[5:7]) - 1 for day in (first, last)]
    is_yearly = months[1] - months[0] >= _MOST_MONTHS
    names = (
        [str(year) for year in range(int(first[:4]), int(last[:4]) + 1)]
        if is_yearly
        else [f"{month // 12}-{month % 12 + 1:02}" for month in range(months[0], months[1] + 1)]
    )
    found = dict.fromkeys(names, 0.0)
    for day, money in orders:
        found[day[: 4 if is_yearly else 7]] += money or 0.0
    return list(found.items())
