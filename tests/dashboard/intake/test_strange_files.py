"""Files as people send them: one broken character, packed, one column, names that are missing, options that cannot fit."""

from __future__ import annotations

import gzip
import io
import json
import lzma
import os
import signal
import zipfile

import pytest

from dashboard.intake.answer import load_table
from dashboard.intake.child import read
from dashboard.intake.reader import start_reading
from segmentation.errors import AppError

TEXT = b"id,name,n\n007,a,2\n008,b,3\n"


@pytest.fixture
def reading(tmp_path):
    def run(content, name="file.csv", **options):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        folder = tmp_path / "answer"
        folder.mkdir(exist_ok=True)
        request = dict.fromkeys(("sheet", "encoding", "delimiter", "header_row"))
        read({**request, "path": str(path), "name": name, "folder": str(folder), **options})
        return load_table(folder, json.loads((folder / "answer.json").read_text(encoding="utf-8")))

    return run


def cells(table):
    return [list(row.values()) for row in table.columns.to_pylist()]


def codes(table):
    return [finding.code for finding in table.findings]


def zipped(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        ("id;jméno\n1;Příliš žluťoučký kůň\n2;Dvořák\n", "cp1250", "cp1250"),
        ("id;imię\n1;Łukasz Wąż\n2;Żółć\n", "cp1250", "cp1250"),
        ("id;nom\n1;Élève à où\n2;Ma sœur, très\n", "cp1252", "cp1252"),
        ("id;navn\n1;Søren Kjær\n2;Åse\n", "cp1252", "cp1252"),
        ("id;n\n1;¿qué? 3º\n2;Ñoño 1ª\n", "cp1252", "cp1252"),
        ("id;price;unit\n1;£5;m³\n2;£6;x²\n", "cp1252", "cp1252"),
        ("id;n\n1;a\x81ü\n2;für Öl, Größe\n", "latin-1", "latin-1"),
    ],
)
def test_single_byte_encodings(reading, text, encoding, found):
    table = reading(text.encode(encoding))
    assert table.dialect.encoding == found
    assert cells(table) == [line.split(";") for line in text.splitlines()[1:]]


def test_one_broken_character_does_not_garble_the_rest(reading):
    table = reading("id,name\n1,Müller\n2,b".encode() + b"\xff" + "\n3,Jürg\n".encode())
    assert cells(table) == [["1", "Müller"], ["2", "b\ufffd"], ["3", "Jürg"]]
    assert (table.dialect.encoding, codes(table), table.findings[0].count) == ("utf-8", ["broken_characters"], 1)


@pytest.mark.parametrize(
    "lines",
    [
        ["url", "http://a.example/x?y=1", "http://b.example/z"],
        ["amount", "1,50", "2.000,75"],
        ["name", "Anna Berg", "Tom Hill", "Eva Long"],
        ["comment", "Hello, you", "This, is, bad", "fine"],
        ["time", "12:30", "13:40", "14:50"],
    ],
)
def test_one_column_stays_one(reading, lines):
    table = reading("\n".join(lines))
    assert (table.headers, cells(table)) == ((lines[0],), [[line] for line in lines[1:]])


def test_rows_that_end_with_a_delimiter_keep_the_header(reading):
    table = reading("id,name\n1,a,\n2,b,\n")
    assert (table.headers, cells(table)) == (("id", "name", "Column 3"), [["1", "a", ""], ["2", "b", ""]])


def test_rows_of_blanks_are_blank_however_many_cells(reading):
    table = reading("id,name,n\r\n1,a,2\r\n \r\n,\r\n2,b,3")
    assert (table.row_numbers.tolist(), table.unreadable) == ([2, 5], ())


def test_what_stands_above_the_table_is_said(reading):
    table = reading('"Report\nof May"\n\nid,name,n\n1,a,2\n2,b,3\n')
    assert (codes(table), table.findings[0].count, table.row_numbers.tolist()) == (["rows_above_table"], 1, [4, 5])


@pytest.mark.parametrize("delimiter", [",,", '"', "a", "\n", "§"])
def test_what_cannot_separate_is_refused(reading, delimiter):
    with pytest.raises(AppError) as caught:
        reading(TEXT, delimiter=delimiter)
    assert caught.value.code == "unknown_delimiter"


def test_a_header_row_that_is_not_there_is_refused(reading):
    with pytest.raises(AppError) as caught:
        reading(TEXT, header_row=99)
    assert caught.value.code == "no_such_row"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv.gz", gzip.compress(TEXT, mtime=0)),
        ("a.csv.xz", lzma.compress(TEXT)),
        ("a.zip", zipped({"a.csv": TEXT, "__MACOSX/._a.csv": b"x"})),
    ],
)
def test_a_packed_text_is_read(reading, name, content):
    assert cells(reading(content, name)) == [["007", "a", "2"], ["008", "b", "3"]]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (gzip.compress(bytes(40 << 20), mtime=0), "packed_bomb"),
        (gzip.compress(TEXT * 1000, mtime=0)[:-9], "damaged_archive"),
        (lzma.compress(TEXT)[:-9], "damaged_archive"),
        (gzip.compress(gzip.compress(TEXT, mtime=0), mtime=0), "not_a_table"),
        (gzip.compress(b"", mtime=0), "empty_file"),
        (zipped({"a.csv": TEXT, "b.csv": TEXT}), "several_files"),
        (zipped({"word/document.xml": "<x/>"}), "damaged_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(900), "encrypted_workbook"),
    ],
)
def test_a_package_that_cannot_be_read_says_so_by_its_own_name(reading, content, code):
    with pytest.raises(AppError) as caught:
        reading(content, "mine.gz")
    assert caught.value.code == code
    assert "mine.gz" in str(caught.value)


def test_a_child_killed_in_mid_read_leaves_nothing(tmp_path, monkeypatch):
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    path = tmp_path / "list.csv"
    path.write_bytes(TEXT)
    with start_reading(path) as reading:
        os.kill(reading._child.pid, signal.SIGKILL)
        with pytest.raises(AppError, match="damaged"):
            reading.result()
    with pytest.raises(RuntimeError, match="elsewhere"), start_reading(path):
        raise RuntimeError("elsewhere")
    assert list((tmp_path / "tmp").iterdir()) == []
