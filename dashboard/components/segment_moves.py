"""Who moved between the run before and this one: in sentences, then as a table of customers and one of money."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from dash import dcc, html

from dashboard.components.basics import aria, card, hidden, href, icon
from dashboard.components.segment_key import segment_key
from dashboard.components.segment_words import quoted
from dashboard.formats import counted, day, money, percent, whole
from dashboard.queries.changes import Version
from dashboard.queries.migration import Movers, RunMigration
from dashboard.queries.segments import SegmentsOfRun
from database.datasets import Dataset
from database.runs import Run
from segmentation.measures.migration import NOT_SEGMENTED, NOT_THERE

VIEW = "moved"
_THEN, _NOW = "Spent by then", "Spent by now"
_SIDES = {NOT_SEGMENTED: ("not segmented", "not segmented"), NOT_THERE: ("new customers", "gone")}
"""Of a row, of a column."""


def since_words(dataset: Dataset, before: Version | None) -> tuple[str, str]:
    """Say since when customers moved, in a title and in a sentence: the last day of the version before, where this one goes on longer."""
    if before is None:
        return "the version before", "the version before"
    until, until_now = ((each.facts.details["report"].get("date_max") if each.facts else None) for each in (before.dataset, dataset))
    name = f"version {before.number}"
    return (f"{day(until)}, the end of {name}", day(until)) if until and day(until) != day(until_now) else (name, name)


def continued_words(shown: SegmentsOfRun, query: Mapping[str, str]) -> html.P | None:
    """Say that the segments go on with those of the version before; nothing where they do not."""
    identity = (shown.run.report or {}).get("identity")
    if not identity or query.get("view") == VIEW:
        return None
    link = dcc.Link("Who moved", href=href("/segments", {**query, "view": VIEW}), className="lk")
    return html.P([*(f"{sentence} " for sentence in identity["sentences"]), link], className="lead goes-on")


def moves_view(
    shown: SegmentsOfRun, found: RunMigration, since: tuple[str, str], movers: html.Section | None, can_export: bool
) -> html.Div:
    """Draw who left and who came in sentences, the list that was asked for, and the two tables."""
    identity = (shown.run.report or {}).get("identity") or {"sentences": []}
    matrix = found.matrix
    sentences = [*left_sentences(shown, found, since[1]), *identity["sentences"]]
    told = card(
        f"Since {since[0]}",
        html.Ul([html.Li(sentence) for sentence in sentences], className="told-list"),
        _stayed_sentence(found),
        look="s12",
    )
    links = _links if can_export else None
    customers = _table(shown, found, matrix.customers, whole, links)
    note = "Each number leads to the list of its customers." if can_export else None
    cards = [told, movers, card("Customers who moved", customers, note=note, look="s12")]
    if matrix.money_after is not None and matrix.money_before is not None:
        spend = np.where(np.array(matrix.new) == NOT_THERE, matrix.money_before, matrix.money_after)
        table = _table(shown, found, spend, lambda value: money(value, shown.currency), links)
        note = "What the customers of each cell have spent in total by now; those who are gone, by then."
        cards.append(card("Money that moved with them", table, note=note, look="s12"))
    return html.Div(cards, className="grid")


def left_sentences(shown: SegmentsOfRun, found: RunMigration, since: str) -> list[str]:
    """Say for each segment that goes on how many left it, with what money, where most of them went, and how many came."""
    matrix, sentences = found.matrix, []
    for segment in (each for each in matrix.old if each > 0 and each in matrix.new):
        row, column = matrix.old.index(segment), matrix.new.index(segment)
        away = matrix.customers[row].copy()
        away[column] = 0
        come = int(matrix.customers[:, column].sum() - matrix.customers[row, column])
        name, n = quoted(found.new_names[segment]), int(away.sum())
        if not n and not come:
            continue
        if not n:
            sentences.append(f"Nobody left {name} since {since}; {whole(come)} came.")
            continue
        taken = ""
        if matrix.money_before is not None:
            taken = f", taking {money(float(np.delete(matrix.money_before[row], column).sum()), shown.currency)} of spend with them"
        place = int(np.argmax(away))
        where = _where_to(n, int(away[place]), _destination(found, matrix.new[place]))
        sentences.append(f"{counted(n, 'customer')} left {name} since {since}{taken}{where}. {whole(come)} came.")
    return sentences


def _destination(found: RunMigration, new: int) -> str | None:
    """Return what a column is called in a sentence; None for those who are not there any more."""
    if new == NOT_THERE:
        return None
    return "no segment" if new == NOT_SEGMENTED else quoted(found.new_names[new])


def _where_to(n: int, most: int, name: str | None) -> str:
    """Say where most of those who left went; without a name they are not among the customers any more."""
    if n == 1:
        return f", and went to {name}" if name else ", and is not among the customers any more"
    who = "all" if most == n else f"most ({whole(most)})" if 2 * most > n else f"the largest part ({whole(most)})"
    return f"; {who} went to {name}" if name else f"; {who} are not among the customers any more"


def movers_card(shown: SegmentsOfRun, found: RunMigration, cell: tuple[int, int], movers: Movers) -> html.Section:
    """Draw the list behind a number: who, and what they had spent and have spent by now."""
    old, new = cell
    title = _cell_title(found, old, new)
    if movers.n > len(movers.ids):
        finding = f"{counted(movers.n, 'customer')}; here are the {len(movers.ids)} who have spent most."
    else:
        finding = counted(movers.n, "customer")
    columns = [("Customer", list(movers.ids))]
    for words, values in ((_THEN, movers.money_before), (_NOW, movers.money_after)):
        if values is not None:
            is_there = (old if words == _THEN else new) != NOT_THERE
            columns.append((words, [money(value if is_there else None, shown.currency, is_short=False) for value in values]))
    head = html.Thead(html.Tr([html.Th(words, scope="col", className="n" if place else None) for place, (words, _) in enumerate(columns)]))
    rows = [
        html.Tr(
            [
                html.Th(_customer(found.earlier if new == NOT_THERE else found.run, cells[0]), scope="row"),
                *(html.Td(cell, className="n") for cell in cells[1:]),
            ]
        )
        for cells in zip(*(values for _, values in columns), strict=True)
    ]
    table = html.Table([html.Caption(title, className="vh"), head, html.Tbody(rows)], className="movers")
    csv = href(f"/api/v1/runs/{found.run.id}/migration.csv", {"from": found.earlier.id, "old": str(old), "new": str(new)})
    listed = href("/customers", {"run": found.run.id, "moved": f"{old}..{new}"})
    deeds = html.Span(
        [
            dcc.Link("Search and sort them", href=listed, className="btn small") if new != NOT_THERE else None,
            html.A([icon("download"), "All as CSV"], href=csv, download="", className="btn small"),
            dcc.Link("Close", href=_address(shown, {}), className="btn ghost small"),
        ],
        className="deeds",
    )
    scroll = html.Div(table, className="tw tall", tabIndex=0, role="region", **aria(label=title))
    return card(title, scroll, finding, look="s12", actions=deeds)


def _customer(run: Run, customer_id: str) -> dcc.Link:
    return dcc.Link(customer_id, href=href("/customers", {"run": run.id, "customer": customer_id}))


def _cell_title(found: RunMigration, old: int, new: int) -> str:
    """Say in a title who the customers of a cell are."""
    if old == NOT_THERE:
        return f"New customers in {_destination(found, new)}"
    start = f"From {quoted(found.old_names[old]) if old > 0 else 'no segment'}"
    return f"{start}, not among the customers any more" if new == NOT_THERE else f"{start} to {_destination(found, new)}"


def _address(shown: SegmentsOfRun, more: Mapping[str, str]) -> str:
    return href("/segments", {"dataset": shown.dataset.id, "run": shown.run.id, "view": VIEW, **more})


def _links(shown: SegmentsOfRun, old: int, new: int) -> str:
    return _address(shown, {"old": str(old), "new": str(new)})


def _stayed_sentence(found: RunMigration) -> str:
    matrix = found.matrix
    pairs = [(matrix.old.index(each), matrix.new.index(each)) for each in matrix.old if each > 0 and each in matrix.new]
    in_both = matrix.customers[np.ix_([each > 0 for each in matrix.old], [each > 0 for each in matrix.new])].sum()
    stayed = sum(matrix.customers[pair] for pair in pairs)
    if not in_both:
        return "No customer is in a segment of both."
    return f"{whole(stayed)} of {counted(int(in_both), 'customer')} in both stayed where they were ({percent(stayed / in_both)})."


def _table(
    shown: SegmentsOfRun,
    found: RunMigration,
    cells: np.ndarray,
    words: Callable[[float], str],
    links: Callable[[SegmentsOfRun, int, int], str] | None,
) -> html.Div:
    matrix, largest = found.matrix, max(float(cells.max()), 1.0)
    letters = {segment.segment_id: segment.letter for segment in shown.segments}
    names = [_name(found.new_names, each, 1, letters) for each in matrix.new]
    head = html.Tr([html.Th("from ↓ to →", scope="col"), *names, html.Th("in all", scope="col")])
    rows = []
    for old, values in zip(matrix.old, cells.tolist(), strict=True):
        inside = [
            _cell(value / largest, words(value), old == new, links(shown, old, new) if links else None)
            if value
            else html.Td("–", className="none")
            for new, value in zip(matrix.new, values, strict=True)
        ]
        rows.append(html.Tr([_name(found.old_names, old, 0, letters), *inside, html.Td(words(sum(values)), className="sum")]))
    sums = [html.Td(words(value), className="sum") for value in [*cells.sum(axis=0).tolist(), float(cells.sum())]]
    rows.append(html.Tr([html.Th("in all", scope="row"), *sums]))
    table = html.Table([html.Caption("From segment to segment", className="vh"), html.Thead(head), html.Tbody(rows)], className="moves")
    what = "Customers" if words is whole else "Money"
    return html.Div(table, className="tw", tabIndex=0, role="region", **aria(label=f"{what} from segment to segment"))


def _name(names: Mapping[int, str], segment: int, side: int, letters: Mapping[int, str]) -> html.Th:
    scope = ("row", "col")[side]
    if segment <= 0:
        return html.Th(_SIDES[segment][side], scope=scope, className="mut")
    return html.Th([segment_key(letters[segment]) if segment in letters else None, names[segment]], scope=scope)


def _cell(share: float, words: str, is_same: bool, link: str | None) -> html.Td:
    told = dcc.Link([words, hidden(": see the customers")], href=link) if link else words
    return html.Td(told, className="same" if is_same else "moved", style={"--w": f"{100 * share**0.5:.0f}%"})
