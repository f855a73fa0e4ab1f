"""A newcomer with the demo shop: what the pages show is what the store holds."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.browser.serving import Service
from tests.browser.steps import download, kpis, shown_as
from tests.browser.store import frame, newest_dataset, order_lines, rfm
from tests.browser.watching import Watch, arrive, settle

pytestmark = pytest.mark.browser


def test_the_key_figures_are_those_of_the_store(page: Page, demo: Service) -> None:
    arrive(page, demo.url)
    lines = order_lines(demo, newest_dataset(demo))
    n_orders = lines.groupby("customer_id").order.nunique()
    expected = {
        "Customers": float(lines.customer_id.nunique()),
        "Revenue": lines.amount.sum(),
        "Orders": float(lines.order.nunique()),
        "Average order": lines.amount.sum() / lines.order.nunique(),
        "Revenue per customer": lines.amount.sum() / lines.customer_id.nunique(),
    }
    shown = kpis(page)
    for words, value in expected.items():
        assert shown_as(value).fullmatch(shown[words]), (words, value, shown[words])
    assert shown["Repeat rate"] == f"{100 * (n_orders > 1).mean():.1f}%"


def test_charts_show_the_numbers_of_the_store(page: Page, demo: Service) -> None:
    arrive(page, demo.url)
    lines = order_lines(demo, newest_dataset(demo))
    by_month = lines[lines.date.dt.year == lines.date.dt.year.max()].groupby(lines.date.dt.month).amount.sum()
    expect(page.get_by_role("main")).to_contain_text(f"{pd.Timestamp(2025, by_month.idxmax(), 1):%B} is the peak")
    customers = lines.groupby("customer_id").country.last().value_counts()
    card = page.locator(".card", has=page.get_by_role("heading", name="Customers by country"))
    card.locator("summary").click()
    expect(card.locator("tbody tr")).to_have_count(len(customers))
    settle(page)
    rows = [row.all_inner_texts() for row in (row.locator("th, td") for row in card.locator("tbody tr").all())]
    assert {row[0]: int(row[1].replace(",", "")) for row in rows} == customers.to_dict()
    spent = lines.groupby("customer_id").amount.sum().sort_values(ascending=False)
    n_top = int((spent.cumsum() < 0.8 * spent.sum()).sum()) + 1
    expect(page.get_by_role("main")).to_contain_text(f"{100 * n_top / len(spent):.0f}% of customers make 80% of revenue")


def assigned(demo: Service) -> pd.DataFrame:
    """Who is in which segment, as the store has it."""
    return frame(
        demo,
        """SELECT a.customer_id, a.segment_id, s.name FROM assignments a JOIN segments s USING (run_id, segment_id)
        JOIN runs r ON r.id = a.run_id WHERE r.published_at IS NOT NULL""",
    ).set_index("customer_id")


def test_the_profile_counts_the_customers_and_the_money_of_each_segment(page: Page, demo: Service) -> None:
    arrive(page, f"{demo.url}/segments")
    spent = rfm(order_lines(demo, newest_dataset(demo))).monetary
    segments = assigned(demo).join(spent).groupby("name").monetary.agg(["size", "sum"])
    for name, row in segments.iterrows():
        card = page.locator(".page-segments article, .page-segments section", has=page.get_by_text(str(name), exact=True)).first
        expect(card).to_contain_text(f"{int(row['size']):,} customers")
        expect(card).to_contain_text(shown_as(row["sum"]))
        expect(card).to_contain_text(f"{100 * row['sum'] / spent.sum():.0f}%")


def test_the_download_holds_every_customer_with_the_right_segment(page: Page, demo: Service) -> None:
    arrive(page, f"{demo.url}/segments")
    labelled = pd.read_csv(download(page), dtype=str, keep_default_na=False).set_index("customer_id")
    dataset = newest_dataset(demo)
    lines, segments = order_lines(demo, dataset), assigned(demo)
    expected = rfm(lines)
    assert list(labelled.index) == sorted(expected.index)
    assert labelled.segment_id.astype(int).to_dict() == segments.segment_id.to_dict()
    assert labelled.segment.to_dict() == segments.name.to_dict()
    assert labelled.recency_days.astype(int).to_dict() == expected.recency.to_dict()
    assert labelled.frequency_orders.astype(int).to_dict() == expected.frequency.to_dict()
    pd.testing.assert_series_equal(labelled.monetary_total.astype(float), expected.monetary.sort_index(), check_names=False, rtol=1e-12)
    customers = frame(demo, f"SELECT * FROM customers_{dataset}").set_index("customer_id")
    for column in ("first_name", "last_name", "email", "phone", "country", "city", "zip", "gender"):
        assert labelled[column].to_dict() == customers[column].fillna("").to_dict(), column


def test_the_workbook_of_one_segment_holds_its_customers(watch: Callable[..., Watch], demo: Service) -> None:
    page = watch(demo).page
    arrive(page, f"{demo.url}/segments")
    segments = assigned(demo)
    name = str(segments.name.value_counts().index[-1])
    path = download(page, "Excel", name)
    workbook = load_workbook(path.rename(path.with_suffix(".xlsx")), read_only=True)
    rows = list(workbook.worksheets[0].iter_rows(values_only=True))
    workbook.close()
    assert {row[0] for row in rows[1:]} == set(segments.index[segments.name == name])
    assert {row[rows[0].index("segment")] for row in rows[1:]} == {name}


def test_the_address_alone_brings_a_page_back(page: Page, demo: Service) -> None:
    arrive(page, f"{demo.url}/segments")
    page.get_by_role("link", name="Map").click()
    expect(page.get_by_role("main")).to_contain_text("Map")
    settle(page)
    words = page.inner_text("#page")
    page.reload()
    settle(page)
    assert page.inner_text("#page") == words
