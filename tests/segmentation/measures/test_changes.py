"""What changed between two versions, on customers one can count by hand."""

import numpy as np
import pandas as pd
import pytest

from segmentation.measures.catalogue import CustomerCatalogue, CustomerColumn, Population
from segmentation.measures.changes import compare_versions, customer_changes, find_drifts, stability_index


def population(ids, **columns):
    described = []
    for name, values in columns.items():
        kind = "number" if np.asarray(values).dtype.kind in "fi" else "category"
        described.append(CustomerColumn(name, name, name, kind))
    frame = pd.DataFrame(
        {
            name: np.asarray(values, dtype=float if each.kind == "number" else object)
            for each, (name, values) in zip(described, columns.items(), strict=True)
        }
    )
    return Population("customers", np.array(ids, dtype=object), CustomerCatalogue(tuple(described), frame))


def test_who_came_who_went_and_who_changed():
    before = population(["a", "b", "c", "d"], spend=[1, 2, 3, np.nan], city=["x", "y", None, None], old=[1, 1, 1, 1])
    after = population(["b", "c", "d", "e"], spend=[2, 30, np.nan, 5], city=["y", None, "z", "q"], new=[1, 1, 1, 1])
    changes = compare_versions(before, after)
    assert (changes.n_before, changes.n_after) == (4, 4)
    assert (changes.n_new, changes.n_gone, changes.n_changed, changes.n_same) == (1, 1, 2, 1)
    assert (changes.columns_new, changes.columns_gone) == (("new",), ("old",))
    found = customer_changes(before, after)
    assert list(found.labels) == ["", "", "spend", "city", ""]
    assert dict(zip(found.ids, found.kinds, strict=True)) == {"a": "gone", "b": "same", "c": "changed", "d": "changed", "e": "new"}


def test_days_that_go_on_by_themselves_change_nobody():
    before = population(["a", "b"], recency_days=[1, 2], age=[40, 41], spend=[5, 6])
    after = population(["a", "b"], recency_days=[31, 32], age=[41, 42], spend=[5, 6])
    assert compare_versions(before, after).n_same == 2


def test_the_index_of_two_halves_by_hand():
    found = stability_index(np.array([0.5, 0.5]), np.array([0.25, 0.75]))
    assert found == pytest.approx(-0.25 * np.log(0.5) + 0.25 * np.log(1.5))
    assert stability_index(np.array([0.2, 0.8]), np.array([0.2, 0.8])) == 0
    assert np.isfinite(stability_index(np.array([0.0, 1.0]), np.array([0.5, 0.5])))


def test_columns_that_drifted_are_told_the_strongest_first():
    draw = np.random.default_rng(3)
    ids = [f"{i:04}" for i in range(1000)]
    same = draw.normal(size=1000)
    before = population(
        ids, income=draw.normal(100, 10, 1000), steady=same, city=np.array(["x", "y"] * 500, dtype=object), gone=np.ones(1000)
    )
    gaps = np.where(np.arange(1000) < 400, np.nan, 1.0)
    city = np.array(["x", "y"] * 400 + ["z"] * 200, dtype=object)
    after = population(ids, income=draw.normal(120, 10, 1000), steady=draw.permutation(same), city=city, gone=gaps)
    found = {drift.column: drift for drift in find_drifts(before, after)}
    assert set(found) == {"income", "city", "gone"}
    assert found["income"].kind == "middle"
    assert found["income"].after - found["income"].before == pytest.approx(20, abs=1.5)
    assert (found["city"].kind, found["city"].value, found["city"].after) == ("new_value", "z", 0.2)
    assert (found["gone"].kind, found["gone"].before, found["gone"].after) == ("emptier", 0.0, 0.4)
    assert find_drifts(before, after)[0].column == "income"


def test_two_samples_of_one_population_hardly_ever_drift():
    draw = np.random.default_rng(5)
    alarms = 0
    for _ in range(200):
        n = int(draw.integers(50, 400))
        one, other = (
            population([str(i) for i in range(n)], x=draw.lognormal(size=n), g=draw.choice(list("abcde"), n).astype(object))
            for _ in range(2)
        )
        alarms += len(find_drifts(one, other))
    assert alarms <= 8, "of 400 columns"


def test_of_few_customers_nothing_is_said():
    assert find_drifts(population(["a"], x=[1.0]), population(["a"], x=[9.0])) == []
