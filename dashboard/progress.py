"""What is being done right now, in words; how far it is; and how long each step takes."""

from __future__ import annotations

import time
from collections.abc import Callable

from segmentation.measures.recipe import MAX_CLUSTERS, MIN_CLUSTERS, Recipe

STEPS: dict[str, tuple[str, str]] = {
    "read": ("read_s", "Reading the file"),
    "columns": ("clean_s", "Telling the columns apart"),
    "clean": ("clean_s", "Cleaning the rows"),
    "customers": ("clean_s", "Summing up to customers"),
    "features": ("features_s", "Preparing the features"),
    "choose_k": ("choose_k_s", f"Trying {MIN_CLUSTERS} to {MAX_CLUSTERS} segments"),
    "halves": ("choose_k_s", "Comparing halves of the customers"),
    "fit": ("fit_s", "Finding the segments"),
    "stability": ("profile_s", "Repeating on samples of the customers"),
    "structure": ("profile_s", "Comparing with data without groups"),
    "profile": ("profile_s", "Describing and naming the segments"),
    "store": ("write_s", "Storing the results"),
    "write": ("write_s", "Writing the results"),
}
"""Each step with the time it counts to and its words, in order."""


def steps_of(recipe: Recipe) -> tuple[str, ...]:
    """Return the steps that a segmentation by a recipe takes."""
    if recipe.method in ("rfm", "rules"):
        found: tuple[str, ...] = ()
    else:
        found = (*(("choose_k", "halves") if recipe.n_clusters is None else ("fit",)), "stability")
    return ("features", *found, "structure", "profile", "store")


def part_in_words(step: str, done: int, of: int) -> str:
    """Say how far a step is: "Trying 2 to 8 segments: 5 of 7"."""
    return f"{STEPS[step][1]}: {done} of {of}"


def find_part(step: str, message: str) -> str | None:
    """Return the end of what ``part_in_words`` said ("5 of 7"), None where the message speaks of something else."""
    words = f"{STEPS[step][1]}: "
    return message.removeprefix(words) if message.startswith(words) else None


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
