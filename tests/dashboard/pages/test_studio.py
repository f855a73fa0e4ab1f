"""Studio before, while and after a run: what it shows, what it starts, what it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from dash import html, no_update
from dash.development.base_component import Component

from dashboard.auth.permissions import OWNER
from dashboard.context import Context, now
from dashboard.pages import studio as page
from dashboard.pages.studio import follow, render, start
from dashboard.progress import steps_of
from dashboard.queries import studio
from dashboard.workflows.cancelling import cancel_job
from dashboard.workflows.datasets import ImportRequest, request_import
from dashboard.workflows.doing import run_job
from dashboard.workflows.processes import this_worker
from dashboard.workflows.publishing import publish
from dashboard.workflows.staging import StagedFile, stage_file
from database.engine import read, write
from database.jobs import add_step, claim, expire_leases, fail, give_back, list_jobs, load_job, set_progress
from database.runs import add_segment_edit, find_published_run, list_runs
from database.workers import beat
from segmentation.errors import NotFoundError
from segmentation.measures.recipe import Recipe
from tests.dashboard.making import small_list, small_log

FORM: dict[str, Any] = {
    "scenario": "rfm", "features": ["recency_days", "frequency_orders", "monetary_total"], "k": "auto", "other_k": None,
    "method": "kmeans", "transform": "auto", "cap": "off", "missing": "drop", "seed": 42,
}  # fmt: skip


@pytest.fixture(autouse=True)
def owner(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks in these tests sits at the machine, unless a test says otherwise."""
    monkeypatch.setattr(page, "current_actor", lambda: OWNER)


def brought_in(context: Context, folder: Path, text: str) -> str:
    path = folder / "shop.csv"
    path.write_text(text, encoding="utf-8")
    file = stage_file(context, path)
    request_import(context, ImportRequest(StagedFile(file.id, file.name, file.sha256), "Shop"))
    return str(work_off(context)["dataset_id"])


def claimed(context: Context) -> Any:
    with write(context.engine) as conn:
        return claim(conn, this_worker(), now(), context.lease)


def work_off(context: Context) -> dict[str, Any]:
    """Do the job that waits, as a worker would; returns its result."""
    job = claimed(context)
    run_job(context, this_worker(), job)
    with read(context.engine) as conn:
        ended = load_job(conn, job.id)
    assert ended.state == "done", ended.error
    return dict(ended.result or {})


@pytest.fixture
def log(context: Context, tmp_path: Path) -> str:
    return brought_in(context, tmp_path, small_log())


@pytest.fixture
def people(context: Context, tmp_path: Path) -> str:
    return brought_in(context, tmp_path, small_list())


def parts(drawn: Any) -> Iterator[Any]:
    if isinstance(drawn, (list, tuple)):
        for each in drawn:
            yield from parts(each)
    elif drawn is not None:
        yield drawn
        if isinstance(drawn, Component):
            yield from parts(getattr(drawn, "children", None))


def words(drawn: Any) -> str:
    return " ".join(str(part) for part in parts(drawn) if not isinstance(part, Component))


def find(drawn: Any, component_id: Any) -> Any:
    return next((part for part in parts(drawn) if getattr(part, "id", None) == component_id), None)


def looking(dataset_id: str, job: str = "", recipe: str = "", seen: str = "") -> Any:
    """Return what the page keeps in the browser."""
    return {"dataset": dataset_id, "run": "", "job": job, "recipe": recipe, "seen": seen, "sort": "", "runs": ""}


def job_of(href: str) -> str:
    return href.rpartition("job=")[2]


def started(context: Context, dataset_id: str, **changes: Any) -> str:
    href, problem = start(context, dataset_id, {**FORM, **changes})
    assert problem is None, words(problem)
    assert href.startswith(f"/studio?dataset={dataset_id}&job=")
    return job_of(href)


def refused(context: Context, dataset_id: str, **changes: Any) -> str:
    href, problem = start(context, dataset_id, {**FORM, **changes})
    assert href is no_update
    with read(context.engine) as conn:
        assert not list_jobs(conn, kinds=("segmentation",))
    return words(problem)


