"""Which rows are ready, and which are the same."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from playground.contract.workflows import Input, Step, Workflow
from playground.payload.build.builder import Built, build_launch_request
from playground.payload.build.repeats import row_digest
from playground.payload.drafts import Entry
from playground.payload.paths import show_path
from playground.preflight.checks import Preflight, check_launch
from playground.preflight.facts import Facts
from tests.payload.samples import ACCOUNTS
from tests.preflight.samples import FIND, PROFILE, people
from tests.preflight.scene import draft


def checked(of: Workflow, rows: list[dict[str, Any]], **facts: Any) -> tuple[Built, Preflight]:
    then = draft(of, rows)
    built = build_launch_request(of, then, ACCOUNTS)
    known = Facts(now=datetime(2025, 3, 1, tzinfo=UTC), accounts=ACCOUNTS, **facts)
    return built, check_launch(of, then, built, known)


def counts(of: Workflow, rows: list[dict[str, Any]], **facts: Any) -> tuple[int, int]:
    _, found = checked(of, rows, **facts)
    return found.row_count, found.ready_rows


NAMES = (("a", "alias"), ("b",))


@pytest.mark.parametrize("names", [NAMES, ()])
def test_digest_is_the_same_whatever_the_order_of_keys_and_the_meta(names):
    row = {"a": 1, "b": {"x": [1, None], "y": "é"}}
    other = {"b": {"y": "é", "x": [1, None]}, "meta": 5, "a": 1}

    assert row_digest(row, names) == row_digest(other, names)
    assert len(row_digest(row, names)) == 16


@pytest.mark.parametrize("names", [NAMES, ()])
def test_digest_is_the_same_whatever_the_blanks_around_a_text(names):
    assert row_digest({"a": "x y", "b": 1}, names) == row_digest({"a": " x y\t", "b": 1}, names)
    assert row_digest({"a": "x y"}, names) != row_digest({"a": "xy"}, names)


@pytest.mark.parametrize("other", [{}, {"a": "1"}, {"a": True}, {"A": 1}, {"a": [1]}])
@pytest.mark.parametrize("names", [NAMES, ()])
def test_digest_tells_values_apart(other, names):
    assert row_digest(other, names) != row_digest({"a": 1}, names)


@pytest.mark.parametrize("names", [NAMES, ()])
def test_digest_takes_what_json_cannot_carry(names):
    odd = ({"a": "\ud800"}, {"a": 2**70}, {"a": float("nan")})

    assert len({row_digest(row, names) for row in odd}) == 3


@pytest.mark.parametrize(
    ("row", "is_same"),
    [
        ({"alias": "Jos\u00e9"}, True),
        ({"a": "Jose\u0301"}, True),
        ({"a": "  JOS\u00c9 "}, True),
        ({"a": "José", "notes": 5, "meta": {"id": 1}}, True),
        ({"a": "José", "alias": "Ann"}, True),
        ({"a": " ", "alias": "José"}, True),
        ({"a": "Jose"}, False),
        ({"b": "José"}, False),
        ({"a": "José", "b": 0}, False),
    ],
)
def test_digest_is_of_what_the_workflow_is_given(row, is_same):
    assert (row_digest(row, NAMES) == row_digest({"a": "José"}, NAMES)) is is_same


def test_rows_that_lack_a_value_are_not_ready_however_many():
    rows = [*people(3), *({"first_name": "x"} for _ in range(40))]

    assert counts(FIND, rows) == (43, 3)


def test_blank_rows_are_not_counted():
    assert counts(FIND, [{"first_name": " "}, *people(2)]) == (2, 2)


def test_rows_of_broken_json_or_of_odd_meta_are_not_ready():
    broken, odd = people(2)
    broken["first_name"] = Entry("[1", "json")

    rows = [broken, odd | {"meta": "[]"}, people(1, 9)[0] | {"meta": '{"a": 1}'}, *people(1, 8)]

    assert counts(FIND, rows) == (4, 2)


def test_rows_in_another_form_are_not_ready_but_test_inputs_are():
    rows = [{"url": value} for value in ("https://x.example", "nothing", " test:slow ")]

    assert counts(PROFILE, rows) == (3, 1)
    assert counts(PROFILE, rows, test_inputs=frozenset({"test:slow"})) == (3, 2)


def test_row_fits_when_the_first_value_of_an_input_does():
    """Of a key and its aliases the upstream takes the first that has a value."""
    rows = [{"linkedin_profile_url": "https://x.example", "url": "nothing"}]

    _, found = checked(PROFILE, rows)

    codes = [line.code for line in found.lines if line.section == "rows"]
    assert codes == ["alias-conflict", "regex-mismatch"]
    assert found.ready_rows == 1


def test_slow_pattern_stops_nothing():
    step = Step(
        step_uid="s",
        input_schema={"text": Input(required=1, regex={"slow": r"^(a|aa)+$"})},
    )
    rows = [{"text": "a" * 60 + "!"}] * 30

    _, found = checked(Workflow(uid="w", name="W", steps=(step,)), rows)

    assert "no-row-fits" not in [line.code for line in found.lines]


def test_many_repeats_are_told_in_one_line():
    rows = [row for row in people(8) for _ in range(9)]

    _, found = checked(FIND, rows)

    assert [line.message for line in found.lines if line.section == "rows"] == [
        (
            "Rows 1, 2, 3, 4, 5 and 4 more are the same, and so are rows 10, 11, 12, 13, 14 and 4 "
            "more; rows 19, 20, 21, 22, 23 and 4 more; rows 28, 29, 30, 31, 32 and 4 more; rows "
            "37, 38, 39, 40, 41 and 4 more; 3 more groups of rows: each of them runs."
        )
    ]


def test_rows_are_named_by_their_place_on_the_page():
    _, found = checked(FIND, [{"first_name": ""}, *people(1), {}, *people(1)])

    repeats = next(line for line in found.lines if line.code == "duplicate-rows")
    assert (repeats.message, show_path(repeats.path)) == (
        "Rows 2 and 4 are the same: each of them runs.",
        "$.inputs[2]",
    )
