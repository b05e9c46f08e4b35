"""A payload → the draft that builds it."""

from __future__ import annotations

from typing import Any

import pytest

from playground.contract.workflows import Step, Workflow
from playground.payload.build.builder import build_launch_request
from playground.payload.drafts import BLANK, Entry, LaunchDraft, RowDraft, StepDraft
from playground.payload.edit.reading import UnableToReadPayload, default_draft, read_payload
from tests.payload.samples import LEADS

SEARCH = {"step_uid": "search", "accounts": ["jane"], "parameters": {}}
MAIL = {"step_uid": "mail", "accounts": [], "parameters": {}}


def rebuilt(value: Any) -> Any:
    return build_launch_request(LEADS, read_payload(LEADS, value)).value


def test_a_person_starts_from_one_blank_row_and_every_step():
    assert default_draft(LEADS) == LaunchDraft(
        job_name=Entry("Find leads"),
        rows=(RowDraft(number=0, entries={"company_name": BLANK, "company_url": BLANK}),),
        steps={"search": StepDraft(step_uid="search"), "mail": StepDraft(step_uid="mail")},
    )


def test_a_workflow_without_inputs_starts_without_a_row():
    workflow = Workflow(uid="w", name="W", steps=(Step(step_uid="s"),))

    assert default_draft(workflow).rows == ()


def test_each_part_becomes_what_a_person_would_have_typed():
    draft = read_payload(
        LEADS,
        {
            "job_name": "Monday",
            "inputs": [{"company_name": "Acme", "meta": {"id": 5}}, {}],
            "steps": [
                {
                    "step_uid": "search",
                    "accounts": ["jane"],
                    "accounts_rotation_enabled": True,
                    "parameters": {"max_results": 5, "note": "5", "other": [1]},
                    "output_column": None,
                    "label": "x",
                }
            ],
            "unstructure_meta": False,
            "repeat_option": {"type": "hour", "value": 3, "zone": "UTC"},
            "delay": 1.5,
            "note": {"a": "é"},
        },
    )

    assert draft == LaunchDraft(
        job_name=Entry("Monday"),
        rows=(
            RowDraft(number=0, entries={"company_name": Entry("Acme"), "meta": Entry('{"id": 5}')}),
            RowDraft(number=1, is_kept=True),
        ),
        steps={
            "search": StepDraft(
                step_uid="search",
                accounts=("jane",),
                rotation=Entry("true"),
                parameters={
                    "max_results": Entry("5"),
                    "note": Entry("5"),
                    "other": Entry("[1]"),
                },
                output_column=Entry("", "null"),
                extra=Entry('{"label": "x"}'),
            ),
            "mail": StepDraft(step_uid="mail", is_left_out=True),
        },
        unstructure_meta=Entry("false"),
        schedule_type=Entry("hour"),
        schedule_value=Entry("3"),
        schedule_extra=Entry('{"zone": "UTC"}'),
        delay=Entry("1.5"),
        extra=Entry('{"note": {"a": "é"}}'),
    )


PARAMETERS = [
    ("max_results", "5", Entry("5", "text")),
    ("max_results", "ten", Entry("ten")),
    ("max_results", 5.0, Entry("5.0", "json")),
    ("max_results", 2**63, Entry("9223372036854775808", "json")),
    ("max_results", True, Entry("true", "json")),
    ("score", 5, Entry("5")),
    ("score", 5.0, Entry("5.0")),
    ("only_new", "true", Entry("true", "text")),
    ("only_new", None, Entry("", "null")),
    ("note", "", Entry("", "text")),
    ("note", " ", Entry(" ", "text")),
    ("note", 5, Entry("5", "json")),
    ("tags", [], Entry("[]")),
    ("tags", {}, Entry("{}", "json")),
    ("tags", "[]", Entry("[]", "text")),
    ("free", "5", Entry("5", "text")),
    ("free", "five", Entry("five")),
    ("free", {"a": [1.0]}, Entry('{"a": [1.0]}')),
    ("unknown", False, Entry("false")),
]


