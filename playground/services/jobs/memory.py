"""What was seen of the jobs of launches: their status, counts and errors, kept with the launch.

The worker looks, not the pages: so a job nobody watches is known too, and looking at a page
changes nothing. A workflow's list is asked for once for all of its jobs, and the older a job is
the more rarely. The upstream forgets its jobs after two months; what was seen stays here.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django_tasks import task

from playground.contract.jobs import Job
from playground.log_lines import event
from playground.models import JOB_UNDER_WAY, LONGEST_JOB_STATUS, JobSighting, Launch
from playground.redaction import texts
from playground.services import permissions
from playground.services.jobs import active, looks, pages
from playground.services.ledger import launches as launch_ledger
from playground.services.ledger import payload_words, queue_once
from playground.services.ledger.column_text import storable
from playground.services.permissions import Person
from playground.services.upstream_cache.calls import UnableToReachUpstream, ask
from playground.services.webhooks import deliveries, hooks
from playground.services.webhooks.deliveries import Ending
from playground.upstream import targets
from playground.upstream.targets import Target

# How often the worker looks, while something is young or somebody is to be told, and else.
OFTEN, SELDOM = dt.timedelta(seconds=20), dt.timedelta(seconds=60)
# A launch of such an age is looked at so often.
_LOOKS = (
    (dt.timedelta(minutes=10), dt.timedelta(seconds=15)),
    (dt.timedelta(hours=1), dt.timedelta(minutes=1)),
    (dt.timedelta(days=1), dt.timedelta(minutes=5)),
)
_RARELY = dt.timedelta(hours=1)
# The upstream lists jobs of two months.
LISTED_FOR = dt.timedelta(days=61)
# At a time: launches, workflows whose lists are asked for, and jobs that are asked for themselves.
MOST_LAUNCHES, MOST_WORKFLOWS, MOST_SINGLE = 300, 12, 20
LIST_MAX_AGE = 15.0
MOST_SIGHTINGS, LONGEST_ERROR = 200, 2_000
_MOST_ROWS = 2**62

logger = logging.getLogger(__name__)


@task()
def look_at_jobs() -> None:
    """Look at the jobs that are due, and again later. May run at any time: what another worker
    looks at now is not looked at twice."""
    now = timezone.now()
    at = now + (OFTEN if _is_any_young(now) else SELDOM)
    if not queue_once.queue_once(
        "jobs", at, now, lambda: look_at_jobs.using(run_after=at).enqueue()
    ):
        return
    # As often as this, and as little in the way of launches.
    payload_words.read_on()
    servers: tuple[Target, ...] = ("upstream",)
    if not settings.UPSTREAM_IS_SANDBOX:
        servers = ("upstream", "sandbox")
    for server in servers:
        with targets.use(server):
            look(now)


def look(now: dt.datetime) -> None:
    """Keep what is to be seen of the jobs that are due, at the server at hand."""
    due = [launch for launch in _under_way(now) if is_due(launch, now)]
    # What somebody watches is asked for by their page.
    watched = looks.seen_since([launch.job_uid for launch in due], now - _LOOKS[0][1])
    for launch in due:
        if launch.job_uid in watched:
            note(launch, watched[launch.job_uid], now)
    due = [launch for launch in due if launch.job_uid not in watched]
    by_workflow: dict[str, list[Launch]] = {}
    for launch in due:
        by_workflow.setdefault(launch.workflow_uid, []).append(launch)
    singles: list[Launch] = []
    for uid in list(by_workflow)[:MOST_WORKFLOWS]:
        singles += _look_at_list(uid, by_workflow[uid], now)
    for launch in singles[:MOST_SINGLE]:
        _look_at_one(launch, now)


def is_due(launch: Launch, now: dt.datetime) -> bool:
    """Whether its job is to be looked at again."""
    if launch.job_seen_at is None:
        return True
    age = now - launch.created_at
    every = next((every for most, every in _LOOKS if age < most), _RARELY)
    return now - launch.job_seen_at >= every


def note(launch: Launch, job: Job, now: dt.datetime) -> None:
    """Keep what is seen of the launch's job."""
    status = job.status if isinstance(job.status, str) else ""
    error = texts.hide(job.error_message) if isinstance(job.error_message, str) else ""
    rows = job.row_count if type(job.row_count) is int else None
    seen = JobSighting(
        launch=launch,
        at=now,
        status=storable(status, LONGEST_JOB_STATUS) or "unknown",
        rows=None if rows is None else min(max(rows, 0), _MOST_ROWS),
        error=storable(error, LONGEST_ERROR),
    )
    is_news = (seen.status, seen.error) != (launch.job_status, launch.job_error)
    columns = {"job_status": seen.status, "job_rows": seen.rows, "job_error": seen.error}
    ending = Ending(seen.status, _run_of(job), seen.rows, seen.error) if job.is_final else None
    with transaction.atomic():
        is_ours = _write(
            launch, seen if is_news else None, now, job_is_over=job.is_final, **columns
        )
        if is_ours and ending:
            deliveries.tell_of(launch, ending, now)


