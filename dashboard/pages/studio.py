"""Studio: choose a recipe, find segments in the background, see every run so far, lay two side by side, publish one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dash import ALL, Input, Output, State, ctx, dcc, html, no_update
from typing_extensions import TypedDict  # pydantic wants this one before Python 3.12

from dashboard.auth.actors import current_actor
from dashboard.auth.permissions import allow
from dashboard.callbacks import Callbacks
from dashboard.components.basics import button, card, href, icon, page_top, spacer
from dashboard.components.context_menu import dataset_menu, gone_note
from dashboard.components.empty import empty_state
from dashboard.components.failures import failure
from dashboard.components.progress import progress_card
from dashboard.components.recipe_form import FormFacts, control_id, locked_recipe, recipe_form
from dashboard.components.run_compare import compare_view
from dashboard.components.run_result import result, result_card
from dashboard.components.runs_table import RunsView, runs_card
from dashboard.components.studio_curves import Curves, how_many_card
from dashboard.components.studio_preview import EDITED, FIELDS, address_of, cost_words, said_at, said_id
from dashboard.components.studio_recipes import dropped_note
from dashboard.components.studio_team import deleted_note, team_note
from dashboard.context import Context
from dashboard.figures.studio import clearness_by_k, relative_spread, spread_by_k
from dashboard.formats import day
from dashboard.queries.comparison import compare_runs
from dashboard.queries.datasets import Shown, find_shown
from dashboard.queries.kept_recipes import KeptRecipe, as_kept, list_kept, name_recipes
from dashboard.queries.recipe_forms import form_of, query_of, read_form, recipe_from_query
from dashboard.queries.recipe_preview import preview_recipe
from dashboard.queries.recipes import Choices, read_choices
from dashboard.queries.run_numbers import next_number, number_runs
from dashboard.queries.studio import Activity, RunLine, find_activity, list_named_segments, list_run_lines, read_worth, scores_around
from dashboard.workflows.cancelling import cancel_job
from dashboard.workflows.publishing import drop_run, find_team_run, publish, withdraw
from dashboard.workflows.recipes import drop_recipe, edit_recipe, save_recipe
from dashboard.workflows.runs import request_run
from database.jobs import Job
from database.runs import Run
from segmentation.errors import AppError, NotFoundError
from segmentation.measures.recipe import Recipe

PATH, TITLE, ICON, GROUP = "/studio", "Studio", "studio", "Build"
_PROMISE = "Find groups of customers who behave alike"
_LOOK_EVERY_MS = 500


class ShownStudio(TypedDict):
    """What the page keeps in the browser, "" for nothing.

    The dataset, the run asked for, the job on its way, the named recipe and when it had changed last, how the runs are shown.
    """

    dataset: str
    run: str
    job: str
    recipe: str
    seen: str
    sort: str
    runs: str


class ControlId(TypedDict):
    """Which control of the recipe it is."""

    name: str


def render(context: Context, query: Mapping[str, str], *notes: Any) -> list[Any]:
    """Draw the page; ``notes`` say what was just done."""
    shown = find_shown(context, query.get("dataset"), query.get("run"))
    if shown is None:
        return empty_state(TITLE, _PROMISE, context.settings.max_upload_mb)
    if query.get("compare"):
        found = compare_runs(context, query["compare"], query.get("with"))
        return [html.Div(compare_view(found, _may("export")), className="page-studio")]
    choices = read_choices(context, shown.dataset)
    activity = find_activity(context, shown.dataset.id, query.get("job"))
    is_active = activity is not None and not activity.job.is_over
    lines, kept = list_run_lines(context, shown.runs), list_kept(context, choices)
    line = _line_shown(lines, shown, activity)
    if activity and is_active:
        left = locked_recipe(activity.job.params["recipe"], choices, shown.dataset)
    else:
        left = recipe_form(choices, shown.dataset, _form_facts(context, shown, choices, (activity, line, kept), query))
    run_card = html.Div(_run_card(context, shown, activity, line), id="studio-run", className="cell")
    runs = runs_card(shown.dataset, lines, activity if is_active else None, _runs_view(context, shown, query))
    facts = {name: query.get(name, "") for name in ("recipe", "sort", "runs")}
    facts["run"] = line.run.id if line and (activity or query.get("run")) else ""
    seen = next((each.named.changed_at.isoformat() for each in kept if each.named.id == facts["recipe"]), "")
    inside = [
        _top(shown, is_active),
        gone_note(shown, query),
        dropped_note(query.get("dropped")),
        *notes,
        html.Div([left, run_card, how_many_card(line, _curves(line, lines))], className="st"),
        html.Div(runs, id="studio-runs"),
        dcc.Store(id="studio-address"),
        dcc.Store(id="studio-shown", data={"dataset": shown.dataset.id, "job": activity.job.id if activity else "", "seen": seen, **facts}),
        *([dcc.Interval(id="studio-look", interval=_LOOK_EVERY_MS)] if is_active else []),
    ]
    return [html.Div(inside, className="page-studio")]


def _may(permission: str) -> bool:
    return allow(current_actor(), permission)


def _top(shown: Shown, is_active: bool) -> html.Div:
    leave = html.Span("You can leave this page. The run goes on.", className="sm mut")
    cancel = button("Cancel run", "studio-cancel") if _may("run") else None
    return page_top(TITLE, dataset_menu(shown, PATH), spacer(), *([leave, cancel] if is_active else []))


def _line_shown(lines: Sequence[RunLine], shown: Shown, activity: Activity | None) -> RunLine | None:
    """Return the run that the page speaks of: the one just made, else the one of the address or the team's."""
    made = (activity.job.result or {}).get("run_id") if activity else None
    wanted = made or (shown.run.id if shown.run else None)
    return next((line for line in lines if line.run.id == wanted), None)


