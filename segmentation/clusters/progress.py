"""How the long steps say how far they are."""

from __future__ import annotations

from collections.abc import Callable

OnProgress = Callable[[str, int, int], None]
"""Called with the name of a step, how many of its parts are done (0 as it begins), and how many it has. It may raise to stop the work."""


def unheard(_step: str, _done: int, _of: int) -> None:
    """Let nobody hear of it.

    Parameters
    ----------
    _step : str
    _done, _of : int
    """
