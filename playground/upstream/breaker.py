"""Leaving an upstream alone that gives no answer.

closed → open      so many calls in a row brought no answer: none is made for a while
open   → probing   then one is made at a time
       → closed    as soon as any call is answered
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from playground.upstream.errors import UpstreamNotAsked

MOST_SILENCES = 3
# Seconds: for which nothing is asked, and in which a call has come to its end.
REST = 5.0
LONGEST_PROBE = 30.0
# A failure behind the upstream that takes so many seconds to tell holds up as a silence does.
SLOW_FAILURE = 2.0


class Breaker:
    """For the calls to one upstream. Any number of threads may share it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._guard = threading.Lock()
        self._silences = 0
        self._rests_until = 0.0
        self._probed_until = 0.0

    def admit(self) -> None:
        """Raises `UpstreamNotAsked` unless a call that only asks may be made now."""
        with self._guard:
            if self._silences < MOST_SILENCES:
                return
            now = self._clock()
            if now >= max(self._rests_until, self._probed_until):
                self._probed_until = now + LONGEST_PROBE
                return
            wait = max(1, round(self._rests_until - now))
        raise UpstreamNotAsked(
            "The upstream gave no answer to the last calls, and is left alone for a few seconds. "
            "Try again in a moment.",
            retry_after=wait,
        )

    def note(self, *, is_silence: bool) -> None:
        """A call has ended."""
        with self._guard:
            self._probed_until = 0.0
            self._silences = self._silences + 1 if is_silence else 0
            if is_silence:
                self._rests_until = self._clock() + REST
