"""Reading and cleaning Online Retail, against a notebook's way, as whole processes with their children, interleaved.

The notebook: ``pandas.read_csv`` (or ``read_excel`` with openpyxl), dates, then dropna, drop_duplicates and the two filters of the field.
Ours: every cell as text in a limited child, columns and types found, every row kept or rejected with its reason. Both must keep the same
number of rows, and the texts of all cells are compared first. Needs the optional real file online_retail.csv.xz.
``python -m benchmarks.reading [--rounds N] [--no-xlsx]``
"""

from __future__ import annotations

import argparse
import lzma
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
OURS = """
import sys, pathlib
from dashboard.intake.reader import read_file
raw = read_file(pathlib.Path(sys.argv[1]))
from segmentation.intake.cleaning import clean
from segmentation.intake.cleaning_rules import CleaningOptions
from segmentation.intake.mapping import map_columns
from segmentation.intake.typed import read_typed
mapping = map_columns(raw, {}, None)
typed = read_typed(raw, mapping, None, None)
print(clean(raw, mapping, typed, CleaningOptions()).kept.size)
"""
NOTEBOOK = """
import sys
import pandas as pd
path = sys.argv[1]
if path.endswith(".csv"):
    lines = pd.read_csv(path, encoding="latin-1")
    lines["InvoiceDate"] = pd.to_datetime(lines["InvoiceDate"], format="%m/%d/%Y %H:%M")
else:
    lines = pd.read_excel(path, engine="openpyxl")
lines = lines.dropna(subset=["CustomerID"]).drop_duplicates()
print(len(lines[(lines["Quantity"] > 0) & (lines["UnitPrice"] > 0)]))
"""


def main() -> None:
    """Print the ratios."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--no-xlsx", action="store_true")
    options = parser.parse_args()
    packed = PROJECT / os.environ.get("CLIENTELE_REAL_DATA", "../shared/data") / "online_retail.csv.xz"
    if not packed.is_file():
        print("skipped: online_retail.csv.xz is not in the optional folder of real files (CLIENTELE_REAL_DATA)")
        return
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "online_retail.csv"
        with lzma.open(packed) as text, source.open("wb") as out:
            shutil.copyfileobj(text, out)
        check_cells(source)
        files = {"CSV": (source, options.rounds)}
        if not options.no_xlsx:
            from tests.conftest import write_online_retail_workbook

            write_online_retail_workbook(source, source.with_suffix(".xlsx"))
            files["XLSX"] = (source.with_suffix(".xlsx"), 1)
        for title, (file, rounds) in files.items():
            compare(title, file, rounds)


def check_cells(source: Path) -> None:
    """Stop unless pandas, told to keep texts, reads the same ones."""
    import pandas as pd

    from dashboard.intake.reader import read_file

    ours = read_file(source)
    theirs = pd.read_csv(source, encoding="cp1252", dtype=str, keep_default_na=False)
    for header in theirs.columns:
        if ours.columns.column(header).to_pylist() != theirs[header].tolist():
            raise SystemExit(f"the cells of {header} differ")


def compare(title: str, source: Path, rounds: int) -> None:
    """Time both in turn and print medians and the ratio of CPU seconds."""
    seconds: dict[str, list[tuple[float, float]]] = {NOTEBOOK: [], OURS: []}
    kept = {run(OURS, source)[2]}  # fills the disk cache for both
    for _ in range(rounds):
        for code, measured in seconds.items():
            wall, cpu, n_kept = run(code, source)
            measured.append((wall, cpu))
            kept.add(n_kept)
    if len(kept) > 1:
        raise SystemExit(f"{title}: different numbers of rows were kept: {kept}")
    (their_wall, their_cpu), (wall, cpu) = ([statistics.median(each) for each in zip(*seconds[code], strict=True)] for code in seconds)
    print(f"{title}, {kept.pop()} rows kept: CPU {cpu:.2f} s, notebook {their_cpu:.2f} s: {cpu / their_cpu:.2f} times its CPU,", end=" ")
    print(f"{their_cpu / cpu:.1f} times less (wall {wall:.2f} s, notebook {their_wall:.2f} s; {rounds} rounds)", flush=True)


def run(code: str, source: Path) -> tuple[float, float, str]:
    """Run a process; returns its (wall seconds, CPU seconds, what it printed)."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code, str(source)], cwd=PROJECT, check=True, capture_output=True, text=True)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout.strip()


if __name__ == "__main__":
    main()
