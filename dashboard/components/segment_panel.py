"""The panel at the pen: name, colour and action of a segment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import dcc, html

from dashboard.components.basics import aria, button
from dashboard.components.segment_key import segment_colours
from dashboard.queries.segments import COLOURED, ShownSegment
from dashboard.workflows.segments import LONGEST_ACTION, LONGEST_NAME

_HUES = ("blue", "orange", "green", "mauve", "olive", "violet", "brick", "navy", "sage", "slate")


def rename_panel(segment: ShownSegment, taken: Mapping[str, str], is_last: bool) -> html.Div:
    """Draw the panel; ``taken`` says which colour is another segment's."""
    colours = [_colour(letter, hue, segment.letter, taken) for letter, hue in zip(COLOURED, _HUES, strict=True)]
    inside = [
        dcc.Store(id="segment-which", data=segment.segment_id),
        html.Label(["Name", dcc.Input(id="segment-name", value=segment.name, maxLength=LONGEST_NAME, type="text", autoComplete="off")]),
        dcc.Store(id="segment-colour", data=segment.letter),
        html.Fieldset([html.Legend("Colour"), html.Div(colours, className="colours")]),
        html.Label(["Action", dcc.Textarea(id="segment-action", value=segment.action, maxLength=LONGEST_ACTION, rows=3)]),
        html.P("The id stays the same. Earlier names are kept in the history."),
        html.Div(id="segment-problem"),
        html.Div(
            [
                button("Cancel", {"type": "segment-cancel", "segment": segment.segment_id}, "cancel"),
                button("Save", "segment-save", "primary"),
            ],
            className="deeds",
        ),
    ]
    return html.Div(inside, className=f"popv{' end' if is_last else ''}", role="dialog", **aria(label=f"Rename {segment.name}"))


def _colour(letter: str, hue: str, own: str, taken: Mapping[str, str]) -> html.Button:
    """Draw a colour to choose; the choosing itself is done in the browser (``assets/segments.js``)."""
    owner = taken.get(letter)
    told = f"{hue}, used by {owner}" if owner else hue
    facts: dict[str, Any] = {**aria(label=told, pressed=str(letter == own).lower()), "data-letter": letter}
    look = segment_colours(letter)
    return html.Button(
        letter if owner else "", type="button", className="swatch", style=look, title=told, disabled=owner is not None, **facts
    )
