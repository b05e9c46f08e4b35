"""Whether a job upstream is a launch's: what its name, its size, its rows and its time tell.

The API has no key that a launch could carry, so a job is recognised by what it holds (contract
sections 6 and 7). Nothing here takes a likeness for a proof: what cannot be told is `not-known`.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from playground.contract.folding import fold
from playground.contract.jobs import Job
from playground.contract.launches import META_KEY
from playground.payload.fingerprints import canonical_json
from playground.services.ledger.column_text import storable
from playground.upstream.attempts import Budgets

Rows = Literal["same", "other", "not-known"]
Moment = Literal["before", "within", "after", "not-known"]

# A launch is waited for so long; what was accepted was, as a rule, by then.
LAUNCH_BUDGET = dt.timedelta(seconds=Budgets().change.total)
# Twice the longest time that the upstream may take to accept a launch, at least a minute: what was
# made later than this after sending was made by another request.
LONGEST_ACCEPTANCE = dt.timedelta(seconds=60)
# The inputs of a job tell beside each row how it fared (section 7), under these names.
_FATE_KEYS = frozenset({"status", "error_message"})
# Of a name that was cut so much is left.
_SHORTEST_CUT_NAME = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """A launch as it may be recognised. `delay` is the one that it asked for, in seconds."""

    job_name: str
    row_count: int
    rows: tuple[Mapping[str, Any], ...]
    sent_at: dt.datetime
    delay: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockSkew:
    """The upstream's clock beside ours: by how much it is `ahead`, as far as that is known.

    What seems made up to `error` before sending may have been made after it; what seems made
    more than `doubt` before it was made before it, however wrong the clocks are.
    """

    ahead: dt.timedelta = dt.timedelta()
    error: dt.timedelta = dt.timedelta(seconds=2)
    doubt: dt.timedelta = dt.timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A job that may be the launch's, and what speaks for it."""

    job: Job
    rows: Rows
    moment: Moment

    @property
    def is_proved(self) -> bool:
        """It holds the launch's rows and was made when the launch was sent."""
        return self.rows == "same" and self.moment == "within"


def may_be(job: Job, sought: Sought, clock: ClockSkew) -> bool:
    """Whether nothing that the list of jobs tells speaks against it."""
    if not job.is_main or moment_of(job, sought, clock) == "before":
        return False
    # A launch that names no job leaves the naming to the upstream (section 12, line 8).
    if sought.job_name and isinstance(job.name, str) and not _is_named(job.name, sought.job_name):
        return False
    count = job.number_inputs
    # A launch without rows runs once (section 12, line 6); a job whose rows are still being taken
    # in may tell of none.
    return not isinstance(count, int) or count in (0, sought.row_count, max(1, sought.row_count))


def _is_named(theirs: str, ours: str) -> bool:
    """Whether the upstream may have made the job's name of ours: by trimming it, by writing its
    letters otherwise, by cutting it, or by leaving it out."""
    told, wanted = fold(storable(theirs)), fold(ours)
    return told in ("", wanted) or (
        len(told) >= _SHORTEST_CUT_NAME and wanted.startswith(told.rstrip("…. "))
    )


def moment_of(job: Job, sought: Sought, clock: ClockSkew) -> Moment:
    """When the job was made, as seen from the moment of sending.

    The API tells when a job is due, which is when it was made and its delay, and when it started.
    A retry moves both on, so a job that seems late may be the launch's all the same; and what an
    upstream makes of a delay is its own affair: a job that is due after sending is not known to be
    of before.
    """
    started = job.started_at
    delay = dt.timedelta(seconds=sought.delay)
    due = job.scheduled_at - delay if job.scheduled_at else None
    told = [at - clock.ahead for at in (due, started) if at is not None]
    if not told:
        return "not-known"
    if max(told) < sought.sent_at - clock.doubt:
        is_due = due is not None and due + delay - clock.ahead >= sought.sent_at - clock.doubt
        return "not-known" if is_due else "before"
    if min(told) < sought.sent_at - clock.error:
        return "not-known"
    # Whoever sends the same when our call has ended is somebody else, whatever the clocks' error.
    if min(told) <= sought.sent_at + LAUNCH_BUDGET - clock.error:
        return "within"
    # It may have been late on its way; as well, somebody may have sent the same meanwhile.
    return (
        "not-known" if min(told) <= sought.sent_at + LONGEST_ACCEPTANCE + clock.error else "after"
    )


def compare_rows(
    ours: Sequence[Mapping[str, Any]], theirs: Sequence[Mapping[str, Any]], *, is_whole: bool
) -> Rows:
    """The launch's rows against those that the job tells, in whatever order.

    `is_whole` unless there are more of theirs than were read. Of theirs those keys count that we
    sent; the fate of a row may stand in the place of a key of the same name, and `meta` counts
    only if it comes back.
    """
    told = {key for row in theirs for key in row}
    keys = {key for row in ours for key in row} - _FATE_KEYS
    keys -= {META_KEY} - told
    if keys <= {META_KEY} or not is_whole or not told.issuperset(keys):
        return "not-known"
    if _counted(ours, keys) == _counted(theirs, keys):
        return "same"
    # An upstream that trims or converts what it is given tells other values than ours, and the
    # job may be the launch's all the same.
    is_alike = _counted(map(_plain_row, ours), keys) == _counted(map(_plain_row, theirs), keys)
    return "not-known" if is_alike else "other"


def _counted(rows: Iterable[Mapping[str, Any]], keys: Iterable[str]) -> Counter[bytes]:
    wanted = sorted(keys)
    return Counter(canonical_json({key: row[key] for key in wanted if key in row}) for row in rows)


def _plain_row(row: Mapping[str, Any]) -> dict[str, str]:
    """The same of rows that differ in how their values are written; empty ones are left out."""
    plain = {key: _plain(value) for key, value in row.items()}
    return {key: text for key, text in plain.items() if text}


def _plain(value: object) -> str:
    if isinstance(value, str):
        return fold(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else fold(canonical_json(value).decode())
