"""One customer: what is known, where the measures stand among all, the segment and why, and every order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dashboard.context import Context
from dashboard.queries.customer_list import CustomerList, ListColumn, load_list
from dashboard.queries.customers import Found, Wanted, find_customers, read_rows
from dashboard.queries.history import History, load_history
from dashboard.queries.moved import say_before
from dashboard.queries.predict import explain_customer
from database.datasets import Dataset
from database.runs import Run
from segmentation.errors import AppError, ConflictError, NotFoundError

LONGEST_ID = 150
"""Of an id that stands in an address; a longer one is named by its place."""


@dataclass(frozen=True)
class Standing:
    """A measure of the customer among all who have it: the shares of those with less, and with the same."""

    column: ListColumn
    value: float
    below: float
    equal: float
    n: int


@dataclass(frozen=True)
class CustomerShown:
    """One customer as the page shows them; ``name``, and the neighbours ``before`` and ``after`` in the list, as addresses name them.

    ``explained`` is what ``queries.predict`` says, None where there is no run; ``problem`` says why it has nothing to say;
    ``was`` says in which segment they were in the version before, None where there is none.
    """

    title: str
    name: Mapping[str, str]
    segment_id: int | None
    facts: Sequence[tuple[ListColumn, Any]]
    standings: Sequence[Standing]
    explained: Mapping[str, Any] | None
    problem: str | None
    was: str | None
    history: History | None
    number: int | None
    n_listed: int
    before: Mapping[str, str] | None
    after: Mapping[str, str] | None
    found: Found


def name_customer(customers: CustomerList, epoch: int, place: int, sees_personal: bool) -> dict[str, str]:
    """Return what an address says of a customer: the id, or the place where the id is too long or not to be seen."""
    customer_id = str(customers.ids[place])
    if len(customer_id) > LONGEST_ID or (customers.columns["@id"].is_personal and not sees_personal):
        return {"at": f"{place}-{epoch}"}
    return {"customer": customer_id}


def load_customer(context: Context, dataset: Dataset, run: Run | None, wanted: Wanted, query: Mapping[str, str]) -> CustomerShown:
    """Return the customer that an address names, with the page of their orders (``orders``) and the one with all its lines (``order``).

    Raises
    ------
    NotFoundError
        ``no_such_customer``.
    """
    customers = load_list(context, dataset)
    place = _find_place(customers, dataset, query)
    found = _find_listed(context, dataset, run, wanted)
    number, before, after = _neighbours(found, dataset.erasure_epoch, place, wanted.sees_personal)
    here = np.array([place])
    columns = list(customers.columns.values())
    cells = read_rows(found, here, columns, wanted.sees_personal)[0]
    customer_id = str(customers.ids[place])
    explained, problem = _explain(context, run, customer_id)
    return CustomerShown(
        title=customer_id if wanted.sees_personal or not customers.columns["@id"].is_personal else f"Customer {place + 1:,}",
        name=name_customer(customers, dataset.erasure_epoch, place, wanted.sees_personal),
        segment_id=next(cell for column, cell in zip(columns, cells, strict=True) if column.kind == "segment"),
        facts=[(column, cell) for column, cell in zip(columns, cells, strict=True) if column.kind in ("text", "day")],
        standings=_standings(customers, place, columns, wanted.sees_personal),
        explained=explained,
        problem=problem,
        was=say_before(context, run, customer_id) if run else None,
        history=load_history(
            context, dataset, customer_id, wanted.sees_personal, read_number(query.get("orders", "")), query.get("order", "")
        ),
        number=number,
        n_listed=found.n,
        before=before,
        after=after,
        found=found,
    )


def read_number(text: str) -> int:
    """Return the number of a page that an address names, 1 where it names none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else 1


def _find_listed(context: Context, dataset: Dataset, run: Run | None, wanted: Wanted) -> Found:
    """Return the list that one came from; where it cannot be, that of all."""
    try:
        return find_customers(context, dataset, run, wanted)
    except AppError:
        return find_customers(context, dataset, run, Wanted(sees_personal=wanted.sees_personal))


def _find_place(customers: CustomerList, dataset: Dataset, name: Mapping[str, str]) -> int:
    wanted = name.get("customer", "")
    place, _, epoch = name.get("at", "").partition("-")
    if wanted:
        found = int(np.searchsorted(customers.ids, wanted))
        if found < customers.n_customers and customers.ids[found] == wanted:
            return found
    elif place.isdecimal() and len(place) < 12 and epoch == str(dataset.erasure_epoch) and int(place) < customers.n_customers:
        return int(place)
    fix = "Look it up in the list. If every row of the customer was set aside, the page Data has them as a file."
    detail = f'The id would be "{wanted[:80]}".' if wanted else ""
    raise NotFoundError("no_such_customer", "There is no such customer in this dataset.", detail, fix)


def _neighbours(
    found: Found, epoch: int, place: int, sees_personal: bool
) -> tuple[int | None, Mapping[str, str] | None, Mapping[str, str] | None]:
    """Return (number in the list counted from 1, who comes before, who comes after); None where there is nobody."""
    where = np.flatnonzero(found.places == place)
    if not where.size:
        return None, None, None
    number = int(where[0])

    def named(at: int) -> Mapping[str, str] | None:
        return name_customer(found.customers, epoch, int(found.places[at]), sees_personal) if 0 <= at < found.n else None

    return number + 1, named(number - 1), named(number + 1)


def _explain(context: Context, run: Run | None, customer_id: str) -> tuple[Mapping[str, Any] | None, str | None]:
    if run is None:
        return None, None
    try:
        return explain_customer(context, run.id, customer_id), None
    except ConflictError as error:
        return None, f"{error.title} {error.fix}"


def _standings(customers: CustomerList, place: int, columns: Sequence[ListColumn], sees_personal: bool) -> list[Standing]:
    found = []
    for column in columns:
        if column.kind not in ("number", "money") or (column.is_personal and not sees_personal):
            continue
        values = customers.numbers(column.name)
        value, known = values[place], values[np.isfinite(values)]
        if np.isfinite(value):
            below, equal = float(np.mean(known < value)), float(np.mean(known == value))
            found.append(Standing(column, float(value), below, equal, int(known.size)))
    return found
