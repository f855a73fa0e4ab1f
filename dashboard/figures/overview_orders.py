"""What customers do, in figures: who brings the revenue, who came back, when orders come."""

from __future__ import annotations

from typing import Any

from dashboard.components.charts import DataTable, Told
from dashboard.figures.overview_bars import standing_bars
from dashboard.figures.overview_chart import DATA, SURFACE, TEXT, THIRD, Chart, label, month_name, share_words
from dashboard.figures.overview_heat import heat_figure
from dashboard.formats import counted, percent, plain, short, whole
from segmentation.measures.cohorts import Cohorts
from segmentation.measures.concentration import Concentration
from segmentation.measures.habits import Seasonality, WeekHours

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
_STEPS = 8


def concentration_chart(concentration: Concentration) -> Chart:
    """Draw the share of revenue by the share of customers, from the highest spend down."""
    top, share = concentration.n_top / concentration.n, concentration.share
    finding = f"{percent(top)} of customers make {percent(share)} of revenue."
    negative = f"; {whole(concentration.n_negative)} with more returned than bought" if concentration.n_negative else ""
    rows = [[percent(part, 1), percent(revenue, 1)] for part, revenue in concentration.curve[1:]]
    return Chart(
        name="concentration",
        told=Told("Revenue concentration", finding, f"Customers from highest to lowest spend, n = {whole(concentration.n)}{negative}."),
        figure=_curve(concentration),
        aria=f"Cumulative share of revenue by share of customers. {finding}",
        data=DataTable(["Share of customers", "Share of revenue"], rows),
    )


def _curve(concentration: Concentration) -> dict[str, Any]:
    top, share = concentration.n_top / concentration.n, concentration.share
    x, y = ([100 * point[axis] for point in concentration.curve] for axis in (0, 1))
    inside = [place for place, value in enumerate(x) if value <= 100 * top + 1e-9]
    hovers = [
        f"<b>{percent(part / 100)} of customers</b><br>{percent(revenue / 100)} of revenue" for part, revenue in zip(x, y, strict=True)
    ]
    line: dict[str, Any] = {"type": "scatter", "mode": "lines", "hoverinfo": "skip"}
    area: dict[str, Any] = {**line, "x": [x[place] for place in inside], "y": [y[place] for place in inside], "fill": "tozeroy"}
    area |= {"fillcolor": f"{DATA}@.14", "line": {"width": 0, "color": DATA}}
    equal = {**line, "x": [0, 100], "y": [0, 100], "line": {"color": "var(--cl-axis)", "width": 1, "dash": "3px,4px"}}
    curve = {**line, "x": x, "y": y, "line": {"color": DATA, "width": 2}, "hoverinfo": "all", "customdata": hovers}
    curve["hovertemplate"] = "%{customdata}<extra></extra>"
    dot: dict[str, Any] = {"type": "scatter", "mode": "markers", "x": [100 * top], "y": [100 * share], "hoverinfo": "skip"}
    dot["marker"] = {"size": 10, "color": DATA, "line": {"color": SURFACE, "width": 2}}
    side = {"xanchor": "left", "xshift": 9} if top < 0.6 else {"xanchor": "right", "xshift": -9}
    words = [
        label(100 * top, 100 * share, f"{percent(top)} make {percent(share)}", yshift=-12, **side),
        label(100 * top, 100 * share, counted(concentration.n_top, "customer"), yshift=-27, colour=THIRD, weight=400, **side),
        label(99, 45, "if all spent the same", xanchor="right", colour=THIRD, weight=400),
    ]
    percents = {"tickvals": [0, 20, 40, 60, 80, 100], "ticktext": ["0", "20", "40", "60", "80", "100%"]}
    layout = {
        "xaxis": {
            "tickvals": [0, 25, 50, 75, 100],
            "ticktext": ["0", "25", "50", "75", "100%"],
            "range": [0, 102],
            "title": {"text": "Share of customers"},
        },
        "yaxis": {**percents, "range": [0, max(105, 1.02 * max(y))]},
        "shapes": [{"type": "line", "x0": 100 * top, "x1": 100 * top, "y0": 0, "y1": 100 * share, "line": {"color": DATA, "width": 1}}],
        "annotations": words,
        "margin": {"l": 8, "r": 10, "t": 8, "b": 8},
    }
    return {"data": [area, equal, curve, dot], "layout": layout}


def cohorts_chart(cohorts: Cohorts) -> Chart | None:
    """Draw for each month of a first order how many ordered again in each later month; None where nobody could have yet."""
    reach = max((len(row) for row in cohorts.returned), default=0)
    n_next = sum(size for size, row in zip(cohorts.sizes, cohorts.returned, strict=True) if row)
    if reach == 0 or n_next == 0:
        return None
    share = sum(row[0] for row in cohorts.returned if row) / n_next
    finding = f"{percent(share)} order again in the month after the first order."
    cells = [
        [row[later] / size if later < len(row) and size else None for later in range(reach)]
        for size, row in zip(cohorts.sizes, cohorts.returned, strict=True)
    ]
    names = [month_name(name, with_year=place == 0 or name.endswith("-01")) for place, name in enumerate(cohorts.names)]
    hovers = [
        [
            f"<b>First order {month_name(name)}</b><br>{counted(later + 1, 'month')} later: {whole(row[later])} of {counted(size, 'customer')}"
            if later < len(row)
            else ""
            for later in range(reach)
        ]
        for name, size, row in zip(cohorts.names, cohorts.sizes, cohorts.returned, strict=True)
    ]
    figure = heat_figure(cells, names, ["+1 month" if later == 0 else f"+{later + 1}" for later in range(reach)], hovers, percent, "seq")
    _add_sizes(figure, cohorts.sizes)
    headers = ["First order", "Customers", *(f"+{later + 1}" for later in range(reach))]
    rows = [
        [month_name(name), whole(size), *(whole(row[later]) if later < len(row) else "" for later in range(reach))]
        for name, size, row in zip(cohorts.names, cohorts.sizes, cohorts.returned, strict=True)
    ]
    note = f"Share of each first-order month that ordered again, n = {counted(cohorts.n, 'customer')}. Empty: months still to come."
    told = Told("Customers who came back", finding, note)
    return Chart(
        "cohorts",
        told,
        figure,
        f"Share of customers who ordered again, by month of first order. {finding}",
        DataTable(headers, rows),
        258,
        True,
    )