def _form_facts(
    context: Context,
    shown: Shown,
    choices: Choices,
    known: tuple[Activity | None, RunLine | None, Sequence[KeptRecipe]],
    query: Mapping[str, str],
) -> FormFacts:
    activity, line, kept = known
    named = next((each for each in kept if each.named.id == query.get("recipe") and not each.lacking), None)
    recipe = named.recipe if named and not query.get(EDITED) else _recipe_shown(shown, activity, query, choices)
    preview = preview_recipe(context, shown.dataset, choices, form_of(recipe, choices))
    return FormFacts(recipe, preview, read_worth(line.run if line else None), kept, named, query.get("dropped", ""), _may("run"))


def _recipe_shown(shown: Shown, activity: Activity | None, query: Mapping[str, str], choices: Choices) -> Recipe:
    """Return what the form begins with: the recipe of the job or the run of the address, else what the address says, else the default."""
    if activity:
        return Recipe.from_dict(activity.job.params["recipe"])
    if not query.get(EDITED) and shown.run and shown.run.id == query.get("run"):
        return Recipe.from_dict(shown.run.recipe)
    return recipe_from_query(query, choices)


def _runs_view(context: Context, shown: Shown, query: Mapping[str, str]) -> RunsView:
    beside = {name: value for name, value in query.items() if name not in ("dataset", "sort", "runs", "dropped", "at")}
    names = name_recipes(context, shown.dataset.kind)
    return RunsView(query.get("sort", ""), query.get("runs") == "all", beside, names, _may("edit"), _may("delete"))


def _run_on_its_way(activity: Activity, number: int) -> html.Section:
    return progress_card(activity, "Last try" if activity.job.is_over else f"Run {number}")


def _run_card(context: Context, shown: Shown, activity: Activity | None, line: RunLine | None) -> html.Section:
    if activity and (activity.job.state != "done" or line is None):
        return _run_on_its_way(activity, next_number(shown.runs))
    if line is None:
        words = "Tick what makes customers alike, then press Find segments. You can leave meanwhile."
        return card("No run yet", html.P(words, className="none"), look="run")
    segments = list_named_segments(context, line.run.id)
    if activity:
        return progress_card(activity, f"Run {line.number}", result(line, segments, shown.dataset))
    return result_card(line, segments, shown.dataset)


def _curves(line: RunLine | None, lines: Sequence[RunLine]) -> Curves | None:
    """Return what there is to compare a run's number of segments with; None where no other number was tried."""
    scores = scores_around(line, lines) if line else ()
    if line is None or len(scores) < 2 or line.n_segments not in [score["k"] for score in scores]:
        return None
    k = line.n_segments
    return Curves(scores, relative_spread(scores), clearness_by_k(scores, k), spread_by_k(scores, k))


def register_callbacks(callbacks: Callbacks) -> None:
    """Say what happens on this page."""
    _register_form(callbacks)
    _register_recipes(callbacks)
    _register_progress(callbacks)
    _register_runs(callbacks)


_CONTROLS = (State({"type": "recipe", "name": ALL}, "value"), State({"type": "recipe", "name": ALL}, "id"), State("studio-shown", "data"))


def _as_form(values: Sequence[Any], ids: Sequence[ControlId]) -> dict[str, Any]:
    return {each["name"]: value for each, value in zip(ids, values, strict=False)}


