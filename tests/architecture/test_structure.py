"""The shape of the code: short functions, short files, no drawers for odds and ends."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGES = ("segmentation", "database", "dashboard")
MOST_LINES_OF_A_FUNCTION = 40
MOST_LINES_OF_A_FILE = 400
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "shared"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def sources(project: Path, *folders: str) -> Iterator[tuple[str, ast.Module, str]]:
    for folder in folders:
        for path in sorted((project / folder).rglob("*.py")):
            text = path.read_text("utf-8")
            yield path.relative_to(project).as_posix(), ast.parse(text), text


def functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def length_without_docstring(function: Function) -> int:
    body = function.body
    if ast.get_docstring(function) is None:
        return (function.end_lineno or 0) - function.lineno + 1
    docstring = body[0]
    return (function.end_lineno or 0) - function.lineno + 1 - ((docstring.end_lineno or 0) - docstring.lineno + 1)


def test_length_leaves_the_docstring_out() -> None:
    (function,) = functions(ast.parse('def f(x):\n    """One.\n\n    Two.\n    """\n    y = x\n    return y\n'))
    assert length_without_docstring(function) == 3


def test_functions_are_short(project: Path) -> None:
    long = [
        f"{name}:{function.lineno} {function.name} has {length_without_docstring(function)} lines"
        for name, tree, _ in sources(project, *PACKAGES)
        for function in functions(tree)
        if length_without_docstring(function) > MOST_LINES_OF_A_FUNCTION
    ]
    assert not long, "\n".join(long)


def test_files_are_short(project: Path) -> None:
    long = [name for name, _, text in sources(project, *PACKAGES, "tests", "benchmarks") if text.count("\n") > MOST_LINES_OF_A_FILE]
    assert not long, f"more than {MOST_LINES_OF_A_FILE} lines: {long}"


def test_no_drawers_for_odds_and_ends(project: Path) -> None:
    assert not [name for name, _, _ in sources(project, *PACKAGES, "tests", "benchmarks") if Path(name).stem in DRAWERS]


def test_environment_is_read_in_one_place(project: Path) -> None:
    readers = [name for name, _, text in sources(project, *PACKAGES) if re.search(r"\b(environ\.get|environ\[|getenv)\b", text)]
    assert not readers, f"only dashboard/settings.py reads environment variables, not {readers}"


def room(name: str) -> str:
    """The folder below a package, or the module in it: segmentation/intake/parsing.py -> segmentation.intake."""
    return ".".join(name.removesuffix(".py").split("/")[:2])


def taken_by_other_rooms(project: Path) -> set[tuple[str, str]]:
    """Modules and names of segmentation that are imported from another room: what others build on."""
    return {
        (node.module, alias.name)
        for name, tree, _ in sources(project, *PACKAGES)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("segmentation.")
        for alias in node.names
        if room(node.module.replace(".", "/")) != room(name)
    }


def missing_sections(function: Function) -> list[str]:
    docstring = ast.get_docstring(function) or ""
    arguments = [a for a in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs) if a.arg not in ("self", "cls")]
    nothing = function.returns is None or ast.unparse(function.returns) in ("None", "NoReturn")
    wanted = ["Parameters"] * bool(arguments) + ["Returns|Yields"] * (not nothing and bool(arguments))
    return [section for section in wanted if not re.search(rf"^({section})\n-+$", docstring, re.MULTILINE)]


@pytest.mark.parametrize(
    ("source", "missing"),
    [
        ("def f(x: int) -> int: ...", ["Parameters", "Returns|Yields"]),
        ("def f(x: int) -> None:\n    '''Do.\n\n    Parameters\n    ----------\n    x : int\n    '''", []),
        ("def f() -> int:\n    '''Return one.'''", []),
    ],
)
def test_missing_sections_are_seen(source: str, missing: list[str]) -> None:
    (function,) = functions(ast.parse(source))
    assert missing_sections(function) == missing


def test_functions_that_other_rooms_take_say_what_they_take_and_return(project: Path) -> None:
    taken = taken_by_other_rooms(project)
    assert ("segmentation.errors", "InvalidInputError") in taken
    silent = [
        f"{name}:{function.lineno} {function.name} lacks {', '.join(missing)}"
        for name, tree, _ in sources(project, "segmentation")
        for function in tree.body
        if isinstance(function, Function) and (name.removesuffix(".py").replace("/", "."), function.name) in taken
        if (missing := missing_sections(function))
    ]
    assert not silent, "\n".join(silent)
