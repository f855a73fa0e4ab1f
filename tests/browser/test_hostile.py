"""A file whose words would be tags, links and scripts: they are shown as they stand, run nowhere and break nothing; narrow windows too."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import Service
from tests.browser.steps import import_file
from tests.browser.watching import Watch, arrive, axe_violations, settle, what_is_cut

pytestmark = pytest.mark.browser

EVIL = (
    "<b>bold</b>",
    '<a href="https://elsewhere.example/">click</a>',
    '<img src=x onerror="window.ran = true">',
    "<script>window.ran = true</script>",
    "=cmd|' /C calc'!A0",
    "two\nlines",
    "\u0634\u0631\u0643\u0629",
    "L" * 5_000,
)
NARROW = (720, 450)
"""A window of 1440 by 900 at 200 %."""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service of its own, for what is written into it."""
    with Service(tmp_path_factory.mktemp("hostile"), demo=False) as service:
        yield service


def write_log(path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["Order", "Date", "Customer", "Product", "Quantity", "Unit price", EVIL[2]])
        for n in range(240):
            day = f"2024-{n % 12 + 1:02}-{n % 28 + 1:02}"
            rows.writerow([n, day, f"c{n % 80}", EVIL[n % 8], n % 5 + 1, f"{n % 7 + 1}.50", EVIL[(n + 3) % 8]])


def check(page: Page) -> None:
    settle(page)
    assert page.evaluate("window.ran") is None
    assert page.locator("#page a[href*=elsewhere], #page svg a").count() == 0
    assert not what_is_cut(page)
    violations = axe_violations(page)
    assert not violations, "\n".join(violations)


def test_hostile_words_are_words(watch: Callable[..., Watch], own: Service, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    write_log(path)
    page = watch(own).page
    arrive(page, f"{own.url}/data")
    import_file(page, path)
    check(page)
    arrive(page, f"{own.url}/")
    expect(page.locator("svg.main-svg").get_by_text(EVIL[0]).first).to_be_visible()
    check(page)


def test_the_way_back_after_an_import_is_free(watch: Callable[..., Watch], own: Service, tmp_path: Path) -> None:
    path = tmp_path / "again.csv"
    write_log(path)
    page = watch(own).page
    arrive(page, f"{own.url}/help")
    arrive(page, f"{own.url}/data")
    import_file(page, path)
    for _ in range(3):
        page.go_back()
        settle(page)
        page.wait_for_timeout(1_000)  # longer than the page looks for work
    assert page.url == f"{own.url}/help"


def test_at_twice_the_size_every_page_can_be_reached(watch: Callable[..., Watch], demo: Service) -> None:
    page = watch(demo, NARROW).page
    arrive(page, f"{demo.url}/")
    overflowing = "() => [...document.querySelectorAll('.kpi dt')].filter(each => each.scrollWidth > each.clientWidth + 1).length"
    assert page.evaluate(overflowing) == 0
    for name in ("Cluster profile", "Data", "Studio", "Help", "Overview"):
        page.get_by_role("navigation").get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        check(page)
