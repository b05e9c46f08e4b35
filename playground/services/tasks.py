"""Work that outlives a request. Tasks take ids only: their arguments are stored in clear.

The launch's own row holds the state; a task that is lost with its worker loses nothing, because
`sweep_launches`, which runs whenever a worker starts, follows every undecided launch anew.
"""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django_tasks import task

from playground.models import Launch, LaunchState
from playground.services.launches import recovery
from playground.services.ledger import launches as launch_ledger


@task()
def follow_launch(launch_id: int) -> None:
    """Give the launch up when its process is lost, look for it when it is due, until decided."""
    now = timezone.now()
    launch = Launch.objects.filter(pk=launch_id).first()
    if launch is None or not launch.is_undecided:
        return
    if launch.is_sending:
        launch_ledger.give_up_lost_launches(now)
        launch.refresh_from_db()
    if recovery.is_due(launch, now):
        recovery.search_for_launch(launch, now)
    if launch.is_undecided:
        follow_later(launch, now)


@task()
def sweep_launches() -> None:
    """Follow every launch that is undecided. Idempotent; may run at any time."""
    undecided = Launch.objects.filter(state__in=(LaunchState.SENDING, LaunchState.UNKNOWN))
    for launch in undecided.order_by("pk")[:1000]:
        follow_later(launch, timezone.now())


def follow_later(launch: Launch, now: dt.datetime) -> None:
    """Look at the launch again when there may be something to do."""
    if recovery.is_over(launch):
        return
    due_at = recovery.next_at(launch) or now
    earliest = now + dt.timedelta(seconds=5)
    follow_launch.using(run_after=max(due_at, earliest)).enqueue(launch.pk)
