"""The reader: cells to the character, rows by their number, and one sentence for what cannot be read.

Most tests run the child's own function in this process; a few start the child itself.
"""

from __future__ import annotations

import csv
import datetime
import io
import itertools
import json
import random
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.intake.answer import load_table
from dashboard.intake.child import read
from dashboard.intake.reader import Limits, ReadOptions, read_file, start_reading
from segmentation.errors import AppError, TooLargeError

HEADER = ["id", "name", "bought", "amount"]
ROWS = [
    ["007", "Müller, Anna", "2024-01-31", "12.50"],
    ["12345678901234567", 'the "best"', "2024-02-01", "-3"],
    ["+49 170 1", "Null", "", "1,234.50"],
    ["x9", "NA", "2024-02-03", "0"],
]


def in_process(path: Path, folder: Path, **options):
    """Read as the child does, without its limits."""
    request = {
        "path": str(path),
        "name": path.name,
        "folder": str(folder),
        "sheet": None,
        "encoding": None,
        "delimiter": None,
        "header_row": None,
    }
    read({**request, **options})
    return load_table(folder, json.loads((folder / "answer.json").read_text(encoding="utf-8")))


def cells(table):
    return [list(row.values()) for row in table.columns.to_pylist()]


@pytest.fixture
def reading(tmp_path):
    def run(content: bytes | str, name: str = "file.csv", **options):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        folder = tmp_path / "answer"
        folder.mkdir(exist_ok=True)
        return in_process(path, folder, **options)

    return run


def written(delimiter, quoting, end, rows=ROWS, header=HEADER):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=end)
    writer.writerows([header, *rows] if header else rows)
    return out.getvalue()


VARIANTS = list(
    itertools.product(
        (",", ";", "\t", "|"),
        (csv.QUOTE_MINIMAL, csv.QUOTE_ALL),
        ("\n", "\r\n", "\r"),
        ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"),
    )
)


@pytest.mark.parametrize(("delimiter", "quoting", "end", "encoding"), VARIANTS)
def test_variants_come_back_cell_by_cell(reading, delimiter, quoting, end, encoding):
    if end == "\r" and encoding == "cp1252":
        pytest.skip("a file with old Mac line ends is read as Mac Roman")
    table = reading(written(delimiter, quoting, end).encode(encoding))
    assert list(table.headers) == HEADER
    assert cells(table) == ROWS
    assert table.row_numbers.tolist() == [2, 3, 4, 5]
    assert table.dialect.delimiter == delimiter


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        ("id;Straße\n1;Größe\n2;Bär\n3;für\n", "cp1252", "cp1252"),
        ("id,città\n1,perché\n", "mac_roman", "mac_roman"),
        ("id,имя\n" + "1,Анна Каренина и другие люди\n" * 30, "cp1251", "cp1251"),
        ("id,名前\n" + "1,山田太郎さんと花子\n" * 30, "shift_jis", ("shift_jis", "cp932")),
        ("id,price\n1,5 €\n", "cp1252", "cp1252"),
    ],
)
def test_encodings_are_told_apart(reading, text, encoding, found):
    content = text.replace("\n", "\r") if encoding == "mac_roman" else text
    table = reading(content.encode(encoding))
    assert table.dialect.encoding in (found if isinstance(found, tuple) else (found,))
    assert cells(table)[0][1] == text.split("\n")[1].replace(";", ",").split(",")[1]


def test_spaces_separate_when_nothing_else_does(reading):
    table = reading(" id   when n\r\n 00001 19970101  1\r\n 00002 19970112  12\r\n")
    assert (table.dialect.delimiter, list(table.headers)) == (" ", ["id", "when", "n"])
    assert cells(table) == [["00001", "19970101", "1"], ["00002", "19970112", "12"]]


def test_row_numbers_are_those_of_a_spreadsheet(reading):
    table = reading('Sales of May\n\na,b\n1,2\n\n3\n4,5,6\n"x\ny",7\n\n8,9')
    assert table.dialect.header_row == 3
    assert table.row_numbers.tolist() == [4, 8, 10]
    assert [(row.row, row.reason) for row in table.unreadable] == [
        (6, "has 1 cells, the header has 2"),
        (7, "has 3 cells, the header has 2"),
    ]


def test_a_header_with_a_line_break(reading):
    table = reading('id,"total\namount"\n1,5\n2,6\n')
    assert list(table.headers) == ["id", "total amount"]
    assert table.row_numbers.tolist() == [2, 3]


def test_no_header_is_a_question(reading):
    table = reading("00004 0001 19970101  2   29.33\n00004 0001 19970118  2   29.73\n")
    assert list(table.headers) == [f"Column {i}" for i in range(1, 6)]
    assert table.row_numbers.tolist() == [1, 2]
    assert [finding.code for finding in table.findings] == ["no_header"]


