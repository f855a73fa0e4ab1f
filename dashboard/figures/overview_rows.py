"""How the charts of the overview stand beside one another."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.figures.overview_chart import Chart

_NARROW = {1: ("s12",), 2: ("s6", "s6"), 3: ("s4", "s4", "s4 w12")}


def arrange(charts: Sequence[Chart]) -> list[list[tuple[Chart, str]]]:
    """Put charts into rows of twelve columns, best first: a wide one beside a narrow one, else three narrow ones.

    Nothing stands alone: two rows of two take the place of three and one; a last one over is left out.
    """
    wide, narrow = [each for each in charts if each.is_wide], [each for each in charts if not each.is_wide]
    place = {each.name: number for number, each in enumerate(charts)}
    rows: list[list[tuple[Chart, str]]] = []
    n_wide = 0
    while wide or narrow:
        if wide and (len(narrow) < 2 or place[wide[0].name] < place[narrow[0].name]):
            pair = [(wide.pop(0), "s7"), (narrow.pop(0), "s5 w12")] if narrow else [(wide.pop(0), "s12")]
            rows.append(pair if n_wide % 2 == 0 else pair[::-1])
            n_wide += 1
        else:
            n = 2 if len(narrow) in (2, 4) and not wide else min(3, len(narrow))
            rows.append([(narrow.pop(0), look) for look in _NARROW[n]])
    has_one_over = len(rows) > 3 and len(rows[-1]) == 1 and not rows[-1][0][0].is_wide
    return rows[:-1] if has_one_over else rows
