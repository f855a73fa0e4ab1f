"""Which encoding of one byte a letter a text is written in: the one in which its letters are those of one language.

No statistics of pairs: names and towns are too short for them. A language with an alphabet of its own explains all letters beyond ASCII
in the right encoding, and hardly ever in a wrong one; capitals and signs amid a word tell a wrong one too.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_WESTERN = {
    "German": "äöüß",
    "French": "àâæçéèêëîïôœùûüÿ",
    "Spanish": "áéíóúüñ",
    "Portuguese": "áàâãçéêíóôúü",
    "Italian": "àèéìíîòóùú",
    "Swedish": "åäöé",
    "Danish": "æøåéö",
    "Dutch": "éèëïóöüá",
    "Estonian": "äõöü",
    "Catalan": "àéèíïóòúüç",
}
_LANGUAGES = {
    "cp1252": _WESTERN,
    "cp1250": {
        "Polish": "ąćęłńóśźż",
        "Czech": "áčďéěíňóřšťúůýž",
        "Slovak": "áäčďéíĺľňóôŕšťúýž",
        "Hungarian": "áéíóöőúüű",
        "Croatian": "čćđšž",
        "Romanian": "ăâîşţ",
    },
    "mac_roman": _WESTERN,
    "cp1254": {"Turkish": "çğıöşüâîi̇"},
    "cp1257": {"Lithuanian": "ąčęėįšųūž", "Latvian": "āčēģīķļņšūž"},
    "cp850": _WESTERN,
}
_ICELANDIC = "þðý"
"""Letters of one small country; each byte of theirs is one of a larger country in another encoding."""
_OTHER_SCRIPTS = {
    "cp1251": {
        "Russian": ("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "оеаинтсрвл"),
        "Ukrainian": ("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя", "оаниітвреск"),
        "Bulgarian": ("абвгдежзийклмнопрстуфхцчшщъьюя", "аоеитнсрвл"),
        "Serbian": ("абвгдђежзијклљмнњопрстћуфхцчџш", "аоеинрстув"),
    },
    "koi8_r": {"Russian": ("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "оеаинтсрвл")},
    "cp866": {"Russian": ("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "оеаинтсрвл")},
    "cp1253": {"Greek": ("αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ", "αοιετσνρςη")},
    "cp1255": {"Hebrew": ("אבגדהוזחטיכלמנסעפצקרשתךםןףץ", "יוהלארתבמש")},
    "cp1256": {"Arabic": ("ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأؤإئىة", "اليمونرتبة")},
}
"""By encoding and language: the letters, and the ten most frequent."""
_NEUTRAL = "\u2018\u2019\u201a\u201c\u201d\u201e\u2013\u2014\u2026\u2022\xa0\xad€£¥§°®©™«»·²³¹ºª½¼¾±×¿¡´`²³"
_MISPLACED = re.compile(r"(?<=[^\W\d_])[^\w\s\x00-\x7f’‘´·\xad-](?=[^\W\d_])|£(?=[^\W\d_])|(?<=[^\W\d_])[¿¡]|(?<=[^\W\d_]{3})[¹²³]")
"""A sign where no sign stands: amid a word, a pound before a name, an exponent behind one."""
_ASCII_LETTER = re.compile("[A-Za-z]")
_WORD = re.compile(r"[^\W\d_]+")
_FOREIGN_RUN = re.compile(r"[^\x00-\x7f\W\d_]{3,}")
_WORD_BEYOND_ASCII = re.compile(rb"[^\s,;|\"]*[\x80-\xff][^\s,;|\"]*")
_WORDS = 2_000
_MIX = 0.9
"""A file of customers in many countries holds letters of many languages."""
_OLD_MAC = 0.3
_LEAST = 0.75


class Guess(NamedTuple):
    """An encoding and how well it explains the letters, at most about 1."""

    score: float
    encoding: str


def find_alphabet(sample: bytes) -> str | None:
    """Return the encoding in which the letters of a sample make most sense; None where none does."""
    is_old_mac = b"\r" in sample and b"\n" not in sample
    words = b"\n".join(_WORD_BEYOND_ASCII.findall(sample)[:_WORDS])
    guesses = [Guess(_OLD_MAC * is_old_mac * (encoding == "mac_roman") + score, encoding) for encoding, score in _scores(words)]
    best = max(guesses, key=lambda guess: guess.score, default=None)
    return best.encoding if best and best.score >= _LEAST else None


def _scores(sample: bytes) -> list[tuple[str, float]]:
    scores: list[tuple[str, float]] = []
    for encoding, languages in _LANGUAGES.items():
        if (text := _decoded(sample, encoding)) is not None:
            rarity = 0.1 if encoding == "cp850" else 0.001 * len(scores)
            scores.append((encoding, _latin(text, languages) - rarity))  # of equals the more frequent one
    for encoding, scripts in _OTHER_SCRIPTS.items():
        if (text := _decoded(sample, encoding)) is not None:
            scores.append((encoding, max(_foreign(text, *script) for script in scripts.values())))
    return scores


def _decoded(sample: bytes, encoding: str) -> str | None:
    try:
        return sample.decode(encoding)
    except UnicodeDecodeError:
        if encoding == "cp1252":  # five bytes mean nothing in it
            return sample.decode("cp1252", "replace")
        return None


def _latin(text: str, languages: dict[str, str]) -> float:
    text = text.replace("õe", "oe").replace("Õe", "oe")  # the only place of this letter in Portuguese
    letters = [letter for letter in text if letter > "\x7f" and letter not in _NEUTRAL]
    if not letters:
        return 1 - 0.5 * len(_MISPLACED.findall(text))
    runs = sum(map(len, _FOREIGN_RUN.findall(text)))
    mixed = "".join(languages.values()) if runs < 0.3 * len(letters) else ""
    explained = max([*(_share(letters, known) for known in languages.values()), _MIX * _share(letters, mixed + _ICELANDIC)])
    return explained - _faults(text) / len(letters)


def _foreign(text: str, known: str, frequent: str) -> float:
    letters = [letter for letter in text if letter > "\x7f" and letter not in _NEUTRAL]
    if not letters or sum(map(len, _FOREIGN_RUN.findall(text))) < 0.3 * len(letters):
        return 0.0
    n_mixed = sum(not word.isascii() and bool(_ASCII_LETTER.search(word)) for word in _WORD.findall(text))
    return _share(letters, known) * (0.5 + 0.8 * _share(letters, frequent)) - (_faults(text) + n_mixed) / len(letters)


def _share(letters: list[str], known: str) -> float:
    return sum(letter.lower() in known for letter in letters) / len(letters)


def _faults(text: str) -> int:
    """Count signs amid words, and words that are neither small, nor begin with one capital, nor are all capitals, as far as not ASCII."""
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    odd = sum(not (word.islower() or word.isupper() or word[1:].islower() or word.lower() == word.upper()) for word in words)
    return odd + len(_MISPLACED.findall(text))
