"""The overview on the widest screens and on paper: the room is used, and nothing is cut off."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.serving import Service
from tests.browser.watching import Watch, arrive, settle, what_is_cut

_RIGHT_EDGES = "() => Array.from(document.querySelectorAll('.grid > .card'), each => each.getBoundingClientRect().right)"
_SHORTENED = """() => Array.from(document.querySelectorAll('.kpi :is(dt, b, .d)'))
  .filter(each => each.scrollWidth > each.clientWidth).map(each => each.textContent)"""
_IN_FIRST_ROW = """() => {
  const tops = Array.from(document.querySelectorAll('.grid > .card'), each => each.getBoundingClientRect().top);
  return tops.filter(top => top === tops[0]).length;
}"""


def test_a_wide_screen_is_used(watch: Callable[..., Watch], demo: Service) -> None:
    page = watch(demo, (2560, 1440)).page
    arrive(page, f"{demo.url}/")
    assert page.evaluate(_IN_FIRST_ROW) == 5
    assert max(page.evaluate(_RIGHT_EDGES)) > 2_500
    assert not what_is_cut(page)


@pytest.mark.parametrize("width", [1024, 1200])
def test_key_figures_are_named_in_full(width: int, watch: Callable[..., Watch], demo: Service) -> None:
    page = watch(demo, (width, 800)).page
    arrive(page, f"{demo.url}/")
    assert page.evaluate(_SHORTENED) == []


def test_the_report_is_one_page_of_paper(page: Page, demo: Service, tmp_path: Path) -> None:
    arrive(page, f"{demo.url}/")
    with page.expect_download() as download:
        page.locator("#overview-report").click()
    path = tmp_path / "report.html"
    download.value.save_as(path)
    sheet = page.context.new_page()
    sheet.goto(path.as_uri())
    printed = sheet.pdf(format="A4", prefer_css_page_size=True)
    sheet.close()
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1


def test_the_page_on_paper_is_its_cards_alone(page: Page, demo: Service) -> None:
    arrive(page, f"{demo.url}/?filter=country:Germany")
    page.set_viewport_size({"width": 1440, "height": 900})
    settle(page)
    page.emulate_media(media="print")
    assert not page.locator(".nav").is_visible()
    assert not page.locator("#overview-report").is_visible()
    assert page.get_by_text("Germany", exact=True).first.is_visible(), "what was filtered by stays readable"
