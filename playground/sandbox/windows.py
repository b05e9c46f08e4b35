"""Windows of 24 hours, what is taken out of them, and who takes it (section 1.6)."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from playground.sandbox import attempts, course
from playground.sandbox.attempts import Attempt
from playground.sandbox.catalog import AccountLimit
from playground.sandbox.course import Pace, Pause, Share

DAY = timedelta(hours=24)
# An account, and the permalink of one of its limits.
Key = tuple[str, str]


@dataclass(slots=True, kw_only=True, eq=False)
class Window:
    """What one account has taken of one limit since `start`; `is_watched` when somebody waits
    for its end."""

    limit: AccountLimit
    start: datetime
    end: datetime
    used: int = 0
    is_watched: bool = False

    @property
    def room(self) -> int:
        return max(0, self.limit.value - self.used)


def open_window(limit: AccountLimit, at: datetime, before: Window | None, speed: float) -> Window:
    """It opens on the full second, since windows are told without fraction, and its 24 hours
    are divided by the speed of the launch that opens it."""
    start = at.replace(microsecond=0)
    if before is not None:
        start = max(start, before.end)
    return Window(limit=limit, start=start, end=start + DAY / speed)


@dataclass(slots=True, kw_only=True, eq=False)
class Track:
    """An attempt whose steps take part, and what has come of them; by the index of the step.

    `earlier` is that of the attempt before. `arrivals` counts the pieces of work that are known
    to come to a step.
    """

    attempt: Attempt
    limited: tuple[int, ...]
    earlier: Track | None = None
    uses: dict[int, Use] = field(default_factory=dict)
    arrivals: dict[int, int] = field(default_factory=dict)
    is_over: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether nothing more will be taken for it."""
        return self.is_over or all(
            index in self.uses and self.uses[index].granted >= self.most(index)
            for index in self.limited
        )

    def most(self, index: int) -> int:
        """How many rows the step will ever work on."""
        pace = course.pace_of(self.attempt.plan)
        is_last = index == len(self.attempt.plan.steps) - 1
        if is_last and attempts.breaks_off(self.attempt):
            return max(pace.batch, course.rows_before_break(pace))
        return pace.rows


@dataclass(slots=True, kw_only=True, eq=False)
class Use:
    """One step of an attempt as its accounts' limits see it.

    `wanted` rows have come to it, `granted` of them were taken out of windows. `ready` is the
    second when it can begin with the next batch. `taken` has the key, the window (None: not
    limited) and the rows of each grant. `keys` are those in whose line it stands.
    """

    track: Track
    index: int
    order: tuple[datetime, int]
    pace: Pace
    ready: float
    wanted: int = 0
    granted: int = 0
    grants: list[tuple[float, int]] = field(default_factory=list)
    taken: list[tuple[Key, Window | None]] = field(default_factory=list)
    keys: set[Key] = field(default_factory=set)
    pauses: list[Pause] = field(default_factory=list)
    paused_at: float | None = None
    trouble: str = ""
    is_waiting: bool = False
    series: Series | None = None

    @property
    def remaining(self) -> int:
        return 0 if self.track.is_over else self.wanted - self.granted

    def share(self) -> Share:
        open_pause = (
            ()
            if self.paused_at is None
            else (Pause(start=self.paused_at, end=None, trouble=self.trouble),)
        )
        return Share(grants=tuple(self.grants), pauses=(*self.pauses, *open_pause))

    def start_at(self, second: float) -> float:
        """When it would begin with the next batch, if it may from this second on. Whoever
        waits for less than a batch's time loses none."""
        return self.ready if second <= self.ready + self.pace.seconds else second

    def take(self, key: Key, window: Window | None, rows: int, second: float) -> None:
        start = self.start_at(second)
        self.grants.append((start, rows))
        self.taken.append((key, window))
        self.granted += rows
        self.ready = start + self.pace.seconds_for(rows)
        if window is not None:
            window.used += rows

    def rows_within(self, window: Window, second: float, *, is_new: bool) -> int:
        """How many rows are done before the window ends: a row counts where it is done. A new
        window lets one batch in, however long that takes."""
        start = self.start_at(second)
        span = attempts.second_at(self.track.attempt, window.end) - start
        batches = math.ceil(span / self.pace.seconds - 1e-6) - 1
        return max(batches, 1 if is_new else 0) * self.pace.batch

    def pause(self, second: float, trouble: str) -> None:
        self.is_waiting, self.paused_at, self.trouble = False, second, trouble

    def resume(self, second: float) -> None:
        start = self.paused_at or 0.0
        self.pauses.append(Pause(start=start, end=second, trouble=self.trouble))
        self.paused_at, self.trouble = None, ""

    def give_back(self, done: int) -> set[Key]:
        """Keeps only rows that were done. The keys of windows that have more room now."""
        freed: set[Key] = set()
        kept = []
        for (start, rows), (key, window) in zip(self.grants, self.taken, strict=True):
            keep = min(rows, done)
            done -= keep
            if keep:
                kept.append((start, keep))
            if window is not None and keep < rows:
                window.used -= rows - keep
                freed.add(key)
        self.grants = kept
        self.granted = sum(rows for _, rows in kept)
        return freed


@dataclass(slots=True, kw_only=True, eq=False)
class Series:
    """The runs of a launch that are due, in their order; those from `following` on have not
    taken part yet."""

    launch_prefix: str
    total: int
    following: int = 0
