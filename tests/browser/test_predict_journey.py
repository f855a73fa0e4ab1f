"""Who is this? One customer typed in, a file of new ones, and what goes together: the page says what the interface says."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SIZES
from tests.browser.serving import Service
from tests.browser.steps import LONG_MS, send_file
from tests.browser.store import newest_dataset
from tests.browser.watching import Watch, arrive, axe_violations, settle, what_is_cut
from tests.dashboard.making import small_log

pytestmark = pytest.mark.browser

PATIENCE_MS = 60_000
"""For an answer on a machine with much else to do."""
SEVEN = "age,income,monetary_total,NumWebPurchases,NumStorePurchases,NumWebVisitsMonth,recency_days"


@pytest.fixture(scope="module")
def service(demo_loaded: Callable[[str], Path]) -> Iterator[Service]:
    """A service with the demo, to which files are sent."""
    with Service(demo_loaded("predict"), demo=False) as started:
        yield started


def ask(service: Service, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """Ask the HTTP interface."""
    content = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{service.url}/api/v1{path}", content, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def run_of(page: Page) -> str:
    """Return the run that the page is about, once it has said so in its address."""
    expect(page).to_have_url(re.compile("run=[0-9a-f]{16}"), timeout=PATIENCE_MS)
    return page.url.split("run=")[1][:16]


def field(page: Page, words: str) -> Any:
    return page.get_by_role("textbox", name=re.compile(f"^{words}"))


def check_answer(page: Page, service: Service, customer: dict[str, float]) -> None:
    """Hold what stands on the page against what a program is told."""
    (wanted,) = ask(service, f"/runs/{run_of(page)}/predict", {"customers": [customer]})["customers"]
    expect(page.locator(".who h2")).to_contain_text(wanted["name"])
    answer = page.locator(".who")
    for told in (
        wanted["sentence"],
        wanted["action"],
        *wanted["why"],
        *(move["sentence"] for move in wanted["moves"][:4]),
        *wanted["unusual"],
    ):
        expect(answer).to_contain_text(told.replace(" %", "%"))
    shown = [row.locator("td span:not(.track)").all_inner_texts() for row in answer.locator("tbody tr").all()]
    for cells, each in zip(shown, wanted["beside"], strict=True):
        numbers = [float(re.sub("[^0-9.]", "", cell)) for cell in cells]
        assert numbers == pytest.approx([each["value"], each["segment"], each["everyone"]], rel=0.01, abs=0.06)


def test_one_customer_typed_in(watch: Callable[..., Watch], service: Service) -> None:
    page = watch(service).page
    arrive(page, f"{service.url}/predict")
    field(page, "Total spend").fill("9,000")
    field(page, "Number of orders").fill("31")
    field(page, "Days since").fill("4")
    expect(page).to_have_url(re.compile("v.recency_days=4"), timeout=PATIENCE_MS)
    settle(page)
    check_answer(page, service, {"monetary_total": 9000, "frequency_orders": 31, "recency_days": 4})
    assert not axe_violations(page)
    words = page.inner_text("#page")
    page.reload()
    settle(page)
    assert page.inner_text("#page") == words
    assert field(page, "Total spend").input_value() == "9,000"


def test_a_value_that_cannot_be_read_and_the_way_back(watch: Callable[..., Watch], service: Service) -> None:
    page = watch(service, SIZES[1], "dark").page
    arrive(page, f"{service.url}/predict")
    first = page.inner_text(".who")
    spend = field(page, "Total spend")
    spend.fill("a lot")
    expect(page.get_by_role("alert").filter(has_text="Not a number")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_role("heading", name="No answer yet")).to_be_visible()
    assert not axe_violations(page)
    assert not what_is_cut(page)
    spend.fill("999999")
    expect(page.locator(".unlike")).to_contain_text(
        "Total spend of 999,999 is above that of every customer of the run", timeout=PATIENCE_MS
    )
    page.get_by_role("button", name="Start again").click()
    expect(page.locator(".unlike")).to_have_count(0, timeout=PATIENCE_MS)
    settle(page)
    assert page.inner_text(".who") == first
    page.get_by_role("link", name="A file").click()
    expect(page.get_by_role("button", name="Choose a file")).to_be_visible(timeout=PATIENCE_MS)
    page.go_back()
    expect(field(page, "Total spend")).to_be_visible(timeout=PATIENCE_MS)


def test_a_file_is_labelled_while_one_is_elsewhere(watch: Callable[..., Watch], service: Service, tmp_path: Path) -> None:
    page = watch(service).page
    path = tmp_path / "new customers.csv"
    path.write_text(small_log(customers=150), encoding="utf-8")
    arrive(page, f"{service.url}/predict?view=file")
    send_file(page, path)
    page.wait_for_url("**/predict?*upload=*")
    expect(page.get_by_role("progressbar").or_(page.get_by_role("link", name="Download with segments"))).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("link", name="Help").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Help", timeout=PATIENCE_MS)
    page.get_by_role("link", name="Who is this?").click()
    page.get_by_role("link", name="A file").click()
    page.get_by_role("link", name="new customers.csv").click()
    expect(page.get_by_role("link", name="Download with segments")).to_be_visible(timeout=LONG_MS)
    settle(page)
    assert not axe_violations(page)
    counts = {
        row.locator("th span").last.inner_text(): row.locator("td").first.inner_text() for row in page.locator(".counts tbody tr").all()
    }
    with page.expect_download() as got:
        page.get_by_role("link", name="Download with segments").click()
    labelled = pd.read_csv(got.value.path(), dtype=str)
    assert len(labelled) == 150
    sizes = labelled.segment[labelled.segment_id.notna()].value_counts().to_dict()
    assert {name: int(count) for name, count in counts.items() if count != "0"} == sizes
    expect(page.locator(".unplaced")).to_contain_text("3 set aside")


def test_what_goes_together(watch: Callable[..., Watch], service: Service) -> None:
    page = watch(service).page
    arrive(page, f"{service.url}/predict?view=drivers")
    page.get_by_role("combobox", name="in groups by").select_option(label="Gender")
    expect(page.locator(".asking")).to_have_count(0, timeout=LONG_MS)
    settle(page)
    dataset = newest_dataset(service)
    for words, path in (
        (".drivers", f"/datasets/{dataset}/drivers?column=monetary_total"),
        (".effect", f"/datasets/{dataset}/effects?category=gender&number=monetary_total"),
    ):
        told = ask(service, path)["sentences"][0].replace(" %", "%")
        expect(page.locator(f".card{words} .lead")).to_have_text(told, timeout=LONG_MS)
    expect(page).to_have_url(re.compile("category=gender"))
    settle(page)
    assert not axe_violations(page)
    assert not what_is_cut(page)


def test_the_seven_fields_of_the_marketing_campaign(
    watch: Callable[..., Watch], service: Service, real_data: Callable[[str], Path], tmp_path: Path
) -> None:
    done = service.command(
        "segment", str(real_data("marketing_campaign.csv")), "--store", "--features", SEVEN, "--out", str(tmp_path / "o.csv")
    )
    assert done.returncode == 0, done.stderr
    page = watch(service, SIZES[1]).page
    arrive(page, f"{service.url}/predict?dataset={newest_dataset(service)}")
    typed = {
        "Age": 33,
        "Income": 78_000,
        "Total spend": 1_400,
        "Purchases on the web": 6,
        "Purchases in the shop": 9,
        "Visits": 2,
        "Days": 12,
    }
    for words, value in typed.items():
        field(page, words).fill(f"{value:,}")
    expect(page).to_have_url(re.compile("v.recency_days=12"), timeout=PATIENCE_MS)
    settle(page)
    names = ("age", "income", "monetary_total", "web_purchases", "store_purchases", "web_visits", "recency_days")
    check_answer(page, service, dict(zip(names, typed.values(), strict=True)))
    expect(page.locator(".who h2")).to_contain_text("Big spenders")
    assert not what_is_cut(page)
