"""Under random filters every key figure and every chart, as drawn in the browser, is what plain SQL on the store says."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from contextlib import closing

import pytest
from playwright.sync_api import Page

from dashboard.context import open_context
from dashboard.queries.datasets import find_shown
from dashboard.queries.overview import load_counted
from database.engine import read
from segmentation.measures.filters import write_filter
from tests.bars.filtering import bring_in
from tests.bars.programs import Outside
from tests.browser.drawn_overview import Wanted, check, check_figures, joined, key_figures, marks, read_charts
from tests.browser.serving import Service
from tests.browser.steps import followed
from tests.browser.store import newest_dataset
from tests.browser.watching import Watch, arrive
from tests.dashboard.making import settings_for
from tests.reference.filter_sql import Asking

pytestmark = pytest.mark.browser

N_FILTERS = int(os.environ.get("CLIENTELE_FILTERS", "8"))
"""Fifty take a minute and a half: ``CLIENTELE_FILTERS=50 make tests ARGS="-k equal_sql"``."""
_GO = """text => {
  const query = new URLSearchParams(location.search);
  query.set("filter", text);
  history.pushState({}, "", location.pathname + "?" + query);
  window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
}"""


PEOPLE_FILTERS = max(N_FILTERS // 5, 4)


def people(n: int = 400) -> bytes:
    """Return a list with all that a list is drawn by."""
    chance, rows = random.Random(9), ["ID;Age;Gender;Country;Education;Income;Total Spend;Wines;Bread;Complain;Newsletter"]
    for number in range(n):
        wines, bread = chance.randrange(300), chance.randrange(100)
        income = "" if number % 12 == 5 else str(15_000 + chance.randrange(60_000))
        country = chance.choice(["Spain", "Spain", "France", "Italy"])
        facts = [20 + chance.randrange(50), chance.choice("MF"), country, chance.choice(["school", "trade", "university"]), income]
        rows.append(";".join(map(str, [f"p{number:04}", *facts, wines + bread, wines, bread, number % 9 // 8, number % 2])))
    return "\n".join(rows).encode()


def compare(page: Page, service: Service, dataset_id: str, n_filters: int) -> None:
    """Click through random filters and hold what the page then draws against SQL."""
    draw, seen = random.Random(4), Counter[str]()
    arrive(page, f"{service.url}/?dataset={dataset_id}")
    drawn = read_charts(page)
    offered = marks(drawn)
    with closing(open_context(settings_for(service.data_dir))) as context:
        shown = find_shown(context, dataset_id)
        assert shown is not None
        counted = load_counted(context, shown.dataset)
        for _ in range(n_filters):
            chosen = joined(draw.sample(offered, draw.choice([1, 2, 2, 3])))
            page.evaluate(_GO, write_filter(chosen))
            followed(page)
            with read(context.engine) as conn:
                want = Wanted(Asking(conn, shown.dataset, chosen), counted.overview, counted.crossings)
                try:
                    seen.update(check(read_charts(page), want))
                    check_figures(key_figures(page), want)
                except AssertionError as error:
                    raise AssertionError(f"under {write_filter(chosen)}: {error}") from error
    assert seen.keys() == drawn.keys()
    assert min(seen.values()) >= n_filters // 4


def test_the_demo_equals_sql_under_random_filters(page: Page, demo: Service) -> None:
    compare(page, demo, newest_dataset(demo), N_FILTERS)


def test_a_list_equals_sql_under_random_filters(watch: Callable[..., Watch], tmp_path_factory: pytest.TempPathFactory) -> None:
    with Service(tmp_path_factory.mktemp("people"), demo=False) as service:
        dataset_id = bring_in(Outside(service.url), people(), "people.csv")
        compare(watch(service).page, service, dataset_id, PEOPLE_FILTERS)
