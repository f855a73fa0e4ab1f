"""Who the customers are, in figures: age and gender, numbers in bands, yes-or-no columns, spread by group."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dashboard.components.charts import DataTable, Told
from dashboard.figures.overview_bars import Bar, lying_bars, standing_bars
from dashboard.figures.overview_chart import (
    DATA,
    DATA_2,
    SECOND,
    TEXT,
    THIRD,
    Chart,
    cut,
    label,
    round_words,
    sentence,
    share_words,
    text_width,
    ticks,
)
from dashboard.formats import counted, money, percent, plain, short, whole
from segmentation.measures.demographics import AGE_BANDS, FEW, Ages, Boxes, Histogram, Share
from segmentation.measures.overview import Parts

_EXACT_BELOW = 10_000
"""Up to here whole numbers are written in full, so a band can end at one."""
_AXIS_LETTERS = 46
"""About as many letters fit side by side below a narrow chart."""


def ages_chart(ages: Ages) -> Chart:
    """Draw age bands: two genders as a mirrored pair, else one row of bars."""
    is_pair = len(ages.groups) == 2
    title = "Age and gender" if is_pair else "Age"
    note = f"Customers, n = {whole(ages.n)}{' with both known' if is_pair else ''}"
    note += f"; {whole(ages.n_other)} other or not said" if ages.n_other else ""
    note += f"; {whole(ages.n_unknown)} of unknown age" if ages.n_unknown else ""
    shown = [place for place in range(len(AGE_BANDS)) if any(group.counts[place] for group in ages.groups)]
    shown = list(range(shown[0], shown[-1] + 1))
    headers = ["Age"] + [group.name or "Customers" for group in ages.groups]
    return Chart(
        name="ages",
        told=Told(title, ages_finding(ages), note + "."),
        figure=_mirrored(ages, shown) if is_pair else _single(ages, shown),
        aria=f"Customers by age band{' and gender' if is_pair else ''}. {ages_finding(ages)}",
        data=DataTable(headers, [[AGE_BANDS[place], *(whole(group.counts[place]) for group in ages.groups)] for place in shown]),
    )


def ages_finding(ages: Ages) -> str:
    """Say which group is the largest."""
    sizes = [(count, place, group.name) for group in ages.groups for place, count in enumerate(group.counts)]
    count, place, name = max(sizes, key=lambda size: (size[0], -size[1], size[2]))
    band = AGE_BANDS[place] if place else "under 18"
    who = {"Women": f"Women of {band}", "Men": f"Men of {band}", "": f"Customers of {band}"}.get(name, f"{name}, {band},")
    return f"{who} are the largest group: {percent(count / ages.n)}."


def _mirrored(ages: Ages, shown: Sequence[int]) -> dict[str, Any]:
    """Draw the first group to the left and the second to the right of the bands' names."""
    most = max(group.counts[place] for group in ages.groups for place in shown)
    gap, places = 0.2 * most, list(range(len(shown)))
    traces, words = (
        [],
        [label(0, place, AGE_BANDS[band].replace("under", "<"), colour=THIRD, weight=400) for place, band in enumerate(shown)],
    )
    for group, sign, colour in zip(ages.groups, (-1, 1), (DATA, DATA_2), strict=True):
        counts = [group.counts[band] for band in shown]
        side = {"xanchor": "right" if sign < 0 else "left", "xshift": 5 * sign}
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "base": [sign * gap] * len(shown),
                "x": [sign * count for count in counts],
                "y": places,
                "marker": {"color": colour},
                "customdata": [
                    f"<b>{group.name}, {AGE_BANDS[band]}</b><br>{counted(count, 'customer')} · {share_words(count, ages.n)}"
                    for band, count in zip(shown, counts, strict=True)
                ],
                "hovertemplate": "%{customdata}<extra></extra>",
            }
        )
        words += [
            label(
                sign * (gap + count),
                place,
                whole(count),
                weight=620 if count == most else 400,
                colour=TEXT if count == most else SECOND,
                **side,
            )
            for place, count in enumerate(counts)
        ]
        heading = {"xanchor": side["xanchor"], "colour": colour}
        words.append(label(sign * gap, -0.9, f"{cut(group.name, 12)} {whole(sum(counts))}", **heading))
    reach = most * 1.28 + gap
    layout = {
        "barmode": "overlay",
        "xaxis": {"visible": False, "range": [-reach, reach]},
        "yaxis": {"visible": False, "range": [len(shown) - 0.4, -1.3]},
        "annotations": words,
        "margin": {"l": 4, "r": 4, "t": 2, "b": 2},
        "bargap": 0.3,
    }
    return {"data": traces, "layout": layout}


def _single(ages: Ages, shown: Sequence[int]) -> dict[str, Any]:
    counts = [ages.groups[0].counts[place] for place in shown]
    hovers = [
        f"<b>{AGE_BANDS[place]}</b><br>{counted(count, 'customer')} · {share_words(count, ages.n)}"
        for place, count in zip(shown, counts, strict=True)
    ]
    return standing_bars([AGE_BANDS[place].replace("under ", "<") for place in shown], counts, short, hovers, "Age in years")


