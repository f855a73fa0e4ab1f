"""The currency of a file: by the signs in its money columns, a column of currencies, or the headers; None where the file does not say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from segmentation.intake.columns import MEASURE_BY_NAME
from segmentation.intake.mapping import ColumnMapping, header_words, measure_headers
from segmentation.intake.table import RawTable

_SIGNS = {
    "€": "EUR",
    "£": "GBP",
    "$": "USD",
    "¥": "JPY",
    "₹": "INR",
    "R$": "BRL",
    "zł": "PLN",
    "kr": "SEK",
    "₺": "TRY",
    "₩": "KRW",
    "₽": "RUB",
}
_CODES = frozenset(
    re.findall(
        "...",
        "AEDARSAUDBGNBRLCADCHFCLPCNYCOPCZKDKKEGPEURGBPHKDHUFIDRILSINRJPYKRWMADMXNMYRNGNNOKNZDPENPHPPKRPLNRONRSDRUBSARSEKSGDTHBTRYTWDUAHUSDVNDZAR",
    )
)
_MARK = re.compile(r"R\$|[€£$¥₹₺₩₽]|(?<![A-Za-z])(?:[A-Z]{3}|zł|kr)(?![A-Za-z])")
_HEADERS = frozenset({"currency", "currency code", "waehrung", "wahrung", "devise", "moneda", "divisa", "valuta"})
_THOUSANDS = re.compile(r"\b[kKmM]\s?[€£$¥₹]")
"""A header like "Income (k$)": its numbers are not single dollars, so the sign beside them would be wrong."""
_SAMPLE_TEXTS = 2_000
_MIN_SHARE = 0.9
"""A sign has to stand in nearly every cell: a few foreign amounts do not make a currency, nor do two currencies make one."""


def find_currency(raw: RawTable, mapping: ColumnMapping) -> str | None:
    """Tell in which currency a file counts its money.

    Parameters
    ----------
    raw : RawTable
    mapping : ColumnMapping

    Returns
    -------
    str or None
        ISO 4217 code. A plain dollar sign counts as USD. None where the file does not say, or says several.
    """
    money = [header for role in ("amount", "price", "income") if (header := mapping.header(role))]
    money += [header for name, header in measure_headers(raw, set(mapping.roles.values())).items() if MEASURE_BY_NAME[name].unit == "money"]
    named = [header for header in raw.headers if header_words(header) in _HEADERS]
    said = [_texts(raw, header) for header in money]
    said += [[text.upper() for text in _texts(raw, header)] for header in named]
    said += [[header] for header in money if not _THOUSANDS.search(header)]
    return next((found for texts in said if (found := _common(texts))), None)


def _texts(raw: RawTable, header: str) -> list[str]:
    return [text for text in raw.distinct(header).slice(0, _SAMPLE_TEXTS).to_pylist() if text and text.strip()]


def _common(texts: Iterable[str]) -> str | None:
    """Return the currency that nearly all texts name."""
    named = [_named(text) for text in texts]
    if not named:
        return None
    code, count = Counter(named).most_common(1)[0]
    return code if code and count >= _MIN_SHARE * len(named) else None


def _named(text: str) -> str | None:
    codes = {_SIGNS.get(mark, mark) for mark in _MARK.findall(text)} & (_CODES | set(_SIGNS.values()))
    return codes.pop() if len(codes) == 1 else None
