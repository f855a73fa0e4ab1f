"""How many delimiters of annotated messy files are found: by this reader, clevercsv, DuckDB and Python's own sniffer.

The files are made by seed in ``tests/dashboard/intake/annotated/``, 63 kinds after what councils, scientists, shops, banks and programs
publish; they are ours, so the comparison flatters us. A file of one column counts as found where it is not cut. A folder of other files
can be given, with a ``delimiters.json`` that names the delimiter of each ("" for one column).
``python -m benchmarks.delimiters [--per-kind N] [--folder FOLDER]``
"""

from __future__ import annotations

import argparse
import csv
import json
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.dashboard.intake.annotated.corpus import corpus

Finder = Callable[[Path], str]
_SNIFFED = 20_000


def main() -> None:
    """Print the share of each way, and where ours is wrong."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--per-kind", type=int, default=6)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    finders: dict[str, Finder] = {"Clientele": by_ours, "clevercsv": by_clevercsv, "DuckDB": by_duckdb, "csv.Sniffer": by_sniffer}
    right = dict.fromkeys(finders, 0)
    wrong = []
    n_files = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, path, delimiter in _given(options.folder) if options.folder else _made(Path(folder), options.per_kind):
            n_files += 1
            for finder, find in finders.items():
                found = _tried(find, path)
                right[finder] += found == delimiter
                if finder == "Clientele" and found != delimiter:
                    wrong.append(f"{name}: {found!r} instead of {delimiter!r}")
    for finder, count in right.items():
        print(f"{finder}: {count} of {n_files} delimiters, {count / n_files:.1%}")
    print(*wrong, sep="\n")


def _made(folder: Path, per_kind: int) -> Iterator[tuple[str, Path, str]]:
    for file in corpus(per_kind):
        path = folder / "file.csv"
        path.write_bytes(file.content)
        yield f"{file.kind} {file.seed}", path, file.delimiter


def _given(folder: Path) -> Iterator[tuple[str, Path, str]]:
    for name, delimiter in json.loads((folder / "delimiters.json").read_text(encoding="utf-8")).items():
        yield name, folder / name, delimiter


def _tried(find: Finder, path: Path) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return find(path)
    except Exception:  # whatever a library raises, it found nothing
        return "nothing"


def by_ours(path: Path) -> str:
    """Find it as the reader does."""
    from dashboard.intake.dialect import find_layout
    from dashboard.intake.judging import NO_DELIMITER

    delimiter = find_layout(_text(path)).delimiter
    return "" if delimiter == NO_DELIMITER else delimiter[0]


def by_clevercsv(path: Path) -> str:
    """Find it with its detector, told the encoding."""
    import clevercsv

    found = clevercsv.Detector().detect(_text(path))
    return found.delimiter if found else "nothing"


def by_duckdb(path: Path) -> str:
    """Find it with its sniffer."""
    import duckdb

    with duckdb.connect() as connection:
        delimiter, width = connection.execute("select Delimiter, len(Columns) from sniff_csv(?)", [str(path)]).fetchone()
    return "" if width == 1 else str(delimiter)


def by_sniffer(path: Path) -> str:
    """Find it with the standard library."""
    return csv.Sniffer().sniff(_text(path)[:_SNIFFED]).delimiter


def _text(path: Path) -> str:
    from dashboard.intake.delimited import sample_of
    from dashboard.intake.encoding import find_encoding

    return sample_of(path, find_encoding(path))


if __name__ == "__main__":
    main()
