"""Who makes the request that is being answered."""

from __future__ import annotations

from flask import g

from dashboard.auth.permissions import Actor


def current_actor() -> Actor | None:
    """Return who the guard found to be asking; None outside a request or for a stranger."""
    actor: Actor | None = g.get("actor") if g else None
    return actor
