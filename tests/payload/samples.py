"""A workflow, accounts and drafts that the examples start from."""

from __future__ import annotations

import dataclasses
from typing import Any

from playground.contract.accounts import Account
from playground.contract.workflows import Input, ParametersSchema, Step, Workflow
from playground.payload.build.builder import Built, KnownAccounts, build_launch_request
from playground.payload.drafts import Entry, LaunchDraft, RowDraft, StepDraft
from playground.payload.issues import Issue
from playground.payload.paths import show_path

LEADS = Workflow(
    uid="workflow-1",
    name="Find leads",
    steps=(
        Step(
            step_uid="search",
            step_name="Search",
            position=0,
            integrations=("linkedin",),
            input_schema={
                "company_name": Input(required=1, primary=True, variations=("company", "name")),
                "company_url": Input(required=0, regex={"any": "^https?://"}, help="a web address"),
            },
            parameters_schema=ParametersSchema(
                properties={
                    "max_results": 100,
                    "score": 0.5,
                    "only_new": False,
                    "note": "",
                    "tags": [],
                    "filters": {},
                    "free": None,
                }
            ),
        ),
        Step(
            step_uid="mail",
            step_name="Find e-mail",
            position=1,
            input_schema={"first_name": Input(required=1)},
            parameters_schema=ParametersSchema(properties={}),
        ),
    ),
)
JANE = Account(uid="jane", name="Jane", is_valid=True, application_permalink="linkedin")
OLD = Account(uid="old", name="Old", is_valid=False, application_permalink="linkedin")
HUB = Account(uid="hub", name="Hub", is_valid=True, application_permalink="hubspot")
ACCOUNTS = KnownAccounts(
    by_uid={account.uid: account for account in (JANE, OLD, HUB)},
    integrations=frozenset({"linkedin", "hubspot"}),
)
READY = LaunchDraft(
    job_name=Entry("Monday"),
    rows=(RowDraft(number=0, entries={"company_name": Entry("Acme")}),),
    steps={"search": StepDraft(step_uid="search", accounts=("jane",))},
)


def build(draft: LaunchDraft = READY, **changes: Any) -> Built:
    return build_launch_request(LEADS, dataclasses.replace(draft, **changes), ACCOUNTS)


def with_step(**changes: Any) -> LaunchDraft:
    """The ready draft with another first step."""
    step = dataclasses.replace(READY.steps["search"], **changes)
    return dataclasses.replace(READY, steps={"search": step})


def row(number: int, **cells: str | Entry) -> RowDraft:
    entries = {key: cell if isinstance(cell, Entry) else Entry(cell) for key, cell in cells.items()}
    return RowDraft(number=number, entries=entries)


def told(built: Built) -> list[tuple[str, str, str]]:
    """Every issue without its sentence."""
    return [(issue.severity, issue.code, show_path(issue.path)) for issue in built.issues]


def sentences(issues: tuple[Issue, ...]) -> list[str]:
    return [issue.message for issue in issues]
