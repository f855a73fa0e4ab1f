"""How the bytes of a text file stand for characters."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from dashboard.intake.alphabets import find_alphabet
from segmentation.errors import InvalidInputError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # its first half is that of UTF-16
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x19\x1c-\x1f]")
_STRAY = 0.02
"""A text may hold some control characters, a program or a picture holds many."""
_SAMPLE = 1 << 18
_CHOOSE_A_TABLE = "Choose a CSV, text or Excel file."
_BLOCK = 1 << 16
_ASCII = "".join(map(chr, range(128)))
_HALF_WIDTH = re.compile("[\uff61-\uff9f]")
_JAPANESE_RUN = re.compile("[\u3000-\u30ff\u4e00-\u9fff\uff01-\uff5e]{2,}")
_ASIAN_RUN = re.compile("[\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7af\uff01-\uff5e]{2,}")
_HANGUL = re.compile("[\uac00-\ud7af]")
_KANA = re.compile("[\u3041-\u30ff]")


class Encoding(NamedTuple):
    """The Python name of an encoding, and how many characters of the file break its rules."""

    name: str
    n_broken: int = 0

    @property
    def errors(self) -> str:
        """What Python's decoder should do with a broken character."""
        return "replace" if self.n_broken else "strict"


def find_encoding(path: Path, wanted: str | None = None) -> Encoding:
    """Return the Python name of a file's encoding: its mark, else strict UTF-8, else UTF-16 by its zeros, else a single-byte one.

    Raises
    ------
    InvalidInputError
        ``unknown_encoding``, ``wrong_encoding`` where the person's choice does not fit, ``not_a_table`` for binary content.
    """
    if wanted:
        return _without_zeros(path, Encoding(_check_wanted(path, wanted)))
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    return _without_zeros(path, _guess_encoding(path, sample))


def _guess_encoding(path: Path, sample: bytes) -> Encoding:
    for mark, name in _BOMS:
        if sample.startswith(mark):
            return _with_broken(path, name)
    if 0 in sample and len(_CONTROL.findall(sample)) > _STRAY * len(sample):
        return _with_broken(path, _by_zeros(path, sample))
    if _decodes(path, "utf-8"):
        return Encoding("utf-8")
    n_broken, n_sound = _count_broken(path, "utf-8")
    if n_sound >= 2 * n_broken:
        return Encoding("utf-8", n_broken)
    return _with_broken(path, _without_mark(_beyond_ascii(path)))


def _without_zeros(path: Path, found: Encoding) -> Encoding:
    """Count the zeros of a text among its broken characters: no store keeps them."""
    if found.name.startswith(("utf-16", "utf-32")):  # whose bytes may well be zero
        with path.open(encoding=found.name, errors="replace", newline="") as text:
            n_zeros = sum(block.count("\0") for block in iter(partial(text.read, _BLOCK), ""))
    else:
        with path.open("rb") as file:
            n_zeros = sum(block.count(0) for block in iter(partial(file.read, _BLOCK), b""))
    return found._replace(n_broken=found.n_broken + n_zeros)


def _with_broken(path: Path, name: str) -> Encoding:
    return Encoding(name) if _decodes(path, name) else Encoding(name, _count_broken(path, name)[0])


def _count_broken(path: Path, encoding: str) -> tuple[int, int]:
    """Count the characters that break the rules of an encoding, and those beyond ASCII that do not."""
    n_broken = n_sound = 0
    for text in _decoded_pieces(path, encoding, "replace"):
        here = text.count("\ufffd")
        n_broken += here
        n_sound += len(text) - len(text.encode("ascii", "ignore")) - here
    return n_broken, n_sound


def _by_zeros(path: Path, sample: bytes) -> str:
    """Half of each Latin letter in UTF-16 is a zero; texts of other scripts have some of these too, in digits, delimiters and line ends."""
    texts = {name: _decoded(sample, name) for name in ("utf-16-le", "utf-16-be")}
    n_latin = {name: sum(character < "\x7f" for character in text) for name, text in texts.items() if _is_legible(text)}
    name = max(n_latin, key=lambda name: n_latin[name], default=None)
    if name is None or n_latin[name] < 0.05 * len(texts[name]):
        raise InvalidInputError("not_a_table", f'"{path.name}" is not a table: it holds binary data.', fix=_CHOOSE_A_TABLE)
    return name


