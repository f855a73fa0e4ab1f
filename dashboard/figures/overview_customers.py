"""Who the customers are, in figures: age and gender, numbers in bands, yes-or-no columns, spread by group."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from dashboard.components.charts import DataTable, Told
from dashboard.figures.literal import literal_in_short
from dashboard.figures.overview_axis import value_axis
from dashboard.figures.overview_bands import number_words
from dashboard.figures.overview_bars import Bar, Standing, cut_apart, lying_bars, standing_bars
from dashboard.figures.overview_chart import (
    DATA,
    DATA_2,
    DATA_2_SOFT,
    SECOND,
    SOFT,
    TEXT,
    THIRD,
    Chart,
    cut,
    label,
    sentence,
    share_words,
    text_width,
    with_room,
    words_trace,
)
from dashboard.figures.overview_picks import AGE_CHOICES, Picks, picks, picks_of, picks_within
from dashboard.formats import counted, money, percent, plain, short, whole
from segmentation.measures.demographics import AGE_BANDS, FEW, Ages, Box, Boxes, Group, Share
from segmentation.measures.filters import EVERYBODY, Condition, CustomerFilter
from segmentation.measures.parts import Parts

_GAP = 0.24
"""Between two mirrored bars, as a part of the longest: room for a band's name on the narrowest card."""
_ROW_OF_BOX = 42
"""Pixels that a box with its median above it needs."""
_MANY, _ROW_OF_MANY = 8, 34
"""More boxes than this stand as close as their words allow, or the cards beside them would be mostly empty."""
_FARTHEST = 1.35
"""Single values farther than so many times the longest whisker are left off, or they would flatten all boxes."""


def ages_chart(ages: Ages, chosen: CustomerFilter = EVERYBODY) -> Chart:
    """Draw age bands: two genders as a mirrored pair, else one row of bars."""
    is_pair = len(ages.groups) == 2
    title = "Age and gender" if is_pair else "Age"
    note = f"Customers, n = {whole(ages.n)}{' with both known' if is_pair else ''}"
    note += f"; {whole(ages.n_other)} other or not said" if ages.n_other else ""
    note += f"; {whole(ages.n_unknown)} of unknown age" if ages.n_unknown else ""
    shown = [place for place in range(len(AGE_BANDS)) if any(group.counts[place] for group in ages.groups)]
    shown = list(range(shown[0], shown[-1] + 1))
    bands = picks_of(chosen, "age", [AGE_CHOICES[AGE_BANDS[place]] for place in shown])
    headers = ["Age"] + [group.name or "Customers" for group in ages.groups]
    return Chart(
        name="ages",
        told=Told(title, ages_finding(ages), note + "."),
        figure=_mirrored(ages, shown, chosen) if is_pair else _single(ages, shown, bands),
        aria=f"Customers by age band{' and gender' if is_pair else ''}. {ages_finding(ages)}",
        data=DataTable(
            headers, [[AGE_BANDS[place], *(whole(group.counts[place]) for group in ages.groups)] for place in shown], bands.conditions
        ),
    )


def ages_finding(ages: Ages) -> str:
    """Say which group is the largest."""
    sizes = [(count, place, group.name) for group in ages.groups for place, count in enumerate(group.counts)]
    count, place, name = max(sizes, key=lambda size: (size[0], -size[1], size[2]))
    band = AGE_BANDS[place] if place == 0 else f"of {AGE_BANDS[place]}"
    who = f"{name or 'Customers'} {band}" if name in ("Women", "Men", "") else f"{name}, {AGE_BANDS[place]},"
    return f"{who} are the largest group: {percent(count / ages.n)}."