def histogram_chart(histogram: Histogram, currency: str | None) -> Chart:
    """Draw a number in its bands."""
    title = sentence(histogram.label)
    names = band_names(histogram, currency)
    hovers = [
        f"<b>{name}</b><br>{counted(count, 'customer')} · {share_words(count, histogram.n)}"
        for name, count in zip(names, histogram.counts, strict=True)
    ]
    missing = f"; {whole(histogram.n_missing)} not known" if histogram.n_missing else ""
    growing = " Bands grow wider." if is_growing(histogram) else ""
    finding = histogram_finding(histogram, currency)
    return Chart(
        name=f"number-{histogram.column}",
        told=Told(title, finding, f"Customers, n = {whole(histogram.n)}{missing}.{growing}"),
        figure=standing_bars(_axis_names(histogram, names, currency), histogram.counts, short, hovers, _unit(histogram)),
        aria=f"{title} in bands. {finding}",
        data=DataTable([title, "Customers"], [[name, whole(count)] for name, count in zip(names, histogram.counts, strict=True)]),
    )


def is_growing(histogram: Histogram) -> bool:
    """Tell whether the bands differ in width."""
    widths = {round(end - edge, 9) for edge, end in zip(histogram.edges, histogram.edges[1:], strict=False)}
    return not histogram.is_discrete and len(widths) > 1


def _unit(histogram: Histogram) -> str:
    return sentence(histogram.unit) if histogram.unit and histogram.unit not in ("money", histogram.label) else ""


def number_words(unit: str | None, currency: str | None) -> Callable[[float], str]:
    """Return how a number of a customer is written: money with its sign, 50 k rather than 50.0 k."""
    return lambda value: round_words(money(value, currency) if unit == "money" else short(value))


def band_names(histogram: Histogram, currency: str | None) -> list[str]:
    """Name the bands: 3, 5–9, 1 k to below 2 k, 50 and more."""
    words, edges = number_words(histogram.unit, currency), histogram.edges
    if histogram.is_discrete:
        return [words(edge) for edge in edges]
    ends = [*edges[1:], 2 * edges[-1] - edges[-2] if len(edges) > 1 else edges[-1]]
    named = [_band_name(edge, end, histogram.is_whole, words) for edge, end in zip(edges, ends, strict=True)]
    return [*named[:-1], f"{words(edges[-1])} and more"] if histogram.is_open else named


def _band_name(edge: float, end: float, is_whole: bool, words: Callable[[float], str]) -> str:
    if not is_whole or edge >= _EXACT_BELOW:
        return f"{words(edge)} to below {words(end)}"
    return words(edge) if end - edge <= 1 else f"{words(edge)}–{words(end - 1)}"


def _axis_names(histogram: Histogram, names: Sequence[str], currency: str | None) -> list[str]:
    """Return the names where they are short, else each second lower edge."""
    words = number_words(histogram.unit, currency)
    last = f"{words(histogram.edges[-1])}+" if histogram.is_open else names[-1]
    whole_names = [*names[:-1], last]
    if max(len(name) for name in whole_names) * len(names) <= _AXIS_LETTERS:
        return whole_names
    edges = [*(words(edge) for edge in histogram.edges[:-1]), last if histogram.is_open else words(histogram.edges[-1])]
    every = 1 if max(len(name) for name in edges) * len(names) <= _AXIS_LETTERS else 2
    return [name if (len(edges) - 1 - place) % every == 0 else "" for place, name in enumerate(edges)]


def histogram_finding(histogram: Histogram, currency: str | None) -> str:
    """Say where the middle is, or which value is the most frequent."""
    words = number_words(histogram.unit, currency)
    unit = f" {histogram.unit}" if histogram.unit in ("days", "orders", "pieces", "products", "visits") else ""
    if histogram.is_discrete:
        count, value = max(zip(histogram.counts, histogram.edges, strict=True), key=lambda pair: (pair[0], -pair[1]))
        return f"{percent(count / histogram.n)} have {words(value)}{unit}."
    if histogram.unit == "orders" and histogram.edges[0] == 1 and histogram.edges[1:2] == (2,):
        return f"{percent(histogram.counts[0] / histogram.n)} have one; the average is {words(histogram.mean)}."
    return f"Half have {words(histogram.median)}{unit} or more; the average is {words(histogram.mean)}."


def shares_chart(shares: Sequence[Share]) -> Chart:
    """Draw the columns of zeros and ones as shares on one scale."""
    bars = [Bar(share.label, share.n_yes / share.n, percent(share.n_yes / share.n, 1), _share_hover(share)) for share in shares[:10]]
    first, last = shares[0], shares[-1]
    finding = f"{first.label} is the most frequent: {percent(first.n_yes / first.n)} of customers."
    if len(shares) > 1:
        finding = f"From {percent(last.n_yes / last.n)} for {last.label} to {percent(first.n_yes / first.n)} for {first.label}."
    rows = [[share.label, whole(share.n_yes), whole(share.n), percent(share.n_yes / share.n, 1)] for share in shares]
    return Chart(
        name="shares",
        told=Told("Yes-or-no columns", finding, f"Share of customers with a 1, n = {whole(max(share.n for share in shares))}."),
        figure=lying_bars(bars),
        aria=f"Share of customers with a yes in each column. {finding}",
        data=DataTable(["Column", "Yes", "Customers", "Share"], rows),
    )


