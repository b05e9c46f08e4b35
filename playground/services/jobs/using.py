"""Jobs that are not over and name an account, as far as they can be known.

What could not be asked for, or is not all there is, is named in `unknown`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from playground.contract.jobs import Job
from playground.models import Launch
from playground.payload.words import counted
from playground.services.jobs import active
from playground.services.ledger import history
from playground.services.ledger import launches as launch_ledger
from playground.services.upstream_cache.parallel import gather
from playground.services.workflows.usage import WorkflowUse

# Workflows whose jobs are asked for, seconds for which that is waited for, and how old they may be.
MOST_WORKFLOWS = 24
PATIENCE = 3.0
JOBS_MAX_AGE = 5.0
# Of each kind that a page names.
MOST_NAMED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class UsingJob:
    """A job that is not over and names one of the accounts."""

    job: Job
    workflow_name: str


@dataclass(frozen=True, slots=True)
class JobsFound:
    """Among the newest jobs of so many workflows that could be `asked`."""

    jobs: tuple[UsingJob, ...]
    asked: int
    unknown: tuple[str, ...]


def find_jobs(
    uids: Iterable[str],
    workflows: Iterable[WorkflowUse],
    schedules: Iterable[Launch],
    now: dt.datetime,
    seconds: float = PATIENCE,
) -> JobsFound:
    """First of the workflows that launches from here gave one of the accounts to, as far as they
    come in so many seconds."""
    wanted = frozenset(uids)
    made = launch_ledger.find_jobs_of(wanted, now - history.JOBS_LAST)
    names = {use.summary.uid: _text(use.summary.name) for use in workflows}
    sources = [*made.values(), *(one.workflow_uid for one in schedules), *names]
    asked = list(dict.fromkeys(sources))
    questions = {
        uid: partial(active.list_newest, uid, max_age=JOBS_MAX_AGE)
        for uid in asked[:MOST_WORKFLOWS]
    }
    gathered = gather(questions, seconds=seconds)
    jobs = [
        UsingJob(job=job, workflow_name=_text(job.workflow_name) or names.get(uid, ""))
        for uid, listed in gathered.answers.items()
        for job in _using(listed, wanted, made)
    ]
    missing = len(asked) - len(gathered.answers)
    problem = next((str(error) for error in gathered.problems.values()), "")
    unknown = (
        [f"Jobs of {missing} of {counted(len(asked), 'workflow')}. {problem}".rstrip()]
        if missing
        else []
    )
    if len(jobs) > MOST_NAMED:
        unknown.append(f"Jobs beyond the first {MOST_NAMED}.")
    return JobsFound(tuple(jobs[:MOST_NAMED]), len(gathered.answers), tuple(unknown))


def _using(listed: Iterable[Job], uids: frozenset[str], made: Mapping[str, str]) -> list[Job]:
    """Jobs that are not over and name one of the accounts: by themselves, in a part of theirs, or
    in the launch that made them."""
    jobs = list(listed)
    named = {job.main_job_uid or job.uid for job in jobs if uids & set(job.accounts or ())}
    return [
        job for job in jobs if active.is_under_way(job) and (job.uid in named or job.uid in made)
    ]


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
