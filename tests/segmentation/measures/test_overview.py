"""Key figures, months and rankings of a small log by hand, and the same whatever the order of its lines."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from segmentation.measures.catalogue import CustomerCatalogue, CustomerColumn, Population
from segmentation.measures.cohorts import cohort_names
from segmentation.measures.concentration import concentrate
from segmentation.measures.customers import ExactMoney
from segmentation.measures.filters import EVERYBODY
from segmentation.measures.habits import seasonality
from segmentation.measures.indexed import Index, IndexedLook
from segmentation.measures.kpis import list_kpis
from segmentation.measures.lines import Lines, read_lines
from segmentation.measures.monthly import Months, compare_months, month_axis
from segmentation.measures.overview import Overview, describe, overview_of_list
from segmentation.measures.rankings import rank_customers, rank_lines
from segmentation.measures.selection import Source
from segmentation.measures.views import View

# customer, order, moment, amount in cents, product, name of the product
LINES = [
    ("b", "1", "2024-01-01 10:00", 1000, "T", "tea"),
    ("b", "1", "2024-01-01 10:00", 500, "J", "jam"),
    ("a", "2", "2024-02-10 09:30", 250, "T", "tea"),
    ("b", "3", "2024-02-29 23:00", 1000, "T", "green tea"),
    ("a", "4", "2024-03-31 08:00", -50, "T", "tea"),
    ("c", "5", "2024-03-31 08:15", 300, "", ""),
]


def table_of(rows, with_order=True) -> pa.Table:
    customers, orders, moments, amounts, products, names = zip(*rows, strict=True)
    columns = {
        "customer_id": pa.array(customers).dictionary_encode(),
        "date": pa.array([datetime.fromisoformat(text) for text in moments], pa.timestamp("s")),
        "amount": pa.array(amounts, pa.int64()),
        "product": pa.array(products).dictionary_encode(),
        "description": pa.array(names).dictionary_encode(),
    }
    return pa.table(columns | ({"order": pa.array(orders).dictionary_encode()} if with_order else {}))


def lines_of(rows=LINES, ids=("a", "b", "c"), with_order=True) -> Lines:
    return read_lines(table_of(rows, with_order), pa.array(ids), scale=2)


def population(**columns: list) -> Population:
    kinds = {name: "number" if isinstance(values[0], float) else "category" for name, values in columns.items()}
    described = tuple(CustomerColumn(name, name, name, kinds[name], name) for name in columns)  # type: ignore[arg-type]
    frame = pd.DataFrame({name: np.array(values, dtype=float if kinds[name] == "number" else object) for name, values in columns.items()})
    return Population("customers", np.arange(len(frame)).astype(str).astype(object), CustomerCatalogue(described, frame))


def log_overview(rows):
    money = ExactMoney(np.array([200, 2500, 300]), 2)
    return describe_source(Source(population(country=["UK", "UK", "FR"]), money, lines_of(rows), "description"))


def describe_source(source: Source) -> Overview:
    return describe(source, IndexedLook(Index(source)))


def view_of(lines: Lines) -> View:
    return IndexedLook(Index(Source(population(age=[30.0] * lines.n_customers), None, lines)))(EVERYBODY)


def by_month(lines: Lines) -> Months:
    axis = month_axis(lines)
    assert axis is not None
    return view_of(lines).months(axis)


def months_named(names, is_full=None, units=None) -> Months:
    n = len(names)
    return Months(tuple(names), tuple(is_full or [True] * n), (1,) * n, (1,) * n, (1,) * n, tuple(units or [1] * n), (0.0,) * n, (30,) * n)


def year_and_month(n: int, start: int = 0) -> list[str]:
    return [f"{2020 + place // 12}-{place % 12 + 1:02}" for place in range(start, start + n)]


def test_key_figures_by_hand():
    kpis = {kpi.name: kpi for kpi in log_overview(LINES).kpis}
    assert {name: kpi.value for name, kpi in kpis.items()} == {
        "customers": 3,
        "revenue": 30.0,
        "orders": 5,
        "average_order": 6.0,
        "revenue_per_customer": 10.0,
        "repeat_rate": pytest.approx(2 / 3),
    }
    assert kpis["revenue"].by_month == (15.0, 12.5, 2.5)
    assert kpis["customers"].by_month == (1, 2, 2)
    assert kpis["repeat_rate"].by_month == (0.0, 0.5, pytest.approx(2 / 3))  # b has ordered twice by February, a by March


def test_the_later_half_is_compared_with_the_months_before():
    overview = log_overview(LINES)
    assert overview.comparison is not None
    assert (overview.comparison.basis, overview.comparison.now, overview.comparison.before) == ("before", (2, 2), (1, 1))
    revenue = next(kpi for kpi in overview.kpis if kpi.name == "revenue")
    assert (revenue.now, revenue.before) == (2.5, 12.5)


def test_nothing_depends_on_the_order_of_the_lines():
    shuffled = [LINES[place] for place in (4, 2, 0, 5, 1, 3)]
    assert log_overview(shuffled) == log_overview(LINES)


def test_without_order_numbers_an_order_is_a_customer_and_a_day():
    lines = lines_of([*LINES, ("a", "9", "2024-03-31 20:00", 1, "T", "tea")], with_order=False)
    assert lines.n_orders == 5


def test_one_order_number_of_two_customers_is_two_orders():
    assert lines_of([LINES[0], ("a", "1", "2024-01-02 10:00", 1, "", "")]).n_orders == 2


def test_lines_of_other_customers_are_left_out():
    lines = lines_of(ids=("b",))
    assert (lines.n_customers, lines.n_orders, int(lines.units.sum())) == (1, 2, 2500)


def test_an_order_belongs_to_the_month_it_began_in_and_money_to_its_day():
    months = by_month(lines_of([("a", "1", "2024-01-31 23:00", 100, "", ""), ("a", "1", "2024-02-01 01:00", 50, "", "")]))
    assert (months.orders, months.units) == ((1, 0), (100, 50))


@pytest.mark.parametrize(
    ("first", "last", "is_full"),
    [
        ("2024-01-01", "2024-02-29", (True, True)),
        ("2024-01-04", "2024-02-26", (True, True)),  # three days missing at either end
        ("2024-01-05", "2024-02-25", (False, False)),
    ],
)
def test_a_month_of_which_the_log_has_a_part_is_not_full(first, last, is_full):
    months = by_month(lines_of([("a", "1", first, 1, "", ""), ("a", "2", last, 1, "", "")]))
    assert months is not None
    assert months.is_full == is_full


def test_months_without_orders_are_there():
    months = by_month(lines_of([("a", "1", "2024-01-01", 1, "", ""), ("a", "2", "2024-04-30", 1, "", "")]))
    assert (months.names, months.orders) == (("2024-01", "2024-02", "2024-03", "2024-04"), (1, 0, 0, 1))


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (30, ("year", (18, 29), (6, 17))),
        (24, ("year", (12, 23), (0, 11))),
        (23, ("same_months", (12, 22), (0, 10))),
        (15, ("same_months", (12, 14), (0, 2))),
        (14, ("before", (7, 13), (0, 6))),
        (2, ("before", (1, 1), (0, 0))),
        (1, None),
    ],
)
def test_what_is_compared_with_what(n, expected):
    found = compare_months(months_named(year_and_month(n)))
    assert (None if found is None else (found.basis, found.now, found.before)) == expected


def test_a_part_of_a_month_is_never_compared():
    found = compare_months(months_named(year_and_month(26), [False, *[True] * 24, False]))
    assert found is not None
    assert (found.now, found.before) == ((13, 24), (1, 12))


def test_the_fewest_customers_that_make_a_share():
    found = concentrate(np.array([10, 50, 0, 30, 10]))
    assert found is not None
    assert (found.n, found.n_top, found.n_negative) == (5, 2, 0)
    assert found.curve == ((0.0, 0.0), (0.2, 0.5), (0.4, 0.8), (0.6, 0.9), (0.8, 1.0), (1.0, 1.0))


def test_returns_above_purchases_stand_last():
    found = concentrate(np.array([-20, 100, 20]))
    assert found is not None
    assert (found.n_top, found.n_negative, found.curve[-2:]) == (1, 1, ((pytest.approx(2 / 3), 1.2), (1.0, 1.0)))


@pytest.mark.parametrize("units", [[], [0, 0], [5, -5], [-1]])
def test_without_revenue_there_is_no_share_of_it(units):
    assert concentrate(np.array(units, np.int64)) is None


def test_products_by_money_named_by_their_descriptions():
    ranking = next(ranking for ranking in log_overview(LINES).lines if ranking.column == "product")
    assert [(entry.name, entry.units, entry.customers, entry.orders) for entry in ranking.entries] == [
        ("tea", 2200, 2, 4),
        ("jam", 500, 1, 1),
    ]
    assert (ranking.total, ranking.n_customers, ranking.n_unknown) == (2700, 2, 1)


def test_products_of_one_name_are_told_apart():
    rows = [("a", "1", "2024-01-01", 5, "T1", "tea"), ("a", "1", "2024-01-01", 4, "T2", "tea")]
    ranking = describe_source(Source(population(age=[30.0]), None, lines_of(rows, ids=("a",)), "description")).lines[0]
    assert [entry.name for entry in ranking.entries] == ["T1 tea", "T2 tea"]


def test_an_order_with_two_values_counts_with_both():
    ranking = rank_lines("product", "product", "orders", *view_of(lines_of()).counts("product"))
    assert [(entry.name, entry.orders) for entry in ranking.entries] == [("T", 4), ("J", 1)]
    assert ranking.total == 4


def test_customers_by_value_with_ties_in_alphabetical_order():
    ranking = rank_customers("country", "country", ["UK", None, "FR", "UK", "DE"], {"UK": 70, "FR": 10, "XX": 5})
    assert [(entry.name, entry.customers, entry.units) for entry in ranking.entries] == [
        ("UK", 2, 70),
        ("FR", 1, 10),
        ("DE", 1, 0),
        ("XX", 0, 5),
    ]
    assert (ranking.n_customers, ranking.n_unknown, ranking.total) == (4, 1, 4)


def test_who_came_back():
    lines = lines_of()
    months = by_month(lines)
    found = view_of(lines).cohorts(months, cohort_names(months))
    assert (found.names, found.sizes, found.returned) == (("2024-01", "2024-02", "2024-03"), (1, 1, 1), ((1, 0), (1,), ()))


def test_a_log_of_customers_won_at_the_start_shows_the_months_of_the_start():
    months = Months(
        names=tuple(f"{year}-{month:02d}" for year in (1997, 1998) for month in range(1, 13)),
        is_full=(True,) * 23 + (False,),
        customers=(9,) * 24,
        new_customers=(500, 0, 400) + (0,) * 20 + (7,),
        orders=(9,) * 24,
        units=None,
        repeat_rate=(0.0,) * 24,
        days=(30,) * 24,
    )
    assert cohort_names(months) == ("1997-01", "1997-03")
    late = replace(months, new_customers=(500,) + (0,) * 21 + (100, 0))
    assert cohort_names(late) == months.names[11:23]


def test_too_few_customers_make_no_cohorts():
    assert log_overview(LINES).cohorts is None


def test_orders_by_weekday_and_hour():
    found = view_of(lines_of()).week()
    assert found is not None
    assert found.weekdays == (1, 0, 0, 1, 0, 1, 2)  # 1 Jan 2024 was a Monday
    assert found.hours[0][10] == 1
    assert found.hours[6][8] == 2


def test_days_without_times_have_no_hours():
    found = view_of(lines_of([("a", "1", "2024-01-01", 1, "", "")], ids=("a",))).week()
    assert found is not None
    assert found.hours == ()


def test_season_counts_each_year_the_same():
    small, large = [1] * 11 + [13], [100] * 11 + [1300]
    found = seasonality(months_named(year_and_month(24), units=small + large))
    assert found is not None
    assert found.index == pytest.approx((0.5,) * 11 + (6.5,))
    shifted = seasonality(months_named(year_and_month(24, start=6), units=small + large))
    assert shifted is not None
    assert shifted.index[5] == pytest.approx(6.5)  # the year began in July: its last month is June
    assert seasonality(months_named(year_and_month(23))) is None


def test_key_figures_of_a_list_count_only_what_is_known():
    frame = pd.DataFrame({"monetary_total": [10.0, 20.0, np.nan], "age": [30.0, 50.0, 130.0], "income": [1.0, 5.0, 100.0]})
    kpis = {kpi.name: (kpi.value, kpi.n) for kpi in list_kpis(frame)}
    assert kpis == {
        "customers": (3, 3),
        "revenue": (30.0, 2),
        "revenue_per_customer": (15.0, 2),
        "typical_income": (5.0, 3),
        "average_age": (40.0, 2),
    }


def test_columns_that_add_up_to_the_total_are_its_parts():
    overview = overview_of_list(population(monetary_total=[5.0, 7.0, 9.0], MntWines=[2.0, 3.0, 4.0], MntFruits=[3.0, 4.0, 5.0]))
    assert overview.parts == ()  # the names of canonical columns are roles here: only the person's own columns are parts
    own = tuple(CustomerColumn(name, name, name, "number") for name in ("MntWines", "MntFruits"))
    total = CustomerColumn("monetary_total", None, "total spend", "number", "monetary_total", "money")
    frame = pd.DataFrame({"monetary_total": [5.0, 7.0, 9.0], "MntWines": [2.0, 3.0, 4.0], "MntFruits": [3.0, 4.0, 5.0]})
    parts = overview_of_list(Population("customers", np.array(["1", "2", "3"]), CustomerCatalogue((total, *own), frame))).parts
    assert [(part.total, part.names, part.sums) for part in parts] == [("monetary_total", ("Fruits", "Wines"), (12.0, 9.0))]
    frame.loc[0, "MntWines"] = 1.0
    assert overview_of_list(Population("customers", np.array(["1", "2", "3"]), CustomerCatalogue((total, *own), frame))).parts == ()


def test_a_log_without_money_has_no_figures_of_money():
    rows = table_of(LINES).drop_columns(["amount"])
    overview = describe_source(Source(population(country=["UK", "UK", "FR"]), None, read_lines(rows, pa.array(["a", "b", "c"]))))
    assert [kpi.name for kpi in overview.kpis] == ["customers", "orders", "repeat_rate"]
    assert overview.concentration is None
    assert overview.months is not None
    assert overview.months.units is None


def test_without_revenue_products_are_sorted_by_orders():
    rows = [(customer, order, moment, 0, product, name) for customer, order, moment, _, product, name in LINES]
    assert rank_lines("product", "product", "money", *view_of(lines_of(rows)).counts("product")).by == "orders"


def many_towns(n_towns: int, name: str = "city") -> Overview:
    frame = pd.DataFrame({name: [f"{name} {number % n_towns}" for number in range(1000)]})
    column = CustomerColumn(name, name, name, "text", name if name == "city" else None)
    return overview_of_list(Population("customers", np.arange(1000).astype(str).astype(object), CustomerCatalogue((column,), frame)))


def test_hundreds_of_towns_are_ranked_but_not_one_for_each_customer():
    shown, too_many, nicknames = many_towns(400), many_towns(900), many_towns(400, "nickname")
    (towns,) = shown.categories
    assert (towns.n_values, towns.entries[0].customers, shown.undrawn) == (400, 3, ())
    for overview, why in ((too_many, "individual"), (nicknames, "varied")):
        assert overview.categories == ()
        assert [each.why for each in overview.undrawn] == [why]


def test_of_thousands_of_towns_the_largest_are_kept_and_all_are_counted():
    ranking = rank_customers("city", "city", [f"town {number}" for number in range(3000)] + ["town 7"])
    assert (len(ranking.entries), ranking.n_values, ranking.total, ranking.entries[0].name) == (1000, 3000, 3001, "town 7")


def test_whole_ratings_of_lines_are_counted_like_words():
    rows = table_of(LINES).append_column("rating", pa.array([5, 4, None, 5, 3, 5, 1, 2, 4, 5][: len(LINES)], pa.int64()))
    ids = pa.array(["a", "b", "c"])
    assert "rating" not in read_lines(rows, ids, 2).cells, "as decimals they may stand in units of any size"
    lines = read_lines(rows, ids, 2, has_whole_ratings=True)
    overview = describe_source(Source(population(country=["UK", "UK", "FR"]), None, lines))
    (rating,) = [ranking for ranking in overview.lines if ranking.column == "rating"]
    assert (rating.by, rating.n_unknown) == ("orders", 1)
    assert rating.entries[0].name in {"5", "4"}
    longer = pa.concat_tables([table_of(LINES)] * 12)
    longer = longer.append_column("rating", pa.array(range(longer.num_rows), pa.int64()))
    graded = describe_source(Source(population(country=["UK", "UK", "FR"]), None, read_lines(longer, ids, 2, has_whole_ratings=True)))
    assert "rating" not in [ranking.column for ranking in graded.lines], "so many steps are no stars"


def test_a_number_that_only_counts_the_rows_is_not_drawn_nor_compared() -> None:
    rows, score = [float(n) for n in range(1, 41)], [float(n * n % 37) for n in range(40)]
    described = tuple(CustomerColumn(name, name, name, "number", None) for name in ("RowNumber", "Score", "Visits", "Wait"))
    frame = pd.DataFrame({"RowNumber": rows[::-1], "Score": score, "Visits": score[::-1], "Wait": [n**3 % 29 for n in rows]})
    people = Population("customers", np.array([f"c{n}" for n in range(40)], object), CustomerCatalogue(described, frame))
    found = overview_of_list(people)
    assert [histogram.column for histogram in found.numbers] == ["Score", "Visits", "Wait"]
    assert found.correlation is not None and found.correlation.columns == ("Score", "Visits", "Wait")
    assert "RowNumber" not in {number.column for number in found.spreads.numbers}
    assert [(each.label, each.why) for each in found.undrawn] == [("RowNumber", "individual")]
