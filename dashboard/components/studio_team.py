"""What was just done with runs, and the way back."""

from __future__ import annotations

from collections.abc import Mapping

from dash import html

from dashboard.components.basics import button, icon
from database.runs import Run


def team_note(run: Run, before: Run | None, numbers: Mapping[str, int]) -> html.P:
    """Say which run is the team's now; ``before`` was it until now."""
    number = numbers.get(run.id, 0)
    if run.published_at is None:
        return _note(f"Run {number} is not the team’s any more. No run is; pages show the newest.")
    if before is None or before.id == run.id:
        undo = button("Undo", {"type": "withdraw", "run": run.id}, "ghost small")
        return _note(f"Run {number} is the team’s now: every page shows it.", undo)
    undo = button("Undo", {"type": "publish", "run": before.id}, "ghost small", title=f"Run {numbers.get(before.id, 0)} again")
    return _note(f"Run {number} is the team’s now instead of run {numbers.get(before.id, 0)}: every page shows it.", undo)


def deleted_note() -> html.P:
    """Say that a run is gone."""
    return _note("The run is deleted.")


def _note(words: str, *beside: html.Button) -> html.P:
    return html.P([icon("tick"), html.Span(words), *beside], className="gone", role="status")
