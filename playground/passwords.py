"""Hashing passwords, which is slow on purpose, without slowing down everybody else.

One password is hashed at a time in this process, and few requests stand in line for it. The web
server has a thread more for each of them (`running/servers.py`); whoever else comes is told to come
again at once.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.hashers import PBKDF2PasswordHasher

# Of these one is at it.
MOST_IN_LINE = 3
# Seconds that somebody stands in line, and after which somebody who may not comes again.
LONGEST_IN_LINE = 10.0
COME_AGAIN_AFTER = 3

_line = threading.BoundedSemaphore(MOST_IN_LINE)
_turn = threading.Lock()


class TooManyPasswords(Exception):
    """Too many passwords are being checked at this moment: this one was not looked at."""


class BoundedHasher(PBKDF2PasswordHasher):
    """Django's own, one at a time: whatever sets or checks a password comes here.

    Raises `TooManyPasswords`.
    """

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        with _its_turn():
            encoded: str = super().encode(password, salt, iterations)
        return encoded


def check_line() -> None:
    """For who does other work first: raises `TooManyPasswords` when it would be for nothing."""
    if not _line.acquire(blocking=False):
        raise TooManyPasswords
    _line.release()


@contextmanager
def _its_turn() -> Iterator[None]:
    if not _line.acquire(blocking=False):
        raise TooManyPasswords
    try:
        if not _turn.acquire(timeout=LONGEST_IN_LINE):
            raise TooManyPasswords
        try:
            yield
        finally:
            _turn.release()
    finally:
        _line.release()
