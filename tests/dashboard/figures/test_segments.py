"""The drawings of the page of segments: valid for plotly, colours only as tokens, the numbers of the run."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from dashboard.figures.segments import draw_boxes, draw_by_k, draw_contribution, draw_map, draw_silhouettes

_TOKEN = re.compile(r"^var\(--[a-z0-9-]+\)(@[.\d]+)?$")


@dataclass(frozen=True)
class FakeSegment:
    letter: str
    name: str
    size: int = 10
    share_customers: float = 0.5
    share_revenue: float | None = 0.5


@dataclass(frozen=True)
class FakeShown:
    segments: list[FakeSegment] = field(default_factory=lambda: [FakeSegment("A", "Big"), FakeSegment("K", "Small")])
    currency: str | None = None
    report: dict[str, Any] = field(default_factory=lambda: {"silhouette": 0.4})


SHOWN: Any = FakeShown()
MAP = {"x": [1.0, 2.0, -3.0], "y": [0.5, 0.1, 0.2], "segments": [1, 1, 2], "centers": [[1.5, 0.3], [-3.0, 0.2]]}
SCORES = [{"k": k, "silhouette": s, "inertia": i} for k, s, i in ((2, 0.3, 200.0), (3, 0.5, 100.0), (4, 0.4, 50.0))]


def box(n: int, median: float, points: tuple[float, ...] = ()) -> dict[str, Any]:
    values = {"low": median / 2, "lower_quartile": median * 0.8, "median": median, "upper_quartile": median * 1.2, "high": median * 2}
    return {"n": n, "points": points, **values}


def row(*boxes: dict[str, Any]) -> dict[str, Any]:
    return {"name": "monetary_total", "label": "total spend", "role": "monetary_total", "unit": "money", "boxes": boxes}


def plain(value: Any) -> Any:
    """Replace tokens, as the browser does."""
    if isinstance(value, str):
        return "#123456" if _TOKEN.match(value) else value
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, list | tuple) else value


FIGURES = {
    "map": draw_map(MAP, SHOWN),
    "boxes": draw_boxes(row(box(650, 100.0), box(3, 12.0, (6.0, 12.0, 20.0))), SHOWN),
    "silhouettes": draw_silhouettes([[0.6, 0.2], [0.5, -0.1]], SHOWN),
    "contribution": draw_contribution(SHOWN),
    "bend": draw_by_k(SCORES, 2, "two", 3)["spread"],
    **draw_by_k(SCORES, 3, "three"),
}


@pytest.mark.parametrize("name", FIGURES)
def test_plotly_knows_every_part(name: str) -> None:
    from plotly.graph_objects import Figure

    Figure(plain(FIGURES[name]))
    json.dumps(FIGURES[name], allow_nan=False)


@pytest.mark.parametrize("name", FIGURES)
def test_no_colour_but_tokens(name: str) -> None:
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgb", json.dumps(FIGURES[name]))


def test_each_point_of_the_map_has_the_colour_of_its_segment() -> None:
    big, small, centers = FIGURES["map"]["data"]
    assert (big["x"], small["x"]) == ([1.0, 2.0], [-3.0])
    assert big["marker"]["color"] == "var(--seg-1)"
    assert small["marker"]["color"] == "var(--cl-ref)", "an eleventh segment has no colour of its own"
    assert centers["text"] == ["A", "K"]


def test_the_chosen_number_is_full_and_labelled() -> None:
    tried, chosen = FIGURES["silhouette"]["data"]
    assert tried["y"] == [0.3, 0.5, 0.4]
    assert (chosen["x"], chosen["y"], chosen["text"]) == ([3], [0.5], ["0.50 at three"])


def test_a_hover_says_nearly_all_and_nearly_none_as_they_are() -> None:
    segments = [replace(SHOWN.segments[0], share_customers=0.004, share_revenue=0.998), replace(SHOWN.segments[1], share_revenue=0.002)]
    figure = draw_contribution(replace(SHOWN, segments=segments))
    assert figure is not None
    assert "&lt;1% of customers, &gt;99% of revenue" in figure["data"][1]["hovertemplate"]


def test_words_stand_beside_a_line_that_comes_down_to_them() -> None:
    chosen = draw_by_k(SCORES, 4, "four")["silhouette"]["data"][1]
    assert chosen["textposition"] == "top right"
    assert FIGURES["silhouette"]["data"][1]["textposition"] == "top center"


def test_letters_stand_left_of_all_silhouettes() -> None:
    figure = draw_silhouettes([[0.6, 0.2], [0.5, -0.1]], SHOWN)
    assert figure is not None
    assert [mark["x"] for mark in figure["layout"]["annotations"][:2]] == [-0.1, -0.1]


def test_spread_is_told_against_the_fewest_segments() -> None:
    assert FIGURES["spread"]["data"][0]["y"] == [100, 50, 25]


@pytest.mark.parametrize("scores", [[], SCORES[:1], [{**score, "silhouette": None} for score in SCORES]])
def test_without_other_numbers_there_is_nothing_to_draw(scores: list) -> None:
    assert draw_by_k(scores, 2, "two") == {}


def test_few_customers_are_points_and_many_a_box() -> None:
    many, few = FIGURES["boxes"]["data"]
    assert (many["type"], many["median"]) == ("box", [100.0])
    assert (few["mode"], few["x"]) == ("markers", (6.0, 12.0, 20.0))
    assert [label["text"] for label in FIGURES["boxes"]["layout"]["annotations"]] == ["100", "12"]


def test_a_segment_without_values_keeps_its_row() -> None:
    empty = {**box(0, 1.0), "median": None}
    figure = draw_boxes(row(box(50, 5.0), empty), SHOWN)
    assert len(figure["data"]) == len(figure["layout"]["annotations"]) == 1
    assert figure["layout"]["yaxis"]["ticktext"][1] == "Small<br>n = 0"


def test_a_long_name_leaves_room_for_the_boxes() -> None:
    long = [
        replace(each, name=name)
        for each, name in zip(SHOWN.segments, ("Big spenders, now quiet, wide choice of it", "Ü" * 60), strict=False)
    ]
    ticks = draw_boxes(row(box(50, 5.0), box(50, 6.0)), replace(SHOWN, segments=long))["layout"]["yaxis"]["ticktext"]
    assert ticks[0] == "Big spenders, now quiet,<br>wide choice of it<br>n = 50"
    assert all(len(line) <= 24 for tick in ticks for line in tick.split("<br>"))


def test_boxes_far_apart_are_on_a_scale_of_tens_with_their_labels() -> None:
    figure = draw_boxes(row(box(50, 5.0), box(50, 5_000.0)), SHOWN)
    assert figure["layout"]["xaxis"]["type"] == "log"
    assert [label["x"] for label in figure["layout"]["annotations"]] == [math.log10(5.0), math.log10(5_000.0)]
    below_zero = {**box(50, 5.0), "low": -1.0}
    assert "type" not in draw_boxes(row(below_zero, box(50, 5_000.0)), SHOWN)["layout"]["xaxis"]


def test_tags_in_the_name_of_a_segment_are_words() -> None:
    shown: Any = FakeShown([FakeSegment("A", "<b>Big</b> & loyal"), FakeSegment("K", "Small")])
    boxes = draw_boxes(row(box(650, 100.0), box(3, 12.0, (6.0, 12.0, 20.0))), shown)
    assert boxes["layout"]["yaxis"]["ticktext"][0] == "&lt;b&gt;Big&lt;/b&gt; &amp; loyal<br>n = 650"
    assert draw_map(MAP, shown)["data"][-1]["customdata"][0] == "&lt;b&gt;Big&lt;/b&gt; &amp; loyal"


def test_the_label_of_the_first_number_keeps_off_the_axis() -> None:
    assert draw_by_k(SCORES, 2, "two")["silhouette"]["data"][1]["textposition"] == "top right"
    assert draw_by_k(SCORES, 3, "three")["silhouette"]["data"][1]["textposition"] == "top center"


def test_the_bend_is_pointed_at_where_it_is_not_chosen() -> None:
    (bend,) = FIGURES["bend"]["layout"]["annotations"]
    assert (bend["x"], bend["y"], bend["text"]) == (3, 50.0, "bend")
    assert "annotations" not in draw_by_k(SCORES, 3, "three", 3)["spread"]["layout"]


def test_revenue_adds_up_the_dearest_customers_first() -> None:
    shown: Any = FakeShown(
        [FakeSegment("A", "Many", 80, 0.8, 0.3), FakeSegment("B", "Few", 20, 0.2, 0.7), FakeSegment("C", "None", 0, 0.0, 0.0)]
    )
    _, few, many = draw_contribution(shown)["data"]
    assert (few["x"], few["y"]) == ([0.0, 20.0], [0.0, 70.0])
    assert (many["x"], many["y"]) == ([20.0, 100.0], [70.0, 100.0])
    assert draw_contribution(FakeShown([FakeSegment("A", "All", 10, 1.0, 1.0)])) is None
    assert draw_contribution(FakeShown([FakeSegment("A", "A", 5, 0.5, None), FakeSegment("B", "B", 5, 0.5, None)])) is None


def test_blocks_of_clearness_are_as_high_as_their_segments() -> None:
    shown: Any = FakeShown([FakeSegment("A", "Big", 75), FakeSegment("B", "Small", 25)])
    big, small = draw_silhouettes([[0.6, 0.2], [0.5, -0.1]], shown)["data"]
    assert max(big["y"]) - min(big["y"]) == 75
    assert max(small["y"]) - min(small["y"]) == 25
    assert draw_silhouettes([], shown) is None
