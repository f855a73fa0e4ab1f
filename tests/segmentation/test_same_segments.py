"""Whatever the method: the same customers have the same segments and names in any unit, order, under any header and any id."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.clusters.assigning import place_customers
from segmentation.measures.catalogue import CustomerCatalogue, CustomerColumn, Population
from segmentation.measures.features import build_features
from segmentation.measures.recipe import Method, Recipe
from segmentation.pipeline import Segmentation, segment_customers
from tests.segmentation.clusters.test_assigning import model_of

METHODS = get_args(Method)


def shoppers(seed: int, n: int) -> dict[str, Any]:
    """Return the measures of a log: small orders, large ones, and what goes with them."""
    rng = np.random.default_rng(seed)
    level = rng.normal(size=n)
    orders = 1.0 + rng.poisson(np.exp(0.8 * level))
    money = np.round(orders * np.exp(rng.uniform(-1, 4) + 0.5 * level + 0.7 * rng.normal(size=n)), 2)
    return {"recency_days": np.ceil(rng.exponential(300 / (1 + orders))), "frequency_orders": orders, "monetary_total": money}


def listed(seed: int, n: int) -> dict[str, Any]:
    """Return the columns of a list, some of them of unknown meaning, one with gaps."""
    rng = np.random.default_rng(seed)
    level = rng.normal(size=n)
    return {
        "age": np.round(40 + 12 * rng.normal(size=n)),
        "income": np.where(rng.random(n) < 0.03, np.nan, np.round(np.exp(10 + 0.5 * level))),
        "points": np.round(50 + 20 * rng.normal(size=n)),
        "visits": rng.geometric(0.2, size=n).astype(np.float64),
        **shoppers(seed, n),
    }


def population(seed: int, kind: str) -> Population:
    n = int(np.random.default_rng(seed).integers(60, 160))
    numbers = (shoppers if kind == "transactions" else listed)(seed, n)
    frame = pd.DataFrame(numbers)
    frame["channel"] = np.random.default_rng(seed).choice(["web", "shop", "phone"], n).astype(object)
    known = {name: None if name in ("points", "visits") else name for name in numbers}
    columns = [CustomerColumn(name, None, name, "number", role) for name, role in known.items()]
    columns.append(CustomerColumn("channel", "channel", "channel", "category", "channel"))
    ids = np.array([f"c{at:04}" for at in range(n)], dtype=object)
    return Population(kind, ids, CustomerCatalogue(tuple(columns), frame))  # type: ignore[arg-type]


def recipe(method: str) -> Recipe:
    features = ("frequency_orders", "monetary_total", "channel") if method == "mixed" else ()
    return Recipe(features=features, method=method)  # type: ignore[arg-type]


def with_frame(found: Population, frame: pd.DataFrame, columns: tuple[CustomerColumn, ...] = ()) -> Population:
    return replace(found, catalogue=CustomerCatalogue(columns or found.catalogue.columns, frame))


def told(found: Segmentation) -> tuple[Any, ...]:
    """What a marketer would notice."""
    return [segment.name.name for segment in found.segments], [segment.verdict for segment in found.segments], found.trust.level


@pytest.mark.parametrize("method", METHODS)
@settings(deadline=None, max_examples=2)
@given(st.integers(0, 100_000), st.sampled_from(["transactions", "customers"]), st.sampled_from([1_000.0, 0.001]), st.integers(0, 6))
def test_units_change_nothing(method: str, seed: int, kind: str, factor: float, at: int) -> None:
    before = population(seed, kind)
    frame = before.catalogue.frame
    numbers = [column.name for column in before.catalogue.numbers()]
    one = segment_customers(before, recipe(method))
    for scaled in {"monetary_total", numbers[at % len(numbers)]}:
        other = segment_customers(with_frame(before, frame.assign(**{scaled: frame[scaled] * factor})), recipe(method))
        assert one.fingerprint == other.fingerprint
        assert told(one) == told(other)


@pytest.mark.parametrize("method", METHODS)
@settings(deadline=None, max_examples=1)
@given(st.integers(0, 100_000), st.sampled_from(["transactions", "customers"]))
def test_order_headers_and_repetition_change_nothing(method: str, seed: int, kind: str) -> None:
    before = population(seed, kind)
    one, again = (segment_customers(before, recipe(method)) for _ in range(2))
    assert told(one) == told(again)
    assert one.fingerprint == again.fingerprint
    assert one.features.X.tobytes() == again.features.X.tobytes()
    order = np.random.default_rng(seed).permutation(len(before.ids))
    mixed = segment_customers(with_frame(before, before.catalogue.frame.iloc[order].reset_index(drop=True)), recipe(method))
    assert (mixed.segment_ids == one.segment_ids[order]).all()
    assert told(mixed) == told(one)
    renamed = {"points": "Punkte", "visits": "x7"}
    columns = tuple(replace(column, name=renamed.get(column.name, column.name), label="Wert") for column in before.catalogue.columns)
    other = segment_customers(with_frame(before, before.catalogue.frame.rename(columns=renamed), columns), recipe(method))
    assert other.fingerprint == one.fingerprint
    if method != "rules":  # whose names are the columns' own
        assert told(other) == told(one)


@pytest.mark.parametrize("method", METHODS)
def test_a_model_places_its_own_customers_in_any_unit(method: str) -> None:
    before = population(7, "transactions")
    frame = before.catalogue.frame
    scaled = with_frame(before, frame.assign(monetary_total=frame["monetary_total"] * 1_000))
    found = segment_customers(scaled, recipe(method))
    places = place_customers(model_of(found), scaled.catalogue.frame).places
    assert (places + 1 == found.segment_ids).mean() >= 0.98


def test_an_automatic_logarithm_counts_in_middle_customers() -> None:
    rng = np.random.default_rng(3)
    spend = np.r_[0.0, np.round(rng.lognormal(5, 1, 200), 2)]
    frame = pd.DataFrame({"spend": spend})
    catalogue = CustomerCatalogue((CustomerColumn("spend", "spend", "spend", "number"),), frame)
    automatic, plain = (build_features(catalogue, Recipe(transform=bend), "customers") for bend in ("auto", "log"))  # type: ignore[arg-type]
    middle = float(np.median(spend[1:]))
    bent = np.log1p(spend / middle)
    assert (automatic.scalings[0].transform, automatic.scalings[0].unit) == ("log", middle)
    np.testing.assert_allclose(automatic.X[:, 0], (bent - bent.mean()) / bent.std(), atol=1e-8)
    assert plain.scalings[0].unit == 1
    np.testing.assert_allclose(plain.X[:, 0], (np.log1p(spend) - np.log1p(spend).mean()) / np.log1p(spend).std(), atol=1e-8)


def test_running_numbers_and_constants_are_seen_in_any_unit() -> None:
    rng = np.random.default_rng(4)
    numbers = {"number": np.arange(1.0, 51), "same": np.full(50, 3e-14), "spend": rng.random(50), "visits": rng.random(50)}
    for factor in (1e-3, 1.0, 1e3):
        frame = pd.DataFrame(numbers) * factor
        columns = tuple(CustomerColumn(name, name, name, "number") for name in numbers)
        found = build_features(CustomerCatalogue(columns, frame), Recipe(), "customers")
        assert found.names == ("spend", "visits")
