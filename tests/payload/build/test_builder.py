"""The payload as a whole."""

from __future__ import annotations

import pytest

from playground.contract import wire
from playground.contract.launches import LaunchRequest, Schedule, StepLaunch
from playground.payload.drafts import Entry
from playground.payload.paths import show_path
from tests.payload.samples import READY, build, row, sentences, told, with_step


def test_keys_stand_in_one_order_and_what_is_left_out_is_absent():
    built = build(
        delay=Entry("60"),
        schedule_type=Entry("hour"),
        schedule_value=Entry("3"),
        schedule_extra=Entry('{"zone": "UTC"}'),
        unstructure_meta=Entry("false"),
        extra=Entry('{"note": [1]}'),
    )

    assert built.body == (
        b'{"job_name":"Monday","inputs":[{"company_name":"Acme"}],'
        b'"steps":[{"step_uid":"search","accounts":["jane"],"parameters":{}},'
        b'{"step_uid":"mail","accounts":[],"parameters":{}}],'
        b'"unstructure_meta":false,"repeat_option":{"type":"hour","value":3,"zone":"UTC"},'
        b'"delay":60,"note":[1]}'
    )
    assert built.issues == ()
    assert list(build().value) == ["job_name", "inputs", "steps"]


def test_the_request_is_the_payload_as_the_contract_s_type():
    built = build(schedule_type=Entry("day"), schedule_value=Entry("1"), unknown_steps=Entry("[5]"))

    assert built.request == LaunchRequest(
        job_name="Monday",
        inputs=({"company_name": "Acme"},),
        steps=(
            StepLaunch(step_uid="search", accounts=("jane",), parameters={}),
            StepLaunch(step_uid="mail", accounts=(), parameters={}),
        ),
        repeat_option=Schedule(type="day", value=1),
    )


@pytest.mark.parametrize("entry", [Entry(""), Entry("", "null"), Entry(" ", "text")])
def test_without_a_job_name_the_workflow_s_is_used(entry):
    built = build(job_name=entry)

    assert told(built) == [("hint", "no-job-name", "$.job_name")]
    assert sentences(built.issues) == [
        "No job name: the job is called “Find leads”, like the workflow."
    ]


def test_a_schedule_without_a_job_name_is_a_warning():
    built = build(job_name=Entry(""), schedule_type=Entry("day"), schedule_value=Entry("1"))

    assert told(built) == [("warning", "no-job-name", "$.job_name")]


def test_a_job_name_must_be_text():
    built = build(job_name=Entry("5", "json"))

    assert built.value["job_name"] == 5
    assert told(built) == [("error", "wrong-type", "$.job_name")]


SCHEDULES = [
    ("hour", "3", {"type": "hour", "value": 3}, []),
    ("Hour", "3", {"type": "Hour", "value": 3}, ["schedule-type"]),
    ("", "3", {"value": 3}, ["schedule-type"]),
    ("hour", "", {"type": "hour"}, ["schedule-value"]),
    ("hour", "0", {"type": "hour", "value": 0}, ["schedule-value"]),
    ("hour", "10001", {"type": "hour", "value": 10001}, ["schedule-value"]),
    ("hour", "often", {"type": "hour", "value": "often"}, ["wrong-type"]),
]


@pytest.mark.parametrize(("unit", "every", "value", "codes"), SCHEDULES)
def test_a_schedule_needs_a_unit_and_a_count(unit, every, value, codes):
    built = build(schedule_type=Entry(unit), schedule_value=Entry(every))

    assert built.value["repeat_option"] == value
    assert [issue.code for issue in built.errors] == codes


def test_a_schedule_of_null_is_no_schedule():
    built = build(schedule_extra=Entry("", "null"))

    assert built.value["repeat_option"] is None
    assert built.issues == ()


DELAYS = [
    ("0", 0, []),
    ("1.5", 1.5, []),
    ("31622400", 31622400, []),
    ("31622401", 31622401, ["delay-out-of-range"]),
    ("-1", -1, ["delay-out-of-range"]),
    ("soon", "soon", ["wrong-type"]),
]


@pytest.mark.parametrize(("text", "value", "codes"), DELAYS)
def test_a_delay_is_a_number_of_seconds(text, value, codes):
    built = build(delay=Entry(text))

    assert built.value["delay"] == value
    assert [issue.code for issue in built.issues] == codes


@pytest.mark.parametrize("text", ["{", "[]", "5", '{"delay": 5}', "[" * 2000])
def test_an_extra_object_that_cannot_be_used_is_an_error_and_merges_nothing(text):
    built = build(extra=Entry(text))

    assert built.value == build().value
    assert told(built) == [("error", "invalid-json", "$.*")]


def test_issues_stand_in_the_order_of_the_page():
    draft = with_step(accounts=("hub",), parameters={"max_results": Entry("x")})

    built = build(
        draft,
        job_name=Entry("5", "json"),
        rows=(row(0, company_url="https://a.example"),),
        delay=Entry("-1"),
        unstructure_meta=Entry("maybe"),
        schedule_type=Entry("never"),
        schedule_value=Entry("1"),
    )

    assert [show_path(issue.path) for issue in built.errors] == [
        "$.job_name",
        "$.inputs[0].company_name",
        "$.steps[0].accounts[0]",
        "$.steps[0].parameters.max_results",
        "$.unstructure_meta",
        "$.repeat_option.type",
        "$.delay",
    ]


def test_what_is_sent_decodes_to_the_value():
    built = build(READY, extra=Entry('{"n": 18446744073709551616, "f": 1e22}'))

    assert wire.parse_json(built.body) == built.value
