"""The import contracts hold, and each of them can fail."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

PACKAGES = ("segmentation", "database", "dashboard")

# contract -> (file, line planted at its end); the whole list is planted at once, each fault must break its own contract
FAULTS = {
    "down": ("segmentation/errors.py", "import database"),
    "segmentation-floors": ("segmentation/stray.py", ""),
    "database-floors": ("database/stray.py", ""),
    "dashboard-floors": ("dashboard/settings.py", "import dashboard.exports"),
    "no-circles": ("segmentation/intake/table.py", "import segmentation.pipeline"),
    "pages-apart": ("dashboard/pages/planted_one.py", "import dashboard.pages.planted_two"),
    "segmentation-pure": ("segmentation/findings.py", "import pathlib"),
    "database-plain": ("database/tables.py", "def late():\n    import sklearn.cluster"),
    "sql-in-database": ("dashboard/workflows/files.py", "from sqlalchemy import text"),
    "dash-in-its-rooms": ("dashboard/queries/files.py", "from dash import html"),
    "reader-alone": ("dashboard/intake/__init__.py", "import segmentation.measures"),
}


def lint(folder: Path) -> str:
    program = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(cache_dir=None, no_cache=True))"
    return subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=False).stdout


def copy_of(project: Path, folder: Path) -> Path:
    for package in PACKAGES:
        shutil.copytree(project / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(project / "pyproject.toml", folder)
    return folder


def contract_names(project: Path) -> dict[str, str]:
    contracts = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    return {contract["id"]: contract["name"] for contract in contracts}


@pytest.fixture(scope="module")
def faulty(project: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = copy_of(project, tmp_path_factory.mktemp("faulty"))
    planted = [*FAULTS.values(), ("segmentation/pipeline.py", "import segmentation.intake.table"), ("dashboard/pages/planted_two.py", "")]
    for name, line in planted:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        (path.parent / "__init__.py").touch()
        with path.open("a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")
    return " ".join(lint(folder).split())


def test_every_contract_has_a_planted_fault(project: Path) -> None:
    assert contract_names(project).keys() == FAULTS.keys()


def test_contracts_are_kept(project: Path) -> None:
    output = lint(project)
    assert "0 broken" in output, output


@pytest.mark.parametrize("contract", FAULTS)
def test_planted_fault_breaks_its_contract(contract: str, faulty: str, project: Path) -> None:
    assert f"{contract_names(project)[contract]} BROKEN" in faulty
