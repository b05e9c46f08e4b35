"""Jobs that run or wait now, as far as it can be known.

The API lists the jobs of one workflow at a time. So those workflows are asked about whose jobs
may run because of launches made here: the busiest always, others until nothing of theirs does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from playground.contract.jobs import Job
from playground.services.ledger import history, send_once
from playground.services.upstream_cache import invalidation, parallel
from playground.services.upstream_cache.cache import FAILURES_KEPT, Fetch, FreshnessCache
from playground.services.upstream_cache.calls import ask
from playground.services.upstream_cache.invalidation import Kept
from playground.upstream.client import WorkflowClient

# Seconds that a listing is good for, and one in which nothing runs.
MAX_AGE = 20.0
QUIET_MAX_AGE = 300.0
MOST_BUSY = 5
MOST_WORKFLOWS = 12
MOST_PAGES = 5
# Seconds that it is good for where launches were made: the ledger takes longer than the rest.
LAUNCHED_MAX_AGE = 5.0


@dataclass(frozen=True, slots=True)
class Listing:
    """A workflow's newest jobs; `is_whole` if all of its that are not over are among them."""

    jobs: tuple[Job, ...]
    is_whole: bool


Listings = Mapping[str, Fetch[Listing]]

_listings: FreshnessCache[Listing] = FreshnessCache(failures_kept=FAILURES_KEPT)
_launched: FreshnessCache[Mapping[str, dt.datetime]] = FreshnessCache(is_ours=True)
invalidation.register(Kept.RUNNING_JOBS, _listings)
invalidation.register(Kept.LAUNCHED, _launched)


def look(workflow_uid: str, now: dt.datetime) -> Listings:
    """Begin to list the jobs of the workflow, which comes first, and of others that may have
    some: workflow UID → jobs, newest first."""
    return {uid: _start(uid) for uid in dict.fromkeys((workflow_uid, *_find_others(now)))}


def list_newest(workflow_uid: str, *, max_age: float) -> tuple[Job, ...]:
    """The workflow's newest jobs and their parts: all that run or wait, unless they are older than
    a whole page of jobs that are over. Raises `UnableToReachUpstream`."""
    question = partial(ask, lambda client: _fetch(client, workflow_uid))
    return _listings.get(workflow_uid, question, max_age=max_age).value.jobs


def is_under_way(job: Job) -> bool:
    """Whether it is a main job that is not over."""
    return job.is_main and not job.is_final


def age_of(flight: Fetch[Listing]) -> float:
    """Seconds since it brought its answer; 0 when it brought none."""
    return _listings.age_of(flight)


def _find_others(now: dt.datetime) -> list[str]:
    found = _launched.get(
        "all", lambda: history.find_launched_workflows(now), max_age=LAUNCHED_MAX_AGE
    )
    launched = list(found.value.items())
    others = [uid for uid, _ in launched[:MOST_BUSY]]
    others += [uid for uid, at in launched[MOST_BUSY:] if not _is_quiet(uid, at, now)]
    return others[:MOST_WORKFLOWS]


def _is_quiet(uid: str, launched_at: dt.datetime, now: dt.datetime) -> bool:
    """Nothing of it ran a while ago, and nothing was launched since.

    A launch is recorded before there is a job of it.
    """
    found = _listings.peek(uid, max_age=QUIET_MAX_AGE)
    if found is None or any(map(is_under_way, found.value.jobs)):
        return False
    looked_at = now - dt.timedelta(seconds=_listings.age(found))
    return launched_at < looked_at - send_once.LEASE


def _start(workflow_uid: str) -> Fetch[Listing]:
    return _listings.start(
        workflow_uid,
        lambda: ask(lambda client: _fetch(client, workflow_uid)),
        max_age=MAX_AGE,
        run=parallel.beside,
    )


def _fetch(client: WorkflowClient, workflow_uid: str) -> Listing:
    """The newest jobs: page after page until one has none that still runs or waits, and those
    have come that did when it was asked last."""
    kept = _listings.peek(workflow_uid)
    wanted = {job.uid for job in kept.value.jobs if is_under_way(job)} if kept else set()
    found: dict[str, Job] = {}
    for page in range(MOST_PAGES):
        known = len(found)
        jobs = client.list_jobs(workflow_uid, page=page)
        found.update((job.uid, job) for job in jobs)
        is_over = not any(map(is_under_way, jobs)) and wanted <= found.keys()
        if len(found) == known or is_over:
            return Listing(tuple(found.values()), is_whole=True)
    return Listing(tuple(found.values()), is_whole=False)
