"""Text files with separated cells: laid out by the judged dialect, streamed, every row accounted for."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from dashboard.intake.dialect import SPACES, Layout, find_layout
from dashboard.intake.encoding import find_encoding
from dashboard.intake.headers import name_columns
from segmentation.errors import InvalidInputError, TooLargeError
from segmentation.findings import Finding
from segmentation.intake.table import Dialect, UnreadableRow

_SAMPLE_CHARACTERS = 1 << 18
_BLOCK = 8 << 20
_MAX_COLUMNS = 2_000
_MAX_UNREADABLE = 200_000
_SHOWN = 500
_UNIT = "\x1f"
"""Stands between the cells of a space-separated file while Arrow reads it; no text file holds this character."""
Found = tuple[Dialect, dict[str, int], list[UnreadableRow], list[Finding]]


class _Pass(NamedTuple):
    unreadable: list[UnreadableRow]
    swallowed: str | None


class _NumbersWanted(Exception):
    """A row does not fit, and only a reader with one thread knows its number."""


def read_delimited(path: Path, folder: Path, request: dict[str, Any]) -> Found:
    """Read a text file; the cells go to ``cells.arrow`` in the folder."""
    encoding = find_encoding(path, request["encoding"])
    sample = _sample(path, encoding)
    if not sample.strip():
        raise InvalidInputError("empty_file", f'"{path.name}" holds nothing but blanks.', fix="Export it again.")
    layout = find_layout(sample, request["delimiter"], request["header_row"])
    if request["delimiter"] and layout.n_columns < 2:
        raise InvalidInputError(
            "wrong_delimiter",
            f'"{path.name}" is not separated by "{request["delimiter"]}".',
            fix="Leave the delimiter out to have it guessed.",
        )
    if layout.n_columns > _MAX_COLUMNS:
        raise TooLargeError("too_wide", f"The file has {layout.n_columns:,} columns.", fix=f"Keep at most {_MAX_COLUMNS:,}.")
    names, findings = name_columns(layout.header or [""] * layout.n_columns)
    if layout.header is None:
        findings = [Finding("no_header", "question", "The first row does not name the columns; they were numbered.", 1)]
    done = _read(path, encoding, layout, names, folder)
    if done.swallowed and layout.quote:
        layout = find_layout_without_quotes(layout)
        done = _read(path, encoding, layout, names, folder)
        message = "A quotation mark is opened and never closed; quotation marks were read as ordinary characters."
        findings.append(Finding("unclosed_quote", "warning", message, 1, ({"value": (done.swallowed or "")[:80]},)))
    dialect = Dialect(encoding, layout.delimiter, layout.quote, layout.escape, layout.first_row if layout.header else None)
    return dialect, {"first": _first_row(layout)}, done.unreadable, findings


def find_layout_without_quotes(layout: Layout) -> Layout:
    """Return the same lay-out with quotation marks as ordinary characters."""
    return layout.__class__(**{**layout.__dict__, "quote": None, "escape": None})


def _first_row(layout: Layout) -> int:
    return layout.first_row + (1 if layout.header else 0)


def _read(path: Path, encoding: str, layout: Layout, names: list[str], folder: Path) -> _Pass:
    """Read fast with several threads; where a row does not fit, again with one, which knows its number."""
    try:
        return _stream(path, encoding, layout, names, folder, use_threads=True)
    except _NumbersWanted:
        return _stream(path, encoding, layout, names, folder, use_threads=False)


def _stream(path: Path, encoding: str, layout: Layout, names: list[str], folder: Path, *, use_threads: bool) -> _Pass:
    unreadable: list[UnreadableRow] = []
    skip = layout.skip_lines + (_n_lines(layout.header) if layout.header else 0)

    def keep_row(row: Any) -> str:
        if use_threads:
            raise _NumbersWanted
        if len(unreadable) == _MAX_UNREADABLE:
            raise TooLargeError(
                "too_many_unreadable_rows", f"More than {_MAX_UNREADABLE:,} rows do not fit the header.", fix="Check the delimiter."
            )
        reason = f"has {row.actual_columns} cells, the header has {row.expected_columns}"
        unreadable.append(UnreadableRow(_first_row(layout) + row.number - skip - 1, row.text[:_SHOWN], reason))
        return "skip"

    with _open_text(path, encoding, layout) as source:
        try:
            reader = pacsv.open_csv(
                source,
                read_options=pacsv.ReadOptions(use_threads=use_threads, block_size=_BLOCK, column_names=names, skip_rows=skip),
                parse_options=_parse_options(layout, keep_row),
                convert_options=pacsv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.dictionary(pa.int32(), pa.string())),
                    strings_can_be_null=False,
                    quoted_strings_can_be_null=False,
                    check_utf8=encoding == "utf-8",
                ),
            )
            swallowed = _write_batches(reader, folder, layout)
        except pa.ArrowInvalid as error:
            if "Empty CSV" in str(error):
                return _nothing(names, folder)
            raise _explain(error, path) from error
    return _Pass(unreadable, swallowed)


def _parse_options(layout: Layout, keep_row: Any) -> pacsv.ParseOptions:
    return pacsv.ParseOptions(
        delimiter=_UNIT if layout.delimiter == SPACES else layout.delimiter,
        quote_char=layout.quote if layout.quote and layout.delimiter != SPACES else False,
        escape_char=layout.escape or False,
        newlines_in_values=bool(layout.quote) and layout.delimiter != SPACES,
        ignore_empty_lines=False,
        invalid_row_handler=keep_row,
    )


def _n_lines(cells: tuple[str, ...]) -> int:
    return 1 + sum(len(cell.splitlines()) - 1 for cell in cells if cell)


def _write_batches(reader: pacsv.CSVStreamingReader, folder: Path, layout: Layout) -> str | None:
    """Write the cells batch by batch; returns the cell that swallowed whole rows, if one did."""
    swallowed = None
    with pa.OSFile(str(folder / "cells.arrow"), "wb") as sink, pa.ipc.new_stream(sink, reader.schema) as out:
        for batch in reader:
            swallowed = swallowed or _swallowing_cell(batch, layout)
            out.write_batch(batch)
    return swallowed


def _swallowing_cell(batch: pa.RecordBatch, layout: Layout) -> str | None:
    """Return a cell with line breaks of which a line would itself be a whole row: an opened quotation mark was never closed."""
    for column in batch.columns:
        broken = column.dictionary.filter(pc.match_substring(column.dictionary, "\n"))
        for text in broken.slice(0, 1000).to_pylist():
            if any(line.count(layout.delimiter) >= layout.n_columns - 1 > 0 for line in text.split("\n")[1:]):
                return str(text)
    return None


def _nothing(names: list[str], folder: Path) -> _Pass:
    schema = pa.schema([(name, pa.dictionary(pa.int32(), pa.string())) for name in names])
    with pa.OSFile(str(folder / "cells.arrow"), "wb") as sink, pa.ipc.new_stream(sink, schema):
        pass
    return _Pass([], None)


def _explain(error: pa.ArrowInvalid, path: Path) -> InvalidInputError:
    if "straddling" in str(error):
        return InvalidInputError(
            "row_too_long", f'"{path.name}" has a row of more than {_BLOCK >> 20} MB.', fix="Check its quotation marks."
        )
    return InvalidInputError("not_a_table", f'"{path.name}" cannot be read as a table.', fix="Check the delimiter and the encoding.")


def _sample(path: Path, encoding: str) -> str:
    """Return the beginning of the file, cut at the end of a line."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        text = file.read(_SAMPLE_CHARACTERS)
        if not file.read(1):
            return text
    return text[: max(text.rfind("\n"), text.rfind("\r")) + 1] or text


