"""Inspecting and segmenting Online Retail repeated with new ids: time and memory by the number of rows, parent and reader child apart.

Needs the optional real file online_retail.csv.xz and room for the largest file twice (20 million rows: 1.7 GB).
``python -m benchmarks.reading_scale [--millions 1 5 20]``
"""

from __future__ import annotations

import argparse
import lzma
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import psutil

PROJECT = Path(__file__).resolve().parent.parent
_REPEATED = """
copy (
    select case when InvoiceNo like 'C%' then 'C' || time || substr(InvoiceNo, 2) else time || InvoiceNo end as InvoiceNo,
        StockCode, Description, Quantity, InvoiceDate, UnitPrice,
        case when CustomerID = '' then '' else time || CustomerID end as CustomerID, Country
    from (select unnest(range(1, {times} + 1)) as time), read_csv('{source}', all_varchar=true, nullstr='-none-')
    limit {rows}
) to '{target}' (header, delimiter ',')
"""


def main() -> None:
    """Print a line for each size and command."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--millions", type=int, nargs="+", default=[1, 5, 20])
    options = parser.parse_args()
    packed = PROJECT / os.environ.get("CLIENTELE_REAL_DATA", "../shared/data") / "online_retail.csv.xz"
    if not packed.is_file():
        print("skipped: online_retail.csv.xz is not in the optional folder of real files (CLIENTELE_REAL_DATA)")
        return
    print("| rows | command | wall | CPU | CPU a million rows | parent, peak | reader child, peak |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "once.csv"
        with lzma.open(packed, "rt", encoding="latin-1") as text:
            source.write_text(text.read(), encoding="utf-8")
        for millions in options.millions:
            target = folder / f"{millions}.csv"
            repeat(source, target, millions * 1_000_000)
            outputs = ["--out", str(folder / "out.csv"), "--report", str(folder / "report.json")]
            for command in (["inspect", str(target)], ["segment", str(target), *outputs]):
                wall, cpu, parent, child = measure(command)
                each = f"{wall:.1f} s | {cpu:.1f} s | {cpu / millions:.2f} s | {parent >> 20:,} MB | {child >> 20:,} MB |"
                print(f"| {millions} M | {command[0]} | {each}", flush=True)
            target.unlink()


def repeat(source: Path, target: Path, rows: int) -> None:
    """Write as many rows as wanted, with other invoices and customers each time."""
    with duckdb.connect() as connection:
        connection.execute(_REPEATED.format(source=source, target=target, rows=rows, times=rows // 500_000 + 1))


def measure(command: list[str]) -> tuple[float, float, int, int]:
    """Run a command; returns wall and CPU seconds and the largest resident memory of the process and of any child of it, in bytes."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    process = psutil.Popen([sys.executable, "-m", "dashboard", *command], cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    parent = child = 0
    while process.poll() is None:
        try:
            parent = max(parent, process.memory_info().rss)
            child = max([child, *(each.memory_info().rss for each in process.children(recursive=True))])
        except psutil.Error:  # ended between two looks
            pass
        time.sleep(0.02)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, parent, child


if __name__ == "__main__":
    main()
