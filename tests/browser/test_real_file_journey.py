"""A real file from upload to labels, in a browser: Online Retail as CSV and as a workbook, each cell held against other computations."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import Service
from tests.browser.steps import download, find_segments, import_file, kpis, shown_as
from tests.browser.watching import Watch, arrive, axe_violations, settle, what_is_cut

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.real_data]

RECIPE = {"Features": "Buying behaviour", "Method": "Compact groups", "Numbers": "As they are"}
OPTIONS = ("--scenario", "rfm", "--method", "kmeans", "--transform", "none")
PUBLISHED = [3054, 1067, 204, 13]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service with nothing in it."""
    with Service(tmp_path_factory.mktemp("real"), demo=False) as started:
        yield started


@pytest.fixture(scope="module")
def customers(online_retail_csv: Path) -> pd.DataFrame:
    """Recency, frequency and money of Online Retail with plain pandas."""
    lines = pd.read_csv(online_retail_csv, encoding="latin-1", dtype={"InvoiceNo": str, "CustomerID": str, "StockCode": str})
    lines = lines.dropna(subset=["CustomerID"]).drop_duplicates()
    lines = lines[(lines.Quantity > 0) & (lines.UnitPrice > 0)]
    lines = lines.assign(date=pd.to_datetime(lines.InvoiceDate, format="%m/%d/%Y %H:%M"), amount=lines.Quantity * lines.UnitPrice)
    as_of = lines.date.max() + pd.Timedelta(days=1)
    found = lines.groupby("CustomerID").agg(last=("date", "max"), frequency=("InvoiceNo", "nunique"), monetary=("amount", "sum"))
    assert (len(lines), len(found)) == (392_692, 4_338)
    return found.assign(recency=(as_of - found["last"]).dt.days)


def journey(page: Page, service: Service, file: Path, k: int) -> Path:
    """Upload, confirm, wait, look, find segments, download."""
    arrive(page, f"{service.url}/data")
    assert import_file(page, file) == "Import 392,692 rows"
    page.get_by_role("link", name="Find segments").first.click()
    page.wait_for_url("**/studio?*")
    settle(page)
    return rerun(page, k)


def rerun(page: Page, k: int) -> Path:
    """Find segments with another k, and take the labelled customers away."""
    find_segments(page, **RECIPE, Segments=str(k))
    page.get_by_role("link", name="See the segments").first.click()
    page.wait_for_url("**/segments?*")
    settle(page)
    return download(page)


def test_csv_from_upload_to_labels(
    watch: Callable[..., Watch], service: Service, online_retail_csv: Path, customers: pd.DataFrame, dashboard: Callable[..., object]
) -> None:
    page = watch(service).page
    labelled = journey(page, service, online_retail_csv, 4)
    told = page.inner_text("#page")
    assert all(f"{size:,} customers" in told for size in PUBLISHED)
    check(labelled, customers, dashboard("segment", online_retail_csv, *OPTIONS, "--k", "4"), PUBLISHED)

    page.get_by_role("navigation", name="Main").get_by_role("link", name="Overview").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    settle(page)
    figures = {"Customers": 4338.0, "Revenue": 8887208.894, "Average order": 479.56, "Orders": float(customers.frequency.sum())}
    shown = kpis(page)
    for words, value in figures.items():
        assert shown_as(value).fullmatch(shown[words]), (words, value, shown[words])
    assert shown["Repeat rate"] == f"{100 * (1 - 1493 / 4338):.1f}%"
    expect(page.get_by_role("main")).to_contain_text("26% of customers make 80% of revenue")
    expect(page.get_by_role("main")).to_contain_text(re.compile(r"November is the peak: 1\.16\sM"))
    assert not what_is_cut(page)
    assert not axe_violations(page)

    page.get_by_role("navigation", name="Main").get_by_role("link", name="Studio").click()
    page.wait_for_url("**/studio?*")
    settle(page)
    assert not axe_violations(page)
    again = rerun(page, 5)
    done = dashboard("segment", online_retail_csv, *OPTIONS, "--k", "5")
    check(again, customers, done, done.sizes)  # type: ignore[attr-defined]


def check(labelled: Path, customers: pd.DataFrame, by_command: object, sizes: list[int]) -> None:
    """Hold every cell against the command line's file and against pandas."""
    assert labelled.read_bytes() == by_command.labelled_bytes  # type: ignore[attr-defined]
    cells = pd.read_csv(labelled, dtype=str, keep_default_na=False).set_index("customer_id")
    assert sorted(cells.segment_id.value_counts(), reverse=True) == sizes
    assert cells.recency_days.astype(int).to_dict() == customers.recency.to_dict()
    assert cells.frequency_orders.astype(int).to_dict() == customers.frequency.to_dict()
    pd.testing.assert_series_equal(cells.monetary_total.astype(float), customers.monetary, check_names=False, rtol=1e-12)


def test_a_workbook_gives_the_same_labels(
    watch: Callable[..., Watch], service: Service, online_retail_csv: Path, online_retail_xlsx: Path, dashboard: Callable[..., object]
) -> None:
    labelled = journey(watch(service).page, service, online_retail_xlsx, 4)
    assert labelled.read_bytes() == dashboard("segment", online_retail_csv, *OPTIONS, "--k", "4").labelled_bytes  # type: ignore[attr-defined]


def test_the_same_file_again_is_not_stored_twice(watch: Callable[..., Watch], service: Service, online_retail_csv: Path) -> None:
    page = watch(service).page
    arrive(page, f"{service.url}/data")
    import_file(page, online_retail_csv)
    expect(page.get_by_role("main")).to_contain_text("it was not stored twice")
