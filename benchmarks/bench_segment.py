"""From a file to labelled customers as whole processes, against a notebook's way, interleaved in one run.

The notebook: pandas (C parser or openpyxl), groupby, scikit-learn with default threads, full silhouettes for k = 2..10.
Needs the optional real file online_retail.csv.xz. ``python -m benchmarks.bench_segment [--rounds N] [--no-xlsx]``
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
from collections.abc import Callable
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent

NOTEBOOK = """
import sys
import numpy as np, pandas as pd
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score
from sklearn.preprocessing import StandardScaler

path = sys.argv[1]
if path.endswith(".csv"):
    lines = pd.read_csv(path, encoding="latin-1")
    lines["InvoiceDate"] = pd.to_datetime(lines["InvoiceDate"], format="%m/%d/%Y %H:%M")
else:
    lines = pd.read_excel(path, engine="openpyxl")
lines = lines.dropna(subset=["CustomerID"]).drop_duplicates()
lines = lines[(lines["Quantity"] > 0) & (lines["UnitPrice"] > 0)]
lines["Total"] = lines["Quantity"] * lines["UnitPrice"]
reference = lines["InvoiceDate"].max() + pd.Timedelta(days=1)
rfm = lines.groupby("CustomerID").agg(
    Recency=("InvoiceDate", lambda dates: (reference - dates.max()).days), Frequency=("InvoiceNo", "nunique"), Monetary=("Total", "sum")
)
points = StandardScaler().fit_transform(rfm)
scores = {}
for k in range(2, 11):
    labels = KMeans(n_clusters=k, random_state=42, n_init=10).fit_predict(points)
    scores[k] = silhouette_score(points, labels)
rfm["Segment"] = KMeans(n_clusters=4, random_state=42, n_init=10).fit_predict(points)
rfm.to_csv(sys.argv[2])
"""


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
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "online_retail.csv"
        with lzma.open(packed) as text, source.open("wb") as out:
            shutil.copyfileobj(text, out)
        compare("CSV, 541,909 lines: wall time", source, folder, options.rounds, 0)
        if not options.no_xlsx:
            from tests.conftest import write_online_retail_workbook

            workbook = folder / "online_retail.xlsx"
            write_online_retail_workbook(source, workbook)
            compare("XLSX, 541,909 lines: CPU time", workbook, folder, 1, 1)


def compare(title: str, source: Path, folder: Path, rounds: int, which: int) -> None:
    """Time both ways in turn and print medians and their ratio; ``which`` is 0 for wall time, 1 for CPU time."""
    notebook = folder / "notebook.py"
    notebook.write_text(NOTEBOOK, encoding="utf-8")
    ours_command = [sys.executable, "-m", "dashboard", "segment", str(source)]
    ours_command += ["--out", str(folder / "ours.csv"), "--report", str(folder / "ours.json")]
    notebook_command = [sys.executable, str(notebook), str(source), str(folder / "notebook.csv")]
    measure(ours_command)  # fills the disk cache for both
    seconds: dict[str, list[float]] = {"notebook": [], "clientele": []}
    for _ in range(rounds):
        seconds["notebook"].append(measure(notebook_command)[which])
        seconds["clientele"].append(measure(ours_command)[which])
    notebook_s, ours_s = (statistics.median(seconds[name]) for name in ("notebook", "clientele"))
    print(f"{title}: notebook {notebook_s:.2f} s, clientele {ours_s:.2f} s, {notebook_s / ours_s:.1f} times faster ({rounds} rounds)")


def measure(command: list[str], clock: Callable[[], float] = time.perf_counter) -> tuple[float, float]:
    """Run a command and return its (wall, CPU) seconds, children included."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), clock()
    subprocess.run(command, cwd=PROJECT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return clock() - start, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
