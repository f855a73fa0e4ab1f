"""The chips of a file's columns: what is open is said by sign and word, not by colour alone."""

from __future__ import annotations

from typing import Any

import pytest

from dashboard.components.columns import columns_table


def chip(role: str | None, is_sure: bool) -> Any:
    """Draw one column and return the label of its chip."""
    column = {"header": "When", "role": role, "examples": [], "filled": 1.0, "distinct": 3, "range": None, "is_sure": is_sure}
    table = columns_table({"columns": [column], "preview": [{"row": 2, "cells": ["x"]}]}).children
    head = table.children[1].children
    return head.children[1].children[0]


@pytest.mark.parametrize(
    ("role", "is_sure", "sign", "name"),
    [
        ("date", True, "ic ic-tick", "Meaning of When"),
        ("date", False, "ic ic-warning", "Meaning of When, needs your answer"),
        (None, True, None, "Meaning of When"),
    ],
)
def test_what_a_chip_says(role: str | None, is_sure: bool, sign: str | None, name: str) -> None:
    words, drawn, _ = chip(role, is_sure).children
    assert words.children == name
    assert getattr(drawn, "className", None) == sign
