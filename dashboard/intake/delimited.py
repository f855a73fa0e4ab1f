"""Text files with separated cells: laid out by the judged dialect, streamed, every row accounted for."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from dashboard.intake.dialect import Layout, find_layout
from dashboard.intake.encoding import Encoding, find_encoding
from dashboard.intake.headers import name_columns
from dashboard.intake.judging import LINE_BREAK, NO_DELIMITER
from dashboard.intake.spaces import UNIT, is_spaced
from dashboard.intake.streams import Shape, TextPieces, filled_up, mended, squeezed
from segmentation.errors import InvalidInputError, TooLargeError
from segmentation.findings import Finding
from segmentation.intake.table import Dialect, UnreadableRow

_SAMPLE_CHARACTERS = 1 << 18
_BLOCK = 4 << 20
_MAX_COLUMNS = 2_000
_MAX_UNREADABLE = 200_000
_SHOWN = 500
_OTHER_TEXT = {
    "JSON": re.compile(r'\s*(?:\{\s*["}]|\[\s*[\[{\]])'),
    "a text document": re.compile(r"\s*\{\\rtf"),
    "a web page or XML": re.compile(r"\s*<(?:!doctype|\?xml|html|table)\b", re.IGNORECASE),
}
_NO_ROWS = ("Empty CSV", "Could not skip initial")
"""What Arrow says of a file that ends with its header."""
_TAIL = 1 << 16
Found = tuple[Dialect, dict[str, Any], list[UnreadableRow], list[Finding]]


class _Pass(NamedTuple):
    unreadable: list[UnreadableRow]
    blank: list[int]
    swallowed: str | None
    n_filled_up: int = 0


class _NumbersWantedError(Exception):
    """A row does not fit, and only the careful pass knows its number."""


def read_delimited(path: Path, folder: Path, request: dict[str, Any]) -> Found:
    """Read a text file; the cells go to ``cells.arrow`` in the folder."""
    encoding = find_encoding(path, request["encoding"])
    sample = sample_of(path, encoding)
    if not sample.strip():
        raise InvalidInputError("empty_file", f'"{path.name}" holds nothing but blanks.', fix="Export it again.")
    _refuse_other_text(sample, path.name)
    layout = find_layout(sample, request["delimiter"], request["header_row"])
    _check_layout(layout, request["delimiter"], path.name)
    names, findings = name_columns(layout.header or [""] * layout.n_columns)
    if layout.header is None:
        findings = [Finding("no_header", "question", "The first row does not name the columns; they were numbered.", 1)]
    if layout.n_above and request["header_row"] is None:
        message = f"{layout.n_above:,} rows above the table were left out: they have other cells than the rows below."
        findings.append(Finding("rows_above_table", "info", message, layout.n_above))
    if encoding.n_broken:
        message = f"{encoding.n_broken:,} characters are not written as the rest of the file; \ufffd stands in their place."
        findings.append(Finding("broken_characters", "warning", message, encoding.n_broken))
    done, layout, more = _read_all(path, encoding, layout, names, folder)
    dialect = Dialect(
        encoding.name,
        None if layout.delimiter == NO_DELIMITER else layout.delimiter[:1],
        layout.quote,
        layout.escape,
        layout.first_row if layout.header else None,
    )
    return dialect, {"first": _first_row(layout), "blank": done.blank}, done.unreadable, [*findings, *more]


def _refuse_other_text(sample: str, name: str) -> None:
    for kind, start in _OTHER_TEXT.items():
        if start.match(sample):
            raise InvalidInputError("not_a_table", f'"{name}" is not a table but {kind}.', fix="Export it as CSV or as an Excel workbook.")


def _check_layout(layout: Layout, wanted: str | None, name: str) -> None:
    if wanted and layout.n_columns < 2:
        fix = "Leave the delimiter out to have it guessed."
        raise InvalidInputError("wrong_delimiter", f'"{name}" is not separated by "{wanted}".', fix=fix)
    if not layout.n_columns:
        title = f'"{name}" begins with a row of more than {_SAMPLE_CHARACTERS:,} characters.'
        raise InvalidInputError("row_too_long", title, fix="Check its quotation marks and the ends of its lines.")
    if layout.n_columns > _MAX_COLUMNS:
        raise TooLargeError("too_wide", f"The file has {layout.n_columns:,} columns.", fix=f"Keep at most {_MAX_COLUMNS:,}.")


def _read_all(path: Path, encoding: Encoding, layout: Layout, names: list[str], folder: Path) -> tuple[_Pass, Layout, list[Finding]]:
    """Read, once more without quotation marks where one is never closed, and say what was noticed."""
    done = _read(path, encoding, layout, names, folder)
    findings = []
    if done.swallowed and layout.quote:
        layout = find_layout_without_quotes(layout)
        message = "A quotation mark is opened and never closed; quotation marks were read as ordinary characters."
        findings.append(Finding("unclosed_quote", "warning", message, 1, ({"value": (done.swallowed or "")[:80]},)))
        done = _read(path, encoding, layout, names, folder)
    elif opened := _opened_at_end(path, encoding, layout):
        message = "The last row opens a quotation mark and never closes it: the file may have been cut off."
        findings.append(Finding("unclosed_quote", "warning", message, 1, ({"value": opened[:80]},)))
    if done.n_filled_up:
        message = (
            f"{done.n_filled_up:,} rows have fewer cells than the header, like most; the cells missing at their end were read as empty."
        )
        findings.append(Finding("short_rows", "warning", message, done.n_filled_up))
    return done, layout, findings


def _opened_at_end(path: Path, encoding: Encoding, layout: Layout) -> str | None:
    """Return the last cell of the last line if it begins with a quotation mark that nothing closes."""
    if not layout.quote or layout.delimiter == NO_DELIMITER or is_spaced(layout.delimiter):
        return None
    quote, tail = re.escape(layout.quote), _tail(path, encoding)
    cell = re.search(f"(?:^|[\\r\\n]|{re.escape(layout.delimiter)})({quote}(?:(?!{quote})[^\\r\\n]|{quote}{quote})*)$", tail)
    last_line = tail[max(tail.rfind("\n"), tail.rfind("\r")) + 1 :]
    return cell[1] if cell and last_line.count(layout.quote) % 2 else None


def _tail(path: Path, encoding: Encoding) -> str:
    """Return the end of a file without its line ends."""
    with path.open("rb") as file:
        is_big_endian = file.read(2) == codecs.BOM_UTF16_BE
        file.seek(max(path.stat().st_size - _TAIL, 0) // 4 * 4)
        name = ("utf-16-be" if is_big_endian else "utf-16-le") if encoding.name == "utf-16" else encoding.name
        return file.read().decode(name, "replace").rstrip("\r\n")


def find_layout_without_quotes(layout: Layout) -> Layout:
    """Return the same lay-out with quotation marks as ordinary characters."""
    return layout.__class__(**{**layout.__dict__, "quote": None, "escape": None})


def _first_row(layout: Layout) -> int:
    return layout.first_row + (1 if layout.header else 0)


def _read(path: Path, encoding: Encoding, layout: Layout, names: list[str], folder: Path) -> _Pass:
    """Read fast; where a row does not fit, again with care."""
    filled_up_rows: list[int] = [0]

    def open_text() -> Any:
        return _open_text(path, encoding, layout, filled_up_rows)

    try:
        try:
            done = _read_fast(open_text, layout, names, folder, path)
        except _NumbersWantedError:
            done = _read_with_care(open_text, layout, names, folder, path)
    except csv.Error as error:
        raise _too_long(path) from error
    return done._replace(n_filled_up=filled_up_rows[0])


def _read_fast(open_text: Callable[[], Any], layout: Layout, names: list[str], folder: Path, path: Path) -> _Pass:
    """Read with several threads, up to the first row that does not fit."""
    misfits: list[str] = []

    def stop(row: Any) -> str:
        misfits.append(row.text)
        return "error"

    try:
        with open_text() as source:
            return _Pass([], [], _write_batches(_cut(source, layout, names, stop, use_threads=True), names, folder, layout))
    except pa.ArrowInvalid as error:
        if misfits:
            raise _NumbersWantedError from None
        return _nothing_or_raise(error, path, names, folder)


def _read_with_care(open_text: Callable[[], Any], layout: Layout, names: list[str], folder: Path, path: Path) -> _Pass:
    """Read with one thread, and keep the number and the text of every row that does not fit."""
    unreadable: list[UnreadableRow] = []
    blank: list[int] = []
    swallowing: list[str] = []
    before = _first_row(layout) - _skipped_lines(layout) - 1

    def keep_row(row: Any) -> str:
        if not row.text.strip(f' \t"{layout.delimiter}'):
            blank.append(before + row.number)
            return "skip"
        if _swallows(row.text, layout):
            swallowing.append(row.text)
        if len(unreadable) < _MAX_UNREADABLE:
            reason = f"has {row.actual_columns} cells, the header has {row.expected_columns}"
            unreadable.append(UnreadableRow(before + row.number, row.text[:_SHOWN], reason))
            return "skip"
        return "error"

    try:
        with open_text() as source:
            reader = _cut(source, layout, names, keep_row, use_threads=False)
            swallowed = _write_batches(reader, names, folder, layout)
            return _Pass(unreadable, blank, swallowed or next(iter(swallowing), None))
    except pa.ArrowInvalid as error:
        if len(unreadable) == _MAX_UNREADABLE:
            title = f"More than {_MAX_UNREADABLE:,} rows do not fit the header."
            raise TooLargeError("too_many_unreadable_rows", title, fix="Check the delimiter.") from error
        done = _nothing_or_raise(error, path, names, folder)
        return _Pass(unreadable, blank, done.swallowed)


def _cut(source: Any, layout: Layout, names: list[str], on_misfit: Any, *, use_threads: bool) -> pacsv.CSVStreamingReader:
    return pacsv.open_csv(
        source,
        read_options=pacsv.ReadOptions(use_threads=use_threads, block_size=_BLOCK, column_names=names, skip_rows=_skipped_lines(layout)),
        parse_options=_parse_options(layout, on_misfit),
        convert_options=pacsv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.dictionary(pa.int32(), pa.string())),
            strings_can_be_null=False,
            quoted_strings_can_be_null=False,
            check_utf8=False,  # the encoding was found by decoding all of it
        ),
    )


def _skipped_lines(layout: Layout) -> int:
    return layout.skip_lines + (_n_lines(layout.header) if layout.header else 0)


def _parse_options(layout: Layout, keep_row: Any) -> pacsv.ParseOptions:
    return pacsv.ParseOptions(
        delimiter=UNIT if is_spaced(layout.delimiter) else layout.delimiter,
        quote_char=layout.quote or False,
        escape_char=layout.escape or False,
        newlines_in_values=bool(layout.quote) and not is_spaced(layout.delimiter),
        ignore_empty_lines=False,
        invalid_row_handler=keep_row,
    )


def _n_lines(cells: tuple[str, ...]) -> int:
    return 1 + sum(len(LINE_BREAK.findall(cell)) for cell in cells)


def _write_batches(batches: Iterable[pa.RecordBatch], names: list[str], folder: Path, layout: Layout) -> str | None:
    """Write the cells batch by batch; returns the cell that swallowed whole rows, if one did."""
    swallowed = None
    with pa.OSFile(str(folder / "cells.arrow"), "wb") as sink, pa.ipc.new_stream(sink, _schema(names)) as out:
        for batch in batches:
            swallowed = swallowed or _swallowing_cell(batch, layout)
            out.write_batch(batch)
    return swallowed


def _schema(names: list[str]) -> pa.Schema:
    return pa.schema([(name, pa.dictionary(pa.int32(), pa.string())) for name in names])


def _swallowing_cell(batch: pa.RecordBatch, layout: Layout) -> str | None:
    """Return a cell that holds whole rows: an opened quotation mark was never closed."""
    for column in batch.columns:
        broken = column.dictionary.filter(pc.match_substring_regex(column.dictionary, r"[\r\n]"))
        for text in broken.slice(0, 1000).to_pylist():
            if _swallows(text, layout):
                return str(text)
    return None


def _swallows(text: str, layout: Layout) -> bool:
    """Tell whether a line behind the first is itself a row of the table."""
    return layout.n_columns > 1 and any(line.count(layout.delimiter) >= layout.n_columns - 1 for line in LINE_BREAK.split(text)[1:])


def _nothing_or_raise(error: pa.ArrowInvalid, path: Path, names: list[str], folder: Path) -> _Pass:
    """A file that ends behind its header has no rows; everything else is said."""
    if not any(sign in str(error) for sign in _NO_ROWS):
        raise _explain(error, path) from error
    with pa.OSFile(str(folder / "cells.arrow"), "wb") as sink, pa.ipc.new_stream(sink, _schema(names)):
        pass
    return _Pass([], [], None)


def _explain(error: pa.ArrowInvalid, path: Path) -> InvalidInputError:
    if "straddling" in str(error):
        return _too_long(path)
    return InvalidInputError("not_a_table", f'"{path.name}" cannot be read as a table.', fix="Check the delimiter and the encoding.")


def _too_long(path: Path) -> InvalidInputError:
    return InvalidInputError("row_too_long", f'"{path.name}" has a row of more than {_BLOCK >> 20} MB.', fix="Check its quotation marks.")


def sample_of(path: Path, encoding: Encoding) -> str:
    """Return the beginning of the file, cut at the end of a line."""
    with path.open(encoding=encoding.name, errors="replace", newline="") as file:
        text = file.read(_SAMPLE_CHARACTERS).replace("\0", "\ufffd")
        if not file.read(1):
            return text
    return text[: max(text.rfind("\n"), text.rfind("\r")) + 1] or text


def _open_text(path: Path, encoding: Encoding, layout: Layout, counted: list[int]) -> Any:
    """Open the file as a stream of UTF-8 that Arrow can cut."""
    if is_spaced(layout.delimiter):
        return pa.PythonFile(TextPieces(squeezed(path, encoding.name, encoding.errors, layout.delimiter, layout.quote)), mode="r")
    if layout.is_ragged or layout.skips_spaces:
        n_columns = layout.n_columns if layout.is_ragged else 0
        shape = Shape(layout.delimiter, layout.quote, layout.escape, n_columns, _first_row(layout) - 1, layout.skips_spaces)
        return pa.PythonFile(TextPieces(filled_up(path, encoding.name, encoding.errors, shape, counted)), mode="r")
    if encoding.n_broken:
        return pa.PythonFile(TextPieces(mended(path, encoding.name, encoding.errors)), mode="r")
    source = pa.OSFile(str(path), "rb")
    if encoding.name == "utf-8":
        return source
    if encoding.name == "utf-8-sig":
        source.seek(3)
        return source
    return pa.transcoding_input_stream(source, encoding.name, "utf-8")