def _run_of(job: Job) -> str:
    """The same as long as the job was not run again."""
    return hashlib.sha256(pages.stamp(job).encode(errors="replace")).hexdigest()[:12]


def list_sightings(user: Person, launch: Launch) -> Sequence[JobSighting]:
    """What was seen of its job, the first first."""
    permissions.require(user, "see launches")
    return tuple(launch.sightings.all()[:MOST_SIGHTINGS])


def follow_again(job_uid: str) -> None:
    """A job that was over runs again."""
    if job_uid and "\x00" not in job_uid:
        launch_ledger.at_hand().filter(job_uid=job_uid).update(job_is_over=False)


def _is_any_young(now: dt.datetime) -> bool:
    young = Launch.objects.filter(JOB_UNDER_WAY, created_at__gt=now - _LOOKS[0][0])
    return young.exists() or hooks.is_any()


def _under_way(now: dt.datetime) -> Iterable[Launch]:
    """Those whose jobs may go on, the longest not looked at first."""
    found = launch_ledger.at_hand().filter(JOB_UNDER_WAY, created_at__gt=now - LISTED_FOR)
    found = found.exclude(job_uid="").defer("payload")
    return found.order_by(F("job_seen_at").asc(nulls_first=True), "-pk")[:MOST_LAUNCHES]


def _look_at_list(
    workflow_uid: str, launches: Sequence[Launch], now: dt.datetime
) -> Sequence[Launch]:
    """Those whose jobs are not among the workflow's newest: they are to be asked for one by one.
    None, when the list could not be had just now."""
    try:
        listed = active.list_newest(workflow_uid, max_age=LIST_MAX_AGE)
    except UnableToReachUpstream as error:
        logger.info(event("jobs not looked at", workflow_uid=workflow_uid, because=error.sentence))
        # A workflow that is gone must not stand before the others for ever.
        return launches if error.is_missing else ()
    jobs = {job.uid: job for job in listed}
    for launch in launches:
        if launch.job_uid in jobs:
            note(launch, jobs[launch.job_uid], now)
    return [launch for launch in launches if launch.job_uid not in jobs]


def _look_at_one(launch: Launch, now: dt.datetime) -> None:
    try:
        job = ask(lambda client: client.get_job(launch.job_uid))
    except UnableToReachUpstream as error:
        if error.is_missing:
            # It was there once: the upstream has forgotten it, or somebody removed it.
            _write(launch, JobSighting(launch=launch, at=now), now, job_is_over=True)
        return
    note(launch, job, now)


def _write(launch: Launch, seen: JobSighting | None, now: dt.datetime, **columns: object) -> bool:
    """Unless somebody else looked at it meanwhile. Whether it was us."""
    with transaction.atomic():
        untouched = Launch.objects.filter(pk=launch.pk, job_seen_at=launch.job_seen_at)
        is_ours = untouched.update(job_seen_at=now, **columns) == 1
        if is_ours and seen and launch.sightings.count() < MOST_SIGHTINGS:
            seen.save(force_insert=True)
    return is_ours
