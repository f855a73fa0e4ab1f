"""Every messy file of our own comes back cell by cell."""

from __future__ import annotations

import json

import pytest

from dashboard.intake.answer import load_table
from dashboard.intake.child import read
from tests.dashboard.intake.messy import Messy, variants

VARIANTS = variants()


def read_here(path, folder, **options):
    """Read as the child does, without its limits."""
    folder.mkdir(exist_ok=True)
    request = dict.fromkeys(("sheet", "encoding", "delimiter", "header_row"))
    read({**request, "path": str(path), "name": path.name, "folder": str(folder), **options})
    return load_table(folder, json.loads((folder / "answer.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize("messy", VARIANTS, ids=lambda messy: messy.name)
def test_messy_files_come_back_cell_by_cell(tmp_path, messy: Messy):
    path = tmp_path / messy.file
    path.write_bytes(messy.content)
    table = read_here(path, tmp_path / "answer")
    assert table.headers == messy.header
    assert [tuple(row.values()) for row in table.columns.to_pylist()] == list(messy.rows)
    assert tuple(row.row for row in table.unreadable) == messy.aside
    assert (table.dialect.header_row is not None) == messy.has_header


def test_there_are_enough_of_them_and_each_has_its_name():
    assert len({messy.name for messy in VARIANTS}) == len(VARIANTS) >= 40
