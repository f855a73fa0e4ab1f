"""What customers do, in figures: who brings the revenue, who came back, when orders come."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dashboard.components.charts import DataTable, Told
from dashboard.figures.overview_bars import Standing, standing_bars
from dashboard.figures.overview_chart import DATA, SURFACE, TEXT, THIRD, Chart, label, month_name, share_words, with_room
from dashboard.figures.overview_heat import Heat, heat_figure
from dashboard.figures.overview_picks import Picks, picks, picks_of
from dashboard.formats import counted, percent, plain, short, whole
from segmentation.measures.cohorts import Cohorts
from segmentation.measures.concentration import Concentration
from segmentation.measures.demographics import round_step
from segmentation.measures.filters import (
    EVERYBODY,
    FIRST_MONTH,
    MONTH,
    WEEK_HOUR,
    WEEKDAY,
    WEEKDAYS,
    Band,
    Condition,
    CustomerFilter,
    write_choice,
)
from segmentation.measures.habits import Seasonality, WeekHours

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
_SPEND = "monetary_total"
_ROOM_FOR_N = 40
_MOST_STEPS = 7
_MOST_OVER_ALL = 1.4
"""Where more comes back, the curve rises high above all revenue."""
_ROOM_FOR_POINT, _ROOM_FOR_EQUAL = 0.6, 0.45
"""Up to these shares of customers the words beside the curve stand free of its lines."""
_MOST_HOURS_WITH_NUMBERS = 15
_MOST_NAMED_MONTHS = 12
"""So many later months leave room for the word above the first, and for the sign of percent."""
_MOST_LATER = 18
"""Months after the first order that fit into the chart."""


def concentration_chart(concentration: Concentration, scale: int = 0, chosen: CustomerFilter = EVERYBODY) -> Chart:
    """Draw the share of revenue by the share of customers, from the highest spend down; a click chooses those who spent as much.

    ``scale`` is the decimals of the units in which ``concentration`` counts money.
    """
    top, share = concentration.n_top / concentration.n, concentration.share
    finding = f"{percent(top)} of customers make {percent(share)} of revenue."
    negative = f"; {whole(concentration.n_negative)} with more returned than bought" if concentration.n_negative else ""
    rows = [[percent(part, 1), percent(revenue, 1)] for part, revenue in concentration.curve[1:]]
    found = _picks_of_spend(concentration, scale, chosen)
    dotted = "" if _has_room_for_equal(concentration) else " Dotted: if all spent the same."
    return Chart(
        name="concentration",
        told=Told(
            "Revenue concentration", finding, f"Customers from highest to lowest spend, n = {whole(concentration.n)}{negative}.{dotted}"
        ),
        figure=_curve(concentration, found),
        aria=f"Cumulative share of revenue by share of customers. {finding}",
        data=DataTable(["Share of customers", "Share of revenue"], rows, found.conditions[1:] if concentration.least else ()),
    )


def _picks_of_spend(concentration: Concentration, scale: int, chosen: CustomerFilter) -> Picks:
    """Return the picks of the curve's points: all who spent as much as the last of those customers. On is up to where it was chosen."""
    if not concentration.least:
        return picks_of(chosen, _SPEND, [None] * len(concentration.curve))
    lows = [units / 10**scale for units in concentration.least]
    wanted = chosen.find(_SPEND)
    bands = [choice for choice in wanted.choices if isinstance(choice, Band)] if wanted else []
    is_on = [any(band.high is None and band.low is not None and low >= band.low for band in bands) for low in lows]
    return Picks((None, *(write_choice(_SPEND, Band(low, None)) for low in lows)), (any(is_on), *is_on))


