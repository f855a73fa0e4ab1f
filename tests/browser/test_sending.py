"""A file on its way while the person does something else: the page tells where it is, and never takes them away."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import SIZES
from tests.browser.serving import Service
from tests.browser.steps import import_file, send_file
from tests.browser.watching import Watch, arrive, settle, what_is_cut
from tests.dashboard.making import small_log

pytestmark = pytest.mark.browser

SLOW = 2 << 20


@pytest.fixture(scope="module")
def service(demo_loaded: Callable[[str], Path]) -> Iterator[Service]:
    """A service with the demo, into which files are sent."""
    with Service(demo_loaded("sending"), demo=False) as started:
        yield started


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A file that takes some seconds to send."""
    path = tmp_path / "large.csv"
    path.write_text("order,date,customer,amount\n" + "".join(f"{n},2024-01-{n % 28 + 1:02},c{n % 500},5.00\n" for n in range(400_000)))
    return path


def slow_down(page: Page) -> None:
    chrome = page.context.new_cdp_session(page)
    chrome.send("Network.enable")
    chrome.send("Network.emulateNetworkConditions", {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": SLOW})


def visit(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_the_page_is_left_and_the_file_waits(watch: Callable[..., Watch], service: Service, large: Path) -> None:
    page = watch(service).page
    arrive(page, f"{service.url}/data")
    slow_down(page)
    send_file(page, large)
    on_its_way = page.get_by_role("status").filter(has_text=re.compile(r"large.csv: \d+%, [\d.]+ of \d+ MB"))
    expect(on_its_way).to_be_visible()
    visit(page, "Overview")
    visit(page, "Data")
    expect(on_its_way).to_be_visible()
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    with page.expect_response("**/api/v1/uploads?wait=0", timeout=60_000):
        visit(page, "Studio")
    settle(page)
    assert "/studio" in page.url
    visit(page, "Data")
    page.get_by_role("link", name="Check columns of large.csv").click()
    expect(page.get_by_role("button", name="Import 400,000 rows")).to_be_visible(timeout=60_000)
    settle(page)


def test_what_went_wrong_meanwhile_is_told_on_return(watch: Callable[..., Watch], service: Service, large: Path) -> None:
    seen, held = watch(service), list[Route]()
    page = seen.page

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(r"/api/v1/uploads"), hold)
    arrive(page, f"{service.url}/data")
    send_file(page, large)
    expect(page.get_by_role("status").filter(has_text="large.csv")).to_be_visible()
    visit(page, "Help")
    with seen.expecting("ERR_CONNECTION_RESET"):
        held[0].abort("connectionreset")
    visit(page, "Data")
    expect(page.locator(".failure[role=alert]")).to_contain_text("could not be sent")
    expect(page.get_by_role("button", name="Choose a file")).to_be_visible()


def test_a_film_is_refused_before_it_is_sent(watch: Callable[..., Watch], service: Service, tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(bytes(10_000))
    seen = watch(service)
    arrive(seen.page, f"{service.url}/data")
    send_file(seen.page, path)
    expect(seen.page.locator(".failure[role=alert]")).to_contain_text("not a table")
    assert not [address for address in seen.requests if "/api/v1/uploads" in address]


def test_deleting_one_of_several_fits_a_small_window(watch: Callable[..., Watch], service: Service, tmp_path: Path) -> None:
    path = tmp_path / "all the orders of the shop in one file.csv"
    path.write_text(small_log(), encoding="utf-8")
    page = watch(service, SIZES[1]).page
    arrive(page, f"{service.url}/data")
    import_file(page, path)
    arrive(page, f"{service.url}/data")
    for row in page.get_by_role("row").filter(has=page.locator("summary")).all():
        row.locator("summary").click()
        expect(row.get_by_role("button", name=re.compile("^Delete"))).to_be_in_viewport()
        assert not what_is_cut(page)
        row.locator("summary").click()
