"""Marks and words of the overview's charts where there is little room or little to show: nothing overlaps, nothing looks empty."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from dashboard.components.filters import choice_words
from dashboard.components.kpis import KpiShown, kpi_strip
from dashboard.figures.overview_bands import histogram_chart, histogram_finding
from dashboard.figures.overview_bars import Bar, Standing, cut_apart, lying_bars, standing_bars
from dashboard.figures.overview_chart import Chart
from dashboard.figures.overview_crossings import age_spend_chart, orders_chart, seasons_chart
from dashboard.figures.overview_customers import boxes_chart, shares_chart, shares_charts
from dashboard.figures.overview_heat import Heat, correlation_chart, heat_figure
from dashboard.figures.overview_months import months_chart
from dashboard.figures.overview_orders import cohorts_chart, concentration_chart
from dashboard.figures.overview_picks import Picks
from dashboard.figures.overview_rankings import countries_chart, ranking_chart
from dashboard.figures.report_charts import report_charts
from dashboard.queries.filtering import Field
from segmentation.measures.cohorts import Cohorts
from segmentation.measures.concentration import Concentration
from segmentation.measures.crossings import AgeSpend, SeasonTable
from segmentation.measures.demographics import Box, Boxes, Correlation, Histogram, Share, bin_numbers
from segmentation.measures.filters import read_filter
from segmentation.measures.monthly import Months
from segmentation.measures.overview import Overview
from segmentation.measures.rankings import Entry, Ranking

COMPLAIN = Share("Complain", "complain", 21, 2240)


def words_of(chart: Chart) -> list[str]:
    in_traces = [text for trace in chart.figure["data"] if trace.get("mode") == "text" for text in trace["text"]]
    return [each["text"] for each in chart.figure["layout"].get("annotations", ())] + in_traces


def concentration(n_top: int) -> Concentration:
    return Concentration(100, n_top, 0.8, 0, ((0.0, 0.0), (n_top / 100, 0.8), (1.0, 1.0)))


def ranking(column: str, *entries: tuple[str, int]) -> Ranking:
    found = tuple(Entry(name, n) for name, n in entries)
    total = sum(n for _, n in entries)
    return Ranking(column, column, "customers", found, len(found), total, 0, total)


def months(*values: int) -> Months:
    names = tuple(f"{2024 + place // 12}-{place % 12 + 1:02}" for place in range(len(values)))
    n = len(values)
    return Months(names, (True,) * n, (1,) * n, (1,) * n, (1,) * n, values, (0.5,) * n, (30,) * n)


def test_one_yes_or_no_column_shows_both_answers() -> None:
    (chart,) = shares_charts([COMPLAIN], read_filter("Complain:0"))
    assert (chart.told.title, chart.told.finding) == ("Complain", "Yes for 0.9% of customers.")
    assert [list(row) for row in chart.data.rows] == [["Yes", "21", "0.9%"], ["No", "2,219", "99.1%"]]
    assert list(chart.data.picks) == ["Complain:1", "Complain:0"]
    assert chart.figure["data"][0]["x"] == [21, 2219], "on one scale: a rare yes is a short bar"
    assert chart.figure["data"][0]["marker"]["color"] == ["var(--cl-data-soft)", "var(--cl-data)"]


def test_several_yes_or_no_columns_are_compared() -> None:
    chart = shares_chart([Share("a", "has app", 30, 100), Share("b", "has card", 10, 100)])
    assert chart.told.finding == "From 10% for has card to 30% for has app."
    assert chart.told.note == "Share of customers with a yes, n = 100."
    assert words_of(chart)[:2] == ["Has app", "Has card"]


def test_answers_of_campaigns_and_others_are_two_charts_of_a_report() -> None:
    shares = (Share("Response", "Response", 300, 1000), Share("AcceptedCmp1", "AcceptedCmp1", 100, 1000), COMPLAIN)
    overview = Overview("customers", 1000, None, 0, None, None, (), shares=shares)
    campaigns, others = report_charts(overview, shares_charts(shares))
    assert (campaigns.labels, campaigns.series[0].values) == (("Response", "AcceptedCmp1"), (0.3, 0.1))
    assert (others.labels, others.series[0].values) == (("Yes", "No"), (21 / 2240, 1 - 21 / 2240))


def test_whether_we_may_write_is_a_yes_or_a_no() -> None:
    chart = ranking_chart(ranking("consent", ("1", 60), ("0", 40)), 0, None)
    assert words_of(chart)[:2] == ["Yes", "No"]
    assert chart.told.finding == "Yes for 60% of customers."
    assert list(chart.data.picks) == ["consent:1", "consent:0"]
    assert choice_words("1", Field("consent", "Consent", "words")) == "yes"


def test_two_answers_are_not_ranked_and_of_three_none_is_joined_with_another() -> None:
    assert ranking_chart(ranking("Churn", ("No", 70), ("Yes", 30)), 0, None).told.finding == "Yes for 30% of customers."
    assert ranking_chart(ranking("Churned", ("False", 70), ("True", 30)), 0, None).told.finding == "True for 30% of customers."
    backup = ranking("backup", ("No", 40), ("Yes", 35), ("No internet", 25))
    assert ranking_chart(backup, 0, None).told.finding == "No leads with 40% of customers."


def test_codes_of_countries_are_spelt_out_and_still_filter_by_the_code() -> None:
    chart = countries_chart(ranking("country", ("PRT", 5), ("hk", 2), ("US", 2), ("USA", 1), ("Oz", 1)), 0, None)
    assert chart is not None and chart.beside is not None
    assert words_of(chart)[:5] == ["Portugal", "Hong Kong", "US", "USA", "Oz"], "two spellings of one country stay apart"
    assert chart.told.finding.startswith("Portugal and Hong Kong make")
    assert chart.told.note.endswith("Not on the map: Oz.")
    assert list(chart.data.picks) == ["country:PRT", "country:hk", "country:US", "country:USA", "country:Oz"]
    assert chart.beside["data"][0]["meta"]["picks"] == ["country:PRT", "country:hk", "country:US|USA"]


def test_names_begin_with_a_capital_unless_they_have_one_elsewhere() -> None:
    chart = ranking_chart(ranking("product_line", ("iPad Air", 3), ("web", 2)), 0, None)
    assert words_of(chart)[:2] == ["iPad Air", "Web"]
    assert chart.told.title == "Product line"


def test_years_have_no_comma_and_no_average() -> None:
    years = bin_numbers("Customer since", "Customer since", None, np.arange(1985.0, 2025.0))
    assert years is not None
    chart = histogram_chart(years, None)
    assert chart.told.finding == "Half have 2004 or later."
    assert chart.figure["layout"]["xaxis"]["ticktext"][0] == "1985"
    assert "2,0" not in str(chart.data.rows)
    pages = bin_numbers("pages", "pages", None, np.arange(1985.0, 2025.0))
    assert pages is not None
    assert histogram_chart(pages, None).told.finding.startswith("Half have 2,004")


def test_shares_of_few_known_values_say_so() -> None:
    coupons = ranking("coupon", ("SPRING", 76), ("VIP", 24))
    assert ranking_chart(replace(coupons, n_unknown=900), 0, None).told.finding == "SPRING leads with 76% of customers where it is known."
    assert ranking_chart(replace(coupons, n_unknown=5), 0, None).told.finding == "SPRING leads with 76% of customers."


def test_a_report_names_values_as_the_page_does() -> None:
    countries, stars = ranking("country", ("PRT", 5), ("DEU", 2)), ranking("rating", ("4", 9), ("5", 8))
    consent = ranking("consent", ("1", 6), ("0", 4))
    overview = Overview("customers", 7, None, 0, None, None, (), countries=countries, categories=(stars, consent))
    map_chart = countries_chart(countries, 0, None)
    assert map_chart is not None
    drawn = report_charts(overview, [map_chart, ranking_chart(stars, 0, None), ranking_chart(consent, 0, None)])
    assert [each.labels for each in drawn] == [("Portugal", "Germany"), ("5", "4"), ("Yes", "No")]
    assert [each.series[0].values for each in drawn] == [(5, 2), (8, 9), (6, 4)]


@pytest.mark.parametrize(("n_top", "side"), [(24, "left"), (50, "left"), (70, "right"), (100, "right")])
def test_words_beside_the_curve_lie_on_no_line(n_top: int, side: str) -> None:
    chart = concentration_chart(concentration(n_top))
    said = chart.figure["layout"]["annotations"][0]
    assert said["xanchor"] == side
    assert side == "left" or said["y"] < n_top / 2, "below the line of equal shares"
    has_words = any("if all spent" in text for text in words_of(chart))
    assert has_words != ("Dotted: if all spent the same." in chart.told.note)
    assert has_words == (n_top < 45)


@pytest.mark.parametrize(("n_later", "first"), [(11, "+1 month"), (17, "+1")])
def test_many_later_months_have_short_names(n_later: int, first: str) -> None:
    rows = tuple((1,) * (n_later - place) for place in range(3))
    chart = cohorts_chart(Cohorts(("2025-01", "2025-02", "2025-03"), (9, 9, 9), rows, 27))
    assert chart is not None
    assert first in words_of(chart)
    assert any("11%" in text for text in words_of(chart)) == (n_later == 11), "without room for the sign the note says percent"
    assert chart.told.note.startswith("Share" if n_later == 11 else "Percent")


def test_only_cells_with_something_in_them_are_framed() -> None:
    chosen = Picks(("a:1", "a:2"), (True, True))
    figure = heat_figure(Heat([[None, 2.0]], ["row"], ["one", "two"], [["", ""]], str, picks=[chosen]))
    assert [(shape["x0"], shape["x1"]) for shape in figure["layout"]["shapes"]] == [(0.52, 1.48)]


def test_a_wide_correlation_names_its_rows_in_full() -> None:
    labels = ("days since the first purchase", "days since the last purchase", "age", "income", "visits", "purchases by catalogue")
    values = tuple((0.5,) * 6 for _ in labels)
    chart = correlation_chart(Correlation(labels, values, tuple((30,) * 6 for _ in labels)))
    assert words_of(chart)[:5] == ["Days since the last purchase", "Age", "Income", "Visits", "Purchases by catalogue"]


def test_narrow_bars_are_named_only_where_neighbours_are_lower() -> None:
    flat = [900] * 14
    for values, named in (
        ([*flat, 1000, *flat[:3], 500], ["1,000"]),  # the last, at 500 beside 900, is also the lowest: its name would lie on a bar
        ([*flat, 1000, 900, 900, 900, 800, 950], ["1,000", "950"]),
    ):
        chart = months_chart(months(*values), 0, None, "")
        assert chart is not None
        assert words_of(chart) == named


def test_months_of_more_returned_than_sold_lie_below_nothing() -> None:
    chart = months_chart(months(3000, -2000, 1000, -500), 0, None, "")
    assert chart is not None
    axis, (_, whole_rows) = chart.figure["layout"]["yaxis"], chart.figure["data"]
    assert axis["range"][0] < -2000 < 3000 < axis["range"][1]
    assert axis["tickvals"] == [-2000, -1000, 0, 1000, 2000, 3000]
    assert axis["ticktext"][:3] == ["−2,000", "−1,000", "0"]
    assert whole_rows["base"] == axis["range"][0], "a click below nothing chooses the month, too"


def test_a_value_is_written_at_its_bar_and_not_at_a_far_mark() -> None:
    values = [1000] * 17 + [100, *[1000] * 6]
    chart = months_chart(months(*values), 0, None, "")
    assert chart is not None
    heights = {each["text"]: each["y"] for each in chart.figure["layout"]["annotations"]}
    assert heights["100"] == 100
    near = months_chart(months(*[1000] * 17, 900, *[1000] * 6), 0, None, "")
    assert near is not None
    assert next(each["y"] for each in near.figure["layout"]["annotations"] if each["text"] == "900") == 1000


def test_a_curve_far_above_all_revenue_keeps_its_words_apart() -> None:
    arch = Concentration(100, 3, 0.8, 45, ((0.0, 0.0), (0.03, 0.8), (0.5, 6.9), (1.0, 1.0)))
    chart = concentration_chart(arch)
    axis = chart.figure["layout"]["yaxis"]
    assert axis["tickvals"] == [0, 100, 200, 300, 400, 500, 600]
    assert (axis["ticktext"][0], axis["ticktext"][-1]) == ("", "600%"), "the other axis says nothing already"
    assert all(each["yshift"] > 0 for each in chart.figure["layout"]["annotations"])
    assert chart.told.note.endswith("45 with more returned than bought. Dotted: if all spent the same.")
    assert concentration_chart(concentration(24)).figure["layout"]["yaxis"]["tickvals"] == [0, 20, 40, 60, 80, 100]


def test_many_groups_of_boxes_have_room_for_their_medians() -> None:
    boxes = tuple(Box(f"group {n}", 30, (1, 2, 3), (0, 4), ()) for n in range(8))
    assert boxes_chart(Boxes("income", "level", "money", boxes, 240), None).height >= 8 * 42


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        ([("few", 2, 1), ("a", 30, 2), ("b", 30, 5), ("rest", 3, 9)], "The middle goes from 2 (a) to 5 (b)."),
        ([("few", 2, 1), ("a", 30, 2)], "The middle goes from 1 (few) to 2 (a)."),
        ([("few", 2, 1), ("a", 30, 2), ("b", 30, 2)], "The middle is 2 in every group of 20 or more."),
        ([("a", 30, 2), ("b", 30, 2)], "The middle is 2 in every group."),
    ],
)
def test_what_boxes_say_is_not_decided_by_a_few_customers(groups: list[tuple[str, int, float]], said: str) -> None:
    boxes = tuple(Box(name, n, (0, middle, 10), (0, 10), (1,) if n < 20 else ()) for name, n, middle in groups)
    assert boxes_chart(Boxes("visits", "level", None, boxes, 100), None).told.finding == said


def test_boxes_below_zero_are_seen_whole_and_can_be_clicked() -> None:
    low, high = Box("low", 30, (-40, -7, 15), (-110, 90), (-150, -900)), Box("high", 30, (-10, 5, 30), (-80, 100), (700,))
    chart = boxes_chart(Boxes("margin", "level", None, (low, high), 60), None)
    axis, (*_, points, rows) = chart.figure["layout"]["xaxis"], chart.figure["data"]
    assert axis["range"][0] < -150 < 100 < axis["range"][1]
    assert axis["tickvals"] == [-150, -100, -50, 0, 50, 100]
    assert points["x"] == [-150]
    assert "2 far values not drawn." in chart.told.note
    assert (rows["base"][0], rows["base"][0] + rows["x"][0]) == tuple(axis["range"]), "a click anywhere in the row chooses it"


def test_values_are_drawn_where_all_boxes_are_flat() -> None:
    boxes = tuple(Box(name, 30, (0, 0, 0), (0, 0), (5, 9)) for name in ("a", "b"))
    chart = boxes_chart(Boxes("complaints", "level", None, boxes, 60), None)
    assert sorted(chart.figure["data"][-2]["x"]) == [5, 5, 9, 9]
    assert "not drawn" not in chart.told.note


def test_long_names_that_begin_alike_keep_their_ends() -> None:
    names = [f"Professional kitchen equipment, section {number}" for number in (1, 2)]
    assert cut_apart([*names, "Tea"]) == ["Professio…section 1", "Professio…section 2", "Tea"]
    assert cut_apart(["Another rather long name", "Tea"]) == ["Another rather long…", "Tea"]
    assert cut_apart(["Tea", "Tea"]) == ["Tea", "Tea"]
    shown = lying_bars([Bar(name, 1, "1") for name in names])["layout"]["annotations"]
    assert len({each["text"] for each in shown}) == 2


@pytest.mark.parametrize(("values", "wanted"), [([1, 0], [0, 1]), ([2, 1], [0, 1, 2]), ([3, 1], [0, 1, 2, 3]), ([10, 1], [0, 5, 10])])
def test_counts_have_no_halves_on_their_axis(values: list[int], wanted: list[int]) -> None:
    assert standing_bars(Standing(["a", "b"], values, ["", ""], str))["layout"]["yaxis"]["tickvals"] == wanted


def test_a_single_bar_is_no_wall() -> None:
    axis: Any = standing_bars(Standing(["35–44"], [200], [""], str))["layout"]["xaxis"]
    assert axis["range"] == [-2.6, 2.6]


def test_a_histogram_begins_with_somebody() -> None:
    found = bin_numbers("orders", "orders", "orders", np.tile(np.arange(1.0, 15.0), 3))
    assert found is not None
    assert found.edges[0] > 0
    assert found.counts[0] > 0


@pytest.mark.parametrize(
    ("counts", "edges", "unit", "discrete", "said"),
    [
        ((60, 20, 20), (1, 2, 5), "orders", False, "60% have one; the average is 2.5."),
        ((10, 60, 30), (1, 2, 5), "orders", False, "Half have 3 orders or more; the average is 2.5."),
        ((10, 60, 30), (1, 2, 3), None, True, "Most frequent is 2: 60%; the average is 2.5."),
        ((10, 60, 30), (1, 2, 3), "visits", True, "60% have 2 visits."),
        ((60, 30, 10), (1, 2, 3), "orders", True, "60% have 1 order."),
    ],
)
def test_what_a_number_says(counts: tuple[int, ...], edges: tuple[float, ...], unit: str | None, discrete: bool, said: str) -> None:
    assert histogram_finding(Histogram("x", "x", unit, edges, counts, True, discrete, True, 100, 0, 3.0, 2.5), None) == said


def test_bands_of_baskets_that_grow_say_so() -> None:
    chart = orders_chart(
        Histogram("order_value", "order value", "money", (0, 2, 5, 10), (1, 2, 3, 4), True, False, False, 10, 0, 6, 7), "EUR"
    )
    assert chart.told.note == "Orders, n = 10. Bands grow wider."


@pytest.mark.parametrize(
    ("sizes", "said"),
    [
        ((30, 40), "n = 70 customers with both known. Box: middle half; line: median."),
        ((5, 40), "n = 45 customers with both known. Box: middle half; line: median. Groups below 20: each customer a point."),
        ((5, 6), "n = 11 customers with both known. Groups below 20: each customer a point."),
    ],
)
def test_boxes_say_how_to_read_what_is_drawn(sizes: tuple[int, int], said: str) -> None:
    boxes = [Box(name, n, (1, 2, 3), (0, 4), (1, 2) if n < 20 else ()) for name, n in zip(("low", "high"), sizes, strict=True)]
    assert boxes_chart(Boxes("income", "level", "money", tuple(boxes), sum(sizes)), None).told.note == said


def test_ratings_stand_from_the_best_down_with_their_average() -> None:
    sizes = {"4": 50, "5": 30, "1": 15, "3": 5}
    entries = tuple(Entry(stars, n, n) for stars, n in sizes.items())
    chart = ranking_chart(Ranking("rating", "rating", "orders", entries, 4, 90, 0, 100), 0, None, read_filter("rating:5"))
    assert words_of(chart)[:4] == ["5", "4", "3", "1"]
    assert chart.told.finding == "The average is 3.8; 4 is the most frequent: 50% of orders."
    assert list(chart.data.picks) == ["rating:5", "rating:4", "rating:3", "rating:1"]
    assert chart.figure["data"][0]["marker"]["color"][0] == "var(--cl-data)"


def test_a_crossed_table_says_that_its_own_choice_does_not_narrow_it() -> None:
    spend = Histogram("monetary_total", "total spend", "money", (0, 100), (1, 2), True, False, True, 3, 0, 9, 9)
    crossed = AgeSpend(spend, ((1, 0, 0, 0, 0, 0, 0), (2, 0, 0, 0, 0, 0, 0)), 3)
    for chosen, stays in (("", False), ("age:18..25", True), ("monetary_total:..100", True), ("country:France", False)):
        assert ("All stay visible here." in age_spend_chart(crossed, None, read_filter(chosen)).told.note) == stays
    table = SeasonTable(
        "region", "category", ("West",), ("Tea",), (("2025-01",), (), (), ()), (((5,),), ((0,),), ((0,),), ((0,),)), 5, False
    )
    for chosen, stays in (("region:West", True), ("@month:2025-01", True), ("gender:f", False)):
        assert ("All stay visible here." in seasons_chart(table, 0, None, read_filter(chosen)).told.note) == stays


def test_many_unknown_countries_are_counted() -> None:
    chart = countries_chart(ranking("country", ("France", 50), *((f"Land {n}", 1) for n in range(9))), 0, None)
    assert chart is not None
    assert chart.told.note.endswith(" Not on the map: Land 0, Land 1, Land 2, Land 3, 5 others.")


def test_key_figures_without_a_line_leave_no_gap() -> None:
    def n_gaps(*lines: tuple[float | None, ...]) -> int:
        shown = [KpiShown("Customers", "198", "", line) for line in lines]
        return str(kpi_strip(shown)).count("className='ch")

    assert n_gaps((1.0,), (2.0, None)) == 0
    assert n_gaps((1.0, 2.0, 3.0), (1.0,)) == 2, "beside lines, a figure without one keeps their height"


def test_a_filter_may_leave_nobody_who_answered() -> None:
    assert shares_charts([replace(COMPLAIN, n_yes=0, n=5)])[0].told.finding == "Yes for 0.0% of customers."
