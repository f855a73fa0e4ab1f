"""Who is this? One customer described or a file of new ones, placed into the segments of a run; and what goes with what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from dash import ALL, MATCH, Input, Output, State, ctx, dcc, html, no_update
from typing_extensions import TypedDict  # pydantic wants this one before Python 3.12

from dashboard.auth.actors import current_actor
from dashboard.auth.permissions import allow
from dashboard.callbacks import Callbacks
from dashboard.components.basics import aria, card, hidden, href, link_button, page_top, spacer
from dashboard.components.context_menu import dataset_menu, gone_note
from dashboard.components.empty import empty_state
from dashboard.components.failures import failure
from dashboard.components.predict_answer import customer_explained
from dashboard.components.predict_drivers import DRIVERS, EFFECT, draw_answer, part_id, question_card
from dashboard.components.predict_file import drop_card, labelled, not_done, on_its_way, recent_card
from dashboard.components.predict_form import person_form
from dashboard.components.segment_top import run_menu
from dashboard.context import Context
from dashboard.formats import counted
from dashboard.queries.datasets import Shown, find_shown
from dashboard.queries.drivers import list_columns
from dashboard.queries.predict import RunModel, load_model
from dashboard.queries.predict_form import Described, describe, from_address, to_address
from dashboard.queries.scorings import find_labelled, find_scoring, list_scorings
from dashboard.workflows.driving import Question, find_answer, request_answer
from dashboard.workflows.scoring import request_scoring
from database.datasets import Dataset, load_dataset
from database.engine import read
from database.uploads import load_upload
from segmentation.errors import ConflictError, InvalidInputError, NotFoundError

PATH, TITLE, ICON, GROUP = "/predict", "Who is this?", "who", "Act"

Query = Mapping[str, str]
_PROMISE = "Describe a customer, and see which segment they belong to and why"
_VIEWS = (("", "One customer"), ("file", "A file"), ("drivers", "What goes together"))
_LOOK_EVERY_MS = 500
_FIELDS, _PROBLEMS = {"type": "predict", "name": ALL}, {"type": "predict-problem", "name": ALL}


class ShownRun(TypedDict):
    """What the page keeps in the browser of the run that it shows."""

    dataset: str
    run: str


class ShownFile(TypedDict):
    """What the page keeps in the browser of the file that it shows."""

    dataset: str
    run: str
    upload: str


class AskedColumns(TypedDict):
    """What the page keeps in the browser of a question about columns."""

    dataset: str
    number: str
    category: str | None


class PickerId(TypedDict):
    """Which picker of a question it is."""

    field: str


class PartId(TypedDict):
    """Which question a part belongs to."""

    what: Literal["drivers", "effect"]


class FieldId(TypedDict):
    """Which feature a control is for."""

    name: str


def render(context: Context, query: Query) -> list[Any]:
    """Draw the page."""
    found = find_shown(context, query.get("dataset"), query.get("run"))
    if found is None:
        return empty_state(TITLE, _PROMISE, context.settings.max_upload_mb)
    return [html.Div([_top(found, query), gone_note(found, query), *_content(context, found, query)], className="page-predict")]


def _top(found: Shown, query: Query) -> html.Div:
    carried = {name: query[name] for name in ("dataset", "run") if name in query}
    now = _view_of(query)
    links = [
        dcc.Link(
            [words, hidden(" (shown now)") if name == now else None],
            href=href(PATH, {**carried, "view": name}),
            className="on" if name == now else "",
        )
        for name, words in _VIEWS
    ]
    runs = [run_menu(found, PATH)] if found.run and now != "drivers" else []
    return page_top(
        TITLE, dataset_menu(found, PATH), *runs, spacer(), html.Div(links, className="seg2", role="group", **aria(label="View"))
    )


def _view_of(query: Query) -> str:
    return query.get("view", "") if query.get("view", "") in dict(_VIEWS) else ""


def _content(context: Context, found: Shown, query: Query) -> list[Any]:
    if _view_of(query) == "drivers":
        return _together_view(context, found.dataset, query)
    if found.run is None:
        return [_no_run_yet(found)]
    try:
        known = load_model(context, found.run.id)
    except ConflictError as error:
        return [_too_old(found, error)]
    if _view_of(query) == "file":
        is_of_this_run = query.get("run", known.run.id) == known.run.id  # else the run of a kept link is gone
        return _file_view(context, known, query.get("upload") if is_of_this_run else None)
    return [
        dcc.Store(id="predict-shown", data=_address_of(known)),
        dcc.Store(id="predict-address"),
        dcc.Store(id="predict-answered"),
        dcc.Store(id="predict-nudge"),
        html.Div(_person_view(known, describe(known, from_address(query))), id="predict-content"),
    ]


def _no_run_yet(found: Shown) -> html.Section:
    told = "Here you will describe a customer, or drop a file of new ones, and see the segment of each, why, and what to do."
    start = link_button("Find segments", href("/studio", {"dataset": found.dataset.id}), "primary", "studio")
    n_customers = counted(found.dataset.facts.n_customers, "customer") if found.dataset.facts else "Your customers"
    return html.Section([html.H2(f"{n_customers}, no segments yet"), html.P(told), start], className="card none-yet")


def _too_old(found: Shown, error: ConflictError) -> html.Div:
    again = link_button("Segment again", href("/studio", {"dataset": found.dataset.id, "run": found.run.id if found.run else None}))
    return failure(error, again)


def _person_view(known: RunModel, described: Described) -> html.Div:
    answer = html.Div(_answer(described), id="predict-answer", **aria(live="polite"))
    return html.Div([person_form(described, known.currency), answer], className="pw")


def _answer(described: Described) -> html.Section:
    if described.answer is None:
        words = html.P("Mend what is marked on the left, and the segment stands here.", className="mut")
        return card("No answer yet", words, look="answer")
    return html.Section(customer_explained(described.answer), className="card answer")


def _file_view(context: Context, known: RunModel, upload_id: str | None) -> list[Any]:
    """Draw one file: on its way, or what came of it; without one, or where it is gone, the place for a file and those labelled lately."""
    run, gone = _address_of(known), None
    if upload_id:
        try:
            return _one_file(context, known, upload_id)
        except NotFoundError as error:
            gone = failure(error)
    bring = (
        drop_card(known, context.settings.max_upload_mb, href(PATH, {**run, "view": "file"}) + "&upload=")
        if allow(current_actor(), "run")
        else card("Label new customers", html.P("You may not start this here. Ask whoever gives access.", className="mut"), look="bring")
    )
    return [gone, bring, recent_card(list_scorings(context, known.run.id), run)]


def _one_file(context: Context, known: RunModel, upload_id: str) -> list[Any]:
    job = find_scoring(context, known.run.id, upload_id)
    about = {**_address_of(known), "upload": upload_id}
    kept = dcc.Store(id="predict-file", data=about)
    back = link_button("Another file", href(PATH, {**_address_of(known), "view": "file"}))
    if job is None or not job.is_over:
        name = job.params["name"] if job else _name_of(context, upload_id)
        look = dcc.Interval(id="predict-look", interval=_LOOK_EVERY_MS, disabled=not allow(current_actor(), "run"))
        return [kept, html.Div(on_its_way(job, name), id="predict-progress"), look]
    if job.state != "done":
        return [kept, not_done(job), back]
    return [kept, *labelled(job, known, find_labelled(context, job), allow(current_actor(), "export")), back]


def _together_view(context: Context, dataset: Dataset, query: Query) -> list[Any]:
    """Draw the two questions about columns, as the address asks them or as is most often asked."""
    columns = list_columns(dataset)
    numbers, words = ([column.name for column in columns if column.kind == kind] for kind in ("number", "category"))
    if not numbers:
        return [card("What goes together", html.P("This dataset has no numbers about its customers.", className="mut"))]
    number = _chosen(query.get("number"), numbers, "monetary_total")
    about = {"dataset": dataset.id, "category": None}
    asked = {DRIVERS: {**about, "number": _chosen(query.get("column"), [*numbers, *words], "monetary_total")}}
    if words or len(numbers) > 1:
        groups = [name for name in (*words, *numbers) if name != number]
        asked[EFFECT] = {**about, "number": number, "category": _chosen(query.get("category"), groups, "education")}
    drawn = [question_card(what, each, columns, *_draw_question(context, what, each)) for what, each in asked.items()]
    return [html.Div(drawn, className="pair")]


def _chosen(wanted: str | None, names: Sequence[str], usual: str) -> str:
    return next((name for name in (wanted, usual) if name and name in names), names[0])


def _draw_question(context: Context, what: str, asked: Mapping[str, Any], begin: bool = False) -> tuple[Any, bool]:
    """Return the answer as far as it is known, and whether that is all; ``begin`` asks for it where nobody has."""
    with read(context.engine) as conn:
        dataset = load_dataset(conn, asked["dataset"])
    columns = list_columns(dataset)
    if not {asked["number"], asked["category"] or asked["number"]} <= {column.name for column in columns}:
        raise InvalidInputError("unknown_feature", "This dataset has no such column.", fix="Choose another.")
    question = Question(asked["dataset"], asked["number"], asked["category"])
    job = find_answer(context, question)
    if job is None and begin:
        job = request_answer(context, question, _author())
    currency = dataset.facts.currency if dataset.facts else None
    return draw_answer(what, job, currency, columns), job is not None and job.is_over


def _address_of(known: RunModel) -> dict[str, str]:
    return {"dataset": known.dataset.id, "run": known.run.id}


def _name_of(context: Context, upload_id: str) -> str:
    with read(context.engine) as conn:
        return load_upload(conn, upload_id).file.name


def follow_file(context: Context, about: ShownFile) -> tuple[Any, Any]:
    """Return the progress of a file, and the whole page when it is over; a file that has only just arrived is begun here."""
    job = find_scoring(context, about["run"], about["upload"])
    if job is None:
        job = request_scoring(context, about["run"], about["upload"], _author())
    if job.is_over:
        return no_update, render(context, _query_of(about))
    return on_its_way(job, job.params["name"]), no_update


def _query_of(about: ShownFile) -> Query:
    return {"dataset": about["dataset"], "run": about["run"], "upload": about["upload"], "view": "file"}


def _author() -> str | None:
    actor = current_actor()
    return actor.name if actor else None


def _person(context: Context, shown: ShownRun, typed: Mapping[str, str]) -> tuple[RunModel, Described, str]:
    """Return the run that is shown, the form as it was typed, and the address that brings this very form back."""
    known = load_model(context, shown["run"])
    described = describe(known, typed)
    return known, described, href(PATH, {**_address_of(known), **to_address(described.changed)})


def register_callbacks(callbacks: Callbacks) -> None:
    """Say what happens on this page."""
    _register_person(callbacks)
    _register_again(callbacks)
    _register_file(callbacks)
    _register_together(callbacks)


def _register_person(callbacks: Callbacks) -> None:
    context = callbacks.context

    @callbacks.register(
        Output("predict-answer", "children"),
        Output(_PROBLEMS, "children"),
        Output("predict-address", "data"),
        Output("predict-answered", "data"),
        Input(_FIELDS, "value"),
        Input("predict-nudge", "data", allow_optional=True),
        State(_FIELDS, "id"),
        State("predict-shown", "data", allow_optional=True),  # leaving the page also changes which controls there are
        permission="see",
        prevent_initial_call=True,
        running=[(Output("frame", "data-busy"), "true", "false")],
    )
    def follow_form(values: list[str | None], _: int | None, ids: list[FieldId], shown: ShownRun | None) -> Any:
        places = ctx.outputs_list[1]
        if shown is None or not ids:
            return no_update, [no_update] * len(places), no_update, no_update
        typed = {each["name"]: value or "" for each, value in zip(ids, values, strict=False)}
        _known, described, address = _person(context, shown, typed)
        problems = [described.problems.get(str(place["id"]["name"])) for place in places]
        return _answer(described), problems, address, typed

    callbacks.register_in_browser("keepAddress", Input("predict-address", "data"))
    callbacks.register_in_browser("checkAnswered", Input("predict-answered", "data"), State(_FIELDS, "value"), State(_FIELDS, "id"))


def _register_again(callbacks: Callbacks) -> None:
    context = callbacks.context

    @callbacks.register(
        Output("predict-content", "children"),
        Output("predict-address", "data", allow_duplicate=True),
        Input("predict-again", "n_clicks"),
        State("predict-shown", "data"),
        permission="see",
        prevent_initial_call=True,
    )
    def start_again(clicks: int | None, shown: ShownRun) -> tuple[Any, Any]:
        if not clicks:
            return no_update, no_update
        known, described, address = _person(context, shown, {})
        return _person_view(known, described), address


def _register_file(callbacks: Callbacks) -> None:
    context = callbacks.context

    @callbacks.register(
        Output("predict-progress", "children"),
        Output("page", "children", allow_duplicate=True),
        Input("predict-look", "n_intervals"),
        State("predict-file", "data"),
        permission="run",
        prevent_initial_call=True,
    )
    def follow_work(_: int | None, about: ShownFile) -> tuple[Any, Any]:
        return follow_file(context, about)

    @callbacks.register(
        Output("page", "children", allow_duplicate=True),
        Input("predict-retry", "n_clicks"),
        State("predict-file", "data"),
        permission="run",
        prevent_initial_call=True,
    )
    def try_again(clicks: int | None, about: ShownFile) -> Any:
        if not clicks:
            return no_update
        request_scoring(context, about["run"], about["upload"], _author())
        return render(context, _query_of(about))


def _register_together(callbacks: Callbacks) -> None:
    context = callbacks.context
    question = part_id("question", MATCH)  # type: ignore[arg-type]  # Dash's stand-in for whichever question it is
    look, answer = part_id("look", MATCH), part_id("answer", MATCH)  # type: ignore[arg-type]
    pickers = {"type": "drive-pick", "what": MATCH, "field": ALL}

    @callbacks.register(
        Output(question, "data"),
        Input(pickers, "value"),
        State(pickers, "id"),
        State(question, "data"),
        permission="see",
        prevent_initial_call=True,
    )
    def pick(values: list[str | None], ids: list[PickerId], before: AskedColumns) -> Any:
        chosen = {each["field"]: value for each, value in zip(ids, values, strict=False) if value}
        return {**before, **chosen} if {**before, **chosen} != before else no_update

    @callbacks.register(
        Output(answer, "children"),
        Output(look, "disabled"),
        Input(question, "data"),
        Input(look, "n_intervals"),
        State(question, "id"),
        permission="see",
        prevent_initial_call=True,
    )
    def follow_question(asked: AskedColumns, _: int | None, part: PartId) -> tuple[Any, bool]:
        return _draw_question(context, part["what"], asked, begin=True)

    callbacks.register_in_browser("keepQuestions", Input({"type": "drive-question", "what": ALL}, "data"))
