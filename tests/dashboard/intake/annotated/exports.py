"""Files as programs and institutions export them: banks, scientists, shops, logs."""

from __future__ import annotations

import csv
from random import Random

from tests.dashboard.intake.annotated.cells import (
    STREETS,
    TOWNS,
    WORDS,
    Text,
    clock,
    day,
    joined,
    number,
    person,
    phrase,
    sentence,
    table,
    written,
)


def bank(rng: Random) -> Text:
    """Pairs of words and values above, everything quoted, decimal commas."""
    above = [
        ["Kontonummer:", f"DE{rng.randrange(10**9)} / Girokonto"],
        [],
        ["Von:", f"{day(rng):%d.%m.%Y}"],
        ["Bis:", f"{day(rng):%d.%m.%Y}"],
        [],
    ]
    header = ["Buchungstag", "Wertstellung", "Buchungstext", "Verwendungszweck", "Betrag (EUR)", ""]
    rows = [
        [
            f"{day(rng):%d.%m.%Y}",
            f"{day(rng):%d.%m.%Y}",
            phrase(rng),
            sentence(rng),
            f"{-rng.uniform(1, 3000):,.2f}".translate(str.maketrans(",.", ".,")),
            "",
        ]
        for _ in range(rng.choice([3, 30]))
    ]
    return written([*above, header, *rows], ";", quoting=rng.choice([csv.QUOTE_ALL, csv.QUOTE_MINIMAL])), ";"


def ends_with_delimiter(rng: Random) -> Text:
    delimiter = rng.choice(",;\t|")
    return "".join(delimiter.join(row) + delimiter + "\n" for row in _bare(rng, delimiter)), delimiter


def between_pipes(rng: Random) -> Text:
    """A table drawn with pipes, as in a manual."""
    header, *rows = _bare(rng, "|")
    rule = ["|" + "|".join("---" for _ in header) + "|"] if rng.random() < 0.5 else []
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(["| " + " | ".join(header) + " |", *rule, *lines]) + "\n", "|"


def coordinates(rng: Random) -> Text:
    """Two numbers and ", " between them."""
    head = rng.choice([[], ["lat, lon"]])
    return "\n".join(
        [*head, *(f"{rng.uniform(-90, 90):.5f}, {rng.uniform(-180, 180):.5f}" for _ in range(rng.choice([4, 40])))]
    ) + "\n", ","


def answers(rng: Random) -> Text:
    """A survey: noughts and ones, small numbers, no header."""
    delimiter, width = rng.choice(",,;\t "), rng.choice([3, 10, 40])
    return joined(
        [[rng.choice("01") if rng.random() < 0.8 else rng.randrange(7) for _ in range(width)] for _ in range(30)], delimiter
    ), delimiter


def dump(rng: Random) -> Text:
    """What a database writes: texts quoted, numbers not, NULL."""
    delimiter = rng.choice(",;|\t")
    rows = [
        [i, person(rng), f"{day(rng)} {clock(rng)}", rng.choice(["NULL", sentence(rng)]), rng.randrange(9)]
        for i in range(rng.choice([3, 25]))
    ]
    quoted = [[f'"{cell}"' if isinstance(cell, str) and cell != "NULL" else cell for cell in row] for row in rows]
    return joined(quoted, delimiter), delimiter


def markup(rng: Random) -> Text:
    """Cells with tags and entities."""
    rows = [
        [i, f'<p class="{rng.choice(WORDS)}">{sentence(rng)} &amp; {phrase(rng)}; <a href="http://x.org/?a=1&b=2">x</a></p>', number(rng)]
        for i in range(20)
    ]
    delimiter = rng.choice(",,\t;")
    return written([["id", "html", "n"], *rows], delimiter), delimiter


def opening_hours(rng: Random) -> Text:
    delimiter = rng.choice(",\t|")
    hours = "Mon-Fri 9:00-17:00; Sat {}:00-12:30; Sun closed"
    rows = [
        [phrase(rng).title(), hours.format(rng.randrange(8, 11)), f"+44 (0)20 {rng.randrange(1000, 9999)} {rng.randrange(1000, 9999)}"]
        for _ in range(20)
    ]
    return joined([["library", "hours", "phone"], *rows], delimiter), delimiter


def nutrients(rng: Random) -> Text:
    """Texts between tildes, cells between carets, as the USDA publishes foods."""
    rows = [
        f"~{rng.randrange(10**5):05}~^~{rng.randrange(10**4):04}~^~{phrase(rng).upper()},{phrase(rng)}~^{number(rng)}^~{rng.choice('AB')}~^"
        for _ in range(20)
    ]
    return "\n".join(rows) + "\n", "^"


def twice(rng: Random) -> Text:
    """Two colons between the cells, as MovieLens has them."""
    return joined(
        [[rng.randrange(6000), rng.randrange(4000), rng.randrange(1, 6), rng.randrange(9 * 10**8, 10**9)] for _ in range(30)], "::"
    ), ":"


