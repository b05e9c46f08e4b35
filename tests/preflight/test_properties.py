"""What holds of preflight whatever is typed and whatever the facts are."""

from __future__ import annotations

import copy
from collections import Counter

import grimp
from hypothesis import HealthCheck, given, settings

from playground.payload.build.builder import Built
from playground.payload.texts import without_hiding
from playground.preflight.checks import Preflight, check_launch
from playground.preflight.issues import line_of
from playground.preflight.lines import SECTIONS
from tests.preflight import strategies

PATIENT = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
OWN_CODES = {
    "no-row-fits",
    "duplicate-rows",
    "similar-rows",
    "account-level",
    "accounts-unknown",
    "no-account",
    "limits-unknown",
    "limit-used-up",
    "limit-over-days",
    "limit-close",
    "workspace-unknown",
    "parallel-unknown",
    "parallel-limit",
    "quota",
    "rhythm-too-short",
    "schedule-of-same-name",
    "launched-lately",
    "launched-nearly",
}


@PATIENT
@given(strategies.cases())
def test_lines_hold_whatever_is_typed_and_whatever_the_facts_are(case):
    """All of it of the same cases: making one up takes longer than looking at it."""
    _, _, built, _ = case
    preflight = check_launch(*case)

    assert check_launch(*copy.deepcopy(case)) == preflight
    every_issue_of_the_builder_is_told_exactly_once(built, preflight)
    lines_stand_in_the_order_of_the_page_and_are_short_sentences(built, preflight)
    numbers_are_in_their_bounds(built, preflight)


def every_issue_of_the_builder_is_told_exactly_once(built: Built, preflight: Preflight) -> None:
    lines = Counter(preflight.lines)
    issues = Counter(line_of(i) for i in built.issues if i.code != "duplicate-rows")
    assert issues <= lines
    rest = lines - issues
    assert {line.code for line in rest} <= OWN_CODES
    repeats = sum(issue.code == "duplicate-rows" for issue in built.issues)
    assert repeats <= sum(line.code == "duplicate-rows" for line in rest) <= 1


def lines_stand_in_the_order_of_the_page_and_are_short_sentences(
    built: Built, preflight: Preflight
) -> None:
    places = [SECTIONS.index(line.section) for line in preflight.lines]
    assert places == sorted(places)
    told = Counter(line_of(issue) for issue in built.issues)
    for line in Counter(preflight.lines) - told:
        assert line.message == without_hiding(line.message)
        assert 10 < len(line.message) < 600
        assert line.message.endswith((".", "…")) or line.code.endswith("-unknown")
        assert line.path


def numbers_are_in_their_bounds(built: Built, preflight: Preflight) -> None:
    assert 0 <= preflight.ready_rows <= preflight.row_count == built.row_count
    assert preflight.expected_days is None or preflight.expected_days >= 1
    assert bool(preflight.stops) >= built.has_errors
    assert len(preflight.stops) + len(preflight.risky) + len(preflight.notes) == len(
        preflight.lines
    )


def test_preflight_knows_only_the_contract_and_the_payload():
    graph = grimp.build_graph("playground", cache_dir=None)
    inside = [name for name in graph.modules if name.startswith("playground.preflight")]

    imported = {
        ".".join(name.split(".")[:2])
        for module in inside
        for name in graph.find_modules_directly_imported_by(module)
    }

    assert imported == {"playground.contract", "playground.payload", "playground.preflight"}
