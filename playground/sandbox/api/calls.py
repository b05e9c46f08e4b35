"""One call as the endpoints see it, and the readings of its parts that many of them share."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from playground.contract import wire
from playground.contract.jobs import Paging
from playground.sandbox.account_book import AccountBook
from playground.sandbox.json_values import is_too_deep, type_name
from playground.sandbox.storage.memory import JobStore

T = TypeVar("T")
PAGE_SIZE = 30
LARGEST_PAGE = 1_000_000_000


class Refused(Exception):
    """Ends a call with an error answer: its status and the sentence of its `message`."""

    def __init__(self, status: int, sentence: str, headers: Mapping[str, str] | None = None):
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.headers = dict(headers or {})


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


def timestamp(at: datetime | None) -> str | None:
    """ISO 8601 without zone, with microseconds (section 1)."""
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")


def read_object(body: bytes) -> dict[str, Any]:
    """The JSON object of a body. Refuses anything else."""
    try:
        raw = wire.parse_json(body)
    except wire.WireError as error:
        raise Refused(400, f"The body cannot be read: {error.problem}.") from None
    if not isinstance(raw, dict):
        raise Refused(400, f"The body must be a JSON object, not {type_name(raw)}.")
    if is_too_deep(raw):
        raise Refused(400, "The body cannot be read: nested too deeply.")
    return raw


def read_optional(
    raw: Mapping[str, Any], key: str, kind: type[T], wanted: str, at: str
) -> T | None:
    """The value of a key that may be absent or null. Refuses another type."""
    value = raw.get(key)
    if value is not None and not isinstance(value, kind):
        raise Refused(400, f"{at}{key} must be {wanted}, not {type_name(value)}.")
    return value
