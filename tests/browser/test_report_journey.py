"""From the profile to the boss: slides and a page that say what the pages say, and need nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pptx import Presentation

from tests.browser.serving import Service
from tests.browser.steps import LONG_MS, kpis
from tests.browser.watching import Watch, arrive, axe_violations, what_is_cut

pytestmark = pytest.mark.browser


def take_report(page: Page, kind: str) -> Path:
    """Ask for a report in the menu; it comes by itself."""
    page.locator(".reports summary").click()
    with page.expect_download(timeout=LONG_MS) as got:
        page.locator(".reports").get_by_role("button", name=kind).click()
    assert got.value.failure() is None
    expect(page.locator("#report-told .ready")).to_contain_text("numbers")
    return got.value.path()


def cards(page: Page) -> list[tuple[str, str]]:
    """Return name and action of each segment on the profile."""
    found = page.locator(".page-segments .sc").all()
    return [(card.get_by_role("heading").first.inner_text(), card.locator(".ac p").inner_text()) for card in found]


def test_the_slides_say_what_the_pages_say(watch: Callable[..., Watch], demo: Service) -> None:
    page = watch(demo).page
    arrive(page, demo.url)
    figures = kpis(page)
    arrive(page, f"{demo.url}/segments")
    shown, finding = cards(page), page.locator(".page-segments .lead b").first.inner_text()
    path = take_report(page, "PowerPoint")
    slides = list(Presentation(str(path)).slides)
    words = [
        paragraph.text for slide in slides for shape in slide.shapes if shape.has_text_frame for paragraph in shape.text_frame.paragraphs
    ]
    assert slides[1].shapes.title.text == finding
    for label, value in figures.items():
        assert words[words.index(label) + 1] == value
    for name, action in shown:
        assert name in words and action in words
    assert not axe_violations(page)
    assert not what_is_cut(page)


def test_the_page_opens_from_a_disk_and_prints(watch: Callable[..., Watch], demo: Service, browser: Browser, tmp_path: Path) -> None:
    page = watch(demo, (1024, 768)).page
    arrive(page, f"{demo.url}/segments")
    shown = cards(page)
    path = take_report(page, "One page").rename(tmp_path / "report.html")
    with browser.new_context(java_script_enabled=False, viewport={"width": 1024, "height": 768}) as window:
        paper, asked, said = window.new_page(), [], []
        paper.on("request", lambda request: asked.append(request.url))
        paper.on("console", lambda message: said.append(message.text))
        paper.goto(path.as_uri())
        assert [heading.inner_text().split("\n")[-1] for heading in paper.locator(".seg h3").all()] == [name for name, _ in shown]
        assert paper.locator("svg").count() > 8
        assert paper.pdf(prefer_css_page_size=True).startswith(b"%PDF")
        assert asked == [path.as_uri()]
        assert said == []
        width = paper.locator("main").bounding_box()
        assert width is not None and width["width"] <= 920
