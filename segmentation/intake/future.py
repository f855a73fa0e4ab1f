"""Days in a customer list that have not come yet: pointed out, and never the day that the analysis counts from."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from segmentation.findings import Finding
from segmentation.intake.parsing import OK
from segmentation.intake.table import RawTable
from segmentation.intake.typed import TypedColumns

LIST_DATES = ("date", "last_order", "signup_date")
"""The newest of these days is the last that a list knows of; birthdays are not."""
_SECONDS_PER_DAY = 86_400
_MOST_SHARE = 0.5
"""Where more of the days than this are to come, the file is a plan, or our clock is wrong: they count as they stand."""
_MAX_EXAMPLES = 5


def day_to_count_from(raw: RawTable, typed: TypedColumns, today: date | None) -> tuple[date | None, tuple[Finding, ...]]:
    """Return the day to look back from where the newest day of a list has not come yet.

    Parameters
    ----------
    raw : RawTable
    typed : TypedColumns
    today : datetime.date or None
        None: no day is in the future.

    Returns
    -------
    day : datetime.date or None
        The day after the newest that has come; None where all have come, so that the file decides.
    findings : tuple of Finding
        What lies in the future, by column.
    """
    if today is None:
        return None, ()
    end = ((today - date(1970, 1, 1)).days + 2) * _SECONDS_PER_DAY  # somewhere it is tomorrow already
    newest, findings = [], []
    for role in LIST_DATES:
        column = typed.dates.get(role)
        if column is None or not np.any(column.parsed.state == OK):
            continue
        is_future = (column.parsed.seconds >= end) & (column.parsed.state == OK)
        n_future, n_all = (int(np.count_nonzero(mask[column.codes])) for mask in (is_future, column.parsed.state == OK))
        if not n_future or n_future > _MOST_SHARE * n_all:
            newest.append(int(column.parsed.seconds[column.parsed.state == OK].max()))
            continue
        newest.append(int(column.parsed.seconds[(column.parsed.state == OK) & ~is_future].max()))
        findings.append(_future(raw, column.header, np.flatnonzero(is_future[column.codes]), today))
    if not findings:
        return None, ()
    return date(1970, 1, 1) + timedelta(days=max(newest) // _SECONDS_PER_DAY + 1), tuple(findings)


def _future(raw: RawTable, header: str, rows: np.ndarray, today: date) -> Finding:
    examples = tuple(
        {"row": int(raw.row_numbers[row]), "column": header, "value": raw.text(header, int(row))} for row in rows[:_MAX_EXAMPLES]
    )
    cells, lie = ("1 cell", "lies") if rows.size == 1 else (f"{rows.size:,} cells", "lie")
    message = f'{cells} of "{header}" {lie} after today, {today.day} {today:%B %Y}; the days are not counted from them.'
    return Finding("future_dates", "warning", message, int(rows.size), examples)
