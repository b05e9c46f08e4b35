"""The environment tests run in: none of the operator's variables, unless a test sets them."""

import re
from collections.abc import Mapping
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
VARIABLES = tuple(
    re.findall(r"^#? ?([A-Z][A-Z0-9_]*)=", (PROJECT / ".env.example").read_text(), re.MULTILINE)
)


def without_variables(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment less everything that `playground.settings` reads."""
    others = (*VARIABLES, "DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE")
    return {name: value for name, value in environment.items() if name not in others}
