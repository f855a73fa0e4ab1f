"""The style sheet of the one-page report, with the colours of segments and verdicts."""

from __future__ import annotations

from pathlib import Path

from dashboard.exports.reports import colours

_PLAIN = ("text", "second", "third", "surface", "page", "sunken", "line", "accent", "axis")


def page_style() -> str:
    """Return the style sheet."""
    tokens = "".join(f"--{name}:#{getattr(colours, name.upper())};" for name in _PLAIN)
    keys = "".join(f".k-{letter}{{background:#{ground};color:#{on}}}" for letter, (ground, on) in colours.SEGMENTS.items())
    badges = "".join(f".v-{look}{{color:#{words};background:#{ground}}}" for look, (words, ground, _) in colours.VERDICTS.items())
    return f":root{{{tokens}}}\n{Path(__file__).with_name('page.css').read_text(encoding='utf-8')}{keys}{badges}"