def _mirrored(ages: Ages, shown: Sequence[int], chosen: CustomerFilter) -> dict[str, Any]:
    """Draw the first group to the left and the second to the right of the bands' names."""
    most = max(group.counts[place] for group in ages.groups for place in shown)
    gap = _GAP * most
    bands = [AGE_BANDS[place] for place in shown]
    names = [label(0, place, band.replace("under ", "<"), colour=THIRD, weight=400) for place, band in enumerate(bands)]
    heads = []
    sides = [_side_picks(chosen, group, shown) for group in ages.groups]
    any_on = any(side.any_on for side in sides)
    traces = []
    for group, side_picks, sign, colour in zip(ages.groups, sides, (-1, 1), (DATA, DATA_2), strict=True):
        counts = [group.counts[place] for place in shown]
        anchor = {"xanchor": "right" if sign < 0 else "left"}
        heads.append(label(sign * gap, -0.9, f"{cut(group.name, 12)} {whole(sum(counts))}", **anchor, colour=colour))
        hovers = [
            f"<b>{literal_in_short(group.name)}, {band}</b><br>{counted(count, 'customer')} · {share_words(count, ages.n)}"
            for band, count in zip(bands, counts, strict=True)
        ]
        traces += _side(counts, sign, gap, hovers)
        soft = SOFT if sign < 0 else DATA_2_SOFT
        traces[-2]["marker"] = {"color": [colour if is_on or not any_on else soft for is_on in side_picks.is_on]}
        traces[-2] |= {"meta": side_picks.meta(), **_counts_outside(counts, most)}
        traces[-1] |= {"meta": side_picks.meta(), "x": [sign * most] * len(counts)}
    reach = most * 1.28 + gap
    layout = {
        "barmode": "overlay",
        "xaxis": {"visible": False, "range": [-reach, reach]},
        "yaxis": {"visible": False, "range": [len(shown) - 0.4, -1.3]},
        "margin": {"l": 4, "r": 4, "t": 2, "b": 2},
        "bargap": 0.3,
    }
    return {"data": [*traces, words_trace(names + heads)], "layout": layout}


def _counts_outside(counts: Sequence[int], most: int) -> dict[str, Any]:
    """Return what writes each count at the end of its bar, the highest of all in bold."""
    font = {"size": 11.5, "color": [TEXT if count == most else SECOND for count in counts]}
    font["weight"] = [620 if count == most else 400 for count in counts]
    return {"text": [whole(count) for count in counts], "textposition": "outside", "textfont": font, "cliponaxis": False}


def _side_picks(chosen: CustomerFilter, group: Group, shown: Sequence[int]) -> Picks:
    gender = [Condition("gender", group.texts)] if group.texts else []
    return picks_within(chosen, [[Condition("age", (AGE_CHOICES[AGE_BANDS[place]],)), *gender] for place in shown])


