"""What repeats: rhythm, the next start as it is to be expected, and the jobs so far.

The API lists no schedules. Known are those that were launched here and that nobody removed from
here; which jobs are theirs tells the name, by which the upstream knows them too.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator

from playground.contract import wire
from playground.contract.jobs import Job
from playground.contract.launches import LONGEST_DELAY_SECONDS
from playground.models import Launch
from playground.preflight import schedules as rhythms
from playground.preflight.schedules import Rhythm
from playground.services import permissions
from playground.services.ledger import launches as launch_ledger
from playground.services.permissions import Person
from playground.services.upstream_cache import invalidation
from playground.services.upstream_cache.cache import FAILURES_KEPT, Fresh, FreshnessCache
from playground.services.upstream_cache.calls import ask
from playground.services.upstream_cache.invalidation import Kept
from playground.services.upstream_cache.parallel import gather
from playground.upstream import targets
from playground.upstream.client import WorkflowClient

PAGE_SIZE = 50
# Seconds that a listing of jobs is good for, and for which all of them together are waited for.
MAX_AGE = 30.0
PATIENCE = 3.0
# Of a page of schedules: workflows whose jobs are asked for, and pages of each.
MOST_WORKFLOWS, MOST_PAGES = 12, 4
# Schedules that are looked through for others of the same name, and of those the ones named.
MOST_COMPARED, MOST_NAMED = 2_000, 5
# Two clocks differ.
_SLACK = dt.timedelta(minutes=2)

_listings: FreshnessCache[Listing] = FreshnessCache(most=100, failures_kept=FAILURES_KEPT)
invalidation.register(Kept.SCHEDULED_JOBS, _listings)


@dataclass(frozen=True, slots=True)
class Listing:
    """A workflow's newest main jobs; `is_whole` if there are no older ones."""

    jobs: tuple[Job, ...]
    is_whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class JobsSoFar:
    """Jobs of a schedule's name, as they were `age` seconds ago: how many ended how, and the
    newest that has begun. `is_whole` unless the upstream may list older ones."""

    count: int
    statuses: tuple[tuple[str, int], ...]
    newest: Job | None
    is_whole: bool
    age: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeating:
    """A launch that repeats. `next_at` is to be expected, unless the upstream lists it (`is_told`);
    `is_rough` where a month is a part of it. `sharing` are numbers of others of the same name."""

    launch: Launch
    rhythm: str
    next_at: dt.datetime | None
    is_told: bool
    is_rough: bool
    sharing: tuple[int, ...]
    jobs: JobsSoFar | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Timetable:
    """When a launch's jobs begin, by its payload: `delay` in seconds after it was sent."""

    rhythm: Rhythm | None
    delay: float


def list_repeating(
    user: Person, *, page: int, now: dt.datetime
) -> tuple[Page[Launch], tuple[Repeating, ...]]:
    """What repeats, newest first: a page of the launches, and what is known of each."""
    permissions.require(user, "see launches")
    shown = Paginator(launch_ledger.list_repeating(), PAGE_SIZE).get_page(page)
    launches = list(shown)
    sharing = _sharing()
    listings, problems = _list_jobs(one.workflow_uid for one in launches)
    return shown, tuple(
        _repeating(
            launch,
            listings.get(launch.workflow_uid),
            problem=problems.get(launch.workflow_uid, ""),
            sharing=tuple(pk for pk in sharing.get(launch.title, ()) if pk != launch.pk),
            now=now,
        )
        for launch in launches
    )


