"""What an order comes to: orders in bands of their value."""

from __future__ import annotations

import numpy as np

from segmentation.measures.demographics import Histogram, bin_numbers
from segmentation.measures.lines import Lines

ORDER_VALUE = "order_value"


def order_values(lines: Lines) -> np.ndarray:
    """Return what each order comes to, in the currency's unit; nothing without money."""
    return lines.as_money(lines.sum_units(lines.orders, lines.n_orders)) if lines.units is not None else np.zeros(0)


def bin_orders(lines: Lines) -> Histogram | None:
    """Count orders in bands of their value.

    Parameters
    ----------
    lines : Lines

    Returns
    -------
    Histogram or None
        None without money, or where all come to the same.
    """
    values = order_values(lines)
    return bin_numbers(ORDER_VALUE, "order value", "money", values) if values.size else None
