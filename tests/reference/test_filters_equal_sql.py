"""Under any filter, every number of the overview is what plain SQL on the store says."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboard.context import Context, open_context
from dashboard.queries.overview import load_overview
from dashboard.workflows.datasets import ImportRequest, request_import
from dashboard.workflows.doing import finish_own_job
from dashboard.workflows.staging import staged
from database.datasets import Dataset, load_dataset
from database.engine import read
from segmentation.demo import demo_log
from segmentation.measures.filters import (
    DAYS,
    FIRST_MONTH,
    MONTH,
    ORDER_VALUE,
    WEEK_HOUR,
    WEEKDAY,
    WEEKDAYS,
    Band,
    Condition,
    CustomerFilter,
    Days,
)
from segmentation.measures.overview import Overview
from tests.dashboard.making import settings_for, small_list
from tests.postgres import new_database, postgres_server  # noqa: F401
from tests.reference.filter_seen import seen
from tests.reference.filter_sql import expected

N_FILTERS = 50


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def context(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "sqlite":
        opened = open_context(settings_for(folder))
        yield opened
        opened.close()
        return
    with new_database(request.getfixturevalue("postgres_server")) as address:
        opened = open_context(settings_for(folder, address))
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def log(context: Context, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    path = tmp_path_factory.mktemp("files") / "shop.csv"
    demo_log(seed=3, n_rows=2000).to_csv(path, index=False)
    return imported(context, path)


@pytest.fixture(scope="module")
def sent_elsewhere(context: Context, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """A log whose orders each go to a region of their own."""
    path, rows = tmp_path_factory.mktemp("files") / "sent.csv", demo_log(seed=5, n_rows=1500)
    regions = sorted(rows["region"].dropna().unique())[:6]
    rows["region"] = [regions[number] for number in rows["order_id"].factorize()[0] % len(regions)]
    rows.to_csv(path, index=False)
    return imported(context, path)


@pytest.fixture(scope="module")
def customers(context: Context, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    path = tmp_path_factory.mktemp("files") / "list.csv"
    path.write_text(small_list(150), encoding="utf-8")
    return imported(context, path)


def imported(context: Context, path: Path) -> Dataset:
    with staged(context, path) as file:
        dataset_id = str(finish_own_job(context, request_import(context, ImportRequest(file, path.stem)))["dataset_id"])
    with read(context.engine) as conn:
        return load_dataset(conn, dataset_id)


def random_filter(draw: random.Random, base: Overview) -> CustomerFilter:
    choices = _choices(draw, base)
    names = draw.sample(sorted(choices), draw.choice([0, 1, 1, 2, 2, 3]))
    return CustomerFilter(
        tuple(Condition(name, tuple(draw.sample(choices[name], min(len(choices[name]), draw.randint(1, 3))))) for name in names)
    )


def _choices(draw: random.Random, base: Overview) -> dict[str, list[Any]]:
    """Return what can be clicked, and some that cannot."""
    found: dict[str, list[Any]] = {}
    for each in (*base.categories, *base.lines, *([base.countries] if base.countries else [])):
        found[each.column] = [entry.text for entry in each.entries[:12]] + ["", "none of them"]
    for each in base.numbers:
        bands = [Band(low, high) for low, high in zip(each.edges, (*each.edges[1:], None), strict=True)]
        found[each.column] = [str(int(edge)) for edge in each.edges] if each.is_discrete else bands
    if base.ages:
        found["age"] = [Band(0, 18), Band(25, 35), Band(35, 45), Band(65, None)]
        found |= {"gender": [text for group in base.ages.groups for text in group.texts]} if base.ages.groups[0].texts else {}
    if any(kpi.name == "average_order" for kpi in base.kpis):
        found[ORDER_VALUE] = [Band(None, 20), Band(20, 50), Band(50, 100), Band(100, None), "10"]
    if base.months and base.first_day and base.last_day:
        first, span = date.fromisoformat(base.first_day), (date.fromisoformat(base.last_day) - date.fromisoformat(base.first_day)).days
        start = first + timedelta(days=draw.randint(0, span))
        found[DAYS] = [Days(start, start + timedelta(days=draw.randint(0, 90))), Days(start, None)]
        found |= {MONTH: list(base.months.names), FIRST_MONTH: list(base.months.names), WEEKDAY: list(WEEKDAYS)}
        found[WEEK_HOUR] = [f"{day} {hour}" for day in WEEKDAYS for hour in (9, 12, 18)]
    return found


def check(context: Context, dataset: Dataset, n_filters: int, seed: int) -> None:
    base, draw, n_left = load_overview(context, dataset), random.Random(seed), 0
    with read(context.engine) as conn:
        for chosen in [random_filter(draw, base) for _ in range(n_filters)]:
            found, wanted = seen(load_overview(context, dataset, chosen)), expected(conn, dataset, chosen, base)
            assert found.keys() == wanted.keys()
            for part, value in wanted.items():
                assert found[part] == _about(value), (part, chosen)
            n_left += found["customers"] > 0
    assert n_left >= n_filters / 2


def _about(value: Any) -> Any:
    """Averages may differ in the last bits: stores add up in an order of their own."""
    if isinstance(value, dict):
        return {name: _about(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_about(each) for each in value)
    return pytest.approx(value, rel=1e-9, abs=1e-9) if isinstance(value, float) else value


def test_a_log_under_fifty_filters(context, log):
    check(context, log, N_FILTERS, seed=1)


def test_a_log_of_orders_sent_elsewhere_under_filters(context, sent_elsewhere):
    base = load_overview(context, sent_elsewhere)
    assert "region" in {ranking.column for ranking in base.lines}
    assert "region" not in {ranking.column for ranking in base.categories}
    check(context, sent_elsewhere, 20, seed=5)


def test_a_list_under_fifty_filters(context, customers):
    check(context, customers, N_FILTERS, seed=2)


def test_online_retail_under_filters(online_retail_csv, tmp_path):
    opened = open_context(settings_for(tmp_path / "var"))
    check(opened, imported(opened, online_retail_csv), 2, seed=3)
    opened.close()