def _is_legible(text: str) -> bool:
    """Tell whether nearly every character is one: bytes of a picture read as UTF-16 are often signs that nobody has assigned."""
    return sum(character.isprintable() or character.isspace() for character in text) > 0.9 * len(text)


def _without_mark(sample: bytes) -> str:
    """Tell encodings apart whose files say nothing: by the languages that their letters belong to."""
    if _is_japanese(sample):
        return "cp932"
    found = find_alphabet(sample) or _asian(sample) or "cp1252"
    if found == "cp1252" and any(byte in sample for byte in b"\x81\x8d\x8f\x90\x9d"):  # they mean nothing in it
        return "latin-1"
    return found


def _is_japanese(sample: bytes) -> bool:
    """Tell whether nearly all that is not ASCII stands in runs of Japanese: its first bytes are Mac letters, its second ones ASCII."""
    return not _HALF_WIDTH.search(text := _decoded(sample, "cp932")) and _stands_in_runs(text, _JAPANESE_RUN)


def _decoded(sample: bytes, encoding: str) -> str:
    return codecs.getincrementaldecoder(encoding)("replace").decode(sample)  # the sample may end within a character


def _stands_in_runs(text: str, run: re.Pattern[str]) -> bool:
    beyond = len(text) - len(text.encode("ascii", "ignore"))
    return "\ufffd" not in text and sum(map(len, run.findall(text))) >= 0.8 * beyond > 0


def _asian(sample: bytes) -> str | None:
    """Tell encodings of two bytes a letter apart: Korean by syllables, Japanese by kana, Chinese by the frequent half of its signs."""
    texts = {name: _decoded(sample, name) for name in ("cp949", "euc_jp", "big5", "gb18030")}
    sound = {name: text for name, text in texts.items() if _stands_in_runs(text, _ASIAN_RUN)}
    shares = {
        "cp949": _share(sound.get("cp949", ""), _HANGUL) > 0.95,
        "euc_jp": _share(sound.get("euc_jp", ""), _KANA) > 0.1,
        "big5": "big5" in sound and _frequent(sound["big5"], "big5", 0xC6) > 0.9,
        "gb18030": "gb18030" in sound and _frequent(sound["gb18030"], "gb18030", 0xD7) > 0.6,
    }
    return next((name for name, is_likely in shares.items() if is_likely), None)


def _share(text: str, kind: re.Pattern[str]) -> float:
    return len(kind.findall(text)) / max(len(text) - len(text.encode("ascii", "ignore")), 1)


def _frequent(text: str, encoding: str, last: int) -> float:
    """Return the share of signs in the first half of a code, which holds the frequent ones."""
    signs = [sign.encode(encoding, "replace")[0] for sign in text if sign > "\x7f"]
    return sum(0xA4 <= first <= last for first in signs) / max(len(signs), 1)


def _check_wanted(path: Path, wanted: str) -> str:
    try:
        name = codecs.lookup(wanted).name
        "".encode(name)
    except (LookupError, TypeError):
        raise InvalidInputError("unknown_encoding", f'There is no encoding "{wanted}".', fix="Try utf-8, cp1252 or latin-1.") from None
    if not _decodes(path, name):
        raise InvalidInputError(
            "wrong_encoding", f'"{path.name}" is not written in {wanted}.', fix="Leave the encoding out to have it guessed."
        )
    return name


def _decodes(path: Path, encoding: str) -> bool:
    try:
        for _ in _decoded_pieces(path, encoding, "strict"):
            pass
    except UnicodeError:
        return False
    return True


def _decoded_pieces(path: Path, encoding: str, errors: str) -> Iterator[str]:
    """Yield the text of a file, pieces of plain ASCII left out: they say nothing of the encoding, and a file has many."""
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    extends_ascii = _ASCII.encode(encoding, "replace") == _ASCII.encode()
    with path.open("rb") as file:
        for block in iter(partial(file.read, _BLOCK), b""):
            if not (extends_ascii and block.isascii() and decoder.getstate() == (b"", 0)):
                yield decoder.decode(block)
    yield decoder.decode(b"", final=True)


def _beyond_ascii(path: Path) -> bytes:
    """Return the first pieces of a file that hold more than ASCII."""
    pieces: list[bytes] = []
    with path.open("rb") as file:
        for block in iter(partial(file.read, _BLOCK), b""):
            if not block.isascii():
                pieces.append(block)
            if len(pieces) * _BLOCK >= _SAMPLE:
                break
    return b"".join(pieces)
