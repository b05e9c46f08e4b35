"""Rows that are kept on the server, as a draft has them in place of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec


class RowFinding(msgspec.Struct, frozen=True, kw_only=True):
    """`count` rows have this problem with `key`, the first of them at `place` of the table."""

    code: str
    key: str
    count: int
    place: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRows:
    """The rows of row set `number`, at its `version`, which grows with each change of them;
    `identity` is the same for the same rows only. With a `problem` there are none, and it says why;
    if `is_waiting` it will pass by itself.

    `parts` are all of them: JSON objects with commas between them in each part, their keys in RFC
    8785's order, of `size` bytes in all; `canonical_parts` are the same with numbers as RFC 8785
    writes them. `head` are the first, which stand at these `places` of the table.

    `ready` rows need no attention; `exact` and `similar` count those that repeat an earlier one,
    exactly or but for capitals, blanks and how characters are written. `outdated` says why the
    findings are not those of the workflow as it is; `digests` are each row's `row_digest`. `keys`
    are those under which columns are sent, but for the ones in `meta`.
    """

    identity: str
    name: str
    place_word: str
    count: int
    size: int
    head: tuple[dict[str, Any], ...]
    parts: Callable[[], Iterator[bytes]]
    canonical_parts: Callable[[], Iterator[bytes]]
    digests: Callable[[], Sequence[bytes]]
    number: int = 0
    version: int = 0
    places: tuple[int, ...] = ()
    problem: str = ""
    is_waiting: bool = False
    findings: tuple[RowFinding, ...] = ()
    keys: tuple[str, ...] = ()
    ready: int = 0
    exact: int = 0
    similar: int = 0
    outdated: str = ""

    @property
    def attention(self) -> int:
        """Rows that somebody should look at."""
        return self.count - self.ready

    @property
    def repeated(self) -> int:
        """Rows that repeat an earlier one, or nearly."""
        return self.exact + self.similar

    def place_of(self, index: int) -> str:
        """Where one of the first rows stands in its table, in words; empty for a later one."""
        if index >= len(self.places):
            return ""
        return f"{self.place_word} {self.places[index]:,} of {self.name}"
