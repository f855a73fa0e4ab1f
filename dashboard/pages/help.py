"""Help: what each page is for, and what the words mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html

from dashboard.callbacks import Callbacks
from dashboard.components.basics import card, page_top
from dashboard.context import Context

PATH, TITLE, ICON, GROUP = "/help", "Help", "help", ""

_STEPS = (
    ("Bring a file", "On Data, drop a list of customers or a log of orders. Nothing leaves this computer."),
    ("Check the columns", "Clientele guesses what each column means. Change what is wrong; the receipt shows which rows stay and why."),
    (
        "See who they are",
        "Overview shows customers, revenue and where both come from. Click any mark and the whole page is about what is left; Ctrl adds, a second click takes it off, Alt leads to the customers behind it. The address holds the view: a link shows the same.",
    ),
    ("Find segments", "Studio looks for groups of customers that behave alike and says whether they can be trusted."),
    (
        "Use them",
        "Cluster profile describes each segment and suggests what to do. Download the customers with their segment, or a report for whoever was not there.",
    ),
    ("Look at one", "Customers lists everybody and explains each; Who is this? tells the segment of somebody new, or of a whole file."),
)
_WORDS = (
    ("Segment", "A group of customers who behave alike, with a name and a letter that stay with it."),
    ("Use, use with care, do not target", "How far a segment can be trusted: how many of its customers stay together when the search is repeated on parts of the data."),
    ("Index", "A segment's average against that of all customers. 100 is the average, 200 is twice as much."),
    ("Clearness of groups", "How much closer customers are to their own segment than to the next one, from −1 to 1. The field's word is silhouette."),
    ("Spread inside groups", "How far customers are from the middle of their segment. It always falls with more segments; look for the bend. The field's word is inertia."),
    ("Structureless", "The data form one cloud. Segments still divide it into useful parts, but their borders could run elsewhere."),
    ("Rows set aside", "Rows of the file that cannot count, with the reason for each. Rows in the file = rows kept + rows set aside, always."),
    ("Recipe", "Everything that decides a segmentation: which columns, how they are prepared, the method, the number of segments."),
)  # fmt: skip


def render(_: Context, __: Mapping[str, str]) -> list[Any]:
    """Draw the page."""
    steps = html.Ol([html.Li([html.B(name), " ", words]) for name, words in _STEPS], className="steps-list")
    words = html.Dl([part for name, told in _WORDS for part in (html.Dt(name), html.Dd(told))], className="words")
    return [
        page_top(TITLE),
        html.Div([card("The way through", steps, look="s5"), card("Words", words, look="s7")], className="grid page-help"),
    ]


def register_callbacks(_: Callbacks) -> None:
    """Nothing happens on this page."""
