"""Zips and ids that a workbook only shows with leading zeros are said."""

from __future__ import annotations

import pytest
import xlsxwriter

from dashboard.intake.zero_formats import zero_findings


@pytest.mark.parametrize(("number_format", "found"), [("00000", ["leading_zeros_shown"]), ("0.00", []), ("General", [])])
def test_zeros_that_are_only_shown(tmp_path, number_format, found):
    path = tmp_path / "w.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["id", "zip"])
        sheet.write_number(1, 1, 1234, book.add_format({"num_format": number_format}))
    assert [finding.code for finding in zero_findings(path)] == found


def test_a_format_that_no_cell_has_is_not_said(tmp_path):
    path = tmp_path / "w.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_number(0, 0, 1234)
        book.add_format({"num_format": "00000"})
    assert zero_findings(path) == []
