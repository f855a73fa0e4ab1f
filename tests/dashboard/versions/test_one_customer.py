"""One customer is found among the rows of a dataset, however their ids are kept."""

from __future__ import annotations

from typing import Any, cast

import pyarrow as pa
import pytest

from dashboard.versions.reading import StoredCustomers

IDS = ["007", "7", "Zoë", "a b"]


def customers(is_encoded: bool) -> StoredCustomers:
    ids = pa.array(IDS, pa.string())
    rows = pa.table({"customer_id": ids.dictionary_encode() if is_encoded else ids, "spend": pa.array([1, 2, 3, 4])})
    return StoredCustomers(cast("Any", None), rows)


@pytest.mark.parametrize("is_encoded", [True, False])
def test_a_customer_is_found_by_the_very_id(is_encoded: bool) -> None:
    for place, name in enumerate(IDS):
        found = customers(is_encoded).find(name)
        assert found is not None
        assert found.rows.column("spend").to_pylist() == [place + 1]


@pytest.mark.parametrize("is_encoded", [True, False])
@pytest.mark.parametrize("name", ["", "07", "zoë", "a", "' OR 1=1 --"])
def test_nobody_else_is(is_encoded: bool, name: str) -> None:
    assert customers(is_encoded).find(name) is None


def test_one_who_is_gone_from_the_rows_is_not_found_although_the_id_is_still_known() -> None:
    rows = customers(True).rows.slice(1)
    assert StoredCustomers(cast("Any", None), rows).find("007") is None
