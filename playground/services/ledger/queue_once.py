"""Queuing background work of a name once, however many processes want it done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db import transaction

from playground.models import Appointment

# What was to be done long ago and was queued no more is done.
FORGOTTEN_AFTER = dt.timedelta(days=2)


def queue_once(name: str, at: dt.datetime, now: dt.datetime, enqueue: Callable[[], object]) -> bool:
    """Queue it for `at`, unless it is queued for a time that is still to come. Whether it was.

    What was queued for a time that is over has begun, or was lost with its queue.
    """
    with transaction.atomic():
        due = Appointment.objects.filter(name=name, at__lte=now)
        if not due.update(at=at):
            _, is_new = Appointment.objects.get_or_create(name=name, defaults={"at": at})
            if not is_new:
                return False
        enqueue()
    return True


def forget_old(now: dt.datetime) -> None:
    Appointment.objects.filter(at__lt=now - FORGOTTEN_AFTER).delete()