def test_before_the_first_run(context: Context, log: str) -> None:
    drawn = render(context, {"dataset": log})
    said = words(drawn)
    assert "No run yet" in said
    assert find(drawn, "recipe-start") is not None
    assert find(drawn, "studio-look") is None
    assert find(drawn, {"type": "recipe", "name": "scenario"}).value == "rfm"
    assert sorted(find(drawn, {"type": "recipe", "name": "features"}).value) == sorted(FORM["features"])


def test_an_empty_store_is_no_error(context: Context) -> None:
    assert "Studio" in words(render(context, {}))


def test_a_run_from_the_form_to_the_table(context: Context, log: str) -> None:
    job = started(context, log)
    assert "Waiting for its turn" in words(render(context, {"dataset": log, "job": job}))
    result = work_off(context)
    drawn = render(context, {"dataset": log, "job": job})
    said = words(drawn)
    assert find(drawn, "studio-look") is None
    for step in ("Trying 2 to 8 segments", "Storing the results", "See the segments", "Run 1"):
        assert step in said
    with read(context.engine) as conn:
        (run,) = list_runs(conn, log)
    assert run.id == result["run_id"]
    assert run.recipe == Recipe().as_dict()
    assert {"type": "publish", "run": run.id} in [getattr(part, "id", None) for part in parts(drawn)]
    assert f"{run.report['run']['silhouette']:.2f}" in said


def test_the_same_recipe_twice_is_found_again(context: Context, log: str) -> None:
    first, second = started(context, log), started(context, log)
    assert first == second
    run_id = work_off(context)["run_id"]
    href, told = start(context, log, FORM)
    assert href is no_update
    assert "This recipe was run before" in words(told)
    assert any(getattr(part, "href", "") == f"/studio?dataset={log}&run={run_id}" for part in parts(told))


def test_while_it_runs_whoever_comes_sees_it(context: Context, log: str) -> None:
    started(context, log)
    job = claimed(context)
    with write(context.engine) as conn:
        add_step(conn, job, "features", now())
        add_step(conn, job, "choose_k", now())
        set_progress(conn, job, 0.21, "Trying 2 to 8 segments: 5 of 7")
    drawn = render(context, {"dataset": log})  # a second tab: without the job in its address
    said = words(drawn)
    assert "21%" in said
    assert "5 of 7" in said
    assert "locked" in said
    assert find(drawn, "recipe-start") is None
    assert find(drawn, "studio-cancel") is not None
    assert find(drawn, "studio-shown").data == looking(log, job.id)
    bar = next(part for part in parts(drawn) if getattr(part, "role", None) == "progressbar")
    assert getattr(bar, "aria-valuenow") == "21"
    card, table, page = follow(context, looking(log, job.id))
    assert page is no_update
    assert "5 of 7" in words(card)
    assert "now" in words(table)


def test_when_it_is_over_the_whole_page_comes(context: Context, log: str) -> None:
    job = started(context, log)
    work_off(context)
    card, table, page = follow(context, looking(log, job))
    assert (card, table) == (no_update, no_update)
    assert find(page, "recipe-start") is not None


def test_a_job_that_is_gone_ends_the_looking(context: Context, log: str) -> None:
    _, _, page = follow(context, looking(log, "nothing"))
    assert find(page, "studio-look") is None


def test_time_left_is_that_of_the_last_run(context: Context, log: str) -> None:
    started(context, log)
    work_off(context)
    job = started(context, log, seed=7)
    with write(context.engine) as conn:
        done = list_jobs(conn, ("done",), kinds=("segmentation",))[0]
    drawn = render(context, {"dataset": log, "job": job})
    assert [step["name"] for step in done.steps] == list(steps_of(Recipe()))
    assert words(drawn).count("a moment") + words(drawn).count("about ") == len(done.steps)


