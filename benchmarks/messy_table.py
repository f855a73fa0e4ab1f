"""Which messy files of our own are read cell by cell, by pandas, DuckDB, clevercsv and this reader; prints a Markdown table.

Every reader is called as its manual suggests for a file nobody has looked at: its own guessing on, every cell as text. The others are
judged mildly: blank rows, the way a missing cell is told, and names given to columns without one do not count. A reader that fails on
the plainest file stops the benchmark: its installation is broken. clevercsv is no dependency: install it beside to have its column.
``python -m benchmarks.messy_table [--totals]``
"""

from __future__ import annotations

import argparse
import importlib.util
import re
import tempfile
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.dashboard.intake.messy import Messy, variants

Cells = Sequence[Sequence[object]]
Reader = Callable[[Path], Cells]
OUTCOMES = ("right", "wrong", "refused", "—")
"""Wrong: other cells, which nobody notices. A dash: no such reader without something more to install."""
_WORKBOOKS = (".xlsx", ".xls", ".ods")
_GIVEN_NAME = re.compile(r"^Column \d+$| \(\d+\)$")


def main() -> None:
    """Print the table and the totals."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--totals", action="store_true", help="leave the single files out")
    options = parser.parse_args()
    readers: dict[str, Reader] = {"pandas": with_pandas, "DuckDB": with_duckdb, "clevercsv": with_clevercsv, "Clientele": with_ours}
    if not importlib.util.find_spec("clevercsv"):
        print("clevercsv is not installed: its column is left out\n")
        del readers["clevercsv"]
    files = variants()
    plain = next(messy for messy in files if messy.name == "lines end with LF")
    for name, reader in readers.items():
        if outcome(reader, plain) != "right":
            raise SystemExit(f"{name} cannot read a plain file: its installation is broken")
    outcomes = {name: [outcome(reader, messy) for messy in files] for name, reader in readers.items()}
    print("| file |", " | ".join(readers), "|")
    print("|---|" + "---|" * len(readers))
    for i, messy in enumerate(files if not options.totals else ()):
        print(f"| {messy.name} |", " | ".join(outcomes[name][i] for name in readers), "|")
    for word in OUTCOMES:
        print(f"| **{word}, of {len(files)}** |", " | ".join(str(outcomes[name].count(word)) for name in readers), "|")


def outcome(reader: Reader, messy: Messy) -> str:
    """Return how a file was read, as one of the outcomes."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = Path(folder) / messy.file
        path.write_bytes(messy.content)
        try:
            rows = [["" if cell is None else str(cell) for cell in row] for row in reader(path)]
        except NotImplementedError:
            return "—"
        except Exception:  # whatever a library raises, it did not read the file
            return "refused"
    return "right" if is_right(rows, messy) else "wrong"


def is_right(rows: Sequence[Sequence[str]], messy: Messy) -> bool:
    """Compare the header and the rows that are not blank."""
    header, *cells = rows or [[]]
    filled = [tuple(row) for row in cells if any(row)]
    if not messy.has_header:
        return filled == list(messy.rows) or [tuple(header), *filled] == list(messy.rows)
    named = len(header) == len(messy.header) and all(
        " ".join(name.split())[:200] == wanted for name, wanted in zip(header, messy.header, strict=True) if not _GIVEN_NAME.search(wanted)
    )
    return named and filled == list(messy.rows)


def with_pandas(path: Path) -> Cells:
    """Read with its sniffing engine; workbooks with openpyxl."""
    import pandas as pd

    if path.suffix in (".xls", ".ods"):
        raise NotImplementedError
    if path.suffix in _WORKBOOKS:
        frame = pd.read_excel(path, dtype=str, keep_default_na=False)
    else:
        frame = pd.read_csv(path, sep=None, engine="python", dtype=str, keep_default_na=False)
    return [list(frame.columns), *frame.to_numpy().tolist()]


def with_duckdb(path: Path) -> Cells:
    """Read with its sniffer; it has no workbooks without an extension from the network."""
    import duckdb

    if path.suffix in _WORKBOOKS:
        raise NotImplementedError
    with duckdb.connect() as connection:
        found = connection.read_csv(str(path), all_varchar=True)
        return [found.columns, *found.fetchall()]


def with_clevercsv(path: Path) -> Cells:
    """Read with the dialect and the encoding it finds."""
    import clevercsv

    if path.suffix in (*_WORKBOOKS, ".gz", ".xz", ".zip"):
        raise NotImplementedError
    return list(clevercsv.read_table(str(path)))


def with_ours(path: Path) -> Cells:
    """Read in the limited child, as the service does."""
    from dashboard.intake.reader import read_file

    table = read_file(path)
    return [table.headers, *(list(row.values()) for row in table.columns.to_pylist())]


if __name__ == "__main__":
    main()
