"""What runs whenever a worker starts.

A launch's own row holds its state; a task that is lost with its worker loses nothing, because
`sweep_launches` follows every undecided launch anew.
"""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task

from playground.models import Launch, LaunchState
from playground.services.launches import recovery

__all__ = ["follow_launch", "sweep_launches"]

# Tasks that wait in a database may name it here, where it stood once.
follow_launch = recovery.follow_launch


@task()
def sweep_launches() -> None:
    """Follow every launch that is undecided. Idempotent; may run at any time."""
    undecided = Launch.objects.filter(state__in=(LaunchState.SENDING, LaunchState.UNKNOWN))
    for launch in undecided.order_by("pk")[:1000]:
        recovery.follow_later(launch, timezone.now())