def test_cancelled_while_it_waits(context: Context, log: str) -> None:
    job = started(context, log)
    cancel_job(context, job)
    said = words(render(context, {"dataset": log, "job": job}))
    assert "Cancelled. Nothing was stored." in said
    assert claimed(context) is None


def test_cancelled_in_the_middle(context: Context, log: str) -> None:
    job_id = started(context, log)
    job = claimed(context)
    cancel_job(context, job_id)
    assert "Stopping" in words(render(context, {"dataset": log}))
    run_job(context, this_worker(), job)
    assert "Cancelled" in words(render(context, {"dataset": log, "job": job_id}))
    with read(context.engine) as conn:
        assert not list_runs(conn, log)


def test_interrupted_and_begun_again(context: Context, log: str) -> None:
    started(context, log)
    job = claimed(context)
    with write(context.engine) as conn:
        give_back(conn, job)
    claimed(context)
    said = words(render(context, {"dataset": log}))
    assert "Interrupted and begun again" not in said  # a worker that was told to stop gives its attempt back
    with write(context.engine) as conn:
        expire_leases(conn, now() + 2 * context.lease)
    assert "The work was interrupted and begins again." in words(render(context, {"dataset": log}))
    claimed(context)
    assert "Interrupted and begun again." in words(render(context, {"dataset": log}))


def test_what_failed_is_said_with_what_to_do(context: Context, log: str) -> None:
    job_id = started(context, log)
    error = {"code": "all_alike", "title": "All customers are alike.", "detail": "", "fix": "Choose other features."}
    job = claimed(context)
    with write(context.engine) as conn:
        add_step(conn, job, "features", now())
        fail(conn, job, error, now())
    drawn = render(context, {"dataset": log, "job": job_id})
    assert "All customers are alike." in words(drawn)
    assert "Choose other features." in words(drawn)
    assert find(drawn, "recipe-start") is not None


def test_nobody_works(context: Context, log: str, monkeypatch: pytest.MonkeyPatch) -> None:
    job = started(context, log)
    assert "No worker is running" not in words(render(context, {"dataset": log, "job": job}))
    monkeypatch.setattr(studio, "_UNATTENDED_AFTER", timedelta(0))
    assert "No worker is running" in words(render(context, {"dataset": log, "job": job}))
    with write(context.engine) as conn:
        beat(conn, this_worker(), now())
    assert "No worker is running" not in words(render(context, {"dataset": log, "job": job}))


def test_publishing_marks_the_run_and_compares_the_others_with_it(context: Context, log: str) -> None:
    started(context, log)
    first = work_off(context)["run_id"]
    started(context, log, k="5")
    second = work_off(context)["run_id"]
    publish(context, second)
    drawn = render(context, {"dataset": log})
    said = words(drawn)
    assert "Agreement with 2" in said
    assert "Published" in said
    with read(context.engine) as conn:
        assert find_published_run(conn, log).id == second
    shown = [getattr(part, "id", None) for part in parts(drawn)]
    assert {"type": "publish", "run": first} in shown
    assert {"type": "publish", "run": second} not in shown


def test_segments_are_called_as_people_call_them(context: Context, log: str) -> None:
    started(context, log)
    run_id = work_off(context)["run_id"]
    with write(context.engine) as conn:
        add_segment_edit(conn, run_id, 1, {"name": "Our friends"}, now())
    assert "Our friends" in words(render(context, {"dataset": log}))


def test_number_by_hand_is_compared_with_the_automatic_choice(context: Context, log: str) -> None:
    started(context, log)
    work_off(context)
    started(context, log, k="5")
    work_off(context)
    with read(context.engine) as conn:
        newest = list_runs(conn, log)[0]
    drawn = render(context, {"dataset": log, "run": newest.id})
    figure = find(drawn, {"type": "chart-spec", "name": "studio-clearness"}).data
    assert figure["data"][0]["x"] == [2, 3, 4, 5, 6]  # of 60 customers, ten a segment
    assert find(drawn, {"type": "recipe", "name": "k"}).value == "5"


