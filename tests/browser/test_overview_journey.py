"""The overview in a browser: a click on a mark filters the page, the address holds it, and what is behind a chart can be taken away."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.serving import Service
from tests.browser.steps import click_mark, followed, kpis
from tests.browser.watching import Watch, arrive, axe_violations, settle, what_is_cut

pytestmark = pytest.mark.browser


def chosen(page: Page) -> str:
    return parse_qs(urlsplit(page.url).query).get("filter", [""])[0]


def customers(page: Page) -> int:
    return int(kpis(page)["Customers"].replace(",", ""))


def card(page: Page, title: str) -> Locator:
    return page.locator(".card", has=page.get_by_role("heading", name=title, exact=True))


def test_a_click_filters_the_page_and_back_takes_it_off(page: Page, demo: Service) -> None:
    arrive(page, demo.url)
    everybody = customers(page)
    click_mark(page, "Customers by country", 0)
    followed(page)
    assert chosen(page) == "country:Germany"
    germans = customers(page)
    assert 0 < germans < everybody
    expect(page.locator("#overview-left")).to_contain_text(f"{germans:,} of {everybody:,} customers left")
    expect(card(page, "Customers by country").locator(".note")).to_contain_text("All stay visible here.")
    expect(page.locator("#nav-links a").nth(1)).to_have_attribute("href", re.compile("filter=country"))
    click_mark(page, "Customers by country", 1, "Control")
    followed(page)
    assert chosen(page) == "country:Germany|United Kingdom"
    click_mark(page, "Where they buy", 0)
    followed(page)
    assert chosen(page).startswith("country:Germany|United Kingdom;channel:")
    expect(page.locator("#overview-left")).to_contain_text("count all their purchases")
    few = customers(page)
    page.reload()
    settle(page)
    assert customers(page) == few
    page.go_back()
    followed(page)
    page.go_back()
    followed(page)
    assert (chosen(page), customers(page)) == ("country:Germany", germans)
    page.get_by_role("button", name="Take off: Country Germany").click()
    followed(page)
    assert (chosen(page), customers(page)) == ("", everybody)
    click_mark(page, "Customers by country", 0, "Alt")
    page.get_by_role("heading", name="Customers", exact=True).wait_for()
    settle(page)
    assert (urlsplit(page.url).path, chosen(page)) == ("/customers", "country:Germany")
    expect(page.locator("#page")).to_contain_text(f"{germans:,} of {everybody:,} customers left")


def test_the_newest_of_rapid_clicks_wins(page: Page, demo: Service) -> None:
    arrive(page, demo.url)
    for place in (0, 1, 2, 3):
        click_mark(page, "Customers by country", place)
    followed(page)
    page.wait_for_load_state("networkidle")
    text, n = chosen(page), customers(page)
    page.reload()
    settle(page)
    assert (chosen(page), customers(page)) == (text, n)


def test_by_keyboard_and_menus_alone(page: Page, demo: Service) -> None:
    arrive(page, demo.url)
    everybody = customers(page)
    page.locator(".add-filter > summary").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Age", exact=True).press("Enter")
    page.locator(".values input[name=low]").fill("25")
    page.locator(".values input[name=high]").fill("34")
    page.locator(".values [data-range]").press("Enter")
    followed(page)
    assert chosen(page) == "age:25..35"
    assert 0 < customers(page) < everybody
    expect(page.locator(".chip")).to_contain_text("25 to 34")
    page.keyboard.press("Escape")
    page.locator(".period > summary").click()
    page.get_by_role("button", name="Last 3 months").click()
    followed(page)
    assert chosen(page).endswith("@days:2025-10-01..2025-12-31")
    page.get_by_role("button", name="Take all filters off").click()
    followed(page)
    assert customers(page) == everybody
    segment = page.locator(".popup", has_text="Segment").last
    segment.locator("summary").click()
    segment.locator("li button").first.click()
    followed(page)
    assert chosen(page).startswith("@segment:")
    assert customers(page) == int(segment.locator("li small").first.inner_text().replace(",", ""))


def test_what_is_behind_a_chart_can_be_taken_away(page: Page, demo: Service, tmp_path: Path) -> None:
    arrive(page, f"{demo.url}/?filter=gender:female|f|F")
    shown = card(page, "Product categories")
    shown.locator("summary").click()
    rows = shown.locator("tbody tr")
    expect(rows.first).to_be_visible()
    with page.expect_download() as got:
        shown.get_by_role("button", name="Download CSV").click()
    table = list(csv.reader(got.value.path().read_text("utf-8-sig").splitlines()))
    assert len(table) == rows.count() + 1
    assert table[1][0] == rows.first.locator("button").inner_text()
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.wait_for_timeout(200)
        with page.expect_download() as got:
            shown.get_by_role("button", name="PNG").click()
        with Image.open(got.value.path()) as picture:
            colours = picture.convert("RGB").getcolors(1 << 24)
            assert picture.width > 500
        assert colours is not None
        ground = max(colours)[1]
        assert len(colours) > 20
        assert sum(ground) > 700 if theme == "light" else sum(ground) < 150
    with page.expect_download() as got:
        shown.get_by_role("button", name="SVG").click()
    drawing = got.value.path().read_text("utf-8")
    assert "Product categories" in drawing
    assert table[1][0] in drawing
    rows.first.locator("button").click()
    followed(page)
    assert chosen(page) == f"gender:female|f|F;category:{table[1][0]}"
    expect(rows.first.locator("a")).to_have_attribute("href", re.compile("^/customers\\?.*filter="))


def test_nothing_left_says_so_and_offers_the_way_back(page: Page, demo: Service) -> None:
    arrive(page, f"{demo.url}/?filter=country:Atlantis")
    assert customers(page) == 0
    expect(card(page, "Monthly revenue")).to_contain_text("Nothing is left here")
    page.get_by_role("button", name="Take all filters off").click()
    followed(page)
    assert customers(page) > 0
    expect(card(page, "Monthly revenue")).not_to_contain_text("Nothing is left here")


@pytest.mark.parametrize(("size", "theme"), [((1024, 768), "dark"), ((2560, 1440), "light")])
def test_nothing_is_cut_and_axe_is_content(look: Callable[..., Watch], demo: Service, size: tuple[int, int], theme: str) -> None:
    page = look(demo, size, theme).page
    arrive(page, f"{demo.url}/?filter=country:Germany%7CFrance;age:25..45")
    page.locator(".add-filter > summary").click()
    page.get_by_role("button", name="Product", exact=True).click()
    expect(page.locator(".values li").first).to_be_visible()
    assert not what_is_cut(page)
    assert not axe_violations(page)