def test_repeated_and_empty_headers_are_named(reading):
    table = reading("id,name,name,\n1,a,b,c\n2,d,e,f\n")
    assert list(table.headers) == ["id", "name", "name (2)", "Column 4"]
    assert [finding.code for finding in table.findings] == ["columns_renamed"]


def test_sep_line_decides(reading):
    table = reading("sep=|\nid|note\n1|a,b;c\n2|d,e;f\n")
    assert (table.dialect.delimiter, cells(table)) == ("|", [["1", "a,b;c"], ["2", "d,e;f"]])


def test_an_unclosed_quote_swallows_nothing_in_silence(reading):
    table = reading('id,name,n\n1,a,5\n2,"open,6\n3,c,7\n4,d,8\n')
    assert table.n_rows + len(table.unreadable) == 4
    assert [finding.code for finding in table.findings] == ["unclosed_quote"]


def test_a_cell_may_hold_line_breaks(reading):
    table = reading('id,address\n1,"12 High Street\nLondon"\n2,"x\r\ny"\n')
    assert cells(table) == [["1", "12 High Street\nLondon"], ["2", "x\r\ny"]]


def test_a_decimal_comma_does_not_separate(reading):
    table = reading("id;betrag\n1;1.234,50\n2;7,00\n3;12,00\n")
    assert (table.dialect.delimiter, cells(table)[0]) == (";", ["1", "1.234,50"])


def test_one_column_only(reading):
    assert cells(reading("email\na@example.org\nb@example.org\n")) == [["a@example.org"], ["b@example.org"]]


