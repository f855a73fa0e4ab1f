"""The command line as a person meets it: files that cannot work get one sentence, status 2, and leave nothing behind."""

from __future__ import annotations

import json
import zipfile

import pytest

LIST = "ID;Age;Spend\n" + "".join(f"c{i:03};{20 + i % 40};{(i % 3) * 1000 + i}\n" for i in range(120))


def png(path):
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4)


def far_corners(path):
    """A workbook of one kilobyte that claims seventeen thousand million cells."""
    sheet = (
        '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{kind}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
            f'xmlns:r="{kind}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{kind}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        archive.writestr("xl/worksheets/sheet1.xml", sheet)


def text(content):
    return lambda path: path.write_text(content, encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "make", "word"),
    [
        ("text.xlsx", text(LIST), "text"),
        ("empty.csv", text(""), "empty"),
        ("header.csv", text("ID,Age,Spend\n"), "row"),
        ("picture.csv", png, "table"),
        ("picture.xlsx", png, "workbook"),
        ("corners.xlsx", far_corners, "XFD1048576"),
        ("one.csv", text("ID,Age,Spend\n1,20,5\n"), "one customer"),
        ("same.csv", text("ID,Age,Spend\n" + "".join(f"{i},30,5\n" for i in range(50))), "same"),
        ("no_customer.csv", text("Weather,Wind\n" + "".join(f"sun,{i}\n" for i in range(50))), "customer"),
        ("missing.csv", lambda path: None, "missing.csv"),
        ("folder.csv", lambda path: path.mkdir(), "folder"),
    ],
)
def test_one_clear_sentence_and_nothing_left(dashboard, tmp_path, name, make, word):
    path = tmp_path / name
    make(path)
    run = dashboard("segment", path)
    assert run.status == 2, run.stdout + run.stderr
    assert word.lower() in run.stderr.lower()
    assert len(run.stderr.strip().splitlines()) == 1
    assert "Traceback" not in run.stderr
    assert run.stdout == ""
    assert list(run.folder.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (("--k", "many"), "--k"),
        (("--k", "1"), "segments"),
        (("--k", "100"), "segments"),
        (("--features", "Colour"), "Colour"),
        (("--map", "customer"), "="),
        (("--map", "shoe=Age"), "shoe"),
        (("--cap", "age=2"), "cap"),
        (("--as-of", "tomorrow"), "--as-of"),
        (("--transform", "magic"), "magic"),
        (("--method", "rfm"), "RFM"),
        (("--decimal", "x"), "decimal"),
        (("--date-order", "xyz"), "order"),
        (("--rules", "tidy=on"), "tidy"),
        (("--rules", "missing_customer=off"), "switched off"),
        (("--encoding", "klingon"), "klingon"),
        (("--customer", "Nobody"), "Nobody"),
        (("--sheet", "Sheet1"), "sheet"),
    ],
)
def test_an_option_that_cannot_work_says_so(dashboard, tmp_path, options, word):
    path = tmp_path / "list.csv"
    path.write_text(LIST)
    run = dashboard("segment", path, *options)
    assert run.status == 2, run.stdout + run.stderr
    assert word in run.stderr
    assert "Traceback" not in run.stderr
    assert list(run.folder.iterdir()) == []


