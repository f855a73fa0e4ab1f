"""Studio: choose a recipe, find segments in the background, see every run so far, publish one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import ALL, Input, Output, State, ctx, dcc, html, no_update
from typing_extensions import TypedDict  # pydantic wants this one before Python 3.12

from dashboard.auth.actors import current_actor
from dashboard.callbacks import Callbacks
from dashboard.components.basics import button, card, href, icon, page_top, spacer
from dashboard.components.charts import DataTable, Told, chart, chart_card
from dashboard.components.context_menu import dataset_menu, gone_note
from dashboard.components.empty import empty_state
from dashboard.components.failures import failure
from dashboard.components.progress import progress_card
from dashboard.components.recipe_form import control_id, locked_recipe, recipe_form
from dashboard.components.run_result import result, result_card
from dashboard.components.runs_table import runs_card
from dashboard.context import Context
from dashboard.figures.studio import clearness_by_k, relative_spread, spread_by_k
from dashboard.formats import day, whole
from dashboard.queries.datasets import Shown, find_shown
from dashboard.queries.recipes import Choices, read_choices, recipe_from_form, recipe_from_query
from dashboard.queries.studio import Activity, RunLine, find_activity, list_named_segments, list_run_lines, scores_around
from dashboard.workflows.cancelling import cancel_job
from dashboard.workflows.publishing import publish
from dashboard.workflows.runs import request_run
from database.jobs import Job
from database.runs import Run
from segmentation.errors import AppError, NotFoundError
from segmentation.measures.recipe import MAX_CLUSTERS, MIN_CLUSTERS, Recipe

PATH, TITLE, ICON, GROUP = "/studio", "Studio", "studio", "Build"
_PROMISE = "Find groups of customers who behave alike"
_LOOK_EVERY_MS = 500
_CHART_HEIGHT = 194


class ShownJob(TypedDict):
    """What the page keeps in the browser: the dataset that it shows, and the run on its way or ""."""

    dataset: str
    job: str


class ControlId(TypedDict):
    """Which control of the recipe it is."""

    name: str


def render(context: Context, query: Mapping[str, str]) -> list[Any]:
    """Draw the page."""
    shown = find_shown(context, query.get("dataset"), query.get("run"))
    if shown is None:
        return empty_state(TITLE, _PROMISE, context.settings.max_upload_mb)
    choices = read_choices(context, shown.dataset)
    activity = find_activity(context, shown.dataset.id, query.get("job"))
    is_active = activity is not None and not activity.job.is_over
    lines = list_run_lines(context, shown.runs)
    line = _line_shown(lines, shown, activity)
    left = (
        locked_recipe(activity.job.params["recipe"], choices, shown.dataset)
        if activity and is_active
        else recipe_form(choices, _recipe_shown(shown, activity, query, choices))
    )
    cards = [left, html.Div(_run_card(context, shown, activity, line, lines), id="studio-run", className="cell"), _how_many(line, lines)]
    runs = runs_card(shown.dataset, lines, activity if is_active else None)
    kept = dcc.Store(id="studio-shown", data={"dataset": shown.dataset.id, "job": activity.job.id if activity else ""})
    look = [dcc.Interval(id="studio-look", interval=_LOOK_EVERY_MS)] if is_active else []
    inside = [
        _top(shown, is_active),
        gone_note(shown, query),
        html.Div(cards, className="st"),
        html.Div(runs, id="studio-runs"),
        kept,
        *look,
    ]
    return [html.Div(inside, className="page-studio")]


def _top(shown: Shown, is_active: bool) -> html.Div:
    leave = html.Span("You can leave this page. The run goes on.", className="sm mut")
    return page_top(TITLE, dataset_menu(shown, PATH), spacer(), *([leave, button("Cancel run", "studio-cancel")] if is_active else []))


def _line_shown(lines: Sequence[RunLine], shown: Shown, activity: Activity | None) -> RunLine | None:
    """Return the run that the page speaks of: the one just made, else the one of the address or the team's."""
    made = (activity.job.result or {}).get("run_id") if activity else None
    wanted = made or (shown.run.id if shown.run else None)
    return next((line for line in lines if line.run.id == wanted), None)


