"""What was launched lately, as preflight compares it with what is about to be."""

from __future__ import annotations

import datetime as dt
import functools

from django.db import connection
from django.db.models import QuerySet

from playground.contract import wire
from playground.contract.workflows import Workflow
from playground.models import UNENDED, Launch, LaunchState
from playground.payload.build.repeats import KeyNames, key_names, row_digest
from playground.preflight.facts import PastLaunch
from playground.services.ledger import launches as launch_ledger
from playground.services.ledger.column_text import storable

LATELY = dt.timedelta(hours=24)
MOST_LAUNCHES = 20
# A job with limited accounts may run for days.
JOBS_LAST = dt.timedelta(days=14)
MOST_LOOKED_AT = 200
# Payloads of more rows are compared as a whole only: reading them would take longer than typing.
MOST_ROWS = 5_000
_NEWEST = f"SELECT max(id) FROM {Launch._meta.db_table}"  # noqa: S608, SLF001
# A launch in any other state may have made a job.
_WITHOUT_JOB = (LaunchState.REJECTED, LaunchState.UNREACHABLE, LaunchState.NOT_FOUND)


def newest_number() -> int:
    """The number of the newest launch; 0 when there is none."""
    # Each page of a form asks: building the query anew would take longer than the database does.
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST)
        return cursor.fetchone()[0] or 0


def find_launches(workflow: Workflow, now: dt.datetime, *, but: int = 0) -> tuple[PastLaunch, ...]:
    """The workflow's launches of the last 24 hours that may have arrived, newest first: all `but`
    the one of that number."""
    here = _arrived().filter(workflow_uid=storable(workflow.uid)).exclude(pk=but)
    return _past(here.filter(created_at__gte=now - LATELY), key_names(workflow))


def find_schedules(job_name: str) -> tuple[PastLaunch, ...]:
    """Repeating launches that run under this name and are not known to be ended."""
    return _past(launch_ledger.named(_arrived(), job_name).filter(UNENDED))


def find_launched_workflows(now: dt.datetime) -> dict[str, dt.datetime]:
    """UID of each workflow of which jobs may run, newest launch first → when that was."""
    recent = _arrived().filter(created_at__gte=now - JOBS_LAST).order_by("-created_at")
    repeating = _arrived().filter(UNENDED).order_by("-created_at")
    found: dict[str, dt.datetime] = {}
    for launches in (recent[:MOST_LOOKED_AT], repeating[:MOST_LAUNCHES]):
        for uid, at in launches.values_list("workflow_uid", "created_at"):
            found.setdefault(uid, at)
    return found


def _arrived() -> QuerySet[Launch]:
    # Not by the states that are wanted: SQLite would look up those, which nearly all rows have.
    return launch_ledger.at_hand().exclude(state__in=_WITHOUT_JOB)


def _past(launches: QuerySet[Launch], names: KeyNames | None = None) -> tuple[PastLaunch, ...]:
    """Their rows are read by the `names` of keys, if there are any."""
    # Asked for on every look: whole objects would cost twice as much as these columns.
    found = launches.values_list(
        "pk",
        "user__username",
        "created_at",
        "job_name",
        "workflow_name",
        "fingerprint",
        "row_count",
        "is_repeating",
    )
    return tuple(
        PastLaunch(
            number=pk,
            by=name,
            at=at,
            job_name=job_name or workflow_name,
            fingerprint=fingerprint,
            rows=_rows_of(pk, fingerprint, names)
            if names is not None and rows <= MOST_ROWS
            else frozenset(),
            is_repeating=is_repeating,
        )
        for pk, name, at, job_name, workflow_name, fingerprint, rows, is_repeating in (
            found[:MOST_LAUNCHES]
        )
    )


@functools.lru_cache(maxsize=256)
def _rows_of(pk: int, fingerprint: str, names: KeyNames) -> frozenset[bytes]:
    """A launch's payload never changes, so its rows are read once."""
    stored = Launch.objects.filter(pk=pk, fingerprint=fingerprint).values_list("payload").first()
    payload = wire.parse_json(bytes(stored[0])) if stored else {}
    return frozenset(
        row_digest(row, names) for row in payload.get("inputs") or () if isinstance(row, dict)
    )
