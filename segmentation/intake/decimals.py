"""Exact decimals as text, with as many decimals as they are kept with."""

from __future__ import annotations

import numpy as np


def decimal_texts(units: np.ndarray, scale: int) -> list[str]:
    """Return whole units of 10**-scale as text: 1250 with scale 2 is "12.50".

    Parameters
    ----------
    units : numpy.ndarray of int64, shape (n,)
    scale : int
        Decimals, 0 or more.

    Returns
    -------
    list of str, length n
    """
    if scale == 0:
        return [str(value) for value in units.tolist()]
    base = 10**scale
    return [f"{'-' if value < 0 else ''}{abs(value) // base}.{abs(value) % base:0{scale}d}" for value in units.tolist()]
