"""Who moved between the run before and this one: in sentences, then as a table of customers and one of money."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from dash import dcc, html

from dashboard.components.basics import aria, card, hidden, href
from dashboard.components.segment_key import segment_key
from dashboard.formats import counted, money, percent, whole
from dashboard.queries.migration import RunMigration
from dashboard.queries.segments import SegmentsOfRun
from segmentation.measures.migration import NOT_SEGMENTED, NOT_THERE

VIEW = "moved"
_SIDES = {NOT_SEGMENTED: ("not segmented", "not segmented"), NOT_THERE: ("new customers", "gone")}
"""Of a row, of a column."""


def continued_words(shown: SegmentsOfRun, query: Mapping[str, str]) -> html.P | None:
    """Say that the segments go on with those of the version before; nothing where they do not."""
    identity = (shown.run.report or {}).get("identity")
    if not identity or query.get("view") == VIEW:
        return None
    link = dcc.Link("Who moved", href=href("/segments", {**query, "view": VIEW}), className="lk")
    return html.P([*(f"{sentence} " for sentence in identity["sentences"]), link], className="lead goes-on")


def moves_view(shown: SegmentsOfRun, found: RunMigration, can_export: bool) -> html.Div:
    """Draw the two tables with what became of the segments above them."""
    identity = (shown.run.report or {}).get("identity") or {"sentences": []}
    matrix = found.matrix
    told = card(
        "Since the version before",
        html.Ul([html.Li(sentence) for sentence in identity["sentences"]], className="told-list"),
        _stayed_sentence(found),
        look="s12",
    )
    customers = _table(shown, found, matrix.customers, whole, _links(found) if can_export else None)
    note = "Each number is a list of its customers to take away." if can_export else None
    cards = [told, card("Customers who moved", customers, note=note, look="s12")]
    if matrix.money_after is not None and matrix.money_before is not None:
        spend = np.where(np.array(matrix.new) == NOT_THERE, matrix.money_before, matrix.money_after)
        table = _table(shown, found, spend, lambda value: money(value, shown.currency), None)
        note = "What the customers of each cell have spent in total by now; those who are gone, by then."
        cards.append(card("Money that moved with them", table, note=note, look="s12"))
    return html.Div(cards, className="grid")


def _stayed_sentence(found: RunMigration) -> str:
    matrix = found.matrix
    pairs = [(matrix.old.index(each), matrix.new.index(each)) for each in matrix.old if each > 0 and each in matrix.new]
    in_both = matrix.customers[np.ix_([each > 0 for each in matrix.old], [each > 0 for each in matrix.new])].sum()
    stayed = sum(matrix.customers[pair] for pair in pairs)
    if not in_both:
        return "No customer is in a segment of both."
    return f"{whole(stayed)} of {counted(int(in_both), 'customer')} in both stayed where they were ({percent(stayed / in_both)})."


def _links(found: RunMigration) -> Callable[[int, int], str]:
    return lambda old, new: href(f"/api/v1/runs/{found.run.id}/migration.csv", {"from": found.earlier.id, "old": str(old), "new": str(new)})


def _table(
    shown: SegmentsOfRun, found: RunMigration, cells: np.ndarray, words: Callable[[float], str], links: Callable[[int, int], str] | None
) -> html.Div:
    matrix, largest = found.matrix, max(float(cells.max()), 1.0)
    letters = {segment.segment_id: segment.letter for segment in shown.segments}
    names = [_name(found.new_names, each, 1, letters) for each in matrix.new]
    head = html.Tr([html.Th("from ↓ to →", scope="col"), *names, html.Th("in all", scope="col")])
    rows = []
    for old, values in zip(matrix.old, cells.tolist(), strict=True):
        inside = [
            _cell(value / largest, words(value), old == new, links(old, new) if links else None)
            if value
            else html.Td("–", className="none")
            for new, value in zip(matrix.new, values, strict=True)
        ]
        rows.append(html.Tr([_name(found.old_names, old, 0, letters), *inside, html.Td(words(sum(values)), className="sum")]))
    sums = [html.Td(words(value), className="sum") for value in [*cells.sum(axis=0).tolist(), float(cells.sum())]]
    rows.append(html.Tr([html.Th("in all", scope="row"), *sums]))
    table = html.Table([html.Caption("From segment to segment", className="vh"), html.Thead(head), html.Tbody(rows)], className="moves")
    return html.Div(table, className="tw", tabIndex=0, role="region", **aria(label="From segment to segment"))


def _name(names: Mapping[int, str], segment: int, side: int, letters: Mapping[int, str]) -> html.Th:
    scope = ("row", "col")[side]
    if segment <= 0:
        return html.Th(_SIDES[segment][side], scope=scope, className="mut")
    return html.Th([segment_key(letters[segment]) if segment in letters else None, names[segment]], scope=scope)


def _cell(share: float, words: str, is_same: bool, link: str | None) -> html.Td:
    told = html.A([words, hidden(" customers, as CSV")], href=link, download="") if link else words
    return html.Td(told, className="same" if is_same else "moved", style={"--w": f"{100 * share**0.5:.0f}%"})
