"""A person in the Studio: a recipe kept and found again, what cannot work said at its field, a run whose worker dies, two runs compared."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SIZES
from tests.browser.serving import Service
from tests.browser.steps import LONG_MS, percent, start_run
from tests.browser.store import frame
from tests.browser.watching import Watch, arrive, axe_violations, settle, what_is_cut

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def shop(demo_loaded: Callable[[str], Path]) -> Iterator[Service]:
    """A service of its own: what is done here changes it."""
    with Service(demo_loaded("studio"), demo=False) as service:
        yield service


def well_made(page: Page) -> None:
    settle(page)
    assert not what_is_cut(page)
    violations = axe_violations(page)
    assert not violations, "\n".join(violations)


def test_a_recipe_is_kept_and_found_again(watch: Callable[..., Watch], shop: Service) -> None:
    page = watch(shop).page
    arrive(page, f"{shop.url}/studio")
    page.get_by_role("combobox", name=re.compile("^Segments")).select_option(label="4")
    expect(page.locator("#recipe-cost")).to_contain_text("All 2,890 customers. About")
    page.locator("summary", has_text="Keep this recipe").click()
    page.get_by_role("textbox", name="Name").fill("Four groups")
    page.get_by_role("button", name="Keep", exact=True).click()
    page.wait_for_url("**/studio?*recipe=*")
    expect(page.locator(".rec")).to_contain_text("“Four groups”")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Studio").click()
    expect(page.locator(".rec")).to_contain_text("What makes customers alike?")
    page.locator(".recipes-menu summary").click()
    page.get_by_role("link", name=re.compile("Four groups")).click()
    expect(page.get_by_role("combobox", name=re.compile("^Segments"))).to_have_value("4")
    well_made(page)


def test_what_cannot_work_is_said_at_its_field(watch: Callable[..., Watch], shop: Service) -> None:
    page = watch(shop, SIZES[1], "dark").page
    arrive(page, f"{shop.url}/studio")
    for feature in ("Days since the last purchase", "Number of orders", "Total spend"):
        page.get_by_role("checkbox", name=re.compile(f"^{feature}")).uncheck()
    expect(page.locator("#recipe-said-features")).to_contain_text("No feature is chosen.")
    page.get_by_role("combobox", name=re.compile("^Segments")).select_option(label="Another number")
    expect(page.locator("#recipe-said-k")).to_contain_text("The number of segments is missing or cannot be used.")
    expect(page.locator("#recipe-cost")).to_contain_text("It cannot start like this")
    well_made(page)
    page.get_by_role("button", name="Find segments").click()
    expect(page.locator("#recipe-problem")).to_contain_text("No feature is chosen.")
    assert len(frame(shop, "SELECT id FROM jobs WHERE kind = 'segmentation'")) == 0


def test_the_worker_dies_and_the_bar_goes_on_after_a_reload(watch: Callable[..., Watch], shop: Service) -> None:
    page = watch(shop).page
    arrive(page, f"{shop.url}/studio")
    start_run(page, Features="Everything", Method="Overlapping groups", Segments="Automatic, 2 to 8")
    expect(page.get_by_role("progressbar")).to_be_visible()
    while (percent(page) or 0) < 10:
        page.wait_for_timeout(50)
    (pid,) = frame(shop, "SELECT worker_pid FROM jobs WHERE state = 'running'").worker_pid
    os.kill(pid, signal.SIGKILL)
    page.reload()
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.locator("#studio-run")).to_contain_text("nterrupted", timeout=60_000)
    before = percent(page) or 0
    page.wait_for_function("before => +document.querySelector('[role=progressbar]')?.getAttribute('aria-valuenow') > before", arg=before)
    page.get_by_role("button", name="Cancel run").click()
    expect(page.get_by_role("button", name="Find segments")).to_be_visible(timeout=60_000)
    expect(page.locator("#studio-run")).to_contain_text("Cancelled. Nothing was stored.")


def test_two_runs_are_compared_and_one_is_the_teams(watch: Callable[..., Watch], shop: Service) -> None:
    page = watch(shop).page
    arrive(page, f"{shop.url}/studio")
    start_run(page, Segments="3")
    page.get_by_role("link", name="Compare run 2").click(timeout=LONG_MS)
    page.wait_for_url("**/studio?*compare=*")
    expect(page.get_by_role("heading", level=1)).to_have_text("Two runs")
    well_made(page)
    cells = [int(words.replace(",", "").split("\n")[0].split()[0]) for words in page.locator(".moves td a").all_inner_texts()]
    assert sum(cells) == 2_890
    with page.expect_download(timeout=LONG_MS) as got:
        page.locator(".moves td a").first.click()
    assert len(pd.read_csv(got.value.path())) == cells[0]
    page.get_by_role("link", name="Studio").last.click()
    page.get_by_role("button", name="Publish run 2").click()
    expect(page.get_by_role("status").filter(has_text="is the team’s now instead of run 1")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status").filter(has_text="Run 1 is the team’s now")).to_be_visible()
    page.get_by_label("Delete run 2").click()
    page.get_by_role("button", name="Delete run 2").click()
    expect(page.get_by_role("status").filter(has_text="The run is deleted.")).to_be_visible()
    assert len(frame(shop, "SELECT id FROM runs WHERE state = 'finished'")) == 1
    well_made(page)
