"""What a person sees on a terminal while a command works."""

from __future__ import annotations

import sys


def show_progress(words: str) -> None:
    """Say what is being done, on the line of what was said before; nothing where standard error is no terminal."""
    if sys.stderr.isatty():
        print(f"\r\x1b[2K{words} ...", end="", file=sys.stderr, flush=True)


def clear_progress() -> None:
    """Remove the line again."""
    if sys.stderr.isatty():
        print("\r\x1b[2K", end="", file=sys.stderr, flush=True)
