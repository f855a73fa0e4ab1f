"""Countries by whatever name a file gives them: in thirty languages, as ISO code, or by a common shorthand."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from babel import Locale
from babel.core import get_global

_LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt")
_FURTHER_LANGUAGES = (
    "sv", "da", "nb", "fi", "pl", "cs", "sk", "hu", "ro", "bg", "el", "tr",
    "ru", "uk", "ar", "he", "zh", "ja", "ko", "hi", "id", "vi", "th",
)  # fmt: skip
"""Looked into only for a name that the others do not know: reading them all costs a quarter of a second."""
_WITHDRAWN = frozenset({"BUR", "DDR", "FXX", "TMP", "YMD", "ZAR"})
"""Codes of three letters whose country has another by now."""
_SHORTHANDS = {
    "eire": "IE", "republic of ireland": "IE", "uk": "GB", "great britain": "GB", "britain": "GB", "england": "GB", "scotland": "GB",
    "wales": "GB", "northern ireland": "GB", "grossbritannien": "GB", "rsa": "ZA", "republic of south africa": "ZA",
    "usa": "US", "united states of america": "US", "america": "US", "uae": "AE", "holland": "NL", "czech republic": "CZ",
    "tschechische republik": "CZ", "macedonia": "MK", "swaziland": "SZ", "ivory coast": "CI", "cape verde": "CV", "burma": "MM",
    "east timor": "TL", "turkey": "TR", "russian federation": "RU", "korea": "KR", "republic of korea": "KR", "south korea": "KR",
    "north korea": "KP", "democratic peoples republic of korea": "KP", "viet nam": "VN", "syrian arab republic": "SY",
    "lao peoples democratic republic": "LA", "lao": "LA", "iran islamic republic of": "IR", "moldova republic of": "MD",
    "tanzania united republic of": "TZ", "bolivia plurinational state of": "BO", "venezuela bolivarian republic of": "VE",
    "democratic republic of the congo": "CD", "congo democratic republic of the": "CD", "dr congo": "CD", "drc": "CD", "zaire": "CD",
    "republic of the congo": "CG", "congo": "CG", "congo republic": "CG", "federated states of micronesia": "FM", "hong kong": "HK",
    "taiwan province of china": "TW", "taiwan roc": "TW", "macau": "MO", "brunei darussalam": "BN", "vatican": "VA", "holy see": "VA",
    "st lucia": "LC", "palestine": "PS", "state of palestine": "PS", "kosovo": "XK", "channel islands": "JE", "brasil": "BR",
    "peoples republic of china": "CN", "prc": "CN", "ksa": "SA",
}  # fmt: skip


@cache
def country_code(name: str) -> str | None:
    """Return the ISO 3166 code of three letters of a country, None where the name is not known."""
    words = _words(name)
    two = _names().get(words) or (_names_in(_FURTHER_LANGUAGES).get(words) if words else None)
    return _three_letters().get(two) if two else None


@cache
def country_name(text: str) -> str:
    """Return the English name of a country that is given as a code of two or three letters, every other text as it is."""
    code = country_code(text) if len(text) in (2, 3) and text.isascii() and text.isalpha() else None
    two = next((two for two, three in _three_letters().items() if three == code), None) if code else None
    return Locale("en").territories.get(two, text).removesuffix(" SAR China") if two else text


def _words(name: str) -> str:
    plain = "".join(char for char in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(char))
    words = re.findall(r"[^\W_]+", re.sub(r"['’.]", "", plain.replace("&", " and ")))
    return " ".join("saint" if word == "st" else word for word in words if word != "the")


@cache
def _three_letters() -> dict[str, str]:
    """Return the code of three letters by that of two."""
    aliases = get_global("territory_aliases").items()
    return {two[0]: code for code, two in aliases if len(code) == 3 and code.isalpha() and len(two) == 1 and code not in _WITHDRAWN}


@cache
def _names_in(languages: tuple[str, ...]) -> dict[str, str]:
    """Return the code of two letters by every name in some languages, of which the first decides."""
    known: dict[str, str] = {}
    for language in reversed(languages):
        territories = Locale(language).territories
        known.update({_words(name): code for code, name in territories.items() if len(code) == 2 and code.isalpha()})
    return known


@cache
def _names() -> dict[str, str]:
    """Return the code of two letters by every known name and code, in small letters."""
    known = dict(_names_in(_LANGUAGES))
    codes = _three_letters()
    known.update({two.lower(): two for two in codes})
    known.update({three.lower(): two for two, three in codes.items()})
    known.update({_words(name): code for name, code in _SHORTHANDS.items()})
    return known
