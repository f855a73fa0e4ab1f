"""Bar B21: files that hold next to nothing are refused or segmented in words, and no empty segment is shown."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.reference.degenerate_files import DEGENERATE_FILES, DegenerateFile, fault_of, take


@pytest.mark.parametrize("name", DEGENERATE_FILES)
def test_taken_in_words(name: str, tmp_path: Path) -> None:
    assert take(DEGENERATE_FILES[name], tmp_path) == ""


@pytest.mark.parametrize(
    ("is_segmented", "status", "told", "shown", "labelled", "fault"),
    [
        (False, 2, "Traceback (most recent call last)", [], {}, "a traceback"),
        (False, 1, "Killed", [], {}, "status 1"),
        (False, 2, "", [], {}, "no reason"),
        (True, 2, "There is nothing.", [], {}, "status 2"),
        (True, 0, "", [("A", 3), ("B", 0)], {"A": 3}, "an empty segment is shown"),
        (True, 0, "", [("A", 3)], {"A": 2, "Not segmented: income missing": 1}, "segments shown {'A': 3}, customers labelled {'A': 2}"),
        (True, 0, "", [("A", 2)], {"A": 2, "Not segmented: income missing": 1}, ""),
    ],
)
def test_the_bar_sees_a_planted_fault(is_segmented, status, told, shown, labelled, fault) -> None:
    assert fault_of(DegenerateFile("", is_segmented=is_segmented), status, told, shown, Counter(labelled)) == fault
