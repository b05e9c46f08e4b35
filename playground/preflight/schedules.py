"""A repeat schedule: its rhythm against the time a job takes, and others of the same name."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from playground.contract.jobs import Job
from playground.contract.launches import LONGEST_DELAY_SECONDS
from playground.payload.build.builder import Built
from playground.payload.build.options import MOST_SCHEDULE_VALUE
from playground.payload.texts import shorten
from playground.payload.words import counted, cut_list
from playground.preflight import words
from playground.preflight.facts import Facts, PastLaunch
from playground.preflight.limits import StepLoad
from playground.preflight.lines import Line, Severity

# The shortest that each unit can be; a month of February.
SECONDS = {"minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800, "month": 2_419_200}
_DAY = SECONDS["day"]
_MOST_JOBS, _MOST_NAMES = 25, 3


@dataclass(frozen=True, slots=True)
class Rhythm:
    """`seconds` from one run to the next; `words` as in “every 3 hours”."""

    seconds: int
    words: str
    is_of_months: bool = False


def rhythm_of(built: Built) -> Rhythm | None:
    """None when nothing valid repeats (contract section 6.3)."""
    return rhythm_in(built.value)


def rhythm_in(payload: Mapping[str, Any]) -> Rhythm | None:
    """The same of a payload as it was sent."""
    schedule: Any = payload.get("repeat_option")
    if not isinstance(schedule, dict):
        return None
    unit, every = schedule.get("type"), schedule.get("value")
    if type(every) is not int or not 1 <= every <= MOST_SCHEDULE_VALUE:
        return None
    if not isinstance(unit, str) or unit not in SECONDS:
        return None
    told = f"every {unit if every == 1 else counted(every, unit)}"
    return Rhythm(every * SECONDS[unit], told, unit == "month")


def is_delayed(built: Built) -> bool:
    """Whether the launch begins later than at once."""
    delay: Any = built.value.get("delay")
    return type(delay) in (int, float) and delay > 0


@dataclass(frozen=True, slots=True)
class Timing:
    """When a launch starts and how often, in words: in `short` for beside the button."""

    short: str
    sentence: str


def timing_of(built: Built, now: datetime) -> Timing | None:
    """None for a launch that starts at once and runs once (contract section 6.3).

    What is wrong with a schedule is told by its issues; it is no schedule then.
    """
    rhythm, delay = rhythm_of(built), _delay_of(built)
    if not rhythm and not delay:
        return None
    start = now + timedelta(seconds=delay)
    first = f"after {words.lasting(delay)}, at {words.moment(start, now)}" if delay else "at once"
    if not rhythm:
        return Timing(f"Starts {first}.", f"Launched now, it starts {first}, and runs once.")
    # How long a month is, nobody has written down.
    again = ""
    if not rhythm.is_of_months:
        second = start + timedelta(seconds=rhythm.seconds)
        again = f", again at {words.moment(second, now)}"
    return Timing(
        f"Repeats {rhythm.words}, first {first}, until the schedule is removed.",
        f"Launched now, it runs {first}{again} and {rhythm.words} from then on, until somebody "
        "removes the schedule. It has no end of its own, and counts from the launch: the API knows "
        "no time zone, and times here are in UTC.",
    )


def _delay_of(built: Built) -> float:
    """Whole seconds and more; 0 for what is no delay."""
    delay: Any = built.value.get("delay")
    is_number = type(delay) in (int, float) and 1 <= delay <= LONGEST_DELAY_SECONDS
    return float(delay) if is_number else 0.0


def check_rhythm(
    rhythm: Rhythm | None, inputs: int, loads: tuple[StepLoad, ...], facts: Facts
) -> Line | None:
    """A line when a run would begin before the one before it can be done."""
    if rhythm is None or not inputs:
        return None
    told = _against_limits(rhythm, loads) or _against_past(rhythm, inputs, facts)
    if not told:
        return None
    return Line(
        code="rhythm-too-short",
        severity="risky",
        section="schedule",
        message=f"It would run {rhythm.words}, but {told}. Repeat it less often, or with fewer "
        "rows.",
        path=("repeat_option", "value"),
    )


def check_same_name(
    workflow_name: str, built: Built, is_repeating: bool, facts: Facts
) -> Line | None:
    """Schedules are removed by job name: those that share a name end together."""
    name = job_name(workflow_name, built)
    found = [past for past in facts.schedules if past.is_repeating and past.job_name == name]
    if not found:
        return None
    severity: Severity = "risky" if is_repeating else "note"
    advice = "removing one removes both." if len(found) == 1 else "removing one removes them all."
    if not is_repeating:
        advice = "its runs and this job will bear the same name."
    return Line(
        code="schedule-of-same-name",
        severity=severity,
        section="schedule",
        message=f"{_named(found, name, facts)}: {advice} Choose another job name.",
        path=("job_name",),
    )


def job_name(workflow_name: str, built: Built) -> str:
    """The name that the job will run under."""
    name = built.value.get("job_name")
    return name if isinstance(name, str) and name.strip() else workflow_name


def _against_limits(rhythm: Rhythm, loads: tuple[StepLoad, ...]) -> str:
    slowest = max(loads, key=lambda load: load.days or 0, default=None)
    # What takes three days may be over soon after two: the first window is already open.
    if slowest and slowest.days and rhythm.seconds < (slowest.days - 1) * _DAY:
        return f"the limits of step {slowest.sent.source.position} let it take {slowest.lasting}"
    for load in loads:
        # One run fits; as many as there are in a day may not.
        a_day = load.claims * _DAY // rhythm.seconds
        if a_day > load.capacity.a_day:
            upto = "up to " if load.claims > load.inputs and load.is_grown else ""
            return (
                f"that is {upto}{a_day:,} {load.limit} a day and {load.accounts} may do "
                f"{load.capacity.a_day:,}"
            )
    return ""


def _against_past(rhythm: Rhythm, inputs: int, facts: Facts) -> str:
    seconds = _durations(facts.past_jobs, inputs)
    median = statistics.median(seconds) if seconds else 0
    if median <= rhythm.seconds:
        return ""
    took = words.lasting(median)
    if len(seconds) == 1:
        return f"the last job of at most as many rows took {took}"
    return f"the last {len(seconds)} jobs of at most as many rows took {took} (median)"


def _durations(past_jobs: Iterable[Job], inputs: int) -> list[float]:
    """Seconds that the newest finished main jobs took, of those with at most as many inputs."""
    found: list[float] = []
    for job in past_jobs:
        started, finished = job.started_at, job.finished_at
        is_like = type(job.number_inputs) is int and 0 <= job.number_inputs <= inputs
        if job.is_main and job.is_success and is_like and started and finished:
            found.append((finished - started).total_seconds())
        if len(found) == _MOST_JOBS:
            break
    return [seconds for seconds in found if seconds >= 0]


def _named(found: list[PastLaunch], name: str, facts: Facts) -> str:
    numbers = cut_list([str(past.number) for past in found], _MOST_NAMES)
    first = found[0]
    if len(found) == 1:
        when = words.ago(first.at, facts.now)
        return (
            f"A schedule named “{shorten(name)}” is there already (launch {numbers}, by "
            f"{words.person(first.by)}, {when})"
        )
    return f"{len(found)} schedules named “{shorten(name)}” are there already (launches {numbers})"
