"""CSV out: standard, safe, and unchanged where nothing is wrong."""

import csv
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.exports.delimited import as_texts, make_harmless, write_csv
from segmentation.errors import UnavailableError


def test_cells_come_back_as_they_were(tmp_path):
    cells = ["plain", "a,b", 'say "hi"', "two\nlines", "", " space ", "007", "é😀שלום", "x\ry"]
    path = tmp_path / "out.csv"
    write_csv(path, ["id", "na,me"], [pa.array([str(i) for i in range(len(cells))]), pa.array(cells)])
    with path.open(encoding="utf-8", newline="") as source:
        rows = list(csv.reader(source))
    assert rows == [["id", "na,me"], *([str(i), cell] for i, cell in enumerate(cells))]
    assert path.read_bytes().endswith(b"\r\n")


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd", "\t=1", "\r=1", '=HYPERLINK("http://x")'])
def test_a_formula_becomes_text(text):
    safe, count = make_harmless(pa.array([text]))
    assert (safe.to_pylist(), count) == (["'" + text], 1)


@pytest.mark.parametrize(
    "text",
    [
        "-5",
        "-2.5",
        "+49 170 1234567",
        "+1 (555) 010-9999",
        "-1,234.50",
        "-12 %",
        "-1e-5",
        "-",
        "--",
        "a=b",
        "x@example.org",
        "3-4",
        "(5)",
        "+44-20-7946",
    ],
)
def test_signs_that_mean_no_harm_stay(text):
    assert make_harmless(pa.array([text]))[0].to_pylist() == [text]
    assert make_harmless(pa.array([text]).dictionary_encode())[1] == 0


def test_repeated_texts_are_counted_by_row():
    assert make_harmless(pa.array(["=1", "a", "=1"]).dictionary_encode())[1] == 2


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "out.csv"
    path.write_text("old")

    def full(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(UnavailableError, match="No space left"):
        write_csv(path, ["a"], [pa.array(["1"])])
    assert path.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["out.csv"]


def test_a_folder_that_does_not_exist_is_a_sentence(tmp_path):
    with pytest.raises(UnavailableError, match="cannot be written"):
        write_csv(tmp_path / "no" / "out.csv", ["a"], [pa.array(["1"])])


def test_missing_values_are_empty_cells():
    assert as_texts([1, None, 3]).to_pylist() == ["1", "", "3"]


@settings(deadline=None, max_examples=200)
@given(
    st.lists(
        st.lists(st.text(alphabet=st.characters(exclude_categories=("Cs",), exclude_characters="\x00")), min_size=2, max_size=2),
        min_size=1,
        max_size=10,
    )
)
def test_no_cell_can_start_a_formula_and_nothing_else_changes(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("csv") / "out.csv"
    write_csv(path, ["a", "b"], [pa.array(column, pa.string()) for column in zip(*rows, strict=True)])
    with path.open(encoding="utf-8", newline="") as source:
        back = list(csv.reader(source))[1:]
    for row, original in zip(back, rows, strict=True):
        for cell, text in zip(row, original, strict=True):
            assert cell == text or cell == "'" + text
            assert not cell.startswith(("=", "@", "\t", "\r"))
