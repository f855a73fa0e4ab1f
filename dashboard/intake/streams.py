"""Text that Arrow cannot cut as it stands, changed piece by piece into UTF-8 that it can."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

_PIECE = 1 << 20


class TextPieces(io.RawIOBase):
    """Pieces of bytes as one stream."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
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


def squeezed(path: Path, encoding: str, errors: str, unit: str) -> Iterator[bytes]:
    """Yield a space-separated file with one ``unit`` for each run of spaces."""
    with path.open(encoding=encoding, errors=errors, newline=None) as file:
        while lines := file.readlines(_PIECE):
            text = re.sub(r"(?m)^[ \t]+|[ \t]+$", "", "".join(lines))
            yield re.sub(r"[ \t]+", unit, text).encode()


def mended(path: Path, encoding: str, errors: str) -> Iterator[bytes]:
    """Yield a file with a mark in the place of every broken character."""
    with path.open(encoding=encoding, errors=errors, newline="") as file:
        while text := file.read(_PIECE):
            yield text.encode()
