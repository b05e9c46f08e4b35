"""Preflight: what is known about a launch before it is sent."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from playground.contract.accounts import Account
from playground.contract.workflows import Step, Workflow
from playground.payload.build import builder
from playground.payload.build.builder import Built
from playground.payload.drafts import LaunchDraft
from playground.preflight import checks
from playground.preflight.allowances import Capacity, capacity_of
from playground.preflight.checks import Preflight
from playground.preflight.facts import Facts
from playground.services import permissions
from playground.services.accounts import lookup as account_lookup
from playground.services.accounts.lookup import AccountsFound
from playground.services.launches import facts
from playground.services.permissions import Person
from playground.services.upstream_cache import invalidation
from playground.services.upstream_cache.invalidation import Event
from playground.services.workflows import lookup as workflow_lookup

# Seconds that a look waits for the upstream: before a launch, while somebody types, and when a
# page is opened. What is late comes with the next look.
LAUNCH_PATIENCE = 3.0
PATIENCE = 1.0
PAGE_PATIENCE = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A launch as it was judged: its payload, the lines, and the facts that they stand on.

    `age` is how old the oldest answer of the upstream is, in seconds; `is_complete` is false
    while something is still being asked.
    """

    built: Built
    preflight: Preflight
    accounts: AccountsFound
    facts: Facts
    age: float
    is_complete: bool
    workflow_problem: str = ""

    def capacity_for(self, step: Step, account: Account) -> Capacity | None:
        """What the account may still do for the step today; None when no limit is known."""
        template = self.facts.templates.get(step.step_uid)
        return capacity_of((account,), template, 1, self.facts.now) if template else None


def check_launch(
    user: Person,
    workflow: Workflow,
    draft: LaunchDraft,
    *,
    now: dt.datetime,
    patience: float | None = None,
) -> Check:
    """Judge a draft by all that is known, waiting `patience` seconds for what is not.

    Never raises for what the upstream does.
    """
    permissions.require(user, "preview", workflow.uid)
    seconds = PATIENCE if patience is None else patience
    looks = facts.look(workflow, now=now)
    accounts = account_lookup.find(workflow.integration_slugs)
    built = builder.build_launch_request(workflow, draft, accounts.known)
    gathered = facts.gather(looks, workflow, built, accounts, now=now, patience=seconds)
    return Check(
        built=built,
        preflight=checks.check_launch(workflow, draft, built, gathered.facts),
        accounts=accounts,
        facts=gathered.facts,
        age=gathered.age,
        is_complete=gathered.is_complete,
        workflow_problem=gathered.workflow_problem,
    )


def outdate_answers(user: Person, workflow_uid: str) -> None:
    """Somebody wants to know it now: the next look asks the upstream anew."""
    permissions.require(user, "preview", workflow_uid)
    known = workflow_lookup.peek_workflow(workflow_uid)
    invalidation.make_stale(
        Event.WORKFLOW_ASKED_FOR,
        workflow_uid=workflow_uid,
        integrations=known.integration_slugs if known else (),
    )
