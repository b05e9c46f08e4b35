"""The rows against what the accounts may still do today (contract section 1.6).

Reaching a limit fails nothing: what remains waits for the next window. So all of it is risky at
worst. Later steps get what those before make of the rows. Where a step says how many results it
gives at most, they get up to so many of each row; else only a least is known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from playground.payload.words import counted, cut_list
from playground.preflight import words
from playground.preflight.allowances import MOST, Capacity, Key, capacity_of
from playground.preflight.facts import Facts
from playground.preflight.lines import Line, Severity
from playground.preflight.steps import SentStep, most_results, working_accounts
from playground.preflight.words import sentence

# From this share of a day's limit on it is told how little is left.
_CLOSE_PERCENT = 80
_MOST_NAMES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLoad:
    """A step whose accounts are limited. `days` is the day on which its last row is done, from 1;
    None when the limits allow nothing at all. `most` are the inputs that it may get, which are
    all that is counted with. `claims` are those of this step and of the steps before it that draw
    on the same limits; `capacity` is what they leave."""

    sent: SentStep
    capacity: Capacity
    inputs: int
    most: int
    days: int | None
    claims: int

    @property
    def is_first(self) -> bool:
        return self.sent.source.position == 1

    @property
    def is_shared(self) -> bool:
        return self.claims > self.most

    @property
    def is_grown(self) -> bool:
        """Whether the steps before may make more of the rows than they are."""
        return self.most > self.inputs

    @property
    def accounts(self) -> str:
        return cut_list([part.account for part in self.capacity.parts], _MOST_NAMES)

    @property
    def limit(self) -> str:
        """The limit's name: one for all accounts, or of each of them."""
        names = dict.fromkeys(part.limit for part in self.capacity.parts)
        return cut_list(tuple(names), _MOST_NAMES)

    @property
    def lasting(self) -> str:
        about = "about" if self.is_first else "up to" if self.is_grown else "at least"
        return f"{about} {counted(self.days or 0, 'day')}"


def find_loads(sent: Iterable[SentStep], inputs: int, facts: Facts) -> tuple[StepLoad, ...]:
    """The steps of which it is known that they are limited, for this many inputs.

    Steps that use the same limit of the same account use it one after the other.
    """
    loads: list[StepLoad] = []
    planned: Counter[Key] = Counter()
    most = inputs
    for step in sent:
        template = facts.templates.get(step.source.step_uid)
        accounts = working_accounts(step, facts) if template and inputs else ()
        capacity = capacity_of(accounts, template or "", most, facts.now, planned)
        if capacity is not None:
            load = StepLoad(
                sent=step,
                capacity=capacity,
                inputs=inputs,
                most=most,
                days=capacity.days_for(most),
                claims=most + sum(other.most for other in loads if _share(other, capacity)),
            )
            loads.append(load)
            planned.update(capacity.shares(most))
        most = min(most * most_results(step), MOST)
    return tuple(loads)


def _share(load: StepLoad, capacity: Capacity) -> bool:
    """Whether a limit governs both."""
    keys = {key for part in capacity.parts for key in part.keys}
    return any(key in keys for part in load.capacity.parts for key in part.keys)


def check_load(load: StepLoad, facts: Facts) -> Line | None:
    capacity = load.capacity
    if not load.days or not (capacity.left_today or load.is_shared):
        return _line(load, "limit-used-up", "risky", _used_up(load, facts))
    if load.days != 1:
        return _line(load, "limit-over-days", "risky", _over_days(load))
    left = capacity.left_today - load.most
    if left * 100 < capacity.a_day * (100 - _CLOSE_PERCENT):
        return _line(load, "limit-close", "note", _close(load, left))
    return None


def check_known(sent: Iterable[SentStep], inputs: int, facts: Facts) -> Line | None:
    """A line when nobody could tell which limits hold for accounts that are chosen."""
    if not facts.templates_problem or not inputs:
        return None
    unknown = (step for step in sent if step.source.step_uid not in facts.templates)
    first = next((step for step in unknown if working_accounts(step, facts)), None)
    if first is None:
        return None
    message = (
        "The limits of the accounts are not known now, so the rows were not checked against them."
    )
    return Line(
        code="limits-unknown",
        severity="note",
        section="limits",
        message=f"{message} {sentence(facts.templates_problem)}".rstrip(),
        path=first.accounts_path,
    )


def longest(loads: Iterable[StepLoad]) -> int | None:
    return max((load.days for load in loads if load.days), default=None)


def _used_up(load: StepLoad, facts: Facts) -> str:
    capacity = load.capacity
    has = "have" if len(capacity.parts) > 1 else "has"
    waiting = f", {capacity.queued:,} queued" if capacity.queued else ""
    told = (
        f"{load.accounts} {has} no {load.limit} left today ({capacity.used:,} of "
        f"{capacity.a_day:,} used{waiting})"
    )
    if not load.days:
        return f"{told}: the job would wait for ever. Choose another account."
    return f"{told}: the rows wait {_until(capacity, facts)} ({load.lasting} in all)."


def _until(capacity: Capacity, facts: Facts) -> str:
    if not capacity.done_within(2):
        return "behind those that are queued"
    if capacity.ends_at is None:
        return "for the next window"
    their = "their first" if len(capacity.parts) > 1 else "its"
    return f"until {words.moment(capacity.ends_at, facts.now)}, when {their} window ends"


def _over_days(load: StepLoad) -> str:
    capacity = load.capacity
    rows = counted(load.most, "row")
    start = f"{rows} on" if load.is_first else f"at least {rows} on"
    if load.is_grown:
        each = load.most // load.inputs
        start = f"up to {rows} (the steps before make up to {each:,} of each) on"
    when = "after the steps before" if load.is_shared else "today"
    return (
        f"{start} {load.accounts} ({capacity.left_today:,} {load.limit} left {when}, "
        f"{capacity.a_day:,} a day): {load.lasting}."
    )


def _close(load: StepLoad, left: int) -> str:
    leaves = f"{left:,}" if load.is_first else f"at most {left:,}"
    none = "none"
    if load.is_grown:
        leaves, none = f"at least {left:,}", "perhaps none"
    return (
        f"this launch leaves {leaves if left else none} of the {load.capacity.a_day:,} "
        f"{load.limit} a day of {load.accounts}."
    )


def _line(load: StepLoad, code: str, severity: Severity, told: str) -> Line:
    return Line(
        code=code,
        severity=severity,
        section="limits",
        message=f"{load.sent.label}: {told}",
        path=load.sent.accounts_path,
    )
