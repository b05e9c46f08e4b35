"""Every path of the API: what is put into one stays one segment of it."""

from __future__ import annotations

import re
from string import Formatter
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.contract.paths import TEMPLATES, path_for
from tests.contract import strategies

NASTY = (
    "..",
    ".",
    "...",
    "../../workspace",
    "a/b",
    "/",
    "//evil.example/x",
    "a\\b",
    "%2e%2e",
    "%2F",
    "%",
    "a?b=c",
    "a#b",
    "a;b",
    "a&b=c",
    "a b",
    "a+b",
    "café",
    "日本",
    "😀",
    "a\r\nX-Injected: 1",
    "a\x00b",
    "{user_uid}",
    "{0}",
    "@:",
    "'\"<>",
    "~-_.",
    "a" * 5000,
)


def _names(operation: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(TEMPLATES[operation][1]) if name]


WITH_VALUES = [operation for operation in TEMPLATES if _names(operation)]


@pytest.mark.parametrize("operation", WITH_VALUES)
@pytest.mark.parametrize("value", NASTY, ids=lambda value: repr(value[:20]))
def test_a_nasty_value_stays_one_segment(operation: str, value: str) -> None:
    path = path_for(operation, **dict.fromkeys(_names(operation), value))

    _assert_holds(path, operation, value)


@strategies.unhurried
@given(st.sampled_from(WITH_VALUES), st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_value_stays_one_segment(operation: str, value: str) -> None:
    path = path_for(operation, **dict.fromkeys(_names(operation), value))

    _assert_holds(path, operation, value)


def test_half_a_character_becomes_a_question_mark() -> None:
    assert path_for("get_job", job_uid="a\ud800b") == "/jobs/a%3Fb"


@pytest.mark.parametrize(
    ("operation", "values", "path"),
    [
        ("get_workspace", {}, "/workspace"),
        ("get_job", {"job_uid": "j-1"}, "/jobs/j-1"),
        ("remove_schedule", {"job_name": "Every day"}, "/jobs/Every%20day"),
        ("remove_schedule", {"job_name": ".."}, "/jobs/%2E%2E"),
        (
            "delete_account",
            {"integration": "a/b", "account_uid": "c"},
            "/integrations/a%2Fb/accounts/c",
        ),
    ],
)
def test_paths_as_they_are_sent(operation: str, values: dict[str, str], path: str) -> None:
    assert path_for(operation, **values) == path


def test_no_two_operations_share_a_method_and_a_shape() -> None:
    shapes = [(method, re.sub(r"\{\w+\}", "{}", path)) for method, path in TEMPLATES.values()]

    assert len(shapes) == len(set(shapes))


def _assert_holds(path: str, operation: str, value: str) -> None:
    """As many segments as the template, and the value, decoded, in its place."""
    template = TEMPLATES[operation][1].split("/")
    segments = path.split("/")
    assert re.fullmatch(r"[A-Za-z0-9/%~_.\-]+", path)
    assert urlsplit("https://a.example" + path).path == path
    assert not {".", ".."} & set(segments)
    assert [unquote(segment) for segment in segments] == [
        value if part.startswith("{") else part for part in template
    ]
