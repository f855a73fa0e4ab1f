"""What a page is about: the menu of datasets on its top."""

from __future__ import annotations

from collections.abc import Mapping

from dash import dcc, html

from dashboard.components.basics import hidden, href, icon, menu
from dashboard.formats import counted, day
from dashboard.queries.changes import Version, number_versions
from dashboard.queries.datasets import Shown
from database.datasets import Dataset


def dataset_menu(shown: Shown, path: str) -> html.Details:
    """Draw the dataset shown as a button that opens the others; each leads to the same page of its own."""
    every = sorted([shown.dataset, *shown.others], key=_newest_first)
    versions = number_versions(every)
    listed = [each for each in every if versions[each.id].is_current or each.id == shown.dataset.id]
    label = [
        icon("data"),
        html.Span(_short_name(versions[shown.dataset.id]), className="name"),
        html.Span(_population(shown.dataset), className="mut"),
    ]
    entries = [_entry(versions[each.id], path, each.id == shown.dataset.id) for each in listed]
    return menu(label, entries, "Choose a dataset", "context-menu")


def _short_name(version: Version) -> str:
    return f"{version.dataset.name} v{version.number}" if version.number > 1 else version.dataset.name


def _name(version: Version) -> str:
    return f"{version.dataset.name}, version {version.number}" if version.number > 1 else version.dataset.name


def gone_note(shown: Shown, query: Mapping[str, str]) -> html.P | None:
    """Say that what the address names was deleted, and what is shown instead; None where it is shown."""
    wanted, run = query.get("dataset"), query.get("run")
    has_run = shown.run is not None and shown.run.id == run
    if wanted and wanted != shown.dataset.id and not has_run:
        words = "The dataset of this link is not there any more. This is the newest one."
    elif run and not has_run:
        words = "The run of this link is not there any more." + (" This is another one." if shown.run else "")
    else:
        return None
    return html.P([icon("info"), words], className="gone", role="status")


def _newest_first(dataset: Dataset) -> tuple[float, str]:
    return -(dataset.published_at or dataset.created_at).timestamp(), dataset.id


def _population(dataset: Dataset) -> str:
    return counted(dataset.facts.n_customers, "customer") if dataset.facts else ""


def _entry(version: Version, path: str, is_shown: bool) -> dcc.Link:
    dataset = version.dataset
    added = day((dataset.published_at or dataset.created_at).date())
    words = [
        html.Span([_name(version), hidden(" (shown now)") if is_shown else None]),
        html.Small(f"{_population(dataset)}, added {added}"),
    ]
    return dcc.Link(words, href=href(path, {"dataset": dataset.id}), className="on" if is_shown else "")
