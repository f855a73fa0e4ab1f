"""Two runs side by side: agreement in words, what was done otherwise, who moved with their money, and what became of each segment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html

from dashboard.components.basics import aria, card, hidden, href, icon, menu, page_top
from dashboard.components.segment_key import segment_key
from dashboard.formats import MISSING, counted, day, money, percent, plain, whole
from dashboard.queries.comparison import Candidate, Change, RunComparison, SegmentPair
from dashboard.queries.recipes import recipe_in_words
from segmentation.measures.migration import NOT_SEGMENTED, NOT_THERE

_AGREEMENT = (
    (0.9, "Nearly the same segments"),
    (0.7, "Largely the same segments"),
    (0.4, "Partly the same segments"),
    (0.1, "Little in common"),
    (-1.0, "Nothing in common beyond chance"),
)
_MOST_CELLS, _MOST_MOVES = 200, 40
"""A table of more cells is no longer read, and takes a browser seconds; so many of its moves are listed instead."""
_TERM = "Adjusted Rand index: 1 where the same customers are together, 0 where no more of them are than by chance"


def compare_view(found: RunComparison, can_export: bool) -> list[Any]:
    """Draw the page."""
    to = href("/studio", {"dataset": found.sides[1].dataset.id})
    back = dcc.Link([icon("back"), "Studio"], href=to, className="btn")
    menus = html.Div([_menu(found, 0), html.Span("beside", className="mut sm"), _menu(found, 1), _swap(found)], className="sides")
    cards = [_agreement_card(found), _recipe_card(found), _moves_card(found, can_export), _pairs_card(found)]
    return [page_top("Two runs", back), _gone(found), menus, html.Div(cards, className="grid")]


def _gone(found: RunComparison) -> html.P | None:
    if not found.is_replaced:
        return None
    words = f"The other run of this link is not there any more. {_name(found.sides[1], found)} stands in its place."
    return html.P([icon("info"), words], className="gone", role="status")


def _name(candidate: Candidate, found: RunComparison) -> str:
    is_one_version = len({each.dataset.id for each in found.candidates}) == 1
    return f"Run {candidate.number}" if is_one_version else f"Run {candidate.number}, version {candidate.version}"


def _facts(candidate: Candidate) -> str:
    when = day((candidate.run.finished_at or candidate.run.created_at).date())
    return f"{recipe_in_words(candidate.run.recipe, candidate.dataset)}, {when}{', published' if candidate.run.published_at else ''}"


def _menu(found: RunComparison, side: int) -> html.Details:
    """Draw one of the two as a button that opens the runs to put in its place."""
    shown, other = found.sides[side], found.sides[1 - side]
    entries = []
    for each in found.candidates:
        if each is other:
            continue
        ids = (each.run.id, other.run.id) if side == 0 else (other.run.id, each.run.id)
        words = [html.Span([_name(each, found), hidden(" (shown now)") if each is shown else None]), html.Small(_facts(each))]
        entries.append(dcc.Link(words, href=_address(*ids), className="on" if each is shown else ""))
    label = [html.Span(_name(shown, found), className="name"), html.Span(_facts(shown), className="mut opt")]
    return menu(label, entries, "Choose another run", "run-menu")


def _address(first: str, second: str) -> str:
    return href("/studio", {"compare": first, "with": second})


def _swap(found: RunComparison) -> dcc.Link:
    to = _address(found.sides[1].run.id, found.sides[0].run.id)
    return dcc.Link([icon("compare"), hidden("The other way round")], href=to, className="ib", title="The other way round")


def _agreement_card(found: RunComparison) -> html.Section:
    if found.agreement is None:
        return card("Do they agree?", html.P("No customer is in a segment of both.", className="none"), look="s6")
    words = "Divided further" if found.inside else next(words for least, words in _AGREEMENT if found.agreement >= least)
    figure = f"{found.agreement:.2f}".replace("-", "−")
    said = html.P([html.B(figure, className="fig"), html.Span([f"{words}. ", html.Span("1 is the same, 0 is chance.", className="dim")])])
    stayed = f"{whole(found.n_stayed)} of {counted(found.n_both, 'customer')} in both ({percent(found.n_stayed / found.n_both)})"
    sentences = f"{stayed} are in the segment that stands beside theirs.{_division(found)}"
    return card(
        "Do they agree?",
        [
            html.Div(said, className="agree", title=_TERM),
            html.P(sentences, className="mut sm"),
        ],
        note=f"Agreement: adjusted Rand index, n = {whole(found.n_both)}.",
        look="s6",
    )


def _division(found: RunComparison) -> str:
    """Say where one of the two only divides the segments of the other further."""
    if found.inside is None:
        return ""
    finer, coarser = (found.sides[place] for place in found.inside.sides)
    name = _name(coarser, found)
    whose = f"{_name(finer, found)} divides the segments of {name[:1].lower()}{name[1:]} further"
    return f" {whose}: {percent(found.inside.share)} of the customers are in a part of the same one."


def _recipe_card(found: RunComparison) -> html.Section:
    heads = [html.Th(hidden("What"), scope="col"), *(html.Th(_name(side, found), scope="col") for side in found.sides)]
    rows = list(found.recipes)
    if found.sides[0].dataset.id != found.sides[1].dataset.id:
        populations = [counted(side.dataset.facts.n_customers, "customer") if side.dataset.facts else MISSING for side in found.sides]
        rows = [("Data", *(f"version {side.version}, {told}" for side, told in zip(found.sides, populations, strict=True))), *rows]  # type: ignore[list-item]
    if not rows:
        words = "the recipes are the same" if found.sides[0] is not found.sides[1] else "this is the same run twice. Choose another above"
        return card("What was done otherwise?", html.P(f"Nothing: {words}.", className="none"), look="s6")
    body = [html.Tr([html.Th(name, scope="row"), html.Td(one), html.Td(other)]) for name, one, other in rows]
    table = html.Table([html.Thead(html.Tr(heads)), html.Tbody(body)], className="other-wise")
    return card("What was done otherwise?", table, look="s6")


def _moves_card(found: RunComparison, can_export: bool) -> html.Section:
    is_wide = found.migration.matrix.customers.size > _MOST_CELLS
    head, rows, shown = _largest_moves(found, can_export) if is_wide else (*_all_moves(found, can_export), "")
    table = html.Table(
        [html.Caption("From segment to segment", className="vh"), html.Thead(html.Tr(head)), html.Tbody(rows)],
        className="moves listed" if is_wide else "moves",
    )
    note = "Customers, and what they have spent in total." + (" Each number is a list of its customers to take away." if can_export else "")
    body = html.Div(table, className="tw", tabIndex=0, role="region", **aria(label="From segment to segment"))
    return card("Who moved?", body, shown, note=note, look="s12")


def _all_moves(found: RunComparison, can_export: bool) -> tuple[list[html.Th], list[html.Tr]]:
    """Draw a row for each segment of the first run and a column for each of the second."""
    matrix, letters = found.migration.matrix, _letters(found)
    names = [_head(found.migration.new_names, each, "col", letters[1], "gone") for each in matrix.new]
    rows = [
        html.Tr(
            [
                _head(found.migration.old_names, old, "row", letters[0], "new customers"),
                *(_cell(found, (place, column), can_export) for column in range(len(matrix.new))),
            ]
        )
        for place, old in enumerate(matrix.old)
    ]
    return [html.Th(f"{_name(found.sides[0], found)} ↓ {_name(found.sides[1], found)} →", scope="col"), *names], rows


def _largest_moves(found: RunComparison, can_export: bool) -> tuple[list[html.Th], list[html.Tr], str]:
    """Draw a row for each of the largest moves, where a table of all could not be read, and say how many there are."""
    migration, letters = found.migration, _letters(found)
    moves = [(n, (one, other)) for one, row in enumerate(migration.matrix.customers.tolist()) for other, n in enumerate(row) if n]
    largest = [place for _, place in sorted(moves, key=lambda move: -move[0])[:_MOST_MOVES]]
    rows = [
        html.Tr(
            [
                _head(migration.old_names, migration.matrix.old[place[0]], "row", letters[0], "new customers"),
                _head(migration.new_names, migration.matrix.new[place[1]], "row", letters[1], "gone"),
                _cell(found, place, can_export),
            ]
        )
        for place in largest
    ]
    heads = [html.Th(words, scope="col") for words in (_name(found.sides[0], found), _name(found.sides[1], found), "Customers")]
    return heads, rows, f"The largest {len(largest)} of {len(moves)} moves." if len(moves) > len(largest) else ""


def _letters(found: RunComparison) -> tuple[dict[int, str], dict[int, str]]:
    olds = {pair.old.segment_id: pair.old.colour for pair in found.pairs if pair.old}
    return olds, {pair.new.segment_id: pair.new.colour for pair in found.pairs if pair.new}


def _head(names: Mapping[int, str], segment: int, scope: str, letters: Mapping[int, str], not_there: str) -> html.Th:
    if segment <= 0:
        words = {NOT_SEGMENTED: "not segmented", NOT_THERE: not_there}[segment]
        return html.Th(words, scope=scope, className="mut")
    return html.Th(_keyed(letters[segment], names[segment]) if segment in letters else names[segment], scope=scope)


def _keyed(letter: str, name: str) -> html.Span:
    return html.Span([segment_key(letter), html.Span(name)], className="kn")


def _cell(found: RunComparison, place: tuple[int, int], can_export: bool) -> html.Td:
    migration, matrix = found.migration, found.migration.matrix
    n, old, new = int(matrix.customers[place]), matrix.old[place[0]], matrix.new[place[1]]
    if not n:
        return html.Td("–", className="none")
    query = {"from": migration.earlier.id, "old": str(old), "new": str(new)}
    to = href(f"/api/v1/runs/{migration.run.id}/migration.csv", query)
    words = html.A([whole(n), hidden(" customers, as CSV")], href=to, download="") if can_export else whole(n)
    spent = matrix.money_before if new == NOT_THERE else matrix.money_after
    told = html.Small(money(float(spent[place]), _currency(found))) if spent is not None else None
    is_same = any(pair.old and pair.new and (pair.old.segment_id, pair.new.segment_id) == (old, new) for pair in found.pairs)
    width = 100 * (n / max(int(matrix.customers.max()), 1)) ** 0.5
    return html.Td([words, told], className="same" if is_same else "moved", style={"--w": f"{width:.0f}%"})


def _currency(found: RunComparison) -> str | None:
    facts = found.sides[1].dataset.facts
    return facts.currency if facts else None


def _pairs_card(found: RunComparison) -> html.Section:
    heads = (
        _name(found.sides[0], found),
        _name(found.sides[1], found),
        "Customers",
        "In both",
        "Share of revenue",
        "Verdict",
        "Averages that differ most",
    )
    head = html.Thead(
        html.Tr([html.Th(words, scope="col", className="r" if 2 <= place <= 4 else None) for place, words in enumerate(heads)])
    )
    rows = html.Tbody([_pair_row(pair, _currency(found)) for pair in found.pairs])
    table = html.Table([head, rows], className="pairs")
    body = html.Div(table, className="tw", tabIndex=0, role="region", **aria(label="Segments that stand beside each other"))
    return card("Segments beside each other", body, "Paired one to one by the customers they share.", look="s12")


def _pair_row(pair: SegmentPair, currency: str | None) -> html.Tr:
    sides = (pair.old, pair.new)
    sizes = _two([whole(side.size) if side else None for side in sides])
    shares = _two([percent(side.profile["share_revenue"]) if side else None for side in sides])
    verdicts = _two([str(side.profile["verdict"]) if side else None for side in sides])
    return html.Tr(
        [
            *(html.Td(_keyed(side.colour, side.name) if side else html.Span("–", className="dim")) for side in sides),
            html.Td(sizes, className="r"),
            html.Td(whole(pair.n_shared) if all(sides) else MISSING, className="r"),
            html.Td(shares, className="r"),
            html.Td(verdicts),
            html.Td(_changes(pair, currency), className="wide"),
        ]
    )


def _two(words: Sequence[str | None]) -> str:
    """Say what was and what is, once where both are the same."""
    known = [each for each in words if each is not None]
    return known[0] if len(set(known)) == 1 else " → ".join(known)


def _changes(pair: SegmentPair, currency: str | None) -> str:
    if pair.old is None or pair.new is None:
        return "Nothing stands beside it."
    told = [(change.label, _average(change, change.before, currency), _average(change, change.after, currency)) for change in pair.changes]
    return "; ".join(f"{label} {before} → {after}" for label, before, after in told if before != after) or "About the same."


def _average(change: Change, value: float, currency: str | None) -> str:
    return percent(value) if change.is_flag else money(value, currency) if change.unit == "money" else plain(value)
