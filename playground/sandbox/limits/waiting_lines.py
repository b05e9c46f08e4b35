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
from playground.sandbox.limits.allocations import Allocation, AllocationKey, Grant
from playground.sandbox.limits.event_queue import EventQueue
from playground.sandbox.limits.windows import Window, WindowKey, open_window
from playground.sandbox.records import StepPlan, StoredAccount

Line = list[tuple[tuple[datetime, int], AllocationKey]]


class WaitingLines:
    """Takes rows out of the current windows of a step's accounts; what is over waits.

    `granted` is called when a step got rows, `released` when it does not wait (any more).
    """

    def __init__(
        self,
        queue: EventQueue,
        allocations: dict[AllocationKey, Allocation],
        granted: Callable[[Allocation], None],
        released: Callable[[Allocation], None],
    ) -> None:
        self.book = AccountBook()
        self.windows: dict[WindowKey, Window] = {}
        self._allocations = allocations
        self._queue = queue
        self._granted = granted
        self._released = released
        self._lines: dict[WindowKey, Line] = {}
        self._accounts: dict[Any, tuple[StoredAccount, ...]] = {}

    def take_over(self, other: WaitingLines) -> None:
        """Takes over windows and lines, of allocations that have been taken over already."""
        self.book = other.book
        self.windows = other.windows.copy()
        self._lines = {key: line.copy() for key, line in other._lines.items()}
        self._accounts = other._accounts.copy()

    def accounts_for(self, plan: StepPlan, at: datetime) -> tuple[StoredAccount, ...]:
        """As `eligibility.accounts_for`, remembered until an account changes."""
        key = (plan.step_uid, plan.accounts, plan.is_rotating)
        if key not in self._accounts:
            self._accounts[key] = eligibility.accounts_for(plan, at, self.book)
        return self._accounts[key]

    def serve(self, allocation: Allocation, at: datetime, second: float | None = None) -> None:
        """Lets the step take what its accounts have; the rest of its rows waits."""
        if second is None:
            second = attempts.second_at(allocation.attempt, at)
        granted, lines = allocation.granted, list[WindowKey]()
        accounts = self.accounts_for(allocation.step, at)
        for account in accounts:
            allocation = self._take(allocation, account, at, second, lines)
        if not accounts:
            allocation = allocation.paused(second, self.book.trouble(allocation.step, at))
        allocation = replace(allocation, is_waiting=bool(accounts and allocation.remaining))
        self._allocations[allocation.key] = allocation
        if allocation.granted > granted:
            self._granted(allocation)
        if allocation.is_waiting:
            self._stand_in_line(allocation, lines)
        else:
            self._released(allocation)

    def _take(
        self,
        allocation: Allocation,
        account: StoredAccount,
        at: datetime,
        second: float,
        lines: list[WindowKey],
    ) -> Allocation:
        """Notes in `lines` in which one to stand for more of what is limited."""
        limit = eligibility.limit_of(account, allocation.step.step_uid)
        if limit is not None:
            lines.append((account.uid, limit.permalink))
        if not allocation.remaining:
            return allocation
        if limit is None:
            return allocation.with_rows(allocation.remaining, (account.uid, ""), None, second)
        return self._take_limited(allocation, lines[-1], limit, at, second)

    def _take_limited(
        self,
        allocation: Allocation,
        key: WindowKey,
        limit: AccountLimit,
        at: datetime,
        second: float,
    ) -> Allocation:
        window = self.windows.get(key)
        is_new = window is None or window.end <= at
        if window is None or is_new:
            window = open_window(limit, at, window, allocation.attempt.launch.speed)
        room = allocation.rows_for(window.room)
        most = min(room, allocation.rows_within(window, second, is_new=is_new))
        rows = min(allocation.remaining, most)
        if rows <= 0:
            return allocation
        inputs = allocation.inputs_in(allocation.granted, rows)
        self.windows[key] = replace(window, used=window.used + inputs)
        return allocation.with_rows(rows, key, window, second)

    def _stand_in_line(self, allocation: Allocation, keys: Iterable[WindowKey]) -> None:
        for key in keys:
            if key not in allocation.window_keys:
                allocation = self._allocations[allocation.key] = replace(
                    allocation, window_keys=allocation.window_keys | {key}
                )
                heapq.heappush(self._lines.setdefault(key, []), (allocation.order, allocation.key))
            self._watch(key)

    def _watch(self, key: WindowKey) -> None:
        window = self.windows[key]
        if not window.is_watched:
            self.windows[key] = replace(window, is_watched=True)
            self._queue.add(window.end, event_queue.WINDOW_END, (key, window.start))

    def end_window(self, at: datetime, item: tuple[WindowKey, datetime]) -> None:
        key, start = item
        if self.windows[key].start == start:
            self.call_line(key, at)

    def call_line(self, key: WindowKey, at: datetime) -> None:
        """Serves those who stand in line for this window, until it has no more room."""
        line = self._lines.pop(key, [])
        while line and (self.windows[key].end <= at or self.windows[key].room):
            _, allocation_key = heapq.heappop(line)
            allocation = self._allocations.get(allocation_key)
            if allocation is not None:
                allocation = self._allocations[allocation_key] = replace(
                    allocation, window_keys=allocation.window_keys - {key}
                )
                if allocation.is_waiting:
                    self.serve(allocation, at)
        for entry in self._lines.pop(key, []):
            heapq.heappush(line, entry)
        if line:
            self._lines[key] = line
            self._watch(key)

    def give_back(self, grants: Iterable[Grant]) -> set[WindowKey]:
        """Puts rows back where they were taken. The keys of windows with more room now."""
        freed = set()
        for grant in grants:
            window = self.windows.get(grant.window_key)
            if window is not None and window.start == grant.window_start:
                self.windows[grant.window_key] = replace(window, used=window.used - grant.inputs)
                freed.add(grant.window_key)
        return freed

    def change_account(self, at: datetime, uid: str) -> None:
        """An account changed: whoever waits may have another one now, or none any more."""
        self._accounts.clear()
        waiting = [allocation for allocation in self._allocations.values() if allocation.is_waiting]
        for allocation in sorted(waiting, key=lambda item: item.order):
            if allocation.step.is_rotating or uid in allocation.step.accounts:
                self.serve(self._allocations[allocation.key], at)
