"""Imports point inwards."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import grimp

from tests.environment import PROJECT

MODULES = sorted(PROJECT.glob("playground/**/*.py"))
SETTINGS = "playground/environment.py"
# To name the settings, and to hand the environment to child processes.
PASS_IT_ON = ("playground/wsgi.py", "playground/management/commands/run.py")


def name_of(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def calls_in(path: Path) -> set[str]:
    nodes = ast.walk(ast.parse(path.read_text()))
    return {ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)}


def code_of(path: Path) -> str:
    """A module without its texts: programs that are written for people read an environment, too."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.unparse(tree)


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


def test_only_commands_import_what_runs():
    graph = grimp.build_graph("playground", cache_dir=None)
    insiders = ("playground.running", "playground.management")

    importers = {
        importer
        for module in graph.modules
        if module.startswith("playground.running")
        for importer in graph.find_modules_that_directly_import(module)
    }

    assert {name for name in importers if not name.startswith(insiders)} == set()


def test_nothing_but_settings_reads_the_environment():
    reads = re.compile(r"\bos\.(environ|getenv)\b|^import environ\b", re.MULTILINE)
    readers = {
        name_of(path)
        for path in MODULES
        if reads.search(path.read_text()) and reads.search(code_of(path))
    }

    assert readers == {SETTINGS, *PASS_IT_ON}


def test_modules_do_not_print():
    printing = {name_of(path) for path in MODULES if "print" in calls_in(path)}

    assert {name for name in printing if not name.startswith("playground/management/")} == set()
