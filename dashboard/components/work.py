"""Work on its way, whatever its kind: percent, bar, the steps begun with their times."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.components.basics import aria, icon
from dashboard.components.failures import failure
from dashboard.progress import STEPS
from database.jobs import Job

_STATE = {"queued": "Waiting for its turn.", "done": "Done.", "cancelled": "Cancelled. Nothing was kept."}


def work_progress(job: Job, title: str) -> html.Div:
    """Draw a job; a failed one as its error."""
    if job.state == "failed" and job.error:
        return failure(job.error)
    percent = f"{100 * job.progress:.0f}"
    facts = aria(valuenow=percent, valuemin="0", valuemax="100", label=title)
    bar = html.Div(html.I(style={"width": f"{percent}%"}), className="bigbar", role="progressbar", **facts)
    said = _STATE.get(job.state) or f"{job.message or 'Beginning'}."
    head = html.Div([html.P(said, role="status"), html.B(f"{percent}%", className="pct")], className="wh")
    return html.Div([head, bar, html.Ol(_steps(job), className="wsteps")], className="work")


def _steps(job: Job) -> list[Any]:
    begun = [(step["name"], step["at"]) for step in job.steps if step["name"] in STEPS]
    drawn = []
    for place, (name, at) in enumerate(begun):
        is_last = place == len(begun) - 1
        seconds = None if is_last else begun[place + 1][1] - at
        dot = html.Span(icon("tick") if not is_last or job.is_over else None, className="dot")
        words = [dot, html.Span(STEPS[name][1]), html.Em("" if seconds is None else f"{seconds:.1f} s")]
        drawn.append(html.Li(words, className="done" if not is_last or job.is_over else "on"))
    return drawn