def _register_form(callbacks: Callbacks) -> None:
    @callbacks.register(
        Output("url", "href", allow_duplicate=True),
        Output("recipe-problem", "children"),
        Input("recipe-start", "n_clicks"),
        *_CONTROLS,
        permission="run",
        prevent_initial_call=True,
        running=[(Output("recipe-start", "disabled"), True, False)],
    )
    def start_run(clicks: int | None, values: list[Any], ids: list[ControlId], shown: ShownStudio) -> tuple[Any, Any]:
        if not clicks:
            return no_update, no_update
        return start(callbacks.context, shown["dataset"], _as_form(values, ids))

    @callbacks.register(
        *(Output(said_id(field), "children") for field in FIELDS),
        Output("recipe-cost", "children"),
        Output("studio-address", "data"),
        Input({"type": "recipe", "name": ALL}, "value"),
        *_CONTROLS[1:],
        permission="see",
        prevent_initial_call=True,
    )
    def preview_form(values: list[Any], ids: list[ControlId], shown: ShownStudio) -> list[Any]:
        return preview(callbacks.context, _as_form(values, ids), shown)

    callbacks.register_in_browser("keepAddress", Input("studio-address", "data"))
    names = ("features", "scenario", "method")
    callbacks.register_in_browser(
        "followScenario",
        *(Output(control_id(name), "value") for name in names),
        Output("recipe-note", "children"),
        *(Input(control_id(name), "value") for name in names),
        State("recipe-scenarios", "data"),
        prevent_initial_call=True,
    )


def _register_recipes(callbacks: Callbacks) -> None:
    @callbacks.register(
        Output("url", "href", allow_duplicate=True),
        Output("recipe-told", "children"),
        Input({"type": "recipe-deed", "deed": ALL}, "n_clicks"),
        State("recipe-name", "value"),
        *_CONTROLS,
        permission="run",
        prevent_initial_call=True,
    )
    def keep(clicks: list[int | None], name: str | None, values: list[Any], ids: list[ControlId], shown: ShownStudio) -> tuple[Any, Any]:
        if not any(clicks) or not isinstance(ctx.triggered_id, dict):
            return no_update, no_update
        try:
            return keep_recipe(callbacks.context, ctx.triggered_id["deed"], name or "", _as_form(values, ids), shown), None
        except AppError as error:
            return no_update, failure(error)


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
    def follow_run(_: int | None, shown: ShownStudio) -> tuple[Any, Any, Any]:
        return follow(callbacks.context, shown)

    @callbacks.register(
        Output("studio-cancel", "disabled"),
        Input("studio-cancel", "n_clicks"),
        State("studio-shown", "data"),
        permission="run",
        prevent_initial_call=True,
    )
    def cancel_run(clicks: int | None, shown: ShownStudio) -> Any:
        if not clicks:
            return no_update
        cancel_job(callbacks.context, shown["job"])
        return True


def _register_runs(callbacks: Callbacks) -> None:
    page = Output("page", "children", allow_duplicate=True)
    shown_before = State("studio-shown", "data", allow_optional=True)  # leaving the page also changes which buttons there are

    @callbacks.register(
        page, Input({"type": "publish", "run": ALL}, "n_clicks"), shown_before, permission="edit", prevent_initial_call=True
    )
    def publish_run(clicks: list[int | None], shown: ShownStudio | None) -> Any:
        return _answer(clicks, shown, make_the_teams)

    @callbacks.register(
        page, Input({"type": "withdraw", "run": ALL}, "n_clicks"), shown_before, permission="edit", prevent_initial_call=True
    )
    def withdraw_run(clicks: list[int | None], shown: ShownStudio | None) -> Any:
        return _answer(clicks, shown, undo_first)

    @callbacks.register(
        page, Input({"type": "drop-run", "run": ALL}, "n_clicks"), shown_before, permission="delete", prevent_initial_call=True
    )
    def delete_run(clicks: list[int | None], shown: ShownStudio | None) -> Any:
        return _answer(clicks, shown, remove_run)

    def _answer(clicks: list[int | None], shown: ShownStudio | None, act: Any) -> Any:
        if not any(clicks) or shown is None or not isinstance(ctx.triggered_id, dict):
            return no_update
        return act(callbacks.context, ctx.triggered_id["run"], shown)


def preview(context: Context, form: Mapping[str, Any], shown: ShownStudio) -> list[Any]:
    """Return what to say at each field, what the recipe will cost, and the address that brings the form back."""
    dataset = _load(context, shown["dataset"]).dataset
    told = preview_recipe(context, dataset, read_choices(context, dataset), form)
    beside = {name: value for name, value in shown.items() if name not in ("job", "seen")}
    return [*(said_at(field, told) for field in FIELDS), cost_words(told), address_of(told, beside)]


