"""A run on its way, and what became of it: percent, bar, steps with their times."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.components.basics import aria, card, icon
from dashboard.components.failures import failure
from dashboard.progress import STEPS
from dashboard.queries.studio import Activity, Step

_NOBODY = "No worker is running, so the run waits."


def progress_card(activity: Activity, title: str, result: Any = None) -> html.Section:
    """Draw a run that was asked for; ``result`` is what there is to say and do when it is done."""
    job = activity.job
    body: list[Any] = [_bar(job.progress, title)] if not job.is_over else []
    body.append(html.Ol([_step(step) for step in activity.steps], className="ps"))
    if activity.is_unattended:
        body.append(_waits())
    if job.state == "failed" and job.error:
        body = [failure(job.error), *body]
    if result is not None:
        body.append(result)
    percent = None if job.is_over else html.B(f"{int(100 * job.progress)}%", className="pct")
    words = [said(activity), _left(activity.seconds_left), html.Span(_heard(activity), className="vh", role="status")]
    return card(title, body, words, look="run", actions=percent)


def said(activity: Activity) -> str:
    """Say in a sentence or two where a run stands."""
    job = activity.job
    if job.is_over:
        return {"done": "Done.", "failed": "It did not work.", "cancelled": "Cancelled. Nothing was stored."}[job.state]
    if job.cancel_requested:
        return "Stopping."
    if job.state == "queued":
        return "The work was interrupted and begins again." if activity.is_again else "Waiting for its turn."
    again = "Interrupted and begun again. " if activity.is_again else ""
    return f"{again}{job.message or 'Reading the customers'}."


def _heard(activity: Activity) -> str:
    """Say to a screen reader what changes seldom: the step, and the end."""
    step = next((STEPS[step.name][1] for step in activity.steps if step.state == "now"), None)
    return step or said(activity)


def _waits() -> html.Div:
    commands: list[Any] = [html.Code("python -m dashboard serve"), ", or a worker alone with ", html.Code("python -m dashboard worker"), "."]
    words = html.P([html.B(_NOBODY), " Whoever runs this service starts it with ", *commands])
    return html.Div([icon("warning"), words], className="waits", role="status")


def small_bar(share: float) -> html.Span:
    """Draw how far a run is, in a row of a table."""
    return html.Span(html.I(style={"width": f"{100 * share:.0f}%"}), className="pbar", **aria(hidden="true"))


def _left(seconds: float | None) -> str:
    """Say how long it still takes, where that is known and worth saying."""
    if seconds is None or seconds < 1:
        return ""
    return f" About {_about(seconds)} left."


def _about(seconds: float) -> str:
    if seconds >= 90:
        return f"{round(seconds / 60)} minutes"
    whole = max(1, round(seconds))
    return f"{whole} second{'s' if whole > 1 else ''}"


def _bar(share: float, title: str) -> html.Div:
    facts = aria(valuenow=f"{100 * share:.0f}", valuemin="0", valuemax="100", label=title)
    return html.Div(html.I(style={"width": f"{100 * share:.1f}%"}), className="big", role="progressbar", **facts)


def _step(step: Step) -> html.Li:
    look = {"done": "done", "now": "on", "stopped": "cut"}.get(step.state, "")
    dot = html.Span(icon("tick") if step.state == "done" else icon("cross") if step.state == "stopped" else None, className="dot")
    current = aria(current="step") if step.state == "now" else {}
    return html.Li([dot, html.Span(STEPS[step.name][1]), html.Em(_time(step))], className=look, **current)


def _time(step: Step) -> str:
    if step.state == "now":
        return step.part or ""
    if step.seconds is None:
        return ""
    text = f"{step.seconds:.1f} s" if step.seconds < 59.95 else f"{step.seconds / 60:.1f} min"
    return f"about {text}" if step.state == "later" else text
