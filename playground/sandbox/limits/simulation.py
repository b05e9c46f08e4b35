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
from playground.sandbox.limits.active_attempts import Track, Tracks, track_of
from playground.sandbox.limits.allocations import AttemptKey, Use, key_of
from playground.sandbox.limits.event_queue import Acts, Agenda
from playground.sandbox.limits.waiting_lines import Queues
from playground.sandbox.limits.windows import Key
from playground.sandbox.records import Event, Launch

# An attempt to whose step rows come, at which second and how many, and whether it leads.
Arrival = tuple[AttemptKey, int, float, int, bool]


class LimitSimulation:
    """What has been taken by the time it has come to. Time only goes forward; `fork` gives one
    that goes on by itself, for what may turn out otherwise."""

    def __init__(self, tracks: Tracks | None = None, planned: Agenda | None = None) -> None:
        self.tracks = tracks or Tracks()
        self._agenda = planned or Agenda()
        self.queues = Queues(self._agenda, self.tracks.uses, self._granted, self._released)
        # Of schedules that go on: the launch, and the run that is the next to take part.
        self._launches: dict[str, Launch] = {}
        self._series: dict[str, int] = {}

    def fork(self) -> LimitSimulation:
        """A simulation that stands where this one does."""
        made = LimitSimulation(self.tracks.fork(), self._agenda.fork())
        made.queues.stand_like(self.queues)
        made._launches, made._series = self._launches.copy(), self._series.copy()
        return made

    @property
    def around(self) -> Circumstances:
        """For working out jobs as they are at the time it has come to."""
        return Circumstances(book=self.queues.book, share=self.tracks.share)

    @property
    def next_at(self) -> datetime | None:
        """When something is to happen that may change it."""
        return self._agenda.next_at

    def schedules(self) -> Iterable[tuple[Launch, int]]:
        """The launches that go on to repeat, and which run is the next to take part."""
        return ((self._launches[prefix], number) for prefix, number in self._series.items())

    def add_launch(self, launch: Launch) -> None:
        """Takes it down, for when it was accepted. Of the same time, the first comes first."""
        if launch.plan.is_repeating:
            self._launches[launch.prefix] = launch
        self._agenda.plan(launch.created_at, event_queue.LAUNCH, launch)

    def add_event(self, launch: Launch, event: Event) -> None:
        """Takes down an event of a launch that was added; `launch` has the event."""
        if launch.prefix in self._launches:
            self._launches[launch.prefix] = launch
        at = max(event.at, launch.created_at)  # Clocks of several machines differ a little.
        self._agenda.plan(at, event_queue.EVENT, (launch, event))

    def add_changes(self, book: AccountBook, since: int) -> None:
        """Takes down the book's changes from this number on."""
        self.queues.book = book
        for change in book.changes[since:]:
            if not change.is_of_user:
                self._agenda.plan(change.at, event_queue.CHANGE, change.uid)

    def advance(self, until: datetime, *, is_included: bool = True) -> None:
        """Lets happen what happens before `until`, or then too."""
        acts: Acts = {
            event_queue.CHANGE: self.queues.change_account,
            event_queue.LAUNCH: self._begin,
            event_queue.EVENT: self._event,
            event_queue.WINDOW: self.queues.end_window,
            event_queue.RUN: self._run,
            event_queue.ARRIVAL: self._arrive,
            event_queue.RETIREMENT: self._retire,
        }
        self._agenda.run(until, acts, is_included=is_included)

    def _begin(self, _at: datetime, launch: Launch) -> None:
        if launch.plan.is_repeating:
            self._series[launch.prefix] = 0
            self._follow(launch.prefix)
        else:
            due = engine.due_at(launch, 0)
            self._enter(RunAttempt(launch=launch, plan=launch.plan, due_at=due))

    def _follow(self, prefix: str) -> None:
        """Lets the next run of a schedule take part once it is due."""
        due = engine.due_at(self._launches[prefix], self._series[prefix])
        self._agenda.plan(due, event_queue.RUN, prefix)

    def _run(self, at: datetime, prefix: str) -> None:
        launch, number = self._launches[prefix], self._series[prefix]
        if not engine.has_run(launch, number, at):
            del self._series[prefix], self._launches[prefix]
            return
        self._series[prefix] += 1
        # A retry takes part from its own time on, be it before the run it repeats.
        first = engine.attempts_until(launch, number, at, self.around)[0]
        if first.ended_by or not self._enter(first, is_leading=True):
            self._follow(prefix)

    def _enter(self, attempt: RunAttempt, *, is_leading: bool = False) -> bool:
        """Whether something is to arrive after which the schedule can go on."""
        track = track_of(attempt)
        return bool(track.limited) and self._advance(track, is_leading=is_leading)

    def _advance(self, track: Track, *, is_leading: bool = False) -> bool:
        """Plans the arrival of rows at the steps, as far as it is known by now."""
        is_planned, arrivals = False, dict(track.arrivals)
        for index in track.limited:
            known = arrivals.get(index, 0)
            if index == 0 and known:
                continue
            pieces = attempts.arrivals_at(track.attempt, index, self.around)
            for second, rows in pieces[known:]:
                leads, is_planned = is_leading and not is_planned, True
                item: Arrival = (track.key, index, second, rows, leads)
                self._agenda.plan(
                    attempts.time_at(track.attempt, second), event_queue.ARRIVAL, item
                )
            arrivals[index] = len(pieces)
        self.tracks.put(replace(track, arrivals=arrivals))
        return is_planned

    def _arrive(self, at: datetime, item: Arrival) -> None:
        key, index, second, rows, is_leading = item
        track = self.tracks.find(key)
        if track is None:  # It was ended meanwhile.
            if is_leading:
                self._follow(key[0])
            return
        came_at = attempts.time_at(track.attempt, second)
        use = self.tracks.uses.get((key, index)) or self._new_use(track, index, came_at, second)
        use = replace(
            use,
            wanted=min(use.wanted + rows, track.most(index)),
            is_leading=use.is_leading or is_leading,
        )
        self.tracks.uses[use.key] = use
        if use.remaining and not use.is_waiting and use.paused_at is None:
            self.queues.serve(use, at, None if at > came_at else second)
        elif not use.is_waiting:
            self._released(use)

    def _new_use(self, track: Track, index: int, came_at: datetime, second: float) -> Use:
        return Use(
            attempt=track.attempt,
            index=index,
            order=(came_at, self._agenda.next_number()),
            pace=timeline.pace_of(track.attempt.plan),
            ready=second + timeline.setup_of(index),
        )

    def _granted(self, use: Use) -> None:
        track = self.tracks.find(key_of(use.attempt))
        if track is None:
            return
        if use.index != track.limited[-1]:
            self._advance(track)
        if self.tracks.is_complete(track):
            ready = max(item.ready for item in self.tracks.uses_of(track))
            ends = attempts.time_at(track.attempt, ready)
            self._agenda.plan(ends, event_queue.RETIREMENT, track.key)

    def _released(self, use: Use) -> None:
        if use.is_leading:
            self.tracks.uses[use.key] = replace(use, is_leading=False)
            self._follow(use.attempt.launch.prefix)

    def _event(self, at: datetime, item: tuple[Launch, Event]) -> None:
        launch, event = item
        if event.kind == "resume":
            for track in self.tracks.of_launch(launch.prefix):
                self._apply(at, event, track.attempt)
        elif event.kind != "unschedule":
            self._apply(at, event, self._attempt_before(at, launch, event))

    def _attempt_before(self, at: datetime, launch: Launch, event: Event) -> RunAttempt:
        """The latest attempt at the run, as it was before the event."""
        track = self.tracks.find_run(launch.prefix, event.occurrence)
        if track is not None:
            return track.attempt
        moment = event.at, event.number
        earlier = tuple(item for item in launch.events if (item.at, item.number) < moment)
        known = replace(launch, events=earlier)
        return engine.attempts_until(known, event.occurrence, at, self.around)[-1]

    def _apply(self, at: datetime, event: Event, attempt: RunAttempt) -> None:
        track = self.tracks.find(key_of(attempt))
        after = engine.apply(event, attempt, self.around)
        if track is not None and after[0].ended_by:
            self._close(at, track)
        elif track is not None and event.kind == "resume":
            self._resume(at, replace(track, attempt=after[0]))
        if len(after) > 1:
            self._enter(after[1])

    def _resume(self, at: datetime, track: Track) -> None:
        """Goes on where accounts work again that did not."""
        self.tracks.put(track)
        second = attempts.second_at(track.attempt, at)
        for use in self.tracks.uses_of(track):
            if use.paused_at is not None and self.queues.accounts_for(use.step, at):
                self.queues.serve(use.resumed(second), at, second)
        self._advance(self.tracks.find(track.key) or track)

    def _close(self, at: datetime, track: Track) -> None:
        """The attempt is over: what it took and did not work on is there for others."""
        second = attempts.second_at(track.attempt, at)
        courses = attempts.courses_of(track.attempt, self.around)
        freed: set[Key] = set()
        for use in self.tracks.uses_of(track):
            self._released(use)
            kept, over = use.cut(courses[use.index].rows_done_at(second))
            self.tracks.uses[use.key] = kept
            freed |= self.queues.give_back(over)
        self.tracks.retire(track)
        for key in sorted(freed):
            self.queues.call_line(key, at)

    def _retire(self, _at: datetime, key: AttemptKey) -> None:
        track = self.tracks.find(key)
        if track is not None:
            self.tracks.retire(track)
