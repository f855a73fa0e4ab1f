"""The kept lines of a log as a table: columns with a meaning typed, the others as the text of the file."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from dashboard.versions.layout import Layout
from database.datasets import ColumnSpec, name_columns
from segmentation.dataset import Dataset
from segmentation.intake.cleaning_repeats import trimmed_codes
from segmentation.intake.parsing import OK
from segmentation.measures.customers import line_money


def lay_out_transactions(dataset: Dataset) -> Layout:
    """Make the table of lines. A line always has its ``amount``: that of the file, else price times quantity."""
    layout = Layout()
    rows = dataset.cleaned.kept
    role_of = {header: role for role, header in dataset.mapping.roles.items()}
    for header, name in zip(dataset.raw.headers, name_columns(list(dataset.raw.headers), role_of), strict=True):
        role = role_of.get(header)
        if role == "customer":
            codes, texts = trimmed_codes(dataset.raw, header)
            cells = pa.DictionaryArray.from_arrays(pa.array(codes[rows].astype(np.int32)), texts)
            layout.add(ColumnSpec("customer_id", header, role, "text"), cells)
        else:
            _add_column(layout, dataset, ColumnSpec(layout.free_name(name, "_cell"), header, role, "text"))
    if "amount" not in role_of.values() and (money := line_money(dataset.typed, dataset.mapping, rows)):
        layout.add(ColumnSpec("amount", "", "amount", "decimal", money.scale), pa.array(money.units))
    return layout


def _add_column(layout: Layout, dataset: Dataset, spec: ColumnSpec) -> None:
    rows, role = dataset.cleaned.kept, spec.role or ""
    if role in dataset.typed.dates:
        moment = dataset.typed.dates[role]
        seconds = moment.seconds[rows].astype("datetime64[s]")
        layout.add(ColumnSpec(spec.name, spec.header, role, "timestamp"), pa.array(seconds, mask=moment.state[rows] != OK))
    elif role in dataset.typed.numbers:
        number = dataset.typed.numbers[role]
        units = pa.array(number.units[rows], mask=number.state[rows] != OK)
        scale = number.parsed.scale
        layout.add(ColumnSpec(spec.name, spec.header, role, "decimal" if scale else "integer", scale), units)
    else:
        codes = pa.array(dataset.raw.codes(spec.header)[rows])
        layout.add(spec, pa.DictionaryArray.from_arrays(codes, dataset.raw.distinct(spec.header)))
