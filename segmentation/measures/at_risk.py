"""Customers at risk: of high value, and not seen for longer than most."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from segmentation.measures.catalogue import CustomerCatalogue
from segmentation.measures.filters import Band, Condition, CustomerFilter

AT_RISK_SHARE = 0.6
"""Fifths as in RFM scores: money among the top two (4 or 5), the last purchase among the lowest two (1 or 2), which tables of RFM call
"at risk"."""
FEWEST_DAYS = 7
"""Nobody is lost within a week: a log of a few days knows of nobody at risk."""
_MONEY, _RECENCY = "monetary_total", "recency_days"


@dataclass(frozen=True)
class RiskLimits:
    """From where a customer is at risk: ``money_from`` spent or more, and the last purchase ``days_from`` days ago or longer."""

    money_from: float
    days_from: float

    def as_filter(self) -> CustomerFilter:
        """Return the filter that chooses these customers."""
        limits = ((_MONEY, self.money_from), (_RECENCY, self.days_from))
        return CustomerFilter(tuple(Condition(column, (Band(limit, None),)) for column, limit in limits))


def find_risk_limits(catalogue: CustomerCatalogue) -> RiskLimits | None:
    """Choose the limits: three fifths of the customers spent less, three fifths were seen more lately; rounded up to two figures.

    Parameters
    ----------
    catalogue : CustomerCatalogue

    Returns
    -------
    RiskLimits or None
        None where money or days since the last purchase are not known, everybody is alike in one of them, or the log is too short for
        anybody to be missed (``FEWEST_DAYS``).
    """
    limits = []
    for name in (_MONEY, _RECENCY):
        values = catalogue.frame[name].to_numpy(np.float64) if name in catalogue.frame else np.empty(0)
        values = values[np.isfinite(values)]
        if values.size == 0 or (limit := float(np.quantile(values, AT_RISK_SHARE))) <= 0 or values.max() <= limit:
            return None
        limits.append(_round_up(limit))
    return RiskLimits(*limits) if limits[1] >= FEWEST_DAYS else None


def _round_up(value: float) -> float:
    unit = 10.0 ** (math.floor(math.log10(value)) - 1)
    return float(f"{math.ceil(value / unit - 1e-9) * unit:.12g}")
