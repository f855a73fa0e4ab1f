"""Gaps filled within the segment: by hand, and whatever the order of the rows."""

import numpy as np
import pandas as pd

from segmentation.clusters.within import fill_within_segments
from segmentation.measures.catalogue import CustomerCatalogue, CustomerColumn, Population
from segmentation.measures.features import build_features
from segmentation.measures.recipe import Recipe
from segmentation.pipeline import segment_customers

COLUMNS = (CustomerColumn("spend", "spend", "spend", "number"), CustomerColumn("visits", "visits", "visits", "number"))


def catalogue(spend, visits):
    return CustomerCatalogue(COLUMNS, pd.DataFrame({"spend": np.array(spend, float), "visits": np.array(visits, float)}))


def test_a_gap_gets_the_middle_of_the_segment_that_the_rest_belongs_to():
    known = catalogue([1, 2, 3, 101, 102, 106, 104, np.nan, np.nan], [1, 1, 1, 9, 9, 9, np.nan, 8, np.nan])
    features = build_features(known, Recipe(features=("spend", "visits"), missing="segment", transform="none"), "customers")
    assert features.rows.tolist() == [0, 1, 2, 3, 4, 5]
    filled = fill_within_segments(known.frame, features, np.array([0, 0, 0, 1, 1, 1]))
    assert filled["visits"].tolist() == [1, 1, 1, 9, 9, 9, 9, 8, 1]
    assert filled["spend"].tolist() == [1, 2, 3, 101, 102, 106, 104, 103, 2], (
        "the last, of whom nothing is known, is of the first of equals"
    )


def test_everybody_is_segmented_and_the_order_has_no_say():
    draw = np.random.default_rng(4)
    spend = np.concatenate([draw.normal(10, 1, 100), draw.normal(90, 5, 100)])
    visits = np.concatenate([draw.normal(30, 2, 100), draw.normal(5, 1, 100)])
    spend[::20], visits[5::20] = np.nan, np.nan
    recipe, ids = (
        Recipe(features=("spend", "visits"), n_clusters=2, missing="segment"),
        np.array([f"{i:03}" for i in range(200)], dtype=object),
    )
    found = segment_customers(Population("customers", ids, catalogue(spend, visits)), recipe)
    assert not (found.segment_ids == 0).any()
    assert len(set(found.segment_ids[:100])) == len(set(found.segment_ids[100:])) == 1
    order = draw.permutation(200)
    again = segment_customers(Population("customers", ids, catalogue(spend[order], visits[order])), recipe)
    assert np.array_equal(again.segment_ids, found.segment_ids[order])
