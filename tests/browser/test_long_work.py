"""Work that takes a while: left and come back to, watched from two tabs, and outliving the process that does it."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from segmentation.demo import demo_log
from tests.browser.serving import Service
from tests.browser.steps import LONG_MS, find_segments, import_file, percent, start_run
from tests.browser.store import frame
from tests.browser.watching import Watch, arrive, settle

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LONG_RUN = {"Features": "Everything", "Method": "Overlapping groups", "Segments": "Automatic, 2 to 8"}
"""Twenty seconds with 8,000 customers."""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service with a shop of its own, which is large enough for a run to take a while."""
    folder = tmp_path_factory.mktemp("shop")
    demo_log(2, 120_000).to_csv(folder / "shop.csv", index=False)
    with Service(folder, demo=False) as service:
        done = service.command("segment", "shop.csv", "--store", "--method", "rfm", "--out", "labelled.csv")
        assert done.returncode == 0, done.stderr
        yield service


def half_way(page: Page, least: float = 30) -> float:
    """Wait until the bar is somewhere in the middle, and return where."""
    expect(page.get_by_role("progressbar")).to_be_visible()
    while (now := percent(page)) is not None and now < least:
        page.wait_for_timeout(50)
    assert now is not None, "the run ended too soon to see anything"
    return now


def test_a_run_is_left_and_come_back_to_and_seen_in_a_second_tab(watch: Callable[..., Watch], shop: Service) -> None:
    seen = watch(shop)
    page = seen.page
    arrive(page, f"{shop.url}/studio")
    start_run(page, **LONG_RUN, Numbers="As they are")
    before = half_way(page, 10)
    page.reload()
    expect(page.get_by_role("progressbar")).to_be_visible()
    assert (percent(page) or 0) >= before
    second = Watch(page.context.new_page(), shop.url)
    second.page.goto(page.url)
    here, there = half_way(page, 0), half_way(second.page, 0)
    assert there >= before
    assert abs(here - there) < 40
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Help").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Help")
    page.go_back()
    for each in (page, second.page):
        expect(each.get_by_role("link", name="See the segments").first).to_be_visible(timeout=LONG_MS)
    assert not second.problems
    assert len(frame(shop, "SELECT id FROM jobs WHERE kind = 'segmentation'")) == 2, "one for the file, one for this run"
    settle(page)


def test_the_worker_is_killed_in_the_middle_and_the_run_ends_all_the_same(watch: Callable[..., Watch], shop: Service) -> None:
    page = watch(shop).page
    arrive(page, f"{shop.url}/studio")
    start_run(page, **LONG_RUN, Numbers="Log of all")
    half_way(page)
    (pid,) = frame(shop, "SELECT worker_pid FROM jobs WHERE state = 'running'").worker_pid
    os.kill(pid, signal.SIGKILL)
    expect(page.get_by_role("link", name="See the segments").first).to_be_visible(timeout=LONG_MS)
    settle(page)
    (job,) = frame(shop, "SELECT state, attempt FROM jobs ORDER BY created_at DESC LIMIT 1").itertuples(index=False)
    assert (job.state, job.attempt) == ("done", 2)
    assert re.search("worker process ended", shop.log.read_text("utf-8"))


def test_a_run_is_called_off(watch: Callable[..., Watch], shop: Service) -> None:
    page = watch(shop).page
    arrive(page, f"{shop.url}/studio")
    runs = len(frame(shop, "SELECT id FROM runs WHERE state = 'finished'"))
    start_run(page, **LONG_RUN, Numbers="Bell curve")
    half_way(page, 5)
    page.get_by_role("button", name="Cancel run").click()
    expect(page.get_by_role("button", name="Find segments")).to_be_visible(timeout=60_000)
    assert len(frame(shop, "SELECT id FROM runs")) == runs
    settle(page)


def test_an_import_is_left_and_come_back_to(watch: Callable[..., Watch], shop: Service, tmp_path: Path) -> None:
    page = watch(shop).page
    path = tmp_path / "another shop.csv"
    demo_log(3, 60_000).to_csv(path, index=False)
    arrive(page, f"{shop.url}/data")
    words = import_file(page, path)
    kept = int(re.sub(r"\D", "", words))
    (facts,) = frame(shop, "SELECT * FROM datasets ORDER BY published_at DESC LIMIT 1").itertuples(index=False)
    assert (facts.rows_read, facts.rows_kept) == (60_000, kept)
    assert facts.rows_kept + facts.rows_rejected == facts.rows_read
    page.get_by_role("link", name="Find segments").first.click()
    page.wait_for_url("**/studio?*")
    settle(page)
    find_segments(page, Features="Buying behaviour", Segments="3")
    page.get_by_role("link", name="See the segments").first.click()
    expect(page.get_by_role("main")).to_contain_text("Three segments from")
    settle(page)
