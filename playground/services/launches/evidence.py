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
    if sought.job_name and isinstance(job.name, str) and storable(job.name) != sought.job_name:
        return False
    count = job.number_inputs
    # A launch without rows runs once (section 12, line 6).
    return not isinstance(count, int) or count in (sought.row_count, max(1, sought.row_count))


def moment_of(job: Job, sought: Sought, clock: ClockSkew) -> Moment:
    """When the job was made, as seen from the moment of sending.

    The API tells when a job is due, which is when it was made and its delay, and when it started.
    A retry moves both on, so a job that seems late may be the launch's all the same.
    """
    started = job.started_at
    due = job.scheduled_at - dt.timedelta(seconds=sought.delay) if job.scheduled_at else None
    told = [at - clock.ahead for at in (due, started) if at is not None]
    if not told:
        return "not-known"
    if max(told) < sought.sent_at - clock.doubt:
        return "before"
    if min(told) < sought.sent_at - clock.error:
        return "not-known"
    if min(told) <= sought.sent_at + LAUNCH_BUDGET + clock.error:
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
    return "same" if _counted(ours, keys) == _counted(theirs, keys) else "other"


def _counted(rows: Iterable[Mapping[str, Any]], keys: Iterable[str]) -> Counter[bytes]:
    wanted = sorted(keys)
    return Counter(canonical_json({key: row[key] for key in wanted if key in row}) for row in rows)
