"""Recipes under a name, what a recipe will do before it does it, and what is done with the runs it leaves."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from dash import no_update

from dashboard.auth.permissions import OWNER, Actor
from dashboard.context import Context
from dashboard.pages import studio as page
from dashboard.pages.studio import keep_recipe, make_the_teams, preview, remove_run, render, start, undo_first
from dashboard.queries.comparison import compare_runs
from dashboard.queries.kept_recipes import list_kept
from dashboard.queries.predict import explain_customer
from dashboard.queries.recipe_forms import recipe_from_query
from dashboard.queries.recipe_preview import preview_recipe
from dashboard.queries.recipes import read_choices
from dashboard.queries.run_numbers import number_runs
from dashboard.workflows.exports import label_stored
from dashboard.workflows.recipes import save_recipe
from database.datasets import Dataset, load_dataset
from database.engine import read
from database.recipes import NamedRecipe, list_recipes
from database.runs import find_published_run, list_runs
from segmentation.errors import AppError, ConflictError, NotFoundError
from segmentation.measures.recipe import Recipe
from tests.dashboard.making import small_list, small_log
from tests.dashboard.pages.test_studio import FORM, brought_in, find, looking, parts, started, words, work_off


@pytest.fixture(autouse=True)
def owner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "current_actor", lambda: OWNER)


@pytest.fixture
def log(context: Context, tmp_path: Path) -> str:
    return brought_in(context, tmp_path, small_log())


def a_list(context: Context, folder: Path) -> str:
    """A list with a column that is the same for everyone, one that is empty, and one that repeats another in other units."""
    rows = small_list().splitlines()
    more = ["Flag;Never;Tokens"] + [f"7;;{100 * int(row.split(';')[2])}" for row in rows[1:]]
    return brought_in(context, folder, "\n".join(f"{row};{extra}" for row, extra in zip(rows, more, strict=True)) + "\n")


def test_kept_changed_renamed_and_dropped(context: Context, log: str) -> None:
    address = keep_recipe(context, "keep", "Ours", {**FORM, "k": "4"}, looking(log))
    (kept,) = _recipes(context)
    assert address.startswith(f"/studio?dataset={log}&recipe={kept.id}")
    assert (kept.name, kept.recipe, kept.author) == ("Ours", Recipe(scenario="rfm", n_clusters=4).as_dict(), OWNER.name)
    drawn = render(context, {"dataset": log, "recipe": kept.id})
    assert find(drawn, {"type": "recipe", "name": "k"}).value == "4"
    assert "“Ours”" in words(drawn)
    keep_recipe(context, "change", "Theirs", {**FORM, "k": "5"}, seeing(log, kept))
    (changed,) = _recipes(context)
    assert (changed.id, changed.name, changed.recipe["n_clusters"]) == (kept.id, "Theirs", 5)
    address = keep_recipe(context, "drop", "", FORM, looking(log, recipe=kept.id))
    assert not _recipes(context)
    assert address == f"/studio?dataset={log}&scenario=rfm&k=5&dropped=Theirs"
    drawn = render(context, {"dataset": log, "k": "5", "dropped": "Theirs"})
    assert find(drawn, "recipe-name").value == "Theirs"
    assert find(drawn, {"type": "recipe", "name": "k"}).value == "5"
    assert "“Theirs” is deleted." in words(drawn)


def _dataset(context: Context, dataset_id: str) -> Dataset:
    with read(context.engine) as conn:
        return load_dataset(conn, dataset_id)


def _recipes(context: Context) -> Any:
    with read(context.engine) as conn:
        return list_recipes(conn)


def seeing(dataset_id: str, kept: NamedRecipe) -> Any:
    """Return what the page keeps in the browser of who sees a named recipe as it is."""
    return looking(dataset_id, recipe=kept.id, seen=kept.changed_at.isoformat())


def test_who_saves_over_anothers_change_is_told(context: Context, log: str) -> None:
    keep_recipe(context, "keep", "Ours", {**FORM, "k": "4"}, looking(log))
    (kept,) = _recipes(context)
    (before,) = (part.data for part in parts(render(context, {"dataset": log, "recipe": kept.id})) if find([part], "studio-shown") is part)
    keep_recipe(context, "change", "Ours", {**FORM, "k": "5"}, before)
    with pytest.raises(ConflictError, match="Somebody else changed"):
        keep_recipe(context, "change", "Ours", {**FORM, "k": "6"}, before)
    assert _recipes(context)[0].recipe["n_clusters"] == 5
    keep_recipe(context, "drop", "", FORM, before)
    with pytest.raises(NotFoundError):
        keep_recipe(context, "change", "Ours", FORM, before)


def test_a_kept_recipe_means_the_same_on_any_dataset(context: Context, log: str, tmp_path: Path) -> None:
    """Buying behaviour is what a log is segmented by unless said otherwise; a list is not."""
    keep_recipe(context, "keep", "Buyers", FORM, looking(log))
    people = a_list(context, tmp_path)
    (kept,) = list_kept(context, read_choices(context, _dataset(context, people)))
    assert kept.recipe.scenario == "rfm"
    assert "days since the last purchase" in kept.lacking


def test_the_address_brings_the_form_back_as_it_stood(context: Context, log: str) -> None:
    started(context, log, k="3")
    run_id = work_off(context)["run_id"]
    for changes in ({"scenario": "frequency-spend", "k": "6", "cap": "0.99"}, {}):
        form = {**FORM, **changes}
        address = preview(context, form, {**looking(log), "run": run_id})[-1]
        drawn = render(context, dict(parse_qsl(urlsplit(address).query)))
        for name in ("scenario", "k", "cap", "method", "transform", "missing", "seed"):
            assert find(drawn, {"type": "recipe", "name": name}).value == form[name], "also where a run beside it has another recipe"
        assert "Run 1" in words(find(drawn, "studio-run"))
    assert preview(context, {**FORM, "k": "more"}, looking(log))[-1] is None


def test_a_dropped_recipe_is_whole_in_the_form(context: Context, log: str) -> None:
    how = {**FORM, "scenario": "frequency-spend", "cap": "0.99", "transform": "log", "k": "4", "seed": 7}
    keep_recipe(context, "keep", "Capped", how, looking(log))
    (kept,) = _recipes(context)
    address = keep_recipe(context, "drop", "", FORM, looking(log, recipe=kept.id))
    query = dict(parse_qsl(urlsplit(address).query))
    assert recipe_from_query(query, read_choices(context, _dataset(context, log))).as_dict() == kept.recipe


def test_an_address_that_holds_nonsense_is_as_usual(context: Context, log: str) -> None:
    choices = read_choices(context, _dataset(context, log))
    odd = [{"k": "1"}, {"k": "9" * 5_000}, {"seed": "x"}, {"scenario": "<script>"}, {"features": "nobody,knows"}, {"method": "magic"}]
    for query in odd:
        assert recipe_from_query(query, choices) == Recipe()


def test_what_cannot_work_is_not_kept(context: Context, log: str) -> None:
    for name, form in (("", FORM), ("Ours", {**FORM, "scenario": "own", "features": []})):
        with pytest.raises(AppError):
            keep_recipe(context, "keep", name, form, looking(log))
    assert not _recipes(context)


def test_a_recipe_that_does_not_fit_says_what_is_missing(context: Context, log: str, tmp_path: Path) -> None:
    people = a_list(context, tmp_path)
    save_recipe(context, "Buyers", Recipe(scenario="rfm"))
    save_recipe(context, "Earners", Recipe(features=("income", "Zahl der Hunde")))
    assert "no income and no Zahl der Hunde" in words(render(context, {"dataset": log}))
    said = words(render(context, {"dataset": people}))
    assert "This dataset has no days since the last purchase and no number of orders" in said
    assert "This dataset has no Zahl der Hunde" in said


def test_a_feature_is_meant_by_its_header_too(context: Context, tmp_path: Path) -> None:
    people = a_list(context, tmp_path)
    save_recipe(context, "Ours", Recipe(features=("Age", "Spend")))
    (kept,) = _recipes(context)
    drawn = render(context, {"dataset": people, "recipe": kept.id})
    assert find(drawn, {"type": "recipe", "name": "features"}).value == ["age", "monetary_total"]


def test_features_say_what_is_to_be_known_of_them(context: Context, tmp_path: Path) -> None:
    with read(context.engine) as conn:
        dataset = load_dataset(conn, a_list(context, tmp_path))
    features = {feature.label: feature for feature in read_choices(context, dataset).features}
    assert features["Flag"].is_constant
    assert features["Tokens"].twin == "total spend"
    assert features["Total spend"].twin is None
    assert features["Income"].missing == pytest.approx(0.1)
    boxes = find(render(context, {"dataset": dataset.id}), {"type": "recipe", "name": "features"})
    said = words([option["label"] for option in boxes.options])
    for told in ("10% not known", "the same for everyone", "nearly the same as total spend"):
        assert told in said
    assert sum(features["Age"].bars) == 60


def previewed(context: Context, dataset_id: str, **changes: Any) -> Any:
    with read(context.engine) as conn:
        dataset = load_dataset(conn, dataset_id)
    return preview_recipe(context, dataset, read_choices(context, dataset), {**FORM, **changes})


def test_who_stays_out_is_counted_before(context: Context, tmp_path: Path) -> None:
    people = a_list(context, tmp_path)
    own = {"scenario": "own", "features": ["age", "income"]}
    told = previewed(context, people, **own)
    assert (told.n_customers, told.n_left_out) == (60, 6)
    assert "54 of 60 customers; 6 lack a value and stay out." in words(preview(context, {**FORM, **own}, looking(people))[-2])
    assert previewed(context, people, **own, missing="median").n_left_out == 0
    started(context, people, **own)
    work_off(context)
    with read(context.engine) as conn:
        (run,) = list_runs(conn, people)
    assert run.report["run"]["n_segmented"] == 54


def test_the_cost_is_that_of_runs_here(context: Context, log: str) -> None:
    first = previewed(context, log)
    assert first.cost.n_runs == 0
    assert first.known is None
    started(context, log)
    run_id = work_off(context)["run_id"]
    told = previewed(context, log)
    assert told.cost.n_runs == 1
    assert 0.01 < told.cost.seconds < 60
    assert told.known.id == run_id
    assert "Run before" in words(preview(context, FORM, looking(log))[-2])


PROBLEMS: list[tuple[dict[str, Any], str, str]] = [
    ({"scenario": "own", "features": ["age", "Flag"]}, "features", '"Flag" is the same for every customer'),
    ({"scenario": "own", "features": ["Never"]}, "features", "not known of any customer"),
    ({"scenario": "own", "features": []}, "features", "No feature is chosen."),
    ({"scenario": "own", "features": ["Level"], "k": "more", "other_k": 11}, "k", "tell only 10 customers apart"),
    ({"scenario": "own", "features": ["age", "city"]}, "method", '"City" holds words'),
    ({"scenario": "own", "features": ["age"], "method": "rfm"}, "method", "needs days since the last purchase"),
    ({"scenario": "own", "features": ["age"], "k": "more", "other_k": None}, "k", "The number of segments is missing or cannot be used."),
    ({"scenario": "own", "features": ["age"], "k": "more", "other_k": "many"}, "k", "no whole number"),
    ({"scenario": "own", "features": ["age"], "k": "more", "other_k": 1}, "k", "1 is no number of segments"),
    ({"scenario": "own", "features": ["age"], "seed": -1}, "more", "no whole number"),
]


def test_what_cannot_work_is_said_at_its_field(context: Context, tmp_path: Path) -> None:
    people = a_list(context, tmp_path)
    for changes, field, said in PROBLEMS:
        filled = previewed(context, people, **changes).filled
        assert list(filled.problems) == [field], changes
        assert said in filled.problems[field].title, changes
        href, problem = start(context, people, {**FORM, **changes})
        assert href is no_update
        assert said in words(problem)


def test_gaps_filled_within_segments_need_somebody_without_gaps(context: Context, tmp_path: Path) -> None:
    rows = [f"c{number};{20 + number if number % 2 else ''};{'' if number % 2 else 900 + number};{number}" for number in range(40)]
    halves = brought_in(context, tmp_path, "\n".join(["ID;Age;Income;Visits", *rows]) + "\n")
    choice = {"scenario": "own", "features": ["age", "income"]}
    for missing in ("drop", "segment"):
        problem = previewed(context, halves, **choice, missing=missing).filled.problems["features"]
        assert (problem.code, "Gaps" in problem.fix) == ("nobody_to_segment", True)
    assert previewed(context, halves, **choice, missing="similar").cost
    assert previewed(context, halves, scenario="own", features=["age"], missing="segment").n_left_out == 0


def test_customers_who_are_all_alike_are_said_to_be(context: Context, tmp_path: Path) -> None:
    alike = brought_in(context, tmp_path, "ID;Age\n" + "".join(f"c{number};30\n" for number in range(40)))
    problem = previewed(context, alike, scenario="suggested").filled.problems["features"]
    assert problem.detail == "No number in this dataset tells its customers apart."
    assert previewed(context, alike, scenario="demographics").filled.problems["features"].fix == "Choose other features."


def test_several_problems_are_said_at_once(context: Context, tmp_path: Path) -> None:
    people = a_list(context, tmp_path)
    filled = previewed(context, people, scenario="own", features=["city", "Flag"], k="many", seed=-1).filled
    assert list(filled.problems) == ["features", "method", "k", "more"]


def test_publishing_can_be_undone(context: Context, log: str) -> None:
    runs = two_runs(context, log)
    drawn = make_the_teams(context, runs[0], looking(log))
    assert "Run 1 is the team’s now: every page shows it." in words(drawn)
    assert find(drawn, {"type": "withdraw", "run": runs[0]}) is not None
    drawn = make_the_teams(context, runs[1], looking(log))
    assert "Run 2 is the team’s now instead of run 1" in words(drawn)
    assert "Restore" in words(drawn)
    undo = [part for part in parts(drawn) if getattr(part, "id", None) == {"type": "publish", "run": runs[0]}]
    assert len(undo) == 2, "in the note, and in the table"
    make_the_teams(context, runs[0], looking(log))
    assert team(context, log) == runs[0]
    assert "not the team’s any more" in words(undo_first(context, runs[0], looking(log)))
    assert team(context, log) is None


def two_runs(context: Context, dataset_id: str) -> list[str]:
    found = []
    for changes in ({}, {"k": "5"}):
        started(context, dataset_id, **changes)
        found.append(work_off(context)["run_id"])
    return found


def team(context: Context, dataset_id: str) -> str | None:
    with read(context.engine) as conn:
        run = find_published_run(conn, dataset_id)
    return run.id if run else None


def test_a_run_is_deleted_but_not_the_teams(context: Context, log: str) -> None:
    runs = two_runs(context, log)
    make_the_teams(context, runs[0], looking(log))
    with pytest.raises(ConflictError, match="team’s"):
        remove_run(context, runs[0], looking(log))
    drawn = remove_run(context, runs[1], looking(log))
    assert "The run is deleted." in words(drawn)
    with read(context.engine) as conn:
        assert [run.id for run in list_runs(conn, log)] == [runs[0]]
    work_off(context)


def test_runs_keep_their_numbers_when_another_is_deleted(context: Context, log: str) -> None:
    first, second = two_runs(context, log)
    remove_run(context, first, looking(log))
    work_off(context)
    job = started(context, log, k="3")
    assert "Run 3" in words(render(context, {"dataset": log, "job": job}))
    third = work_off(context)["run_id"]
    with read(context.engine) as conn:
        assert number_runs(list_runs(conn, log)) == {third: 3, second: 2}
    sides = compare_runs(context, third, second).sides
    assert [side.number for side in sides] == [3, 2]
    assert "Delete run 2 for good? The others keep their numbers." in words(render(context, {"dataset": log}))
    assert "Run 2 is the team’s now" in words(make_the_teams(context, second, looking(log)))


def test_a_run_says_which_features_of_its_scenario_are_not_there(context: Context, log: str) -> None:
    started(context, log, scenario="age-frequency-spend")
    work_off(context)
    assert "without age" in words(find(render(context, {"dataset": log}), "studio-runs"))


def test_who_may_only_look_sees_no_buttons(context: Context, log: str, monkeypatch: pytest.MonkeyPatch) -> None:
    two_runs(context, log)
    monkeypatch.setattr(page, "current_actor", lambda: Actor("v", "viewer"))
    drawn = render(context, {"dataset": log})
    deeds = [part.id["type"] for part in parts(drawn) if isinstance(getattr(part, "id", None), dict)]
    assert not {"publish", "drop-run", "recipe-deed"} & set(deeds)
    assert find(drawn, "recipe-start") is None
    assert "not start them" in words(drawn)


def test_runs_are_sorted_and_named(context: Context, log: str) -> None:
    runs = two_runs(context, log)
    keep_recipe(context, "keep", "By hand", {**FORM, "k": "5"}, looking(log))

    def order(sort: str) -> list[str]:
        found = [getattr(part, "id", None) for part in parts(render(context, {"dataset": log, "sort": sort}))]
        return [each["run"] for each in found if isinstance(each, dict) and each["type"] == "publish"]

    assert order("") == order("nonsense") == [runs[1], runs[0]]
    assert order("segments") == [runs[1], runs[0]]
    with read(context.engine) as conn:
        clear = {run.id: run.report["run"]["silhouette"] for run in list_runs(conn, log)}
    assert order("clearness") == sorted(runs, key=lambda run: -clear[run])
    assert clear[runs[0]] != clear[runs[1]]
    assert "By hand" in words(find(render(context, {"dataset": log}), "studio-runs"))
    links = [getattr(part, "href", "") or "" for part in parts(render(context, {"dataset": log, "run": runs[0], "runs": "all"}))]
    assert f"/studio?dataset={log}&run={runs[0]}&sort=clearness&runs=all" in links, "what is shown stays when the runs are sorted"


def test_a_log_is_segmented_by_what_is_bought(context: Context, tmp_path: Path) -> None:
    rows = small_log().splitlines()
    goods = ["Category"] + [("Wine", "Cheese", "")[place % 3] for place in range(len(rows) - 1)]
    log = brought_in(context, tmp_path, "\n".join(f"{row},{good}" for row, good in zip(rows, goods, strict=True)) + "\n")
    told = previewed(context, log, scenario="category-mix")
    assert [feature.label for feature in told.filled.features] == ["Share of Wine", "Share of Cheese"]
    started(context, log, scenario="category-mix", k="3")
    run_id = work_off(context)["run_id"]
    with read(context.engine) as conn:
        (run,) = list_runs(conn, log)
    assert sorted(run.report["run"]["features"]) == ["share_of_cheese", "share_of_wine"]
    customer = explain_customer(context, run_id, "0001")
    shares = [each["value"] for each in customer["beside"] if each["name"].startswith("share_of_")]
    assert len(shares) == 2
    assert 0 < sum(shares) <= 1
    assert not [header for header in label_stored(context, run_id).headers if header.startswith("share")]


def test_without_categories_the_mix_says_what_is_missing(context: Context, log: str) -> None:
    filled = previewed(context, log, scenario="category-mix").filled
    assert "It needs a category and an amount on each line of a log." in filled.problems["features"].detail
