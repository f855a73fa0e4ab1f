"""What an order comes to: orders in bands of their value."""

from __future__ import annotations

import numpy as np

from segmentation.measures.demographics import Histogram, bin_numbers, rebin_numbers
from segmentation.measures.lines import Lines

ORDER_VALUE = "order_value"


def order_values(lines: Lines, left: np.ndarray | None = None) -> np.ndarray:
    """Return what each order that is left comes to, in the currency's unit; nothing without money.

    Parameters
    ----------
    lines : Lines
    left : numpy.ndarray of bool, shape (m,), optional
        The lines that count; all without it. An order of which no line is left is left out.

    Returns
    -------
    numpy.ndarray of float64
    """
    if lines.units is None:
        return np.zeros(0)
    orders = lines.orders if left is None else lines.orders[left]
    units = np.zeros(lines.n_orders, np.int64)
    np.add.at(units, orders, lines.units if left is None else lines.units[left])
    counts = np.bincount(orders, minlength=lines.n_orders)
    return lines.as_money(units[counts > 0])


def bin_orders(lines: Lines) -> Histogram | None:
    """Count orders in bands of their value; None without money, or where all come to the same."""
    values = order_values(lines)
    return bin_numbers(ORDER_VALUE, "order value", "money", values) if values.size else None


def rebin_orders(lines: Lines, left: np.ndarray, known: Histogram) -> Histogram:
    """Count the orders that are left in the bands of all."""
    return rebin_numbers(order_values(lines, left), known)
