"""The papers of the house: locks, Procfile, documentation, words that must not be in it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.settings import variable_names
from segmentation.intake.columns import ROLES

TEXT_FILES = {".py", ".md", ".toml", ".txt", ".css", ".js", ".json", ".ini", ".mako", ".html", ".yml", ".yaml", "", ".cfg"}
NOT_OURS = {".git", ".venv", "var", "build", "node_modules", "__pycache__", "topojson", "fonts"}
THIS_FILE = Path(__file__).name
PINNED = re.compile(r"^([a-z0-9][a-z0-9.\-_]*)(?:\[[a-z,]+\])?==(\S+)")


def texts(project: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(project.rglob("*")):
        parts = path.relative_to(project).parts
        hidden = any(part in NOT_OURS or (part.startswith(".") and part.endswith("_cache")) or part == ".hypothesis" for part in parts)
        if path.is_file() and not hidden and path.suffix in TEXT_FILES and path.name != THIS_FILE:
            yield "/".join(parts), path.read_text("utf-8", errors="replace")


def pins(project: Path, name: str) -> dict[str, str]:
    lines = (project / name).read_text("utf-8").splitlines()
    return {match[1]: line for line in lines if (match := PINNED.match(line))}


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_with_hashes(lock: str, project: Path) -> None:
    entries = re.split(r"\n(?=\S)", (project / lock).read_text("utf-8").strip())
    unpinned = [entry.splitlines()[0] for entry in entries if not (PINNED.match(entry) and "--hash=sha256:" in entry)]
    assert not unpinned
    assert len(entries) > 30


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_lock_names_no_index(lock: str, project: Path) -> None:
    assert not re.search(r"^\s*--(index|extra-index|find-links|trusted)|https?://", (project / lock).read_text("utf-8"), re.MULTILINE)


def test_both_locks_agree(project: Path) -> None:
    mine, dev = pins(project, "requirements.txt"), pins(project, "requirements-dev.txt")
    assert {name: line for name, line in dev.items() if name in mine} == mine


def test_locks_hold_every_direct_dependency(project: Path) -> None:
    about = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))["project"]
    for lock, wanted in (
        ("requirements.txt", about["dependencies"]),
        ("requirements-dev.txt", about["dependencies"] + about["optional-dependencies"]["dev"]),
    ):
        names = {re.split(r"[\[>=<~ ]", dependency)[0] for dependency in wanted}
        assert names <= pins(project, lock).keys()


def test_procfile_names_what_a_host_starts(project: Path) -> None:
    lines = dict(line.split(": ", 1) for line in (project / "Procfile").read_text("utf-8").splitlines())
    assert set(lines) == {"release", "web", "worker"}
    assert "dashboard.wsgi:app" in lines["web"]
    assert "${PORT" in lines["web"]
    assert "--preload" not in lines["web"], "a fork after OpenMP work hangs"


def test_ci_runs_make_test_and_nothing_else(project: Path) -> None:
    script = project / ".ci" / "run"
    commands = [line for line in script.read_text("utf-8").splitlines() if line and not line.startswith(("#", "set ", "cd "))]
    assert commands == ["make test"]
    assert script.stat().st_mode & 0o111


def test_every_setting_is_in_the_readme(project: Path) -> None:
    readme = (project / "README.md").read_text("utf-8")
    missing = [name for name in variable_names() if not re.search(rf"`{name}`", readme)]
    assert not missing, f"not explained in README.md: {missing}"


def test_every_role_of_a_column_is_in_the_glossary(project: Path) -> None:
    glossary = (project / "GLOSSARY.md").read_text("utf-8")
    lines = [f"| `{role.name}` | {role.meaning} | {role.type} |" for role in ROLES]
    missing = [line for line in lines if line not in glossary.splitlines()]
    assert not missing, "GLOSSARY.md lacks or has otherwise:\n" + "\n".join(missing)


def test_every_room_is_in_the_architecture(project: Path) -> None:
    document = (project / "ARCHITECTURE.md").read_text("utf-8")
    rooms = [
        path.relative_to(project).as_posix() + "/"
        for package in ("segmentation", "database", "dashboard")
        for path in [project / package, *(project / package).iterdir()]
        if path.is_dir() and any(path.glob("*.py"))
    ]
    missing = [room for room in rooms if f"`{room}`" not in document]
    assert not missing, f"ARCHITECTURE.md does not say what lives in {missing}"


def test_paths_in_the_documents_exist(project: Path) -> None:
    lost = [
        f"{document.name}: {name}"
        for document in project.glob("*.md")
        for name in re.findall(r"`((?:segmentation|database|dashboard|tests|benchmarks|assets)/[\w./]*)`", document.read_text("utf-8"))
        if not (project / name).exists() and not (project / f"{name}.py").exists()
    ]
    assert not lost


@pytest.mark.parametrize("word", [r"(?<![\w.])/work\b", r"\.library\b", r"(?<!\w)shared/"])
def test_nothing_names_a_workplace(word: str, project: Path) -> None:
    # ../shared/data is the documented default of the one optional setting for real files.
    named = [name for name, text in texts(project) if re.search(word, text.replace("../shared/data", ""))]
    assert not named


def test_no_promises_are_left_in_comments(project: Path) -> None:
    pattern = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    assert not [name for name, text in texts(project) if pattern.search(text)]
