"""One call as the endpoints see it, and the readings of its parts that many of them share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar
from urllib.parse import urlencode

from playground.contract.jobs import Paging
from playground.contract.paths import LARGEST_PAGE
from playground.sandbox.account_book import AccountBook
from playground.sandbox.refusals import Refused
from playground.sandbox.storage.protocol import JobStore

T = TypeVar("T")
PAGE_SIZE = 30
# What is further ahead was written by a clock that was set back since.
_LONGEST_TURN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxSettings:
    """`speed` divides every duration; `plan_limit` is how many inputs may run in parallel
    (section 1.5), 0 meaning no limit."""

    api_key: str
    project_id: str
    speed: float = 1.0
    plan_limit: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxCall:
    """An authenticated call. `path` is relative to `base_url`; `values` are its variable parts."""

    store: JobStore
    now: datetime
    settings: SandboxSettings
    base_url: str
    path: str
    values: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def book(self) -> AccountBook:
        return AccountBook(self.store.list_changes())

    def after(self, times: Iterable[datetime]) -> SandboxCall:
        """The call, not earlier than any of these: it may have waited for its turn while others
        wrote what they came with later."""
        latest = [at for at in times if at - self.now < _LONGEST_TURN]
        return replace(self, now=max([self.now, *latest]))

    @contextmanager
    def changing(self) -> Iterator[tuple[SandboxCall, AccountBook]]:
        """Holds the store while users and accounts are read, judged and written."""
        with self.store.exclusive():
            book = self.book()
            yield self.after(change.at for change in book.changes), book

    def page(self, first: int) -> int:
        """The page asked for; pages count from `first`. Refuses what is no such number."""
        text = self.query.get("page", str(first))
        if not re.fullmatch(r"[0-9]{1,10}", text) or not first <= int(text) <= LARGEST_PAGE:
            raise Refused(400, f"page must be a whole number from {first} to {LARGEST_PAGE}.")
        return int(text)

    def flag(self, name: str, default: bool) -> bool:
        text = self.query.get(name, "true" if default else "false").lower()
        if text not in ("true", "false", "1", "0"):
            raise Refused(400, f"{name} must be true or false.")
        return text in ("true", "1")

    def page_url(self, page: int) -> str:
        """The absolute address of another page of this listing."""
        return f"{self.base_url}{self.path}?{urlencode({**self.query, 'page': page})}"

    def paging(self, page: int, *, first: int, has_next: bool) -> Paging:
        return Paging(
            previous=self.page_url(page - 1) if page > first else None,
            next=self.page_url(page + 1) if has_next else None,
            have_next_page=has_next,
        )


def cut(items: Sequence[T], page: int) -> tuple[tuple[T, ...], bool]:
    """The items of this page, counted from 0, and whether there are more after it."""
    start = page * PAGE_SIZE
    return tuple(items[start : start + PAGE_SIZE]), len(items) > start + PAGE_SIZE
