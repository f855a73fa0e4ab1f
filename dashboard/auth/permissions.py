"""The permissions, the roles that have them, and the one question that every callback and route asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from segmentation.errors import ForbiddenError

Permission = Literal["see", "import", "run", "edit", "delete", "export"]
Role = Literal["viewer", "analyst", "admin"]

_OF_ROLE: Mapping[Role, frozenset[Permission]] = {
    "viewer": frozenset({"see"}),
    "analyst": frozenset({"see", "import", "run", "edit", "delete"}),
    "admin": frozenset({"see", "import", "run", "edit", "delete"}),
}
_WORDS: Mapping[Permission, str] = {
    "see": "look at this",
    "import": "bring in files",
    "run": "start a segmentation",
    "edit": "change segments",
    "delete": "delete data",
    "export": "download personal data",
}


@dataclass(frozen=True)
class Actor:
    """Who asks. The right to export personal data is given apart from the role."""

    name: str
    role: Role
    may_export: bool = False


OWNER = Actor("this computer", "admin", may_export=True)
"""Whoever sits at the machine that the service runs on: it listens nowhere else, so there is no login."""


def allow(actor: Actor | None, permission: str) -> bool:
    """Answer whether somebody may do something; no unless a rule says yes."""
    if actor is None or permission not in get_args(Permission):
        return False
    return actor.may_export if permission == "export" else permission in _OF_ROLE.get(actor.role, frozenset())


def require(actor: Actor | None, permission: Permission) -> None:
    """Raise ForbiddenError, with the name of what is missing, unless it is allowed."""
    if not allow(actor, permission):
        raise ForbiddenError("not_allowed", f"You may not {_WORDS[permission]} here.", fix="Ask whoever gives access.")
