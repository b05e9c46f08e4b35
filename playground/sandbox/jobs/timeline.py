"""The timeline that one attempt at a run takes, as arithmetic on seconds.

Seconds count from the time the attempt was due, at speed 1. A step works its rows off in equal
batches; the next step begins when the first batch of the step before is there, sets up, and
then keeps pace with it. A step whose account does not work pauses where it would begin. A step
whose accounts are limited works on the rows it was granted, stretch by stretch, and waits in
between.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from playground.contract import jobs
from playground.sandbox.jobs import flow
from playground.sandbox.records import Plan

QUEUE_SECONDS = 0.5
WORK_SECONDS, ROW_SECONDS = 9.4, 0.044
SETUP_SECONDS = 5.0
SLOW_SECONDS = 600.0
MOST_BATCHES = 50

# Why the step cannot work at this second, as a sentence; empty when it can.
Trouble = Callable[[int, float], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How a step's places (see `flow`) are cut into batches. Every step of an attempt has as many
    batches, and takes as long for each."""

    rows: int
    batch: int
    batches: int
    seconds: float

    def seconds_for(self, rows: int) -> float:
        return -(-rows // self.batch) * self.seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Rows worked off without a break. `first` is when the first batch of them is done."""

    before: int
    rows: int
    first: float

    def ends(self, pace: Pace) -> float:
        return self.first + (-(-self.rows // pace.batch) - 1) * pace.seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """When the step could not go on, and why. `end` None: it still cannot."""

    start: float
    end: float | None
    trouble: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What the limits of its accounts have let a step do so far. `grants` are pairs of the
    second at which work on them begins, and a number of rows; `accounts` those of grants."""

    grants: Sequence[tuple[float, int]] = ()
    accounts: Sequence[str] = ()
    pauses: tuple[Pause, ...] = ()


# Of a step, by its index; None when no limit governs it.
Shares = Callable[[int], Share | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTimeline:
    """When a step begins, pauses, works and ends; None is never, as far as is known.

    `works` is when it is first able to. `outcome` and `error` hold from `ends` on.
    """

    pace: Pace
    begins: float | None = None
    works: float | None = None
    pauses: tuple[Pause, ...] = ()
    stretches: tuple[Stretch, ...] = ()
    ends: float | None = None
    outcome: str = jobs.FINISHED
    error: str | None = None

    @property
    def first(self) -> float | None:
        """When its first batch is done."""
        return self.stretches[0].first if self.stretches else None

    def status_at(self, second: float) -> str:
        if self.ends is not None and second >= self.ends:
            return self.outcome
        if self.begins is None or second < self.begins:
            return jobs.PENDING
        return jobs.PAUSED if self.trouble_at(second) else jobs.RUNNING

    def trouble_at(self, second: float) -> str:
        """Why it is paused; empty when it is not."""
        for pause in self.pauses:
            if pause.start <= second and (pause.end is None or second < pause.end):
                return pause.trouble
        return ""

    def rows_done_at(self, second: float) -> int:
        """Places worked on so far, whether their rows succeeded or not."""
        second = second if self.ends is None else min(second, self.ends)
        place = bisect_right(self.stretches, second, key=lambda stretch: stretch.first)
        if place == 0:
            return 0
        stretch = self.stretches[place - 1]
        # A hair's breadth forgives rounding where a batch ends exactly now.
        batches = int((second - stretch.first) / self.pace.seconds + 1e-6)
        return stretch.before + min(stretch.rows, (batches + 1) * self.pace.batch)


def pace_of(plan: Plan, index: int) -> Pace:
    pace = _pace(plan.number_rows, plan.is_slow)
    each = flow.places_each(plan, index)
    return pace if each == 1 else replace(pace, rows=pace.rows * each, batch=pace.batch * each)


@lru_cache(maxsize=1_000)
def _pace(rows: int, is_slow: bool) -> Pace:
    batch = -(-rows // MOST_BATCHES)
    batches = -(-rows // batch)
    seconds = WORK_SECONDS + ROW_SECONDS * rows
    if is_slow:
        seconds = max(seconds, SLOW_SECONDS - QUEUE_SECONDS)
    return Pace(rows=rows, batch=batch, batches=batches, seconds=seconds / batches)


def setup_of(index: int) -> float:
    return SETUP_SECONDS if index else 0.0


def lay_out(
    plan: Plan, trouble: Trouble, resumed: Sequence[float], shares: Shares, *, breaks_off: bool
) -> tuple[StepTimeline, ...]:
    """The timeline of every step. `resumed` are the seconds of resume calls, rising;
    `breaks_off` makes the last step end in `shutdown`, half done."""
    timelines: list[StepTimeline] = []
    begins: float | None = QUEUE_SECONDS
    for index in range(len(plan.steps)):
        pace = pace_of(plan, index)
        if begins is None:
            timelines.append(StepTimeline(pace=pace))
            continue
        timeline = begin_step(index, begins, pace, trouble, resumed)
        before = timelines[-1] if timelines else None
        timeline = _with_work(timeline, shares(index), before, setup_of(index))
        timelines.append(_with_outcome(timeline, plan, breaks_off and index == len(plan.steps) - 1))
        begins = timeline.first
        if plan.number_succeeding == 0:
            return (*timelines, *_without_rows(len(plan.steps) - index - 1, timelines[-1]))
    return tuple(timelines)


def begin_step(
    index: int, begins: float, pace: Pace, trouble: Trouble, resumed: Sequence[float]
) -> StepTimeline:
    """A step's timeline as far as its accounts decide it, without its work."""
    problem = trouble(index, begins)
    if not problem:
        return StepTimeline(pace=pace, begins=begins, works=begins)
    later = (second for second in resumed if second > begins and not trouble(index, second))
    works = next(later, None)
    pause = Pause(start=begins, end=works, trouble=problem)
    return StepTimeline(pace=pace, begins=begins, works=works, pauses=(pause,))


def pieces_of(timeline: StepTimeline, before: StepTimeline | None) -> tuple[tuple[float, int], ...]:
    """When rows come to a step that works, and how many: all at once, or as the step before
    makes them."""
    works = timeline.works or 0.0
    if before is None:
        return ((works, timeline.pace.rows),)
    each = timeline.pace.batch // before.pace.batch
    return tuple((max(works, item.first), item.rows * each) for item in before.stretches)


def _with_work(
    timeline: StepTimeline, share: Share | None, before: StepTimeline | None, setup: float
) -> StepTimeline:
    if timeline.works is None:
        return timeline
    if share is None:
        grants: Sequence[tuple[float, int]] = pieces_of(timeline, before)
        stretches = _stretches(grants, timeline.pace, timeline.works + setup)
    else:
        stretches = _stretches(share.grants, timeline.pace, 0.0)
    is_whole = bool(stretches) and stretches[-1].before + stretches[-1].rows == timeline.pace.rows
    return replace(
        timeline,
        pauses=timeline.pauses + (share.pauses if share else ()),
        stretches=stretches,
        ends=stretches[-1].ends(timeline.pace) if is_whole else None,
    )


def _stretches(
    grants: Sequence[tuple[float, int]], pace: Pace, earliest: float
) -> tuple[Stretch, ...]:
    found: list[Stretch] = []
    before, free = 0, earliest
    for second, rows in grants:
        stretch = Stretch(before=before, rows=rows, first=max(free, second) + pace.seconds)
        found.append(stretch)
        before, free = before + rows, stretch.ends(pace)
    return tuple(found)


def _with_outcome(timeline: StepTimeline, plan: Plan, breaks_off: bool) -> StepTimeline:
    if plan.number_succeeding == 0:
        return replace(timeline, outcome=jobs.WARNING, error="All inputs failed.")
    if breaks_off:
        ends = _breaking_off(timeline)
        error = "The site stopped answering; the job was shut down."
        return replace(timeline, ends=ends, outcome=jobs.SHUTDOWN, error=error)
    return timeline


def rows_before_break(pace: Pace) -> int:
    """How many rows are done when the last step breaks off."""
    return pace.batches // 2 * pace.batch


def _breaking_off(timeline: StepTimeline) -> float | None:
    """Between two batches, so that rows done before it stay countable."""
    pace, wanted = timeline.pace, rows_before_break(timeline.pace)
    for stretch in timeline.stretches:
        if wanted <= stretch.before + stretch.rows:
            batches = -(-(wanted - stretch.before) // pace.batch)
            return stretch.first + (batches - 0.5) * pace.seconds
    return None


def _without_rows(count: int, before: StepTimeline) -> tuple[StepTimeline, ...]:
    """Steps after one in which every input failed: they end with it, without having begun."""
    timeline = StepTimeline(
        pace=before.pace,
        ends=before.ends,
        outcome=jobs.WARNING,
        error="No rows came from the step before.",
    )
    return (timeline,) * count
