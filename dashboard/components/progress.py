"""A run on its way, and what became of it: percent, bar, steps with their times."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.components.basics import aria, card, icon
from dashboard.components.failures import failure
from dashboard.formats import counted
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
    return card(title, body, _words(activity), look="run", actions=percent)


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


def _words(activity: Activity) -> list[Any]:
    """Say where a run stands; a screen reader hears of each step as it begins, and not of every part of it."""
    step = next((STEPS[step.name][1] for step in activity.steps if step.state == "now"), None)
    return [said(activity), _left(activity.seconds_left), html.Span(step, className="vh", role="status")]


def _waits() -> html.Div:
    commands: list[Any] = [
        html.Code("python -m dashboard serve"),
        ", or a worker alone with ",
        html.Code("python -m dashboard worker"),
        ".",
    ]
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
    return counted(round(seconds), "second")


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
    if step.state == "later":
        return f"about {_about(step.seconds)}" if step.seconds >= 1 else "a moment"
    return f"{step.seconds:.1f} s" if step.seconds < 59.95 else f"{step.seconds / 60:.1f} min"
