"""The panel at the pen: name, colour, text and action of a segment, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html

from dashboard.components.basics import aria, button
from dashboard.components.segment_key import segment_colours
from dashboard.queries.segments import COLOURED, ShownSegment
from dashboard.workflows.segments import LONGEST_ACTION, LONGEST_NAME, LONGEST_TEXT
from database.runs import SegmentEdit

_HUES = ("blue", "orange", "green", "mauve", "olive", "violet", "brick", "navy", "sage", "slate")
_WORDS = {"name": "Name", "colour": "Colour", "action": "Action", "text": "What sets it apart"}


def rename_panel(
    segment: ShownSegment, taken: Mapping[str, str], is_last: bool, edits: Sequence[SegmentEdit], which: Mapping[str, Any]
) -> html.Div:
    """Draw the panel; ``taken`` says which colour is another segment's, ``edits`` are those of this segment, the oldest first.

    ``which`` is what comes back with the button that saves.
    """
    colours = [_colour(letter, hue, segment.letter, taken) for letter, hue in zip(COLOURED, _HUES, strict=True)]
    inside = [
        dcc.Store(id="segment-which", data=dict(which)),
        html.Label(["Name", dcc.Input(id="segment-name", value=segment.name, maxLength=LONGEST_NAME, type="text", autoComplete="off")]),
        dcc.Store(id="segment-colour", data=segment.letter),
        html.Fieldset([html.Legend("Colour"), html.Div(colours, className="colours")]),
        _area("What sets it apart, in your words", "segment-text", segment.text, LONGEST_TEXT, "Empty: the three largest differences"),
        _area("Action", "segment-action", segment.action, LONGEST_ACTION, ""),
        html.P("The id stays the same, and earlier names are kept."),
        html.Div(id="segment-problem"),
        html.Div(
            [
                button("Cancel", {"type": "segment-cancel", "segment": segment.segment_id}, "cancel"),
                button("Save", "segment-save", "primary"),
            ],
            className="deeds",
        ),
        _history(edits),
    ]
    return html.Div(inside, className=f"popv{' end' if is_last else ''}", role="dialog", **aria(label=f"Rename {segment.name}"))


def _area(words: str, name: str, value: str, longest: int, hint: str) -> html.Label:
    return html.Label([words, dcc.Textarea(id=name, value=value, maxLength=longest, rows=3, placeholder=hint)])


def _history(edits: Sequence[SegmentEdit]) -> html.Details:
    """Draw who changed what, the newest first, with the ways back."""
    rows = [
        html.Li(
            [
                html.B(f"{edit.created_at:%d %b %Y, %H:%M}"),
                f" {edit.author or 'somebody'}",
                html.Ul([html.Li(each) for each in _changes(edit)]),
            ]
        )
        for edit in reversed(edits)
    ]
    ways = [
        button("Undo the last change", "segment-undo", "small", "back", disabled=not edits),
        button("Back to as computed", "segment-restore", "small", disabled=not edits),
    ]
    words = f"History ({len(edits)})" if edits else "History: as computed"
    return html.Details([html.Summary(words), html.Ul(rows, className="edits"), html.Div(ways, className="ways")], className="rule history")


def _changes(edit: SegmentEdit) -> list[str]:
    return [f"{_WORDS[name]}: {value or 'empty'}" for name, value in edit.changes.items()]


def _colour(letter: str, hue: str, own: str, taken: Mapping[str, str]) -> html.Button:
    """Draw a colour to choose; the choosing itself is done in the browser (``assets/segments.js``)."""
    owner = taken.get(letter)
    told = f"{hue}, used by {owner}" if owner else hue
    facts: dict[str, Any] = {**aria(label=told, pressed=str(letter == own).lower()), "data-letter": letter}
    look = segment_colours(letter)
    return html.Button(
        letter if owner else "", type="button", className="swatch", style=look, title=told, disabled=owner is not None, **facts
    )
