"""Charts that PowerPoint draws itself, so that whoever gets the slides can change them: the numbers are in them, exact."""

from __future__ import annotations

from html import escape
from io import BytesIO
from typing import Any, cast

from dashboard.exports.reports import colours
from dashboard.exports.reports.content import ReportChart, Unit
from dashboard.exports.reports.fitting import clean, cut
from dashboard.exports.reports.slides import FONT, Box, rgb
from dashboard.exports.reports.svg import series_colour
from dashboard.formats import SIGNS

_AVERAGE, _LEAST_END = 100, 180
"""Where bars of indices begin, and how far their axis reaches at least."""
_MOST_LABELS = 26
"""More bars than these carry no number each: then there is an axis with numbers."""
_TYPE = 11.0
_MARK = 24
"""Width of a mark across a bar in points."""
_LONGEST_LABEL = 170.0
"""Points that the name of a bar may take."""


def put_chart(slide: Any, box: Box, chart: ReportChart, currency: str | None) -> None:
    """Draw a chart; its name in the file is that of the content, by which it is found again."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE

    number_format = _number_format(chart.unit, currency)
    data: Any = cast("Any", CategoryChartData)(number_format=escape(number_format))
    data.categories = _labels(chart)
    for series in chart.series:
        data.add_series(clean(series.name), series.values)
    kind = XL_CHART_TYPE.COLUMN_CLUSTERED if chart.is_over_time else XL_CHART_TYPE.BAR_CLUSTERED
    frame = slide.shapes.add_chart(kind, *box.emu(), data)
    frame.name = clean(chart.name)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", clean(f"{chart.title}. {chart.finding} {chart.note}"))
    drawn = frame.chart
    drawn.part.chart_workbook.update_from_xlsx_blob(_workbook(chart))
    drawn.has_title = False
    drawn.font.name, drawn.font.size = FONT, _points(_TYPE)
    drawn.font.color.rgb = rgb(colours.SECOND)
    _legend(drawn, chart)
    _axes(drawn, chart, number_format)
    _bars(drawn.plots[0], chart, number_format)
    if chart.has_marks:
        _mark_second(drawn)


def _labels(chart: ReportChart) -> list[str]:
    return [cut(label, _LONGEST_LABEL, _TYPE) for label in chart.labels]


def _number_format(unit: Unit, currency: str | None) -> str:
    """Return a number format of Excel: three figures, with k and M."""
    if unit in ("share", "index"):
        return '[=0]0%;[<0.005]"<1%";0%' if unit == "share" else "0"
    sign = SIGNS.get(currency or "", f"{clean(currency)}\u00a0" if currency else "") if unit == "money" else ""
    quoted = '"{}"'.format(sign.replace('"', "")) if sign else ""
    return f'[>=999500]{quoted}0.00,,"\u00a0M";[>=9999.5]{quoted}0.0,"\u00a0k";{quoted}#,##0'


def _of_axis(number_format: str) -> str:
    """Return a format without the decimals of thousands, which the round numbers of an axis do not need."""
    return number_format.replace("0.00,,", "0.0,,").replace('0.0,"', '0,"')


def _workbook(chart: ReportChart) -> bytes:
    """Write the numbers behind the chart, which open when somebody edits it. No name of a file can act as a formula or a link."""
    import xlsxwriter

    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        for row, label in enumerate(_labels(chart), start=1):
            sheet.write_string(row, 0, label)
        for column, series in enumerate(chart.series, start=1):
            sheet.write_string(0, column, clean(series.name))
            for row, value in enumerate(series.values, start=1):
                if value is not None:
                    sheet.write_number(row, column, value)
    return out.getvalue()


def _legend(drawn: Any, chart: ReportChart) -> None:
    from pptx.enum.chart import XL_LEGEND_POSITION

    drawn.has_legend = len(chart.series) > 1
    if drawn.has_legend:
        drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
        drawn.legend.font.size = _points(_TYPE)


def _axes(drawn: Any, chart: ReportChart, number_format: str) -> None:
    from pptx.enum.chart import XL_TICK_LABEL_POSITION, XL_TICK_MARK

    names, values = drawn.category_axis, drawn.value_axis
    names.reverse_order = not chart.is_over_time
    names.major_tick_mark = values.major_tick_mark = XL_TICK_MARK.NONE
    names.has_major_gridlines = False
    names.format.line.color.rgb = rgb(colours.AXIS)
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    names.tick_labels.font.size = _points(10.0 if len(chart.labels) > 12 else _TYPE)
    values.visible = values.has_major_gridlines = not _has_labels(chart)
    known = [value for series in chart.series for value in series.values if value is not None]
    highest = max(known, default=1.0)
    if min(known, default=0.0) >= 0:  # else the program finds room for what is below nothing
        values.minimum_scale = 0
    if chart.unit == "index":
        values.crosses_at = _AVERAGE
        values.maximum_scale = 1.12 * max(highest, _LEAST_END)
        values.minimum_scale = -0.16 * values.maximum_scale  # room for the number beside a bar that ends at nothing
    if values.has_major_gridlines:
        values.major_gridlines.format.line.color.rgb = rgb(colours.GRID)
        values.format.line.fill.background()
        values.tick_labels.number_format, values.tick_labels.number_format_is_linked = _of_axis(number_format), False


def _has_labels(chart: ReportChart) -> bool:
    n_bars = len(chart.labels) * len(chart.series)
    return not chart.is_over_time or (n_bars <= _MOST_LABELS / len(chart.series) and not chart.has_marks)


def _bars(plot: Any, chart: ReportChart, number_format: str) -> None:
    from pptx.enum.chart import XL_LABEL_POSITION

    plot.gap_width, plot.overlap, plot.vary_by_categories = 50, -4 if len(chart.series) > 1 else 0, False
    for place, series in enumerate(plot.series):
        series.invert_if_negative = False
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = rgb(series_colour(chart, place))
    if chart.unit == "index":
        for place, value in enumerate(chart.series[0].values):
            if value is not None and value < _AVERAGE:
                fill = plot.series[0].points[place].format.fill
                fill.solid()
                fill.fore_color.rgb = rgb(colours.DATA_SECOND)
    plot.has_data_labels = _has_labels(chart)
    if plot.has_data_labels:
        labels = plot.data_labels
        labels.number_format, labels.number_format_is_linked = number_format, False
        labels.position, labels.show_value = XL_LABEL_POSITION.OUTSIDE_END, True
        labels.font.size = _points(10.0)


def _mark_second(drawn: Any) -> None:
    """Turn the bars of the second series into marks across those of the first: a line that is not drawn, only its points are."""
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls

    bars = drawn._chartSpace.find(".//{*}barChart")
    series = bars.findall("{*}ser")[1]
    bars.remove(series)
    for name in ("invertIfNegative", "spPr"):
        if (part := series.find(f"{{*}}{name}")) is not None:
            series.remove(part)
    fill = f'<a:solidFill><a:srgbClr val="{colours.REFERENCE}"/></a:solidFill>'
    space = nsdecls("c", "a")
    look = f"<c:spPr {space}><a:ln><a:noFill/></a:ln></c:spPr>"
    edge = f'<a:ln w="12700"><a:solidFill><a:srgbClr val="{colours.SURFACE}"/></a:solidFill></a:ln>'
    mark = f'<c:marker {space}><c:symbol val="dash"/><c:size val="{_MARK}"/><c:spPr>{fill}{edge}</c:spPr></c:marker>'
    series.find("{*}tx").addnext(parse_xml(look))
    series.find("{*}spPr").addnext(parse_xml(mark))
    axes = "".join(f'<c:axId val="{axis.get("val")}"/>' for axis in bars.findall("{*}axId"))
    line = parse_xml(f'<c:lineChart {space}><c:grouping val="standard"/><c:varyColors val="0"/><c:marker val="1"/>{axes}</c:lineChart>')
    line.find("{*}varyColors").addnext(series)
    bars.addnext(line)


def _points(size: float) -> Any:
    from pptx.util import Pt

    return Pt(size)
