"""The map of the customers, and the spread of the main measures: the two other views of the page of segments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html

from dashboard.components.basics import card, href, menu
from dashboard.components.charts import DataTable, Told, chart, chart_card
from dashboard.components.index_table import row_label, value_text
from dashboard.components.segment_key import segment_key
from dashboard.components.segment_words import quoted
from dashboard.formats import counted, money, percent, whole
from dashboard.queries.segments import SegmentsOfRun

_SIDES = (("To the right", "to the left"), ("Upwards", "downwards"))


def map_view(shown: SegmentsOfRun, portrait: Mapping[str, Any] | None, figure: dict[str, Any] | None) -> html.Div:
    """Draw the map with its axes in words."""
    if portrait is None or figure is None:
        words = "A map needs at least two features. These segments were made on one: the box plots show it."
        return html.Div(card("Map of the customers", html.P(words, className="say"), look="s12"), className="grid")
    kept = sum(portrait["explained"])
    finding = f"Customers who are close here are alike. The two axes hold {percent(kept)} of the differences between customers."
    n = len(portrait["x"])
    drawn = f"{whole(n)} of {counted(portrait['n'], 'customer')}, drawn by lot" if n < portrait["n"] else counted(n, "customer")
    note = f"One point a customer: {drawn}. The first two principal components of the standardised features; letters stand at the centres."
    told = f"Map of customers in {len(shown.segments)} segments. {' '.join(_axis_words(portrait, axis) for axis in (0, 1))}"
    data = DataTable(
        ("Segment", "Customers", "Centre, left to right", "Centre, bottom to top"),
        [
            (segment.name, whole(segment.size), f"{x:.2f}", f"{y:.2f}")
            for segment, (x, y) in zip(shown.segments, portrait["centers"], strict=True)
        ],
    )
    drawing = chart("segment-map", figure, told, 520)
    return html.Div(
        [chart_card(drawing, Told("Map of the customers", finding, note), data, "s8"), _axes_card(shown, portrait)], className="grid"
    )


def _axis_words(portrait: Mapping[str, Any], axis: int) -> str:
    there = ", ".join(portrait["directions"][axis])
    return f"{_SIDES[axis][0]}: {there}."


def _axes_card(shown: SegmentsOfRun, portrait: Mapping[str, Any]) -> html.Section:
    axes = [
        html.Div(
            [html.H3(_SIDES[axis][0]), html.P(", ".join(portrait["directions"][axis])), html.P(_holds(portrait, axis), className="xs dim")]
        )
        for axis in (0, 1)
    ]
    keys = html.Ul(
        [html.Li([segment_key(segment.letter), html.Span(segment.name), html.B(whole(segment.size))]) for segment in shown.segments]
    )
    head = html.Tr([html.Th(words, scope="col") for words in ("Feature", "Right", "Up")])
    rows = [
        html.Tr(
            [html.Th(row["label"], scope="row"), *(html.Td(f"{weight:+.2f}".replace("-", "−"), className="n") for weight in row["weights"])]
        )
        for row in portrait["loadings"]
    ]
    weights = html.Details([html.Summary("Weights of the features"), html.Table([html.Thead(head), html.Tbody(rows)])], className="rule")
    return card("What the axes mean", [html.Div(axes, className="axes"), html.Div(keys, className="keys"), weights], look="s4 axes-card")


def _holds(portrait: Mapping[str, Any], axis: int) -> str:
    return f"holds {percent(portrait['explained'][axis])} of the differences"


def column_menu(columns: Sequence[tuple[str, str, str | None]], query: Mapping[str, str]) -> html.Details:
    """Draw the choice of the column whose spread is shown; each (name, label, role) leads to an address of its own."""
    now = next((row_label({"role": role, "label": label}) for name, label, role in columns if name == query.get("column")), None)
    entries = [dcc.Link("The main measures", href=href("/segments", {**query, "column": ""}), className="" if now else "on")]
    entries += [
        dcc.Link(
            row_label({"role": role, "label": label}),
            href=href("/segments", {**query, "column": name}),
            className="on" if name == query.get("column") else "",
        )
        for name, label, role in columns
    ]
    return menu([html.Span("Show", className="mut"), now or "The main measures"], entries, "Choose what to compare", "columns")


def box_view(shown: SegmentsOfRun, rows: Sequence[Mapping[str, Any]], figures: Sequence[dict[str, Any]]) -> html.Div:
    """Draw a card with one box a segment for each of the measures; one alone has the whole width."""
    look = "s12" if len(rows) == 1 else "s6"
    return html.Div([_box_card(shown, row, figure, look) for row, figure in zip(rows, figures, strict=True)], className="grid")


def contribution_card(shown: SegmentsOfRun, figure: dict[str, Any]) -> html.Section:
    """Draw how the segments add up to the revenue."""
    known = [segment for segment in shown.segments if segment.size]
    best = max(known, key=lambda segment: (segment.share_revenue or 0) / segment.share_customers)
    times = (best.share_revenue or 0) / best.share_customers
    finding = f"A customer of {quoted(best.name)} brings {times:.1f} times the average."
    note = f"Segments by revenue per customer, the highest first; dotted: everybody alike. n = {counted(shown.n_segmented, 'customer')}."
    data = DataTable(
        ("Segment", "Customers", "Share of customers", "Revenue", "Share of revenue", "Revenue per customer"),
        [
            (
                segment.name,
                whole(segment.size),
                percent(segment.share_customers, 1),
                money(segment.revenue, shown.currency),
                percent(segment.share_revenue, 1),
                money((segment.revenue or 0) / segment.size, shown.currency),
            )
            for segment in known
        ],
    )
    told = f"Share of customers against share of revenue. {finding}"
    keys = html.Ul(
        [
            html.Li(
                [
                    segment_key(segment.letter),
                    html.Span(segment.name),
                    html.B(f"{percent(segment.share_customers)} of customers, {percent(segment.share_revenue)} of revenue"),
                ]
            )
            for segment in known
        ],
        className="keys",
    )
    drawing = html.Div([chart("segment-revenue", figure, told, 240), keys], className="beside")
    return chart_card(drawing, Told("Who brings the revenue", finding, note), data, "s12 money")


def _box_card(shown: SegmentsOfRun, row: Mapping[str, Any], figure: dict[str, Any], look: str) -> html.Section:
    medians = [value_text(box["median"], row, shown.currency) for box in row["boxes"]]
    known = [
        (box["median"], text, quoted(segment.name))
        for box, text, segment in zip(row["boxes"], medians, shown.segments, strict=True)
        if box["n"]
    ]
    highest, lowest = max(known), min(known)
    scale = " On a scale of tens." if figure["layout"]["xaxis"].get("type") == "log" else ""
    title, n = row_label(row), sum(box["n"] for box in row["boxes"])
    finding = f"The middle customer of {highest[2]} stands at {highest[1]}, of {lowest[2]} at {lowest[1]}."
    note = f"Box: the middle half, with the median. Lines: to the last value within 1.5 boxes.{scale} n = {whole(n)}."
    height = 70 + 50 * len(shown.segments)
    drawing = chart(f"box-{row['name']}", figure, f"{title} by segment. {finding}", height)
    return chart_card(drawing, Told(title, finding, note), _box_data(shown, row), look)


def _box_data(shown: SegmentsOfRun, row: Mapping[str, Any]) -> DataTable:
    names = ("low", "lower_quartile", "median", "upper_quartile", "high")
    cells = [
        (segment.name, whole(box["n"]), *(value_text(box[name], row, shown.currency) for name in names))
        for segment, box in zip(shown.segments, row["boxes"], strict=True)
    ]
    return DataTable(("Segment", "Customers", "Low", "Quarter below", "Median", "Quarter above", "High"), cells)
