"""Who stands in line for the windows of accounts, and is served when (section 1.6)."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from playground.sandbox import agenda, attempts, usable
from playground.sandbox.account_book import AccountBook
from playground.sandbox.agenda import Agenda
from playground.sandbox.catalog import AccountLimit
from playground.sandbox.records import StepPlan, StoredAccount
from playground.sandbox.windows import Key, Use, Window, open_window


class Queues:
    """Takes rows out of the current windows of a step's accounts; what is over waits.

    `granted` is called when a step got rows, `released` when it does not wait (any more).
    """

    def __init__(
        self,
        planned: Agenda,
        book: AccountBook,
        granted: Callable[[Use], None],
        released: Callable[[Use], None],
    ) -> None:
        self.windows: dict[Key, Window] = {}
        self.waiting: dict[Use, None] = {}
        self._agenda = planned
        self._book = book
        self._granted = granted
        self._released = released
        self._lines: dict[Key, list[tuple[tuple[datetime, int], Use]]] = {}
        self._accounts: dict[Any, tuple[StoredAccount, ...]] = {}
        for at, uid in book.changes_of_accounts():
            planned.plan(at, agenda.CHANGE, self._change, uid)

    def leave(self, use: Use, done: int) -> set[Key]:
        """The step goes with the rows it has done; the keys of windows with more room now."""
        use.is_waiting = False
        self.waiting.pop(use, None)
        self._released(use)
        return use.give_back(done)

    def accounts_for(self, plan: StepPlan, at: datetime) -> tuple[StoredAccount, ...]:
        """As `usable.accounts_for`, remembered until an account changes."""
        key = (plan.step_uid, plan.accounts, plan.is_rotating)
        if key not in self._accounts:
            self._accounts[key] = usable.accounts_for(plan, at, self._book)
        return self._accounts[key]

    def serve(self, use: Use, at: datetime, second: float | None = None) -> None:
        """Lets the step take what its accounts have; the rest of its rows waits."""
        if second is None:
            second = attempts.second_at(use.track.attempt, at)
        granted = use.granted
        plan = use.track.attempt.plan.steps[use.index]
        accounts = self.accounts_for(plan, at)
        if not accounts:
            use.pause(second, usable.trouble(plan, at, self._book))
        keys = [key for item in accounts if (key := self._take(use, item, at, second))]
        if use.granted > granted:
            self._granted(use)
        use.is_waiting = bool(accounts and use.remaining)
        if use.is_waiting:
            self.waiting[use] = None
            self._stand_in_line(use, keys)
        else:
            self.waiting.pop(use, None)
            self._released(use)

    def _take(self, use: Use, account: StoredAccount, at: datetime, second: float) -> Key | None:
        """The key in whose line to stand for more; None when nothing limits the account."""
        step = use.track.attempt.plan.steps[use.index]
        limit = usable.limit_of(account, step.step_uid)
        if limit is None:
            if use.remaining:
                use.take((account.uid, ""), None, use.remaining, second)
            return None
        key = (account.uid, limit.permalink)
        if use.remaining:
            self._take_limited(use, key, limit, at, second)
        return key

    def _take_limited(
        self, use: Use, key: Key, limit: AccountLimit, at: datetime, second: float
    ) -> None:
        window = self.windows.get(key)
        is_new = window is None or window.end <= at
        if window is None or is_new:
            window = open_window(limit, at, window, use.track.attempt.launch.speed)
        most = min(window.room, use.rows_within(window, second, is_new=is_new))
        rows = min(use.remaining, most)
        if rows > 0:
            self.windows[key] = window
            use.take(key, window, rows, second)

    def _stand_in_line(self, use: Use, keys: Iterable[Key]) -> None:
        for key in keys:
            if key not in use.keys:
                use.keys.add(key)
                heapq.heappush(self._lines.setdefault(key, []), (use.order, use))
            self._watch(key)

    def _watch(self, key: Key) -> None:
        window = self.windows[key]
        if not window.is_watched:
            window.is_watched = True
            self._agenda.plan(window.end, agenda.WINDOW, self._end_window, (key, window))

    def _end_window(self, at: datetime, item: tuple[Key, Window]) -> None:
        key, window = item
        if self.windows[key] is window:
            self.call_line(key, at)

    def call_line(self, key: Key, at: datetime) -> None:
        """Serves those who stand in line for this window, until it has no more room."""
        line = self._lines.pop(key, [])
        while line and (self.windows[key].end <= at or self.windows[key].room):
            _, use = heapq.heappop(line)
            use.keys.discard(key)
            if use.is_waiting:
                self.serve(use, at)
        for entry in self._lines.pop(key, []):
            heapq.heappush(line, entry)
        if line:
            self._lines[key] = line
            self._watch(key)

    def _change(self, at: datetime, uid: str) -> None:
        """An account changed: whoever waits may have another one now, or none any more."""
        self._accounts.clear()
        for use in sorted(self.waiting, key=lambda item: item.order):
            plan = use.track.attempt.plan.steps[use.index]
            if plan.is_rotating or uid in plan.accounts:
                self.serve(use, at)
