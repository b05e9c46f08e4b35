"""Jobs upstream that may be a launch's, looked up and weighed one by one."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from playground.contract import wire
from playground.contract.jobs import Job, Paging
from playground.models import UNDECIDED, Launch
from playground.services.launches import evidence
from playground.services.launches.evidence import Candidate, ClockSkew, Rows, Sought
from playground.upstream import connections, targets
from playground.upstream.client import WorkflowClient
from playground.upstream.errors import UpstreamRefused

Inputs = tuple[list[Mapping[str, Any]], bool]

# Pages of a job's inputs that are read: as many rows as a launch may have.
MOST_PAGES, MOST_INPUT_PAGES = 200, 101
# Of so many jobs the inputs are compared; of others they are not known.
MOST_COMPARED = 8
# The sandbox in this process has our own clock.
_OUR_CLOCK = ClockSkew(error=dt.timedelta(), doubt=dt.timedelta(seconds=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Jobs that may be the launch's and belong to no other launch, newest first.

    `is_whole` unless the list of jobs was cut before its end: then there may be others. `rivals`
    are other launches, of unknown outcome too, that one of the jobs may belong to as well;
    `has_lookalikes` tells that other jobs, too, look like the launch's and were made about then.
    """

    candidates: tuple[Candidate, ...]
    is_whole: bool
    rivals: tuple[int, ...] = ()
    has_lookalikes: bool = False

    @property
    def proved(self) -> Job | None:
        """The one job that is the launch's, when nothing else can be.

        What was made later than a launch is accepted does not stand against one that was in time.
        """
        in_time = [one for one in self.candidates if one.moment != "after"]
        if len(in_time) != 1 or self.rivals or not self.is_whole:
            return None
        return in_time[0].job if in_time[0].is_proved else None


def sought_of(launch: Launch) -> Sought:
    """What the launch is recognised by."""
    payload = wire.parse_json(bytes(launch.payload))
    body = payload if isinstance(payload, dict) else {}
    inputs = body.get("inputs")
    rows = inputs if isinstance(inputs, list) else ()
    return Sought(
        job_name=launch.job_name,
        row_count=launch.row_count,
        rows=tuple(row for row in rows if isinstance(row, dict)),
        sent_at=launch.sent_at or launch.created_at,
        delay=_delay(body.get("delay")),
    )


def _delay(asked: object) -> float:
    """The seconds for which a launch is put off, where it was sent."""
    if not isinstance(asked, int | float) or not 0 < asked < 1e9:
        return 0.0
    # Our own sandbox divides every duration.
    return asked / float(settings.SANDBOX_SPEED) if targets.is_sandbox() else float(asked)


def find(launch: Launch, *, seconds: float) -> Found:
    """Look for the launch's job where it was sent to, for at most so many seconds.

    Raises `UpstreamError`.
    """
    until = time.monotonic() + seconds
    client, sought = connections.connect(), sought_of(launch)
    jobs, is_whole = _list_jobs(client, launch.workflow_uid, until)
    clock = _clock_of(client)
    fitting = [job for job in jobs if evidence.may_be(job, sought, clock)]
    taken = _taken(fitting)
    free = [job for job in fitting if job.uid not in taken]
    inputs = {
        job.uid: _list_inputs(client, job.uid, until, expected=sought.row_count)
        for job in free[:MOST_COMPARED]
    }
    weighed = (
        Candidate(
            job=job,
            rows=_compare(sought, inputs.get(job.uid)),
            moment=evidence.moment_of(job, sought, clock),
        )
        for job in free
    )
    # What holds other rows is another's, however alike it looks.
    candidates = tuple(one for one in weighed if one.rows != "other")
    in_time = [one.job for one in candidates if one.moment != "after"]
    return Found(
        candidates=candidates,
        is_whole=is_whole,
        rivals=tuple(_rivals(launch, in_time, inputs, clock)),
        has_lookalikes=any(
            _is_alike(sought, owner) and evidence.moment_of(job, sought, clock) != "after"
            for job in fitting
            if (owner := taken.get(job.uid))
        ),
    )


def _list_jobs(client: WorkflowClient, workflow_uid: str, until: float) -> tuple[list[Job], bool]:
    """The workflow's jobs, and whether all of them were listed: the list ends with a page that
    has none (contract section 1.4)."""
    found: dict[str, Job] = {}
    for page in range(MOST_PAGES):
        jobs = client.list_jobs(workflow_uid, page=page)
        if not jobs:
            return list(found.values()), True
        known = len(found)
        found |= {job.uid: job for job in jobs}
        if len(found) == known or time.monotonic() > until:
            break
    return list(found.values()), False


def _list_inputs(
    client: WorkflowClient, job_uid: str, until: float, *, expected: int
) -> Inputs | None:
    """The rows that the job was given, and whether these are all; None when it does not tell.

    Fewer than are expected, on pages that tell of no others, are not known to be all.
    """
    rows: list[Mapping[str, Any]] = []
    for page in range(1, MOST_INPUT_PAGES + 1):
        try:
            found = client.list_job_inputs(job_uid, page=page)
        except UpstreamRefused:
            return None
        rows.extend(found.inputs)
        if not found.has_next:
            return rows, len(rows) >= expected or isinstance(found.paging, Paging)
        if time.monotonic() > until:
            break
    return rows, False


def _clock_of(client: WorkflowClient) -> ClockSkew:
    if targets.is_sandbox() and client.clock is None:
        return _OUR_CLOCK
    if client.clock is None:
        return ClockSkew()
    error = client.clock.error
    return ClockSkew(ahead=client.clock.ahead, error=error, doubt=error + dt.timedelta(seconds=1))


def _taken(jobs: Iterable[Job]) -> dict[str, Launch]:
    """Of those that belong to a launch already: UID → launch."""
    uids = [job.uid for job in jobs]
    here = Launch.objects.filter(upstream__in=targets.names(), job_uid__in=uids)
    return {launch.job_uid: launch for launch in here}


def _is_alike(sought: Sought, owner: Launch) -> bool:
    """Whether the rows of another launch are not known to be others."""
    return evidence.compare_rows(sought.rows, sought_of(owner).rows, is_whole=True) != "other"


def _compare(sought: Sought, inputs: Inputs | None) -> Rows:
    if inputs is None:
        return "not-known"
    return evidence.compare_rows(sought.rows, inputs[0], is_whole=inputs[1])


def _rivals(
    launch: Launch,
    jobs: Iterable[Job],
    inputs: Mapping[str, Inputs | None],
    clock: ClockSkew,
) -> Iterator[int]:
    """Other launches that may have made one of the jobs. Looked up after the jobs: the row of a
    launch is there before its job can be."""
    others = Launch.objects.filter(
        upstream=launch.upstream, workflow_uid=launch.workflow_uid, state__in=UNDECIDED
    )
    for other in others.exclude(pk=launch.pk):
        sought = sought_of(other)
        if any(
            evidence.may_be(job, sought, clock)
            and evidence.moment_of(job, sought, clock) != "after"
            and _compare(sought, inputs.get(job.uid)) != "other"
            for job in jobs
        ):
            yield other.pk
