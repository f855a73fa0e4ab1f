"""The words and cells of which annotated files are made."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random

Text = tuple[str, str]
"""The text of a file, and the character between its cells ("" for one column)."""

_FIRST = "Anna Tom Eva Li María José Chloé Jürgen Olu Priya Søren Zoë Ivan Fatima Kenji Ewa Noah Mia Bob Al"
_LAST = "Berg Hill Long Wei O'Neil García Müller Smith-Jones van.Dyk Okafor Patel Novák Rossi Dubois Kim Sato Ng Watts"
_WORDS = """
 market garden window council annual report number spending children transport supplier water quality river school energy health
service region building grant repair contract monthly total public library station street planning bus lamp tea cup holder vintage
retro spot heart red white small large lunch bag paper chain kit alarm clock
"""
FIRST, LAST, WORDS = _FIRST.split(), _LAST.split(), _WORDS.split()
TOWNS = [
    "Leeds",
    "York",
    "Stoke-on-Trent",
    "St. Ives",
    "Kingston upon Hull",
    "Bath",
    "Ely",
    "Wells",
    "Köln",
    "São Paulo",
    "New York",
    "Nice",
]
STREETS = ["High Street", "Station Road", "Mill Lane", "The Crescent", "Church Walk", "Market Place"]


def person(rng: Random) -> str:
    """Return a name."""
    return f"{rng.choice(FIRST)} {rng.choice(LAST)}"


def phrase(rng: Random, low: int = 1, high: int = 4) -> str:
    """Return a few words."""
    return " ".join(rng.choices(WORDS, k=rng.randint(low, high)))


def sentence(rng: Random) -> str:
    """Return a sentence with every mark."""
    parts = [phrase(rng, 2, 7) for _ in range(rng.randint(1, 4))]
    return (rng.choice([", ", "; ", ": ", " - ", ", ", ", "]).join(parts)).capitalize() + rng.choice([".", "!", "?", "", "..."])


def day(rng: Random) -> date:
    """Return a date."""
    return date(2008, 1, 1) + timedelta(days=rng.randrange(5000))


def clock(rng: Random) -> str:
    """Return a time of day."""
    return f"{rng.randrange(24):02}:{rng.randrange(60):02}:{rng.randrange(60):02}"


def number(rng: Random) -> str:
    """Return a number in one of many forms."""
    return rng.choice([str(rng.randrange(10_000)), f"{rng.uniform(-99, 999):.2f}", f"{rng.random():.6f}", f"{rng.gauss(0, 1):.4e}", "0"])


def column(rng: Random, n: int) -> list[str]:
    """Return the cells of one column: a name and values of one kind, with a gap here and there."""
    formats: list[tuple[str, Callable[[], str]]] = [
        ("id", lambda: str(rng.randrange(10**6))),
        ("Name", lambda: person(rng)),
        ("town", lambda: rng.choice(TOWNS)),
        ("Amount", lambda: f"{rng.uniform(0, 5000):.2f}"),
        ("description", lambda: phrase(rng, 1, 6)),
        ("date", lambda: f"{day(rng):%d/%m/%Y}"),
        ("updated_at", lambda: f"{day(rng)} {clock(rng)}"),
        ("url", lambda: f"http://www.{rng.choice(WORDS)}.org/{rng.choice(WORDS)}?id={rng.randrange(99)}&x=1"),
        ("e-mail", lambda: f"{rng.choice(FIRST).lower()}@{rng.choice(WORDS)}.co.uk".replace("ü", "u")),
        ("code", lambda: f"{rng.choice('ABCX')}{rng.randrange(99)}-{rng.randrange(999):03}"),
        ("Yes/No", lambda: rng.choice(["Yes", "No", "Y", "N"])),
        ("lat", lambda: f"{rng.uniform(-90, 90):.6f}"),
        ("share (%)", lambda: f"{rng.uniform(0, 100):.1f}%"),
        ("tel", lambda: f"0{rng.randrange(10**9, 10**10)}"),
    ]
    name, value = rng.choice(formats)
    gaps = rng.choice([0, 0, 0, 0.1, 0.7])
    return [rng.choice([name, name.upper(), f"{name}_{rng.randrange(9)}"]), *("" if rng.random() < gaps else value() for _ in range(n))]


def table(rng: Random, n_rows: int | None = None, n_columns: int | None = None) -> list[list[str]]:
    """Return columns of different kinds below their names."""
    n_rows, n_columns = n_rows or rng.choice([2, 4, 9, 40, 120]), n_columns or rng.choice([2, 3, 5, 8, 14])
    return [list(row) for row in zip(*(column(rng, n_rows) for _ in range(n_columns)), strict=True)]


def written(rows: Sequence[Sequence[object]], delimiter: str, **dialect: object) -> str:
    """Return rows as Python writes them."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n", **dialect).writerows(rows)  # type: ignore[arg-type]
    return out.getvalue()


def joined(rows: Sequence[Sequence[object]], delimiter: str) -> str:
    """Return rows with nothing quoted."""
    return "".join(delimiter.join(map(str, row)) + "\n" for row in rows)