def networks(rng: Random) -> Text:
    """Addresses of machines, with colons and dots."""
    delimiter = rng.choice(",;\t ")
    rows = [
        [
            ":".join(f"{rng.randrange(256):02x}" for _ in range(6)),
            f"10.{rng.randrange(9)}.0.{rng.randrange(255)}",
            f"host-{rng.choice(WORDS)}:80{rng.randrange(99)}",
            rng.randrange(99),
        ]
        for _ in range(15)
    ]
    return joined(rows, delimiter), delimiter


def shapes(rng: Random) -> Text:
    """Polygons in quotes."""
    rows = [
        [
            rng.choice(TOWNS),
            "POLYGON((" + ", ".join(f"{rng.uniform(0, 9):.3f} {rng.uniform(0, 9):.3f}" for _ in range(rng.choice([4, 9]))) + "))",
            rng.randrange(99),
        ]
        for _ in range(15)
    ]
    delimiter = rng.choice(",,;\t")
    return written([["name", "wkt", "n"], *rows], delimiter, quoting=csv.QUOTE_NONNUMERIC), delimiter


def settings(rng: Random) -> Text:
    """Cells that are pairs."""
    delimiter = rng.choice(",;|\t")
    return joined([[f"{name}={rng.randrange(99)}" for name in ("width", "height", "depth")] for _ in range(15)], delimiter), delimiter


def formulas(rng: Random) -> Text:
    """Texts kept as such for Excel."""
    delimiter = rng.choice(",;\t")
    return joined(
        [["code", "name", "n"], *([f'="{rng.randrange(10**5):05}"', phrase(rng), number(rng)] for _ in range(20))], delimiter
    ), delimiter


def space_before_quote(rng: Random) -> Text:
    """A space between the delimiter and the mark of quotation."""
    rows = [f'{i}, "{phrase(rng)}, {phrase(rng)}", {rng.randrange(99)}' for i in range(20)]
    return "\n".join(['id, "name", n', *rows]) + "\n", ","


def chemistry(rng: Random) -> Text:
    """Names with commas and figures between tabs or semicolons, unquoted."""
    delimiter = rng.choice("\t;|")
    rows = [
        [
            f"{rng.randrange(99)}-{rng.randrange(99)}-{rng.randrange(9)}",
            f"{rng.randrange(2, 5)},{rng.randrange(5, 9)}-{rng.choice(WORDS)}ol, N-{rng.choice(WORDS)}",
            number(rng),
        ]
        for _ in range(25)
    ]
    return joined(rows, delimiter), delimiter


def names_in_reverse(rng: Random) -> Text:
    """One column of "Last, First" in quotes."""
    return written(
        [["name"], *([", ".join(reversed(person(rng).split()))] for _ in range(rng.choice([4, 30])))], ",", quoting=csv.QUOTE_ALL
    ), ""


def headline(rng: Random) -> Text:
    """A long licence above a small table."""
    delimiter = rng.choice(",;\t")
    above = [sentence(rng) for _ in range(rng.choice([2, 5]))]
    return "\n".join([*above, ""]) + "\n" + joined(_bare(rng, delimiter), delimiter), delimiter


def gaps_in_names(rng: Random) -> Text:
    """Columns of equal width with two words in some cells."""
    rows = [[rng.choice(TOWNS), rng.randrange(99999), f"{day(rng)}", f"{rng.random():.3f}"] for _ in range(20)]
    return "".join("".join(f"{each!s:<22}" for each in row) + "\n" for row in rows), " "


def only_names(rng: Random) -> Text:
    """A header and nothing else."""
    delimiter = rng.choice(",;\t|")
    return delimiter.join(f"{rng.choice(WORDS)}_{i}" for i in range(rng.choice([3, 8, 30]))) + "\n", delimiter


def money(rng: Random) -> Text:
    """Amounts with commas in quotes, brackets and signs, percent."""
    rows = [
        [
            phrase(rng).title(),
            f"{rng.uniform(1000, 10**6):,.2f}",
            f"({rng.uniform(1000, 9999):,.0f})",
            f"£{rng.uniform(1000, 9999):,.2f}",
            f"{rng.random():.1%}",
        ]
        for _ in range(20)
    ]
    delimiter = rng.choice(",,,\t;")
    return written([["item", "budget", "spent", "left", "share"], *rows], delimiter), delimiter


def addresses_unquoted(rng: Random) -> Text:
    """Addresses with commas between semicolons, tabs or pipes."""
    delimiter = rng.choice(";\t|")
    rows = [
        [i, f"{rng.randrange(99)} {rng.choice(STREETS)}, {rng.choice(TOWNS)}, UK", f"{day(rng):%d/%m/%Y}"]
        for i in range(rng.choice([3, 30]))
    ]
    return joined([["id", "address", "since"], *rows], delimiter), delimiter


def _bare(rng: Random, delimiter: str) -> list[list[str]]:
    """Return a table whose cells hold no delimiter."""
    return [[cell.replace(delimiter, "") for cell in row] for row in table(rng)]
