"""Overviews under filters: the compiled way against the plain one on random logs, lists and filters, and what is left of nothing."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from segmentation.errors import InvalidInputError
from segmentation.measures import kernels
from segmentation.measures.catalogue import CustomerCatalogue, CustomerColumn, Population
from segmentation.measures.crossings import cross_seasons, season_cells, with_sums
from segmentation.measures.customers import ExactMoney
from segmentation.measures.filters import DAYS, EVERYBODY, WEEKDAYS, Band, Condition, CustomerFilter, Days, read_filter
from segmentation.measures.indexed import Index, IndexedLook
from segmentation.measures.lines import Lines, read_lines
from segmentation.measures.overview import Overview, describe
from segmentation.measures.refreshing import refresh
from segmentation.measures.selection import Source, narrow, select
from tests.segmentation.measures.plain_view import look_plainly

_START = datetime(2023, 11, 20)  # noqa: DTZ001 - files have no zone
_PLACES = ("France", "Spain", "", 'it\'s; "x" OR 1=1 --')


def table_of(rng: np.random.Generator, n: int, n_customers: int, days: int) -> pa.Table:
    def pick(texts, size=n):
        return pa.array(rng.choice(np.array(texts, dtype=object), size)).dictionary_encode()

    minutes = rng.integers(0, 60 * 24 * days, n)
    minutes = np.sort(minutes) if rng.random() < 0.5 else minutes
    return pa.table(
        {
            "customer_id": pick([f"c{number:03}" for number in range(n_customers)]),
            "order": pick([str(number) for number in range(max(n // 3, 1))]),
            "date": pa.array([_START + timedelta(minutes=int(each)) for each in minutes], pa.timestamp("s")),
            "amount": pa.array(rng.integers(-300, 2000, n)),
            "product": pick(["T1", "T2", "J", "", "K"]),
            "category": pick(["tea", "jam", ""]),
            "payment": pick(["card", "cash"]),
            "country": pick(_PLACES),
            "Description": pick(["a tea", "a jam", "", "b"]),
        }
    )


def log_of(seed: int, n: int = 60, has_money: bool = True, has_dates: bool = True, days: int = 200) -> Source:
    rng = np.random.default_rng(seed)
    rows = table_of(rng, n, n_customers=max(n // 5, 2), days=days)
    rows = rows.drop_columns([name for name, there in (("amount", has_money), ("date", has_dates)) if not there])
    ids = sorted(set(rows.column("customer_id").to_pylist()))
    lines = read_lines(rows, pa.array(ids), 2)
    money = ExactMoney(lines.sum_units(lines.customers, lines.n_customers), 2) if has_money else None
    return Source(population(rng, ids, money), money, lines, "Description", {"payment": "payment"}, rng.integers(0, 3, len(ids)))


def list_of(seed: int, n: int = 40) -> Source:
    rng = np.random.default_rng(seed)
    money = ExactMoney(rng.integers(0, 10**6, n), 2)
    return Source(population(rng, [f"c{number:03}" for number in range(n)], money), money, None, None, {}, rng.integers(0, 3, n))


def population(rng: np.random.Generator, ids: list[str], money: ExactMoney | None) -> Population:
    n = len(ids)
    values = {
        "monetary_total": np.zeros(n) if money is None else money.as_floats(),
        "age": np.where(rng.random(n) < 0.1, np.nan, rng.integers(10, 125, n)),
        "income": np.where(rng.random(n) < 0.2, np.nan, rng.normal(5e4, 2e4, n).round()),
        "gender": rng.choice(np.array(["f", "F", "m", None], dtype=object), n),
        "country": rng.choice(np.array([text or None for text in _PLACES], dtype=object), n),
        "education": rng.choice(np.array(["PhD", "Basic", "Master", None], dtype=object), n),
        "said yes": rng.choice([0.0, 1.0, np.nan], n),
    }
    columns = tuple(
        CustomerColumn(name, name, name, "category" if column.dtype == object else "number", None if " " in name else name)
        for name, column in values.items()
    )
    return Population("customers", np.array(ids, dtype=object), CustomerCatalogue(columns, pd.DataFrame(values)))


def texts(*values: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True).map(tuple)


def bands(low: float, high: float) -> st.SearchStrategy[tuple[Band, ...]]:
    return st.lists(st.builds(Band, st.floats(low, high), st.none() | st.floats(low, high)), min_size=1, max_size=2).map(tuple)


_OF_CUSTOMERS = {
    "country": texts(*_PLACES, "nowhere"),
    "age": bands(0, 130),
    "gender": texts("f", "m", ""),
    "education": texts("PhD", "Basic", ""),
    "said yes": texts("0", "1", ""),
    "monetary_total": bands(-10, 300),
    "income": bands(0, 1e5) | texts(""),
    "@segment": texts("1", "2", "", "x", "99999999999999999999"),
}
_DATES = st.dates(date(2023, 11, 1), date(2024, 7, 1))
_OF_LINES = {
    "category": texts("tea", "jam", "", "none"),
    "product": texts("T1", "J", ""),
    "payment": texts("card", "cash"),
    "@month": texts("2023-11", "2024-01", "2024-03", "2024-13", "x"),
    "@weekday": texts("Mon", "Sat", "Sun", "?"),
    "@order_value": bands(-5, 60) | texts("7.5", ""),
    "@week_hour": texts(*(f"{day} {hour}" for day in WEEKDAYS[:3] for hour in (0, 9, 23))),
    "@first_month": texts("2023-11", "2023-12", "2024-01"),
    DAYS: st.builds(Days, _DATES, st.none() | _DATES).map(lambda days: (days,)),
}


def filters_of(columns: dict[str, st.SearchStrategy[tuple]]) -> st.SearchStrategy[CustomerFilter]:
    chosen = st.lists(st.sampled_from(sorted(columns)), max_size=3, unique=True)
    conditions = chosen.flatmap(
        lambda names: st.tuples(*(columns[name].map(lambda each, name=name: Condition(name, each)) for name in names))
    )
    return conditions.map(lambda each: CustomerFilter(tuple(each)))


def as_json(overview: Overview) -> str:
    return json.dumps(TypeAdapter(Overview).dump_python(overview, mode="json"), allow_nan=False)


def same_both_ways(source: Source, chosen: CustomerFilter) -> Overview:
    base = describe(source, look_plainly(source))
    look = IndexedLook(Index(source), source.segment_ids)
    assert describe(source, look) == base
    assert refresh(base, EVERYBODY, look) == base
    found = refresh(base, chosen, look)
    assert found == refresh(base, chosen, look_plainly(source))
    assert found.n_customers == select(source, chosen).n_customers
    as_json(found)
    return found


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.integers(5, 150), filters_of(_OF_CUSTOMERS | _OF_LINES))
def test_logs_are_counted_as_the_plain_way_counts(seed, n, chosen):
    same_both_ways(log_of(seed, n), chosen)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32), filters_of(_OF_CUSTOMERS))
def test_lists_are_counted_as_the_plain_way_counts(seed, chosen):
    same_both_ways(list_of(seed), chosen)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32), st.booleans(), filters_of({name: _OF_LINES[name] for name in ("category", "product", "payment")}))
def test_logs_without_money_or_dates(seed, has_money, chosen):
    same_both_ways(log_of(seed, 40, has_money, has_dates=not has_money), chosen)


def test_a_large_log_with_cohorts_and_many_values():
    source = log_of(7, 3000)
    for text in ("@month:2024-02|2024-03", "@first_month:2024-01;category:tea", "payment:card;age:20..60;@days:2024-01-15.."):
        assert same_both_ways(source, read_filter(text)).cohorts is not None


@pytest.mark.parametrize("has_money", [True, False])
@pytest.mark.parametrize("text", ["gender:f|F", "payment:card", "payment:card;age:20..70", "payment:none"])
def test_baskets_and_seasons_are_counted_as_the_plain_way_counts(text, has_money):
    source, chosen = log_of(4, 800, has_money, days=420), read_filter(text)
    look, plain = IndexedLook(Index(source)), select(source, chosen)
    view = look(chosen)
    lines = narrow(source, chosen).lines
    assert lines is not None
    assert plain.lines is not None
    assert np.array_equal(view.is_left, plain.customers)
    assert sorted(view.order_values()) == (sorted(lines.order_values()) if has_money else [0.0] * lines.n_orders)
    whole = cross_seasons(source, np.ones(plain.lines.size, bool))
    assert whole is not None
    cells = look.index.cells("seasons", lambda: season_cells(source, whole), whole.n_cells)
    assert with_sums(whole, *view.sum_cells(cells, whole.n_cells)) == cross_seasons(source, plain.lines, whole)


def test_nothing_compiles_after_warming_up():
    kernels.warm()
    entries = [each for each in vars(kernels).values() if hasattr(each, "signatures")]
    known = [list(each.signatures) for each in entries]
    source = log_of(3)
    look = IndexedLook(Index(source), source.segment_ids)
    refresh(describe(source, look), read_filter("category:tea;@weekday:Mon;age:20..30"), look)
    assert [list(each.signatures) for each in entries] == known


@pytest.mark.parametrize("make", [log_of, list_of])
def test_where_nothing_is_left_every_part_is_there_and_empty(make):
    source = make(1)
    base = describe(source, look_plainly(source))
    here = refresh(base, read_filter("country:nowhere;gender:nobody;age:500..;education:none"), IndexedLook(Index(source)))
    assert json.loads(as_json(here)).keys() == json.loads(as_json(base)).keys()
    assert (here.n_customers, here.n_orders) == (0, 0 if source.lines else None)
    assert {kpi.name for kpi in here.kpis} == {kpi.name for kpi in base.kpis}
    assert all(kpi.value in (0, None) for kpi in here.kpis)
    assert here.concentration is not None
    assert (here.concentration.n, here.concentration.n_top, here.concentration.curve) == (0, 0, ())
    assert [(each.column, each.edges, each.n, sum(each.counts)) for each in here.numbers] == [
        (each.column, each.edges, 0, 0) for each in base.numbers
    ]
    assert [(each.column, each.by, each.entries, each.total) for each in here.lines] == [
        (each.column, each.by, (), 0) for each in base.lines
    ]
    assert here.boxes
    assert {(boxes.n, boxes.boxes) for boxes in here.boxes} == {(0, ())}
    assert here.ages is not None
    assert base.ages is not None
    assert [(group.name, sum(group.counts)) for group in here.ages.groups] == [(group.name, 0) for group in base.ages.groups]


def test_each_chart_ignores_its_own_columns():
    source = log_of(5, 400)
    look = IndexedLook(Index(source))
    base = describe(source, look)

    def under(text: str) -> Overview:
        return refresh(base, read_filter(text), look)

    assert under("@month:2024-01").months == base.months
    assert under("@days:2024-01-01..2024-01-09").months == base.months
    assert under("@weekday:Mon;@week_hour:Mon 9").week == base.week
    assert under("country:France").countries == base.countries
    assert under("age:20..30;gender:f").ages == base.ages
    assert under("education:PhD").boxes == base.boxes
    assert [each for each in under("category:tea").lines if each.column == "category"] == [
        each for each in base.lines if each.column == "category"
    ]
    assert [each for each in under("income:..50000").numbers if each.column == "income"] == [
        each for each in base.numbers if each.column == "income"
    ]
    assert under("country:France").week != base.week
    assert under("@month:2024-01").comparison is None


def test_a_product_keeps_its_name_under_every_filter():
    source = log_of(2, 500)
    look = IndexedLook(Index(source))
    base = describe(source, look)
    names = {entry.text: entry.name for each in base.lines if each.column == "product" for entry in each.entries}
    here = refresh(base, read_filter("payment:card;country:France"), look)
    shown = {entry.text: entry.name for each in here.lines if each.column == "product" for entry in each.entries}
    assert shown.items() <= names.items()


@pytest.mark.parametrize("text", ["weight:1..2", "@segment:1", "__class__:x", "Description':x", "@moon:full"])
def test_what_cannot_be_filtered_by_says_so(text):
    source = log_of(1)
    look = IndexedLook(Index(source))
    with pytest.raises(InvalidInputError) as refused:
        refresh(describe(source, look), read_filter(text), look)
    assert refused.value.code == "unknown_filter_column"


def test_two_hundred_choices_and_sixteen_conditions_are_the_most():
    source = log_of(1)
    look = IndexedLook(Index(source))
    base = describe(source, look)
    many = "product:" + "|".join(f"p{number}" for number in range(199)) + "|T1"
    assert refresh(base, read_filter(many), look) == refresh(base, read_filter("product:T1"), look)
    with pytest.raises(InvalidInputError) as refused:
        look(CustomerFilter(tuple(Condition(f"c{number}", ("x",)) for number in range(17))))
    assert refused.value.code == "too_many_conditions"


def test_lines_stand_by_customer_order_and_moment():
    lines = Lines(
        customers=np.array([1, 0, 1, 0]),
        n_customers=2,
        orders=np.array([0, 1, 0, 2]),
        order_customers=np.array([1, 0, 0]),
        units=np.array([1, 2, 3, 4]),
        seconds=np.array([90_000, 50, 10, 20]),
        order_seconds=np.array([10, 50, 20]),
        first_months=np.array([0, 0]),
    )
    found = Index(Source(population(np.random.default_rng(0), ["a", "b"], None), None, lines)).lines
    assert found is not None
    assert found.units.tolist() == [2, 4, 3, 1]
    assert found.starts.tolist() == [0, 1, 2, 4]
    assert found.days.tolist() == [0, 0, 0, 1]