def start(context: Context, dataset_id: str, form: Mapping[str, Any]) -> tuple[Any, Any]:
    """Start what the form says; returns the address to go to and what to say at the form."""
    shown = _load(context, dataset_id)
    try:
        recipe = preview_recipe(context, shown.dataset, read_choices(context, shown.dataset), form).filled.checked()
        answer = request_run(context, dataset_id, recipe, _author())
    except AppError as error:
        return no_update, failure(error)
    if isinstance(answer, Job):
        return href(PATH, {"dataset": dataset_id, "job": answer.id}), None
    return no_update, _known(answer)


def keep_recipe(context: Context, deed: str, name: str, form: Mapping[str, Any], shown: ShownStudio) -> str:
    """Keep, change or drop a named recipe; returns the address of what the form then holds."""
    dataset_id = shown["dataset"]
    if deed == "drop":
        dropped = drop_recipe(context, shown["recipe"])
        return href(PATH, {"dataset": dataset_id, **query_of(Recipe.from_dict(dropped.recipe)), "dropped": dropped.name})
    dataset = _load(context, dataset_id).dataset
    n_customers = dataset.facts.n_customers if dataset.facts else 0
    recipe = as_kept(read_form(form, read_choices(context, dataset), n_customers).checked(), form)
    if deed == "change":
        kept = edit_recipe(context, shown["recipe"], name, recipe, datetime.fromisoformat(shown["seen"]))
    else:
        kept = save_recipe(context, name, recipe, _author())
    return href(PATH, {"dataset": dataset_id, "recipe": kept.id, "at": kept.changed_at.strftime("%H%M%S%f")})


def make_the_teams(context: Context, run_id: str, shown: ShownStudio) -> list[Any]:
    """Publish a run, say so, and offer the way back."""
    before = find_team_run(context, run_id)
    run = publish(context, run_id)
    return _with_team_note(context, run, before, shown)


def undo_first(context: Context, run_id: str, shown: ShownStudio) -> list[Any]:
    """Take back the first publication of a dataset: no run is the team's again."""
    run = withdraw(context, run_id)
    return _with_team_note(context, run, None, shown)


def _with_team_note(context: Context, run: Run, before: Run | None, shown: ShownStudio) -> list[Any]:
    found = find_shown(context, shown["dataset"], run.id)
    note = team_note(run, before, number_runs(found.runs if found else ()))
    return render(context, {"dataset": shown["dataset"], "run": run.id, "sort": shown["sort"], "runs": shown["runs"]}, note)


def remove_run(context: Context, run_id: str, shown: ShownStudio) -> list[Any]:
    """Delete a run and say so."""
    drop_run(context, run_id, _author())
    return render(context, {"dataset": shown["dataset"], "sort": shown["sort"], "runs": shown["runs"]}, deleted_note())


def follow(context: Context, kept: ShownStudio) -> tuple[Any, Any, Any]:
    """Return the progress card and the runs while a run is on its way, and the whole page when it is over."""
    dataset_id, job_id = kept["dataset"], kept["job"]
    shown = find_shown(context, dataset_id)
    activity = find_activity(context, dataset_id, job_id)
    if shown is None or activity is None or activity.job.is_over:
        return no_update, no_update, render(context, {"dataset": dataset_id, "job": job_id, "sort": kept["sort"], "runs": kept["runs"]})
    lines = list_run_lines(context, shown.runs)
    view = _runs_view(context, shown, {"job": job_id, "recipe": kept["recipe"], "sort": kept["sort"], "runs": kept["runs"]})
    return _run_on_its_way(activity, next_number(shown.runs)), runs_card(shown.dataset, lines, activity, view), no_update


def _load(context: Context, dataset_id: str) -> Shown:
    shown = find_shown(context, dataset_id)
    if shown is None or shown.dataset.id != dataset_id:
        raise NotFoundError("no_such_dataset", "There is no such dataset.", fix="It may have been deleted. Choose another.")
    return shown


def _author() -> str | None:
    actor = current_actor()
    return actor.name if actor else None


def _known(run: Run) -> html.Div:
    when = day((run.finished_at or run.created_at).date())
    link = dcc.Link("Here it is", href=href(PATH, {"dataset": run.dataset_id, "run": run.id}))
    return html.Div([icon("info"), html.P([f"This recipe was run before, on {when}. ", link, "."])], className="told", role="status")
