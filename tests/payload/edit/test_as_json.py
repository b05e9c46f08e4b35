"""A payload edited as text: what the text leaves alone stays as it was entered."""

from __future__ import annotations

import dataclasses
import json

import pytest
from hypothesis import HealthCheck, assume, given, settings

from playground.payload.build.builder import build_launch_request
from playground.payload.drafts import BLANK, Entry, LaunchDraft, RowDraft, StepDraft
from playground.payload.edit import as_json
from playground.payload.edit.reading import UnableToReadPayload, default_draft
from tests.payload.samples import LEADS
from tests.payload.strategies import cases

TYPED = LaunchDraft(
    job_name=Entry(" Monday "),
    rows=(
        RowDraft(number=2, entries={"company_name": Entry("Acme"), "note": BLANK}),
        RowDraft(number=4, entries={"company_name": BLANK}),
        RowDraft(number=5, entries={"company_name": Entry("Zoë")}, is_set_aside=True),
        RowDraft(
            number=7, entries={"company_name": Entry("Beta"), "company_url": Entry("", "null")}
        ),
    ),
    steps={
        "search": StepDraft(step_uid="search", parameters={"max_results": Entry("0x10")}),
        "mail": StepDraft(step_uid="mail", is_left_out=True),
        "elsewhere": StepDraft(step_uid="elsewhere", output_column=Entry("x")),
    },
    schedule_value=Entry("soon"),
    extra=Entry('{"note": 1.0, "b": 100000000000000000000}'),
    unknown_steps=Entry('[{"step_uid": "gone", "accounts": []}]'),
)


def edited(draft, change=lambda value: value):
    built = build_launch_request(LEADS, draft)
    value = json.loads(as_json.text_to_edit(built))
    text = json.dumps(change(value) or value, ensure_ascii=False)
    return as_json.read_edited(LEADS, draft, built, text).draft


def test_the_text_of_a_draft_changes_nothing():
    assert edited(TYPED) == TYPED
    assert edited(default_draft(LEADS)) == default_draft(LEADS)


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(cases())
def test_the_text_of_any_draft_sends_the_same(case):
    workflow, draft, _ = case
    built = build_launch_request(workflow, draft)
    text = as_json.text_to_edit(built)

    try:
        read = as_json.read_edited(workflow, draft, built, text).draft
    except UnableToReadPayload as error:
        # Other steps may have been typed that have not the shape of steps.
        assume(not (draft.unknown_steps.text and error.path.startswith("steps[")))
        raise

    assert build_launch_request(workflow, read).body == built.body
    assert read.rows == draft.rows


def test_a_changed_name_is_all_that_changes():
    made = edited(TYPED, lambda value: value | {"job_name": "Tuesday"})

    assert made == dataclasses.replace(TYPED, job_name=Entry("Tuesday"))


def test_rows_that_stay_keep_their_numbers_and_what_is_not_sent_of_them():
    def change(value):
        value["inputs"] = [{"company_name": "New"}, value["inputs"][1], value["inputs"][0]]

    made = edited(TYPED, change)

    assert [(row.number, row.entries.get("company_name", BLANK).text) for row in made.rows] == [
        (8, "New"), (7, "Beta"), (2, "Acme"), (5, "Zoë"),
    ]  # fmt: skip
    assert made.rows[0].entries.keys() >= {"company_url", "note"}
    assert made.rows[-1].is_set_aside


def test_a_row_that_changes_stays_where_it_is():
    def change(value):
        value["inputs"][0]["company_name"] = "Acme Corp."

    made = edited(TYPED, change)

    assert [row.number for row in made.rows] == [2, 7, 5]
    assert made.rows[0].entries["company_name"] == Entry("Acme Corp.")


def test_a_row_that_is_there_twice_is_there_twice():
    def change(value):
        value["inputs"] = [value["inputs"][0]] * 2

    made = edited(dataclasses.replace(TYPED, rows=TYPED.rows[:1]), change)

    assert [row.number for row in made.rows] == [2, 3]
    assert build_launch_request(LEADS, made).value["inputs"] == [{"company_name": "Acme"}] * 2


def test_without_rows_one_to_type_into_is_left():
    made = edited(dataclasses.replace(TYPED, rows=TYPED.rows[:2]), lambda v: v | {"inputs": []})

    assert [set(row.entries.values()) for row in made.rows] == [{BLANK}]


def test_a_step_that_changes_leaves_the_others_as_they_were_typed():
    def change(value):
        value["steps"].append({"step_uid": "mail", "accounts": ["jane"], "parameters": {}})

    made = edited(TYPED, change)

    assert made.steps["search"] == TYPED.steps["search"]
    assert made.steps["mail"].accounts == ("jane",)
    assert made.steps["elsewhere"] == TYPED.steps["elsewhere"]
    assert made.unknown_steps == TYPED.unknown_steps


def test_other_steps_that_change_are_those_of_the_text():
    def change(value):
        value["steps"] = [one for one in value["steps"] if one["step_uid"] != "gone"]

    made = edited(TYPED, change)

    sent = build_launch_request(LEADS, made).value["steps"]
    assert [one["step_uid"] for one in sent] == ["search", "elsewhere"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"job_name": "A",}', "Line 1, column 17"),
        ('{\n"job_name": “A”}', "Line 2, column 13"),
        ("[]", "must be an object"),
        ('{"inputs": {}}', "inputs must be an array"),
        ('{"steps": [{}]}', "steps[0].step_uid"),
    ],
)
def test_what_cannot_be_read_says_where(text, told):
    with pytest.raises(UnableToReadPayload) as caught:
        as_json.read_edited(LEADS, TYPED, build_launch_request(LEADS, TYPED), text)

    assert told in caught.value.sentence


def test_a_key_that_is_there_twice_is_told():
    text = '{"job_name": "A", "job_name": "B"}'

    read = as_json.read_edited(LEADS, TYPED, build_launch_request(LEADS, TYPED), text)

    assert read.draft.job_name == Entry("B")
    assert "“job_name” is there twice" in read.notices[0]


def test_long_payloads_are_not_edited_in_one_field():
    draft = dataclasses.replace(TYPED, job_name=Entry("é" * as_json.LONGEST_TEXT))

    assert as_json.text_to_edit(build_launch_request(LEADS, draft)) is None


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("", "{"),
        ("$.inputs", "[{"),
        ("inputs[1]", '{"a": "x, ]", "b'),
        ("inputs[1].b", "2"),
        ("inputs[1].none", '{"a": "x, ]", "b'),
        ("steps[0].step_uid", "5"),
        ("steps[7]", '[{"step_uid"'),
        ("nothing", "{"),
    ],
)
def test_a_path_leads_to_its_place(path, found):
    text = '{"inputs": [{}, {"a": "x, ]", "b": 2}], "steps": [{"step_uid": 5}]}'

    assert text[as_json.find_path(text, path) :].startswith(found)
