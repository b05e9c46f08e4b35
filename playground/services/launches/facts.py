"""The facts that preflight judges by, gathered from the upstream and the ledger.

The upstream is asked beside the request, each thing once for everybody who types at the time;
what takes long is told as not known yet, and is there for the next look.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from playground.contract.accounts import Workspace
from playground.contract.jobs import Job
from playground.contract.workflows import Workflow, WorkflowSummary
from playground.payload.build.builder import Built
from playground.preflight.facts import Facts
from playground.preflight.schedules import job_name
from playground.services.accounts.lookup import AccountsFound
from playground.services.jobs import active
from playground.services.jobs.active import Listings
from playground.services.ledger import history
from playground.services.upstream_cache import cache, invalidation, parallel
from playground.services.upstream_cache.cache import Fetch, FreshnessCache
from playground.services.upstream_cache.calls import UnableToReachUpstream, ask
from playground.services.upstream_cache.invalidation import Kept
from playground.services.workflows import lookup as workflow_lookup
from playground.services.workflows import step_templates

# Seconds that an answer is good for.
WORKSPACE_MAX_AGE = 60.0

# There is one workspace.
_ALONE = "workspace"

T = TypeVar("T")

_workspace: FreshnessCache[Workspace] = FreshnessCache(failures_kept=cache.FAILURES_KEPT)
invalidation.register(Kept.WORKSPACE, _workspace)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """What the upstream is being asked: the workflow anew, the listing that tells templates, the
    workspace, and the jobs of busy workflows by UID."""

    listing: Fetch[tuple[WorkflowSummary, ...]]
    workflow: Fetch[Workflow]
    workspace: Fetch[Workspace]
    jobs: Listings

    @property
    def are_done(self) -> bool:
        alone = self.listing.done() and self.workspace.done()
        return alone and all(flight.done() for flight in self.jobs.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """`age` is how old the oldest answer is, in seconds; `is_complete` is false while something
    is still being asked. `workflow_problem` says why the workflow is not newer."""

    facts: Facts
    workflow_problem: str
    age: float
    is_complete: bool


def look(workflow: Workflow, *, now: dt.datetime) -> Looks:
    """Begin to ask for what is not known, without waiting for any of it."""
    return Looks(
        listing=workflow_lookup.look_up_listing(),
        workflow=workflow_lookup.look_up_workflow(workflow.uid),
        workspace=_workspace.start(
            _ALONE, _fetch_workspace, max_age=WORKSPACE_MAX_AGE, run=parallel.beside
        ),
        jobs=active.look(workflow.uid, now),
    )


def gather(
    looks: Looks,
    workflow: Workflow,
    built: Built,
    accounts: AccountsFound,
    *,
    now: dt.datetime,
    patience: float,
) -> Gathered:
    """What is known by `now`, waiting at most `patience` seconds for what is not.

    `accounts` were found before: the payload is judged with them. Never raises for what the
    upstream does.
    """
    parallel.wait((looks.listing, looks.workspace, *looks.jobs.values()), patience)
    is_complete = accounts.is_complete and looks.are_done
    workspace = _read(looks.workspace)
    listed = {uid: _read(flight)[0] for uid, flight in looks.jobs.items()}
    past = listed[workflow.uid]
    return Gathered(
        facts=Facts(
            now=now,
            accounts=accounts.known,
            account_problems=_unknown(accounts),
            templates=_find_templates(workflow),
            templates_problem="" if workflow_lookup.peek_workflows() else _read(looks.listing)[1],
            workspace=workspace[0],
            workspace_problem=workspace[1],
            running=_running(one.jobs if one else None for one in listed.values()),
            is_running_whole=all(one and one.is_whole for one in listed.values()),
            past_jobs=past.jobs if past else (),
            launches=history.find_launches(workflow, now),
            schedules=history.find_schedules(job_name(workflow.name, built)),
            test_inputs=frozenset(one.value for one in workflow_lookup.find_test_inputs()),
        ),
        workflow_problem=_read(looks.workflow)[1] if looks.workflow.done() else "",
        age=max(workflow_lookup.age_of_workflow(workflow.uid), _oldest(accounts, looks)),
        is_complete=is_complete,
    )


def _unknown(accounts: AccountsFound) -> dict[str, str]:
    """Why accounts are not known. Older ones that could not be renewed are: the age tells it."""
    return {
        slug: problem
        for slug, problem in accounts.problems.items()
        if slug not in accounts.by_integration
    }


def _fetch_workspace() -> Workspace:
    return ask(lambda client: client.get_workspace())


def _read(flight: Fetch[T]) -> tuple[T | None, str]:
    """The value, or why there is none."""
    if not flight.done():
        return None, "The upstream is still being asked."
    error = flight.exception()
    if error is None:
        return flight.result().value, ""
    if isinstance(error, UnableToReachUpstream):
        return None, error.sentence
    raise error


def _running(listed: Iterable[tuple[Job, ...] | None]) -> tuple[Job, ...] | None:
    """The main jobs of all listings that are not over; None when none could be had."""
    known = [jobs for jobs in listed if jobs is not None]
    if not known:
        return None
    return tuple(job for jobs in known for job in jobs if active.is_under_way(job))


def _find_templates(workflow: Workflow) -> dict[str, str]:
    listing = workflow_lookup.peek_workflows()
    details = {one.uid: workflow_lookup.peek_workflow(one.uid) for one in listing}
    known = {uid: found for uid, found in details.items() if found}
    return step_templates.find_templates(workflow, listing, known)


def _oldest(accounts: AccountsFound, looks: Looks) -> float:
    ages = (_workspace.age_of(looks.workspace), *map(active.age_of, looks.jobs.values()))
    return max((*ages, *accounts.ages.values()))
