"""The table of operations is whole, and its examples are what it says they are."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from playground.contract import wire
from playground.contract.paths import TEMPLATES
from playground.reference.api.examples import accounts, runs
from playground.reference.api.operations import GENERAL_FAILURES, GROUPS, OPERATIONS, Operation
from playground.sandbox import catalog
from tests.sandbox.world import PROJECT

EACH = pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)


def sentences(operation: Operation) -> list[str]:
    return [
        operation.purpose,
        *(item.meaning for item in operation.parameters),
        *(item.meaning for item in operation.answers),
        *(text for item in operation.failures for text in (item.when, item.advice)),
    ]


def test_the_table_holds_every_operation_of_the_api():
    assert set(OPERATIONS) == set(TEMPLATES)
    assert all(name == operation.name for name, operation in OPERATIONS.items())
    assert GROUPS == ("Workflows", "Jobs", "Accounts", "Users", "Workspace")


@EACH
def test_every_variable_of_the_path_is_a_parameter(operation: Operation):
    names = [name for _, name, _, _ in Formatter().parse(operation.path) if name]

    assert [item.name for item in operation.parameters if item.where == "path"] == names


@EACH
def test_statuses_are_in_order_and_none_is_twice(operation: Operation):
    statuses = [item.status for item in operation.failures]

    assert statuses == sorted(set(statuses))
    assert {401} | {item.status for item in GENERAL_FAILURES} <= set(statuses)
    assert [item.status for item in operation.answers] == [200]


@EACH
def test_every_sentence_is_one_with_plain_backticks_for_code(operation: Operation):
    for text in sentences(operation):
        assert re.match(r"[A-Z`].*\.$", text), text
        assert text.count("`") % 2 == 0, text
        assert not re.search(r"\*\w|\s{2}|</?\w+>", text), text


@EACH
def test_what_changes_something_is_what_is_not_read(operation: Operation):
    assert operation.changes == (operation.method != "GET")
    assert operation.is_body_needed <= (operation.body is not None)
    assert (operation.body_example is wire.UNSET) == (operation.body is None)


def test_operations_without_a_source_are_assumed():
    by_evidence = {
        mark: [name for name, item in OPERATIONS.items() if item.evidence == mark]
        for mark in ("observed", "assumed")
    }

    assert by_evidence == {
        "observed": ["list_workflows", "get_last_results"],
        "assumed": [
            "cancel_job",
            "retry_webhook",
            "list_integrations",
            "delete_account",
            "delete_user",
        ],
    }


def test_uids_of_the_examples_are_those_of_the_catalogue():
    search, profile = (
        next(item for item in catalog.WORKFLOWS if item.workflow.uid == uid)
        for uid in (accounts.SEARCH_UID, accounts.PROFILE_UID)
    )

    assert accounts.WORKSPACE_UID == PROJECT
    assert accounts.USER_UID in [user.uid for user in catalog.USERS]
    assert accounts.INTEGRATION_UID in [item.uid for item in catalog.INTEGRATIONS]
    assert accounts.ACCOUNT_UID in [account.uid for account in catalog.ACCOUNTS]
    assert search.workflow.steps[0].step_uid == accounts.SEARCH_STEP_UID
    assert profile.workflow.steps[0].step_uid == accounts.PROFILE_STEP_UID
    assert profile.template_uid == accounts.PROFILE_TEMPLATE_UID
    assert search.workflow.name == runs.WORKFLOW["name"]


@EACH
def test_published_examples_decode_as_their_types(operation: Operation):
    if operation.body:
        decoded = wire.from_builtins(operation.body, operation.body_example)
        assert wire.to_builtins(decoded) == operation.body_example
        assert not getattr(decoded, "extra", None)
    for answer in operation.answers:
        listed = answer.example if answer.is_array else [answer.example]
        assert answer.type
        for item in listed:
            decoded = wire.from_builtins(answer.type, item)
            assert wire.to_builtins(decoded) == item
            assert not getattr(decoded, "extra", None)


def test_no_example_repeats_by_itself():
    repeating = [
        one.name for one in OPERATIONS.values() if "repeat_option" in (one.body_example or {})
    ]

    assert repeating == []


def test_the_bodies_of_the_contract_document_are_the_examples():
    assert OPERATIONS["launch_workflow"].body_example["unstructure_meta"] is False
    assert OPERATIONS["answer_checkpoint"].body_example == {"code": "123456"}
    assert OPERATIONS["save_account"].body_example["resume_paused_jobs"] is True
