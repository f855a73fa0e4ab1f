"""How long each step takes, and what is being done right now."""

from __future__ import annotations

import time
from collections.abc import Callable

STEPS: dict[str, tuple[str, str]] = {
    "read": ("read_s", "Reading the file"),
    "columns": ("clean_s", "Telling the columns apart"),
    "clean": ("clean_s", "Cleaning the rows"),
    "customers": ("clean_s", "Summing up to customers"),
    "features": ("features_s", "Preparing the features"),
    "choose_k": ("choose_k_s", "Choosing the number of segments"),
    "fit": ("fit_s", "Finding the segments"),
    "profile": ("profile_s", "Describing the segments"),
    "store": ("write_s", "Storing the results"),
    "write": ("write_s", "Writing the results"),
}
"""Each step with the time it counts to and its words, in order."""


class Stopwatch:
    """Adds up the seconds of each step; ``on_message`` hears the words of a step as it begins."""

    def __init__(self, on_message: Callable[[str], None] = lambda _: None, started: float | None = None) -> None:
        self._on_message = on_message
        self._start = time.perf_counter() if started is None else started
        self._since = self._start
        self._running: str | None = None
        self.seconds = dict.fromkeys(dict.fromkeys(key for key, _ in STEPS.values()), 0.0)

    def step(self, name: str) -> None:
        """End the running step and begin another."""
        self._settle()
        self._running, words = STEPS[name]
        self._on_message(words)

    def finish(self) -> dict[str, float]:
        """End the running step; return the seconds of every step and the total."""
        self._settle()
        self._running = None
        return {**{key: round(value, 4) for key, value in self.seconds.items()}, "total_s": round(self._since - self._start, 4)}

    def _settle(self) -> None:
        now = time.perf_counter()
        if self._running:
            self.seconds[self._running] += now - self._since
        self._since = now
