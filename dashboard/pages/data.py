"""Data: bring a file, check what was read, import it, see the account of every row, delete it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import ALL, Input, Output, State, ctx, dcc, html, no_update
from typing_extensions import TypedDict  # pydantic wants this one before Python 3.12

from dashboard.auth.actors import current_actor
from dashboard.callbacks import Callbacks
from dashboard.components.basics import button, card, href, link_button, page_top, spacer
from dashboard.components.datasets import datasets_card, receipt_view, waiting_card
from dashboard.components.empty import DEMO_BUTTON, demo_offer, empty_state
from dashboard.components.failures import failure
from dashboard.components.file_check import columns_card, dialect_row, file_card, open_questions, outcome_cards
from dashboard.components.steps import way_line
from dashboard.components.upload import drop_zone, template_offer
from dashboard.components.versions import together_row
from dashboard.components.work import work_progress
from dashboard.context import Context
from dashboard.formats import counted
from dashboard.queries.uploads import (
    UploadState,
    find_belonging,
    find_upload_of,
    find_upload_state,
    find_versions,
    list_dataset_lines,
    list_recent_imports,
    list_waiting_uploads,
)
from dashboard.workflows.answers import answer
from dashboard.workflows.cancelling import cancel_job
from dashboard.workflows.demo import request_demo
from dashboard.workflows.tidying import drop_dataset
from dashboard.workflows.uploads import discard_upload, request_inspection, request_upload_import
from database.datasets import load_dataset
from database.engine import read
from database.jobs import Job, find_job
from database.runs import list_runs
from segmentation.errors import NotFoundError

PATH, TITLE, ICON, GROUP = "/data", "Data", "data", "Build"
_LOOK_EVERY_MS = 400
_WORK = {"import": "Importing", "demo": "Loading the demo shop"}


class ChoiceId(TypedDict):
    """Which choice about a file it is."""

    name: str


def render(context: Context, query: Mapping[str, str]) -> list[Any]:
    """Draw the page: one upload, one job, one receipt, or the list."""
    if query.get("upload"):
        return _page(_upload_view(context, find_upload_state(context, query["upload"]), "change" in query), query["upload"])
    if query.get("job"):
        return _page(_job_view(_load_job(context, query["job"])))
    if query.get("receipt"):
        return _page(_receipt_view(context, query["receipt"], is_known=query.get("known") == "1"))
    lines, jobs = list_dataset_lines(context), list_recent_imports(context)
    limit, uploads = context.settings.max_upload_mb, list_waiting_uploads(context)
    waiting = [waiting_card(uploads)] if uploads else []
    if not lines and not jobs:
        top, *rest = empty_state(TITLE, "See who your customers are", limit)
        return [top, html.Div(waiting, className="page-data"), *rest] if waiting else [top, *rest]
    words = "What leaves this computer? Nothing. The file is read here and kept here."
    has_demo = any(line.dataset.source.get("is_demo") for line in lines) or any(job.kind == "demo" for job in jobs)
    bring = card("Bring a file", [drop_zone(limit), template_offer(), *([] if has_demo else [demo_offer()])], words, look="bring")
    look = [_look({"list": "1"})] if any(not job.is_over for job in jobs) else []
    listed = [datasets_card(lines)] if lines else []
    return _page([page_top(TITLE), bring, html.Div(_jobs(jobs), id="data-progress"), *waiting, *listed, *look])


def _page(inside: Sequence[Any], upload_id: str | None = None) -> list[Any]:
    return [html.Div([*inside, dcc.Store(id="data-upload", data=upload_id)], className="page-data")]


def _look(about: Mapping[str, str]) -> html.Div:
    """Draw what makes the page follow work that is on its way."""
    return html.Div([dcc.Store(id="data-about", data=dict(about)), dcc.Interval(id="data-look", interval=_LOOK_EVERY_MS)])


def _jobs(jobs: Sequence[Job]) -> list[Any]:
    return [card(_title(job), work_progress(job, _title(job)), look="job") for job in jobs]


def _title(job: Job) -> str:
    return f"{_WORK[job.kind]} {job.params['name']}" if job.kind == "import" else _WORK[job.kind]


def _load_job(context: Context, job_id: str) -> Job:
    with read(context.engine) as conn:
        job = find_job(conn, job_id)
    if job is None or job.kind not in _WORK:
        raise NotFoundError("no_such_job", "There is no such work.", fix="See all data on this page.")
    return job


def _upload_view(context: Context, state: UploadState, is_changing: bool = False) -> list[Any]:
    if (
        not is_changing and state.import_job and state.import_job.state == "done" and state.import_job.result
    ):  # sending people on would bar their way back
        result = state.import_job.result
        return _receipt_view(context, result["dataset_id"], is_known=not result["is_new"])
    if state.import_job and not state.import_job.is_over:
        return _job_view(state.import_job, state)
    failed = [failure(state.import_job.error)] if state.import_job and state.import_job.error else []
    inspection = state.inspection
    if inspection is None or not inspection.is_over:
        waiting = html.Div(_looking(state), id="data-progress")
        return [_top(2, None), file_card(state), waiting, _look({"upload": state.upload.id})]
    choices, belonging = state.upload.choices, find_belonging(context, state)
    if state.found is None:
        wrong = failure(inspection.error or {}, link_button("Choose another file", PATH))
        return [_top(2, None), file_card(state), wrong, dialect_row(choices, None)]
    found = state.found
    parent = choices.get("append_to") or choices.get("replaces")
    name = next((version.dataset.name for version in belonging.versions if version.dataset.id == parent), None)
    return [
        _top(2, found),
        *failed,
        file_card(state, name),
        dialect_row(choices, found),
        together_row(choices, belonging.versions, belonging.uploads),
        columns_card(choices, found),
        outcome_cards(choices, found),
    ]


def _top(step: int, found: Mapping[str, Any] | None) -> html.Div:
    outcome = (found or {}).get("outcome")
    n_open = len(open_questions(found)) if found else 0
    asked = html.Span(f"{counted(n_open, 'answer')} needed below", className="sm asked") if n_open else None
    go = button(f"Import {counted(outcome['rows_kept'], 'row')}", "data-import", "primary") if outcome else None
    return page_top(TITLE, way_line(step), spacer(), asked, button("Cancel", "data-discard"), go)


def _job_view(job: Job, state: UploadState | None = None) -> list[Any]:
    title = _title(job)
    leave = html.Span("You can leave this page. The work goes on.", className="sm mut")
    stop = [leave, button("Cancel", {"type": "cancel-job", "job": job.id})] if not job.is_over else [link_button("Back to Data", PATH)]
    if job.state == "done":  # whoever comes back here is not sent on: that would bar the way back
        stop.append(link_button("See what came of it", _done_address(job), "primary"))
    about = {"job": job.id, **({"upload": state.upload.id} if state else {})}
    inside = html.Div(card(title, work_progress(job, title), look="job"), id="data-progress")
    return [page_top(TITLE, way_line(3), spacer(), *stop), inside, *([] if job.is_over else [_look(about)])]


def _receipt_view(context: Context, dataset_id: str, is_known: bool) -> list[Any]:
    with read(context.engine) as conn:
        dataset, n_runs = load_dataset(conn, dataset_id), len(list_runs(conn, dataset_id))
    account = receipt_view(dataset, n_runs, find_versions(context, dataset), is_known)
    goal = "/segments" if n_runs else "/studio"
    go = link_button("See segments" if n_runs else "Find segments", href(goal, {"dataset": dataset_id}), "primary")
    return [
        page_top(TITLE, way_line(4), spacer(), _change_link(context, dataset_id), link_button("All data", PATH), go),
        *account,
    ]


def _change_link(context: Context, dataset_id: str) -> Any:
    """Draw the way back to the choices about a file, or say that the file is gone."""
    upload_id = find_upload_of(context, dataset_id)
    if upload_id:
        return link_button("Change these rules", href(PATH, {"upload": upload_id, "change": "1"}))
    return html.Span("To change these rules, send the file again: it is kept for a day.", className="sm mut")


def follow(context: Context, about: Mapping[str, str]) -> tuple[Any, Any, Any]:
    """Return the progress, the whole page where work came to an end, and the address to go to when it is done."""
    if about.get("job"):
        return _follow_job(context, about["job"], about.get("upload"))
    if about.get("upload"):
        return _follow_inspection(context, about["upload"])
    jobs = list_recent_imports(context)
    if any(not job.is_over for job in jobs):
        return _jobs(jobs), no_update, no_update
    return no_update, render(context, {}), no_update


def _follow_job(context: Context, job_id: str, upload_id: str | None) -> tuple[Any, Any, Any]:
    job = _load_job(context, job_id)
    if job.state == "done":
        return no_update, no_update, _done_address(job)
    if job.is_over:
        return no_update, render(context, {"upload": upload_id} if upload_id else {"job": job_id}), no_update
    return card(_title(job), work_progress(job, _title(job)), look="job"), no_update, no_update


def _follow_inspection(context: Context, upload_id: str) -> tuple[Any, Any, Any]:
    state = find_upload_state(context, upload_id)
    if state.inspection and not state.inspection.is_over:
        return _looking(state), no_update, no_update
    return no_update, render(context, {"upload": upload_id, "change": "1"}), no_update


def _looking(state: UploadState) -> html.Section:
    title = f"Looking at {state.upload.file.name}"
    return card("Looking at the file", work_progress(state.inspection, title) if state.inspection else [])


def _done_address(job: Job) -> str:
    result = job.result or {}
    if job.kind == "demo":
        return href("/", {"dataset": result["dataset_id"]})
    return href(PATH, {"receipt": result["dataset_id"], "known": None if result["is_new"] else "1"})


def choose(context: Context, upload_id: str, values: Mapping[str, Any]) -> Any:
    """Look at the file again with what was chosen; returns the page, or nothing where nothing changed."""
    state = find_upload_state(context, upload_id)
    before = dict(state.upload.choices)
    after = answer(before, state.found, values)
    if after == before:
        return no_update
    request_inspection(context, upload_id, after, _author())
    return render(context, {"upload": upload_id, "change": "1"})


def drop(context: Context, dataset_id: str) -> str:
    """Delete a version; returns where to go: to the version before, which is the current one again, or to the list."""
    with read(context.engine) as conn:
        parent = load_dataset(conn, dataset_id).parent_id
    drop_dataset(context, dataset_id, _author())
    return href(PATH, {"receipt": parent} if parent else {"deleted": dataset_id})


def _author() -> str | None:
    actor = current_actor()
    return actor.name if actor else None


def register_callbacks(callbacks: Callbacks) -> None:
    """Say what happens on this page."""
    _register_following(callbacks)
    _register_choices(callbacks)
    _register_import(callbacks)
    _register_the_rest(callbacks)


def _register_following(callbacks: Callbacks) -> None:
    context = callbacks.context

    @callbacks.register(
        Output("data-progress", "children"),
        Output("page", "children", allow_duplicate=True),
        Output("url", "href", allow_duplicate=True),
        Input("data-look", "n_intervals"),
        State("data-about", "data"),
        permission="see",
        prevent_initial_call=True,
    )
    def follow_work(_: int | None, about: dict[str, str]) -> tuple[Any, Any, Any]:
        return follow(context, about)

    @callbacks.register(
        Output("url", "href", allow_duplicate=True),
        Input({"type": "cancel-job", "job": ALL}, "n_clicks"),
        permission="import",
        prevent_initial_call=True,
    )
    def cancel_work(clicks: list[int | None]) -> Any:
        if any(clicks):
            cancel_job(context, ctx.triggered_id["job"])
        return no_update


def _register_choices(callbacks: Callbacks) -> None:
    context = callbacks.context

    @callbacks.register(
        Output("page", "children", allow_duplicate=True),
        Input({"type": "choice", "name": ALL}, "value"),
        State({"type": "choice", "name": ALL}, "id"),
        State("data-upload", "data", allow_optional=True),  # leaving the page also changes which controls there are
        permission="import",
        prevent_initial_call=True,
        running=[(Output("frame", "data-busy"), "true", "false")],
    )
    def change_choice(values: list[str | bool | None], ids: list[ChoiceId], upload_id: str | None) -> Any:
        named = {each["name"]: value for each, value in zip(ids, values, strict=False)}
        return choose(context, upload_id, named) if upload_id else no_update

    @callbacks.register(
        Output("page", "children", allow_duplicate=True),
        Input({"type": "answer", "name": ALL, "value": ALL}, "n_clicks"),
        State("data-upload", "data", allow_optional=True),  # leaving the page also changes which controls there are
        permission="import",
        prevent_initial_call=True,
    )
    def give_answer(clicks: list[int | None], upload_id: str | None) -> Any:
        if not any(clicks) or not upload_id:
            return no_update
        return choose(context, upload_id, {ctx.triggered_id["name"]: ctx.triggered_id["value"]})


def _register_import(callbacks: Callbacks) -> None:
    context = callbacks.context

    @callbacks.register(
        Output("page", "children", allow_duplicate=True),
        Input("data-import", "n_clicks"),
        State("data-upload", "data"),
        State("data-name", "value"),
        permission="import",
        prevent_initial_call=True,
        running=[(Output("data-import", "disabled"), True, False)],
    )
    def start_import(clicks: int | None, upload_id: str, name: str | None) -> Any:
        if not clicks:
            return no_update
        request_upload_import(context, upload_id, name, author=_author())
        return render(context, {"upload": upload_id})

    @callbacks.register(
        Output("url", "href", allow_duplicate=True),
        Input("data-discard", "n_clicks"),
        State("data-upload", "data"),
        permission="import",
        prevent_initial_call=True,
    )
    def discard(clicks: int | None, upload_id: str) -> Any:
        if not clicks:
            return no_update
        discard_upload(context, upload_id)
        return PATH


def _register_the_rest(callbacks: Callbacks) -> None:
    context = callbacks.context

    @callbacks.register(
        Output("url", "href", allow_duplicate=True),
        Input({"type": "delete", "dataset": ALL}, "n_clicks"),
        permission="delete",
        prevent_initial_call=True,
    )
    def delete(clicks: list[int | None]) -> Any:
        if not any(clicks):
            return no_update
        return drop(context, ctx.triggered_id["dataset"])

    @callbacks.register(
        Output("url", "href", allow_duplicate=True), Input(DEMO_BUTTON, "n_clicks"), permission="import", prevent_initial_call=True
    )
    def load_demo(clicks: int | None) -> Any:
        return href(PATH, {"job": request_demo(context, _author()).id}) if clicks else no_update
