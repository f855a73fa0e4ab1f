"""The sheets of workbooks of every kind: which are offered, and which is read when nobody says."""

from __future__ import annotations

import pytest

from segmentation.errors import AppError
from tests.dashboard.intake import messy_workbooks
from tests.dashboard.intake.test_messy import read_here

TABLE = (("id", "n"), *((f"a{i}", i) for i in range(3)))
LONG = (("id", "n"), *((f"b{i}", i) for i in range(40)))
BOOKS = {"xlsx": messy_workbooks.xlsx, "ods": messy_workbooks.ods, "xls": messy_workbooks.xls}


@pytest.fixture(params=BOOKS)
def reading(request, tmp_path):
    def run(sheets, hidden=None, **options):
        path = tmp_path / f"book.{request.param}"
        path.write_bytes(BOOKS[request.param](sheets, hidden=hidden))
        return read_here(path, tmp_path / "answer", **options)

    return run


def test_shown_sheets_are_offered_in_their_order(reading):
    table = reading({"Müller & Co": TABLE, "Secret": LONG, "Other": TABLE}, hidden="Secret")
    assert (table.dialect.sheet, table.dialect.sheets) == ("Müller & Co", ("Müller & Co", "Other"))
    assert [finding.message for finding in table.findings] == ['Sheet "Müller & Co" was read; the others are: Other.']


def test_a_sheet_that_was_asked_for_is_read_even_if_hidden(reading):
    table = reading({"One": TABLE, "Two": LONG}, hidden="Two", sheet="Two")
    assert (table.dialect.sheet, table.n_rows, table.dialect.sheets, table.findings) == ("Two", 40, ("One",), ())


def test_a_cover_and_a_small_list_stand_back_for_the_table(reading):
    assert reading({"Cover": (("Report",), ("May",)), "Data": TABLE}).dialect.sheet == "Data"
    assert reading({"About": (("Report", "May"), ("By", "Anna")), "Data": LONG}).dialect.sheet == "Data"
    assert reading({"Data": TABLE, "Notes": (("nothing",),)}).dialect.sheet == "Data"


def test_a_title_and_a_header_further_down_are_found(reading):
    table = reading({"Data": (("Customers of May",), (), ("Shop", "North"), (), *LONG)})
    assert (table.headers, table.n_rows, table.dialect.header_row) == (("id", "n"), 40, 5)
    assert table.row_numbers.tolist()[:2] == [6, 7]


def test_a_sheet_that_is_not_there_is_told_with_those_that_are_shown(reading):
    with pytest.raises(AppError) as caught:
        reading({"One": TABLE, "Old": TABLE, "Two": TABLE}, hidden="Old", sheet="Three")
    assert (caught.value.code, caught.value.detail) == ("no_such_sheet", 'Its sheets are: "One", "Two".')


def test_a_workbook_without_cells_is_said_to_be_empty(reading):
    with pytest.raises(AppError) as caught:
        reading({"One": (), "Two": ()})
    assert caught.value.code == "empty_file"
