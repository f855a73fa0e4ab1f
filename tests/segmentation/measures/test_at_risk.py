"""Who is at risk: limits by hand, and the filter that they are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from segmentation.measures.at_risk import RiskLimits, find_risk_limits
from segmentation.measures.catalogue import CustomerCatalogue
from segmentation.measures.filters import write_filter


def limits(**columns: list[float]) -> RiskLimits | None:
    return find_risk_limits(CustomerCatalogue((), pd.DataFrame(columns, dtype=np.float64)))


def test_limits_are_three_fifths_rounded_up_to_two_figures() -> None:
    found = limits(monetary_total=[float(n) for n in range(0, 1001)], recency_days=[n + 0.5 for n in range(0, 1001)])
    assert found == RiskLimits(600.0, 610.0)
    assert write_filter(found.as_filter()) == "monetary_total:600..;recency_days:610.."


def test_what_is_missing_counts_nowhere() -> None:
    assert limits(monetary_total=[1, 2, np.nan, 3, 4, 5], recency_days=[10, 20, 30, 40, 50, np.nan]) == RiskLimits(3.4, 34.0)


def test_a_log_of_a_few_days_knows_of_nobody_at_risk() -> None:
    money = [float(n) for n in range(1, 11)]
    assert limits(monetary_total=money, recency_days=[1.0, 1, 1, 1, 2, 2, 2, 3, 3, 3]) is None
    assert limits(monetary_total=money, recency_days=[7.0, 7, 7, 7, 7, 7, 7, 7, 8, 8]) == RiskLimits(6.4, 7.0)


@pytest.mark.parametrize(
    "columns",
    [
        {"monetary_total": [1.0, 2.0]},
        {"recency_days": [1.0, 2.0]},
        {"monetary_total": [5.0, 5.0], "recency_days": [10.0, 20.0]},
        {"monetary_total": [-5.0, -4.0, 1.0], "recency_days": [1.0, 2.0, 3.0]},
        {"monetary_total": [np.nan, np.nan], "recency_days": [1.0, 2.0]},
    ],
)
def test_without_money_or_days_or_differences_nobody_is(columns: dict[str, list[float]]) -> None:
    assert limits(**columns) is None
