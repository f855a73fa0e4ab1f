"""Which messy files of our own are read cell by cell, by pandas, polars, DuckDB, clevercsv and this reader; prints a Markdown table.

Every reader is called as its manual suggests for a file nobody has looked at: its own guessing on, every cell as text. The others are
judged mildly: blank rows, the way a missing cell is told, and names given to columns without one do not count. A reader that fails on
the plainest file stops the benchmark: its installation is broken. ``python -m benchmarks.messy_table [--readme]``
"""

from __future__ import annotations

import argparse
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
README = Path(__file__).resolve().parent.parent / "README.md"
MARKS = ("<!-- messy files -->", "<!-- end of messy files -->")
_WORKBOOKS = (".xlsx", ".xls", ".ods")
_GIVEN_NAME = re.compile(r"^Column \d+$| \(\d+\)$")


def main() -> None:
    """Print the table and the totals, or put them into the README."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--readme", action="store_true", help="write the table into README.md instead of printing it")
    options = parser.parse_args()
    readers = {"pandas": with_pandas, "polars": with_polars, "DuckDB": with_duckdb, "clevercsv": with_clevercsv, "Clientele": with_ours}
    files = variants()
    plain = next(messy for messy in files if messy.name == "lines end with LF")
    for name, reader in readers.items():
        if outcome(reader, plain) != "right":
            raise SystemExit(f"{name} cannot read a plain file: its installation is broken")
    outcomes = {name: [outcome(reader, messy) for messy in files] for name, reader in readers.items()}
    lines = [(f"**{word}, of {len(files)}**", [str(each.count(word)) for each in outcomes.values()]) for word in OUTCOMES]
    lines += [(messy.name, [each[i] for each in outcomes.values()]) for i, messy in enumerate(files)]
    table = [f"| file | {' | '.join(readers)} |", "|---|" + "---|" * len(readers)]
    table += [f"| {name} | {' | '.join(words)} |" for name, words in lines]
    if options.readme:
        write_into_readme(table)
    else:
        print("\n".join(table))


def write_into_readme(table: Sequence[str]) -> None:
    """Put the table between its two marks."""
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(MARKS[0])
    _, _, after = rest.partition(MARKS[1])
    README.write_text("\n".join((before + MARKS[0], *table, MARKS[1] + after)), encoding="utf-8")


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


def with_polars(path: Path) -> Cells:
    """Read CSV, which it does not guess anything of, and workbooks with calamine."""
    import polars as pl

    frame = pl.read_excel(path, infer_schema_length=0) if path.suffix in _WORKBOOKS else pl.read_csv(path, infer_schema=False)
    return [frame.columns, *frame.rows()]


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
