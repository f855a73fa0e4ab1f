"""The profile: sorted, filtered by the address, drilled into; a segment rewritten, its history, and everything taken back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import Service
from tests.browser.store import frame, newest_dataset, order_lines
from tests.browser.watching import Watch, arrive, axe_violations, settle, what_is_cut

pytestmark = pytest.mark.browser
_SLOW_MS = 30_000
_ENDLESS = "word" * 60
"""What the server has to answer first may take as long on a busy machine."""


@pytest.fixture(scope="module")
def own(demo_loaded: Callable[[str], Path]) -> Iterator[Service]:
    """A demo of its own: segments are renamed in it."""
    with Service(demo_loaded("profile"), demo=False) as service:
        yield service


def column_of(page: Page, place: int) -> list[int]:
    """The indices of one segment in the index table, from above to below."""
    cells = page.locator("#segments-index > [role=row]").filter(has=page.locator("[role=cell]"))
    texts = [row.locator("[role=cell] b").nth(place).inner_text() for row in cells.all()]
    return [int(text.replace(",", "")) for text in texts if text != "–"]


def test_the_table_is_sorted_by_a_segment_and_the_address_keeps_it(page: Page, demo: Service) -> None:
    arrive(page, f"{demo.url}/segments")
    button = page.locator("#segments-index .sorter").nth(1)
    button.focus()
    page.keyboard.press("Enter")
    head = page.locator("#segments-index [role=columnheader]").nth(1)
    expect(head).to_have_attribute("aria-sort", "descending", timeout=_SLOW_MS)
    settle(page)
    largest_first = column_of(page, 0)
    assert largest_first == sorted(largest_first, reverse=True)
    page.reload()
    settle(page)
    assert column_of(page, 0) == largest_first
    button.focus()
    for order in ("ascending", "none"):  # the focus stays at the head while the table is drawn anew
        page.keyboard.press("Enter")
        expect(head).to_have_attribute("aria-sort", order, timeout=_SLOW_MS)
        settle(page)


def test_a_filter_in_the_address_leaves_what_sql_counts(page: Page, demo: Service) -> None:
    arrive(page, f"{demo.url}/segments?filter=country:France")
    lines = order_lines(demo, newest_dataset(demo))
    last = lines.groupby("customer_id").country.last()
    left = set(last.index[last == "France"])
    assigned = frame(demo, "SELECT a.customer_id, s.name FROM assignments a JOIN segments s USING (run_id, segment_id)")
    expected = assigned[assigned.customer_id.isin(left)].name.value_counts()
    for card in page.locator(".sc").all():
        expect(card).to_contain_text(f"{expected.get(card.locator('h2').inner_text(), 0):,} customers")
    expect(page.locator(".bar")).to_contain_text(f"{expected.sum():,} of {len(assigned):,} customers")
    assert not axe_violations(page)
    page.locator(".bar .off").click()
    expect(page.locator(".page-segments .bar")).to_have_count(0, timeout=_SLOW_MS)
    link = page.locator(".sc .tn a").first
    wanted = parse_qs(urlparse(str(link.get_attribute("href"))).query)["filter"]
    n = link.inner_text()
    link.click()
    page.wait_for_url("**/customers?*")
    settle(page)
    assert wanted == [f"@segment:{wanted[0].rpartition(':')[2]}"]
    expect(page.get_by_role("main")).to_contain_text(n.partition(" ")[0])


def test_evidence_opens_below_its_words(watch: Callable[..., Watch], demo: Service) -> None:
    page = watch(demo, (1024, 768), "dark").page
    arrive(page, f"{demo.url}/segments")
    fold = page.locator(".fold", has_text="Clearness of groups")
    expect(fold.locator(".main-svg").first).to_be_hidden()
    fold.locator("summary").click()
    expect(fold.locator(".main-svg").first).to_be_visible()
    page.locator(".fold summary", has_text="Every number of segments tried").click()
    expect(page.locator(".criteria .on")).to_contain_text("(chosen)")
    assert not what_is_cut(page)
    assert not axe_violations(page)


def test_a_segment_is_rewritten_and_taken_back(watch: Callable[..., Watch], own: Service) -> None:
    page = watch(own).page
    arrive(page, f"{own.url}/segments")
    card = page.locator(".sc").first
    before = card.locator("h2").inner_text()
    open_panel(page)
    page.get_by_label("Name", exact=True).fill("Our stars")
    page.get_by_label("What sets it apart, in your words").fill(f"They come by train. {_ENDLESS}")
    page.get_by_role("button", name="Save").click()
    expect(card.locator("h2")).to_have_text("Our stars", timeout=_SLOW_MS)
    expect(card).to_contain_text("They come by train.")
    assert page.evaluate("document.querySelector('.sc').scrollWidth <= document.querySelector('.sc').clientWidth"), (
        "a long word leaves its card"
    )
    page.reload()
    settle(page)
    open_panel(page)
    page.locator(".history summary").click()
    expect(page.locator(".edits")).to_contain_text("Name: Our stars")
    assert not axe_violations(page)
    page.get_by_role("button", name="Undo the last change").click()
    expect(card.locator("h2")).to_have_text(before, timeout=_SLOW_MS)
    open_panel(page)
    page.locator(".history summary").click()
    expect(page.locator(".history summary")).to_have_text(re.compile(r"History \(2\)"))
    page.keyboard.press("Escape")
    expect(page.locator(".popv")).to_have_count(0, timeout=_SLOW_MS)


def open_panel(page: Page) -> None:
    settle(page)
    page.locator(".sc .hd button").first.click()
    expect(page.locator(".popv")).to_be_visible(timeout=_SLOW_MS)
    settle(page)
