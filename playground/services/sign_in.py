"""Checking a password: so often and no more, whoever asks, and a line in the log of each.

Attempts are counted in the database, so that all processes count together: by the name, and by
the address that the connection comes from. Behind a proxy that address is the proxy's, everybody's,
and is not counted; headers that name another are not believed. An attempt is counted before the
password is looked at, and taken back when it was right or was not looked at.
"""

from __future__ import annotations

import datetime as dt
import logging
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from playground import passwords
from playground.models import Guesses
from playground.payload.words import counted

# So many wrong passwords in a row cost nothing; from then on each doubles the wait.
FREE_BY_NAME, FREE_BY_ADDRESS = 5, 20
FIRST_WAIT, LONGEST_WAIT = 1, 300
# After so long without another they are forgotten.
REMEMBERED_FOR = dt.timedelta(minutes=15)
_LONGEST_NAME = 150

logger = logging.getLogger(__name__)


class TooManyGuesses(Exception):
    """The password was not looked at. `seconds` is in how many somebody may try again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds

    @property
    def sentence(self) -> str:
        wait = counted(self.seconds, "second")
        return (
            "Too many wrong passwords for this name, or from this address. This one was not looked "
            f"at: try again in {wait}. Whoever manages the playground can set a new password."
        )


@dataclass(slots=True)
class Attempt:
    """`is_right` is what the password was found to be; None while it was not looked at."""

    is_right: bool | None = None


@dataclass(frozen=True, slots=True)
class _Key:
    digest: str
    free: int


class SignInBackend(ModelBackend):
    """Django's own, counted and told. Every door asks here: the site's, and the admin's."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **others: Any,
    ) -> User | None:
        """Raises `TooManyGuesses`. Without a request it is no person who asks."""
        if request is None or username is None or password is None:
            return super().authenticate(request, username, password, **others)
        with guarded(username, request, "sign in") as attempt:
            user = super().authenticate(request, username, password, **others)
            attempt.is_right = user is not None
        return user


@contextmanager
def guarded(name: str, request: HttpRequest, purpose: str) -> Iterator[Attempt]:
    """Inside, a password of that name may be looked at once.

    Raises `TooManyGuesses`, or `TooManyPasswords` when others are in line for it already.
    `purpose` completes "to …" in the log.
    """
    address = request.META.get("REMOTE_ADDR", "")
    told = f"{_shown(name)} from {address or 'this machine'}, to {purpose}"
    keys = _keys(name, address)
    passwords.check_line()
    try:
        _count(keys, timezone.now())
    except TooManyGuesses as error:
        logger.warning("Password not looked at: %s. Too many were wrong.", told)
        raise error from None
    attempt = Attempt()
    try:
        yield attempt
    finally:
        if attempt.is_right is False:
            logger.warning("Password wrong: %s.", told)
        else:
            _take_back(keys, is_right=bool(attempt.is_right))
    if attempt.is_right:
        logger.info("Password right: %s.", told)


def forget_old(now: dt.datetime) -> None:
    """Wrong passwords that count no more."""
    Guesses.objects.filter(last_at__lt=now - REMEMBERED_FOR).delete()


def _keys(name: str, address: str) -> tuple[_Key, ...]:
    """In one order, so that two requests never wait for each other."""
    by_name = _Key(_digest(f"name {name}"), FREE_BY_NAME)
    if settings.BEHIND_TLS or not address:
        return (by_name,)
    return (by_name, _Key(_digest(f"address {address}"), FREE_BY_ADDRESS))


def _digest(text: str) -> str:
    return salted_hmac(__name__, text.encode("utf-8", "replace"), algorithm="sha256").hexdigest()


def _count(keys: tuple[_Key, ...], now: dt.datetime) -> None:
    """Raises `TooManyGuesses`, and then counts nothing."""
    # Looked at first, so that whoever goes on guessing does not make us write.
    _check(keys, now)
    with transaction.atomic():
        forget_old(now)
        for key in keys:
            Guesses.objects.get_or_create(key=key.digest, defaults={"last_at": now})
            Guesses.objects.select_for_update().get(key=key.digest)
        _check(keys, now)
        of_these = Guesses.objects.filter(key__in=[key.digest for key in keys])
        of_these.update(count=F("count") + 1, last_at=now)


def _check(keys: tuple[_Key, ...], now: dt.datetime) -> None:
    found = {one.key: one for one in Guesses.objects.filter(key__in=[key.digest for key in keys])}
    waits = [_seconds_left(found[key.digest], key.free, now) for key in keys if key.digest in found]
    if waits and max(waits) > 0:
        raise TooManyGuesses(max(waits))


def _seconds_left(guesses: Guesses, free: int, now: dt.datetime) -> int:
    beyond = guesses.count - free
    if beyond < 0 or now - guesses.last_at > REMEMBERED_FOR:
        return 0
    wait = min(FIRST_WAIT << min(beyond, 20), LONGEST_WAIT)
    return max(0, math.ceil(wait - (now - guesses.last_at).total_seconds()))


def _take_back(keys: tuple[_Key, ...], *, is_right: bool) -> None:
    """A right password makes the wrong ones of the name forgotten, not those of the address."""
    of_these = Guesses.objects.filter(key__in=[key.digest for key in keys], count__gt=0)
    with transaction.atomic():
        of_these.update(count=F("count") - 1)
        if is_right:
            Guesses.objects.filter(key=keys[0].digest).delete()


def _shown(name: str) -> str:
    """A name as the log tells it: on one line, in quotes. One that nobody has may be a password."""
    plain = name[:_LONGEST_NAME].replace("\0", "")
    is_known = User.objects.filter(username=plain).exists()
    return repr(plain) if is_known else "an unknown name"
