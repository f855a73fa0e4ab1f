"""Recipes under a name: of the whole installation, so that any dataset can be segmented by them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.exc import IntegrityError

from database.tables import new_id, recipes
from segmentation.errors import ConflictError, NotFoundError


@dataclass(frozen=True)
class NamedRecipe:
    """A recipe with its name, who saved it first, and when it was made and last changed."""

    id: str
    name: str
    recipe: Mapping[str, Any]
    author: str | None
    created_at: datetime
    changed_at: datetime


def add_recipe(conn: Connection, name: str, recipe: Mapping[str, Any], now: datetime, author: str | None = None) -> NamedRecipe:
    """Save a recipe; a name belongs to one of them, whatever its case."""
    recipe_id = new_id()
    new = {"id": recipe_id, "name": name, "name_key": name.casefold(), "recipe": recipe, "author": author}
    try:
        with conn.begin_nested():
            conn.execute(recipes.insert().values(**new, created_at=now, changed_at=now))
    except IntegrityError:
        raise _taken(name) from None
    return load_recipe(conn, recipe_id)


def load_recipe(conn: Connection, recipe_id: str) -> NamedRecipe:
    """Return a recipe."""
    found = find_recipe(conn, recipe_id)
    if found is None:
        raise NotFoundError("no_such_recipe", "There is no such recipe.", f"Its id would be {recipe_id}.", "It may have been deleted.")
    return found


def find_recipe(conn: Connection, recipe_id: str) -> NamedRecipe | None:
    """Return a recipe, None where there is none."""
    row = conn.execute(select(*_columns()).where(recipes.c.id == recipe_id)).one_or_none()
    return NamedRecipe(**row._mapping) if row else None


def list_recipes(conn: Connection) -> Sequence[NamedRecipe]:
    """Return all recipes by name."""
    return [NamedRecipe(**row._mapping) for row in conn.execute(select(*_columns()).order_by(recipes.c.name_key))]


def change_recipe(
    conn: Connection, recipe_id: str, now: datetime, name: str | None = None, recipe: Any = None, seen: datetime | None = None
) -> NamedRecipe:
    """Give a recipe another name, or put another one under its name; ``seen`` is when it had changed last for who changes it now."""
    is_it = recipes.c.id == recipe_id if seen is None else (recipes.c.id == recipe_id) & (recipes.c.changed_at == seen)
    values: dict[str, Any] = {"changed_at": now}
    if name is not None:
        values |= {"name": name, "name_key": name.casefold()}
    if recipe is not None:
        values |= {"recipe": recipe}
    try:
        with conn.begin_nested():
            n_changed = conn.execute(update(recipes).where(is_it).values(values)).rowcount
    except IntegrityError:
        raise _taken(name or "") from None
    found = load_recipe(conn, recipe_id)
    if not n_changed:
        title, fix = f'Somebody else changed "{found.name}" meanwhile.', "Choose it under Recipes to see it, or keep yours as another."
        raise ConflictError("changed_meanwhile", title, fix=fix)
    return found


def delete_recipe(conn: Connection, recipe_id: str) -> NamedRecipe:
    """Delete a recipe; returns what it was. Runs made by it stay: each has its own."""
    found = load_recipe(conn, recipe_id)
    conn.execute(delete(recipes).where(recipes.c.id == recipe_id))
    return found


def _columns() -> list[Any]:
    return [recipes.c[name] for name in NamedRecipe.__dataclass_fields__]


def _taken(name: str) -> ConflictError:
    return ConflictError("name_taken", f'Another recipe is already called "{name}".', fix="Choose another name.")