@pytest.mark.parametrize(
    ("content", "name", "options", "code"),
    [
        (b"", "a.csv", {}, "empty_file"),
        (b" \n \n", "a.csv", {}, "empty_file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "a.csv", {}, "not_a_table"),
        (b"%PDF-1.7 ...", "a.xlsx", {}, "not_a_table"),
        (b"a,b\n1,\x00\x00\x00\x01\x02\n" * 9, "a.csv", {}, "not_a_table"),
        (b"id,n\n1,2\n", "a.xlsx", {}, "workbook_as_text"),
        (b"PK\x03\x04 not a zip", "a.xlsx", {}, "damaged_workbook"),
        (b"\xd0\xcf\x11\xe0 not a workbook", "a.xls", {}, "damaged_workbook"),
        (b"id,n\n1,2\n", "a.csv", {"encoding": "klingon"}, "unknown_encoding"),
        (b"id,n\n1,\xff\xfe2\n", "a.csv", {"encoding": "utf-8"}, "wrong_encoding"),
        (b"id,n\n1,2\n", "a.csv", {"delimiter": "|"}, "wrong_delimiter"),
        (b"id,n\n1,2\n", "a.csv", {"sheet": "S"}, "no_such_sheet"),
        (b",".join(b"c%d" % i for i in range(3000)) + b"\n" + b"1," * 2999 + b"1\n", "a.csv", {}, "too_wide"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(reading, content, name, options, code):
    with pytest.raises(AppError) as caught:
        reading(content, name, **options)
    assert caught.value.code == code
    assert "Traceback" not in str(caught.value)


def test_a_workbook_gives_the_texts_of_the_csv(tmp_path):
    path = tmp_path / "w.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Data")
        book.add_worksheet("Notes").write(0, 0, "nothing")
        when = book.add_format({"num_format": "d.m.yyyy"})
        moment = book.add_format({"num_format": "d.m.yyyy hh:mm"})
        sheet.write(0, 0, "Customers of May")
        for column, name in enumerate(["id", "n", "f", "day", "moment", "yes"]):
            sheet.write(2, column, name)
        for row, (name, f) in enumerate([("007", 0.1 + 0.2), ("NA", 2.55), ("+49", 17850.0)], start=3):
            sheet.write_string(row, 0, name)
            sheet.write_number(row, 1, 17850.0)
            sheet.write_number(row, 2, f)
            sheet.write_datetime(row, 3, datetime.date(2024, 1, 31), when)
            sheet.write_datetime(row, 4, datetime.datetime(2024, 1, 31, 8, 26), moment)  # noqa: DTZ001
            sheet.write_boolean(row, 5, True)
    table = in_process(path, _folder(tmp_path))
    assert list(table.headers) == ["id", "n", "f", "day", "moment", "yes"]
    assert [row[:3] for row in cells(table)] == [["007", "17850", "0.3"], ["NA", "17850", "2.55"], ["+49", "17850", "17850"]]
    assert cells(table)[0][3].startswith("2024-01-31")
    assert cells(table)[0][4:] == ["2024-01-31 08:26:00", "true"]
    assert table.row_numbers.tolist() == [4, 5, 6]
    assert (table.dialect.sheet, table.dialect.header_row) == ("Data", 3)
    assert [finding.code for finding in table.findings] == ["other_sheets", "rows_above_table"]
    with pytest.raises(AppError, match='"Data", "Notes"'):
        in_process(path, _folder(tmp_path), sheet="Nope")
    assert in_process(path, _folder(tmp_path), sheet="Notes").headers == ("nothing",)


def _folder(tmp_path):
    folder = tmp_path / "answer"
    folder.mkdir(exist_ok=True)
    return folder


def test_hidden_sheets_are_not_read_by_themselves(tmp_path):
    path = tmp_path / "w.xlsx"
    with xlsxwriter.Workbook(path) as book:
        hidden, shown = book.add_worksheet("Old"), book.add_worksheet("New")
        hidden.write_row(0, 0, ["x"])
        shown.write_row(0, 0, ["id", "n"])
        shown.write_row(1, 0, ["a", 1])
        shown.activate()
        shown.set_first_sheet()
        hidden.hide()
    assert in_process(path, _folder(tmp_path)).dialect.sheet == "New"


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"xl/worksheets/sheet1.xml": b"<x>" + b" " * (60 << 20)}, "workbook_bomb"),
        ({"xl/workbook.xml": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'}, "hostile_workbook"),
        ({f"xl/part{i}.bin": b"" for i in range(6000)}, "workbook_bomb"),
        ({"word/document.xml": b"<x/>"}, "damaged_workbook"),
    ],
)
def test_hostile_archives_are_refused_before_they_are_unpacked(tmp_path, parts, code):
    path = tmp_path / "w.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    with pytest.raises(AppError) as caught:
        in_process(path, _folder(tmp_path))
    assert caught.value.code == code


def test_the_child_hands_over_and_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    path = tmp_path / "list.csv"
    path.write_text("id,n\n1,2\n")
    assert cells(read_file(path)) == [["1", "2"]]
    with pytest.raises(AppError, match="is empty"):
        read_file(_made(tmp_path / "empty.csv", b""))
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_child_over_its_memory_is_one_sentence(tmp_path):
    path = _made(tmp_path / "big.csv", b"id,n\n" + b"".join(b"%d,%d\n" % (i, i) for i in range(400_000)))
    with pytest.raises(TooLargeError, match="more memory"):
        read_file(path, limits=Limits(memory_bytes=24 << 20))


def test_a_child_that_takes_too_long_is_stopped(tmp_path):
    path = _made(tmp_path / "a.csv", b"id,n\n1,2\n")
    with start_reading(path, ReadOptions(), Limits(seconds=0)) as reading, pytest.raises(TooLargeError, match="seconds"):
        reading.result()


def _made(path, content):
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("seed", range(60))
def test_a_broken_file_is_read_or_refused_and_every_row_counted(tmp_path, seed):
    rng = random.Random(seed)
    content = bytearray(written(rng.choice(",;\t|"), csv.QUOTE_MINIMAL, rng.choice(["\n", "\r\n"]), ROWS * 20).encode())
    for _ in range(rng.randint(1, 8)):
        at = rng.randrange(len(content))
        kind = rng.randrange(4)
        if kind == 0:
            content[at] = rng.randrange(256)
        elif kind == 1:
            del content[at : at + rng.randint(1, 40)]
        elif kind == 2:
            content[at:at] = rng.choice([b'"', b",", b";", b"\n", b"\r", b"\x00", b"\\", b"\xff", b"'"])
        else:
            content = content[: max(at, 1)]
    path = _made(tmp_path / "broken.csv", bytes(content))
    try:
        table = in_process(path, _folder(tmp_path))
    except AppError:
        return
    numbers = [*table.row_numbers.tolist(), *(row.row for row in table.unreadable)]
    assert len(numbers) == len(set(numbers))
    assert table.columns.num_rows == table.row_numbers.size


words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters='"'), min_size=0, max_size=12)
typed = st.one_of(
    words,
    st.integers(-(10**6), 10**6).map(str),
    st.decimals(-1000, 1000, places=2).map(str),
    st.dates().map(str),
    st.sampled_from(["007", "NA", "null", "+49 170 555", "a,b", "x;y"]),
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(1, 10**9).map(str), typed, st.integers(0, 999).map(str)), min_size=3, max_size=25),
    st.sampled_from(",;\t|"),
)
def test_random_tables_come_back(tmp_path, rows, delimiter):
    content = written(delimiter, csv.QUOTE_ALL, "\r\n", rows, ["id", "what", "n"])
    table = in_process(_made(tmp_path / "t.csv", content.encode()), _folder(tmp_path))
    assert cells(table) == [list(row) for row in rows]
