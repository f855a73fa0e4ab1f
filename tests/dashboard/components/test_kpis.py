"""The strip of key figures: what stands in a cell, and the line that is cut out of a coloured box."""

from __future__ import annotations

import json
from urllib.parse import unquote

from plotly.utils import PlotlyJSONEncoder

from dashboard.components.kpis import KpiShown, kpi_strip


def drawn(kpi: KpiShown) -> str:
    return json.dumps(kpi_strip([kpi]), cls=PlotlyJSONEncoder, ensure_ascii=False)


def test_arrow_and_word_carry_the_sign():
    text = drawn(KpiShown("Revenue", "5.93 M", "", (1, 2, 3), "8.4%", -1, "on last year"))
    assert "▼" in text
    assert '"down "' in text
    assert "on last year" in text


def test_a_line_keeps_its_gaps_and_ends_at_the_last_month():
    text = unquote(drawn(KpiShown("Average order", "96", "", (0.0, None, 10.0, 5.0))))
    assert "M0.0 22.0L66.7 4.0L100.0 13.0" in text
    assert '"left": "100.0%", "top": "13.0px"' in text


def test_two_months_are_no_line():
    assert "spark" not in drawn(KpiShown("Orders", "9", "", (1, 2)))


def test_nothing_to_compare_leaves_no_room():
    text = drawn(KpiShown("Customers", "9", ""))
    assert '"className": "d"' not in text
    assert '"className": "ch"' not in text
