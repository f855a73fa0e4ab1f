"""Columns of a table of the store with their values, each under a name of its own."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa

from database.datasets import ColumnSpec


@dataclass
class Layout:
    """A table being laid out, column by column."""

    specs: list[ColumnSpec] = field(default_factory=list)
    arrays: list[pa.Array] = field(default_factory=list)

    @property
    def rows(self) -> pa.Table:
        """The values as one table."""
        return pa.table(self.arrays, names=[spec.name for spec in self.specs])

    def add(self, spec: ColumnSpec, values: pa.Array) -> str:
        """Add a column; returns its name."""
        self.specs.append(spec)
        self.arrays.append(values)
        return spec.name

    def free_name(self, name: str, suffix: str) -> str:
        """Return the name, with the suffix as often as it takes where it is taken."""
        taken = {spec.name for spec in self.specs}
        while name in taken:
            name += suffix
        return name
