"""How much room words take: measured before they are written, so that nothing is cut off and nothing runs over.

The widths are those of Helvetica, which Arial and Liberation Sans share (Adobe Font Metrics, Core 14).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

LINE = 1.2
"""Height of a line, as a part of the size of its type."""
SMALLEST = 9.0
_BOLD = 1.09
_UNKNOWN = 0.75
_NO_TEXT = re.compile("[^\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 refuses, and the control characters that it only discourages."""
_RIGHT_TO_LEFT = re.compile("([\u0590-\u08ff\ufb1d-\ufefc])(?=[^\\w\u200e]+\\d)")
"""The end of a Hebrew or Arabic name before a number, which would else be drawn on the wrong side of it."""
_MARK = "\u200e"
_WIDE = 1.0
_WIDTHS = (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 584 584 584 "
    "556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 "
    "469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 "
    "334 584"
)
"""Of the characters from the space to the tilde, in thousandths of the size."""
_WIDTH_OF = {chr(32 + place): int(width) / 1000 for place, width in enumerate(_WIDTHS.split())} | {
    "–": 0.556,
    "…": 1.0,
    "’": 0.222,
    "·": 0.278,
    "−": 0.584,
    "€": 0.556,
    "£": 0.556,
    "¥": 0.556,
    "▲": 0.99,
    "▼": 0.99,
    "\u00a0": 0.278,
    _MARK: 0.0,
}


@dataclass(frozen=True)
class Words:
    """A paragraph: its size in points, its colour, and the space above it in points."""

    text: str
    size: float
    colour: str
    is_bold: bool = False
    above: float = 0.0


def clean(text: str) -> str:
    """Return words without what no document can hold: control characters, halves of characters; line breaks become spaces.

    What follows a name that is written from the right stays behind it.
    """
    plain = _NO_TEXT.sub("", re.sub(r"[\t\n\v\f\r\x85\u2028\u2029]+", " ", text))
    return _RIGHT_TO_LEFT.sub(rf"\1{_MARK}", plain)


def text_width(text: str, size: float, is_bold: bool = False) -> float:
    """Return the width of a line in points; rather too wide than too narrow."""
    return _units(text) * size * (_BOLD if is_bold else 1.0)


@lru_cache(4_096)
def _units(text: str) -> float:
    return sum(_char_units(char) for char in text)


@lru_cache(4_096)
def _char_units(char: str) -> float:
    known = _WIDTH_OF.get(char)
    if known is not None:
        return known
    base = unicodedata.normalize("NFKD", char)[0]
    if unicodedata.east_asian_width(char) in ("W", "F"):
        return _WIDE
    return _WIDTH_OF.get(base, _UNKNOWN)


def wrapped(text: str, width: float, size: float, is_bold: bool = False) -> list[str]:
    """Return the lines that words take in a width; a word too long for a line is broken."""
    room = width / (size * (_BOLD if is_bold else 1.0))
    lines: list[str] = []
    line, used = "", 0.0
    for word in text.split(" "):
        wide = _units(word)
        longer = used + _units(" ") + wide if line else wide
        if longer <= room:
            line, used = (f"{line} {word}" if line else word), longer
            continue
        if line:
            lines.append(line)
        *full, line = _pieces(word, room)
        lines += full
        used = _units(line)
    return [*lines, line]


def _pieces(word: str, room: float) -> list[str]:
    pieces, piece, used = [], "", 0.0
    for char in word:
        wide = _char_units(char)
        if piece and used + wide > room:
            pieces.append(piece)
            piece, used = "", 0.0
        piece, used = piece + char, used + wide
    return [*pieces, piece]


def height_of(paragraphs: Sequence[Words], width: float) -> float:
    """Return the height of paragraphs in points; no space above the first."""
    lines = [len(wrapped(words.text, width, words.size, words.is_bold)) for words in paragraphs]
    return sum(n * words.size * LINE for n, words in zip(lines, paragraphs, strict=True)) + sum(words.above for words in paragraphs[1:])


def fitted(paragraphs: Sequence[Words], width: float, height: float) -> list[Words]:
    """Return paragraphs that fit: first smaller, at the smallest size the last ones shortened."""
    cleaned = [replace(words, text=clean(words.text)) for words in paragraphs]
    for percent in range(100, 40, -5):
        smaller = [replace(words, size=min(words.size, max(round(words.size * percent / 100, 1), SMALLEST))) for words in cleaned]
        if height_of(smaller, width) <= height:
            return smaller
    shown = len(smaller)
    while shown > 1 and height_of([*smaller[: shown - 1], replace(smaller[shown - 1], text="…")], width) > height:
        shown -= 1
    *before, last = smaller[:shown]
    length = len(last.text)
    if shown < len(smaller):
        last = replace(last, text=f"{last.text} …")
    while length > 0 and height_of([*before, last], width) > height:
        length = length * 9 // 10
        last = replace(last, text=last.text[:length].rstrip(" …") + "…")
    return [*before, last]


def cut(text: str, width: float, size: float, is_bold: bool = False) -> str:
    """Return as much of words as fits one line."""
    text = clean(text)
    if text_width(text, size, is_bold) <= width:
        return text
    room, n = width - text_width("…", size, is_bold), 0
    while n < len(text) and (room := room - text_width(text[n], size, is_bold)) >= 0:
        n += 1
    return f"{text[:n].rstrip()}…"
