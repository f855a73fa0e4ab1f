"""Files of one column, with rare delimiters, or hardly tables."""

from __future__ import annotations

import csv
from random import Random

from tests.dashboard.intake.annotated.cells import FIRST, TOWNS, WORDS, Text, clock, day, joined, number, person, phrase, sentence, written


def starred(rng: Random) -> Text:
    rows = [
        ["code", "name", "n", "share"],
        *([f"{rng.randrange(999):03}", phrase(rng), rng.randrange(99), number(rng)] for _ in range(15)),
    ]
    return joined(rows, "*"), "*"


def passwd(rng: Random) -> Text:
    rows = [[name, "x", i, i, person(rng) if rng.random() < 0.6 else "", f"/home/{name}", "/bin/sh"] for i, name in enumerate(WORDS[:15])]
    return joined(rows, ":"), ":"


def colon(rng: Random) -> Text:
    rows = [["id", "word", "n"], *([rng.randrange(999), rng.choice(WORDS), rng.randrange(5000)] for _ in range(rng.choice([4, 30])))]
    return joined(rows[rng.randrange(2) :], ":"), ":"


def lines(rng: Random) -> Text:
    """One column of one kind of thing."""
    make = rng.choice(
        [
            lambda: person(rng),
            lambda: rng.choice(WORDS),
            lambda: str(rng.randrange(10**5)),
            lambda: f"{rng.random():.5f}",
            lambda: f"http://{rng.choice(WORDS)}.com/a,b;{rng.randrange(99)}?q=1",
            lambda: f"{rng.choice(FIRST).lower()}@{rng.choice(WORDS)}.org",
            lambda: f"{day(rng)} {clock(rng)}",
            lambda: f"{day(rng):%d/%m/%Y}",
            lambda: clock(rng),
            lambda: "-".join(f"{rng.randrange(16**4):04x}" for _ in range(4)),
            lambda: f"£{rng.randrange(1, 99)},{rng.randrange(1000):03}",
        ]
    )
    head = rng.choice([[], ["name"], ["value of it"]])
    return joined([[line] for line in [*head, *(make() for _ in range(rng.choice([2, 6, 50])))]], ""), ""


def prose(rng: Random) -> Text:
    """One column of sentences."""
    return joined([["comment"], *([sentence(rng)] for _ in range(rng.choice([5, 12, 60])))], ""), ""


def quoted_prose(rng: Random) -> Text:
    return written([["text"], *([sentence(rng)] for _ in range(rng.choice([5, 12, 60])))], ",", quoting=csv.QUOTE_ALL), ""


def spaced_numbers(rng: Random) -> Text:
    """A matrix of numbers between single spaces."""
    width = rng.choice([2, 3, 8, 60])
    head = rng.choice([[], [[f"x{i}" for i in range(width)]]])
    return joined([*head, *([number(rng) for _ in range(width)] for _ in range(rng.choice([3, 20, 100])))], " "), " "


def aligned(rng: Random) -> Text:
    """Columns of equal width, filled up with spaces."""
    rows = [
        ["id", "town", "date", "n"],
        *([rng.randrange(99999), rng.choice(["Leeds", "York", "Bath"]), day(rng), rng.randrange(99)] for _ in range(20)),
    ]
    left = rng.random() < 0.5
    return "".join("".join(f"{each!s:<14}" if left else f"{each!s:>14}" for each in row) + "\n" for row in rows[rng.randrange(2) :]), " "


def spaced_quotes(rng: Random) -> Text:
    """Cells between single spaces, those with spaces quoted: R's write.table, access logs."""
    rows = [["name", "town", "x", "y"], *([person(rng), rng.choice(TOWNS), number(rng), rng.randrange(99)] for _ in range(12))]
    if rng.random() < 0.5:
        return written(rows, " ", quoting=csv.QUOTE_NONNUMERIC), " "
    lines = [
        f"10.0.{rng.randrange(99)}.{rng.randrange(99)} - - [{day(rng):%d/%b/%Y}:{clock(rng)} +0000] "
        f'"GET /{rng.choice(WORDS)} HTTP/1.1" 200 {rng.randrange(9999)}'
        for _ in range(30)
    ]
    return "\n".join(lines) + "\n", " "


def ragged(rng: Random) -> Text:
    """Rows of any length: baskets of goods, members of groups."""
    goods = [
        "whole milk",
        "citrus fruit",
        "semi-finished bread",
        "root vegetables",
        "soda",
        "yogurt",
        "tropical fruit",
        "rolls/buns",
        "pip & stone fruit",
    ]
    delimiter = rng.choice(",,;\t|")
    return joined([rng.sample(goods, rng.randint(1, 7)) for _ in range(60)], delimiter), delimiter


def comments(rng: Random) -> Text:
    """Lines of comment above the table, with other delimiters in them."""
    delimiter = rng.choice(",,;\t ")
    above = [f"# {sentence(rng)}" for _ in range(rng.choice([1, 4, 12]))]
    rows = [
        ["depth", "temp", "site", "day"],
        *([number(rng), number(rng), rng.choice(WORDS), day(rng)] for _ in range(rng.choice([8, 40]))),
    ]
    return "\n".join(above) + "\n" + joined(rows, delimiter), delimiter


def latex(rng: Random) -> Text:
    rows = [[rng.choice(WORDS), number(rng), number(rng), f"{rng.randrange(99)} \\\\"] for _ in range(15)]
    return joined(rows, " & "), "&"


def words_only(rng: Random) -> Text:
    """No number anywhere."""
    delimiter = rng.choice(",,;\t|")
    return joined([[phrase(rng, 1, 3) for _ in range(4)] for _ in range(rng.choice([4, 30]))], delimiter), delimiter


def two_columns(rng: Random) -> Text:
    delimiter = rng.choice(",,;\t|:")
    word = rng.random() < 0.5
    return joined([[rng.choice(WORDS) if word else i, rng.randrange(100, 9999)] for i in range(rng.choice([3, 25]))], delimiter), delimiter


def phrase_and_code(rng: Random) -> Text:
    """Two columns, one of them of titles that hold every mark."""
    delimiter = rng.choice(",\t;|")
    rows = [
        [f"{rng.randrange(9999):04}", f"{phrase(rng).title()}: {phrase(rng)} ({rng.randrange(1950, 2015)}) - {rng.choice(WORDS)}"]
        for _ in range(30)
    ]
    return joined(rows, delimiter), delimiter


def forecast(rng: Random) -> Text:
    """Times that begin each row, and numbers."""
    delimiter = rng.choice(",;\t ")
    return joined([[clock(rng), *(number(rng) for _ in range(3))] for _ in range(rng.choice([4, 50]))], delimiter), delimiter


def dates(rng: Random) -> Text:
    """Two or three columns, all of dates."""
    delimiter = rng.choice(",;\t|")
    style = rng.choice(["%d/%m/%Y", "%Y-%m-%d", "%d.%m.%Y", "%d-%b-%y"])
    return joined([[f"{day(rng):{style}}" for _ in range(rng.choice([2, 2, 3]) if False else 3)] for _ in range(12)], delimiter), delimiter


def pairs(rng: Random) -> Text:
    """Coordinates and ranges that hold commas, quoted or in brackets, between tabs or semicolons."""
    delimiter = rng.choice(";\t|")
    return joined(
        [[i, f"({rng.uniform(0, 9):.3f}, {rng.uniform(0, 9):.3f})", f"[{rng.randrange(9)}, {rng.randrange(9)}]"] for i in range(25)],
        delimiter,
    ), delimiter
