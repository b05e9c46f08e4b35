"""The catalogue: what it promises to whoever builds on it."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest

from playground.contract import wire
from playground.contract.workflows import Workflow
from playground.sandbox import automations, catalog
from tests.sandbox import world

# Contract section 10: name, input keys, integrations, parameters.
DOCUMENTED = [
    (
        "Search Sales Navigator Leads",
        ["sales_navigator_profile_search_url"],
        ("linkedin",),
        {"excludeViewedLeads": False, "max_results": 100, "excludeCRMContacts": False},
    ),
    ("Extract LinkedIn People Profile", ["linkedin_profile_url"], ("linkedin",), {}),
    ("Find an e-mail", ["first_name", "last_name", "company_name"], (), None),
    (
        "Extract LinkedIn Connections",
        [],
        ("linkedin",),
        {"skip": 0, "max_minutes": 180, "max_results": 100},
    ),
    (
        "Extract LinkedIn Company Profile",
        ["linkedin_company_url"],
        ("linkedin",),
        {"extractOpenPositions": False},
    ),
    (
        "Extract LinkedIn People Post Activity",
        ["linkedin_profile_url"],
        ("linkedin",),
        {"max_results": 10},
    ),
    ("Visit LinkedIn Profile", ["linkedin_profile_url"], ("linkedin",), {}),
    ("Connect LinkedIn Profile", ["linkedin_profile_url"], ("linkedin",), None),
    ("Extract LinkedIn Messages", [], ("linkedin",), {}),
    ("Search LinkedIn People", ["linkedin_people_search_url"], ("linkedin",), None),
    ("Invite People to a LinkedIn Event", None, ("linkedin",), {}),
]


@pytest.mark.parametrize(("name", "keys", "integrations", "parameters"), DOCUMENTED)
def test_every_documented_workflow_is_there(
    name: str,
    keys: list[str] | None,
    integrations: tuple[str, ...],
    parameters: dict[str, object] | None,
) -> None:
    (step,) = world.workflow(name).steps

    assert keys is None or [key for key, item in step.inputs.items() if item.is_required] == keys
    assert step.integration_slugs == integrations
    assert parameters is None or {p.name: p.default for p in step.parameters} == parameters


def test_uids_and_names_are_unique_and_uids_have_the_documented_shape() -> None:
    workflows = [item.workflow for item in catalog.WORKFLOWS]
    uids = [
        *(of.uid for of in workflows),
        *(step.step_uid for of in workflows for step in of.steps),
        *(item.uid for item in (*catalog.ACCOUNTS, *catalog.USERS, *catalog.INTEGRATIONS)),
    ]

    shape = re.compile(r"5a9db0c0-000[1-6]-4000-8000-[0-9]{12}")
    assert [uid for uid in uids if not shape.fullmatch(str(uid))] == []
    assert [uid for uid, count in Counter(uids).items() if count > 1] == []
    assert len({of.name for of in workflows}) == len(workflows)


def test_it_has_what_is_needed_to_try_everything() -> None:
    workflows = [item.workflow for item in catalog.WORKFLOWS]
    steps = [step for of in workflows for step in of.steps]
    local = [of for of in workflows if len(of.steps) == 1 and not of.steps[0].integration_slugs]
    mixed = [
        of
        for of in workflows
        if 2 <= len(of.steps) <= 4 and len({step.integration_slugs for step in of.steps}) > 1
    ]
    defaults = {type(p.default) for step in steps for p in step.parameters}

    assert len(workflows) >= 14
    assert len(local) >= 6
    assert len(mixed) >= 3
    assert max(len(of.steps) for of in workflows) == 10
    assert defaults == {str, int, float, bool, list, dict, type(None)}
    assert any(item.regex for step in steps for item in step.inputs.values())


def test_there_are_accounts_of_every_kind() -> None:
    accounts = catalog.ACCOUNTS
    slugs = {item.permalink for item in catalog.INTEGRATIONS}

    assert len(accounts) >= 10
    assert {account.integration for account in accounts} <= slugs
    assert {account.is_valid for account in accounts} == {True, False}
    assert {account.is_shared for account in accounts} == {True, False}
    assert {account.via_extension for account in accounts} == {True, False}
    assert {account.level for account in accounts} == {"Classic", "Sales Navigator", None}
    assert {account.user_uid for account in accounts} == {user.uid for user in catalog.USERS}


@pytest.mark.parametrize("item", catalog.WORKFLOWS, ids=lambda item: item.workflow.name)
def test_a_workflow_survives_the_wire(item: catalog.CatalogWorkflow) -> None:
    decoded = wire.decode(Workflow, wire.encode(item.workflow))

    assert decoded == item.workflow


def test_every_step_of_an_integration_has_an_account_that_works() -> None:
    wanted = {
        s
        for item in catalog.WORKFLOWS
        for step in item.workflow.steps
        for s in step.integration_slugs
    }
    working = {account.integration for account in catalog.ACCOUNTS if account.is_valid}

    assert wanted <= working


def test_every_step_has_a_template_and_an_automation() -> None:
    for item in catalog.WORKFLOWS:
        for step in item.workflow.steps:
            parameters = {p.name: p.default for p in step.parameters}
            record = automations.run(
                step.permalink or "", step.output_columns, automations.Work(parameters=parameters)
            )

            assert catalog.template_of(step.step_uid) in item.linked_templates
            assert tuple(record) == step.output_columns
            assert json.dumps(record)


def test_test_inputs_are_found_by_their_value() -> None:
    found = [catalog.find_test_input(f"\t{item.value} ") for item in catalog.TEST_INPUTS]

    assert found == list(catalog.TEST_INPUTS)
    assert catalog.find_test_input("Jane") is None


def test_every_test_value_says_what_it_does() -> None:
    items = (*catalog.TEST_INPUTS, *catalog.TEST_CREDENTIALS)

    assert len({item.value for item in items}) == len(items)
    assert [item.value for item in items if not item.effect.endswith(".")] == []


def test_every_parameter_is_explained_in_a_word() -> None:
    unexplained = [
        (step.name, parameter.name)
        for item in catalog.WORKFLOWS
        for step in item.workflow.steps
        for parameter in step.parameters
        if not catalog.explain_parameter(step, parameter.name).endswith((".", "none."))
    ]

    assert unexplained == []
