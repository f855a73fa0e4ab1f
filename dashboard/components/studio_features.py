"""The features to choose from: how each is spread, how often it is not known, and what it was worth to the run shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from dashboard.components.basics import aria
from dashboard.formats import counted, percent, plain
from dashboard.queries.recipes import Feature
from dashboard.queries.studio import FeatureWorth


def feature_picker(features: Sequence[Feature], chosen: Sequence[str], worth: Mapping[str, FeatureWorth], box_id: Any) -> html.Fieldset:
    """Draw a box to tick for each feature, those that are ticked first."""
    features = sorted(features, key=lambda feature: feature.name not in chosen)
    most = max(worth.values(), key=lambda each: each.change, default=None)
    options = [{"value": feature.name, "label": _label(feature, worth.get(feature.name), most)} for feature in features]
    known = {feature.name for feature in features}
    boxes = dbc.Checklist(id=box_id, options=options, value=[name for name in chosen if name in known])
    legend = html.Legend("Features to choose from", className="vh")
    return html.Fieldset([legend, html.Div(boxes, className="boxes", tabIndex=0)], className="fe")


def _label(feature: Feature, worth: FeatureWorth | None, most: FeatureWorth | None) -> list[Any]:
    kind = "how words" if feature.kind == "category" else "how skewed" if feature.transform == "log" else "how"
    notes = _notes(feature, worth, most)
    return [
        html.Span(feature.label, className="fl", title=_spread_in_words(feature)),
        spark(feature.bars),
        html.Em(className=kind),
        html.Small(notes) if notes else None,
    ]


def _notes(feature: Feature, worth: FeatureWorth | None, most: FeatureWorth | None) -> list[Any]:
    """Say what is to be known before a box is ticked, and what the feature was worth."""
    said: list[Any] = []
    if feature.missing > 0:
        said.append(f"{percent(feature.missing)} not known")
    if feature.is_constant:
        said.append("the same for everyone")
    elif feature.twin:
        said.append(html.Span(f"nearly the same as {feature.twin}", title="Correlation of 0.95 or more: one of the two is enough"))
    if worth:
        words = "carries nothing" if not worth.is_needed else "counts most" if worth == most else ""
        words = words or ("counts a lot" if worth.change >= 0.3 else "counts a little")
        told = f"In the run shown: mixed up among the customers, it would change {percent(worth.change)} of how they are grouped"
        said.append(html.Span(words, className="idle" if not worth.is_needed else "counts", title=told))
    return [part for each in said for part in (each, " · ")][:-1]


def _spread_in_words(feature: Feature) -> str:
    unit = f"In {feature.unit}. " if feature.unit else ""
    if feature.kind == "category":
        return f"{counted(feature.n_distinct, 'different word')}"
    if feature.low is None:
        return "Not known of anybody"
    return f"{unit}From {plain(feature.low)} to {plain(feature.high)}; half of the customers are at {plain(feature.middle)} or below"


def spark(bars: Sequence[int]) -> html.Span:
    """Draw a distribution as one small shape; the label beside it says it in words."""
    most = max(bars, default=0)
    if not most:
        return html.Span(className="spark", **aria(hidden="true"))
    points, width = ["0% 100%"], 100 / len(bars)
    for place, count in enumerate(bars):
        height = 0 if count == 0 else max(8, 100 * count / most)
        points += [f"{place * width:.1f}% {100 - height:.1f}%", f"{(place + 0.86) * width:.1f}% {100 - height:.1f}%"]
        points += [f"{(place + 0.86) * width:.1f}% 100%", f"{(place + 1) * width:.1f}% 100%"]
    return html.Span(className="spark", style={"clipPath": f"polygon({', '.join([*points, '100% 100%'])})"}, **aria(hidden="true"))
