"""A check that cannot fail is none: each fault that B1, B2 and B4 are about is planted, and seen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask import Flask

from dashboard.exports import rejected
from dashboard.intake import child, packed, reader
from dashboard.intake.answer import find_mark
from dashboard.workflows import uploads
from segmentation import dataset
from segmentation.errors import InvalidInputError, TooLargeError
from segmentation.intake.cleaning import CleanedRows, clean
from tests.bars import reading
from tests.bars.bombs import bombs
from tests.bars.broken import Broken, log_text
from tests.bars.hand_made import texts
from tests.bars.judging import check_account, check_error, check_expected, check_rejected, check_words, walk
from tests.bars.programs import Inside
from tests.bars.reading import judge_here
from tests.dashboard.api.conftest import working

SOUND = Broken("a log with a row of no customer", "a.csv", (log_text() + "A-1,2024-01-01,,p,1,2.50,Spain\n").encode, "read")


def fail(*_: Any, **__: Any) -> None:
    raise ZeroDivisionError


def test_a_crash_of_the_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "read", fail)
    with pytest.raises(ZeroDivisionError):
        judge_here(SOUND, tmp_path)


def test_a_crash_in_the_service(local_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "build_dataset", fail)
    with working(local_app.extensions["clientele"]), pytest.raises(AssertionError, match="answered 500"):
        walk(Inside(local_app.test_client()), SOUND)


def test_an_import_that_fails_of_what_the_look_did_not_see(local_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.workflows.datasets.build_dataset", lambda *_: refuse())
    with working(local_app.extensions["clientele"]), pytest.raises(AssertionError, match="its import failed"):
        walk(Inside(local_app.test_client()), SOUND)


def refuse() -> None:
    raise InvalidInputError("late", "The file is not good enough.", fix="Mend the file.")


def dropping(change: Any) -> Any:
    """Clean, and then lose a row without a word."""

    def cleaned(*values: Any) -> CleanedRows:
        return change(clean(*values))

    return cleaned


def test_a_row_dropped_in_silence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dataset, "clean", dropping(lambda rows: replace(rows, kept=rows.kept[:-1])))
    with pytest.raises(AssertionError, match=r"41 rows read, 39 kept, 1 set aside"):
        judge_here(SOUND, tmp_path)


def test_a_row_dropped_in_silence_by_the_service(local_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dataset, "clean", dropping(lambda rows: replace(rows, kept=rows.kept[:-1])))
    with working(local_app.extensions["clientele"]), pytest.raises(AssertionError, match="its import failed"):  # the store counts too
        walk(Inside(local_app.test_client()), SOUND)


def test_a_row_told_of_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def twice(rows: CleanedRows) -> CleanedRows:
        again = replace(rows.rejected, indices=np.repeat(rows.rejected.indices, 2), rules=np.repeat(rows.rejected.rules, 2))
        return replace(rows, rejected=again)

    monkeypatch.setattr(dataset, "clean", dropping(twice))
    with pytest.raises(AssertionError, match="rows read"):
        judge_here(SOUND, tmp_path)


def test_a_row_set_aside_without_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rejected, "RULES", dict.fromkeys(rejected.RULES, ""))
    with pytest.raises(AssertionError, match="no number or no reason"):
        judge_here(SOUND, tmp_path)


@pytest.mark.parametrize(
    ("header", "rows", "n"),
    [
        ("row,column,value,reason", ["3,,,gone"], 2),
        ("row,column,value,reason", ["3,,,gone", "3,,,gone"], 2),
        ("row,column,value,reason", [",,,gone"], 1),
        ("row,column,value,reason", ["0,,,gone"], 1),
        ("row,column,value,reason", ["3,Age,x,"], 1),
    ],
)
def test_a_list_of_rows_set_aside_that_is_not_right(header: str, rows: list[str], n: int) -> None:
    with pytest.raises(AssertionError):
        check_rejected([line.split(",") for line in (header, *rows)], n)


@pytest.mark.parametrize(("rows_in", "rows_out"), [(9, 8), (10, 11), (10, 9)])
def test_a_receipt_with_a_gap(rows_in: int, rows_out: int) -> None:
    with pytest.raises(AssertionError):
        check_account(10, 8, 2, [{"rows_in": rows_in, "rows_out": rows_out}])
    check_account(10, 8, 2, [{"rows_in": 10, "rows_out": 8}])


@pytest.mark.parametrize(
    "error",
    [
        {"code": "internal_error", "title": "Something went wrong with the file.", "detail": "", "fix": "Try again."},
        {"code": "bad", "title": "Bad input.", "detail": "", "fix": "Do it better."},
        {"code": "bad", "title": "The file is bad.", "detail": "", "fix": ""},
        {"code": "bad", "title": "The file raised KeyError.", "detail": "", "fix": "Mend it."},
    ],
)
def test_a_message_for_nobody(error: Mapping[str, str]) -> None:
    with pytest.raises(AssertionError):
        check_error(error)


def test_a_message_of_a_program() -> None:
    for words in ("Traceback (most recent call last)", "see /tmp/x", "SELECT * FROM files", "pyarrow.lib: no", "x" * 2_000):
        with pytest.raises(AssertionError):
            check_words(words)


def test_a_file_that_is_read_and_was_to_be_refused(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="was to be refused, and is read"):
        check_expected(SOUND._replace(outcome="refused"), judge_here(SOUND, tmp_path))
    with pytest.raises(AssertionError, match="was to say unclosed_quote"):
        check_expected(SOUND._replace(code="unclosed_quote"), ("read", "missing_customer"))


def test_a_bomb_that_goes_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: no limit on what is unpacked (the text of this one is small enough to be read)."""
    bomb = Broken("a small bomb", "a.csv.gz", next(bomb.make for bomb in bombs() if bomb.name == "gzip of gzip members"), "refused")
    (tmp_path / "before").mkdir()
    check_expected(bomb, judge_here(bomb, tmp_path / "before"))
    monkeypatch.setattr(packed, "MAX_RATIO", 10_000)
    with pytest.raises(AssertionError, match="was to be refused"):
        check_expected(bomb, judge_here(bomb, tmp_path))


