"""Zips and ids that a workbook only shows with leading zeros are read as shown where the whole column is, else said."""

from __future__ import annotations

import pytest
import xlsxwriter

from tests.dashboard.intake.test_messy import read_here


@pytest.fixture
def reading(tmp_path):
    def run(rows, formats, name="Data"):
        path = tmp_path / "w.xlsx"
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet(name)
            book.add_worksheet("Other").write_number(0, 0, 5, book.add_format({"num_format": "00000"}))
            for i, row in enumerate(rows):
                for j, cell in enumerate(row):
                    number_format = formats[i][j]
                    sheet.write(i, j, cell, book.add_format({"num_format": number_format}) if number_format else None)
        table = read_here(path, tmp_path / "answer", sheet=name)
        return table.columns.column(table.headers[-1]).to_pylist(), [finding.code for finding in table.findings]

    return run


def test_a_column_shown_with_zeros_is_read_as_shown(reading):
    rows = [["shop"], ["id", "zip"], ["a", 1234], ["b", 80331], ["c", None], ["d", 123456]]
    found = reading(rows, [[""], ["", "00000"], *[["", "00000"]] * 4])
    assert found == (["01234", "80331", "", "123456"], ["rows_above_table", "leading_zeros_restored"])


@pytest.mark.parametrize(
    ("cells", "formats"),
    [
        ([1234, 501], ["00000", "General"]),
        ([1234, 501], ["00000", "0000"]),
        ([1234, "n/a"], ["00000", "00000"]),
        ([1234.5, 501], ["00000", "00000"]),
        ([-12, 501], ["00000", "00000"]),
    ],
)
def test_where_only_some_cells_are_shown_so_it_is_said(reading, cells, formats):
    found, codes = reading([["id", "zip"], ["a", cells[0]], ["b", cells[1]]], [["", ""], ["", formats[0]], ["", formats[1]]])
    assert (found, codes) == ([str(cell) for cell in cells], ["leading_zeros_shown"])


@pytest.mark.parametrize("number_format", ["0.00", "General", "0"])
def test_other_formats_change_and_say_nothing(reading, number_format):
    assert reading([["id", "n"], ["a", 1234]], [["", ""], ["", number_format]]) == (["1234"], [])


def test_the_format_is_taken_from_the_sheet_that_is_read(reading):
    assert reading([["id", "n"], ["a", 1234]], [["", ""], ["", ""]], "A & B") == (["1234"], [])
    assert reading([["id", "n"], ["a", 1234]], [["", ""], ["", "000000"]], "A & B") == (["001234"], ["leading_zeros_restored"])
