"""The curves of the number of segments."""

from __future__ import annotations

import json
import re
from typing import Any

import plotly.graph_objects as go
import pytest

from dashboard.figures.studio import clearness_by_k, relative_spread, spread_by_k

SCORES: list[dict[str, Any]] = [
    {"k": 2, "inertia": 200.0, "silhouette": 0.4},
    {"k": 3, "inertia": 120.0, "silhouette": 0.5},
    {"k": 4, "inertia": 100.0, "silhouette": 0.3},
]


def test_spread_is_in_percent_of_the_first() -> None:
    assert relative_spread(SCORES) == [100, 60, 50]
    assert relative_spread([{"k": 2, "inertia": 0.0}, {"k": 3, "inertia": 0.0}]) == [0, 0]


def test_the_chosen_number_is_full_and_labelled() -> None:
    figure = clearness_by_k(SCORES, 3)
    (line,) = figure["data"]
    assert (line["x"], line["y"]) == ([2, 3, 4], [0.4, 0.5, 0.3])
    assert line["marker"]["color"] == ["var(--cl-surface)", "var(--cl-data)", "var(--cl-surface)"]
    assert [label["text"] for label in figure["layout"]["annotations"]] == ["<b>0.50</b>"]
    assert spread_by_k(SCORES, 4)["layout"]["annotations"][0]["text"] == "<b>50</b>"
    assert spread_by_k(SCORES, 4)["layout"]["yaxis"]["range"][0] == 0


@pytest.mark.parametrize("flat", [False, True])
def test_plotly_takes_them(flat: bool) -> None:
    scores = [{**score, "silhouette": 0.0, "inertia": 0.0} for score in SCORES] if flat else SCORES
    for figure in (clearness_by_k(scores, 3), spread_by_k(scores, 3)):
        text = json.dumps(figure)
        assert not re.search(r"#[0-9a-fA-F]{3,6}\b|rgb", text), "colours are tokens"
        drawn = go.Figure(json.loads(re.sub(r"var\(--[a-z0-9-]+\)", "#123456", text)))
        low, high = drawn.layout.yaxis.range
        assert low < high


def test_a_number_chosen_far_beyond_the_others_leaves_them_room() -> None:
    scores = [*SCORES, {**SCORES[-1], "k": 40}]
    axis = clearness_by_k(scores, 40)["layout"]["xaxis"]
    assert axis["ticktext"] == [str(score["k"]) for score in scores]
    *near, last = axis["tickvals"]
    assert near == [score["k"] for score in SCORES]
    assert last == near[-1] + 2
