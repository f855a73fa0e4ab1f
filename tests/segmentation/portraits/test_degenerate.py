"""Odd data: everything is profiled, named, explained and given an action, without a warning or a number that is none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from segmentation.portraits.explain import explain_segments
from segmentation.portraits.naming import name_segments
from segmentation.portraits.playbook import suggest_action
from segmentation.portraits.profiles import ProfileColumn, profile_segments

N = 40
NUMBERS = ("recency_days", "frequency_orders", "monetary_total")
COLUMNS = (*(ProfileColumn(role, role, "number", role) for role in NUMBERS), ProfileColumn("City", "City {x}", "category", "city"))


def customers(recency: object, orders: object, spend: object, city: object = "Bern") -> pd.DataFrame:
    return pd.DataFrame({"recency_days": recency, "frequency_orders": orders, "monetary_total": spend, "City": city}, index=range(N))


HALF = np.repeat([1, 2], N // 2)
RISING = np.arange(N, dtype=float)
CASES = {
    "one customer": (customers(3, 1, 5.0), np.r_[1, np.zeros(N - 1, int)]),
    "identical customers": (customers(3, 1, 5.0), HALF),
    "all missing": (customers(np.nan, np.nan, np.nan, None), HALF),
    "missing in one segment": (customers(np.where(HALF == 1, np.nan, RISING), RISING, RISING), HALF),
    "infinite": (customers(np.inf, -np.inf, np.where(RISING > 5, np.inf, RISING)), HALF),
    "nullable": (customers(pd.array([1, None] * (N // 2), dtype="Int64"), RISING, RISING), HALF),
    "nothing earned": (customers(RISING, 0, 0.0), HALF),
    "refunds only": (customers(RISING, 1, -RISING), HALF),
    "huge": (customers(RISING, RISING, RISING * 1e300), HALF),
    "tiny": (customers(RISING, RISING, RISING * 1e-300), HALF),
    "a segment of one": (customers(RISING, RISING, RISING), np.r_[2, np.ones(N - 1, int)]),
    "an id without customers": (customers(RISING, RISING, RISING), HALF * 3),
    "everyone a segment": (customers(RISING, RISING, RISING), np.arange(1, N + 1)),
    "text with marks": (customers(1, 1, 1.0, ["{0}", "%s"] * (N // 2)), np.tile([1, 2], N // 2)),
    "booleans": (customers(RISING > 20, RISING > 10, RISING), HALF),
}


@pytest.mark.parametrize("case", CASES)
def test_degenerate(case: str) -> None:
    frame, segments = CASES[case]
    profiles = profile_segments(frame, segments, COLUMNS, NUMBERS, "monetary_total")
    names = name_segments(profiles, COLUMNS)
    rules = explain_segments(frame, segments, COLUMNS)
    ids = sorted(set(segments[segments > 0].tolist()))
    assert [profile.segment_id for profile in profiles] == ids == [rule.segment_id for rule in rules]
    assert len({name.name for name in names}) == len(ids)
    for profile, name, rule in zip(profiles, names, rules, strict=True):
        assert 1 <= len(profile.differences) <= 3
        told = " ".join((name.name, name.because, rule.sentence, suggest_action(profile).text, *profile.differences))
        assert " nan" not in told and " inf" not in told
        assert 0 <= rule.precision <= 1
        assert 0 < rule.coverage <= 1
        assert all(claim.holds(profile) for claim in name.claims)
