"""The pieces of a slide: words that fit their box, keys, tables, notes. Sizes in inches, type in points."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from dashboard.exports.reports import colours
from dashboard.exports.reports.fitting import Words, clean, fitted, height_of

WIDTH, HEIGHT, MARGIN = 13.333, 7.5, 0.6
FONT = "Arial"
"""On every machine, or there under another name with the same widths; nothing is embedded."""
_POINTS = 72.0
_SPARE = 0.97
"""Part of a box's width that is counted on: programs measure a little differently."""
_INSET = 0.14
_TITLE_ONLY = 5
_NO_GRID = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
"""The table style "No style, no grid", which every PowerPoint has."""


@dataclass(frozen=True)
class Box:
    """A place on a slide."""

    left: float
    top: float
    width: float
    height: float

    def inside(self) -> Box:
        """Return the room for words on a coloured ground."""
        return Box(self.left + _INSET, self.top + _INSET / 2, self.width - 2 * _INSET, self.height - _INSET)

    def emu(self) -> tuple[Any, Any, Any, Any]:
        """Return it in the unit of the file."""
        from pptx.util import Inches

        return Inches(self.left), Inches(self.top), Inches(self.width), Inches(self.height)


def open_deck(title: str) -> Any:
    """Return an empty presentation, 16:9, in our colours and font also for what its readers add."""
    from pptx import Presentation
    from pptx.opc.constants import RELATIONSHIP_TYPE
    from pptx.util import Inches

    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
    theme = deck.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    text = theme.blob.decode("utf-8").replace('<a:latin typeface="Calibri"/>', f'<a:latin typeface="{FONT}"/>')
    accents = (colours.DATA, colours.DATA_SECOND, *(ground for ground, _ in list(colours.SEGMENTS.values())[:4]))
    for number, colour in enumerate(accents, start=1):
        text = re.sub(rf'(<a:accent{number}><a:srgbClr val=")\w+', rf"\g<1>{colour}", text)
    theme._blob = text.encode("utf-8")
    deck.core_properties.title = clean(title)[:255]  # more is refused
    deck.core_properties.author = "Clientele"
    deck.core_properties.created = deck.core_properties.modified = datetime.now(UTC)
    return deck


def add_slide(deck: Any, title: str, footer: str, box: Box | None = None, size: float = 26.0) -> Any:
    """Add a slide with its title (also in the outline), its footer and its number."""
    slide = deck.slides.add_slide(deck.slide_layouts[_TITLE_ONLY])
    ground(slide, Box(0, 0, WIDTH, 0.09), colours.ACCENT)
    place = box or Box(MARGIN, 0.42, WIDTH - 2 * MARGIN, 0.95)
    holder = slide.shapes.title
    holder.left, holder.top, holder.width, holder.height = place.emu()
    _write(holder.text_frame, place, [Words(title, size, colours.TEXT, is_bold=True)], "middle")
    if footer:
        number = str(len(deck.slides))
        put_words(slide, Box(MARGIN, 6.98, 11.3, 0.28), [Words(footer, 9.5, colours.THIRD)], "footer")
        put_words(slide, Box(WIDTH - MARGIN - 0.6, 6.98, 0.6, 0.28), [Words(number, 9.5, colours.THIRD)], "number", align="right")
    return slide


def ground(slide: Any, box: Box, colour: str, is_round: bool = False) -> Any:
    """Draw a coloured ground."""
    from pptx.enum.shapes import MSO_SHAPE

    shape = slide.shapes.add_shape(MSO_SHAPE.ROUNDED_RECTANGLE if is_round else MSO_SHAPE.RECTANGLE, *box.emu())
    shape.name = "ground"
    if is_round:
        shape.adjustments[0] = min(0.09 / min(box.width, box.height), 0.5)
    shape.fill.solid()
    shape.fill.fore_color.rgb = rgb(colour)
    shape.line.fill.background()
    shape._element.remove(shape._element.find("{*}style"))  # the theme's edge and shadow
    return shape


def put_words(slide: Any, box: Box, paragraphs: Sequence[Words], name: str, *, align: str = "left", fill: str | None = None) -> None:
    """Write paragraphs into a box, smaller where they would not fit."""
    if fill:
        ground(slide, box, fill, is_round=True)
        box = box.inside()
    shape = slide.shapes.add_textbox(*box.emu())
    shape.name = clean(name)
    _write(shape.text_frame, box, paragraphs, align=align)


def _write(frame: Any, box: Box, paragraphs: Sequence[Words], anchor: str = "top", align: str = "left") -> None:
    from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
    from pptx.util import Pt

    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = {"top": MSO_ANCHOR.TOP, "middle": MSO_ANCHOR.MIDDLE}[anchor]
    for place, words in enumerate(fitted(paragraphs, box.width * _POINTS * _SPARE, box.height * _POINTS)):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.alignment = {"left": PP_ALIGN.LEFT, "right": PP_ALIGN.RIGHT, "center": PP_ALIGN.CENTER}[align]
        paragraph.space_before = Pt(words.above if place else 0)
        _run(paragraph, words)


