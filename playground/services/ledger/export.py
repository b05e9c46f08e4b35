"""The list of launches as a table: for a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from playground.row_sets import writing
from playground.services import permissions
from playground.services.ledger import launches as launch_ledger
from playground.services.ledger.launches import LaunchFilter
from playground.services.permissions import Person

_AT_ONCE = 1_000
_COLUMNS = {
    "launch": "pk",
    "name": "job_name",
    "workflow": "workflow_name",
    "workflow_uid": "workflow_uid",
    "state": "state",
    "job_uid": "job_uid",
    "job_status": "job_status",
    "job_seen_at": "job_seen_at",
    "rows": "row_count",
    "result_rows": "job_rows",
    "error": "job_error",
    "fingerprint": "fingerprint",
    "by": "user__username",
    "launched_at": "created_at",
    "repeats": "is_repeating",
}


def as_csv(user: Person, wanted: LaunchFilter, now: dt.datetime) -> Iterator[bytes]:
    """Every launch that fits, newest first, as a file for spreadsheets."""
    permissions.require(user, "see launches")
    found = launch_ledger.narrowed(wanted, now).values_list(*_COLUMNS.values())
    rows = (list(map(_text, row)) for row in found.iterator(chunk_size=_AT_ONCE))
    return writing.table_csv(tuple(_COLUMNS), rows, exact=False)


def _text(value: object) -> str:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
