"""The command line as a person runs it, and what it wrote."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest


@dataclass(frozen=True)
class Run:
    """One finished command."""

    status: int
    stdout: str
    stderr: str
    folder: Path

    @property
    def report(self) -> dict[str, Any]:
        """The report that was written."""
        return json.loads((self.folder / "report.json").read_text(encoding="utf-8"))

    @property
    def labelled_bytes(self) -> bytes:
        """The labelled file to the byte."""
        return (self.folder / "labelled.csv").read_bytes()

    @property
    def labelled(self) -> pd.DataFrame:
        """The labelled file, every cell as text."""
        return pd.read_csv(self.folder / "labelled.csv", dtype=str, keep_default_na=False)

    @property
    def sizes(self) -> list[int]:
        """Sizes of the segments, largest first."""
        return sorted((segment["size"] for segment in self.report["run"]["segments"]), reverse=True)


@pytest.fixture(scope="session")
def dashboard(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Run]:
    """Return a function that runs ``python -m dashboard``; ``segment`` writes its three files to a folder of its own."""

    def run(command: str, file: Path, *options: str) -> Run:
        folder = tmp_path_factory.mktemp(command)
        outputs = ["--out", "labelled.csv", "--report", "report.json", "--rejected", "rejected.csv"] if command == "segment" else []
        done = subprocess.run(
            [sys.executable, "-m", "dashboard", command, str(file), *outputs, *options],
            cwd=folder,
            env={**__import__("os").environ, "PYTHONPATH": str(project)},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        return Run(done.returncode, done.stdout, done.stderr, folder)

    return run