def _side(counts: Sequence[int], sign: int, gap: float, hovers: Sequence[str]) -> list[dict[str, Any]]:
    """Return the bars, and the same unseen, to be made as long as the longest."""
    bars = {
        "type": "bar",
        "orientation": "h",
        "base": [sign * gap] * len(counts),
        "x": [sign * count for count in counts],
        "y": list(range(len(counts))),
        "customdata": list(hovers),
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    return [bars, {**bars, "marker": {"color": "rgba(0,0,0,0)"}}]


def _single(ages: Ages, shown: Sequence[int], bands: Picks) -> dict[str, Any]:
    counts = [ages.groups[0].counts[place] for place in shown]
    hovers = [
        f"<b>{AGE_BANDS[place]}</b><br>{counted(count, 'customer')} · {share_words(count, ages.n)}"
        for place, count in zip(shown, counts, strict=True)
    ]
    names = [AGE_BANDS[place].replace("under ", "<") for place in shown]
    return standing_bars(Standing(names, counts, hovers, short, "Age in years"), bands)


def shares_charts(shares: Sequence[Share], chosen: CustomerFilter = EVERYBODY) -> list[Chart]:
    """Draw the columns of zeros and ones: who accepted which campaign, and the others."""
    campaigns = [share for share in shares if is_of_campaign(share)]
    others = [share for share in shares if not is_of_campaign(share)]
    found = [shares_chart(campaigns, chosen, "campaigns", "Campaign response")] if campaigns else []
    return [*found, *([shares_chart(others, chosen)] if others else [])]


def is_of_campaign(share: Share) -> bool:
    """Tell whether a column says how customers answered a campaign."""
    words = share.label.lower().replace("_", " ")
    return any(word in words for word in ("cmp", "campaign", "response", "accepted"))


def shares_chart(
    shares: Sequence[Share], chosen: CustomerFilter = EVERYBODY, name: str = "shares", title: str = "Yes-or-no answers"
) -> Chart:
    """Draw the columns of zeros and ones as shares on one scale; a single one as its two answers."""
    if len(shares) == 1:
        return _answers_chart(shares[0], chosen, name)
    bars = [
        Bar(sentence(share.label), share.n_yes / share.n, percent(share.n_yes / share.n, 1), _share_hover(share)) for share in shares[:10]
    ]
    found = picks(chosen, [[Condition(share.column, ("1",))] for share in shares])
    first, last = shares[0], shares[-1]
    finding = f"From {percent(last.n_yes / last.n)} for {last.label} to {percent(first.n_yes / first.n)} for {first.label}."
    rows = [[share.label, whole(share.n_yes), whole(share.n), percent(share.n_yes / share.n, 1)] for share in shares]
    return Chart(
        name=name,
        told=Told(title, finding, f"Share of customers with a yes, n = {whole(max(share.n for share in shares))}."),
        figure=lying_bars(bars, found.take(range(len(bars)))),
        aria=f"Share of customers with a yes in each column. {finding}",
        data=DataTable(["Column", "Yes", "Customers", "Share"], rows, found.conditions),
    )


def _answers_chart(share: Share, chosen: CustomerFilter, name: str) -> Chart:
    """Draw who said yes and who said no."""
    title = sentence(share.label)
    answers = (("Yes", share.n_yes), ("No", share.n - share.n_yes))
    parts = [percent(n / share.n, 1) for _, n in answers]
    bars = [Bar(answer, n, f"{short(n)} · {part}") for (answer, n), part in zip(answers, parts, strict=True)]
    found = picks_of(chosen, share.column, ["1", "0"])
    finding = f"Yes for {parts[0]} of customers."
    rows = [[answer, whole(n), part] for (answer, n), part in zip(answers, parts, strict=True)]
    return Chart(
        name=name,
        told=Told(title, finding, f"Customers and share, n = {whole(share.n)}."),
        figure=lying_bars(bars, found),
        aria=f"{title}, yes or no. {finding}",
        data=DataTable([title, "Customers", "Share"], rows, found.conditions),
    )


def _share_hover(share: Share) -> str:
    return f"<b>{literal_in_short(share.label)}</b><br>{whole(share.n_yes)} of {counted(share.n, 'customer')}"


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


def boxes_chart(boxes: Boxes, currency: str | None, chosen: CustomerFilter = EVERYBODY, is_first: bool = True) -> Chart:
    """Draw the spread of a number in each group; groups of fewer than 20 as points."""
    words = number_words(boxes.unit, currency)
    title = f"{sentence(boxes.number)} by {boxes.category}"
    finding = boxes_finding(boxes, words)
    found = picks_of(chosen, boxes.column, [box.name for box in boxes.boxes])
    n_unknown = sum(box.n_unknown for box in boxes.boxes)
    known = f"n = {counted(boxes.n, 'customer')} with both known" + (f"; {boxes.number} not known: {whole(n_unknown)}" if n_unknown else "")
    return Chart(
        name="boxes" if is_first else f"boxes-{boxes.number_column}",
        told=Told(title, finding, f"{known}.{_how_to_read(boxes)}{_left_off(boxes)}"),
        figure=_box_figure(boxes, words, found),
        aria=f"{title} as box plots. {finding}",
        data=_box_table(boxes, found, bool(n_unknown)),
        height=max(258, (_ROW_OF_BOX if len(boxes.boxes) <= _MANY else _ROW_OF_MANY) * len(boxes.boxes) + 46),
    )


def boxes_finding(boxes: Boxes, words: Callable[[float], str]) -> str:
    """Say between which groups the middle goes; a few customers decide it only where no two groups are larger."""
    large = [box for box in boxes.boxes if box.n >= FEW]
    told = large if len(large) > 1 else boxes.boxes
    low, high = ((words(box.quartiles[1]), cut(box.name, 60)) for box in (told[0], told[-1]))
    if low[0] != high[0]:
        return f"The middle goes from {low[0]} ({low[1]}) to {high[0]} ({high[1]})."
    return f"The middle is {low[0]} in every group{f' of {FEW} or more' if len(told) < len(boxes.boxes) else ''}."


def _box_table(boxes: Boxes, found: Picks, has_unknown: bool) -> DataTable:
    """Return the quartiles of each group; its customers are those with the number and those without, who are behind its link as well."""
    number = sentence(boxes.number)
    size = [f"{number} known", f"{number} not known"] if has_unknown else ["Customers"]
    headers = [sentence(boxes.category), *size, "A quarter have up to", "Half", "Three quarters"]
    sizes = [[whole(box.n), whole(box.n_unknown)] if has_unknown else [whole(box.n)] for box in boxes.boxes]
    rows = [[box.name, *n, *(plain(value) for value in box.quartiles)] for box, n in zip(boxes.boxes, sizes, strict=True)]
    return DataTable(headers, rows, found.conditions)


def _box_figure(boxes: Boxes, words: Callable[[float], str], found: Picks) -> dict[str, Any]:
    places, found = dict(enumerate(reversed(boxes.boxes))), found.take(range(len(boxes.boxes))[::-1])
    short_names = cut_apart([box.name for box in places.values()], 16)
    large = {place: box for place, box in places.items() if box.n >= FEW}
    near, far = _reach(boxes)
    points = [(value, place) for place, box in places.items() for value in box.points if near <= value <= far]
    left = max(60.0, *map(text_width, short_names)) + 12
    at_left = {"xref": "paper", "xanchor": "left", "xshift": -left}
    names = [label(0, place, name, **at_left, yshift=7, weight=520) for place, name in enumerate(short_names)]
    sizes = [label(0, place, f"n = {whole(box.n)}", **at_left, yshift=-7, colour=THIRD, weight=400) for place, box in places.items()]
    medians = [label(box.quartiles[1], place + 0.28, words(box.quartiles[1]), yanchor="bottom") for place, box in large.items()]
    drawn = [end for box in large.values() for end in box.whiskers] + [value for value, _ in points]
    axis = value_axis(min(drawn), max(drawn), words, most=5)
    layout = {
        "xaxis": {**axis, "showgrid": True, "showline": False},
        "yaxis": {"visible": False, "range": [-0.6, len(places) - 0.3]},
        "annotations": names + sizes + medians,
        "margin": {"l": left, "r": 10, "t": 6, "b": 8},
    }
    layout = with_room(layout)
    traces = [_box_trace(place, box, colour) for (place, box), colour in zip(places.items(), found.colours(), strict=True) if box.n >= FEW]
    return {
        "data": [*traces, _point_trace(points), _row_trace(len(places), axis["range"], found)],
        "layout": {**layout, "barmode": "overlay"},
    }


def _how_to_read(boxes: Boxes) -> str:
    sizes = [box.n for box in boxes.boxes]
    box = " Box: middle half; line: median." if max(sizes) >= FEW else ""
    return box + (f" Groups below {FEW}: each customer a point." if min(sizes) < FEW else "")


def _reach(boxes: Boxes) -> tuple[float, float]:
    """Return from where to where single values are drawn: everywhere, where no box would be flattened by it."""
    ends = [0.0, *(end for box in boxes.boxes if box.n >= FEW for end in box.whiskers)]
    room = (_FARTHEST - 1) * (max(ends) - min(ends)) or math.inf
    return min(ends) - room, max(ends) + room


def _left_off(boxes: Boxes) -> str:
    near, far = _reach(boxes)
    n = sum(not near <= value <= far for box in boxes.boxes for value in box.points)
    return f" {counted(n, 'far value', 'far values')} not drawn." if n else ""


def _row_trace(n: int, ends: Sequence[float], found: Picks) -> dict[str, Any]:
    """Return unseen bars behind the boxes, so that a click anywhere in a row chooses it."""
    place = {"type": "bar", "orientation": "h", "base": [ends[0]] * n, "x": [ends[1] - ends[0]] * n, "y": list(range(n)), "width": 0.9}
    return {**place, "marker": {"color": "rgba(0,0,0,0)"}, "hoverinfo": "none", "meta": found.meta()}


def _box_trace(place: int, box: Box, colour: str) -> dict[str, Any]:
    return {
        "type": "box",
        "orientation": "h",
        "y": [place],
        "q1": [box.quartiles[0]],
        "median": [box.quartiles[1]],
        "q3": [box.quartiles[2]],
        "lowerfence": [box.whiskers[0]],
        "upperfence": [box.whiskers[1]],
        "line": {"color": colour, "width": 1.25},
        "fillcolor": "var(--seq-2)" if colour == DATA else "var(--seq-1)",
        "hoverinfo": "skip",
    }


def _point_trace(points: Sequence[tuple[float, int]]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [value for value, _ in points],
        "y": [place for _, place in points],
        "marker": {"size": 5, "color": "rgba(0,0,0,0)", "line": {"color": DATA, "width": 1}},
        "hovertemplate": "%{x:,.0f}<extra></extra>",
    }
