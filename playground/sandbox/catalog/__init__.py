"""The sandbox's catalogue: constants, so nothing has to be loaded into a database.

UIDs are constant too; `uids` documents the scheme. What callers change through the API is kept
by the store as changes that overlay these constants.
"""

from __future__ import annotations

from playground.contract.workflows import Step
from playground.sandbox.catalog.building import CatalogWorkflow
from playground.sandbox.catalog.parameter_words import explain_parameter
from playground.sandbox.catalog.people import (
    ACCOUNTS,
    CLASSIC,
    COOKIES,
    INTEGRATIONS,
    LIMITS,
    NAVIGATOR,
    NAVIGATOR_COOKIE,
    SESSION_COOKIE,
    TITLES,
    USERS,
    AccountLimit,
)
from playground.sandbox.catalog.test_inputs import (
    CHECKPOINT_CREDENTIAL,
    EXPIRED_CREDENTIAL,
    TEST_CREDENTIALS,
    TEST_INPUTS,
    TestCredential,
    TestInput,
)
from playground.sandbox.catalog.workflows import TEMPLATES, WORKFLOWS

__all__ = [
    "ACCOUNTS",
    "CHECKPOINT_CREDENTIAL",
    "CLASSIC",
    "COOKIES",
    "EXPIRED_CREDENTIAL",
    "INTEGRATIONS",
    "LIMITS",
    "NAVIGATOR",
    "NAVIGATOR_COOKIE",
    "SESSION_COOKIE",
    "TEST_CREDENTIALS",
    "TEST_INPUTS",
    "TITLES",
    "USERS",
    "WORKFLOWS",
    "AccountLimit",
    "CatalogWorkflow",
    "TestCredential",
    "TestInput",
    "explain_parameter",
    "find_step",
    "find_test_input",
    "find_workflow",
    "template_of",
]

_BY_UID = {item.workflow.uid: item for item in WORKFLOWS}
_STEPS = {step.step_uid: step for item in WORKFLOWS for step in item.workflow.steps}
_BY_VALUE = {item.value: item for item in TEST_INPUTS}


def find_workflow(uid: str) -> CatalogWorkflow | None:
    return _BY_UID.get(uid)


def find_step(step_uid: str) -> Step | None:
    return _STEPS.get(step_uid)


def template_of(step_uid: str) -> str | None:
    """The UID of the template that the step was made from."""
    step = find_step(step_uid)
    return TEMPLATES.get(step.permalink or "") if step else None


def find_test_input(text: str) -> TestInput | None:
    """The test input that a row's value is, spaces around it aside."""
    return _BY_VALUE.get(text.strip())
