"""Who takes how much of the accounts' daily limits, and when (section 1.6).

A step's rows are taken out of the current window of its account when they come to it; what is
over stands in line for the next one, in the order of arrival. A window opens with the first rows
that are taken, and a new one follows it while somebody waits. All of it follows from what is in
the store, so that nothing has to be stored. The cost is that of what was taken.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from playground.sandbox.account_book import AccountBook
from playground.sandbox.jobs import attempts, engine, timeline
from playground.sandbox.jobs.attempts import Circumstances, RunAttempt
from playground.sandbox.limits import event_queue
from playground.sandbox.limits.active_attempts import (
    ActiveAttempt,
    ActiveAttempts,
    active_attempt_of,
)
from playground.sandbox.limits.allocations import Allocation, AttemptKey, key_of
from playground.sandbox.limits.event_queue import EventQueue, Handlers
from playground.sandbox.limits.waiting_lines import WaitingLines
from playground.sandbox.limits.windows import WindowKey
from playground.sandbox.records import Event, Launch

# An attempt to whose step rows come, at which second and how many, and whether it leads.
Arrival = tuple[AttemptKey, int, float, int, bool]


class LimitSimulation:
    """What has been taken by the time it has come to. Time only goes forward; `fork` gives one
    that goes on by itself, for what may turn out otherwise."""

    def __init__(
        self, active_attempts: ActiveAttempts | None = None, queue: EventQueue | None = None
    ) -> None:
        self.active_attempts = active_attempts or ActiveAttempts()
        self._queue = queue or EventQueue()
        self.waiting_lines = WaitingLines(
            self._queue, self.active_attempts.allocations, self._granted, self._released
        )
        # Of the schedules that go on: the launch, and the run that is the next to take part.
        self._schedules: dict[str, Launch] = {}
        self._next_runs: dict[str, int] = {}

    def fork(self) -> LimitSimulation:
        """A simulation that stands where this one does."""
        made = LimitSimulation(self.active_attempts.fork(), self._queue.fork())
        made.waiting_lines.take_over(self.waiting_lines)
        made._schedules, made._next_runs = self._schedules.copy(), self._next_runs.copy()
        return made

    @property
    def around(self) -> Circumstances:
        """For working out jobs as they are at the time it has come to."""
        return Circumstances(book=self.waiting_lines.book, share=self.active_attempts.share)

    @property
    def next_at(self) -> datetime | None:
        """When something is to happen that may change it."""
        return self._queue.next_at

    def schedules(self) -> Iterable[tuple[Launch, int]]:
        """The launches that go on to repeat, and which run is the next to take part."""
        return ((self._schedules[prefix], number) for prefix, number in self._next_runs.items())

    def add_launch(self, launch: Launch) -> None:
        """Takes it down, for when it was accepted. Of the same time, the first comes first."""
        if launch.plan.is_repeating:
            self._schedules[launch.prefix] = launch
        self._queue.add(launch.created_at, event_queue.LAUNCH, launch)

    def add_event(self, launch: Launch, event: Event) -> None:
        """Takes down an event of a launch that was added; `launch` has the event."""
        if launch.prefix in self._schedules:
            self._schedules[launch.prefix] = launch
        at = max(event.at, launch.created_at)  # Clocks of several machines differ a little.
        self._queue.add(at, event_queue.LAUNCH_EVENT, (launch, event))

    def add_changes(self, book: AccountBook, since: int) -> None:
        """Takes down the book's changes from this number on."""
        self.waiting_lines.book = book
        for change in book.changes[since:]:
            if not change.is_of_user:
                self._queue.add(change.at, event_queue.ACCOUNT_CHANGE, change.uid)

    def advance(self, until: datetime, *, is_included: bool = True) -> None:
        """Lets happen what happens before `until`, or then too."""
        handlers: Handlers = {
            event_queue.ACCOUNT_CHANGE: self.waiting_lines.change_account,
            event_queue.LAUNCH: self._begin,
            event_queue.LAUNCH_EVENT: self._event,
            event_queue.WINDOW_END: self.waiting_lines.end_window,
            event_queue.RUN_DUE: self._run,
            event_queue.ARRIVAL: self._arrive,
            event_queue.RETIREMENT: self._retire,
        }
        self._queue.advance(until, handlers, is_included=is_included)

    def _begin(self, _at: datetime, launch: Launch) -> None:
        if launch.plan.is_repeating:
            self._next_runs[launch.prefix] = 0
            self._follow(launch.prefix)
        else:
            due = engine.due_at(launch, 0)
            self._enter(RunAttempt(launch=launch, plan=launch.plan, due_at=due))

    def _follow(self, prefix: str) -> None:
        """Lets the next run of a schedule take part once it is due."""
        due = engine.due_at(self._schedules[prefix], self._next_runs[prefix])
        self._queue.add(due, event_queue.RUN_DUE, prefix)

    def _run(self, at: datetime, prefix: str) -> None:
        launch, number = self._schedules[prefix], self._next_runs[prefix]
        if not engine.has_run(launch, number, at):
            del self._next_runs[prefix], self._schedules[prefix]
            return
        self._next_runs[prefix] += 1
        # A retry takes part from its own time on, be it before the run it repeats.
        first = engine.attempts_until(launch, number, at, self.around)[0]
        if first.ended_by or not self._enter(first, is_leading=True):
            self._follow(prefix)

    def _enter(self, attempt: RunAttempt, *, is_leading: bool = False) -> bool:
        """Whether something is to arrive after which the schedule can go on."""
        active = active_attempt_of(attempt)
        return bool(active.limited) and self._advance(active, is_leading=is_leading)

    def _advance(self, active: ActiveAttempt, *, is_leading: bool = False) -> bool:
        """Plans the arrival of rows at the steps, as far as it is known by now."""
        is_planned, arrivals = False, dict(active.arrivals)
        for index in active.limited:
            known = arrivals.get(index, 0)
            if index == 0 and known:
                continue
            pieces = attempts.arrivals_at(active.attempt, index, self.around)
            for second, rows in pieces[known:]:
                leads, is_planned = is_leading and not is_planned, True
                item: Arrival = (active.key, index, second, rows, leads)
                self._queue.add(attempts.time_at(active.attempt, second), event_queue.ARRIVAL, item)
            arrivals[index] = len(pieces)
        self.active_attempts.put(replace(active, arrivals=arrivals))
        return is_planned

    def _arrive(self, at: datetime, item: Arrival) -> None:
        key, index, second, rows, is_leading = item
        active = self.active_attempts.find(key)
        if active is None:  # It was ended meanwhile.
            if is_leading:
                self._follow(key[0])
            return
        came_at = attempts.time_at(active.attempt, second)
        allocation = self.active_attempts.allocations.get((key, index)) or self._new_allocation(
            active, index, came_at, second
        )
        allocation = replace(
            allocation,
            wanted=min(allocation.wanted + rows, active.most(index)),
            is_leading=allocation.is_leading or is_leading,
        )
        self.active_attempts.allocations[allocation.key] = allocation
        if allocation.remaining and not allocation.is_waiting and allocation.paused_at is None:
            self.waiting_lines.serve(allocation, at, None if at > came_at else second)
        elif not allocation.is_waiting:
            self._released(allocation)

    def _new_allocation(
        self, active: ActiveAttempt, index: int, came_at: datetime, second: float
    ) -> Allocation:
        return Allocation(
            attempt=active.attempt,
            index=index,
            order=(came_at, self._queue.next_number()),
            pace=timeline.pace_of(active.attempt.plan, index),
            ready=second + timeline.setup_of(index),
        )

    def _granted(self, allocation: Allocation) -> None:
        active = self.active_attempts.find(key_of(allocation.attempt))
        if active is None:
            return
        if allocation.index != active.limited[-1]:
            self._advance(active)
        if self.active_attempts.is_complete(active):
            ready = max(item.ready for item in self.active_attempts.allocations_of(active))
            ends = attempts.time_at(active.attempt, ready)
            self._queue.add(ends, event_queue.RETIREMENT, active.key)

    def _released(self, allocation: Allocation) -> None:
        if allocation.is_leading:
            self.active_attempts.allocations[allocation.key] = replace(allocation, is_leading=False)
            self._follow(allocation.attempt.launch.prefix)

    def _event(self, at: datetime, item: tuple[Launch, Event]) -> None:
        launch, event = item
        if event.kind == "resume":
            for active in self.active_attempts.of_launch(launch.prefix):
                self._apply(at, event, active.attempt)
        elif event.kind != "unschedule":
            self._apply(at, event, self._attempt_before(at, launch, event))

    def _attempt_before(self, at: datetime, launch: Launch, event: Event) -> RunAttempt:
        """The latest attempt at the run, as it was before the event."""
        active = self.active_attempts.find_run(launch.prefix, event.occurrence)
        if active is not None:
            return active.attempt
        moment = event.at, event.number
        earlier = tuple(item for item in launch.events if (item.at, item.number) < moment)
        known = replace(launch, events=earlier)
        return engine.attempts_until(known, event.occurrence, at, self.around)[-1]

    def _apply(self, at: datetime, event: Event, attempt: RunAttempt) -> None:
        active = self.active_attempts.find(key_of(attempt))
        after = engine.apply(event, attempt, self.around)
        if active is not None and after[0].ended_by:
            self._close(at, active)
        elif active is not None and event.kind == "resume":
            self._resume(at, replace(active, attempt=after[0]))
        if len(after) > 1:
            self._enter(after[1])

    def _resume(self, at: datetime, active: ActiveAttempt) -> None:
        """Goes on where accounts work again that did not."""
        self.active_attempts.put(active)
        second = attempts.second_at(active.attempt, at)
        for allocation in self.active_attempts.allocations_of(active):
            if allocation.paused_at is not None and self.waiting_lines.accounts_for(
                allocation.step, at
            ):
                self.waiting_lines.serve(allocation.resumed(second), at, second)
        self._advance(self.active_attempts.find(active.key) or active)

    def _close(self, at: datetime, active: ActiveAttempt) -> None:
        """The attempt is over: what it took and did not work on is there for others."""
        second = attempts.second_at(active.attempt, at)
        timelines = attempts.timelines_of(active.attempt, self.around)
        freed: set[WindowKey] = set()
        for allocation in self.active_attempts.allocations_of(active):
            self._released(allocation)
            kept, over = allocation.cut(timelines[allocation.index].rows_done_at(second))
            self.active_attempts.allocations[allocation.key] = kept
            freed |= self.waiting_lines.give_back(over)
        self.active_attempts.retire(active)
        for key in sorted(freed):
            self.waiting_lines.call_line(key, at)

    def _retire(self, _at: datetime, key: AttemptKey) -> None:
        active = self.active_attempts.find(key)
        if active is not None:
            self.active_attempts.retire(active)