def _add_sizes(figure: dict[str, Any], sizes: tuple[int, ...]) -> None:
    """Write the number of customers between the names of the rows and their cells."""
    layout = figure["layout"]
    layout["margin"]["l"] += 40
    for each in layout["annotations"]:
        if each.get("name") == "row":
            each["xshift"] -= 40
    column = {"xref": "paper", "xanchor": "right", "xshift": -8}
    layout["annotations"] += [label(0, place, whole(size), colour=THIRD, weight=400, **column) for place, size in enumerate(sizes)]
    layout["annotations"].append(label(0, -1, "n", colour=THIRD, weight=400, **column))


def week_chart(week: WeekHours) -> Chart:
    """Draw orders by weekday and hour; by weekday alone where times are not known."""
    busiest = max(range(7), key=lambda place: week.weekdays[place])
    table = DataTable(["Weekday", "Orders"], [[name, whole(count)] for name, count in zip(_WEEKDAYS, week.weekdays, strict=True)])
    quiet = [name for name, count in zip(_WEEKDAYS, week.weekdays, strict=True) if count == 0]
    finding = f"{_WEEKDAYS[busiest]} is the busiest day: {share_words(week.weekdays[busiest], week.n_orders)} of orders."
    if not week.hours:
        hovers = [f"<b>{name}</b><br>{counted(count, 'order')}" for name, count in zip(_WEEKDAYS, week.weekdays, strict=True)]
        figure = standing_bars([name[:3] for name in _WEEKDAYS], week.weekdays, short, hovers)
        told = Told("Orders by weekday", finding, f"n = {counted(week.n_orders, 'order')}.")
        return Chart("week", told, figure, f"Orders by weekday. {finding}", table)
    used = [hour for hour in range(24) if any(row[hour] for row in week.hours)]
    hours = list(range(used[0], used[-1] + 1))
    peak = max((week.hours[day][hour], -day, -hour) for day in range(7) for hour in hours)
    finding = f"{_WEEKDAYS[-peak[1]]} from {-peak[2]} to {1 - peak[2]} o'clock is the busiest hour."
    if quiet:
        finding += f" Nothing on {' and '.join(quiet)}."
    cells = [[float(row[hour]) if row[hour] else None for hour in hours] for row in week.hours]
    hovers_by_hour = [
        [f"<b>{name}, {hour} to {hour + 1} o'clock</b><br>{counted(row[hour], 'order')}" for hour in hours]
        for name, row in zip(_WEEKDAYS, week.hours, strict=True)
    ]
    figure = heat_figure(
        cells, list(_WEEKDAYS), [str(hour) for hour in hours], hovers_by_hour, lambda value: short(value) if len(hours) <= 15 else "", "seq"
    )
    headers = ["Weekday", "Orders", *(f"{hour} h" for hour in hours)]
    rows = [[name, whole(sum(row)), *(whole(row[hour]) for hour in hours)] for name, row in zip(_WEEKDAYS, week.hours, strict=True)]
    told = Told("Orders by weekday and hour", finding, f"Orders by the hour they began, n = {whole(week.n_orders)}.")
    return Chart("week", told, figure, f"Orders by weekday and hour. {finding}", DataTable(headers, rows), is_wide=True)


def seasonality_chart(season: Seasonality) -> Chart:
    """Draw how each calendar month compares with an average month."""
    peak = max(range(12), key=lambda place: season.index[place])
    low = min(range(12), key=lambda place: season.index[place])
    finding = f"{_MONTHS[peak]} brings {plain(season.index[peak])} times an average month, {_MONTHS[low]} {plain(season.index[low])} times."
    values = [100 * value for value in season.index]
    hovers = [f"<b>{name}</b><br>{percent(value)} of an average month" for name, value in zip(_MONTHS, season.index, strict=True)]
    figure = standing_bars([name[0] for name in _MONTHS], values, lambda value: f"{value:.0f}%", hovers)
    figure["layout"]["shapes"] = [
        {"type": "line", "x0": -0.6, "x1": 11.6, "y0": 100, "y1": 100, "line": {"color": TEXT, "width": 1, "dash": "3px,4px"}}
    ]
    note = f"Percent of an average month, {season.years} full years, {month_name(season.first)} – {month_name(season.last)}."
    rows = [[name, percent(value)] for name, value in zip(_MONTHS, season.index, strict=True)]
    told = Told("Season", finding, note)
    return Chart(
        "season",
        told,
        figure,
        f"Each calendar month against an average month. {finding}",
        DataTable(["Month", "Of an average month"], rows),
    )
