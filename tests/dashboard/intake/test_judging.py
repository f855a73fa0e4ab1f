"""Which character separates the cells: on annotated messy files, and where it could be two."""

from __future__ import annotations

from collections import Counter

import pytest

from dashboard.intake.delimited import sample_of
from dashboard.intake.dialect import find_layout
from dashboard.intake.encoding import find_encoding
from dashboard.intake.judging import NO_DELIMITER, kind_of
from tests.dashboard.intake.annotated.corpus import Annotated, corpus
from tests.dashboard.intake.test_messy import read_here

FILES = corpus()


def found(content: bytes, path) -> str:
    """Return the delimiter of a file as it is annotated."""
    path.write_bytes(content)
    delimiter = find_layout(sample_of(path, find_encoding(path))).delimiter
    return "" if delimiter == NO_DELIMITER else delimiter[0]


def test_most_delimiters_of_annotated_files_are_found(tmp_path):
    wrong = [file for file in FILES if found(file.content, tmp_path / "file.csv") != file.delimiter]
    by_kind = Counter(file.kind for file in wrong)
    assert len(FILES) >= 300
    assert len(wrong) <= 0.03 * len(FILES), by_kind
    assert not {kind for kind, count in by_kind.items() if count > 3}


def test_annotated_files_are_always_the_same():
    assert corpus(1) == corpus(1)
    assert len({file.content for file in FILES}) > 0.98 * len(FILES)


def test_every_kind_is_made_with_the_delimiter_it_says():
    missing = [(file.kind, file.seed) for file in FILES if isinstance(file, Annotated) and file.delimiter.encode() not in file.content]
    assert not missing


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("ds,y\n2012-01-01 00:00:00,7926.529\n2012-01-01 01:00:00,7901.826\n", ","),
        ("12:30:10;1,5\n12:30:20;2,5\n12:30:30;3,5\n", ";"),
        ("name;hours\nMill;9:00-17:00, 18:00-20:00\nHall;9:00-17:00, 18:00-20:00\n", ";"),
        ("http://a.example,12\nhttp://b.example,13\nhttp://c.example,9\n", ","),
        ("a,b\n", ","),
        ("Jan 5, 2020\nFeb 6, 2020\nMar 7, 2020\n", ""),
        ("who,what\nAnna,a;b;c\nTom,d;e;f\nEva,g;h;i\n", ","),
        ("x: 1\ny: 2\nz: 3\n", ""),
        ("£1,200\n£3,450\n£9,999\n", ""),
        ("1,200\n2,300\n5,17\n", ","),
    ],
)
def test_one_of_two_characters(tmp_path, text, delimiter):
    assert found(text.encode(), tmp_path / "file.csv") == delimiter


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("1,234.50", "number"),
        ("(£1,200)", "number"),
        ("12.5 %", "number"),
        ("2024-01-31 10:00:00", "moment"),
        ("Mon Apr 06 22:19:45 PDT 2009", "moment"),
        ("3 Jan 2020", "moment"),
        ("https://a.example/x,2?y=1", "address"),
        ("a.b@c.example", "address"),
        ("N/A", "gap"),
        ("AB-12/3", "code"),
        ("Kingston upon Hull", "phrase"),
        ("a, b", "marked text"),
        ('"open', "cut off"),
        ("Hull,", "cut off"),
        ("(half", "cut off"),
    ],
)
def test_what_a_cell_looks_like(cell, kind):
    assert kind_of(cell)[0] == kind


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('name town n\n"Anna Berg" Ulm 5\n"Tom ""T"" Hill" "New York" 6\n', [["Anna Berg", "Ulm", "5"], ['Tom "T" Hill', "New York", "6"]]),
        (
            "town           n\nNew York      12\nStoke on Trent   7\n Bath  9\n",
            [["New York", "12"], ["Stoke on Trent", "7"], ["Bath", "9"]],
        ),
        ('id, "note", n\n1, "a, ""b""", 5\n\n2, "c, d", 6\n', [["1", 'a, "b"', "5"], ["2", "c, d", "6"]]),
        ("~01~^~Butter, salted~^5\n~02~^~Cheese~^6\n", [["01", "Butter, salted", "5"], ["02", "Cheese", "6"]]),
    ],
)
def test_spaces_and_marks_keep_cells_together(tmp_path, text, rows):
    (tmp_path / "file.txt").write_text(text)
    table = read_here(tmp_path / "file.txt", tmp_path / "answer")
    assert [list(row.values()) for row in table.columns.to_pylist()] == rows
    assert table.unreadable == ()


def test_a_cell_as_long_as_the_sample_hides_no_row(tmp_path):
    (tmp_path / "file.csv").write_text("id;note\n1;" + "long " * 45_000 + "\n2;b\n3;c\n")
    table = read_here(tmp_path / "file.csv", tmp_path / "answer")
    assert (table.headers, table.n_rows, table.dialect.delimiter) == (("id", "note"), 3, ";")


def test_a_huge_cell_is_judged_at_once():
    assert kind_of("(" * 1_000_000)[0] == "cut off"
    assert kind_of("a" * 1_000_000)[0] == "code"
