"""One attempt at one call: how long it may take, and whether a byte of it has left.

An HTTP library's timeouts count for each read and each write, so a server that drips one byte
at a time could hold a call for ever. The attempt holds one deadline for all of it. It travels in
a context variable because connections outlive calls: the socket asks whose call it is serving.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Seconds: for connecting, for one write, for one read, and for everything together."""

    connect: float = 5
    write: float = 10
    read: float = 10
    total: float = 10

    @property
    def timeouts(self) -> dict[str, float]:
        return {
            "connect": min(self.connect, self.total),
            "write": min(self.write, self.total),
            "read": min(self.read, self.total),
            "pool": min(self.connect, self.total),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Budgets:
    """`read` is for calls that only ask, `change` for those that do something (a launch)."""

    read: Budget = field(default_factory=Budget)
    change: Budget = field(default_factory=lambda: Budget(read=15, total=20))


class DeadlineError(Exception):
    """The attempt has used all its time."""


@dataclass(slots=True)
class CallAttempt:
    """`has_sent` turns true with the first byte of the request that is given to a socket."""

    seconds: float
    clock: Callable[[], float] = time.monotonic
    has_sent: bool = False
    ends_at: float = field(init=False)

    def __post_init__(self) -> None:
        self.ends_at = self.clock() + self.seconds

    @property
    def remaining(self) -> float:
        return self.ends_at - self.clock()

    @property
    def is_over(self) -> bool:
        return self.remaining <= 0

    def check(self) -> None:
        """Raises `DeadlineError` when the time is used up."""
        if self.is_over:
            raise DeadlineError


_current: ContextVar[CallAttempt | None] = ContextVar("attempt", default=None)


@contextmanager
def attempt(seconds: float) -> Iterator[CallAttempt]:
    """Everything that the current thread sends and reads inside counts towards this attempt."""
    made = CallAttempt(seconds)
    token = _current.set(made)
    try:
        yield made
    finally:
        _current.reset(token)


def current() -> CallAttempt | None:
    return _current.get()
