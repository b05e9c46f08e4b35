"""Environment variables are the same in the settings, in `.env.example` and in the README."""

import ast
import re

from tests.environment import PROJECT


def _nodes(module: str) -> list[ast.AST]:
    return list(ast.walk(ast.parse((PROJECT / f"playground/{module}.py").read_text())))


def read_by_settings() -> set[str]:
    """The first argument of each reader in `playground.environment` and of each call on `env`."""
    names = set()
    for node in [*_nodes("settings"), *_nodes("environment")]:
        if not isinstance(node, ast.Call) or not node.args:
            continue
        reader = ast.unparse(node.func)
        first = node.args[0]
        is_reader = reader.startswith(("environment.", "env.")) and isinstance(first, ast.Constant)
        if is_reader and re.fullmatch(r"[A-Z][A-Z0-9_]+", str(first.value)):
            names.add(first.value)
    return names


def in_example() -> dict[str, str]:
    """Name → default, of `# NAME=default` lines."""
    source = (PROJECT / ".env.example").read_text()
    return dict(re.findall(r"^# ([A-Z][A-Z0-9_]*)=(.*)$", source, re.MULTILINE))


def in_readme() -> dict[str, str]:
    """Name → default, of table rows whose first cell is one name in backticks."""
    source = (PROJECT / "README.md").read_text()
    rows = re.findall(r"^\| `([A-Z][A-Z0-9_]*)` \|([^|]*)\|", source, re.MULTILINE)
    return {name: default.strip(" `") for name, default in rows}


def test_settings_read_the_known_variables():
    assert {"DATA_DIR", "DATABASE_URL", "SECRET_KEY", "UPSTREAM_URL"} <= read_by_settings()


def test_example_lists_what_settings_read():
    assert set(in_example()) == read_by_settings()


def test_readme_lists_what_settings_read():
    assert set(in_readme()) == read_by_settings()


def test_readme_and_example_show_the_same_defaults():
    assert in_readme() == in_example()
