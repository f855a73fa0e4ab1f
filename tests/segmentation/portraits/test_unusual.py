"""Who is unlike all customers of a run is told in which way, and nobody else."""

from __future__ import annotations

from typing import Any

import numpy as np

from segmentation.clusters.assigning import StoredModel
from segmentation.measures.catalogue import CustomerColumn
from segmentation.portraits.unusual import say_unusual

COLUMNS = (CustomerColumn("income", "Income", "income", "number"), CustomerColumn("town", "Town", "town", "category"))
MODEL = StoredModel(COLUMNS, (), (), np.zeros((2, 1)), {"kind": "center"})
FITTED = {
    "features": {"income": {"range": [1_000.0, 90_000.0]}, "town": {"levels": {"Rome": 0.6, "Oslo": 0.4}}},
    "reach": [2.0, 5.0],
}


def said(values: dict[str, Any], place: int = 0, distance: float = 1.0) -> tuple[str, ...]:
    return say_unusual(MODEL, FITTED, values, place, distance, "Big spenders")


def test_nothing_is_said_of_customers_like_the_others() -> None:
    assert said({"income": 1_000.0, "town": "Rome"}) == ()
    assert said({"income": 90_000.0, "town": "Oslo"}, 1, 5.0) == ()
    assert said({"income": np.nan, "town": None}) == ()


def test_values_that_nobody_has_are_named() -> None:
    assert said({"income": 90_001.0, "town": "Rome"}) == ("Income of 90,001 is above that of every customer of the run (90,000).",)
    assert said({"income": -5.0, "town": "Rome"}) == ("Income of -5 is below that of every customer of the run (1,000).",)
    assert said({"income": 2_000.0, "town": "Bonn"}) == ("None of the customers of the run has town Bonn.",)


def test_far_from_the_middle_of_the_segment_is_said_by_its_own_reach() -> None:
    far = ("Further from the middle of “Big spenders” than 99 of 100 of its customers.",)
    assert said({"income": 2_000.0, "town": "Rome"}, 0, 3.0) == far
    assert said({"income": 2_000.0, "town": "Rome"}, 1, 3.0) == ()
