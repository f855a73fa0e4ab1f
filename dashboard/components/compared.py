"""The choice of what the box plots compare: a number, and the category whose groups stand side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.components.basics import data, hidden, menu
from dashboard.formats import sentence_case
from dashboard.queries.compared import write_pair
from segmentation.measures.demographics import Boxes
from segmentation.measures.spreads import SpreadChoices, SpreadColumn


def compared_menus(choices: SpreadChoices, shown: Boxes) -> html.Div | None:
    """Draw a quiet line of two menus; None where there is nothing else to choose. ``assets/compared.js`` puts a choice into the address."""
    number, category = shown.number_column, shown.column
    numbers = [_entry(each, write_pair(each.column, category), each.column == number) for each in choices.numbers]
    categories = [_entry(each, write_pair(number, each.column), each.column == category) for each in choices.categories]
    if len(numbers) < 2 and len(categories) < 2:
        return None
    left = _choice(shown.number, numbers, "Choose the number to compare")
    right = _choice(shown.category, categories, "Choose the groups to compare")
    return html.Div(["Compare", left, "by", right], className="compared")


def _choice(label: str, entries: Sequence[Any], title: str) -> html.Details | html.B:
    words = html.Span(sentence_case(label), className="name")
    return menu([words], entries, title) if len(entries) > 1 else html.B(words)


def _entry(column: SpreadColumn, pair: str, is_shown: bool) -> html.Button:
    words = [sentence_case(column.label), hidden(" (shown now)") if is_shown else None]
    return html.Button(words, type="button", className="on" if is_shown else "", **data(pair=pair))
