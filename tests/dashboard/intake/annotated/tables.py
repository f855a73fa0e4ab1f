"""Tables with one delimiter and everything that gets in its way."""

from __future__ import annotations

import csv
import json
from random import Random

from tests.dashboard.intake.annotated.cells import (
    FIRST,
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


def plain(rng: Random) -> Text:
    delimiter = rng.choice(",,,;;\t\t||")
    return written(table(rng), delimiter, quoting=rng.choice([csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL])), delimiter


def rare(rng: Random) -> Text:
    delimiter = rng.choice("~^|;")
    return written(table(rng), delimiter), delimiter


def tabs_with_text(rng: Random) -> Text:
    """Tabs between cells that hold commas, semicolons and sentences, not quoted."""
    rows = [
        ["id", "when", "text"],
        *([rng.randrange(10**9), f"{day(rng)} {clock(rng)}", sentence(rng)] for _ in range(rng.choice([3, 10, 50]))),
    ]
    return joined(rows, "\t"), "\t"


def tabs_and_spaces(rng: Random) -> Text:
    rows = table(rng, n_columns=5)
    return "".join("\t".join(f"{cell} " if rng.random() < 0.7 else cell for cell in row) + "\n" for row in rows), "\t"


def pipes_with_text(rng: Random) -> Text:
    rows = [
        ["id", "address", "note"],
        *([i, f"{i} {rng.choice(STREETS)}, {rng.choice(TOWNS)}", sentence(rng)] for i in range(rng.choice([3, 30]))),
    ]
    pad = rng.choice(["|", " | "])
    return joined(rows, pad), "|"


def council(rng: Random) -> Text:
    """Spending of a council: prose above, money with commas in quotes, empty columns at the end."""
    above = [
        [f"{rng.choice(TOWNS)} Council: payments over £500, {day(rng):%B %Y}"],
        [],
        ["Published under the transparency code; see www.gov.uk"],
    ]
    header = ["Body", "Date", "Supplier", "Expense area", "Amount", "", ""]
    rows = [
        [
            rng.choice(TOWNS),
            f"{day(rng):%d/%m/%Y}",
            phrase(rng).title() + " Ltd",
            sentence(rng),
            f"£{rng.uniform(500, 99999):,.2f}",
            "",
            "",
        ]
        for _ in range(rng.choice([4, 25, 150]))
    ]
    width = len(header) if rng.random() < 0.5 else 0
    above = [[*row, *[""] * (width - len(row))] for row in above[: rng.randrange(1, 4)]]
    return written([*above, header, *rows], ","), ","


def headers(rng: Random) -> Text:
    """A header of two or three rows, as statistics are published."""
    years = range(2001, 2001 + rng.choice([4, 12]))
    rows = [["", "Number", *[""] * (len(years) - 1)], ["Area", *years], ["", *["(a)"] * len(years)]]
    rows += [[rng.choice(TOWNS), *(rng.choice([f"{rng.randrange(10**5):,}", "..", "-", "n/a"]) for _ in years)] for _ in range(20)]
    delimiter = rng.choice(",,\t;")
    return written([*rows, ["Source: Office of Statistics, 2014"]], delimiter), delimiter


def short(rng: Random) -> Text:
    """A file of one to three lines."""
    delimiter = rng.choice(",,,;\t|")
    return written(table(rng, 2, rng.choice([3, 5, 9]))[: rng.randint(1, 3)], delimiter), delimiter


def single_quotes(rng: Random) -> Text:
    delimiter = rng.choice(",,;\t")
    rows = [["id", "title", "note"], *([i, f"{phrase(rng)}{delimiter} {phrase(rng)}", phrase(rng)] for i in range(15))]
    return written(rows, delimiter, quotechar="'", quoting=rng.choice([csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])), delimiter


def apostrophes(rng: Random) -> Text:
    """Both marks of quotation in the texts, closed or not."""
    notes = ["it's", 'the "best" one', "rock 'n' roll", '5" disk', "5' 11\"", "O'Neil", "the dogs' bowl", "'quoted' once"]
    delimiter = rng.choice(",;\t|")
    return joined([["id", "note", "n"], *([i, f"{rng.choice(notes)} {phrase(rng)}", number(rng)] for i in range(25))], delimiter), delimiter


def open_quote(rng: Random) -> Text:
    rows = table(rng, n_rows=30, n_columns=5)
    rows[rng.randrange(2, 28)][1] = '"' + phrase(rng)
    return joined([[cell.replace(",", "") for cell in row] for row in rows], ","), ","


def decimal_commas(rng: Random) -> Text:
    delimiter = rng.choice(";;;\t| ")
    rows = [
        ["Datum", "Ort", "Betrag", "Menge"],
        *(
            [
                day(rng),
                rng.choice(["Ulm", "Köln", "Bonn"]),
                f"{rng.uniform(-9, 9999):.2f}".replace(".", ","),
                number(rng).replace(".", ","),
            ]
            for _ in range(20)
        ),
    ]
    return joined(rows, delimiter), delimiter


def log(rng: Random) -> Text:
    """Readings with their times: commas or tabs between, colons, dashes and slashes within."""
    delimiter = rng.choice(",,;\t")
    start = day(rng)
    rows = [
        [
            f"{start:%Y/%m/%d} {clock(rng)}.{rng.randrange(1000):03}",
            rng.choice(["INFO", "WARN"]),
            f"{rng.choice(WORDS)}:{rng.randrange(99)}",
            f"{rng.random():.3f}",
        ]
        for _ in range(40)
    ]
    return joined(rows, delimiter), delimiter


def lists_in_cells(rng: Random) -> Text:
    """Lists with other delimiters inside the cells."""
    outer, inner = rng.choice([(",", ";"), (",", "|"), (";", ","), ("\t", ","), ("\t", "|"), (",", ":"), (";", "|"), (",", " ")])
    rows = [
        ["id", "tags", "n"],
        *([rng.randrange(999), inner.join(rng.choices(WORDS, k=rng.choice([3, 3, 3, 5]))), rng.randrange(99)] for _ in range(30)),
    ]
    return joined(rows, outer), outer


def json_cells(rng: Random) -> Text:
    delimiter = rng.choice(",,\t;")
    rows = [
        ["id", "payload", "when"],
        *([i, json.dumps({"name": person(rng), "tags": rng.choices(WORDS, k=3), "n": i}), day(rng)] for i in range(20)),
    ]
    return (joined(rows, delimiter) if delimiter != "," else written(rows, ",")), delimiter


def escaped(rng: Random) -> Text:
    r"""Quotes inside of cells written as \"."""
    rows = [["id", "text", "user"], *([str(i), f'{phrase(rng)} "{phrase(rng)}", {phrase(rng)}', rng.choice(FIRST)] for i in range(20))]
    return written(rows, ",", quoting=csv.QUOTE_ALL, doublequote=False, escapechar="\\"), ","


def multiline(rng: Random) -> Text:
    delimiter = rng.choice(",,;\t")
    rows = [
        ["name", "address", "n"],
        *([person(rng), f"{rng.choice(STREETS)}\n{rng.choice(TOWNS)}, UK\n{rng.randrange(9999)}", number(rng)] for _ in range(20)),
    ]
    return written(rows, delimiter, quoting=csv.QUOTE_ALL), delimiter


def tweets(rng: Random) -> Text:
    """Everything quoted, sentences with every mark, dates with spaces and colons."""
    rows = [
        [
            "0",
            rng.randrange(10**9),
            f"{day(rng):%a %b %d} {clock(rng)} PDT 2009",
            "NO_QUERY",
            rng.choice(FIRST),
            f"@{rng.choice(FIRST)} {sentence(rng)} http://t.co/{rng.randrange(999)} :) #{rng.choice(WORDS)}",
        ]
        for _ in range(30)
    ]
    return written(rows, ",", quoting=csv.QUOTE_ALL), ","


def wide(rng: Random) -> Text:
    """A matrix of hundreds of columns."""
    delimiter, width = rng.choice(",,;\t"), rng.choice([200, 700])
    rows = [[rng.choice(["0", "1", "0.5", number(rng)]) for _ in range(width)] for _ in range(rng.choice([2, 12]))]
    return joined([[f"pixel{i}" for i in range(width)], *rows] if rng.random() < 0.5 else rows, delimiter), delimiter


def mostly_empty(rng: Random) -> Text:
    delimiter, width = rng.choice(",;\t"), rng.choice([6, 20])
    rows = [[(phrase(rng, 1, 2) if rng.random() < 0.12 else "") for _ in range(width)] for _ in range(30)]
    return joined([[f"{rng.choice(WORDS)} {i}" for i in range(width)], *rows], delimiter), delimiter


def short_rows(rng: Random) -> Text:
    """Empty cells at the end of the rows left out."""
    rows = table(rng, n_rows=30, n_columns=8)
    return written([rows[0], *(row[: rng.choice([3, 5, 8, 8])] for row in rows[1:])], ","), ","


def after_space(rng: Random) -> Text:
    """A space behind each delimiter."""
    delimiter = rng.choice(",,;|")
    return joined([[cell.replace(delimiter, "") for cell in row] for row in table(rng)], delimiter + " "), delimiter


def addresses(rng: Random) -> Text:
    """Quoted addresses with more commas than the rows have columns."""
    delimiter = rng.choice(",,,;\t")
    rows = [
        ["school", "address", "lat", "lon"],
        *(
            [
                phrase(rng).title(),
                f"{rng.randrange(99)} {rng.choice(STREETS)}, {rng.choice(TOWNS)}, LS{rng.randrange(9)} {rng.randrange(9)}AB, UK",
                f"{rng.uniform(50, 55):.5f}",
                f"{rng.uniform(-3, 0):.5f}",
            ]
            for _ in range(30)
        ),
    ]
    return written(rows, delimiter, quoting=rng.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])), delimiter
