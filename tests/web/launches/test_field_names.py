"""Every place in a payload, and what is said of it, leads to a field of the launch form."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from typing import Any

import pytest
from django.template.loader import render_to_string
from hypothesis import HealthCheck, given, settings

from playground.contract.workflows import Workflow
from playground.payload.build.builder import Built, KnownAccounts, build_launch_request
from playground.payload.drafts import BLANK, Entry, LaunchDraft, RowDraft, StepDraft
from playground.payload.paths import Path, show_path
from playground.payload.show.lines import render_lines
from playground.preflight.checks import check_launch
from playground.preflight.facts import Facts
from playground.services.accounts.lookup import AccountsFound
from playground.services.launches.preflight import Check
from playground.web.field_ids import field_id
from playground.web.launches.field_names import FieldNames, in_words, left_out
from playground.web.launches.page import PageState, launch_page
from tests.payload.samples import READY, build, row, with_step
from tests.payload.strategies import cases

STEP = "steps-search-parameters"


def links(built: Built, draft: LaunchDraft) -> dict[str, tuple[str, str] | None]:
    """Place → id of the field and label, for every line of the payload."""
    names = FieldNames(draft, built)
    return {show_path(line.path): names.link_of(line.path) for line in render_lines(built)}


def named(built: Built, draft: LaunchDraft) -> list[tuple[str, str]]:
    """Code and field of every issue."""
    names = FieldNames(draft, built)
    return [(issue.code, names.name_of(issue.path)) for issue in built.issues]


def test_lines_lead_to_the_fields_that_they_come_from():
    draft = with_step(
        parameters={"max_results": Entry("5"), "tags": Entry('[{"a": 1}]')},
        rotation=Entry("true"),
        output_column=Entry("out"),
        extra=Entry('{"x": {"deep": 1}}'),
    )
    draft = dataclasses.replace(
        draft,
        schedule_type=Entry("day"),
        schedule_value=Entry("2"),
        schedule_extra=Entry('{"z": 1}'),
        unknown_steps=Entry('[{"step_uid": "s"}, 5]'),
        extra=Entry('{"y": [1]}'),
    )

    assert links(build(draft), draft) == {
        "$": None,
        "$.job_name": ("field-job_name", "Job name"),
        "$.inputs": ("field-inputs", "Rows"),
        "$.inputs[0]": ("field-inputs-0", "Row 1"),
        "$.inputs[0].company_name": ("field-inputs-0-company_name", "Row 1 · company_name"),
        "$.steps": None,
        "$.steps[0]": ("field-steps-search", "Step 1"),
        "$.steps[0].step_uid": ("field-steps-search", "Step 1"),
        "$.steps[0].accounts": ("field-steps-search-accounts", "Step 1 · chosen accounts"),
        "$.steps[0].accounts[0]": ("field-steps-search-accounts", "Step 1 · chosen accounts"),
        "$.steps[0].accounts_rotation_enabled": (
            "field-steps-search-accounts_rotation_enabled",
            "Step 1 · account rotation",
        ),
        "$.steps[0].parameters": ("field-steps-search", "Step 1 · parameters"),
        "$.steps[0].parameters.max_results": (f"field-{STEP}-max_results", "Step 1 · max_results"),
        "$.steps[0].parameters.tags": (f"field-{STEP}-tags", "Step 1 · tags"),
        "$.steps[0].parameters.tags[0]": (f"field-{STEP}-tags", "Step 1 · tags"),
        "$.steps[0].parameters.tags[0].a": (f"field-{STEP}-tags", "Step 1 · tags"),
        "$.steps[0].output_column": ("field-steps-search-output_column", "Step 1 · output column"),
        "$.steps[0].x": ("field-steps-search-extra", "Step 1 · other keys"),
        "$.steps[0].x.deep": ("field-steps-search-extra", "Step 1 · other keys"),
        "$.steps[1]": ("field-steps-mail", "Step 2"),
        "$.steps[1].step_uid": ("field-steps-mail", "Step 2"),
        "$.steps[1].accounts": ("field-steps-mail-accounts", "Step 2 · chosen accounts"),
        "$.steps[1].parameters": ("field-steps-mail", "Step 2 · parameters"),
        "$.steps[2]": ("field-unknown_steps", "Steps of another workflow"),
        "$.steps[2].step_uid": ("field-unknown_steps", "Steps of another workflow"),
        "$.steps[3]": ("field-unknown_steps", "Steps of another workflow"),
        "$.repeat_option": ("field-repeat_option-type", "Schedule"),
        "$.repeat_option.type": ("field-repeat_option-type", "Schedule · unit"),
        "$.repeat_option.value": ("field-repeat_option-value", "Schedule · every"),
        "$.repeat_option.z": ("field-repeat_option-extra", "Schedule · other keys"),
        "$.y": ("field-extra", "Other keys"),
        "$.y[0]": ("field-extra", "Other keys"),
    }


def test_rows_have_the_numbers_of_the_form_and_the_places_of_the_page():
    draft = dataclasses.replace(
        READY, rows=(row(7, company_name=" "), row(9, company_name="A", é="x"))
    )

    found = links(build(draft), draft)

    assert found["$.inputs[0].company_name"] == (
        "field-inputs-9-company_name",
        "Row 2 · company_name",
    )
    assert found['$.inputs[0]["é"]'] == ("field-inputs-9-:C3:A9", "Row 2 · é")


ABSENT = [
    # Rows: none is sent, one lacks a key, an alias stands for the key, two are the same.
    ({"rows": ()}, ("no-rows", "inputs")),
    ({"rows": (row(4, company_name=""),)}, ("no-rows", "inputs-4-company_name")),
    ({"rows": (row(4, company=""),)}, ("no-rows", "inputs-4-company")),
    ({"rows": (RowDraft(number=3, is_kept=True),)}, ("required", "inputs-3-company_name")),
    (
        {"rows": (row(1, company_name=" "), row(5, name="", company_url="https://a.b"))},
        ("required", "inputs-5-name"),
    ),
    (
        {"rows": (row(2, company_name="A"), row(1, company_name=""), row(6, company_name="A"))},
        ("duplicate-rows", "inputs-6"),
    ),
    ({"rows": (row(1, company_name="A", city="Rome"),)}, ("unknown-key", "inputs-1-city")),
    # Steps: left out, of another workflow, not readable.
    (
        {"steps": {"search": StepDraft(step_uid="search", is_left_out=True)}},
        ("no-account", "steps-search-left_out"),
    ),
    (
        {"steps": {**READY.steps, "gone": StepDraft(step_uid="gone")}},
        ("unknown-step", "steps-gone"),
    ),
    ({"unknown_steps": Entry('[{"step_uid": "x"}]')}, ("unknown-step", "unknown_steps")),
    ({"unknown_steps": Entry("{")}, ("invalid-json", "unknown_steps")),
    (
        {"steps": with_step(extra=Entry('{"accounts": []}')).steps},
        ("invalid-json", "steps-search-extra"),
    ),
    # What is set once.
    ({"job_name": Entry("")}, ("no-job-name", "job_name")),
    ({"extra": Entry('{"delay": 5}')}, ("invalid-json", "extra")),
    ({"schedule_type": Entry("day")}, ("schedule-value", "repeat_option-value")),
    ({"schedule_value": Entry("2")}, ("schedule-type", "repeat_option-type")),
    (
        {
            "schedule_type": Entry("day"),
            "schedule_value": Entry("2"),
            "schedule_extra": Entry('{"type": "hour"}'),
        },
        ("invalid-json", "repeat_option-extra"),
    ),
]


@pytest.mark.parametrize(("changes", "expected"), ABSENT, ids=lambda one: str(one)[:60])
def test_what_is_not_in_the_payload_leads_to_the_field_where_it_would_be_entered(
    changes: dict[str, Any], expected: tuple[str, str]
):
    draft = dataclasses.replace(READY, **changes)

    assert expected in named(build(draft), draft)


@pytest.mark.parametrize(
    "path", [("inputs", 99), ("inputs", 99, "x"), ("steps", 99, "accounts"), ("x", 0, "y"), ()]
)
def test_any_path_is_mapped(path: Path):
    assert FieldNames(READY, build()).name_of(path) in ("inputs", "unknown_steps", "extra", "")


def page_of(workflow: Workflow, draft: LaunchDraft, check: Check) -> str:
    """The fields of the form that a refused launch comes back to."""
    form = launch_page(workflow, draft, check, PageState(check=check))
    fields = (form.job_name, *form.schedule, *form.other)
    return "".join(
        [
            render_to_string("launches/_rows.html", {"form": form, "workflow": workflow}),
            *(render_to_string("components/_field.html", {"field": field}) for field in fields),
            *(render_to_string("launches/_step.html", {"item": item}) for item in form.steps),
        ]
    )


def checked(workflow: Workflow, draft: LaunchDraft, known: KnownAccounts | None) -> Check:
    built = build_launch_request(workflow, draft, known)
    accounts = known or KnownAccounts(by_uid={}, integrations=frozenset())
    facts = Facts(now=dt.datetime(2026, 11, 1, tzinfo=dt.UTC), accounts=accounts)
    return Check(
        built=built,
        preflight=check_launch(workflow, draft, built, facts),
        accounts=AccountsFound(by_integration={}, problems={}),
        facts=facts,
        age=0,
        is_complete=True,
    )


def as_posted(workflow: Workflow, draft: LaunchDraft) -> LaunchDraft:
    """What of a draft a page can hold: steps of the workflow, and no empty field of odd keys."""
    return dataclasses.replace(
        draft,
        steps={step.step_uid: draft.step(step.step_uid) for step in workflow.ordered_steps},
        schedule_extra=draft.schedule_extra if draft.schedule_extra.text else BLANK,
        unknown_steps=draft.unknown_steps if draft.unknown_steps.text else BLANK,
    )


@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(cases())
def test_every_line_and_every_issue_leads_to_a_field_that_is_on_the_page(case):
    workflow, draft, known = case
    draft = as_posted(workflow, draft)

    check = checked(workflow, draft, known)

    names = FieldNames(draft, check.built)
    ids = set(re.findall(r'\sid="([^"]*)"', page_of(workflow, draft, check)))
    # This one is a tick without an id of its own.
    ids |= {field_id(left_out(step.step_uid)) for step in workflow.steps}
    found = (*check.built.issues, *check.preflight.lines)
    assert {field_id(names.name_of(one.path)) for one in found} <= ids
    links = (names.link_of(line.path) for line in render_lines(check.built))
    assert {link.field_id for link in links if link} <= ids


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("inputs[3] is text, not an object.", "row 4 is text, not an object."),
        ("inputs[999].meta is a list. (at $.inputs[0])", "row 1,000 · meta is a list. (at row 1)"),
        ("steps[0].step_uid is missing.", "step 1 · step_uid is missing."),
        ("my_inputs[3] and inputs[x] stay.", "my_inputs[3] and inputs[x] stay."),
    ],
)
def test_rows_and_steps_of_a_pasted_payload_are_counted_as_people_do(sentence, words):
    assert in_words(sentence) == words