def _recipe_shown(shown: Shown, activity: Activity | None, query: Mapping[str, str], choices: Choices) -> Recipe:
    """Return what the form begins with: the recipe of the job or the run of the address, else what the address says, else the default."""
    if activity:
        return Recipe.from_dict(activity.job.params["recipe"])
    if query.get("run") and shown.run and shown.run.id == query["run"]:
        return Recipe.from_dict(shown.run.recipe)
    return recipe_from_query(query, choices)


def _run_on_its_way(activity: Activity, lines: Sequence[RunLine]) -> html.Section:
    return progress_card(activity, "Last try" if activity.job.is_over else f"Run {len(lines) + 1}")


def _run_card(context: Context, shown: Shown, activity: Activity | None, line: RunLine | None, lines: Sequence[RunLine]) -> html.Section:
    if activity and (activity.job.state != "done" or line is None):
        return _run_on_its_way(activity, lines)
    if line is None:
        words = "Tick what makes customers alike, then press Find segments. It takes seconds; you can leave meanwhile."
        return card("No run yet", html.P(words, className="none"), look="run")
    segments = list_named_segments(context, line.run.id)
    if activity:
        return progress_card(activity, f"Run {line.number}", result(line, segments, shown.dataset))
    return result_card(line, segments, shown.dataset)


def _how_many(line: RunLine | None, lines: Sequence[RunLine]) -> html.Section:
    """Draw the criteria by the number of segments."""
    title = "How many segments?"
    if line is None:
        return card(title, html.P("The curves come with the first run.", className="none"), look="kc")
    report = (line.run.report or {})["run"]
    scores = scores_around(line, lines)
    if len(scores) < 2 or line.n_segments not in [score["k"] for score in scores]:
        words = f"Nothing to compare with. Choose automatic, and {MIN_CLUSTERS} to {MAX_CLUSTERS} segments are tried."
        return card(title, html.P(words, className="none"), f"Run {line.number}: {report['k_reason']}", look="kc")
    clearest = max(scores, key=lambda score: score["silhouette"])["k"]
    told = Told(
        title,
        f"Run {line.number}: {line.n_segments} chosen. "
        + ("There groups are clearest." if clearest == line.n_segments else f"Groups are clearest with {clearest}."),
        f"Silhouette: how much closer customers are to their own segment than to the next, n = {whole(report['n_segmented'])}. "
        f"Spread: 100 at {scores[0]['k']} segments.",
    )
    return chart_card(_curves(scores, line.n_segments), told, _numbers(scores), look="kc")


def _curves(scores: Sequence[Mapping[str, Any]], chosen: int) -> list[Any]:
    place = [score["k"] for score in scores].index(chosen)
    clear = f"Silhouette by number of segments: {scores[place]['silhouette']:.2f} at {chosen}"
    spread = f"Spread by number of segments, in percent of the first: {relative_spread(scores)[place]:.0f} at {chosen}"
    return [
        _head("Clearness of groups", "silhouette, higher is better"),
        chart("studio-clearness", clearness_by_k(scores, chosen), clear, _CHART_HEIGHT),
        _head("Spread inside groups", "look for the bend"),
        chart("studio-spread", spread_by_k(scores, chosen), spread, _CHART_HEIGHT),
    ]


def _numbers(scores: Sequence[Mapping[str, Any]]) -> DataTable:
    rows = [
        [str(score["k"]), f"{score['silhouette']:.3f}", f"{spread:.1f}", whole(score["smallest"])]
        for score, spread in zip(scores, relative_spread(scores), strict=True)
    ]
    return DataTable(("Segments", "Silhouette", "Spread", "Smallest segment"), rows)


def _head(words: str, hint: str) -> html.P:
    return html.P([html.B(words), html.Span(hint, className="dim xs")], className="kh")