def test_a_place_that_cannot_be_written_to_is_refused_before_the_work(dashboard, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(LIST)
    run = dashboard("segment", path, "--out", str(tmp_path / "no" / "out.csv"))
    assert run.status == 2
    assert "no folder" in run.stderr
    overwrite = dashboard("segment", path, "--out", str(path))
    assert overwrite.status == 2
    assert path.read_text() == LIST


@pytest.mark.parametrize("method", ["kmeans", "hierarchical", "mixture", "rules"])
def test_every_method_labels_everybody(dashboard, tmp_path, method):
    path = tmp_path / "list.csv"
    path.write_text(LIST)
    options = () if method == "rules" else ("--k", "3")
    run = dashboard("segment", path, "--method", method, *options)
    assert run.status == 0, run.stderr
    assert len(run.labelled) == 120
    assert sum(run.sizes) == 120
    assert set(run.labelled["segment_id"]) == {str(segment["segment_id"]) for segment in run.report["run"]["segments"]}


def test_mixed_takes_categories(dashboard, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("ID,Gender,Age\n" + "".join(f"{i},{'mf'[i % 2]},{20 + i % 7 + 30 * (i % 2)}\n" for i in range(100)))
    run = dashboard("segment", path, "--method", "mixed", "--features", "Gender,Age", "--k", "2")
    assert run.status == 0, run.stderr
    pairs = set(zip(run.labelled["Gender"], run.labelled["segment_id"], strict=True))
    assert len(pairs) == 2


def test_inspect_says_what_the_file_seems_to_be(dashboard, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(LIST)
    found = json.loads(dashboard("inspect", path).stdout)
    assert (found["kind"], found["dialect"]["delimiter"], found["rows"]) == ("customers", ";", 120)
    wanted = {"header": "ID", "role": "customer", "examples": ["c000", "c001", "c002", "c003", "c004"], "filled": 1.0, "distinct": 120}
    assert found["columns"][0] == {**wanted, "range": None, "unit": None, "measure": None, "is_sure": True}
    assert found["preview"][0] == {"row": 2, "cells": ["c000", "20", "0"]}


def test_a_file_without_a_customer_can_be_inspected(dashboard, tmp_path):
    path = tmp_path / "weather.csv"
    path.write_text("Weather,Wind\n" + "".join(f"sun,{i}\n" for i in range(50)))
    run = dashboard("inspect", path)
    assert run.status == 0
    assert json.loads(run.stdout)["findings"][-1]["code"] == "no_customer_column"


ORDERS = "order,date,customer,price,quantity\n" + "".join(
    f"{i},2024-{i % 12 + 1:02}-05,c{i % 40:03},{i % 7 + 1}.50,2\n" for i in range(200)
)


def test_the_details_of_customers_stand_beside_their_orders(dashboard, tmp_path):
    (tmp_path / "orders.csv").write_text(ORDERS)
    (tmp_path / "people.csv").write_text("customer id;city\n" + "".join(f"c{i:03};Town {i % 3}\n" for i in range(30)))
    run = dashboard("segment", tmp_path / "orders.csv", "--details", str(tmp_path / "people.csv"), "--k", "2")
    assert run.status == 0, run.stderr
    rows = (run.folder / "labelled.csv").read_text().splitlines()
    assert rows[0].endswith(",city")
    assert [row.rsplit(",", 1)[1] for row in rows[1:]] == [f"Town {i % 3}" if i < 30 else "" for i in range(40)]
    findings = json.loads((run.folder / "report.json").read_text())["dataset"]["findings"]
    codes = {finding["code"]: finding["count"] for finding in findings}
    assert (codes["details_joined"], codes["without_details"]) == (30, 10)


def test_versions_need_the_store(dashboard, tmp_path):
    (tmp_path / "orders.csv").write_text(ORDERS)
    run = dashboard("segment", tmp_path / "orders.csv", "--append-to", "0123456789abcdef")
    assert (run.status, "--store" in run.stderr) == (2, True)


NAMES = "Name,Birth date,Last order,Total spent,Note\n" + "".join(
    f"Person {n % 20},19{50 + n % 40}-0{n % 9 + 1}-02,2024-0{n % 3 + 1}-{n % 28 + 1:02},{10 * n}.50,secret {n}\n" for n in range(60)
)
KEY = ("--customer", "name+birth date", "--leave-out", "Note")


def test_a_key_of_several_columns_and_columns_left_out(dashboard, tmp_path):
    path = tmp_path / "names.csv"
    path.write_text(NAMES)
    run = dashboard("segment", path, *KEY, "--derive", "age=off", "--k", "2")
    assert run.status == 0, run.stderr
    assert len(set(run.labelled["customer_id"])) == len(run.labelled) == run.report["dataset"]["customers"]
    assert run.labelled["customer_id"][0].startswith("Person 0 | 19")
    assert b"secret" not in run.labelled_bytes
    assert {each["name"]: each["is_on"] for each in run.report["dataset"]["derived"]} == {"age": False, "recency_days": True}


def test_the_store_gives_the_same_with_keys_and_columns_left_out(dashboard, tmp_path):
    path = tmp_path / "names.csv"
    path.write_text(NAMES)
    plain = dashboard("segment", path, *KEY, "--k", "2")
    stored = dashboard("segment", path, *KEY, "--k", "2", "--store")
    assert stored.status == 0, stored.stderr
    assert stored.labelled_bytes == plain.labelled_bytes


def test_inspect_takes_what_was_said_about_columns(dashboard, tmp_path):
    path = tmp_path / "names.csv"
    path.write_text(NAMES)
    found = json.loads(dashboard("inspect", path).stdout)
    assert found["keys"] == ["Name+Birth date"]
    chosen = json.loads(dashboard("inspect", path, *KEY, "--derive", "recency_days=off").stdout)
    assert [column["header"] for column in chosen["columns"]][-1] == "Name + Birth date"
    assert "Note" not in [column["header"] for column in chosen["columns"]]
    assert [(each["name"], each["is_on"]) for each in chosen["derived"]] == [("age", True), ("recency_days", False)]


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (("--derive", "shoes=on"), "shoes"),
        (("--derive", "age=maybe"), "neither"),
        (("--leave-out", "Shoes"), "Shoes"),
        (("--customer", "Name+Shoes"), "Shoes"),
    ],
)
def test_what_cannot_be_said_of_columns_is_refused(dashboard, tmp_path, options, word):
    path = tmp_path / "names.csv"
    path.write_text(NAMES)
    run = dashboard("segment", path, *options)
    assert run.status == 2
    assert word in run.stderr