def _curve(concentration: Concentration, found: Picks) -> dict[str, Any]:
    top, share = concentration.n_top / concentration.n, concentration.share
    x, y = ([100 * point[axis] for point in concentration.curve] for axis in (0, 1))
    inside = [place for place, value in enumerate(x) if (found.is_on[place] if found.any_on else value <= 100 * top + 1e-9)]
    hovers = [
        f"<b>{percent(part / 100)} of customers</b><br>{percent(revenue / 100)} of revenue" for part, revenue in zip(x, y, strict=True)
    ]
    line: dict[str, Any] = {"type": "scatter", "mode": "lines", "hoverinfo": "skip"}
    area: dict[str, Any] = {**line, "x": [x[place] for place in inside], "y": [y[place] for place in inside], "fill": "tozeroy"}
    area |= {"fillcolor": f"{DATA}@.14", "line": {"width": 0, "color": DATA}}
    equal = {**line, "x": [0, 100], "y": [0, 100], "line": {"color": "var(--cl-axis)", "width": 1, "dash": "3px,4px"}}
    curve = {**line, "x": x, "y": y, "line": {"color": DATA, "width": 2}, "hoverinfo": "all", "customdata": hovers}
    curve |= {"hovertemplate": "%{customdata}<extra></extra>", "meta": found.meta()}
    dot: dict[str, Any] = {"type": "scatter", "mode": "markers", "x": [100 * top], "y": [100 * share], "hoverinfo": "skip"}
    dot["marker"] = {"size": 10, "color": DATA, "line": {"color": SURFACE, "width": 2}}
    quarters = {"tickvals": [0, 25, 50, 75, 100], "ticktext": ["0", "25", "50", "75", "100%"]}
    step = max(round_step(max(y) / _MOST_STEPS), 20)
    heights = [step * place for place in range(int(max(y) / step + 0.05) + 1)]
    percents = {"tickvals": heights, "ticktext": ["", *(f"{value:g}{'%' if value == heights[-1] else ''}" for value in heights[1:])]}
    layout = {
        "xaxis": {
            **quarters,
            "range": [0, 102],
            "title": {"text": "Share of customers"},
        },
        "yaxis": {**percents, "range": [0, max(105, 1.02 * max(y))]},
        "shapes": [{"type": "line", "x0": 100 * top, "x1": 100 * top, "y0": 0, "y1": 100 * share, "line": {"color": DATA, "width": 1}}],
        "annotations": _curve_words(concentration),
        "margin": {"l": 8, "r": 10, "t": 8, "b": 8},
    }
    return {"data": [area, equal, curve, dot], "layout": with_room(layout)}


def _curve_words(concentration: Concentration) -> list[dict[str, Any]]:
    """Name the point beside it; where the right side has no room, inside the area below the line of equal shares."""
    top, share = concentration.n_top / concentration.n, concentration.share
    said, who = f"{percent(top)} make {percent(share)}", counted(concentration.n_top, "customer")
    side: dict[str, Any] = {"xanchor": "left", "xshift": 9}
    height = 100 * share
    if top >= _ROOM_FOR_POINT:
        side, height = {"xanchor": "right", "xshift": -9}, 30.0
    above = 0 if _highest(concentration) <= _MOST_OVER_ALL else 38  # a high arch presses the point down to the axis
    words = [
        label(100 * top, height, said, yshift=above - 12, **side),
        label(100 * top, height, who, yshift=above - 27, colour=THIRD, weight=400, **side),
    ]
    equal = label(99, 45, "if all spent the same", xanchor="right", colour=THIRD, weight=400)
    return [*words, equal] if _has_room_for_equal(concentration) else words


def _highest(concentration: Concentration) -> float:
    return max((share for _, share in concentration.curve), default=1.0)


def _has_room_for_equal(concentration: Concentration) -> bool:
    return concentration.n_top / concentration.n < _ROOM_FOR_EQUAL and _highest(concentration) <= _MOST_OVER_ALL


