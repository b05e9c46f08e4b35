"""What a job's status means, what one may do now, and when it is to be over.

Contract section 7.2. A status that is not in it stays what it is, and is followed on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from playground.contract import jobs
from playground.contract.jobs import Job

# From so much of the work on it is guessed when the rest is done.
LEAST_DONE = 0.02


@dataclass(frozen=True, slots=True)
class Act:
    """Something that one may do with a job in some states; `absent` says why not in this one."""

    label: str
    absent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """`meaning` of a status, and whether the job can be stopped, or run again as it was."""

    meaning: str
    stop: Act
    rerun: Act

    @property
    def absent(self) -> tuple[Act, ...]:
        """What is not offered now, with the reasons."""
        return tuple(act for act in (self.stop, self.rerun) if act.absent)


_STOP, _RERUN = "Stop the job", "Run it again as it was"
_IS_OVER = "it is over, so there is nothing left to stop"
_MEANINGS = {
    jobs.PENDING: "It waits for its start.",
    jobs.RUNNING: "It is under way. While limits of its accounts hold it, nothing seems to move.",
    jobs.FINISHED: "It is done: at least one input succeeded, with results or without.",
    jobs.WARNING: "It failed because of what it was given: every input failed, or an input, a "
    "parameter or an account’s sign-in is wrong. Mend that before it runs again.",
    jobs.SHUTDOWN: "It failed for a technical reason, at the upstream or at a third party. Nothing "
    "more comes by itself.",
    jobs.STOPPED: "Somebody stopped it. What it gave until then stays.",
    jobs.PAUSED: "It waits for an account: its sign-in is no longer valid, its key is outdated, "
    "or its credits are used up.",
}
_NO_STOP = {
    jobs.FINISHED: _IS_OVER,
    jobs.WARNING: _IS_OVER,
    jobs.SHUTDOWN: _IS_OVER,
    jobs.STOPPED: "it was stopped already",
}
_NO_RERUN = {
    jobs.PENDING: "it has not begun, so there is nothing to run again",
    jobs.RUNNING: "it still runs; once it is over it can be, unless it succeeded",
    jobs.FINISHED: "the API runs no job again that succeeded; launch it anew instead",
}


def of(job: Job) -> Standing:
    """What the job's status means, and what it allows."""
    status = jobs.FINISHED if job.is_success else job.status
    if not isinstance(status, str) or status not in _MEANINGS:
        doubt = "nobody has written down whether a job of this status can be"
        return Standing(
            meaning="The upstream has a status here that this page does not know. It is followed "
            "on until it is one that is known to be the last.",
            stop=Act(_STOP, f"{doubt} stopped"),
            rerun=Act(_RERUN, f"{doubt} run again"),
        )
    return Standing(
        meaning=_MEANINGS[status],
        stop=Act(_STOP, _NO_STOP.get(status, "")),
        rerun=Act(_RERUN, _NO_RERUN.get(status, "")),
    )


def share_done(parts: Sequence[Job], steps: int) -> float:
    """How much of the work is done, from 0 to 1: each of so many steps counts alike."""
    done = sum(_share(part) for part in parts)
    return min(done / steps, 1.0) if steps else 0.0


def expected_end(job: Job, share: float, now: dt.datetime) -> dt.datetime | None:
    """When it ends if it goes on as it did; None where that cannot be said."""
    started = job.started_at
    if job.status != jobs.RUNNING or started is None or now <= started:
        return None
    return started + (now - started) / share if LEAST_DONE <= share < 1 else None


def _share(part: Job) -> float:
    if part.is_final:
        return 1.0
    rows, inputs = part.row_count, part.number_inputs
    if type(rows) is not int or type(inputs) is not int or inputs <= 0:
        return 0.0
    return min(max(rows, 0) / inputs, 1.0)