def _open_text(path: Path, encoding: str, layout: Layout) -> Any:
    """Open the file as a stream of UTF-8 that Arrow can cut."""
    if layout.delimiter == SPACES:
        return pa.PythonFile(_Squeezed(path, encoding), mode="r")
    source = pa.OSFile(str(path), "rb")
    if encoding == "utf-8":
        return source
    if encoding == "utf-8-sig":
        source.seek(3)
        return source
    return pa.transcoding_input_stream(source, encoding, "utf-8")


class _Squeezed(io.RawIOBase):
    """A space-separated file as a stream in which one unit separator stands for each run of spaces."""

    def __init__(self, path: Path, encoding: str) -> None:
        self._file = path.open(encoding=encoding, newline=None)
        self._pieces = self._squeeze()
        self._rest = b""

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return up to ``size`` bytes."""
        parts = [self._rest]
        have = len(self._rest)
        while size < 0 or have < size:
            piece = next(self._pieces, b"")
            if not piece:
                break
            parts.append(piece)
            have += len(piece)
        data = b"".join(parts)
        if size < 0:
            self._rest = b""
            return data
        self._rest = data[size:]
        return data[:size]

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()

    def _squeeze(self) -> Iterator[bytes]:
        while lines := self._file.readlines(1 << 20):
            text = re.sub(r"(?m)^[ \t]+|[ \t]+$", "", "".join(lines))
            yield re.sub(r"[ \t]+", _UNIT, text).encode()