def test_a_corpus_of_sound_files_is_none() -> None:
    """Four in ten texts broken by hand are told of as broken; of the others most are mended."""
    files = list(texts())
    n_told = sum(file.outcome in ("refused", "stopped") or file.code is not None for file in files)
    assert n_told >= 0.4 * len(files)


def test_a_mistake_of_the_reader_stands_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Planted: another child, which breaks as ours would. The person is told of a damaged file, the log of us, and of nobody's words."""
    room = tmp_path / "dashboard" / "intake"
    room.mkdir(parents=True)
    marking = (
        "from pathlib import Path; import json, sys; Path(json.loads(sys.argv[1])['folder'], 'mistake.txt').write_text('ZeroDivisionError')"
    )
    (room / "child.py").write_text(f"{marking}\nraise ZeroDivisionError\n")
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2\n")
    monkeypatch.setattr(reader, "_PROJECT", tmp_path)
    with pytest.raises(TooLargeError, match=r'"a\.csv" needs more memory'):
        reader.read_file(path)
    assert "reader failed by our mistake" in caplog.text


def test_the_mark_of_a_mistake_holds_no_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail_with_a_name(_: Any) -> None:
        raise KeyError("Anna Berg")

    monkeypatch.setattr(child, "limit_this_process", lambda _: None)
    monkeypatch.setattr(child, "read", fail_with_a_name)
    with pytest.raises(KeyError):
        child.main(json.dumps({"folder": str(tmp_path), "memory": 0, "name": "a.csv"}))
    mark = find_mark(tmp_path)
    assert mark is not None
    assert mark.startswith("KeyError in fail_with_a_name, test_planted.py:")
    assert "Anna" not in mark
