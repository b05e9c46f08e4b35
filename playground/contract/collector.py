"""Python's search for garbage, put off while a large text becomes values.

After every few hundred new lists and objects Python looks whether old ones can go. While a large
JSON text is read, all of them are new and none can: looking takes five times as long as reading.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

# Characters of a text from which on it pays.
FROM_SIZE = 100_000
_lock = threading.Lock()
_pauses = 0
_was_on = False


@contextmanager
def put_off(size: int) -> Iterator[None]:
    """For reading so many characters, and nothing that waits: it holds for the whole process."""
    if size < FROM_SIZE:
        yield
        return
    _begin()
    try:
        yield
    finally:
        _end()


def _begin() -> None:
    global _pauses, _was_on  # noqa: PLW0603  # The collector is the process's.
    with _lock:
        if not _pauses:
            _was_on = gc.isenabled()
            gc.disable()
        _pauses += 1


def _end() -> None:
    global _pauses  # noqa: PLW0603
    with _lock:
        _pauses -= 1
        if not _pauses and _was_on:
            gc.enable()
