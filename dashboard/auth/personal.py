"""Which columns say who somebody is: shown, searched and sorted by only for those who may export personal data."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segmentation.intake.columns import ROLE_BY_NAME
from segmentation.intake.mapping import header_words
from segmentation.measures.catalogue import CustomerColumn

PERSONAL_ROLES = frozenset({"first_name", "last_name", "email", "phone", "zip", "birth_date"})
_HEADERS = frozenset(name for role in PERSONAL_ROLES for name in ROLE_BY_NAME[role].headers)


def is_personal(column: CustomerColumn) -> bool:
    """Tell whether a column names somebody; a text of unknown meaning that differs from customer to customer may do so."""
    return column.role in PERSONAL_ROLES or (column.kind == "text" and column.role is None)


def are_personal(ids: np.ndarray, header: str | None) -> bool:
    """Tell whether the ids of customers themselves say who they are: addresses, telephone numbers, or names put together."""
    if any(header_words(part) in _HEADERS for part in (header or "").split("+")):
        return True
    return bool(pc.any(pc.match_substring(pa.array(ids, pa.string()), "@")).as_py())
