"""Reading a file as text in a limited child, against pandas: every cell compared first, then CPU seconds interleaved.

CSV: ``pandas.read_csv`` with every cell as text. XLSX: ``pandas.read_excel`` with openpyxl. All as whole processes, children included.
Needs the optional real file online_retail.csv.xz. ``python -m benchmarks.bench_read [--rounds N] [--no-xlsx]``
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
OURS = "import sys, pathlib; from dashboard.intake.reader import read_file; print(read_file(pathlib.Path(sys.argv[1])).n_rows)"
PANDAS_CSV = "import sys, pandas as pd; print(len(pd.read_csv(sys.argv[1], encoding='cp1252', dtype=str, keep_default_na=False)))"
PANDAS_XLSX = "import sys, pandas as pd; print(len(pd.read_excel(sys.argv[1], engine='openpyxl')))"


def main() -> None:
    """Print the ratios."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
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
        compare("CSV", source, PANDAS_CSV, options.rounds)
        if not options.no_xlsx:
            from tests.conftest import write_online_retail_workbook

            workbook = source.with_suffix(".xlsx")
            write_online_retail_workbook(source, workbook)
            compare("XLSX", workbook, PANDAS_XLSX, 1)


def check_cells(source: Path) -> None:
    """Stop unless both ways read the same cells."""
    import pandas as pd

    from dashboard.intake.reader import read_file

    ours = read_file(source)
    theirs = pd.read_csv(source, encoding="cp1252", dtype=str, keep_default_na=False)
    for header in theirs.columns:
        if ours.columns.column(header).to_pylist() != theirs[header].tolist():
            raise SystemExit(f"the cells of {header} differ")


def compare(title: str, source: Path, pandas_code: str, rounds: int) -> None:
    """Time both in turn and print medians and the ratio of CPU seconds."""
    seconds: dict[str, list[tuple[float, float]]] = {pandas_code: [], OURS: []}
    rows = {run(code, source)[2] for code in seconds} if rounds > 1 else set()
    for _ in range(rounds):
        for code, measured in seconds.items():
            wall, cpu, n_rows = run(code, source)
            measured.append((wall, cpu))
            rows.add(n_rows)
    if len(rows) > 1:
        raise SystemExit(f"{title}: different numbers of rows were read: {rows}")
    (their_wall, their_cpu), (wall, cpu) = ([statistics.median(each) for each in zip(*seconds[code], strict=True)] for code in seconds)
    print(f"{title}, {rows.pop()} rows: {their_cpu / cpu:.1f} times less CPU than pandas ({their_cpu:.2f} s, ours {cpu:.2f} s;", end=" ")
    print(f"wall {their_wall:.2f} s, ours {wall:.2f} s; {rounds} rounds)")


def run(code: str, source: Path) -> tuple[float, float, str]:
    """Run a process; returns its (wall seconds, CPU seconds, what it printed)."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code, str(source)], cwd=PROJECT, check=True, capture_output=True, text=True)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout.strip()


if __name__ == "__main__":
    main()