def _run(paragraph: Any, words: Words) -> None:
    from pptx.util import Pt

    run = paragraph.add_run()
    run.text = words.text
    run.font.size, run.font.bold, run.font.name = Pt(words.size), words.is_bold, FONT
    run.font.color.rgb = rgb(words.colour)


def put_key(slide: Any, box: Box, letter: str) -> None:
    """Draw a segment's letter on its colour."""
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN

    colour, on = colours.segment_colours(letter)
    shape = ground(slide, box, colour, is_round=True)
    shape.name = f"key {clean(letter)}"
    frame = shape.text_frame
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor, frame.word_wrap = MSO_ANCHOR.MIDDLE, False
    frame.paragraphs[0].alignment = PP_ALIGN.CENTER
    _run(frame.paragraphs[0], Words(letter, min(16.0, box.height * _POINTS * 0.6), on, is_bold=True))


def put_notes(slide: Any, sentences: Sequence[str]) -> None:
    """Write where the numbers come from below the slide."""
    slide.notes_slide.notes_text_frame.text = "\n".join(clean(sentence) for sentence in sentences if sentence)


@dataclass(frozen=True)
class Column:
    """A column of a table; ``is_number`` stands right."""

    title: str
    width: float
    is_number: bool = False


@dataclass(frozen=True)
class Cell:
    """Words in a table."""

    text: str
    is_bold: bool = False
    colour: str = colours.TEXT


_PAD, _SIDE, _TALLEST = 0.065, 0.1, 1.3
"""Room above and below the words of a row and at their sides, and the most height of one, in inches."""
_HEAD = 0.36
_SIZES = (14.0, 13.0, 12.0, 11.0, 10.0)


def paginate(columns: Sequence[Column], rows: Sequence[Sequence[Cell]], height: float) -> list[tuple[float, Sequence[Sequence[Cell]]]]:
    """Return the pages that a table takes: one in the largest type that fits, else several; each with its size of type."""
    for size in _SIZES:
        if _HEAD + sum(_row_height(columns, row, size) for row in rows) <= height:
            return [(size, rows)]
    pages: list[list[Sequence[Cell]]] = [[]]
    used = _HEAD
    for row in rows:
        tall = _row_height(columns, row, _SIZES[-1])
        if pages[-1] and used + tall > height:
            pages.append([])
            used = _HEAD
        pages[-1].append(row)
        used += tall
    return [(_SIZES[-1], page) for page in pages]


def _row_height(columns: Sequence[Column], row: Sequence[Cell], size: float) -> float:
    heights = [height_of(_cell_words(column, cell, size), _cell_width(column)) for column, cell in zip(columns, row, strict=True)]
    return max(heights) / _POINTS + 2 * _PAD


def _cell_width(column: Column) -> float:
    return (column.width - 2 * _SIDE) * _POINTS * _SPARE


def _cell_words(column: Column, cell: Cell, size: float) -> list[Words]:
    return fitted([Words(cell.text, size, cell.colour, cell.is_bold)], _cell_width(column), (_TALLEST - 2 * _PAD) * _POINTS)


def put_table(slide: Any, left: float, top: float, columns: Sequence[Column], page: tuple[float, Sequence[Sequence[Cell]]]) -> None:
    """Write a page of a table: a head in grey, hairlines between rows."""
    from pptx.util import Inches

    size, rows = page
    heights = [_row_height(columns, row, size) for row in rows]
    box = Box(left, top, sum(column.width for column in columns), _HEAD + sum(heights))
    frame = slide.shapes.add_table(1 + len(rows), len(columns), *box.emu())
    frame.name = "table"
    frame._element.graphic.graphicData.tbl.tblPr.find("{*}tableStyleId").text = _NO_GRID
    table = frame.table
    for place, column in enumerate(columns):
        table.columns[place].width = Inches(column.width)
        _fill_cell(table.cell(0, place), column, [Words(column.title, 11.0, colours.THIRD)], colours.AXIS)
    for number, (row, height) in enumerate(zip(rows, heights, strict=True), start=1):
        table.rows[number].height = Inches(height)
        for place, (column, cell) in enumerate(zip(columns, row, strict=True)):
            _fill_cell(table.cell(number, place), column, _cell_words(column, cell, size), colours.LINE)
    table.rows[0].height = Inches(_HEAD)


def _fill_cell(cell: Any, column: Column, words: Sequence[Words], line: str) -> None:
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls
    from pptx.util import Inches

    cell.margin_left = cell.margin_right = Inches(_SIDE)
    cell.margin_top = cell.margin_bottom = Inches(_PAD)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if column.is_number else PP_ALIGN.LEFT
    for each in words:
        _run(paragraph, each)
    edge = f'<a:lnB {nsdecls("a")} w="9525"><a:solidFill><a:srgbClr val="{line}"/></a:solidFill></a:lnB>'
    cell._tc.get_or_add_tcPr().insert(0, parse_xml(edge))


def rgb(colour: str) -> Any:
    """Return a colour as the file takes it."""
    from pptx.dml.color import RGBColor

    make: Any = RGBColor.from_string
    return make(colour)
