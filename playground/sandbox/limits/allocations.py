"""What one step of an attempt takes out of the windows of its accounts (section 1.6)."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime

from playground.sandbox.jobs import attempts, flow
from playground.sandbox.jobs.attempts import RunAttempt
from playground.sandbox.jobs.timeline import Pace, Pause, Share
from playground.sandbox.limits.windows import Window, WindowKey
from playground.sandbox.records import StepPlan

# The prefix of a launch, the occurrence, and the number of the attempt.
AttemptKey = tuple[str, int, int]
AllocationKey = tuple[AttemptKey, int]


def key_of(attempt: RunAttempt) -> AttemptKey:
    return attempt.launch.prefix, attempt.occurrence, attempt.number


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Places that a step may work on from a second on, and the window they were taken from; of
    an account that nothing limits there is none. `inputs` are what counts of the rows."""

    second: float
    rows: int
    inputs: int
    window_key: WindowKey
    window_start: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """One step of an attempt as its accounts' limits see it. Its rows are places (`jobs.flow`).

    `wanted` rows have come to it, `granted` of them were taken out of windows. `ready` is the
    second when it can begin with the next batch. `window_keys` are those in whose lines it stands.
    The schedule it belongs to goes on, if it `is_leading`, once it does not wait.
    """

    attempt: RunAttempt
    index: int
    order: tuple[datetime, int]
    pace: Pace
    ready: float
    wanted: int = 0
    granted: int = 0
    grants: tuple[Grant, ...] = ()
    window_keys: frozenset[WindowKey] = frozenset()
    pauses: tuple[Pause, ...] = ()
    paused_at: float | None = None
    trouble: str = ""
    is_waiting: bool = False
    is_leading: bool = False

    @property
    def key(self) -> AllocationKey:
        return key_of(self.attempt), self.index

    @property
    def step(self) -> StepPlan:
        return self.attempt.plan.steps[self.index]

    @property
    def remaining(self) -> int:
        return self.wanted - self.granted

    def share(self) -> Share:
        pauses = self.pauses
        if self.paused_at is not None:
            pauses += (Pause(start=self.paused_at, end=None, trouble=self.trouble),)
        grants = tuple((item.second, item.rows) for item in self.grants)
        accounts = tuple(item.window_key[0] for item in self.grants)
        return Share(grants=grants, accounts=accounts, pauses=pauses)

    def inputs_in(self, start: int, rows: int) -> int:
        """What the limits count of these rows: inputs that there are."""
        first, last = (
            flow.inputs_before(self.attempt.plan, self.index, place)
            for place in (start, start + rows)
        )
        return last - first

    def rows_for(self, inputs: int) -> int:
        """How many of the next rows so many inputs are."""
        return flow.places_for(self.attempt.plan, self.index, self.granted, inputs)

    def start_at(self, second: float) -> float:
        """When it would begin with the next batch, if it may from this second on. Whoever
        waits for less than a batch's time loses none."""
        return self.ready if second <= self.ready + self.pace.seconds else second

    def with_rows(
        self, rows: int, key: WindowKey, window: Window | None, second: float
    ) -> Allocation:
        """It with rows taken out of the window."""
        start = self.start_at(second)
        grant = Grant(
            second=start,
            rows=rows,
            inputs=self.inputs_in(self.granted, rows),
            window_key=key,
            window_start=window.start if window else None,
        )
        return replace(
            self,
            grants=(*self.grants, grant),
            granted=self.granted + rows,
            ready=start + self.pace.seconds_for(rows),
        )

    def rows_within(self, window: Window, second: float, *, is_new: bool) -> int:
        """How many rows are done before the window ends: a row counts where it is done. A new
        window lets one batch in, however long that takes."""
        start = self.start_at(second)
        span = attempts.second_at(self.attempt, window.end) - start
        batches = math.ceil(span / self.pace.seconds - 1e-6) - 1
        return max(batches, 1 if is_new else 0) * self.pace.batch

    def paused(self, second: float, trouble: str) -> Allocation:
        return replace(self, paused_at=second, trouble=trouble)

    def resumed(self, second: float) -> Allocation:
        pause = Pause(start=self.paused_at or 0.0, end=second, trouble=self.trouble)
        return replace(self, pauses=(*self.pauses, pause), paused_at=None, trouble="")

    def cut(self, done: int) -> tuple[Allocation, tuple[Grant, ...]]:
        """It with only the rows that were done, and the grants of which others are left over:
        each with as many rows as that."""
        kept, over, start = list[Grant](), list[Grant](), 0
        for grant in self.grants:
            keep = min(grant.rows, max(0, done - start))
            inputs = self.inputs_in(start, keep)
            if keep:
                kept.append(replace(grant, rows=keep, inputs=inputs))
            if keep < grant.rows:
                rest, left = grant.rows - keep, grant.inputs - inputs
                over.append(replace(grant, rows=rest, inputs=left))
            start += grant.rows
        granted = sum(grant.rows for grant in kept)
        return replace(self, grants=tuple(kept), granted=granted), tuple(over)