@pytest.mark.parametrize(("name", "value", "entry"), PARAMETERS)
def test_a_parameter_is_plain_text_where_that_reads_back_the_same(name, value, entry):
    payload = {
        "inputs": [],
        "steps": [{**SEARCH, "parameters": {name: value}}, MAIL],
    }

    draft = read_payload(LEADS, payload)

    assert draft.steps["search"].parameters == {name: entry}
    sent = rebuilt(payload)["steps"][0]["parameters"][name]
    assert (sent, type(sent)) == (value, type(value))


@pytest.mark.parametrize(
    "payload",
    [
        {"inputs": [], "steps": []},
        {"job_name": None, "inputs": [], "steps": [SEARCH, MAIL], "unstructure_meta": "yes"},
        {"job_name": " ", "inputs": [{"a": 5, "b": None, "c": "", "meta": "x"}], "steps": [MAIL]},
        {"job_name": {}, "inputs": [], "steps": [], "repeat_option": None, "delay": None},
        {"inputs": [], "steps": [], "repeat_option": {}},
        {"inputs": [], "steps": [], "repeat_option": {"type": 5, "value": "3", "x": {}}},
        {"inputs": [], "steps": [SEARCH, SEARCH, {"step_uid": "x", "accounts": 5}]},
        {"inputs": [], "steps": [{**SEARCH, "accounts": ["", "a"], "output_column": 5}]},
        {"inputs": [], "steps": [], "delay": True, "extra": 1, "unknown_steps": []},
    ],
)
def test_building_again_gives_the_same_value(payload):
    assert rebuilt(payload) == payload


def test_what_is_missing_is_added_and_steps_are_ordered():
    payload = {"steps": [{"step_uid": "x"}, {"step_uid": "mail"}, {"step_uid": "search"}]}

    assert rebuilt(payload) == {
        "inputs": [],
        "steps": [
            {"step_uid": "search", "accounts": [], "parameters": {}},
            MAIL,
            {"step_uid": "x"},
        ],
    }


REFUSED = [
    (None, "", "The payload must be an object, not null."),
    ([], "", "The payload must be an object, not an array."),
    ({"inputs": "x"}, "inputs", "inputs must be an array, not text."),
    ({"inputs": {}}, "inputs", "inputs must be an array, not an object."),
    ({"inputs": [{}, 5]}, "inputs[1]", "inputs[1] must be an object, not a number."),
    ({"steps": None}, "steps", "steps must be an array, not null."),
    ({"steps": ["x"]}, "steps[0]", "steps[0] must be an object, not text."),
    ({"steps": [{}]}, "steps[0].step_uid", "steps[0].step_uid is missing."),
    (
        {"steps": [{"step_uid": 5}]},
        "steps[0].step_uid",
        "steps[0].step_uid is a number, not text.",
    ),
    (
        {"steps": [{**SEARCH, "accounts": "jane"}]},
        "steps[0].accounts",
        "steps[0].accounts must be an array, not text.",
    ),
    (
        {"steps": [{**SEARCH, "accounts": ["jane", True]}]},
        "steps[0].accounts[1]",
        "steps[0].accounts[1] must be an account's UID, not true or false.",
    ),
    (
        {"steps": [{**SEARCH, "parameters": []}]},
        "steps[0].parameters",
        "steps[0].parameters must be an object, not an array.",
    ),
    (
        {"repeat_option": "daily"},
        "repeat_option",
        "repeat_option must be an object, not text.",
    ),
    ({"delay": float("nan")}, "delay", "delay holds what JSON cannot carry."),
    ({"x": 10**5000}, "", "The payload holds what JSON cannot carry."),
]


@pytest.mark.parametrize(("value", "path", "sentence"), REFUSED)
def test_what_is_no_payload_is_refused_with_a_sentence(value, path, sentence):
    with pytest.raises(UnableToReadPayload) as caught:
        read_payload(LEADS, value)

    assert (caught.value.path, caught.value.sentence) == (path, sentence)


def test_values_nested_too_deeply_are_refused():
    value: Any = 1
    for _ in range(20_000):
        value = [value]

    with pytest.raises(UnableToReadPayload) as caught:
        read_payload(LEADS, {"inputs": [{"company_name": value}]})

    assert caught.value.sentence == "inputs[0].company_name is nested too deeply."
