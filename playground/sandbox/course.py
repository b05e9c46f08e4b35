"""The course that one attempt at a run takes, as arithmetic on seconds.

Seconds count from the time the attempt was due, at speed 1. A step works its rows off in equal
batches; the next step begins when the first batch of the step before is there, sets up, and
then keeps pace with it. A step whose account does not work pauses where it would begin.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from playground.contract import jobs
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
    """How the rows are cut into batches. The same for every step of an attempt."""

    rows: int
    batch: int
    batches: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StepCourse:
    """When a step begins, pauses, works and ends; None is never.

    `first` is when its first batch is done. `outcome` and `error` hold from `ends` on.
    """

    pace: Pace
    begins: float | None = None
    trouble: str = ""
    works: float | None = None
    first: float | None = None
    ends: float | None = None
    outcome: str = jobs.FINISHED
    error: str | None = None

    def status_at(self, second: float) -> str:
        if self.ends is not None and second >= self.ends:
            return self.outcome
        if self.begins is None or second < self.begins:
            return jobs.PENDING
        is_working = self.works is not None and second >= self.works
        return jobs.RUNNING if is_working else jobs.PAUSED

    def rows_done_at(self, second: float) -> int:
        """Input rows worked on so far, whether they succeeded or not."""
        if self.first is None or second < self.first:
            return 0
        # A hair's breadth forgives rounding where a batch ends exactly now.
        batches = int((min(second, self.ends or second) - self.first) / self.pace.seconds + 1e-6)
        return min(self.pace.rows, (batches + 1) * self.pace.batch)


def pace_of(plan: Plan) -> Pace:
    rows = plan.number_rows
    batch = -(-rows // MOST_BATCHES)
    batches = -(-rows // batch)
    seconds = WORK_SECONDS + ROW_SECONDS * rows
    if plan.is_slow:
        seconds = max(seconds, SLOW_SECONDS - QUEUE_SECONDS)
    return Pace(rows=rows, batch=batch, batches=batches, seconds=seconds / batches)


def lay_out(
    plan: Plan, trouble: Trouble, resumed: Sequence[float], *, breaks_off: bool
) -> tuple[StepCourse, ...]:
    """The course of every step. `resumed` are the seconds of resume calls, rising;
    `breaks_off` makes the last step end in `shutdown`, half done."""
    pace = pace_of(plan)
    courses: list[StepCourse] = []
    begins: float | None = QUEUE_SECONDS
    for index in range(len(plan.steps)):
        if begins is None:
            courses.append(StepCourse(pace=pace))
            continue
        setup = SETUP_SECONDS if index else 0.0
        course = _lay_step(index, begins, setup, pace, trouble, resumed)
        courses.append(_with_outcome(course, plan, breaks_off and index == len(plan.steps) - 1))
        begins = course.first
        if plan.number_succeeding == 0 and course.ends is not None:
            return (*courses, *_without_rows(len(plan.steps) - index - 1, course))
    return tuple(courses)


def _lay_step(
    index: int, begins: float, setup: float, pace: Pace, trouble: Trouble, resumed: Sequence[float]
) -> StepCourse:
    problem = trouble(index, begins)
    works: float | None = begins
    if problem:
        later = (second for second in resumed if second > begins and not trouble(index, second))
        works = next(later, None)
    if works is None:
        return StepCourse(pace=pace, begins=begins, trouble=problem)
    first = works + setup + pace.seconds
    ends = first + (pace.batches - 1) * pace.seconds
    return StepCourse(
        pace=pace, begins=begins, trouble=problem, works=works, first=first, ends=ends
    )


def _with_outcome(course: StepCourse, plan: Plan, breaks_off: bool) -> StepCourse:
    if course.first is None or course.ends is None or course.works is None:
        return course
    outcome, error, ends = jobs.FINISHED, None, course.ends
    if plan.number_succeeding == 0:
        outcome, error = jobs.WARNING, "All inputs failed."
    elif breaks_off:
        outcome, error = jobs.SHUTDOWN, "The site stopped answering; the job was shut down."
        # Between two batches, so that rows done before it stay countable.
        ends = course.first + (course.pace.batches // 2 - 0.5) * course.pace.seconds
    return StepCourse(
        pace=course.pace,
        begins=course.begins,
        trouble=course.trouble,
        works=course.works,
        first=course.first,
        ends=ends,
        outcome=outcome,
        error=error,
    )


def _without_rows(count: int, before: StepCourse) -> tuple[StepCourse, ...]:
    """Steps after one in which every input failed: they end with it, without having begun."""
    course = StepCourse(
        pace=before.pace,
        ends=before.ends,
        outcome=jobs.WARNING,
        error="No rows came from the step before.",
    )
    return (course,) * count
