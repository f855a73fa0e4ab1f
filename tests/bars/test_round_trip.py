"""B3: a file goes in and comes out labelled, and not a character of it has changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.bars.programs import Inside
from tests.bars.round_trip import as_csv, as_xlsx, check_cells, people, there_and_back
from tests.conftest import Run

N = 10_000
ROWS = people(N)
FILES = {"people.csv": as_csv, "people.xlsx": as_xlsx}


@pytest.mark.parametrize("name", FILES)
def test_by_command_line(dashboard: Callable[..., Run], tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name](ROWS))
    done = dashboard("segment", path, "--k", "3")
    assert done.status == 0, done.stderr
    assert check_cells(ROWS, done.labelled_bytes.decode("utf-8-sig")) == N * 9


@pytest.mark.parametrize("name", FILES)
def test_through_the_store(client: FlaskClient, name: str) -> None:
    assert there_and_back(Inside(client), ROWS, FILES[name](ROWS), name) == N * 9


@pytest.mark.parametrize(("before", "after"), [("0049170123", "49170123"), ("👩‍👩‍👧 Fam. 🎉", "? Fam. ?"), ("0.10", "0.1"), ("NA", "")])
def test_the_check_sees_a_cell_that_was_changed(before: str, after: str) -> None:
    rows = people(200)
    labelled = as_csv(rows).decode()
    assert check_cells(rows, labelled) == 200 * 9
    assert before in labelled
    with pytest.raises(AssertionError, match="cells changed"):
        check_cells(rows, labelled.replace(f",{before},", f",{after},").replace(f",{before}\n", f",{after}\n"))


def test_the_check_sees_a_row_that_is_gone() -> None:
    rows = people(200)
    with pytest.raises(AssertionError, match="200 customers went in, 199 came out"):
        check_cells(rows, as_csv(rows[1:]).decode())
