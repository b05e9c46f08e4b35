"""Leases: of work that one process does, and another takes up when that one is dead.

A lease stands beside the work in the database, where its holder says now and then that it lives:
it runs out wherever the holder was. On the holder's own machine nobody needs to wait for that: a
file of the lease's name is locked as long as the process lives, however it ends.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

_LOCK = fcntl.LOCK_EX | fcntl.LOCK_NB
_KEPT = dt.timedelta(days=1)


@contextlib.contextmanager
def held(lease: uuid.UUID) -> Iterator[None]:
    """While this lasts, this process is the lease's holder: to be entered before it is taken. Of
    several that enter it at a time, one is."""
    with contextlib.ExitStack() as files:
        is_ours = _lock(lease, files)
        yield
    # Not after an error: then the file tells that the work was left.
    if is_ours:
        forget(lease)


def _lock(lease: uuid.UUID, files: contextlib.ExitStack) -> bool:
    path = _path(lease)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fcntl.flock(files.enter_context(path.open("w", encoding="ascii")), _LOCK)
    except BlockingIOError:
        return False
    except OSError:
        # Without a folder to write to, the lease is one that runs out, as on another machine.
        forget(lease)
        return False
    return True


def take(
    rows: QuerySet[Any], lease: uuid.UUID, now: dt.datetime, length: dt.timedelta, **columns: object
) -> bool:
    """Make the lease that of the one row there is, unless it has a holder that lives."""
    holder = rows.values_list("lease", flat=True).first()
    free = Q(lease=None) | Q(seen_alive_at__lt=now - length)
    if holder and is_left(holder):
        free |= Q(lease=holder)
    is_ours = rows.filter(free).update(lease=lease, seen_alive_at=now, **columns) == 1
    if is_ours:
        forget(holder)
    return is_ours


def is_left(lease: uuid.UUID) -> bool:
    """Whether its holder was a process of this machine that is dead."""
    try:
        with _path(lease).open(encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def all_left(leases: Iterable[uuid.UUID]) -> list[uuid.UUID]:
    """Those whose holders were processes of this machine that are dead."""
    return [lease for lease in leases if is_left(lease)]


def forget(lease: uuid.UUID | None) -> None:
    """Nothing in the database names it any more."""
    if lease:
        with contextlib.suppress(OSError):
            _path(lease).unlink()


def forget_old(now: dt.datetime) -> None:
    """The files of what was left, and removed before anybody took it up."""
    before = (now - _KEPT).timestamp()
    for path in _folder().glob("*"):
        with contextlib.suppress(OSError, ValueError):
            if path.stat().st_mtime < before and is_left(uuid.UUID(path.name)):
                path.unlink()


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "leases"


def _path(lease: uuid.UUID) -> Path:
    return _folder() / str(lease)
