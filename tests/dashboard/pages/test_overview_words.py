"""Words and places on the overview that depend on all of the page."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from dashboard.context import open_context
from dashboard.pages import overview as page
from tests.dashboard.making import settings_for
from tests.dashboard.pages.drawn import parts
from tests.dashboard.pages.test_overview import import_text

PEOPLE = "Customer ID,Country,Gender\n" + "".join(f"c{n},{'PRT' if n % 3 else 'DEU'},{'f' if n % 2 else 'm'}\n" for n in range(40))


def test_a_chip_calls_a_country_as_its_bar_does_and_an_odd_row_is_marked(tmp_path: Any) -> None:
    with closing(open_context(settings_for(tmp_path / "var"))) as context:
        import_text(context, tmp_path, PEOPLE)
        drawn = list(parts(page.render(context, {"filter": "country:PRT"})))
        (chips,) = [part for part in drawn if getattr(part, "id", None) == "overview-chips"]
        words = [part for part in parts(chips) if isinstance(part, str)]
        assert "Portugal" in words
        (grid,) = [part for part in drawn if str(getattr(part, "className", "")).startswith("grid")]
        assert (len(grid.children), grid.className) == (2, "grid odd"), "one row of two cards"
