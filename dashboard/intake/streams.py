"""Text that Arrow cannot cut as it stands, changed piece by piece into UTF-8 that it can."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from dashboard.intake.spaces import with_units

_PIECE = 1 << 20
MAX_CELL = 4 << 20
_MARK = "\ufffd".encode()


class TextPieces(io.RawIOBase):
    """Pieces of bytes as one stream."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = (piece.replace(b"\0", _MARK) for piece in pieces)  # no store keeps a zero
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
        end = len(data) if size < 0 else size
        self._rest = data[end:]
        return data[:end]


def squeezed(path: Path, encoding: str, errors: str, delimiter: str, quote: str | None) -> Iterator[bytes]:
    """Yield a space-separated file with one unit for each run of spaces."""
    with path.open(encoding=encoding, errors=errors, newline=None) as file:
        while lines := file.readlines(_PIECE):
            yield with_units("".join(lines), delimiter, quote).encode()


def mended(path: Path, encoding: str, errors: str) -> Iterator[bytes]:
    """Yield a file with a mark in the place of every broken character."""
    with path.open(encoding=encoding, errors=errors, newline="") as file:
        while text := file.read(_PIECE):
            yield text.encode()


class Shape(NamedTuple):
    """How a text is cut into rows, and how many cells a row should have."""

    delimiter: str
    quote: str | None
    escape: str | None
    n_columns: int
    n_above: int
    """Rows that stay as they are."""
    skips_spaces: bool = False


def filled_up(path: Path, encoding: str, errors: str, shape: Shape, counted: list[int]) -> Iterator[bytes]:
    """Yield a file whose short rows end with the delimiters they lack; ``counted`` gets how many there were."""
    counted[:] = [0]
    csv.field_size_limit(MAX_CELL)
    with path.open(encoding=encoding, errors=errors, newline="") as file:
        lines: list[str] = []
        pieces: list[str] = []
        size = 0
        for number, row in enumerate(_cut(_kept(file, lines), shape)):
            n_lacking = shape.n_columns - len(row) if number >= shape.n_above and any(row) else 0
            text = _without_spaces("".join(lines), row, shape) if shape.skips_spaces else "".join(lines)
            lines.clear()
            if n_lacking > 0:
                counted[0] += 1
                bare = text.rstrip("\r\n")
                text = bare + shape.delimiter * n_lacking + text[len(bare) :]
            pieces.append(text)
            size += len(text)
            if size > _PIECE:
                yield "".join(pieces).encode()
                pieces, size = [], 0
        yield "".join(pieces).encode()


def _kept(file: Iterable[str], lines: list[str]) -> Iterator[str]:
    for line in file:
        lines.append(line)
        yield line


def _cut(lines: Iterable[str], shape: Shape) -> Iterator[list[str]]:
    return csv.reader(
        lines,
        delimiter=shape.delimiter,
        quotechar=shape.quote or '"',
        quoting=csv.QUOTE_MINIMAL if shape.quote else csv.QUOTE_NONE,
        escapechar=shape.escape,
        skipinitialspace=shape.skips_spaces,
    )


def _without_spaces(text: str, row: list[str], shape: Shape) -> str:
    """Return a row with its cells written so that Arrow reads them: it takes a space before a quotation mark for text."""
    quote = shape.quote or '"'
    end = text[len(text.rstrip("\r\n")) :]
    return shape.delimiter.join(quote + cell.replace(quote, 2 * quote) + quote if cell else "" for cell in row) + end
