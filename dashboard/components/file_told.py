"""A file that a worker writes: asked for on a page, told how far it is, and offered once it was checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Input, Output, State, dcc, html, no_update
from typing_extensions import TypedDict  # pydantic wants this one before Python 3.12

from dashboard.auth.permissions import Permission
from dashboard.components.basics import icon
from dashboard.components.failures import failure
from dashboard.context import Context
from dashboard.formats import counted, size
from database.engine import read
from database.jobs import Job, load_job
from segmentation.errors import NotFoundError

if TYPE_CHECKING:
    from dashboard.callbacks import Callbacks


class AskedFile(TypedDict):
    """What a page keeps in the browser of the file that was asked for, and how often."""

    job: str
    asked: int


def file_parts(name: str) -> list[Any]:
    """Return what a file needs on its page: its job, a clock, and a place to be told."""
    return [
        dcc.Store(id=f"{name}-job"),
        dcc.Interval(id=f"{name}-clock", interval=500, disabled=True),
        html.Div(id=f"{name}-told", className="told", role="status"),
    ]


def file_outputs(name: str) -> tuple[Output, Output, Output]:
    """Return what a callback writes that asks for the file: see ``asked_for``."""
    told = Output(f"{name}-told", "children", allow_duplicate=True)
    return Output(f"{name}-job", "data"), told, Output(f"{name}-clock", "disabled", allow_duplicate=True)


def asked_for(job: Job, before: AskedFile | None) -> tuple[AskedFile, Any, bool]:
    """Return the job of a file for the page to keep, the first words about it, and whether it is there already."""
    asked = before["asked"] + 1 if before else 1
    return {"job": job.id, "asked": asked}, file_told(job, asked), job.is_over


def register_file(callbacks: Callbacks, name: str, kind: str, permission: Permission = "export") -> None:
    """Tell on the page how far the file is, which is a job of one kind."""
    _, told, is_over = file_outputs(name)

    @callbacks.register(
        told,
        is_over,
        Input(f"{name}-clock", "n_intervals"),
        State(f"{name}-job", "data"),
        permission=permission,
        prevent_initial_call=True,
    )
    def look(_: int | None, asked: AskedFile | None) -> Any:
        if not asked:
            return no_update, True
        job = find_file_job(callbacks.context, asked["job"], kind)
        return file_told(job, asked["asked"]), job.is_over


def file_told(job: Job, asked: int = 1) -> Any:
    """Say how far a file is; when it is there, offer it with what was checked. The browser fetches it once each time it was asked for."""
    if job.state == "failed" and job.error:
        return failure(job.error)
    if job.state == "cancelled":
        return html.P("The file was cancelled.")
    if job.state != "done" or job.result is None:
        bar = html.Span(html.I(style={"width": f"{100 * job.progress:.0f}%"}), className="track")
        return html.P([html.Span(f"{job.message or 'Waiting for a worker'}…"), bar])
    result = job.result
    address = f"/api/v1/reports/{job.id}" if job.kind == "report" else f"/api/v1/files/{result['file_id']}"
    name = f"file-{job.id}-{asked}"
    link = html.A([icon("download"), result["name"]], href=address, download=result["name"], className="lk", id=name)
    checked = counted(result["rows"], "row") if "rows" in result else counted(result["numbers"], "number")
    return html.P([icon("tick"), link, html.Span(f"checked: {checked}, {size(result['size'])}")], className="ready")


def find_file_job(context: Context, job_id: str, kind: str) -> Job:
    """Return the job of a file; no job of another kind is told here."""
    with read(context.engine) as conn:
        job = load_job(conn, job_id)
    if job.kind != kind:
        raise NotFoundError("no_such_file", "There is no such file.", fix="Download it again.")
    return job
