"""Under random filters every key figure and every chart, as drawn in the browser, is what plain SQL on the store says."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Page

from dashboard.context import Context, open_context
from dashboard.queries.datasets import find_shown
from dashboard.queries.overview import load_counted
from database.engine import read
from segmentation.measures.filters import write_filter
from tests.browser.drawn_overview import Wanted, check, check_figures, joined, key_figures, marks, read_charts
from tests.browser.serving import Service
from tests.browser.steps import followed
from tests.browser.watching import arrive
from tests.dashboard.making import settings_for
from tests.reference.filter_sql import Asking

pytestmark = pytest.mark.browser

N_FILTERS = int(os.environ.get("CLIENTELE_FILTERS", "50"))
_GO = """text => {
  const query = new URLSearchParams(location.search);
  query.set("filter", text);
  history.pushState({}, "", location.pathname + "?" + query);
  window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
}"""


@pytest.fixture
def store(demo: Service) -> Iterator[Context]:
    """The store of the service, for SQL."""
    with closing(open_context(settings_for(demo.data_dir))) as context:
        yield context


def test_the_page_equals_sql_under_random_filters(page: Page, demo: Service, store: Context) -> None:
    shown = find_shown(store)
    assert shown is not None
    counted, draw, seen = load_counted(store, shown.dataset), random.Random(4), Counter[str]()
    arrive(page, demo.url)
    drawn = read_charts(page)
    offered = marks(drawn)
    for _ in range(N_FILTERS):
        chosen = joined(draw.sample(offered, draw.choice([1, 2, 2, 3])))
        page.evaluate(_GO, write_filter(chosen))
        followed(page)
        with read(store.engine) as conn:
            want = Wanted(Asking(conn, shown.dataset, chosen), counted.overview, counted.crossings)
            try:
                seen.update(check(read_charts(page), want))
                check_figures(key_figures(page), want)
            except AssertionError as error:
                raise AssertionError(f"under {write_filter(chosen)}: {error}") from error
    assert seen.keys() == drawn.keys()
    assert min(seen.values()) >= N_FILTERS / 4
