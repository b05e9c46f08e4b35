"""The pages of the operations: complete, in order, and each thing on them with an id of its own."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from playground.contract import paths
from playground.contract.wire import UNSET
from playground.reference import snippets
from playground.reference.api import operations
from playground.reference.pages import operations as operation_pages
from playground.reference.pages import webhooks
from playground.reference.pages.blocks import Table
from playground.reference.pages.prose import Place, Span, plain, spans
from tests.reference.samples import BASE_URL, SHOW, sent_with

NAMES = tuple(operations.OPERATIONS)


def test_groups_hold_every_operation_of_the_api_once():
    grouped = [
        operation.name for group in operation_pages.groups() for operation in group.operations
    ]

    assert sorted(grouped) == sorted(paths.TEMPLATES)
    assert [group.name for group in operation_pages.groups()] == list(operations.GROUPS)


def test_neighbours_lead_through_all_operations():
    found = operation_pages.all_pages()

    assert [page.next.name if page.next else None for page in found] == [*NAMES[1:], None]
    assert [page.previous.name if page.previous else None for page in found] == [None, *NAMES[:-1]]


def test_unknown_operation_has_no_page():
    with pytest.raises(KeyError):
        operation_pages.page_of("launch_everything")


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_of_the_path_is_described_and_required(name):
    page = operation_pages.page_of(name)

    described = [entry.name for entry in page.path_parameters]
    assert f"{page.operation.path}".count("{") == len(described)
    assert all(f"{{{entry.name}}}" in page.operation.path for entry in page.path_parameters)
    assert all(entry.is_required for entry in page.path_parameters)
    assert not any(entry.is_required for entry in page.query_parameters)


@pytest.mark.parametrize("name", NAMES)
def test_ids_of_a_page_are_its_own(name):
    page = operation_pages.page_of(name)

    anchors = [
        *(entry.anchor for entry in sent_with(page)),
        *(entry.anchor for entry in page.answer_entries),
        *(part.anchor for part in page.answers),
        *(part.anchor for part in page.failures),
    ]
    assert [anchor for anchor, count in Counter(anchors).items() if count > 1] == []


@pytest.mark.parametrize("name", NAMES)
def test_everything_has_a_meaning_and_evidence(name):
    page = operation_pages.page_of(name)

    for entry in (*sent_with(page), *page.answer_entries):
        assert len(entry.meaning) > 5
        assert entry.type
        assert entry.evidence in operation_pages.EVIDENCE


def test_fields_of_a_launch_are_nested_with_paths_as_one_writes_them():
    entries = {
        entry.anchor: entry for entry in sent_with(operation_pages.page_of("launch_workflow"))
    }

    assert [(anchor, entry.path) for anchor, entry in entries.items()] == [
        ("parameter-workflow_uid", "workflow_uid"),
        ("field-job_name", "job_name"),
        ("field-steps", "steps"),
        ("field-steps.step_uid", "steps[].step_uid"),
        ("field-steps.accounts", "steps[].accounts"),
        ("field-steps.accounts_rotation_enabled", "steps[].accounts_rotation_enabled"),
        ("field-steps.parameters", "steps[].parameters"),
        ("field-steps.output_column", "steps[].output_column"),
        ("field-inputs", "inputs"),
        ("field-unstructure_meta", "unstructure_meta"),
        ("field-repeat_option", "repeat_option"),
        ("field-repeat_option.type", "repeat_option.type"),
        ("field-repeat_option.value", "repeat_option.value"),
        ("field-delay", "delay"),
    ]
    assert entries["field-steps.accounts"].is_required
    assert entries["field-delay"].default == "0"
    assert entries["field-unstructure_meta"].default == "false"
    assert entries["field-steps.output_column"].default == "null"
    assert entries["field-job_name"].default == ""
    assert entries["field-repeat_option.type"].choices == (
        *("minute", "hour", "day", "week", "month"),
    )


def test_answers_say_where_a_field_stands_in_arrays_and_maps():
    listed = [entry.path for entry in operation_pages.page_of("list_workflows").answer_entries]
    detail = {
        entry.anchor: entry.path for entry in operation_pages.page_of("get_workflow").answer_entries
    }

    assert listed[0] == "[].uid"
    assert "[].steps[].step_uid" in listed
    assert detail["answer-200-steps.input_schema.required"] == "steps[].input_schema.<key>.required"


def test_fields_of_a_webhook_are_those_of_its_example():
    (table,) = [block for block in webhooks.webhooks().blocks if isinstance(block, Table)]

    assert [name.strip("`") for name, _ in table.rows] == list(webhooks.EXAMPLE)


def test_cases_of_one_status_stand_together():
    parts = operation_pages.page_of("launch_workflow").failures

    statuses = [part.status for part in parts]
    assert statuses == sorted(set(statuses))
    assert {400, 401, 404, 429} <= set(statuses)
    assert sum(len(part.cases) for part in parts) == len(
        operations.OPERATIONS["launch_workflow"].failures
    )


@pytest.mark.parametrize("name", NAMES)
def test_example_is_a_call_of_the_operation_with_its_body(name):
    operation = operations.OPERATIONS[name]

    snippet = SHOW(snippets.example_of(operation))

    assert snippet.method == operation.method
    assert "{" not in snippet.path
    assert f"--request {operation.method} " in snippet.curl
    assert f"--url '{BASE_URL}{snippet.path}'" in snippet.curl
    assert ("--data-binary" in snippet.curl) == (operation.body_example is not UNSET)
    if name != "save_account":
        body = json.loads("".join(line.text for line in snippet.lines) or "null")
        assert body == (None if operation.body_example is UNSET else operation.body_example)


def test_example_of_an_account_has_variables_for_its_secrets():
    operation = operations.OPERATIONS["save_account"]
    (secret,) = operation.body_example["account"]["cookies"].values()

    snippet = SHOW(snippets.example_of(operation))

    shown = "\n".join(line.text for line in snippet.lines)
    assert secret not in shown + snippet.curl
    assert '"li_at": "$' in shown


def test_prose_has_three_marks_and_nothing_else():
    text = "Send `a` to [the call](operation:get_job#answer-200), [`b[]`](guide:x); *c* <d> [e] `"

    assert spans(text) == (
        Span(text="Send "),
        Span(text="a", is_code=True),
        Span(text=" to "),
        Span(text="the call", to=Place(kind="operation", name="get_job", anchor="answer-200")),
        Span(text=", "),
        Span(text="b[]", is_code=True, to=Place(kind="guide", name="x")),
        Span(text="; *c* <d> [e] `"),
    )
    assert plain(text) == "Send a to the call, b[]; *c* <d> [e] `"
