"""Which accounts do the work of a step, and what is said when they are not known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from playground.contract.accounts import Account
from playground.contract.workflows import Step, Workflow
from playground.payload.build.builder import KnownAccounts, build_launch_request
from playground.payload.drafts import Entry, LaunchDraft, StepDraft
from playground.preflight.checks import check_launch
from playground.preflight.facts import Facts
from playground.preflight.steps import sent_steps, working_accounts
from tests.payload.samples import HUB, JANE, OLD

STEP = Step(step_uid="s", integrations=("linkedin", "hubspot"))
WORKFLOW = Workflow(uid="w", name="W", steps=(STEP,))
MEI = replace(JANE, uid="mei", name="Mei")
ALL = {account.uid: account for account in (JANE, MEI, OLD, HUB)}


def facts(*slugs: str, accounts: dict[str, Account] | None = None, **changes: Any) -> Facts:
    known = KnownAccounts(
        by_uid=ALL if accounts is None else accounts, integrations=frozenset(slugs)
    )
    return Facts(now=datetime(2025, 3, 1, tzinfo=UTC), accounts=known, **changes)


def draft(*accounts: str, rotation: str = "") -> LaunchDraft:
    step = StepDraft(step_uid="s", accounts=accounts, rotation=Entry(rotation))
    return LaunchDraft(job_name=Entry("J"), steps={"s": step})


def working(known: Facts, *accounts: str, rotation: str = "") -> list[str]:
    built = build_launch_request(WORKFLOW, draft(*accounts, rotation=rotation), known.accounts)
    (sent,) = sent_steps(WORKFLOW, built)
    return [account.uid for account in working_accounts(sent, known)]


def told(known: Facts, *accounts: str, rotation: str = "") -> list[tuple[str, str]]:
    then = draft(*accounts, rotation=rotation)
    built = build_launch_request(WORKFLOW, then, known.accounts)
    lines = check_launch(WORKFLOW, then, built, known).lines
    return [(line.code, line.severity) for line in lines if line.section == "steps"]


BOTH = facts("linkedin", "hubspot")


@pytest.mark.parametrize(
    ("chosen", "rotation", "expected"),
    [
        (("old", "mei", "jane"), "", ["mei"]),
        (("old", "mei", "jane", "mei"), "true", ["mei", "jane"]),
        (("hub",), "true", ["hub"]),
        ((), "", []),
        ((), "true", ["jane", "mei", "hub"]),
        (("old",), "true", []),
        (("old",), "", []),
        (("gone", "jane"), "", ["jane"]),
    ],
)
def test_accounts_that_do_the_work(chosen, rotation, expected):
    assert working(BOTH, *chosen, rotation=rotation) == expected


def test_nothing_is_supposed_of_accounts_that_are_not_known():
    half = facts("hubspot", accounts={"hub": HUB})

    assert working(half, "jane", "hub") == []
    assert working(half, rotation="true") == []
    assert working(half, "hub") == ["hub"]


def test_step_is_told_once_when_one_of_its_integrations_is_not_known():
    half = facts("hubspot", accounts={"hub": HUB}, account_problems={"linkedin": "Timed out."})

    assert told(half, "jane", "mei", "hub") == [("accounts-unknown", "risky")]
    assert told(half, rotation="true") == [("accounts-unknown", "risky")]
    assert told(half) == [("no-account", "stops"), ("accounts-unknown", "note")]


def test_step_whose_chosen_accounts_are_all_known_needs_no_other_integration():
    half = facts("hubspot", accounts={"hub": HUB}, account_problems={"linkedin": "Timed out."})

    assert told(half, "hub") == []


def test_accounts_of_an_earlier_look_up_are_not_taken_for_all_there_are():
    stale = facts("linkedin", "hubspot", account_problems={"linkedin": "Timed out."})

    assert told(stale, rotation="true") == [("accounts-unknown", "risky")]
    assert told(stale, "jane") == []


def test_accounts_not_looked_up_yet_are_not_known_either():
    assert told(facts(accounts={}), "jane") == [("accounts-unknown", "risky")]


def test_account_of_no_known_integration_or_validity_may_be_used():
    odd = Account(uid="odd", is_valid=None)

    assert working(facts("linkedin", "hubspot", accounts={"odd": odd}), "odd") == ["odd"]


def test_step_without_integrations_needs_no_account():
    bare = Workflow(uid="w", name="W", steps=(Step(step_uid="s"),))
    then = draft(rotation="true")
    known = facts()

    lines = check_launch(bare, then, build_launch_request(bare, then, known.accounts), known).lines

    assert [line.code for line in lines] == ["workspace-unknown"]
