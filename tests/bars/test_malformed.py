"""B1 and B2: files broken by hand and by chance are read or refused in words for a person, and every row is accounted for."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from tests.bars.bombs import bombs
from tests.bars.broken import Broken
from tests.bars.hand_made import texts
from tests.bars.hand_packed import packed
from tests.bars.judging import check_expected, walk
from tests.bars.mutations import mutated, sound_files
from tests.bars.programs import Inside
from tests.bars.reading import judge_here
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


@pytest.mark.parametrize("file", [*HAND_MADE, *mutated()][::24], ids=lambda file: file.name)
def test_the_same_through_the_service(file: Broken, local_app: Flask, tmp_path: Path) -> None:
    with working(local_app.extensions["clientele"]):
        found = walk(Inside(local_app.test_client()), file)
    check_expected(file, found)
    assert found[0] == judge_here(file, tmp_path)[0]
