"""Looking at a job: the upstream is asked once an interval for all who watch it, in all processes.

Time is cut into intervals, longer the older the job is, and within each the first who looks asks.
One page of its workflow's list has a job and all its parts, so that one call tells everything; only
where it is not in there, or is over, it is asked for itself. What one process was told stands in a
row of the database for the others. The sandbox in this process is asked here: no call leaves it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, replace
from functools import partial

from django.db.models import QuerySet
from django.utils import timezone

from playground.contract import wire
from playground.contract.jobs import Job
from playground.models import JobLook
from playground.models.job_looks import LONGEST_JOB_UID
from playground.redaction import answers
from playground.services.upstream_cache import invalidation
from playground.services.upstream_cache.cache import FreshnessCache, Known
from playground.services.upstream_cache.calls import UnableToReachUpstream, ask
from playground.services.upstream_cache.invalidation import Kept
from playground.upstream import targets
from playground.upstream.client import WorkflowClient

# Seconds for which what was seen is good for who opens the page.
OPENED_MAX_AGE = 1.0
# Seconds for which it is not asked again what has just failed.
FAILURES_KEPT = 2.0
# A job that runs for so many seconds is looked at so often; the older it is, the less.
_LOOKS = ((60, 2), (600, 5), (3_600, 15))
_SELDOM = 30
MOST_JOB_PAGES, _FULL_PAGE = 3, 30
# A call takes 20 s at most: after that whoever asked is gone.
_ASKING = dt.timedelta(seconds=20)
# What is larger is not told to other processes.
_LARGEST = 256 * 1024
_FORGOTTEN_AFTER = dt.timedelta(days=1)

_looks: FreshnessCache[Look] = FreshnessCache(failures_kept=FAILURES_KEPT)
invalidation.register(Kept.JOB, _looks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A job and its parts, and a `problem` where these are not known. `is_listed` if its
    workflow's list has it, and so tells all of it."""

    job: Job
    parts: tuple[Job, ...] = ()
    is_listed: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Who looks at which job: a page that polls takes what was seen within this interval, others
    what was seen within this second. `workflow_uid` is of the launch that made it, if known."""

    job_uid: str
    workflow_uid: str = ""
    is_poll: bool = False

    @property
    def can_be_shared(self) -> bool:
        return len(self.job_uid) <= LONGEST_JOB_UID and self.job_uid.isprintable()


@dataclass(frozen=True, slots=True)
class _Listed:
    main: Job | None
    parts: tuple[Job, ...]


def seconds_between(job: Job, now: dt.datetime) -> int:
    """How long an interval is for this job."""
    begun = job.started_at or job.scheduled_at or now
    age = abs((now - begun).total_seconds())
    return next((every for most, every in _LOOKS if age < most), _SELDOM)


def look(wanted: Wanted) -> Known[Look]:
    """How the job stands, or stood before where that cannot be had soon, with the reason.

    Raises `UnableToReachUpstream`.
    """
    now = timezone.now()
    if not targets.is_sandbox() and wanted.can_be_shared:
        return _look_together(wanted, now)
    kept = _looks.peek(wanted.job_uid)
    before = kept.value if kept else None
    return _ask_here(wanted, before, _max_age(before, wanted, now))


def _ask_here(wanted: Wanted, before: Look | None, max_age: float) -> Known[Look]:
    question = partial(_ask, wanted.job_uid, wanted.workflow_uid, before)
    return _looks.get_known(wanted.job_uid, question, max_age=max_age)


def seen_since(job_uids: list[str], since: dt.datetime) -> dict[str, Job]:
    """Of these jobs those that some process has looked at since then."""
    if targets.is_sandbox():
        return {}
    rows = JobLook.objects.filter(target=_target(), job_uid__in=job_uids, answered_at__gte=since)
    return {row.job_uid: found.job for row in rows if (found := _read(row))}


def forget_old(now: dt.datetime) -> None:
    JobLook.objects.filter(asked_at__lt=now - _FORGOTTEN_AFTER).delete()


def _forget_shared() -> None:
    JobLook.objects.all().delete()


invalidation.register_shared(Kept.JOB, _forget_shared)


def _max_age(before: Look | None, wanted: Wanted, now: dt.datetime) -> float:
    """How old, in seconds, what is known may be."""
    if before is None or not wanted.is_poll:
        return OPENED_MAX_AGE
    return now.timestamp() % seconds_between(before.job, now)


def _look_together(wanted: Wanted, now: dt.datetime) -> Known[Look]:
    row = JobLook.objects.filter(target=_target(), job_uid=wanted.job_uid).first()
    before = _read(row)
    max_age = _max_age(before, wanted, now)
    if row is None or before is None or row.answered_at is None:
        if _is_ours(row, wanted.job_uid, now):
            return _ask_for_all(wanted, None, max_age, now)
        # Somebody asks for the first time at this moment: nothing is known to be shown meanwhile.
        return _ask_here(wanted, None, max_age)
    known = Known(before, (now - row.answered_at).total_seconds(), row.problem)
    since = now - dt.timedelta(seconds=max_age)
    is_asked = row.answered_at < row.asked_at and not row.problem
    if max(row.answered_at, row.asked_at) >= since or (is_asked and now - row.asked_at < _ASKING):
        return known
    if not _is_ours(row, wanted.job_uid, now):
        return known
    return _ask_for_all(wanted, known, max_age, now)


def _is_ours(row: JobLook | None, job_uid: str, now: dt.datetime) -> bool:
    """Whether it is us who ask in this interval, for all others too."""
    if row is not None:
        untouched = JobLook.objects.filter(pk=row.pk, asked_at=row.asked_at)
        return untouched.update(asked_at=now) == 1
    first = JobLook(target=_target(), job_uid=job_uid, asked_at=now)
    JobLook.objects.bulk_create([first], ignore_conflicts=True)
    return _asked(job_uid, now).exists()


def _asked(job_uid: str, at: dt.datetime) -> QuerySet[JobLook]:
    """The row, unless it was made stale, or asked again, since then."""
    return JobLook.objects.filter(target=_target(), job_uid=job_uid, asked_at=at)


def _ask_for_all(
    wanted: Wanted, known: Known[Look] | None, max_age: float, now: dt.datetime
) -> Known[Look]:
    try:
        found = _ask_here(wanted, known.value if known else None, max_age)
    except UnableToReachUpstream as error:
        if known is None or error.is_definite:
            _asked(wanted.job_uid, now).delete()
            raise
        found = Known(known.value, known.age, error.sentence)
    if not found.problem:
        _tell(wanted.job_uid, found.value, now)
        return found
    _asked(wanted.job_uid, now).update(problem=found.problem)
    if known is None or found.age <= known.age:
        return found
    return Known(known.value, known.age, found.problem)


def _tell(job_uid: str, found: Look, asked_at: dt.datetime) -> None:
    try:
        body = answers.hide_secrets(wire.encode(_written(found)))
    except wire.WireError:
        body = b""
    if not body or len(body) > _LARGEST:
        _asked(job_uid, asked_at).delete()
        return
    _asked(job_uid, asked_at).update(answer=body, answered_at=timezone.now(), problem="")


def _written(found: Look) -> dict[str, object]:
    return {
        "job": wire.to_builtins(replace(found.job, extra={})),
        "parts": [wire.to_builtins(replace(part, extra={})) for part in found.parts],
        "is_listed": found.is_listed,
        "problem": found.problem,
    }


def _read(row: JobLook | None) -> Look | None:
    if row is None or row.answer is None:
        return None
    raw = wire.parse_json(bytes(row.answer))
    return Look(
        job=wire.from_builtins(Job, raw["job"], is_lenient=True),
        parts=tuple(wire.from_builtins(Job, part, is_lenient=True) for part in raw["parts"]),
        is_listed=raw["is_listed"],
        problem=raw["problem"],
    )


def _target() -> str:
    """Another upstream, or another workspace of it, knows other jobs."""
    return hashlib.sha256(targets.name().encode(errors="replace")).hexdigest()[:16]


def _ask(job_uid: str, workflow_uid: str, before: Look | None) -> Look:
    """Raises `UnableToReachUpstream`. `workflow_uid` is of the launch that made it, if any."""
    listed, problem = _ask_list(job_uid, workflow_uid, before)
    if listed and listed.main and not listed.main.is_final:
        return Look(job=listed.main, parts=listed.parts, is_listed=True)
    # The last that is told of it is told in its own words.
    job = ask(lambda client: client.get_job(job_uid))
    if listed is None and not problem and (uid := _workflow_of(job) or workflow_uid):
        listed, problem = _list_all(uid, job.uid)
    if listed is None:
        return Look(job=job, parts=before.parts if before else (), problem=problem)
    return Look(job=job, parts=listed.parts, is_listed=listed.main is not None)


def _ask_list(job_uid: str, workflow_uid: str, before: Look | None) -> tuple[_Listed | None, str]:
    """What the list of its workflow has of it, where that may be enough; or why there is none.

    Raises `UnableToReachUpstream` when the list had it before and gives no answer now.
    """
    if before is None:
        return _list_all(workflow_uid, job_uid) if workflow_uid else (None, "")
    if not before.is_listed or before.job.is_final:
        return None, ""
    uid = _workflow_of(before.job) or workflow_uid
    try:
        return ask(lambda client: _list(client, uid, before.job.uid, len(before.parts))), ""
    except UnableToReachUpstream as error:
        if not error.is_definite:
            raise
        return None, error.sentence


def _list_all(workflow_uid: str, job_uid: str) -> tuple[_Listed | None, str]:
    try:
        return ask(lambda client: _list(client, workflow_uid, job_uid, None)), ""
    except UnableToReachUpstream as error:
        return None, error.sentence


def _workflow_of(job: Job) -> str:
    return job.workflow_uid if isinstance(job.workflow_uid, str) else ""


def _list(client: WorkflowClient, workflow_uid: str, job_uid: str, known: int | None) -> _Listed:
    """A job and its parts as they stand in the workflow's list (contract section 7.1): so many
    were `known` before, if it was asked before."""
    main: Job | None = None
    parts: list[Job] = []
    for page in range(MOST_JOB_PAGES):
        jobs = client.list_jobs(workflow_uid, page=page)
        main = main or next((job for job in jobs if job.uid == job_uid), None)
        found = [job for job in jobs if job.main_job_uid == job_uid and job.uid != job_uid]
        parts.extend(found)
        # Parts of one job stand together: past them there are only other jobs'.
        is_past = bool(jobs) and jobs[-1] is not main and jobs[-1] not in found
        is_enough = main is not None and known is not None and len(parts) >= known
        if not jobs or (parts and not found) or (main and parts and is_past):
            break
        if is_enough and (is_past or len(jobs) < _FULL_PAGE):
            break
    return _Listed(main, tuple(parts))
