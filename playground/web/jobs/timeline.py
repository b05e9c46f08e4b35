"""How far a job is: its steps along one line of time, its counts, and when to look again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from playground.contract import jobs
from playground.contract.jobs import Job
from playground.services.jobs import looks, standing
from playground.services.jobs.follow import JobDetail, JobStep

# The line's length.
WIDTH = 1_000
# Of what took no time: it is to be seen all the same.
LEAST = 6
# Seconds after which it is looked again at least, while the upstream says nothing.
_WHEN_SILENT = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """`over` of so many `steps`; `ends_at` if it goes on as it did, where that can be said."""

    steps: int
    over: int
    ends_at: dt.datetime | None

    @classmethod
    def of(cls, detail: JobDetail, now: dt.datetime) -> Progress:
        parts = [step.job for step in detail.steps if step.job]
        share = standing.share_done(parts, len(detail.steps))
        return cls(
            steps=len(detail.steps),
            over=sum(part.is_final for part in parts),
            ends_at=standing.expected_end(detail.job, share, now),
        )


@dataclass(frozen=True, slots=True)
class Lane:
    """A step with its bar: where it begins, and how wide it is; no bar where it has no start."""

    step: JobStep
    x: int = 0
    width: int = 0


def icon_of(job: Job) -> str:
    """What the tab of the browser shows of it."""
    if job.is_success:
        return "img/job-over.svg"
    if job.is_paused or job.status == jobs.STOPPED:
        return "img/job-waiting.svg"
    return "img/job-failed.svg" if job.is_final else "img/job-running.svg"


def lanes(steps: Sequence[JobStep], now: dt.datetime) -> tuple[Lane, ...]:
    """Each step on the line from the first start to the last end, or to `now` where one of them
    has no end yet."""
    spans = [_span(step, now) for step in steps]
    known = [span for span in spans if span]
    if not known:
        return tuple(Lane(step) for step in steps)
    first = min(start for start, _ in known)
    length = max((max(end for _, end in known) - first).total_seconds(), 0.001)
    return tuple(_lane(step, span, first, length) for step, span in zip(steps, spans, strict=True))


def seconds_between_looks(detail: JobDetail, now: dt.datetime) -> int:
    """After how many seconds the page looks again."""
    seconds = looks.seconds_between(detail.job, now)
    return max(seconds, _WHEN_SILENT) if detail.why_old else seconds


def _lane(
    step: JobStep, span: tuple[dt.datetime, dt.datetime] | None, first: dt.datetime, length: float
) -> Lane:
    if span is None:
        return Lane(step)
    start, end = ((at - first).total_seconds() / length for at in span)
    width = max(LEAST, round((end - start) * WIDTH))
    return Lane(step, min(round(start * WIDTH), WIDTH - width), width)


def _span(step: JobStep, now: dt.datetime) -> tuple[dt.datetime, dt.datetime] | None:
    job = step.job
    if job is None or job.started_at is None:
        return None
    end = job.finished_at or (job.started_at if job.is_final else now)
    return job.started_at, max(job.started_at, end)
