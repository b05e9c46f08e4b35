"""The facts that preflight judges by, gathered from the upstream and the ledger.

The upstream is asked beside the request, each thing once for everybody who types at the time;
what takes long is told as not known yet, and is there for the next look.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from playground.contract.accounts import Workspace
from playground.contract.jobs import Job
from playground.contract.workflows import Workflow, WorkflowSummary
from playground.payload.builder import Built
from playground.preflight.facts import Facts
from playground.preflight.schedules import job_name
from playground.services import account_lookups, freshness, history, templates, workflows
from playground.services.account_lookups import AccountsFound
from playground.services.asking import UnableToReachUpstream, ask
from playground.services.freshness import Flight, FreshnessCache
from playground.upstream import targets
from playground.upstream.client import WorkflowClient

# Seconds that an answer is good for. Jobs come and go faster than plans.
WORKSPACE_MAX_AGE = 60.0
JOBS_MAX_AGE = 20.0
# Jobs of other workflows count against the plan: those of the busiest ones are looked at.
MOST_BUSY_WORKFLOWS = 5
MOST_JOB_PAGES = 5

# There is one workspace.
_ALONE = "workspace"

T = TypeVar("T")

_workspace: FreshnessCache[Workspace] = FreshnessCache(failures_kept=freshness.FAILURES_KEPT)
_jobs: FreshnessCache[tuple[Job, ...]] = FreshnessCache(failures_kept=freshness.FAILURES_KEPT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """What the upstream is being asked: the workflow anew, the listing that tells templates, the
    workspace, and the jobs of busy workflows by UID."""

    listing: Flight[tuple[WorkflowSummary, ...]]
    workflow: Flight[Workflow]
    workspace: Flight[Workspace]
    jobs: Mapping[str, Flight[tuple[Job, ...]]]

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
    listing = workflows.look_up_listing()
    busy = history.find_busy_workflows(now, most=MOST_BUSY_WORKFLOWS)
    return Looks(
        listing=listing,
        workflow=workflows.look_up_workflow(workflow.uid),
        workspace=_start(_workspace, _ALONE, lambda one: one.get_workspace(), WORKSPACE_MAX_AGE),
        jobs={uid: _start_jobs(uid) for uid in dict.fromkeys((workflow.uid, *busy))},
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
    freshness.wait((looks.workspace, *looks.jobs.values()), patience)
    is_complete = accounts.is_complete and looks.are_done
    workspace = _read(looks.workspace)
    listed = {uid: _read(flight)[0] for uid, flight in looks.jobs.items()}
    return Gathered(
        facts=Facts(
            now=now,
            accounts=accounts.known,
            account_problems=_unknown(accounts),
            templates=_find_templates(workflow),
            workspace=workspace[0],
            workspace_problem=workspace[1],
            running=_running(tuple(listed.values())),
            past_jobs=listed[workflow.uid] or (),
            launches=history.find_launches(workflow.uid, now),
            schedules=history.find_schedules(job_name(workflow.name, built)),
            test_inputs=frozenset(one.value for one in workflows.find_test_inputs()),
        ),
        workflow_problem=_read(looks.workflow)[1] if looks.workflow.done() else "",
        age=max(workflows.age_of_workflow(workflow.uid), _oldest(accounts, looks)),
        is_complete=is_complete,
    )


def outdate(workflow: Workflow) -> None:
    """Ask anew for what a launch of the workflow changes."""
    account_lookups.outdate(workflow.integration_slugs)
    forget_everything()


def outdate_by_uid(workflow_uid: str) -> None:
    """Ask anew for the workflow and all that its preflight stands on."""
    known = workflows.peek_workflow(workflow_uid)
    if known:
        outdate(known)
    workflows.outdate_workflow(workflow_uid)


def forget_everything() -> None:
    """What runs and what is left, whatever the workflow."""
    _workspace.forget()
    _jobs.forget()


def _unknown(accounts: AccountsFound) -> dict[str, str]:
    """Why accounts are not known. Older ones that could not be renewed are: the age tells it."""
    return {
        slug: problem
        for slug, problem in accounts.problems.items()
        if slug not in accounts.by_integration
    }


def _start(
    cache: FreshnessCache[T], key: str, question: Callable[[WorkflowClient], T], max_age: float
) -> Flight[T]:
    run = freshness.inline if targets.is_sandbox() else freshness.in_thread
    return cache.start(key, lambda: ask(question), max_age=max_age, run=run)


def _start_jobs(workflow_uid: str) -> Flight[tuple[Job, ...]]:
    return _start(
        _jobs, workflow_uid, lambda client: _fetch_jobs(client, workflow_uid), JOBS_MAX_AGE
    )


def _fetch_jobs(client: WorkflowClient, workflow_uid: str) -> tuple[Job, ...]:
    """The newest jobs: page after page until one has none that still runs or waits."""
    found: dict[str, Job] = {}
    for page in range(MOST_JOB_PAGES):
        known = len(found)
        jobs = client.list_jobs(workflow_uid, page=page)
        found.update((job.uid, job) for job in jobs)
        if len(found) == known or all(job.is_final for job in jobs if job.is_main):
            break
    return tuple(found.values())


def _read(flight: Flight[T]) -> tuple[T | None, str]:
    """The value, or why there is none."""
    if not flight.done():
        return None, "The upstream is still being asked."
    error = flight.exception()
    if error is None:
        return flight.result().value, ""
    if isinstance(error, UnableToReachUpstream):
        return None, error.sentence
    raise error


def _running(listed: tuple[tuple[Job, ...] | None, ...]) -> tuple[Job, ...] | None:
    """The main jobs of all listings that are not over; None when none could be had."""
    known = [jobs for jobs in listed if jobs is not None]
    if not known:
        return None
    return tuple(job for jobs in known for job in jobs if job.is_main and not job.is_final)


def _find_templates(workflow: Workflow) -> dict[str, str]:
    listing = workflows.peek_workflows()
    details = {one.uid: workflows.peek_workflow(one.uid) for one in listing}
    known = {uid: found for uid, found in details.items() if found}
    return templates.find_templates(workflow, listing, known)


def _oldest(accounts: AccountsFound, looks: Looks) -> float:
    plan = _workspace.peek(_ALONE)
    ages = [_workspace.age(plan)] if plan else []
    ages += [_jobs.age(found) for uid in looks.jobs if (found := _jobs.peek(uid))]
    return max((*ages, *accounts.ages.values()), default=0.0)