def cohorts_chart(cohorts: Cohorts, chosen: CustomerFilter = EVERYBODY) -> Chart | None:
    """Draw for each month of a first order how many ordered again in each later month; None where nobody could have yet."""
    cohorts = replace(cohorts, returned=tuple(row[:_MOST_LATER] for row in cohorts.returned))
    rows = list(zip(cohorts.names, cohorts.sizes, cohorts.returned, strict=True))
    reach = max((len(row) for _, _, row in rows), default=0)
    n_next = sum(size for _, size, row in rows if row)
    if reach == 0 or n_next == 0:
        return None
    finding = f"{percent(sum(row[0] for _, _, row in rows if row) / n_next)} order again in the month after the first order."
    found = picks_of(chosen, FIRST_MONTH, cohorts.names)
    later = [str(number) for number in range(1, reach + 1)]
    what = "Share" if reach <= _MOST_NAMED_MONTHS else "Percent"
    note = f"{what} of each first-order month that ordered again so many months later, n = {counted(cohorts.n, 'customer')}."
    return Chart(
        name="cohorts",
        told=Told("Customers who came back", finding, f"{note} Empty: months still to come."),
        figure=_cohorts_figure(cohorts, reach, found),
        aria=f"Share of customers who ordered again, by month of first order. {finding}",
        data=DataTable(
            ["First order", "Customers", *(f"+{number}" for number in later)],
            [[month_name(name), whole(size), *map(whole, row), *[""] * (reach - len(row))] for name, size, row in rows],
            found.conditions,
        ),
        height=258,
        is_wide=True,
    )


def _cohorts_figure(cohorts: Cohorts, reach: int, found: Picks) -> dict[str, Any]:
    rows = list(zip(cohorts.names, cohorts.sizes, cohorts.returned, strict=True))
    cells = [[row[place] / size if place < len(row) and size else None for place in range(reach)] for _, size, row in rows]
    hovers = [
        [
            f"<b>First order {month_name(name)}</b><br>{counted(place + 1, 'month')} later: {whole(n)} of {whole(size)}"
            for place, n in enumerate(row)
        ]
        + [""] * (reach - len(row))
        for name, size, row in rows
    ]
    names = [month_name(name, with_year=place == 0 or name[:4] != cohorts.names[place - 1][:4]) for place, name in enumerate(cohorts.names)]
    columns = [f"+{place}" for place in range(1, reach + 1)]
    has_room = reach <= _MOST_NAMED_MONTHS
    columns[0] += " month" if has_room else ""
    words = percent if has_room else lambda share: percent(share).rstrip("%")
    cell_picks = [Picks((text,) * reach, (False,) * reach) for text in found.conditions]
    figure = heat_figure(Heat(cells, names, columns, hovers, words, picks=cell_picks))
    layout = figure["layout"]
    line = {"color": TEXT, "width": 2}
    layout["shapes"] += [
        {"type": "rect", "x0": -0.48, "x1": reach - 0.52, "y0": place - 0.46, "y1": place + 0.46, "line": line}
        for place, is_on in enumerate(found.is_on)
        if is_on
    ]
    layout["margin"]["l"] += _ROOM_FOR_N
    for each in layout["annotations"]:
        if each.get("name") == "row":
            each["xshift"] -= _ROOM_FOR_N
    column = {"xref": "paper", "xanchor": "right", "xshift": -8, "colour": THIRD, "weight": 400}
    layout["annotations"] += [label(0, place, whole(size), **column) for place, size in enumerate(cohorts.sizes)]
    layout["annotations"].append(label(0, -1, "n", **column))
    return figure


def week_chart(week: WeekHours, chosen: CustomerFilter = EVERYBODY) -> Chart:
    """Draw orders by weekday and hour; by weekday alone where times are not known."""
    return _hours_chart(week, chosen) if week.hours else _weekdays_chart(week, chosen)


def _weekdays_chart(week: WeekHours, chosen: CustomerFilter) -> Chart:
    busiest = max(range(7), key=lambda place: week.weekdays[place])
    finding = f"{_WEEKDAYS[busiest]} is the busiest day: {share_words(week.weekdays[busiest], week.n_orders)} of orders."
    days = list(zip(_WEEKDAYS, week.weekdays, strict=True))
    found = picks_of(chosen, WEEKDAY, WEEKDAYS)
    hovers = [f"<b>{name}</b><br>{counted(n, 'order')}" for name, n in days]
    return Chart(
        name="week",
        told=Told("Orders by weekday", finding, f"Orders, n = {whole(week.n_orders)}."),
        figure=standing_bars(Standing(WEEKDAYS, week.weekdays, hovers, short), found),
        aria=f"Orders by weekday. {finding}",
        data=DataTable(["Weekday", "Orders"], [[name, whole(n)] for name, n in days], found.conditions),
    )