def expect_next(first: dt.datetime, every: dt.timedelta, now: dt.datetime) -> dt.datetime:
    """The first start after `now` of what begins at `first` and repeats."""
    if first > now:
        return first
    return first + ((now - first) // every + 1) * every


@functools.lru_cache(maxsize=1024)
def timetable(pk: int, fingerprint: str) -> Timetable:
    """A launch's payload never changes, so it is read once."""
    stored = Launch.objects.filter(pk=pk, fingerprint=fingerprint).values_list("payload").first()
    payload = wire.parse_json(bytes(stored[0])) if stored else {}
    delay: Any = payload.get("delay")
    is_number = type(delay) in (int, float) and 0 < delay <= LONGEST_DELAY_SECONDS
    return Timetable(rhythms.rhythm_in(payload), float(delay) if is_number else 0.0)


def _repeating(
    launch: Launch,
    listing: Fresh[Listing] | None,
    *,
    problem: str,
    sharing: tuple[int, ...],
    now: dt.datetime,
) -> Repeating:
    table = timetable(launch.pk, launch.fingerprint)
    jobs = _jobs_of(launch, listing.value.jobs) if listing else ()
    # Of several of a name nobody can say whose job is which.
    own = () if sharing else jobs
    told = [at for job in own if (at := job.scheduled_at) and job.is_pending and at > now]
    next_at = min(told) if told else _expected(launch, table, own, now)
    return Repeating(
        launch=launch,
        rhythm=table.rhythm.words if table.rhythm else "",
        next_at=next_at,
        is_told=bool(told),
        is_rough=bool(table.rhythm and table.rhythm.is_of_months and not told),
        sharing=sharing[:MOST_NAMED],
        jobs=_so_far(jobs, listing) if listing else None,
        problem=problem,
    )


def _expected(
    launch: Launch, table: Timetable, jobs: Sequence[Job], now: dt.datetime
) -> dt.datetime | None:
    """Counted from the newest job that the upstream lists, else from the launch."""
    if table.rhythm is None:
        return None
    # The sandbox divides every duration.
    speed = float(settings.SANDBOX_SPEED) if targets.is_sandbox() else 1.0
    every = dt.timedelta(seconds=table.rhythm.seconds / speed)
    known = [at for job in jobs if (at := job.scheduled_at or job.started_at)]
    if known:
        return expect_next(max(known), every, now)
    first = (launch.sent_at or launch.created_at) + dt.timedelta(seconds=table.delay / speed)
    return expect_next(first, every, now)


def _jobs_of(launch: Launch, jobs: Sequence[Job]) -> tuple[Job, ...]:
    """Those of the launch's name since it was launched."""
    since = (launch.sent_at or launch.created_at) - _SLACK
    return tuple(
        job
        for job in jobs
        if job.name == launch.title
        and ((at := job.scheduled_at or job.started_at) is None or at >= since)
    )


def _so_far(jobs: Sequence[Job], listing: Fresh[Listing]) -> JobsSoFar:
    statuses = Counter(job.status if isinstance(job.status, str) else "unknown" for job in jobs)
    begun = [job for job in jobs if job.started_at]
    return JobsSoFar(
        count=len(jobs),
        statuses=tuple(statuses.most_common(8)),
        newest=begun[0] if begun else next(iter(jobs), None),
        is_whole=listing.value.is_whole,
        age=_listings.age(listing),
    )


def _sharing() -> Mapping[str, Sequence[int]]:
    """Name → the launches whose schedules end together, because they bear it."""
    found: dict[str, list[int]] = {}
    rows = launch_ledger.list_repeating().values_list("pk", "job_name", "workflow_name")
    for pk, job_name, workflow_name in rows[:MOST_COMPARED]:
        found.setdefault(job_name or workflow_name, []).append(pk)
    return found


def _list_jobs(
    workflow_uids: Iterable[str],
) -> tuple[Mapping[str, Fresh[Listing]], Mapping[str, str]]:
    """Of each workflow its newest jobs, or a sentence why they are not known."""
    wanted = list(dict.fromkeys(workflow_uids))
    asked = wanted[:MOST_WORKFLOWS]
    gathered = gather({uid: partial(_get, uid) for uid in asked}, seconds=PATIENCE)
    problems = {uid: error.sentence for uid, error in gathered.problems.items()}
    for uid in asked:
        if uid not in gathered.answers:
            problems.setdefault(uid, "The upstream takes long to answer. Look again in a moment.")
    for uid in wanted[MOST_WORKFLOWS:]:
        problems[uid] = f"Jobs of {MOST_WORKFLOWS} workflows are asked for at a time."
    known = dict(gathered.answers)
    for uid in problems:
        # What was known before is better than nothing, with its age.
        if uid not in known and (kept := _listings.peek(uid)):
            known[uid] = kept
    return known, problems


def _get(workflow_uid: str) -> Fresh[Listing]:
    question = partial(ask, lambda client: _fetch(client, workflow_uid))
    return _listings.get(workflow_uid, question, max_age=MAX_AGE)


def _fetch(client: WorkflowClient, workflow_uid: str) -> Listing:
    found: dict[str, Job] = {}
    for page in range(MOST_PAGES):
        known = len(found)
        found.update((job.uid, job) for job in client.list_jobs(workflow_uid, page=page))
        if len(found) == known:
            return Listing(_main(found.values()), is_whole=True)
    return Listing(_main(found.values()), is_whole=False)


def _main(jobs: Iterable[Job]) -> tuple[Job, ...]:
    return tuple(job for job in jobs if job.is_main)
