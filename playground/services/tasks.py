"""What runs whenever a worker starts, and once a day.

A launch's own row holds its state; a task that is lost with its worker loses nothing, because
`sweep_launches` follows every undecided launch anew.
"""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django_tasks import task

from playground.models import Launch, LaunchState
from playground.services import upkeep
from playground.services.jobs import kept as kept_jobs
from playground.services.jobs import memory
from playground.services.launches import recovery, split
from playground.services.ledger import queue_once
from playground.services.row_sets import reading
from playground.services.webhooks import deliveries

__all__ = [
    "follow_launch",
    "keep_house",
    "look_at_jobs",
    "sweep_kept_jobs",
    "sweep_launch_groups",
    "sweep_launches",
    "sweep_row_sets",
    "sweep_webhooks",
]

AFTER_START = dt.timedelta(minutes=1)
LOOKING_AFTER_START = dt.timedelta(seconds=10)

# Tasks that wait in a database may name it here, where it stood once.
follow_launch = recovery.follow_launch
look_at_jobs = memory.look_at_jobs


@task()
def sweep_launches() -> None:
    """Follow every launch that is undecided. Idempotent; may run at any time."""
    undecided = Launch.objects.filter(state__in=(LaunchState.SENDING, LaunchState.UNKNOWN))
    # Without what they sent, and all before the first is followed: SQLite refuses to write while a
    # query is open and another process has written since.
    for launch in undecided.order_by("pk").defer("payload"):
        recovery.follow_later(launch, timezone.now())


@task()
def sweep_row_sets() -> None:
    """Read every row set that is still to be read: its worker may have been killed."""
    reading.follow_all()


@task()
def sweep_kept_jobs() -> None:
    """Read on the results of every job that are to be kept."""
    kept_jobs.follow_all()


@task()
def sweep_webhooks() -> None:
    """Go on with everything that webhooks are still to be told."""
    deliveries.follow_all()


@task()
def sweep_launch_groups() -> None:
    """Go on with every split launch that is under way."""
    split.follow_all()


def look_at_jobs_soon(now: dt.datetime) -> None:
    """Not at once, for the same reason as below."""
    look_at_jobs.using(run_after=now + LOOKING_AFTER_START).enqueue()


def keep_house_soon(now: dt.datetime) -> None:
    """Not at once: whoever starts a playground waits for its first page, and nothing grew old in
    this minute."""
    keep_house.using(run_after=now + AFTER_START).enqueue()


@task()
def keep_house() -> None:
    """Once a day, drop what is too old, and follow what nobody follows.

    May run at any time: what another worker does today is not done twice.
    """
    now = timezone.now()
    at = now + upkeep.EVERY
    if queue_once.queue_once("upkeep", at, now, lambda: keep_house.using(run_after=at).enqueue()):
        upkeep.sweep(now)
        sweep_launches.call()
        sweep_row_sets.call()
        sweep_kept_jobs.call()
        sweep_launch_groups.call()
        sweep_webhooks.call()
        look_at_jobs.call()
