"""The attempts that take part in what accounts may do in a day, and what became of others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from playground.sandbox.jobs import attempts, timeline
from playground.sandbox.jobs.attempts import RunAttempt
from playground.sandbox.jobs.timeline import Share
from playground.sandbox.limits import eligibility
from playground.sandbox.limits.allocations import Allocation, AllocationKey, AttemptKey, key_of
from playground.sandbox.limits.forkable_map import ForkableMap


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveAttempt:
    """An attempt whose steps take part until all they want is worked off, or it is ended.

    `limited` are the indexes of the limited steps to which rows ever come; `arrivals` counts,
    by the index of a step, the pieces of work known to come to it.
    """

    attempt: RunAttempt
    limited: tuple[int, ...]
    arrivals: Mapping[int, int] = field(default_factory=dict)

    @property
    def key(self) -> AttemptKey:
        return key_of(self.attempt)

    def most(self, index: int) -> int:
        """How many places the step will ever work on."""
        pace = timeline.pace_of(self.attempt.plan, index)
        is_last = index == len(self.attempt.plan.steps) - 1
        if is_last and attempts.breaks_off(self.attempt):
            return max(pace.batch, timeline.rows_before_break(pace))
        return pace.rows


def active_attempt_of(attempt: RunAttempt) -> ActiveAttempt:
    """Rows never come to a later step when all of them fail in the first one."""
    steps = eligibility.limited_steps(attempt.launch.workflow_uid)
    if attempt.plan.number_succeeding == 0:
        steps = tuple(index for index in steps if index == 0)
    return ActiveAttempt(attempt=attempt, limited=steps)


class ActiveAttempts:
    """Of attempts that do not take part any more, only what their steps were granted is kept."""

    def __init__(self) -> None:
        self.allocations: dict[AllocationKey, Allocation] = {}
        self._by_launch: dict[str, dict[int, ActiveAttempt]] = {}
        self._kept: ForkableMap[AttemptKey, Mapping[int, Share]] = ForkableMap()

    def __iter__(self) -> Iterator[ActiveAttempt]:
        return (active for runs in self._by_launch.values() for active in runs.values())

    def fork(self) -> ActiveAttempts:
        """What goes on from here by itself."""
        made = ActiveAttempts()
        made.allocations = self.allocations.copy()
        made._by_launch = {prefix: runs.copy() for prefix, runs in self._by_launch.items()}
        made._kept = self._kept.fork()
        return made

    def put(self, active: ActiveAttempt) -> None:
        prefix, occurrence, _ = active.key
        self._by_launch.setdefault(prefix, {})[occurrence] = active

    def find(self, key: AttemptKey) -> ActiveAttempt | None:
        """That of the attempt, while it takes part."""
        prefix, occurrence, number = key
        active = self.find_run(prefix, occurrence)
        return active if active and active.attempt.number == number else None

    def find_run(self, prefix: str, occurrence: int) -> ActiveAttempt | None:
        """That of the attempt at this run which takes part, if one does."""
        return self._by_launch.get(prefix, {}).get(occurrence)

    def of_launch(self, prefix: str) -> tuple[ActiveAttempt, ...]:
        return tuple(self._by_launch.get(prefix, {}).values())

    def allocations_of(self, active: ActiveAttempt) -> tuple[Allocation, ...]:
        """Those of its steps to which rows have come."""
        found = (self.allocations.get((active.key, index)) for index in active.limited)
        return tuple(allocation for allocation in found if allocation)

    def is_complete(self, active: ActiveAttempt) -> bool:
        """Whether everything was taken for it that it will ever work on."""
        allocations = self.allocations_of(active)
        is_granted = all(
            allocation.granted >= active.most(allocation.index) for allocation in allocations
        )
        return is_granted and len(allocations) == len(active.limited)

    def share(self, attempt: RunAttempt, index: int) -> Share | None:
        """What a step was granted so far; None when no limit governs what it does."""
        if not eligibility.is_limited(attempt.plan.steps[index].step_uid):
            return None
        key = key_of(attempt)
        allocation = self.allocations.get((key, index))
        return allocation.share() if allocation else self._kept.get(key, {}).get(index, Share())

    def retire(self, active: ActiveAttempt) -> None:
        """It does not take part any more."""
        shares = {
            allocation.index: allocation.share() for allocation in self.allocations_of(active)
        }
        if shares:
            self._kept.put(active.key, shares)
        for index in shares:
            del self.allocations[active.key, index]
        prefix, occurrence, _ = active.key
        del self._by_launch[prefix][occurrence]
        if not self._by_launch[prefix]:
            del self._by_launch[prefix]
