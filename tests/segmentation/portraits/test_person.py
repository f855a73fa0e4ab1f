"""One customer explained: by hand on a line, and every move that is promised really moves."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from segmentation.clusters.assigning import StoredModel, place_customers
from segmentation.clusters.likeness import describe_fitted
from segmentation.measures.catalogue import CustomerColumn
from segmentation.measures.features import CategoryCoding, Scaling
from segmentation.portraits.person import explain_person, find_moves

NAMES = ["Savers", "Spenders"]


def plane(transform: str = "none") -> tuple[StoredModel, dict[str, object]]:
    """Two segments: visits 10 and spend 100 against visits 30 and spend 100; the boundary is at 20 visits."""
    columns = (CustomerColumn("visits", None, "visits", "number"), CustomerColumn("spend", None, "spend", "number"))
    scalings = (Scaling("visits", transform, None, None, 0.0, 1.0, None), Scaling("spend", "none", None, None, 0.0, 1.0, None))  # type: ignore[arg-type]
    middles = np.array([[10.0, 100.0], [30.0, 100.0]])
    middles[:, 0] = np.log1p(middles[:, 0]) if transform == "log" else middles[:, 0]
    model = StoredModel(columns, scalings, (), middles, {"kind": "center"})
    frame = pd.DataFrame({"visits": [8.0, 12.0, 25.0, 35.0], "spend": [90.0, 110.0, 90.0, 110.0]})
    return model, describe_fitted(columns, frame, place_customers(model, frame))


def test_the_boundary_is_found_in_the_feature_s_own_unit() -> None:
    model, fitted = plane()
    person = explain_person(model, fitted, pd.Series({"visits": 12.0, "spend": 100.0}), NAMES)
    assert (person.place, person.next_place) == (0, 1)
    assert person.ratio == pytest.approx(2 / 18)
    assert person.sureness == "clearly"
    (move,) = person.moves  # no spend of its own moves anybody
    assert (move.name, move.needed, move.place) == ("visits", 21, 1)
    assert move.sentence == "Visits of 21 instead of 12 (9 more) would move them to “Spenders”."


def test_the_boundary_after_a_transform() -> None:
    model, fitted = plane("log")
    (move,) = find_moves(model, fitted, pd.Series({"visits": 12.0, "spend": 100.0}), NAMES)
    assert move.needed == np.ceil(np.sqrt(11 * 31) - 1), "the geometric middle"


@pytest.mark.parametrize(("visits", "word"), [(14.0, "clearly"), (18.0, "rather"), (19.5, "on the edge")])
def test_how_sure_it_is_in_words(visits: float, word: str) -> None:
    model, fitted = plane()
    person = explain_person(model, fitted, pd.Series({"visits": visits, "spend": 100.0}), NAMES)
    assert person.sureness == word
    assert "Savers" in person.sentence
    assert "Spenders" in person.sentence


def test_what_speaks_for_the_segment_is_said_against_the_next_one() -> None:
    model, fitted = plane()
    person = explain_person(model, fitted, pd.Series({"visits": 12.0, "spend": 100.0}), NAMES)
    assert person.differences == ("Visits: 12 (average of the segment 10, of “Spenders” 30)",)
    assert [(each.value, each.segment, each.everyone) for each in person.comparisons] == [(12, 10, 20), (100, 100, 100)]


def test_what_speaks_against_the_segment_is_no_reason_for_it() -> None:
    columns = tuple(CustomerColumn(name, None, name, "number") for name in ("visits", "spend", "age"))
    scalings = tuple(Scaling(name, "none", None, None, 0.0, 1.0, None) for name in ("visits", "spend", "age"))
    model = StoredModel(columns, scalings, (), np.array([[10.0, 10.0, 40.0], [30.0, 20.0, 40.0]]), {"kind": "center"})
    frame = pd.DataFrame({"visits": [9.0, 11.0, 29.0, 31.0], "spend": [9.0, 11.0, 19.0, 21.0], "age": [30.0, 50.0, 30.0, 50.0]})
    fitted = describe_fitted(columns, frame, place_customers(model, frame))
    person = explain_person(model, fitted, pd.Series({"visits": 12.0, "spend": 19.0, "age": 99.0}), NAMES)
    assert person.place == 0
    assert person.differences == ("Visits: 12 (average of the segment 10, of “Spenders” 30)",)  # spend is that of spenders, age of neither
    alone = explain_person(model, fitted, pd.Series({"visits": 21.0, "spend": 9.0, "age": 40.0}), NAMES)
    assert alone.differences == ("Spend: 9 (average of the segment 10, of “Spenders” 20)",)
    other_way = explain_person(model, fitted, pd.Series({"visits": 30.0, "spend": 20.0, "age": 40.0}), NAMES, place=0)
    assert other_way.differences[0] == "Visits: 30 (average of the segment 10, of all 20)"  # by a rule: nothing speaks for it


def test_every_move_moves_and_a_smaller_one_does_not() -> None:
    rng = np.random.default_rng(0)
    columns = tuple(CustomerColumn(name, None, name, "number") for name in "abc")
    scalings = tuple(Scaling(name, "log", None, None, 1.0, 0.5, None) for name in "abc")
    model = StoredModel(columns, scalings, (), rng.normal(size=(4, 3)), {"kind": "center"})
    frame = pd.DataFrame({name: rng.lognormal(1, 1, 60) for name in "abc"})
    fitted = describe_fitted(columns, frame, place_customers(model, frame))
    n_moves = 0
    for _, values in frame.head(12).iterrows():
        own = place_customers(model, values.to_frame().T).places[0]
        for move in find_moves(model, fitted, values, list("wxyz")):
            moved = values.copy()
            moved[move.name] = move.needed
            assert place_customers(model, moved.to_frame().T).places[0] == move.place != own
            moved[move.name] = values[move.name] + 0.9 * (move.needed - values[move.name])
            n_moves += 1
            if abs(move.needed - values[move.name]) > 0.2 * abs(values[move.name]):  # else rounding is a large part of it
                assert place_customers(model, moved.to_frame().T).places[0] == own
    assert n_moves > 12


def test_a_category_can_move_somebody() -> None:
    columns = (CustomerColumn("level", "level", "level", "category"),)
    model = StoredModel(columns, (), (CategoryCoding("level", ("gold", "tin"), 1.0),), np.eye(2), {"kind": "center"})
    frame = pd.DataFrame({"level": np.array(["gold", "tin", "tin"], dtype=object)})
    person = explain_person(model, describe_fitted(columns, frame, place_customers(model, frame)), pd.Series({"level": "gold"}), NAMES)
    assert [(move.needed, move.place) for move in person.moves] == [("tin", 1)]
    assert person.differences == ("Level: gold, as 100 % of the segment and 0 % of “Spenders”",)


def test_who_lacks_a_feature_has_no_segment() -> None:
    model, fitted = plane()
    with pytest.raises(ValueError, match="without a value"):
        explain_person(model, fitted, pd.Series({"visits": np.nan, "spend": 1.0}), NAMES)