def _share_hover(share: Share) -> str:
    return f"<b>{share.label}</b><br>{whole(share.n_yes)} of {counted(share.n, 'customer')}"


def parts_chart(parts: Parts, currency: str | None) -> Chart:
    """Draw what a total is made of."""
    is_money, total = parts.total == "monetary_total", sum(parts.sums)
    words: Callable[[float], str] = (lambda value: money(value, currency)) if is_money else short
    title = "What they spend on" if is_money else "Where they buy"
    what = "spend" if is_money else "orders"
    names = [sentence(name) for name in parts.names]
    bars = [Bar(name, value, f"{words(value)} · {share_words(value, total)}") for name, value in zip(names, parts.sums, strict=True)]
    finding = f"{names[0]}: {percent(parts.sums[0] / total)} of all {what}."
    return Chart(
        name=f"parts-{parts.total}",
        told=Told(title, finding, f"{what.capitalize()} and share, n = {counted(parts.n, 'customer')}."),
        figure=lying_bars(bars),
        aria=f"{title} as bars. {finding}",
        data=DataTable(["Column", what.capitalize()], [[name, plain(value)] for name, value in zip(names, parts.sums, strict=True)]),
    )


def boxes_chart(boxes: Boxes, currency: str | None) -> Chart:
    """Draw the spread of a number in each group; groups of fewer than 20 as points."""
    words = number_words(boxes.unit, currency)
    title = f"{sentence(boxes.number)} by {boxes.category}"
    low, high = boxes.boxes[0], boxes.boxes[-1]
    finding = f"The middle goes from {words(low.quartiles[1])} ({low.name}) to {words(high.quartiles[1])} ({high.name})."
    rows = [[box.name, whole(box.n), *(plain(value) for value in box.quartiles)] for box in boxes.boxes]
    return Chart(
        name="boxes",
        told=Told(title, finding, f"n = {counted(boxes.n, 'customer')} with both known. Box: middle half; line: median."),
        figure=_box_figure(boxes, words),
        aria=f"{title} as box plots. {finding}",
        data=DataTable([boxes.category.capitalize(), "Customers", "A quarter have up to", "Half", "Three quarters"], rows),
        height=258,
    )


def _box_figure(boxes: Boxes, words: Callable[[float], str]) -> dict[str, Any]:
    places = dict(enumerate(reversed(boxes.boxes)))
    large = {place: box for place, box in places.items() if box.n >= FEW}
    highest = max([box.whiskers[1] for box in large.values()] or [max(box.points) for box in places.values()])
    points = [(value, place) for place, box in places.items() for value in box.points if value <= 1.35 * highest]
    traces: list[dict[str, Any]] = [
        {
            "type": "box",
            "orientation": "h",
            "y": list(large),
            "q1": [box.quartiles[0] for box in large.values()],
            "median": [box.quartiles[1] for box in large.values()],
            "q3": [box.quartiles[2] for box in large.values()],
            "lowerfence": [box.whiskers[0] for box in large.values()],
            "upperfence": [box.whiskers[1] for box in large.values()],
            "line": {"color": DATA, "width": 1.25},
            "fillcolor": "var(--seq-2)",
            "hoverinfo": "skip",
        },
        {
            "type": "scatter",
            "mode": "markers",
            "x": [value for value, _ in points],
            "y": [place for _, place in points],
            "marker": {"size": 5, "color": "rgba(0,0,0,0)", "line": {"color": DATA, "width": 1}},
            "hovertemplate": "%{x:,.0f}<extra></extra>",
        },
    ]
    left = max(60.0, *(text_width(cut(box.name, 16)) for box in places.values())) + 12
    at_left = {"xref": "paper", "xanchor": "left", "xshift": -left}
    names = [label(0, place, cut(box.name, 16), **at_left, yshift=7, weight=520) for place, box in places.items()]
    sizes = [label(0, place, f"n = {whole(box.n)}", **at_left, yshift=-7, colour=THIRD, weight=400) for place, box in places.items()]
    medians = [label(box.quartiles[1], place + 0.28, words(box.quartiles[1]), yanchor="bottom") for place, box in large.items()]
    axis = ticks(max([highest] + [value for value, _ in points]), words, most=5)
    layout = {
        "xaxis": {**axis, "showgrid": True, "showline": False},
        "yaxis": {"visible": False, "range": [-0.6, len(places) - 0.3]},
        "annotations": names + sizes + medians,
        "margin": {"l": left, "r": 10, "t": 6, "b": 8},
    }
    return {"data": traces, "layout": layout}
