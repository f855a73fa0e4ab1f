"""Recipes under a name, on both stores."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection

from database.recipes import add_recipe, change_recipe, delete_recipe, find_recipe, list_recipes, load_recipe
from segmentation.errors import ConflictError, NotFoundError
from segmentation.measures.recipe import Recipe

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
RFM = Recipe(scenario="rfm").as_dict()


def test_a_recipe_is_what_was_saved(conn: Connection) -> None:
    saved = add_recipe(conn, "Käufer", RFM, NOON, "mara")
    assert (saved.name, saved.recipe, saved.author, saved.created_at, saved.changed_at) == ("Käufer", RFM, "mara", NOON, NOON)
    assert load_recipe(conn, saved.id) == saved


def test_recipes_are_listed_by_name_whatever_its_case(conn: Connection) -> None:
    for name in ("b", "C", "a"):
        add_recipe(conn, name, RFM, NOON)
    assert [each.name for each in list_recipes(conn)] == ["a", "b", "C"]


def test_a_name_belongs_to_one(conn: Connection) -> None:
    first, second = add_recipe(conn, "ÄRA", RFM, NOON), add_recipe(conn, "other", RFM, NOON)
    with pytest.raises(ConflictError, match="already called"):
        add_recipe(conn, "ära", RFM, NOON)
    with pytest.raises(ConflictError, match="already called"):
        change_recipe(conn, second.id, NOON, name="Ära")
    assert change_recipe(conn, first.id, NOON, name="ära").name == "ära"


def test_only_what_is_given_changes(conn: Connection) -> None:
    saved, later = add_recipe(conn, "one", RFM, NOON, "mara"), NOON + timedelta(hours=1)
    renamed = change_recipe(conn, saved.id, later, name="two")
    assert (renamed.name, renamed.recipe, renamed.changed_at, renamed.created_at) == ("two", RFM, later, NOON)
    other = Recipe(features=("age",)).as_dict()
    changed = change_recipe(conn, saved.id, later, recipe=other)
    assert (changed.name, changed.recipe, changed.author) == ("two", other, "mara")


def test_a_deleted_recipe_is_gone(conn: Connection) -> None:
    saved = add_recipe(conn, "one", RFM, NOON)
    assert delete_recipe(conn, saved.id) == saved
    assert find_recipe(conn, saved.id) is None
    for act in (lambda: delete_recipe(conn, saved.id), lambda: change_recipe(conn, saved.id, NOON, name="x")):
        with pytest.raises(NotFoundError, match="no such recipe"):
            act()
