"""What an axis of the map means, in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

_WORDS = {
    "recency_days": ("a longer time since the last order", "a more recent last order"),
    "frequency_orders": ("more orders", "fewer orders"),
    "monetary_total": ("more spend", "less spend"),
    "order_value_mean": ("larger orders", "smaller orders"),
    "tenure_days": ("a longer time as a customer", "a shorter time as a customer"),
    "items_total": ("more pieces", "fewer pieces"),
    "products_distinct": ("more different products", "fewer different products"),
    "age": ("a higher age", "a lower age"),
    "income": ("a higher income", "a lower income"),
    "web_purchases": ("more purchases on the web", "fewer purchases on the web"),
    "store_purchases": ("more purchases in the shop", "fewer purchases in the shop"),
    "catalog_purchases": ("more purchases by catalogue", "fewer purchases by catalogue"),
    "deal_purchases": ("more purchases with a discount", "fewer purchases with a discount"),
    "web_visits": ("more visits to the website", "fewer visits to the website"),
}
_WORTH_SAYING = 0.5
"""A feature is named where its weight is at least this part of the largest."""
MOST_NAMED = 4


def say_direction(weights: np.ndarray, columns: Sequence[tuple[str | None, str]]) -> tuple[str, ...]:
    """Say what grows along an axis, the heaviest feature first.

    Parameters
    ----------
    weights : numpy.ndarray of shape (d,)
        Of one axis, see `segmentation.clusters.projection`.
    columns : sequence of (role or None, label), length d

    Returns
    -------
    tuple of str
        At most ``MOST_NAMED``.
    """
    sizes = np.abs(weights)
    heavy = [place for place in np.argsort(-sizes, kind="stable") if sizes[place] >= _WORTH_SAYING * sizes.max()]
    return tuple(_say(float(weights[place]), *columns[place]) for place in heavy[:MOST_NAMED])


def _say(weight: float, role: str | None, label: str) -> str:
    more, less = _WORDS.get(role or "", (f"more: {label}", f"less: {label}"))
    return more if weight > 0 else less
