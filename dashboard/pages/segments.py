"""Cluster profile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.callbacks import Callbacks
from dashboard.components.basics import page_top
from dashboard.context import Context

PATH, TITLE, ICON, GROUP = "/segments", "Cluster profile", "segments", "Know"


def render(_: Context, __: Mapping[str, str]) -> list[Any]:
    """Draw the page."""
    return [page_top(TITLE)]


def register_callbacks(_: Callbacks) -> None:
    """Say what happens on this page."""
