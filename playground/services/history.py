"""What was launched lately, as preflight compares it with what is about to be."""

from __future__ import annotations

import datetime as dt
import functools

from django.db.models import QuerySet

from playground.contract import wire
from playground.models import Launch, LaunchState
from playground.preflight.checks import row_digest
from playground.preflight.facts import PastLaunch
from playground.services import ledger

LATELY = dt.timedelta(hours=24)
MOST_LAUNCHES = 20
# A job with limited accounts may run for days.
JOBS_LAST, MOST_LOOKED_AT = dt.timedelta(days=14), 200
# Payloads of more rows are compared as a whole only: reading them would take longer than typing.
MOST_ROWS = 5_000
# A launch in one of these may have made a job.
_ARRIVED = (LaunchState.SENDING, LaunchState.LAUNCHED, LaunchState.UNKNOWN)


def find_launches(workflow_uid: str, now: dt.datetime) -> tuple[PastLaunch, ...]:
    """The workflow's launches of the last 24 hours that may have arrived, newest first."""
    found = _arrived().filter(workflow_uid=workflow_uid, created_at__gte=now - LATELY)
    return tuple(_past(launch) for launch in found[:MOST_LAUNCHES])


def find_schedules(job_name: str) -> tuple[PastLaunch, ...]:
    """Repeating launches that run under this name and are not known to be ended."""
    found = _unended(ledger.named(_arrived(), job_name))
    return tuple(_past(launch, has_rows=False) for launch in found[:MOST_LAUNCHES])


def find_launched_workflows(now: dt.datetime) -> dict[str, dt.datetime]:
    """UID of each workflow of which jobs may run, newest launch first → when that was."""
    recent = _arrived().filter(created_at__gte=now - JOBS_LAST).order_by("-created_at")
    repeating = _unended(_arrived()).order_by("-created_at")
    found: dict[str, dt.datetime] = {}
    for launches in (recent[:MOST_LOOKED_AT], repeating[:MOST_LAUNCHES]):
        for uid, at in launches.values_list("workflow_uid", "created_at"):
            found.setdefault(uid, at)
    return found


def _unended(launches: QuerySet[Launch]) -> QuerySet[Launch]:
    return launches.filter(is_repeating=True, schedule_ended_at=None)


def _arrived() -> QuerySet[Launch]:
    return ledger.at_hand().filter(state__in=_ARRIVED).select_related("user").defer("payload")


def _past(launch: Launch, *, has_rows: bool = True) -> PastLaunch:
    is_read = has_rows and launch.row_count <= MOST_ROWS
    return PastLaunch(
        number=launch.pk,
        by=launch.user.get_username(),
        at=launch.created_at,
        job_name=launch.title,
        fingerprint=launch.fingerprint,
        rows=_rows_of(launch.pk, launch.fingerprint) if is_read else frozenset(),
        is_repeating=launch.is_repeating,
    )


@functools.lru_cache(maxsize=256)
def _rows_of(pk: int, fingerprint: str) -> frozenset[bytes]:
    """A launch's payload never changes, so its rows are read once."""
    stored = Launch.objects.filter(pk=pk, fingerprint=fingerprint).values_list("payload").first()
    payload = wire.parse_json(bytes(stored[0])) if stored else {}
    return frozenset(
        row_digest(row) for row in payload.get("inputs") or () if isinstance(row, dict)
    )
