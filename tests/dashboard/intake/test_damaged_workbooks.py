"""Workbooks with flipped bytes are read or refused, never a crash of the reader."""

from __future__ import annotations

import random
from collections import Counter

import xlsxwriter

from dashboard.intake.child import read
from segmentation.errors import AppError


def test_workbooks_with_flipped_bytes(tmp_path):
    path = tmp_path / "w.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        zeros = book.add_format({"num_format": "00000"})
        for row in range(30):
            sheet.write_row(row, 0, [f"id{row}", "x", row])
            sheet.write_number(row, 3, row, zeros)
    sound = path.read_bytes()
    request = dict.fromkeys(("sheet", "encoding", "delimiter", "header_row"))
    outcomes: Counter[str] = Counter()
    for seed in range(100):
        rng = random.Random(seed)
        content = bytearray(sound[: rng.randrange(len(sound))] if seed % 5 == 0 else sound)
        for _ in range(rng.randint(1, 6)):
            content[rng.randrange(len(content))] = rng.randrange(256)
        path.write_bytes(content)
        try:
            read({**request, "path": str(path), "name": path.name, "folder": str(tmp_path)})
            outcomes["read"] += 1
        except AppError as error:
            outcomes[error.code] += 1
    assert outcomes.total() == 100
    assert outcomes["damaged_workbook"] > 50
