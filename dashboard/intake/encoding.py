"""How the bytes of a text file stand for characters."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from segmentation.errors import InvalidInputError

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SAMPLE = 1 << 18
_BLOCK = 1 << 20
_MAC_LETTERS = re.compile(rb"[\x80-\x9f]")
_LATIN_LETTERS = re.compile(rb"[\xc0-\xff]")


def find_encoding(path: Path, wanted: str | None = None) -> str:
    """Return the Python name of a file's encoding: its mark, else strict UTF-8, else UTF-16 by its zeros, else a single-byte one.

    Raises
    ------
    InvalidInputError
        ``unknown_encoding``, ``wrong_encoding`` where the person's choice does not fit, ``not_a_table`` for binary content.
    """
    if wanted:
        return _check_wanted(path, wanted)
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    for mark, name in _BOMS:
        if sample.startswith(mark):
            return name
    zeros_even, zeros_odd = sample[0::2].count(0), sample[1::2].count(0)
    if zeros_even + zeros_odd:
        return _by_zeros(path, zeros_even, zeros_odd, len(sample) // 2)
    if _decodes(path, "utf-8"):
        return "utf-8"
    return _single_byte(sample)


def _by_zeros(path: Path, zeros_even: int, zeros_odd: int, n_pairs: int) -> str:
    """Latin text in UTF-16 has a zero in nearly every pair, always on the same side; other zeros mean no text at all."""
    if min(zeros_even, zeros_odd) < 0.05 * n_pairs and max(zeros_even, zeros_odd) > 0.4 * n_pairs:
        return "utf-16-le" if zeros_odd > zeros_even else "utf-16-be"
    raise InvalidInputError("not_a_table", f'"{path.name}" is not a table: it holds binary data.', fix="Choose a CSV, text or Excel file.")


def _single_byte(sample: bytes) -> str:
    """Tell Windows, Mac and other single-byte encodings apart."""
    is_old_mac = sample.count(b"\r") > 0 and b"\n" not in sample
    if is_old_mac or len(_MAC_LETTERS.findall(sample)) > 3 * len(_LATIN_LETTERS.findall(sample)) + 3:
        return "mac_roman"
    return _non_latin(sample) or _western(sample)


def _non_latin(sample: bytes) -> str | None:
    """Ask charset-normalizer, but believe it only for scripts that are not Latin: it mistakes short German for Polish."""
    if len(_LATIN_LETTERS.findall(sample)) < 0.02 * len(sample):
        return None
    from charset_normalizer import from_bytes

    best = from_bytes(sample[: 1 << 16]).best()
    scripts = {
        "cp1251",
        "koi8_r",
        "cp1253",
        "cp1255",
        "cp1256",
        "shift_jis",
        "cp932",
        "euc_jp",
        "gb18030",
        "gb2312",
        "big5",
        "euc_kr",
        "cp949",
        "cp866",
    }
    return best.encoding if best and best.encoding in scripts else None


def _western(sample: bytes) -> str:
    try:
        sample.decode("cp1252")
    except UnicodeDecodeError:  # five bytes mean nothing in cp1252
        return "latin-1"
    return "cp1252"


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
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True