IMPOSSIBLE: list[tuple[dict[str, Any], str]] = [
    ({"scenario": "own", "features": []}, "No feature is chosen."),
    ({"scenario": "own", "features": ["country"]}, '"Country" holds words'),
    ({"scenario": "demographics"}, "does not fit this dataset"),
    ({"k": "more", "other_k": 51}, "51 is no number of segments"),
    ({"k": "more", "other_k": 61}, "61 segments are more than the 60 customers."),
    ({"k": "more", "other_k": 1}, "1 is no number of segments"),
    ({"k": "more", "other_k": 2.5}, "no whole number"),
    ({"k": "many"}, "no whole number"),
    ({"k": "more", "other_k": None}, "The number of segments is missing or cannot be used."),
    ({"scenario": "age-frequency-spend", "method": "rfm", "seed": "nan"}, "no whole number"),
    ({"seed": -1}, "no whole number"),
    ({"scenario": "magic"}, "does not fit"),
    ({"method": "magic"}, "does not fit"),
    ({"transform": "magic"}, '"magic" is no transform'),
    ({"features": "country", "scenario": "own"}, "No feature is chosen."),
]


def test_what_cannot_work_is_said_before_it_starts(context: Context, log: str) -> None:
    silent = [changes for changes, said in IMPOSSIBLE if said not in refused(context, log, **changes)]
    assert not silent


def test_a_list_without_purchases(context: Context, people: str) -> None:
    drawn = render(context, {"dataset": people})
    assert find(drawn, {"type": "recipe", "name": "scenario"}).value == "suggested"
    said = refused(context, people, scenario="own", features=["age", "monetary_total"], method="rfm")
    assert "needs days since the last purchase, number of orders" in said
    assert "This dataset has no days since the last purchase and no number of orders." in str(find(drawn, "recipe-scenarios").data["notes"])


def test_own_choice_with_everything_changed(context: Context, people: str) -> None:
    changes = {"scenario": "own", "features": ["age", "monetary_total"], "k": "more", "other_k": 9, "cap": "0.99", "missing": "median"}
    job = started(context, people, **changes, transform="none", method="hierarchical", seed=3)
    work_off(context)
    with read(context.engine) as conn:
        (run,) = list_runs(conn, people)
    wanted = Recipe(("monetary_total", "age"), None, "none", {"monetary_total": 0.99, "age": 0.99}, "median", "hierarchical", 9, 3)
    assert {**run.recipe, "features": sorted(run.recipe["features"])} == {**wanted.as_dict(), "features": ["age", "monetary_total"]}
    said = words(render(context, {"dataset": people, "job": job}))
    assert "as it is, gaps filled, step by step, extremes capped, starting point 3" in said
    assert "by hand" in said


def test_an_address_can_fill_in_the_form(context: Context, log: str) -> None:
    drawn = render(context, {"dataset": log, "features": "frequency_orders,nothing", "k": "6", "transform": "none", "method": "mixture"})
    values = {name: find(drawn, {"type": "recipe", "name": name}).value for name in FORM}
    assert (values["scenario"], values["features"], values["k"]) == ("own", ["frequency_orders"], "6")
    assert (values["transform"], values["method"]) == ("none", "mixture")
    nonsense = render(context, {"dataset": log, "k": "900", "scenario": "magic"})
    assert find(nonsense, {"type": "recipe", "name": "k"}).value == "auto"


def test_a_dataset_that_is_gone(context: Context, log: str) -> None:
    with pytest.raises(NotFoundError):
        start(context, "gone", FORM)


def test_every_control_has_a_name(context: Context, log: str) -> None:
    drawn = render(context, {"dataset": log})
    labelled = [part for label in parts(drawn) if isinstance(label, html.Label) for part in parts(label)]
    controls = [part for part in parts(drawn) if isinstance(getattr(part, "id", None), dict) and part.id.get("type") == "recipe"]
    assert [part.id["name"] for part in controls if part not in labelled] == ["features"]  # its boxes have labels of their own
