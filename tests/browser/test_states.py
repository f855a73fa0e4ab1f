"""Every state of the pages beside their first: they fit, can be read by everyone, and are used with the keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SIZES, Theme
from tests.browser.serving import Service
from tests.browser.steps import send_file
from tests.browser.store import newest_dataset
from tests.browser.watching import Watch, arrive, axe_violations, settle, what_is_cut
from tests.dashboard.making import small_list, small_log

pytestmark = pytest.mark.browser

LOOKS: list[tuple[tuple[int, int], Theme]] = [(SIZES[0], "light"), (SIZES[1], "dark")]
LOOK_IDS = ["large-light", "small-dark"]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service with nothing in it."""
    with Service(tmp_path_factory.mktemp("states"), demo=False) as service:
        yield service


def check(page: Page) -> None:
    """See that nothing is cut and axe is content."""
    settle(page)
    assert not what_is_cut(page)
    violations = axe_violations(page)
    assert not violations, "\n".join(violations)


@pytest.mark.parametrize(("size", "theme"), LOOKS, ids=LOOK_IDS)
@pytest.mark.parametrize("path", ["/", "/segments", "/data", "/studio"])
def test_pages_without_data(path: str, size: tuple[int, int], theme: Theme, look: Callable[..., Watch], empty: Service) -> None:
    page = look(empty, size, theme).page
    arrive(page, empty.url + path)
    expect(page.get_by_role("button", name="Choose a file")).to_be_visible()
    check(page)


@pytest.mark.parametrize(("size", "theme"), LOOKS, ids=LOOK_IDS)
@pytest.mark.parametrize("make", [small_log, small_list])
def test_the_check_of_a_file(
    make: Callable[[], str], size: tuple[int, int], theme: Theme, look: Callable[..., Watch], empty: Service, tmp_path: Path
) -> None:
    path = tmp_path / "customers and orders.csv"
    path.write_text(make(), encoding="utf-8")
    page = look(empty, size, theme).page
    arrive(page, f"{empty.url}/data")
    send_file(page, path)
    expect(page.get_by_role("button", name=re.compile(r"^Import \d+ rows"))).to_be_visible(timeout=60_000)
    check(page)


@pytest.mark.parametrize(("size", "theme"), LOOKS, ids=LOOK_IDS)
@pytest.mark.parametrize(
    "path", ["/segments?view=map", "/segments?view=boxes", "/data?receipt={dataset}", "/nonsense", "/data?upload=gone"]
)
def test_views(path: str, size: tuple[int, int], theme: Theme, look: Callable[..., Watch], demo: Service) -> None:
    seen = look(demo, size, theme)
    address = demo.url + path.format(dataset=newest_dataset(demo))
    if path == "/nonsense":
        with seen.expecting("404"):
            arrive(seen.page, address)
    else:
        arrive(seen.page, address)
    check(seen.page)


_UNFOLD = """() => document.querySelectorAll("#page details:not(.menu)").forEach((each, place, all) => {
  each.open = !each.matches(".chart-data") || [...all].filter(other => other.matches(".chart-data")).indexOf(each) < 4;
})"""
"""Everything is opened, but of the tables behind charts, which are all of one make, only a few."""


@pytest.mark.parametrize(("size", "theme"), LOOKS, ids=LOOK_IDS)
@pytest.mark.parametrize("path", ["/", "/segments", "/data", "/studio"])
def test_everything_that_folds_open(path: str, size: tuple[int, int], theme: Theme, look: Callable[..., Watch], demo: Service) -> None:
    page = look(demo, size, theme).page
    arrive(page, demo.url + path)
    page.evaluate(_UNFOLD)
    check(page)
    menus = page.locator("#page details.menu > summary")
    for place in range(menus.count()):
        if not menus.nth(place).is_visible():
            continue
        menus.nth(place).click()
        violations = axe_violations(page, "details.menu[open]")
        assert not violations, "\n".join(violations)
        page.keyboard.press("Escape")
        expect(menus.nth(place)).to_be_focused()


def test_a_segment_is_renamed_with_the_keyboard(watch: Callable[..., Watch], demo: Service) -> None:
    page = watch(demo).page
    arrive(page, f"{demo.url}/segments")
    pen = page.get_by_role("button", name=re.compile("^(Rename|Edit)")).first
    pen.focus()
    page.keyboard.press("Enter")
    field = page.get_by_label("Name", exact=True)
    expect(field).to_be_visible()
    settle(page)
    assert not axe_violations(page)
    page.keyboard.press("Escape")
    expect(field).to_have_count(0)
    expect(page.get_by_role("button", name=re.compile("^(Rename|Edit)")).first).to_be_focused()
    settle(page)
