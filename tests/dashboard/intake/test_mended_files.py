"""Rows that leave out what is empty, quotation marks that stay open, headers of another length, and text that is no table."""

from __future__ import annotations

import pytest

from dashboard.intake import streams
from segmentation.errors import AppError
from tests.dashboard.intake.test_messy import read_here


@pytest.fixture
def reading(tmp_path):
    def run(content, name="file.csv", **options):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_here(path, tmp_path / "answer", **options)

    return run


def cells(table):
    return [list(row.values()) for row in table.columns.to_pylist()]


def codes(table):
    return [finding.code for finding in table.findings]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_short_rows_are_filled_up_where_most_are_short(reading, monkeypatch, end, encoding):
    monkeypatch.setattr(streams, "_PIECE", 50)
    rows = [
        "id;name;phone;note",
        "1;Anna",
        "",
        '2;"Tom;\n',
        'Hill";55',
        "3;Eva;56;vip;too long",
        "4;Li",
        "5;Bo;;late",
        *[f"{i};x" for i in range(6, 20)],
    ]
    table = reading(end.join(rows).encode(encoding))
    assert table.headers == ("id", "name", "phone", "note")
    assert cells(table)[:4] == [
        ["1", "Anna", "", ""],
        ["2", "Tom;\n" + end + "Hill", "55", ""],
        ["4", "Li", "", ""],
        ["5", "Bo", "", "late"],
    ]
    assert table.row_numbers.tolist()[:4] == [2, 4, 6, 7]
    assert [(row.row, row.reason) for row in table.unreadable] == [(5, "has 5 cells, the header has 4")]
    assert (codes(table), table.findings[0].count) == (["short_rows"], 17)


def test_a_few_short_rows_are_set_aside_not_filled_up(reading):
    table = reading("id,name,n\n1,a,5\n2,b\n3,c,7\n4,d,8\n5\n")
    assert (cells(table), [row.row for row in table.unreadable]) == ([["1", "a", "5"], ["3", "c", "7"], ["4", "d", "8"]], [3, 6])


def test_a_wide_title_is_no_header(reading):
    table = reading("Shop;North;May;Draft\nid;name;n\n1;Anna;5\n2;Tom;6\n3;Eva;7\n")
    assert (table.headers, codes(table)) == (("id", "name", "n"), ["rows_above_table"])


def test_numbers_without_a_header_need_to_count_the_rows(reading):
    assert reading("id,n\n1,a7,5\n2,a8,6\n3,a9,7\n").headers == ("Column 1", "id", "n")
    assert codes(reading("id,n\n9,a7,5\n2,a8,6\n7,a9,7\n"))[0] == "no_header"


@pytest.mark.parametrize(
    ("last", "opened"),
    [('3,c,"open', True), ('3,c,"', True), ('3,c,"open ""x""\n', True), ('3,"c,9\n', True), ("3,c,\"open'\r\n", True)],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
def test_a_quote_opened_in_the_last_row_is_said(reading, last, opened, encoding):
    table = reading(f'id,name,n\n1,"a, b",5\n2,b,6\n{last}'.encode(encoding))
    assert codes(table) == ["unclosed_quote"] * opened
    assert cells(table)[:2] == [["1", "a, b", "5"], ["2", "b", "6"]]
    assert table.n_rows + len(table.unreadable) == 3


@pytest.mark.parametrize("last", ['3,c,"closed"', '3,c,""', '3,c,"a,"""', '3,c,5" disk', '3,c,"two\nlines"\n', '"3","c","x"'])
def test_a_quote_that_is_closed_is_not_said(reading, last):
    assert codes(reading(f'id,name,n\n1,"a, b",5\n2,b,6\n{last}')) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('[{"id": 1, "name": "Anna"},\n {"id": 2, "name": "Tom"}]', "JSON"),
        ('{"id": 1, "name": "Anna"}\n{"id": 2, "name": "Tom"}\n', "JSON"),
        ("<!DOCTYPE html><table><tr><td>1</td></tr></table>", "web page"),
        ('<?xml version="1.0"?><rows><row id="1"/></rows>', "XML"),
    ],
)
def test_text_that_is_no_table_is_refused_by_its_kind(reading, text, kind):
    with pytest.raises(AppError, match=kind) as caught:
        reading(text, "export.txt")
    assert (caught.value.code, "export.txt" in str(caught.value)) == ("not_a_table", True)


@pytest.mark.parametrize("text", ["[id],[n]\n1,2\n3,4\n", '"<b>name",n\nx,1\ny,2\n'])
def test_brackets_in_a_header_are_no_json(reading, text):
    assert len(cells(reading(text))) == 2


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        ("id;nom\n1;Goûter\n2;Bébé\n3;sûr\n", "cp1252", "cp1252"),
        ("id;nome\n1;Opções de João\n2;Camões\n", "cp1252", "cp1252"),
        ("id;nimi\n1;Sõber\n2;Jäääär\n", "cp1252", "cp1252"),
        ("id;név\n1;Fűszer út\n2;Kő\n", "cp1250", "cp1250"),
        ("id;nom\r1;Élève à Orléans\r2;Française\r3;très gênée\r", "mac_roman", "mac_roman"),
        ("id;名前\n1;さくら、もも\n2;カフェ\n", "cp932", "cp932"),
    ],
)
def test_encodings_that_look_alike(reading, text, encoding, found):
    table = reading(text.encode(encoding))
    assert table.dialect.encoding == found
    assert cells(table) == [line.split(";") for line in text.splitlines()[1:]]


def test_backslashes_at_the_end_of_cells_escape_nothing(reading):
    table = reading('id,path,n\n1,"C:\\dir\\",5\n2,"D:\\",6\n3,"say ""hi""",7\n')
    assert cells(table) == [["1", "C:\\dir\\", "5"], ["2", "D:\\", "6"], ["3", 'say "hi"', "7"]]
