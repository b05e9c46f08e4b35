"""How many requests of this process may wait for the upstream at a time.

A request is answered by a thread, and one that waits for a server that hangs answers nobody. So
whoever waits needs a place, and whoever finds none is told so at once. The web server has as many
threads more as there are places (`running/servers.py`): those that answer are never all waiting.

Who sends something has places of their own, so that those who watch do not keep a launch from
being sent. For the sandbox in this process nobody waits.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from contextvars import ContextVar

from playground.upstream import targets
from playground.upstream.errors import UpstreamNotAsked

MOST_WATCHING = 16
MOST_SENDING = 8
MOST_WAITING = MOST_WATCHING + MOST_SENDING
# Seconds after which somebody who found no place may come again.
COME_AGAIN_AFTER = 5

_watching = threading.BoundedSemaphore(MOST_WATCHING)
_sending = threading.BoundedSemaphore(MOST_SENDING)
_has_place: ContextVar[bool] = ContextVar("has_place", default=False)
_is_aside: ContextVar[bool] = ContextVar("is_aside", default=False)


@contextmanager
def place(*, is_change: bool = False) -> Iterator[None]:
    """Inside, the upstream may be waited for. Raises `UpstreamNotAsked` when there is no place.

    Who has a place needs no second one.
    """
    if _has_place.get() or _is_aside.get() or targets.is_sandbox():
        yield
        return
    places = _sending if is_change else _watching
    if not places.acquire(blocking=False):
        raise UpstreamNotAsked(_sentence(is_change=is_change), retry_after=COME_AGAIN_AFTER)
    token = _has_place.set(True)
    try:
        yield
    finally:
        _has_place.reset(token)
        places.release()


@contextmanager
def place_to_send_if_any() -> Iterator[None]:
    """For who looks things up before sending: a place for all of it, as far as there is one.

    Where there is none, what is sent is refused in the end, with whatever records it.
    """
    with ExitStack() as held:
        with suppress(UpstreamNotAsked):
            held.enter_context(place(is_change=True))
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
