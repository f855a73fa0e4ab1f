"""B1 and B2: files broken by hand and by chance are read or refused in words for a person, and every row is accounted for."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests.bars.bombs import bombs
from tests.bars.broken import Broken
from tests.bars.hand_made import texts
from tests.bars.hand_packed import packed
from tests.bars.judging import check_account, check_expected, check_rejected, check_words, walk
from tests.bars.mutations import mutated, sound_files
from tests.bars.programs import Inside
from tests.bars.reading import judge_here, read_here
from tests.conftest import Run
from tests.dashboard.api.conftest import working

HAND_MADE = [*texts(), *packed()]


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("file", HAND_MADE, ids=lambda file: file.name)
def test_broken_by_hand(file: Broken, tmp_path: Path) -> None:
    check_expected(file, judge_here(file, tmp_path))


@pytest.mark.parametrize("file", list(mutated()), ids=lambda file: file.name)
def test_broken_by_chance(file: Broken, tmp_path: Path) -> None:
    judge_here(file, tmp_path)


@pytest.mark.parametrize("file", list(bombs()), ids=lambda file: file.name)
def test_a_bomb_is_refused(file: Broken, tmp_path: Path) -> None:
    check_expected(file, judge_here(file, tmp_path))


def test_before_they_were_broken_they_could_be_read(tmp_path: Path) -> None:
    for name, content in sound_files().items():
        folder = tmp_path / name
        folder.mkdir()
        assert judge_here(Broken(name, name, lambda content=content: content), folder)[0] == "read", name


def test_there_are_enough_of_them() -> None:
    files = [*HAND_MADE, *mutated()]
    assert len(HAND_MADE) >= 60
    assert len(files) >= 300
    assert len({file.name for file in files}) == len(files)
    assert len(list(bombs())) >= 10


@pytest.mark.parametrize("file", [*HAND_MADE, *mutated()][::40], ids=lambda file: file.name)
def test_the_same_through_the_service(file: Broken, local_app: Flask, tmp_path: Path) -> None:
    with working(local_app.extensions["clientele"]):
        found = walk(Inside(local_app.test_client()), file)
    check_expected(file, found)
    assert found[0] == judge_here(file, tmp_path)[0]


BY_COMMAND = ("a cell too many", "a zip of a workbook")


@pytest.mark.parametrize("file", [file for file in HAND_MADE if file.name in BY_COMMAND], ids=lambda file: file.name)
def test_the_same_by_command_line(file: Broken, dashboard: Callable[..., Run], tmp_path: Path) -> None:
    path = tmp_path / file.file
    path.write_bytes(file.make())
    done = dashboard("segment", path, "--k", "2")
    assert done.status == 0, done.stderr
    account = done.report["dataset"]
    check_account(account["rows_read"], account["rows_kept"], account["rows_rejected"], account["receipt"])
    with (done.folder / "rejected.csv").open(encoding="utf-8-sig", newline="") as lines:
        check_rejected(list(csv.reader(lines)), account["rows_rejected"])


@pytest.mark.parametrize("name", ["locked by a password", "no customer has an id"])
def test_the_command_line_refuses_in_one_sentence(name: str, dashboard: Callable[..., Run], tmp_path: Path) -> None:
    (file,) = [file for file in HAND_MADE if file.name == name]
    path = tmp_path / file.file
    path.write_bytes(file.make())
    done = dashboard("segment", path)
    assert (done.status, list(done.folder.iterdir())) == (2, [])
    check_words(done.stderr.replace(str(path), path.name))
    assert "\n" not in done.stderr.strip()


def test_more_columns_than_can_be_kept_are_told_at_the_first_look(local_app: Flask) -> None:
    header, row = ",".join(f"c{i}" for i in range(450)), ",".join(str(i % 7) for i in range(450))
    wide = Broken("450 columns", "a.csv", lambda: f"Customer,{header}\n".encode() + b"".join(f"k{i},{row}\n".encode() for i in range(30)))
    with working(local_app.extensions["clientele"]):
        assert walk(Inside(local_app.test_client()), wide) == ("stopped", "too_many_columns")


def test_zeros_in_utf_16_are_marked(tmp_path: Path) -> None:
    raw = read_here("Customer,Amount\nc\0 1,5\nc2,6\n".encode("utf-16"), "a.csv", tmp_path)
    assert raw.text("Customer", 0) == "c\ufffd 1"
