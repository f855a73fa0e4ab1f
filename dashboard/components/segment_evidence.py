"""Why there are as many segments as there are, and whether they are real: in words, the figures one click away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from dashboard.components.basics import aria, card, icon
from dashboard.components.charts import chart
from dashboard.components.segment_cards import typeset
from dashboard.components.segment_key import segment_colours, segment_key
from dashboard.components.segment_words import made_with, number_word, quoted, structure_words
from dashboard.formats import MISSING, percent
from dashboard.queries.segments import SegmentsOfRun

_LEVELS = {
    "clear": ("use", "tick", "Clear groups"),
    "some": ("care", "warning", "Some structure"),
    "none": ("no", "barred", "No groups of their own"),
    "unknown": ("care", "warning", "Cannot be told"),
}
_HEIGHT = 190
_CLEAR = ((0.7, "far apart"), (0.5, "well apart"), (0.25, "a little apart"), (-1.0, "hardly apart"))
"""What an average silhouette means (Kaufman and Rousseeuw 1990)."""
_HARDLY = 0.01
"""Of fewer customers than this share it is said that there is hardly anybody."""
_CRITERIA = (
    ("silhouette", "Clearness", "Silhouette: the higher the better", 2),
    ("inertia", "Spread", "Within-group sum of squares: falls with every segment", 0),
    ("calinski_harabasz", "Between against within", "Calinski-Harabasz: the higher the better", 0),
    ("davies_bouldin", "Overlap", "Davies-Bouldin: the lower the better", 2),
    ("prediction_strength", "Found again in the other half", "Prediction strength: 0.8 and more is well", 2),
    ("smallest", "Smallest segment", "Customers in the smallest segment", 0),
)


def evidence(shown: SegmentsOfRun, portrait: Mapping[str, Any], figures: Mapping[str, dict[str, Any]]) -> html.Section:
    """Draw what speaks for the segments, in words; ``figures`` (of ``dashboard.figures``) and tables open below their words."""
    k = len(shown.segments)
    rows = [
        _fold("Clearness of groups", "Silhouette", _clearness(shown), _pictures(figures, "silhouette", "silhouettes")),
        _fold("Spread inside groups", "Within-group sum of squares, and its elbow", _spread(shown), _pictures(figures, "spread")),
        _fold("Do they come back?", "Stability: mean Jaccard similarity over resamples", _stability(shown, portrait), _stays(shown)),
        _fold(
            "Real or by chance", "Silhouette against data without groups", _chance_words(shown, portrait), _real_or_chance(shown, portrait)
        ),
        _fold("Every number of segments tried", "", _tried(shown), _criteria(shown)),
        _fold("What they rest on", "Worth of the features", _worth(shown), None),
    ]
    title = f"Why {number_word(k)} segments" if k > 1 else "Why one segment"
    inside = [_structure(shown, portrait), html.Div([row for row in rows if row], className="folds")]
    return card(title, inside, typeset(shown.report["k_reason"]), made_with(shown), "ev")


def _fold(title: str, field: str, words: str, inside: Any) -> Any:
    """Draw one piece of evidence: its words, and what opens below them; nothing without words."""
    if not words:
        return None
    told = [html.B(title, title=field or None), html.Span(words, className="say")]
    if inside is None:
        return html.P(told, className="fold")
    return html.Details([html.Summary(told), html.Div(inside, className="evg")], className="fold")


def _structure(shown: SegmentsOfRun, portrait: Mapping[str, Any]) -> html.P:
    look, picture, words = _LEVELS[portrait["structure"]["level"]]
    return html.P([html.Span([icon(picture), words], className=f"badge {look}"), structure_words(shown)], className="level")


def _clearness(shown: SegmentsOfRun) -> str:
    overall, plot = shown.report["silhouette"], shown.report.get("silhouette_plot") or []
    if overall is None:
        return ""
    apart = next(words for least, words in _CLEAR if overall >= least)
    start = f"{_two_digits(overall)}, where 1 is the most there can be: the segments are {apart}."
    means = [(sum(own) / len(own), quoted(segment.name)) for own, segment in zip(plot, shown.segments, strict=False) if own]
    if len(means) < 2:
        return start
    (low, least), (high, most) = min(means), max(means)
    return f"{start} Clearest is {most} ({_two_digits(high)}), least clear {least} ({_two_digits(low)}).{_nearer_to_others(shown, plot)}"


def _two_digits(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def _nearer_to_others(shown: SegmentsOfRun, plot: Sequence[Sequence[float]]) -> str:
    """Say how many customers have a silhouette below zero; nothing under a filter, since the sizes known then are those left."""
    if shown.is_filtered:
        return ""
    own = [
        segment.share_customers * sum(value < 0 for value in values) / len(values)
        for segment, values in zip(shown.segments, plot, strict=True)
        if values
    ]
    share = sum(own)
    who = "Hardly anybody is" if share < _HARDLY else f"About {percent(share)} of customers are"
    return f" {who} nearer to another segment than to their own."


def _spread(shown: SegmentsOfRun) -> str:
    scores = {score["k"]: score["inertia"] for score in shown.report["k_scores"] if score["inertia"] is not None}
    k, knee = len(shown.segments), shown.report.get("knee")
    if len(scores) < 2 or k not in scores:
        return ""
    fewest = min(scores)
    fallen = (
        f"With {number_word(k)} segments it is at {100 * scores[k] / (scores[fewest] or 1):.0f}, where {number_word(fewest)} are 100."
        if k > fewest
        else ""
    )
    bend = f" The line bends at {number_word(knee)}: from there on more segments make them only a little tighter." if knee else ""
    return f"{fallen}{bend}".strip()


def _stability(shown: SegmentsOfRun, portrait: Mapping[str, Any]) -> str:
    known = [(segment.stability, quoted(segment.name)) for segment in shown.segments if segment.stability is not None]
    if not known:
        return "Made by a rule, so nobody moves when it is repeated."
    (low, least), (high, most) = min(known), max(known)
    start = f"In {portrait['repeats']} repeats on part of the data"
    if len(known) == 1 or round(100 * low) == round(100 * high):
        return f"{start}, {100 * low:.0f} of 100 customers stay in their segment."
    return f"{start}, {100 * high:.0f} of 100 customers of {most} stay, and {100 * low:.0f} of 100 of {least}, the fewest."


def _stays(shown: SegmentsOfRun) -> list[Any] | None:
    known = [segment for segment in shown.segments if segment.stability is not None]
    rows = [
        html.Div(
            [
                html.Span([segment_key(segment.letter), f" {segment.name}"]),
                html.B(percent(segment.stability)),
                html.Span(
                    html.I(style={"width": f"{100 * (segment.stability or 0):.0f}%", **segment_colours(segment.letter)}, className="seg"),
                    className="track",
                ),
            ],
            className="chance",
        )
        for segment in known
    ]
    return [html.Div(rows)] if rows else None


def _chance_words(shown: SegmentsOfRun, portrait: Mapping[str, Any]) -> str:
    known = _compared_with(shown, portrait)
    if len(known) < 2:
        return "There are too few customers for a comparison."
    others = " and ".join(f"{_two_digits(value)} in {words}" for words, value in known[1:])
    return f"The clearness of your customers is {_two_digits(known[0][1])}; data without groups reach {others}."


def _compared_with(shown: SegmentsOfRun, portrait: Mapping[str, Any]) -> list[tuple[str, float]]:
    known = [
        ("your customers", shown.report["silhouette"]),
        ("one cloud of the same shape", portrait["structure"]["silhouette_cloud"]),
        ("your columns shuffled", shown.report["structure"]["silhouette_reference"]),
    ]
    return [(words, value) for words, value in known if value is not None]


def _real_or_chance(shown: SegmentsOfRun, portrait: Mapping[str, Any]) -> list[Any] | None:
    known = _compared_with(shown, portrait)
    rows = []
    for place, (words, value) in enumerate(known):
        bar = html.I(className=None if place else "own", style={"width": f"{100 * max(value, 0):.0f}%"})
        told = html.Span(words[:1].upper() + words[1:])
        rows.append(html.Div([told, html.B(_two_digits(value)), html.Span(bar, className="track")], className="chance"))
    return [html.Div(rows)] if len(rows) > 1 else None


def _tried(shown: SegmentsOfRun) -> str:
    ks = [score["k"] for score in shown.report["k_scores"]]
    return f"{ks[0]} to {ks[-1]}, each by six measures." if len(ks) > 1 else ""


def _criteria(shown: SegmentsOfRun) -> list[Any]:
    k = len(shown.segments)
    head = html.Tr([html.Th("Segments", scope="col"), *(html.Th(words, title=field, scope="col") for _, words, field, _ in _CRITERIA)])
    rows = [
        html.Tr(
            [
                html.Th([str(score["k"]), " (chosen)" if score["k"] == k else None], scope="row"),
                *(html.Td(_figure_text(score[name], digits), className="n") for name, _, _, digits in _CRITERIA),
            ],
            className="on" if score["k"] == k else None,
        )
        for score in shown.report["k_scores"]
    ]
    table = html.Table(
        [html.Caption("Measures of each number of segments", className="vh"), html.Thead(head), html.Tbody(rows)], className="criteria"
    )
    return [html.Div(table, className="tw", tabIndex=0, role="region", **aria(label="Measures of each number of segments"))]


def _figure_text(value: float | None, digits: int) -> str:
    return MISSING if value is None else f"{value:,.{digits}f}".replace("-", "−")


def _worth(shown: SegmentsOfRun) -> str:
    return typeset(" ".join((shown.report.get("worth") or {}).get("sentences", ())))


def _pictures(figures: Mapping[str, dict[str, Any]], *names: str) -> list[Any] | None:
    drawn = [_picture(name, figures[name]) for name in names if name in figures]
    return drawn or None


_TOLD = {
    "silhouette": ("By number of segments", "Clearness by number of segments"),
    "spread": ("By number of segments, the fewest are 100", "Spread by number of segments"),
    "silhouettes": ("Every customer’s clearness, the clearest of each segment on top", "Clearness of the customers of each segment"),
}


def _picture(name: str, figure: dict[str, Any]) -> html.Div:
    title, told = _TOLD[name]
    if name != "silhouettes":
        tried = figure["data"][0]
        told += ": " + ", ".join(f"{k} segments {value:.3g}" for k, value in zip(tried["x"], tried["y"], strict=True))
    height = max(_HEIGHT, 50 + 22 * len(figure["data"])) if name == "silhouettes" else _HEIGHT  # a letter needs its room
    return html.Div([html.H3(title), chart(f"segments-{name}", figure, told, height)])
