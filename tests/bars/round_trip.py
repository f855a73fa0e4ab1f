"""B3: cells that programs like to change, and the search for one that was."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Sequence

import xlsxwriter

from tests.bars.programs import Program, finished

HEADER = ("Customer ID", "Name", "Phone", "Zip", "Loyalty number", "Age", "Total spend", "Number of orders", "Remark")
_NAMES = (
    *("Null", "NA", "None", "TRUE", "1e5", "Ñandú Öz", "שלום עולם", "محمد علي", "山田太郎", "👩‍👩‍👧 Fam. 🎉"),
    *('O\'Neil, "Tom"', "e\u0301 é", "  two  spaces", "\u200fright"),
)
_PHONES = ("+49 (0)170 0012345", "0049170123", "01.02.03.04.05", "030/123-45", "", "5551234567")
_REMARKS = (
    *("", "N/A", "-", "?", "#REF!", "1,5", "1.50", "01/02/2024", "2024-01-02", "12:30", "007", "0", "0.10", "1E+10", "50 %"),
    *("first\nsecond", "a;b\tc", "\ufeffmark", "\u202eturned"),
)


def people(n: int, seed: int = 1) -> list[tuple[str, ...]]:
    """Return rows of a customer list."""
    draw = random.Random(seed)
    return [
        (
            f"{i:07}",
            draw.choice(_NAMES),
            draw.choice(_PHONES),
            f"{draw.randrange(100_000):05}",
            f"{draw.randrange(10**16, 10**17)}",
            str(draw.randint(18, 90)),
            f"{draw.randint(1, 90_000) / 100:.2f}",
            str(draw.randint(1, 30)),
            draw.choice(_REMARKS),
        )
        for i in range(n)
    ]


def as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    """Return them as a text."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([HEADER, *rows])
    return out.getvalue().encode()


def as_xlsx(rows: Sequence[Sequence[str]]) -> bytes:
    """Return them as a workbook of texts."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        for i, row in enumerate((HEADER, *rows)):
            for j, cell in enumerate(row):
                sheet.write_string(i, j, cell)
    return out.getvalue()


def check_cells(rows: Sequence[Sequence[str]], labelled: str) -> int:
    """Compare every cell with the labelled file; returns how many there were."""
    header, *lines = csv.reader(io.StringIO(labelled, newline=""))
    # First the id, whatever the file calls it, then what was worked out, then the file's other columns under their own names.
    places = [0, *(header.index(name) for name in HEADER[1:])]
    found = {line[places[0]]: line for line in lines}
    if len(lines) != len(rows) or len(found) != len(rows):
        raise AssertionError(f"{len(rows)} customers went in, {len(lines)} came out, {len(found)} of them different")
    changed = [
        (name, cell, found[row[0]][place])
        for row in rows
        for name, cell, place in zip(HEADER, row, places, strict=True)
        if found[row[0]][place] != cell
    ]
    if changed:
        raise AssertionError(f"{len(changed)} cells changed, first {changed[0]}")
    return len(rows) * len(HEADER)


def there_and_back(program: Program, rows: Sequence[Sequence[str]], content: bytes, name: str) -> int:
    """Import a file, segment it, fetch the labelled customers and compare every cell."""
    upload = program.ask("POST", "/uploads", content, **{"X-Filename": name}).json
    asked = program.ask("POST", "/datasets", json.dumps({"upload_id": upload["upload_id"]}).encode())
    dataset = finished(program, asked.json["job_id"])["result"]["dataset_id"]
    asked = program.ask("POST", "/runs", json.dumps({"dataset_id": dataset, "recipe": {"n_clusters": 3}}).encode())
    run = finished(program, asked.json["job_id"])["result"]["run_id"]
    labelled = program.ask("GET", f"/runs/{run}/customers.csv").content.decode("utf-8-sig")
    return check_cells(rows, labelled)
