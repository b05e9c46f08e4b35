"""What lies where, and what a reader meets: functions that fit on a screen."""

import ast
import shutil
import subprocess
from collections.abc import Iterator
from fnmatch import fnmatch

import pytest

from tests.environment import PROJECT

TOP_LEVEL = {"manage.py", "playground", "templates", "static", "tests", "requirements.txt"}
MODULES = sorted(PROJECT.glob("playground/**/*.py"))
MOST_LINES, MOST_PARAMETERS = 40, 7

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions() -> Iterator[Function]:
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, Function):
                yield node


def lines_of(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def parameters_of(function: Function) -> int:
    """Without the object or the class itself."""
    given = function.args
    named = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    others = [one for one in (given.vararg, given.kwarg) if one]
    return len([one for one in named if one.arg not in ("self", "cls")]) + len(others)


def test_visible_top_level_is_what_was_agreed():
    if not shutil.which("git") or not (PROJECT / ".git").exists():
        pytest.skip("not a git clone")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=PROJECT, check=True, capture_output=True, text=True
    ).stdout

    top = {path.partition("/")[0] for path in listed.split("\0") if path}

    assert {name for name in top if not name.startswith(".")} == TOP_LEVEL | {"README.md"}


def test_functions_fit_on_a_screen():
    long = {one.name for one in functions() if lines_of(one) > MOST_LINES}

    assert long == set()


def test_functions_take_few_parameters():
    wide = {one.name for one in functions() if parameters_of(one) > MOST_PARAMETERS}

    assert wide == set()


def test_no_folder_of_tests_is_left_out(pytestconfig: pytest.Config):
    patterns = pytestconfig.getini("norecursedirs")
    files = {path.relative_to(PROJECT) for path in PROJECT.glob("tests/**/test_*.py")}

    left_out = {
        str(file)
        for file in files
        if any(fnmatch(part, pattern) for part in file.parent.parts for pattern in patterns)
    }

    assert left_out == set()
