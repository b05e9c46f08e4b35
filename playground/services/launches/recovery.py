"""Looking for launches whose outcome is unknown, in the upstream's list of jobs.

Nothing is ever sent again here. A launch is found when exactly one job of its workflow fits it
and belongs to no other launch; it is given up after the last search, when the quiet period is
over: then no request of ours can still be on its way.
"""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django_tasks import task

from playground.contract.jobs import Job
from playground.contract.times import parse_time
from playground.models import Launch, LaunchState
from playground.services import permissions
from playground.services.ledger import launches as launch_ledger
from playground.services.permissions import Person
from playground.upstream import connections, targets
from playground.upstream.errors import UpstreamError

# Twice the longest time that the upstream may take to accept a launch, at least a minute.
QUIET_PERIOD = dt.timedelta(seconds=60)
# When to look, counted from the moment the outcome became unknown.
SEARCH_AFTER = tuple(dt.timedelta(seconds=seconds) for seconds in (10, 30, 120, 600))
# The two clocks may differ, and the upstream may stamp a job before we stamp our row.
CLOCK_SKEW = dt.timedelta(minutes=5)
MOST_PAGES = 10


def next_at(launch: Launch) -> dt.datetime | None:
    """When the launch should be looked for next; None unless its outcome is unknown."""
    if not launch.is_unknown or launch.decided_at is None:
        return None
    due_at = launch.decided_at + SEARCH_AFTER[min(launch.searches, len(SEARCH_AFTER) - 1)]
    if launch.searched_at and launch.searched_at >= due_at:
        # The upstream did not answer the last search: it is asked again, but not at once.
        due_at = launch.searched_at + dt.timedelta(seconds=60)
    return due_at


def is_over(launch: Launch) -> bool:
    """Whether every scheduled search was made: what remains is for a person to decide."""
    return launch.searches >= len(SEARCH_AFTER)


def is_due(launch: Launch, now: dt.datetime) -> bool:
    """Whether the launch's next search should happen by now."""
    due_at = next_at(launch)
    return due_at is not None and now >= due_at


@task()
def follow_launch(launch_id: int) -> None:
    """Give the launch up when its process is lost, look for it when it is due, until decided.

    A task takes IDs only: its arguments are stored in clear.
    """
    now = timezone.now()
    launch = Launch.objects.filter(pk=launch_id).first()
    if launch is None or not launch.is_undecided:
        return
    if launch.is_sending:
        launch_ledger.give_up_lost_launches(now)
        launch.refresh_from_db()
    if is_due(launch, now):
        search_for_launch(launch, now)
    if launch.is_undecided:
        follow_later(launch, now)


def follow_later(launch: Launch, now: dt.datetime) -> None:
    """Look at the launch again when there may be something to do."""
    if is_over(launch):
        return
    due_at = next_at(launch) or now
    earliest = now + dt.timedelta(seconds=5)
    follow_launch.using(run_after=max(due_at, earliest)).enqueue(launch.pk)


def search_by_hand(user: Person, launch: Launch, now: dt.datetime) -> Launch:
    """A person asks now; the schedule of searches goes on as it was."""
    permissions.require(user, "search for launch", launch)
    launch_ledger.give_up_lost_launches(now)
    launch.refresh_from_db()
    if launch.is_unknown:
        search_for_launch(launch, now, is_scheduled=False)
    return launch


def search_for_launch(launch: Launch, now: dt.datetime, *, is_scheduled: bool = True) -> None:
    """One search. Its outcome is written only while the launch is still *unknown*."""
    try:
        with targets.use(targets.named(launch.upstream)):
            found = _fitting_jobs(launch)
    except UpstreamError as error:
        _write(launch, searched_at=now, sentence=f"Could not be looked for: {error.sentence}")
        return
    searches = launch.searches + (1 if is_scheduled else 0)
    if len(found) == 1:
        _write(
            launch,
            state=LaunchState.LAUNCHED,
            job_uid=found[0].uid,
            searches=searches,
            searched_at=now,
            sentence="Found in the upstream's list of jobs.",
        )
    elif found:
        _write(launch, searches=searches, searched_at=now, sentence=_several(found))
    elif searches >= len(SEARCH_AFTER) and _is_quiet(launch, now):
        _write(
            launch,
            state=LaunchState.NOT_FOUND,
            searches=searches,
            searched_at=now,
            sentence=(
                "No such job appeared upstream. You may launch it again; "
                "the playground never does so by itself."
            ),
        )
    else:
        _write(
            launch,
            searches=searches,
            searched_at=now,
            sentence="Not in the upstream's list of jobs so far. It will be looked for again.",
        )


def _write(launch: Launch, **changes: object) -> None:
    Launch.objects.filter(pk=launch.pk, state=LaunchState.UNKNOWN).update(**changes)
    launch.refresh_from_db()


def _is_quiet(launch: Launch, now: dt.datetime) -> bool:
    return launch.sent_at is not None and now >= launch.sent_at + QUIET_PERIOD


def _fitting_jobs(launch: Launch) -> list[Job]:
    """Main jobs that could be this launch's and are no other launch's, newest first."""
    client = connections.connect()
    fitting: list[Job] = []
    for page in range(MOST_PAGES):
        jobs = client.list_jobs(launch.workflow_uid, page=page)
        fitting.extend(job for job in jobs if _fits(job, launch))
        if not jobs:
            break
    taken = set(
        Launch.objects.filter(job_uid__in=[job.uid for job in fitting]).values_list(
            "job_uid", flat=True
        )
    )
    return [job for job in fitting if job.uid not in taken]


def _fits(job: Job, launch: Launch) -> bool:
    if not job.is_main or job.name != (launch.job_name or launch.workflow_name):
        return False
    if isinstance(job.number_inputs, int) and job.number_inputs != launch.row_count:
        return False
    times = (job.scheduled_time, job.start_time)
    known = [moment for moment in map(parse_time, times) if moment is not None]
    return not known or launch.sent_at is None or max(known) >= launch.sent_at - CLOCK_SKEW


def _several(found: list[Job]) -> str:
    uids = ", ".join(job.uid for job in found[:5])
    return (
        f"{len(found)} jobs of this name could be it: {uids}. Compare them before launching again."
    )
