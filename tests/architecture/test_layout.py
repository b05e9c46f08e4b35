"""What lies where, and how long it may grow."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.environment import PROJECT

TOP_LEVEL = {"manage.py", "playground", "templates", "static", "tests", "requirements.txt"}
TEMPLATES = sorted(PROJECT.glob("templates/**/*.html"))


def name_of(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def lines_in(path: Path) -> int:
    return len(path.read_text().splitlines())


def test_visible_top_level_is_what_was_agreed():
    if not shutil.which("git") or not (PROJECT / ".git").exists():
        pytest.skip("not a git clone")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=PROJECT, check=True, capture_output=True, text=True
    ).stdout

    top = {path.partition("/")[0] for path in listed.split("\0") if path}

    assert {name for name in top if not name.startswith(".")} == TOP_LEVEL | {"README.md"}


def test_own_javascript_stays_short():
    assert sum(map(lines_in, PROJECT.glob("static/**/*.js"))) < 150


def test_templates_stay_short():
    lengths = {path: lines_in(path) for path in TEMPLATES}

    long = {
        name_of(path): lines
        for path, lines in lengths.items()
        if lines >= (50 if path.name.startswith("_") else 120)
    }

    assert long == {}
