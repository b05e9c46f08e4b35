"""Every issue of the builder becomes one line, in the section of its place."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from playground.payload.build.builder import build_launch_request
from playground.payload.drafts import Entry, LaunchDraft
from playground.payload.issues import Issue
from playground.preflight.checks import Preflight, check_launch
from playground.preflight.facts import Facts
from playground.preflight.issues import line_of
from tests.payload import samples


def checked(draft: LaunchDraft) -> Preflight:
    facts = Facts(now=datetime(2025, 3, 1, tzinfo=UTC), accounts=samples.ACCOUNTS)
    built = build_launch_request(samples.LEADS, draft, samples.ACCOUNTS)
    return check_launch(samples.LEADS, draft, built, facts)


@pytest.mark.parametrize(
    ("path", "section"),
    [
        (("inputs",), "rows"),
        (("inputs", 2, "company_name"), "rows"),
        (("steps", "left-out"), "steps"),
        (("steps", 0, "accounts", 1), "steps"),
        (("job_name",), "schedule"),
        (("repeat_option", "type"), "schedule"),
        (("delay",), "schedule"),
        (("unstructure_meta",), "schedule"),
        (("*",), "schedule"),
    ],
)
def test_section_is_that_of_the_path(path, section):
    issue = Issue(path=path, code="c", severity="error", message="m")

    assert line_of(issue).section == section


def test_severities_are_those_of_the_builder_but_for_a_step_without_account():
    def severity(code, of):
        issue = Issue(path=("steps", "left-out"), code=code, severity=of, message="m")
        return line_of(issue).severity

    found = [severity("c", of) for of in ("error", "warning", "hint")]

    assert (*found, severity("no-account", "warning")) == ("stops", "risky", "note", "stops")


def test_what_json_cannot_carry_stops_though_the_upstream_would_take_the_rest():
    """The payload goes without it, so it would not do what was typed."""
    found = checked(replace(samples.READY, extra=Entry('{"delay": 5}')))

    assert [(line.code, line.severity, line.section, line.path) for line in found.stops] == [
        ("invalid-json", "stops", "schedule", ("*",))
    ]


def test_lines_are_counted_by_severity_and_name_their_place():
    found = checked(samples.with_step(accounts=("old",), rotation=Entry("x")))

    assert [line.code for line in found.stops] == ["wrong-type", "no-account"]
    assert [line.code for line in found.risky] == ["invalid-account"]
    assert [line.code for line in found.notes] == ["workspace-unknown"]
    assert found.stops
    assert found.stops[1].path == ("steps", 0, "accounts")


def test_summary_of_many_issues_is_one_line():
    rows = tuple(samples.row(number, company_url="https://x.example") for number in range(50))

    found = checked(replace(samples.READY, rows=rows))

    assert len(found.stops) == 21
    assert found.stops[-1].message == "And 30 more rows lack company_name."
