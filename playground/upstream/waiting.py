"""How many requests of this process may wait for the upstream at a time.

A request is answered by a thread, and one that waits for a server that hangs answers nobody. So
whoever waits needs a place, and whoever finds none is told so at once; while places are still
given back all the time, a few may stand in line for one. The web server has a thread more for each
of these (`running/servers.py`): those that answer are never all waiting.

Who sends something has places and a line of their own, so that those who watch do not keep a launch
from being sent. Who only looks things up before sending does not stand there: the line is for those
whose form is recorded and would be refused. For the sandbox in this process nobody waits.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from contextvars import ContextVar

from playground.upstream import targets
from playground.upstream.errors import UpstreamNotAsked

MOST_WATCHING = 16
MOST_SENDING = 8
MOST_IN_LINE = 8
MOST_IN_LINE_TO_SEND = 4
MOST_WAITING = MOST_WATCHING + MOST_SENDING + MOST_IN_LINE + MOST_IN_LINE_TO_SEND
# Seconds in which some place must have been taken, or nobody stands in line for one any more.
SLOW_AFTER = 1.0
# Seconds after which somebody who found no place may come again.
COME_AGAIN_AFTER = 5


class _Places:
    """So many at a time; when all are taken, so many more stand in line, and not for long."""

    def __init__(self, most: int, *, most_in_line: int = 0) -> None:
        self._most = most
        self._most_in_line = most_in_line
        self._in_line = 0
        # Who holds one, in the order in which they came, and since when.
        self._held: dict[object, float] = {}
        self._freed = threading.Condition()

    def take(self, *, may_stand_in_line: bool = True) -> object | None:
        """What to give back; None when there is no place."""
        with self._freed:
            if may_stand_in_line and self._is_full and self._in_line < self._most_in_line:
                self._stand_in_line()
            if self._is_full:
                return None
            holder = object()
            self._held[holder] = time.monotonic()
            return holder

    def give_back(self, holder: object) -> None:
        with self._freed:
            del self._held[holder]
            self._freed.notify()

    @property
    def _is_full(self) -> bool:
        return len(self._held) >= self._most

    def _stand_in_line(self) -> None:
        last_taken_at = next(reversed(self._held.values()))
        patience = last_taken_at + SLOW_AFTER - time.monotonic()
        self._in_line += 1
        try:
            self._freed.wait_for(lambda: not self._is_full, timeout=max(0.0, patience))
        finally:
            self._in_line -= 1


_watching = _Places(MOST_WATCHING, most_in_line=MOST_IN_LINE)
_sending = _Places(MOST_SENDING, most_in_line=MOST_IN_LINE_TO_SEND)
_has_place: ContextVar[bool] = ContextVar("has_place", default=False)
_is_aside: ContextVar[bool] = ContextVar("is_aside", default=False)


@contextmanager
def place(*, is_change: bool = False, may_stand_in_line: bool = True) -> Iterator[None]:
    """Inside, the upstream may be waited for. Raises `UpstreamNotAsked` when there is no place.

    Who has a place needs no second one.
    """
    if _has_place.get() or _is_aside.get() or targets.is_sandbox():
        yield
        return
    places = _sending if is_change else _watching
    holder = places.take(may_stand_in_line=may_stand_in_line)
    if holder is None:
        raise UpstreamNotAsked(_sentence(is_change=is_change), retry_after=COME_AGAIN_AFTER)
    token = _has_place.set(True)
    try:
        yield
    finally:
        _has_place.reset(token)
        places.give_back(holder)


@contextmanager
def place_to_send_if_any() -> Iterator[None]:
    """For who looks things up before sending: a place for all of it, as far as there is one.

    Where there is none, what is sent is refused in the end, with whatever records it.
    """
    with ExitStack() as held:
        with suppress(UpstreamNotAsked):
            held.enter_context(place(is_change=True, may_stand_in_line=False))
        yield


def step_aside() -> None:
    """From here on this context is no request's: it holds up nobody, and needs no place."""
    _is_aside.set(True)


def is_aside() -> bool:
    """Whether this is no request's context."""
    return _is_aside.get()


def _sentence(*, is_change: bool) -> str:
    if is_change:
        return (
            "The upstream is slow, and too much is being sent to it at this moment. Nothing was "
            "sent; try again in a moment."
        )
    return "The upstream is slow: too many wait for its answers already. Try again in a moment."
