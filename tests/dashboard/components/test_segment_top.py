"""The choice of a view on the page of segments."""

from __future__ import annotations

import pytest

from dashboard.components.segment_top import view_switch
from tests.dashboard.pages.drawn import words


@pytest.mark.parametrize(("view", "name"), [("", "Profile"), ("boxes", "Box plots"), ("moved", "Profile"), ("nothing", "Profile")])
def test_the_view_that_is_shown_is_marked(view: str, name: str) -> None:
    drawn = view_switch("/segments", {"view": view}, has_moves=False)
    assert [words(link).split(" (")[0].strip() for link in drawn.children if link.className] == [name]
