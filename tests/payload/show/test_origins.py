"""What a line of the payload says of where it comes from."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from playground.payload.build.builder import build_launch_request
from playground.payload.edit.reading import default_draft, read_payload
from playground.payload.show.lines import render_lines
from playground.payload.show.origins import ENTERED, Base, Origins
from tests.payload.samples import LEADS
from tests.payload.strategies import cases

DEFAULT = Base("the workflow's own", build_launch_request(LEADS, default_draft(LEADS)).value)
LAUNCHED = {
    "job_name": "Monday",
    "inputs": [{"company_name": "Acme", "meta": {"id": 1}}, {"company_name": "Beta"}],
    "steps": [
        {"step_uid": "search", "accounts": ["jane"], "parameters": {"max_results": 5}},
        {"step_uid": "mail", "accounts": [], "parameters": {}},
    ],
    "note": 1,
}
LAUNCH = Base("from launch 12", LAUNCHED)


def origin(payload, path, *bases):
    built = build_launch_request(LEADS, read_payload(LEADS, payload))
    return Origins(built, bases or (LAUNCH, DEFAULT)).of(path)


@pytest.mark.parametrize(
    ("change", "path", "told"),
    [
        ({}, ("job_name",), "from launch 12"),
        ({"job_name": "Tuesday"}, ("job_name",), ENTERED),
        ({"job_name": "Find leads"}, ("job_name",), "the workflow's own"),
        ({}, ("inputs", 0, "company_name"), "from launch 12"),
        ({}, ("inputs", 0, "meta", "id"), "from launch 12"),
        ({"inputs": [{"company_name": "Beta"}]}, ("inputs", 0, "company_name"), "from launch 12"),
        (
            {"inputs": [{"company_name": "Acme", "meta": {"id": 2}}]},
            ("inputs", 0, "company_name"),
            "from launch 12",
        ),
        (
            {"inputs": [{"company_name": "Acme", "meta": {"id": 2}}]},
            ("inputs", 0, "meta", "id"),
            ENTERED,
        ),
        ({"inputs": [{"company_name": "New"}]}, ("inputs", 0, "company_name"), ENTERED),
        ({"steps": LAUNCHED["steps"][1:]}, ("steps", 0, "accounts"), "from launch 12"),
        ({}, ("steps", 0, "parameters", "max_results"), "from launch 12"),
        ({"note": 1.0}, ("note",), ENTERED),
        ({"note": True}, ("note",), ENTERED),
        ({"other": None}, ("other",), ENTERED),
    ],
)
def test_a_line_says_where_its_value_comes_from(change, path, told):
    assert origin(LAUNCHED | change, path) == told


@pytest.mark.parametrize("path", [(), ("inputs",), ("inputs", 0), ("steps", 1), ("nothing", 3)])
def test_what_only_holds_others_together_comes_from_nowhere(path):
    assert origin(LAUNCHED, path) == ""


def test_a_base_of_any_shape_is_none():
    odd = Base("odd", {"inputs": {"a": 1}, "steps": [5, {"step_uid": ["x"]}, {}], "job_name": {}})

    assert origin(LAUNCHED, ("steps", 0, "accounts", 0), odd) == ENTERED
    assert origin(LAUNCHED, ("inputs", 0, "company_name"), odd) == ENTERED


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(cases())
def test_a_form_that_was_not_touched_comes_whole_from_what_it_began_with(case):
    built = build_launch_request(*case)
    whole, nothing = Origins(built, [Base("began", built.value)]), Origins(built, [])

    for line in render_lines(built):
        assert whole.of(line.path) in ("began", "")
        assert (nothing.of(line.path) == ENTERED) == (whole.of(line.path) == "began")
