"""Who stands in line for the windows of accounts, and is served when (section 1.6)."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from playground.sandbox.account_book import AccountBook
from playground.sandbox.catalog import AccountLimit
from playground.sandbox.jobs import attempts
from playground.sandbox.limits import eligibility, event_queue
from playground.sandbox.limits.allocations import Grant, Use, UseKey
from playground.sandbox.limits.event_queue import Agenda
from playground.sandbox.limits.windows import Key, Window, open_window
from playground.sandbox.records import StepPlan, StoredAccount

Line = list[tuple[tuple[datetime, int], UseKey]]


class Queues:
    """Takes rows out of the current windows of a step's accounts; what is over waits.

    `granted` is called when a step got rows, `released` when it does not wait (any more).
    """

    def __init__(
        self,
        planned: Agenda,
        uses: dict[UseKey, Use],
        granted: Callable[[Use], None],
        released: Callable[[Use], None],
    ) -> None:
        self.book = AccountBook()
        self.windows: dict[Key, Window] = {}
        self._uses = uses
        self._agenda = planned
        self._granted = granted
        self._released = released
        self._lines: dict[Key, Line] = {}
        self._accounts: dict[Any, tuple[StoredAccount, ...]] = {}

    def stand_like(self, other: Queues) -> None:
        """Takes over windows and lines, of uses that have been taken over already."""
        self.book = other.book
        self.windows = other.windows.copy()
        self._lines = {key: line.copy() for key, line in other._lines.items()}
        self._accounts = other._accounts.copy()

    def accounts_for(self, plan: StepPlan, at: datetime) -> tuple[StoredAccount, ...]:
        """As `usable.accounts_for`, remembered until an account changes."""
        key = (plan.step_uid, plan.accounts, plan.is_rotating)
        if key not in self._accounts:
            self._accounts[key] = eligibility.accounts_for(plan, at, self.book)
        return self._accounts[key]

    def serve(self, use: Use, at: datetime, second: float | None = None) -> None:
        """Lets the step take what its accounts have; the rest of its rows waits."""
        if second is None:
            second = attempts.second_at(use.attempt, at)
        granted, lines = use.granted, list[Key]()
        accounts = self.accounts_for(use.step, at)
        for account in accounts:
            use = self._take(use, account, at, second, lines)
        if not accounts:
            use = use.paused(second, eligibility.trouble(use.step, at, self.book))
        use = replace(use, is_waiting=bool(accounts and use.remaining))
        self._uses[use.key] = use
        if use.granted > granted:
            self._granted(use)
        if use.is_waiting:
            self._stand_in_line(use, lines)
        else:
            self._released(use)

    def _take(
        self, use: Use, account: StoredAccount, at: datetime, second: float, lines: list[Key]
    ) -> Use:
        """Notes in `lines` in which one to stand for more of what is limited."""
        limit = eligibility.limit_of(account, use.step.step_uid)
        if limit is not None:
            lines.append((account.uid, limit.permalink))
        if not use.remaining:
            return use
        if limit is None:
            return use.with_rows(use.remaining, (account.uid, ""), None, second)
        return self._take_limited(use, lines[-1], limit, at, second)

    def _take_limited(
        self, use: Use, key: Key, limit: AccountLimit, at: datetime, second: float
    ) -> Use:
        window = self.windows.get(key)
        is_new = window is None or window.end <= at
        if window is None or is_new:
            window = open_window(limit, at, window, use.attempt.launch.speed)
        most = min(window.room, use.rows_within(window, second, is_new=is_new))
        rows = min(use.remaining, most)
        if rows <= 0:
            return use
        self.windows[key] = replace(window, used=window.used + rows)
        return use.with_rows(rows, key, window, second)

    def _stand_in_line(self, use: Use, keys: Iterable[Key]) -> None:
        for key in keys:
            if key not in use.keys:
                use = self._uses[use.key] = replace(use, keys=use.keys | {key})
                heapq.heappush(self._lines.setdefault(key, []), (use.order, use.key))
            self._watch(key)

    def _watch(self, key: Key) -> None:
        window = self.windows[key]
        if not window.is_watched:
            self.windows[key] = replace(window, is_watched=True)
            self._agenda.plan(window.end, event_queue.WINDOW, (key, window.start))

    def end_window(self, at: datetime, item: tuple[Key, datetime]) -> None:
        key, start = item
        if self.windows[key].start == start:
            self.call_line(key, at)

    def call_line(self, key: Key, at: datetime) -> None:
        """Serves those who stand in line for this window, until it has no more room."""
        line = self._lines.pop(key, [])
        while line and (self.windows[key].end <= at or self.windows[key].room):
            _, use_key = heapq.heappop(line)
            use = self._uses.get(use_key)
            if use is not None:
                use = self._uses[use_key] = replace(use, keys=use.keys - {key})
                if use.is_waiting:
                    self.serve(use, at)
        for entry in self._lines.pop(key, []):
            heapq.heappush(line, entry)
        if line:
            self._lines[key] = line
            self._watch(key)

    def give_back(self, grants: Iterable[Grant]) -> set[Key]:
        """Puts rows back where they were taken. The keys of windows with more room now."""
        freed = set()
        for grant in grants:
            window = self.windows.get(grant.key)
            if window is not None and window.start == grant.window_start:
                self.windows[grant.key] = replace(window, used=window.used - grant.rows)
                freed.add(grant.key)
        return freed

    def change_account(self, at: datetime, uid: str) -> None:
        """An account changed: whoever waits may have another one now, or none any more."""
        self._accounts.clear()
        waiting = [use for use in self._uses.values() if use.is_waiting]
        for use in sorted(waiting, key=lambda item: item.order):
            if use.step.is_rotating or uid in use.step.accounts:
                self.serve(self._uses[use.key], at)
