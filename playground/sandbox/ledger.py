"""Who takes how much of the accounts' daily limits, and when (section 1.6).

A step's rows are taken out of the current window of its account when they come to it; what is
over stands in line for the next one, in the order of arrival. A window opens with the first rows
that are taken, and a new one follows it while somebody waits. All of it is replayed from the
launches up to a time, so that nothing has to be stored. The cost is that of what was taken.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from datetime import datetime

from playground.sandbox import agenda, attempts, course, engine, usable
from playground.sandbox.account_book import AccountBook
from playground.sandbox.agenda import Agenda
from playground.sandbox.attempts import Attempt, Circumstances
from playground.sandbox.course import Share
from playground.sandbox.queues import Queues
from playground.sandbox.records import Event, Launch
from playground.sandbox.windows import Key, Series, Track, Use

# Between two launches most calls ask for the same replay.
_recent: deque[Ledger] = deque(maxlen=4)


def replay(launches: Sequence[Launch], until: datetime, book: AccountBook) -> Ledger:
    """The ledger as it is at the time `until`."""
    for known in tuple(_recent):
        if known.holds(launches, until, book):
            return known
    made = Ledger(launches, until, book)
    _recent.append(made)
    return made


class Ledger:
    """What had been taken at the time `until`. `around` is for computing jobs with it."""

    def __init__(self, launches: Sequence[Launch], until: datetime, book: AccountBook) -> None:
        self.until = until
        self._launches, self._changes = launches, book.changes
        self.around = Circumstances(book=book, share=self._share)
        self.series: list[tuple[Launch, Series]] = []
        self._tracks: dict[str, dict[int, Track]] = {}
        self._agenda = Agenda(until)
        self.queues = Queues(self._agenda, book, self._granted, self._released)
        for launch in launches:
            self._begin(launch)
        self._agenda.run()

    def holds(self, launches: Sequence[Launch], until: datetime, book: AccountBook) -> bool:
        """Whether a replay of these up to then would come to the same."""
        following = self._agenda.next_at
        is_its_time = self.until <= until and (following is None or until < following)
        same = self._launches == launches and self._changes == book.changes
        return is_its_time and same

    @property
    def tracks(self) -> Iterable[Track]:
        return (track for runs in self._tracks.values() for track in runs.values())

    def _share(self, attempt: Attempt, index: int) -> Share | None:
        if not usable.is_limited(attempt.plan.steps[index].step_uid):
            return None
        track = self._tracks.get(attempt.launch.prefix, {}).get(attempt.occurrence)
        while track and track.attempt.number > attempt.number:
            track = track.earlier
        is_same = track is not None and track.attempt.number == attempt.number
        use = track.uses.get(index) if track and is_same else None
        return use.share() if use else Share()

    def _begin(self, launch: Launch) -> None:
        for event in launch.events:
            self._agenda.plan(event.at, agenda.EVENT, self._event, (launch, event))
        if launch.plan.is_repeating:
            total = engine.count_occurrences(launch, self.until)
            series = Series(launch_prefix=launch.prefix, total=total)
            self.series.append((launch, series))
            self._follow(launch, series)
        else:
            due = engine.due_at(launch, 0)
            self._enter(Attempt(launch=launch, plan=launch.plan, due_at=due), None)

    def _follow(self, launch: Launch, series: Series) -> None:
        """Lets the next run of a schedule take part once it is due."""
        if series.following < series.total or engine.is_scheduled(launch, self.until):
            due = engine.due_at(launch, series.following)
            self._agenda.plan(due, agenda.RUN, self._run, (launch, series))

    def _run(self, at: datetime, item: tuple[Launch, Series]) -> None:
        launch, series = item
        found = engine.attempts_until(launch, series.following, at, self.around)[-1]
        series.following += 1
        if found.ended_by or not self._enter(found, series):
            self._follow(launch, series)

    def _enter(self, attempt: Attempt, series: Series | None) -> bool:
        """Whether something is to arrive after which the series can follow."""
        limited = usable.limited_steps(attempt.launch.workflow_uid)
        runs = self._tracks.setdefault(attempt.launch.prefix, {})
        track = Track(attempt=attempt, limited=limited, earlier=runs.get(attempt.occurrence))
        runs[attempt.occurrence] = track
        return self._advance(track, series)

    def _advance(self, track: Track, series: Series | None = None) -> bool:
        """Plans the arrival of rows at the steps, as far as it is known by now."""
        is_planned = False
        for index in track.limited:
            known = track.arrivals.get(index, 0)
            if index == 0 and known:
                continue
            pieces = attempts.arrivals_at(track.attempt, index, self.around)
            for second, rows in pieces[known:]:
                at = attempts.time_at(track.attempt, second)
                item = (track, index, second, rows, None if is_planned else series)
                is_planned = self._agenda.plan(at, agenda.ARRIVAL, self._arrive, item) or is_planned
            track.arrivals[index] = len(pieces)
        return is_planned

    def _granted(self, use: Use) -> None:
        if use.index != use.track.limited[-1]:
            self._advance(use.track)

    def _arrive(self, at: datetime, item: tuple[Track, int, float, int, Series | None]) -> None:
        track, index, second, rows, series = item
        use = track.uses.get(index)
        came_at = attempts.time_at(track.attempt, second)
        if use is None:
            use = track.uses[index] = Use(
                track=track,
                index=index,
                order=(came_at, self._agenda.next_number()),
                pace=course.pace_of(track.attempt.plan),
                ready=second + course.setup_of(index),
            )
        use.wanted = min(use.wanted + rows, track.most(index))
        if use.remaining and not use.is_waiting and use.paused_at is None:
            self.queues.serve(use, at, None if at > came_at else second)
        use.series = series or use.series
        if not use.is_waiting:
            self._released(use)

    def _released(self, use: Use) -> None:
        series, use.series = use.series, None
        if series is not None:
            self._follow(use.track.attempt.launch, series)

    def _event(self, at: datetime, item: tuple[Launch, Event]) -> None:
        launch, event = item
        runs = self._tracks.get(launch.prefix, {})
        if event.kind == "resume":
            for track in [track for track in runs.values() if not track.is_complete]:
                self._apply(at, event, track)
        elif event.occurrence in runs and event.kind != "unschedule":
            self._apply(at, event, runs[event.occurrence])

    def _apply(self, at: datetime, event: Event, track: Track) -> None:
        after = engine.apply(event, track.attempt, self.around)
        if after[0].ended_by and not track.is_over:
            self._close(at, track)
        track.attempt = after[0]
        if len(after) > 1:
            self._enter(after[1], None)
        elif event.kind == "resume":
            self._resume(at, track)

    def _resume(self, at: datetime, track: Track) -> None:
        second = attempts.second_at(track.attempt, at)
        for use in track.uses.values():
            plan = track.attempt.plan.steps[use.index]
            if use.paused_at is not None and self.queues.accounts_for(plan, at):
                use.resume(second)
                self.queues.serve(use, at, second)
        self._advance(track)

    def _close(self, at: datetime, track: Track) -> None:
        """The attempt is over: what it took and did not work on is there for others."""
        second = attempts.second_at(track.attempt, at)
        courses = attempts.courses_of(track.attempt, self.around)
        track.is_over = True
        freed: set[Key] = set()
        for use in track.uses.values():
            freed |= self.queues.leave(use, courses[use.index].rows_done_at(second))
        for key in sorted(freed):
            self.queues.call_line(key, at)
