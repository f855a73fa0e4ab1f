"""The workbook to fill in: untouched it is refused with a sentence, filled in it is read without a question."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import fastexcel
import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from dashboard.components.upload import template_offer
from dashboard.exports.template import COLUMNS, Kind, explain
from tests.dashboard.api.asking import V1, done, error_of, send

KINDS: tuple[Kind, ...] = ("customers", "transactions")


def filled(blank: bytes, kind: Kind, rows: int = 12) -> bytes:
    """Fill in the template the way a person does: codes as text, dates as dates, numbers as numbers."""
    book = load_workbook(io.BytesIO(blank))
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]] == [column.header for column in COLUMNS[kind]]
    for row in range(rows):
        for place, column in enumerate(COLUMNS[kind], start=1):
            sheet.cell(row + 2, place, value_of(column.header, column.look, column.examples[row % 2], row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def value_of(header: str, look: str, example: str, row: int) -> Any:
    if header == "Customer ID":
        return f"{row // 2 if look == 'log' else row:05}"
    if look == "day":
        return datetime(2025, 3, 1, tzinfo=UTC).replace(tzinfo=None) + timedelta(days=row)
    return float(example) + row if look in ("number", "money") else example


def test_it_says_of_each_column_what_it_means(local: FlaskClient, tmp_path: Path) -> None:
    for kind in KINDS:
        answer = local.get(f"{V1}/template.xlsx?kind={kind}")
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
        path = tmp_path / f"{kind}.xlsx"
        path.write_bytes(answer.data)
        book = fastexcel.read_excel(path)
        assert len(book.sheet_names) == 2
        about = book.load_sheet(1, header_row=None, dtypes="string").to_arrow()
        lines = about.column(0).to_pylist()[1:]
        assert about.num_columns == 1
        assert lines == [f"{column.header}: {explain(column)}" for column in COLUMNS[kind]]
    assert error_of(local.get(f"{V1}/template.xlsx?kind=flowers"), 400)["code"] == "bad_request"


@pytest.mark.parametrize("kind", KINDS)
def test_untouched_it_is_refused_with_a_sentence(client: FlaskClient, kind: Kind) -> None:
    upload = send(client, client.get(f"{V1}/template.xlsx?kind={kind}").data, "template.xlsx")
    assert (upload["error"]["code"], upload["outcome"]) == ("no_rows", None)
    assert "no rows" in upload["error"]["title"]
    assert "Fill in rows" in upload["error"]["fix"]


@pytest.mark.parametrize("kind", KINDS)
def test_filled_in_it_is_read_without_a_question(client: FlaskClient, kind: Kind) -> None:
    upload = send(client, filled(client.get(f"{V1}/template.xlsx?kind={kind}").data, kind), "template.xlsx")
    assert (upload["kind"], upload["error"]) == (kind, None)
    assert [finding["message"] for finding in upload["findings"] if finding["severity"] == "question"] == []
    assert (upload["outcome"]["rows_read"], upload["outcome"]["rows_kept"]) == (12, 12)
    known = {column["header"]: column["role"] for column in upload["columns"]}
    assert known["Customer ID"] == "customer"
    assert known["Zip"] == "zip"
    assert {column["header"]: column["examples"] for column in upload["columns"]}["Zip"][0] == "01067"
    answer = client.post(f"{V1}/datasets", json={"upload_id": upload["upload_id"]})
    assert done(client, answer.json["job_id"])["is_new"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_single_customer_is_found_too(client: FlaskClient, kind: Kind) -> None:
    upload = send(client, filled(client.get(f"{V1}/template.xlsx?kind={kind}").data, kind, rows=1), "template.xlsx")
    assert (upload["rows"], upload["dialect"]["sheet"]) == (1, {"customers": "Customers", "transactions": "Orders"}[kind])


def test_only_the_needed_columns_are_enough(client: FlaskClient) -> None:
    for kind in KINDS:
        book = load_workbook(io.BytesIO(filled(client.get(f"{V1}/template.xlsx?kind={kind}").data, kind)))
        for place, column in enumerate(COLUMNS[kind], start=1):
            if not column.is_needed:
                for row in range(2, 14):
                    book.worksheets[0].cell(row, place).value = None
        out = io.BytesIO()
        book.save(out)
        upload = send(client, out.getvalue(), "template.xlsx")
        assert (upload["kind"], upload["error"], upload["outcome"]["rows_kept"]) == (kind, None, 12)
        assert not [finding for finding in upload["findings"] if finding["severity"] == "question"]


def test_the_page_offers_both() -> None:
    links = [each.href for each in template_offer().children if hasattr(each, "href")]
    assert links == ["/api/v1/template.xlsx?kind=transactions", "/api/v1/template.xlsx?kind=customers"]