def register_callbacks(callbacks: Callbacks) -> None:
    """Say what happens on this page."""
    _register_form(callbacks)
    _register_progress(callbacks)

    @callbacks.register(
        Output("page", "children", allow_duplicate=True),
        Input({"type": "publish", "run": ALL}, "n_clicks"),
        State("studio-shown", "data", allow_optional=True),  # leaving the page also changes which buttons there are
        permission="edit",
        prevent_initial_call=True,
    )
    def publish_run(clicks: list[int | None], shown: ShownJob | None) -> Any:
        if not any(clicks) or shown is None:
            return no_update
        run = publish(callbacks.context, ctx.triggered_id["run"])
        return render(callbacks.context, {"dataset": shown["dataset"], "run": run.id})


def _register_form(callbacks: Callbacks) -> None:
    @callbacks.register(
        Output("url", "href", allow_duplicate=True),
        Output("recipe-problem", "children"),
        Input("recipe-start", "n_clicks"),
        State({"type": "recipe", "name": ALL}, "value"),
        State({"type": "recipe", "name": ALL}, "id"),
        State("studio-shown", "data"),
        permission="run",
        prevent_initial_call=True,
        running=[(Output("recipe-start", "disabled"), True, False)],
    )
    def start_run(clicks: int | None, values: list[Any], ids: list[ControlId], shown: ShownJob) -> tuple[Any, Any]:
        if not clicks:
            return no_update, no_update
        form = {each["name"]: value for each, value in zip(ids, values, strict=False)}
        return start(callbacks.context, shown["dataset"], form)

    names = ("features", "scenario", "method")
    callbacks.register_in_browser(
        "followScenario",
        *(Output(control_id(name), "value") for name in names),
        Output("recipe-note", "children"),
        *(Input(control_id(name), "value") for name in names),
        State("recipe-scenarios", "data"),
        prevent_initial_call=True,
    )


def _register_progress(callbacks: Callbacks) -> None:
    @callbacks.register(
        Output("studio-run", "children"),
        Output("studio-runs", "children"),
        Output("page", "children", allow_duplicate=True),
        Input("studio-look", "n_intervals"),
        State("studio-shown", "data"),
        permission="see",
        prevent_initial_call=True,
    )
    def follow_run(_: int | None, shown: ShownJob) -> tuple[Any, Any, Any]:
        return follow(callbacks.context, shown["dataset"], shown["job"])

    @callbacks.register(
        Output("studio-cancel", "disabled"),
        Input("studio-cancel", "n_clicks"),
        State("studio-shown", "data"),
        permission="run",
        prevent_initial_call=True,
    )
    def cancel_run(clicks: int | None, shown: ShownJob) -> Any:
        if not clicks:
            return no_update
        cancel_job(callbacks.context, shown["job"])
        return True


def start(context: Context, dataset_id: str, form: Mapping[str, Any]) -> tuple[Any, Any]:
    """Start what the form says; returns the address to go to and what to say at the form."""
    shown = find_shown(context, dataset_id)
    if shown is None or shown.dataset.id != dataset_id:
        raise NotFoundError("no_such_dataset", "There is no such dataset.", fix="It may have been deleted. Choose another.")
    actor = current_actor()
    try:
        recipe = recipe_from_form(form, read_choices(context, shown.dataset), shown.dataset)
        answer = request_run(context, dataset_id, recipe, actor.name if actor else None)
    except AppError as error:
        return no_update, failure(error)
    if isinstance(answer, Job):
        return href(PATH, {"dataset": dataset_id, "job": answer.id}), None
    return no_update, _known(answer)


def _known(run: Run) -> html.Div:
    when = day((run.finished_at or run.created_at).date())
    link = dcc.Link("Here it is", href=href(PATH, {"dataset": run.dataset_id, "run": run.id}))
    return html.Div([icon("info"), html.P([f"This recipe was run before, on {when}. ", link, "."])], className="told", role="status")


def follow(context: Context, dataset_id: str, job_id: str) -> tuple[Any, Any, Any]:
    """Return the progress card and the runs while a run is on its way, and the whole page when it is over."""
    shown = find_shown(context, dataset_id)
    activity = find_activity(context, dataset_id, job_id)
    if shown is None or activity is None or activity.job.is_over:
        return no_update, no_update, render(context, {"dataset": dataset_id, "job": job_id})
    lines = list_run_lines(context, shown.runs)
    return _run_on_its_way(activity, lines), runs_card(shown.dataset, lines, activity), no_update
