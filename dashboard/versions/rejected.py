"""The rows that were not kept, as rows of the store: where each stands, the column and value that decided, and why."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from segmentation.dataset import Dataset
from segmentation.intake.cleaning_rules import RULES


def lay_out_rejected(dataset: Dataset) -> pa.Table:
    """Return row, column, value, reason in the order of the file."""
    raw, rejected = dataset.raw, dataset.cleaned.rejected
    values = np.full(rejected.indices.size, None, dtype=object)
    for rule, header in enumerate(rejected.rule_headers):
        chosen = np.flatnonzero(rejected.rules == rule)
        if header and chosen.size:
            codes = pa.array(raw.codes(header)[rejected.indices[chosen]])
            values[chosen] = raw.distinct(header).take(codes).to_numpy(zero_copy_only=False)
    lost = raw.unreadable
    numbers = np.concatenate([np.array([row.row for row in lost], np.int64), raw.row_numbers[rejected.indices]])
    columns = [""] * len(lost) + [rejected.rule_headers[rule] for rule in rejected.rules]
    reasons = [row.reason for row in lost] + [RULES[rejected.rule_names[rule]] for rule in rejected.rules]
    order = pa.array(np.argsort(numbers, kind="stable"))
    table = pa.table(
        {
            "row": pa.array(numbers),
            "column": pa.array(columns, pa.string()),
            "value": pa.array([*(row.text for row in lost), *values], pa.string()),
            "reason": pa.array(reasons, pa.string()),
        }
    )
    return table.take(order)