def _hours_chart(week: WeekHours, chosen: CustomerFilter) -> Chart:
    used = [hour for hour in range(24) if any(row[hour] for row in week.hours)]
    hours = range(used[0], used[-1] + 1)
    days = list(zip(_WEEKDAYS, week.hours, strict=True))
    finding = hours_finding(week)
    hovers = [[f"<b>{name}, {hour} to {hour + 1} o'clock</b><br>{counted(row[hour], 'order')}" for hour in hours] for name, row in days]
    cells = [[float(row[hour]) if row[hour] else None for hour in hours] for _, row in days]
    found = [picks_of(chosen, WEEK_HOUR, [f"{day} {hour}" for hour in hours]) for day in WEEKDAYS]
    words = short if len(hours) <= _MOST_HOURS_WITH_NUMBERS else lambda _: ""
    return Chart(
        name="week",
        told=Told("Orders by weekday and hour", finding, f"Orders by the hour they began, n = {whole(week.n_orders)}."),
        figure=heat_figure(Heat(cells, list(_WEEKDAYS), [str(hour) for hour in hours], hovers, words, picks=found)),
        aria=f"Orders by weekday and hour. {finding}",
        data=DataTable(
            ["Weekday", "Orders", *(f"{hour} h" for hour in hours)],
            [[name, whole(sum(row)), *(whole(row[hour]) for hour in hours)] for name, row in days],
            picks_of(chosen, WEEKDAY, WEEKDAYS).conditions,
        ),
        is_wide=True,
    )


def hours_finding(week: WeekHours) -> str:
    """Say which hour is the busiest, and on which days nothing comes."""
    _, day, hour = max((week.hours[day][hour], -day, -hour) for day in range(7) for hour in range(24))
    quiet = [name for name, count in zip(_WEEKDAYS, week.weekdays, strict=True) if count == 0]
    said = f"{_WEEKDAYS[-day]} from {-hour} to {1 - hour} o'clock is the busiest hour."
    return f"{said} Nothing on {' and '.join(quiet)}." if quiet else said


def seasonality_chart(season: Seasonality, chosen: CustomerFilter = EVERYBODY) -> Chart:
    """Draw how each calendar month compares with an average month; a click chooses it in each of the years."""
    months = list(zip(_MONTHS, season.index, strict=True))
    (peak, most), (low, least) = max(months, key=lambda month: month[1]), min(months, key=lambda month: month[1])
    finding = f"{peak} brings {plain(most)} times an average month, {low} {plain(least)} times."
    hovers = [f"<b>{name}</b><br>{100 * value:.0f}% of an average month" for name, value in months]
    bars = Standing([name[0] for name in _MONTHS], [100 * value for value in season.index], hovers, lambda value: f"{value:.0f}%")
    found = picks(chosen, [[Condition(MONTH, names)] for names in _months_of_years(season)])
    figure = standing_bars(bars, found)
    average = {"type": "line", "x0": -0.6, "x1": 11.6, "y0": 100, "y1": 100, "line": {"color": TEXT, "width": 1, "dash": "3px,4px"}}
    figure["layout"]["shapes"] = [average]
    note = f"Percent of an average month, {season.years} full years, {month_name(season.first)} – {month_name(season.last)}."
    return Chart(
        name="season",
        told=Told("Season", finding, note),
        figure=figure,
        aria=f"Each calendar month against an average month. {finding}",
        data=DataTable(["Month", "Of an average month"], [[name, f"{100 * value:.0f}%"] for name, value in months], found.conditions),
    )


def _months_of_years(season: Seasonality) -> list[tuple[str, ...]]:
    """Return for each calendar month its months in the full years that count."""
    first_year, first_month = int(season.first[:4]), int(season.first[5:])
    begins = [first_year + (month < first_month) for month in range(1, 13)]
    return [tuple(f"{begin + year}-{month:02d}" for year in range(season.years)) for month, begin in enumerate(begins, start=1)]
