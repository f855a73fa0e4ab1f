"""The slides: every number is the one that went in, nothing is cut off or on top of something else, no text acts."""

from __future__ import annotations

import io
import itertools
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PIL import ImageFont
from pptx import Presentation
from pptx.util import Pt

from dashboard.exports.reports.checked import charts_of, check_presentation
from dashboard.exports.reports.content import ReportContent, Series, to_content
from dashboard.exports.reports.fitting import clean
from dashboard.exports.reports.presentation import write_presentation
from segmentation.errors import UnavailableError
from tests.dashboard.exports.reports.sample import ENDLESS, chart, content, extreme

_ROUNDING = 0.01 * 914_400


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "report.pptx"


def slides(path: Path, what: ReportContent) -> list[Any]:
    write_presentation(path, what)
    return list(Presentation(str(path)).slides)


@pytest.fixture(scope="module")
def of_extremes(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """The slides of what is hardest to show."""
    return slides(tmp_path_factory.mktemp("extreme") / "report.pptx", extreme())


@pytest.fixture(scope="module")
def of_eleven(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """The slides of eleven segments."""
    return slides(tmp_path_factory.mktemp("eleven") / "report.pptx", content(11))


def shapes(all_slides: list[Any]) -> Iterator[Any]:
    for slide in all_slides:
        yield from slide.shapes


def words_of(slide: Any) -> str:
    found = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    found += [cell.text for shape in slide.shapes if shape.has_table for row in shape.table.rows for cell in row.cells]
    return "\n".join(found)


def test_the_numbers_of_every_chart_are_those_that_went_in(path: Path) -> None:
    what = content()
    drawn = {shape.name: shape.chart for shape in shapes(slides(path, what)) if shape.has_chart}
    assert set(drawn) == {each.name for each in charts_of(what)}
    for each in charts_of(what):
        plots = list(drawn[each.name].plots)
        assert list(plots[0].categories) == list(each.labels)
        assert [(series.name, tuple(series.values)) for plot in plots for series in plot.series] == [
            (own.name, own.values) for own in each.series
        ]


def test_there_is_a_slide_for_each_thing_in_its_order(path: Path) -> None:
    what = content()
    titles = [slide.shapes.title.text for slide in slides(path, what)]
    begin = ["Shop orders", what.finding, "Finding of months.", "Title of rank-a, title of rank-b", "Title of rank-c, title of rank-d"]
    end = ["What to do with each segment", "How far to trust it: some structure", "40,000 rows read = 36,432 kept + 3,568 set aside"]
    assert titles == [*begin, what.finding, *(segment.name for segment in what.segments), *end]


def test_slides_say_size_shares_verdict_rule_and_action_of_a_segment(path: Path) -> None:
    what = content()
    said = words_of(slides(path, what)[6])
    segment = what.segments[0]
    for words in ("100", "10%", "€12.3\u00a0k", segment.verdict, segment.action, str(segment.rule), *segment.differences):
        assert words in said, words


def test_every_slide_says_where_its_numbers_come_from(path: Path) -> None:
    for slide in slides(path, content()):
        assert slide.has_notes_slide and slide.notes_slide.notes_text_frame.text.strip(), slide.shapes.title.text


def test_without_segments_months_or_money_there_are_fewer_slides(path: Path) -> None:
    bare = content(0, charts=(), kpis=(), findings=(), trust=None, account=None, period=None, currency=None)
    assert [slide.shapes.title.text for slide in slides(path, bare)] == ["Shop orders", bare.finding, "Key figures"]
    assert check_presentation(path, bare) == 0


@pytest.mark.parametrize("which", ["of_eleven", "of_extremes"])
def test_nothing_lies_on_something_else_or_beside_the_slide(which: str, request: pytest.FixtureRequest) -> None:
    for slide in request.getfixturevalue(which):
        placed = [shape for shape in slide.shapes if shape.name != "ground"]
        for shape in placed:
            assert shape.left >= 0 and shape.top >= 0, shape.name
            assert shape.left + shape.width <= 12_192_000 + _ROUNDING and shape.top + shape.height <= 6_858_000 + _ROUNDING, shape.name
        for one, other in itertools.combinations(placed, 2):
            is_apart = (
                one.left + one.width <= other.left + _ROUNDING
                or other.left + other.width <= one.left + _ROUNDING
                or one.top + one.height <= other.top + _ROUNDING
                or other.top + other.height <= one.top + _ROUNDING
            )
            assert is_apart, (slide.shapes.title.text[:40], one.name, other.name)


def font(size: float, is_bold: bool) -> ImageFont.FreeTypeFont:
    names = (
        ("LiberationSans-Bold.ttf", "arialbd.ttf", "Arial Bold.ttf")
        if is_bold
        else ("LiberationSans-Regular.ttf", "arial.ttf", "Arial.ttf")
    )
    for name in names:
        try:
            return ImageFont.truetype(name, 10 * size)
        except OSError:
            continue
    pytest.skip("neither Arial nor Liberation Sans is here to measure with")


def lines_of(text: str, width: float, measure: Any) -> int:
    """Break words as a program would, with the widths of a real font."""
    lines, line = 1, ""
    for word in text.split(" "):
        if measure(f"{line} {word}" if line else word) <= width:
            line = f"{line} {word}" if line else word
            continue
        lines += 1 if line else 0
        line = ""
        for char in word:
            if measure(line + char) > width:
                lines, line = lines + 1, ""
            line += char
    return lines


@pytest.mark.parametrize("which", ["of_eleven", "of_extremes"])
def test_words_fit_their_boxes_as_a_real_font_measures_them(which: str, request: pytest.FixtureRequest) -> None:
    fonts: dict[tuple[float, bool], ImageFont.FreeTypeFont] = {}
    n_measured = 0
    for shape in shapes(request.getfixturevalue(which)):
        if not shape.has_text_frame or shape.name.startswith("key"):
            continue
        height = 0.0
        for paragraph in shape.text_frame.paragraphs:
            for run in paragraph.runs:
                size, is_bold = run.font.size.pt, bool(run.font.bold)
                own = fonts.setdefault((size, is_bold), font(size, is_bold))
                n = lines_of(run.text, shape.width / 12_700, lambda text, own=own: own.getlength(text) / 10)
                height += 1.17 * size * n
                n_measured += 1
            height += (paragraph.space_before or Pt(0)).pt
        assert height <= shape.height / 12_700 + 1, (shape.name, shape.text_frame.text[:60])
    assert n_measured > 150


def test_what_is_too_long_for_a_slide_stands_in_full_below_it(path: Path) -> None:
    what = content(1)
    endless = replace(what, segments=(replace(what.segments[0], action=ENDLESS, name=ENDLESS),))
    (slide,) = [slide for slide in slides(path, endless) if any(shape.name == "key A" for shape in slide.shapes)]
    assert slide.shapes.title.text.endswith("…") and ENDLESS not in words_of(slide)
    assert slide.notes_slide.notes_text_frame.text.count(ENDLESS.strip()) == 2


def test_no_text_acts_in_the_workbooks_behind_the_charts(of_extremes: list[Any]) -> None:
    texts = []
    for shape in shapes(of_extremes):
        if shape.has_chart:
            book = load_workbook(io.BytesIO(shape.chart.part.chart_workbook.xlsx_part.blob))
            cells = [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value is not None]
            assert all(cell.data_type in ("s", "n") and cell.hyperlink is None for cell in cells)
            texts += [cell.value for cell in cells if cell.data_type == "s"]
    assert "=1+1" in texts


def test_a_content_survives_its_way_as_json() -> None:
    what = content()
    assert to_content(what.plain()) == what


def test_numbers_that_changed_on_the_way_are_noticed(path: Path) -> None:
    what = content()
    write_presentation(path, what)
    assert check_presentation(path, what) == sum(
        value is not None for chart in charts_of(what) for series in chart.series for value in series.values
    ) + len(what.kpis)
    first = what.charts[0]
    other = replace(first, series=(replace(first.series[0], values=(1.0, *first.series[0].values[1:])), first.series[1]))
    with pytest.raises(UnavailableError, match="not those of the pages"):
        check_presentation(path, replace(what, charts=(other, *what.charts[1:])))
    with pytest.raises(UnavailableError):
        check_presentation(path, replace(what, kpis=(replace(what.kpis[0], value="77.7 M"), *what.kpis[1:])))
    changed = path.with_name("changed.pptx")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(changed, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b"<c:v>69513.99</c:v>", b"<c:v>69513.98</c:v>"))
    with pytest.raises(UnavailableError):
        check_presentation(changed, what)


def test_small_shares_do_not_read_as_nothing(path: Path) -> None:
    what = content()
    assert what.shares
    rare = replace(what, shares=replace(what.shares, series=(Series("Share of customers", (0.5, 0.002, 0.0)),)))
    (drawn,) = [shape.chart for shape in shapes(slides(path, rare)) if shape.name == "shares-of-segments"]
    assert drawn.plots[0].data_labels.number_format == '[=0]0%;[<0.005]"<1%";0%'


def test_the_year_before_stands_as_marks_across_the_bars(path: Path) -> None:
    (months,) = [shape.chart for shape in shapes(slides(path, content())) if shape.name == "months"]
    bars, marks = months.plots
    assert ([series.name for series in bars.series], [series.name for series in marks.series]) == (["This year"], ["The year before"])
    assert [axis.get("val") for axis in bars._element.findall("{*}axId")] == [axis.get("val") for axis in marks._element.findall("{*}axId")]
    parts = [part.tag.partition("}")[2] for part in marks._element.find("{*}ser")]
    assert parts == ["idx", "order", "tx", "spPr", "marker", "cat", "val"], "in the order that the format asks for"


def test_the_axis_goes_as_far_as_what_is_below_nothing(path: Path) -> None:
    below = chart("months", 3, is_over_time=True, series=(Series("Revenue", (300.0, -100.0, 0.0)),))
    drawn = shapes(slides(path, content(charts=(below, chart("rank-a")))))
    lowest = {shape.name: shape.chart.value_axis.minimum_scale for shape in drawn if shape.has_chart}
    assert (lowest["months"], lowest["rank-a"]) == (None, 0)  # none: the program finds it


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed, so that it opens the slides is not tried")
def test_libreoffice_opens_the_slides(path: Path, tmp_path: Path) -> None:
    n = len(slides(path, content(2)))
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    pdf = path.with_suffix(".pdf").read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == n


def test_clean_leaves_what_a_document_can_hold() -> None:
    assert clean("a\x00b\x0bc\nd\u2028e\ud800f\ufffeg é 顧 €\u00a01") == "ab c d efg é 顧 €\u00a01"
