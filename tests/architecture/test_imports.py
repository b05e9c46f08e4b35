"""Imports point inwards."""

import ast
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

from tests.environment import PROJECT

MODULES = sorted(PROJECT.glob("playground/**/*.py"))
# The one that reads the environment, and those that pass it on.
MAY_TOUCH_THE_ENVIRONMENT = {
    "playground/settings.py",
    "playground/wsgi.py",
    "playground/management/commands/run.py",
}


def name_of(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def calls_in(path: Path) -> set[str]:
    nodes = ast.walk(ast.parse(path.read_text()))
    return {ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)}


def test_import_contracts_hold():
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]

    done = subprocess.run(
        [*command, "--config", ".importlinter", "--no-cache"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 broken" in done.stdout


def test_only_commands_import_operations():
    graph = grimp.build_graph("playground", cache_dir=None)
    insiders = ("playground.operations", "playground.management")

    importers = {
        importer
        for module in graph.modules
        if module.startswith("playground.operations")
        for importer in graph.find_modules_that_directly_import(module)
    }

    assert {name for name in importers if not name.startswith(insiders)} == set()


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nothing_but_settings_reads_the_environment(path):
    if name_of(path) in MAY_TOUCH_THE_ENVIRONMENT:
        pytest.skip("reads it, or passes it on")
    source = path.read_text()

    assert "os.environ" not in source
    assert "os.getenv" not in source
    assert "import environ" not in source


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_modules_do_not_print(path):
    if name_of(path).startswith("playground/management/"):
        pytest.skip("commands talk to people")

    assert "print" not in calls_in(path)
