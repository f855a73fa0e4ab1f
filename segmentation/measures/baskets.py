"""What an order comes to: orders in bands of their value."""

from __future__ import annotations

from segmentation.measures.demographics import Histogram, bin_numbers
from segmentation.measures.filters import ORDER_VALUE
from segmentation.measures.lines import Lines


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
    return bin_numbers(ORDER_VALUE, "order value", "money", lines.order_values()) if lines.units is not None else None
