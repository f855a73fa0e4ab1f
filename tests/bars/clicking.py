"""B10, the other half: one person with a browser clicks on bars while many others change filters, too."""

from __future__ import annotations

import random
from collections.abc import Sequence
from threading import Event

from playwright.sync_api import Page, sync_playwright

from tests.browser.chromium import FLAGS, HOW_TO_GET_ONE, find_chromium
from tests.browser.serving import Service
from tests.browser.steps import click_mark, followed
from tests.browser.watching import arrive

_TITLE, _N_BARS = "Customers by country", 6
_READS_MS = 2_000
"""How long somebody looks at what came."""
_MEASURED = "() => performance.getEntriesByName('clientele-filter').map(each => each.duration / 1000)"


def click_until(service: Service, dataset_id: str, is_here: Event, is_over: Event, seed: int = 10) -> Sequence[float]:
    """Open the page, say so, and click on one bar after another until the others are done.

    Returns the seconds from each click to the paint of what is in sight.
    """
    path = find_chromium()
    if path is None:
        raise AssertionError(HOW_TO_GET_ONE)
    chance = random.Random(seed)
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=path, args=list(FLAGS)) as chromium:
        page = chromium.new_page(viewport={"width": 1440, "height": 900})
        arrive(page, f"{service.url}/?dataset={dataset_id}")
        page.wait_for_timeout(_READS_MS)
        is_here.set()
        while not is_over.is_set():
            _click(page, chance.randrange(_N_BARS))
        found: list[float] = page.evaluate(_MEASURED)
    return found


def _click(page: Page, bar: int) -> None:
    click_mark(page, _TITLE, bar)
    followed(page)
    page.wait_for_timeout(_READS_MS)
