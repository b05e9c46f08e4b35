"""Whether a background worker is alive on this machine.

A worker holds a lock as long as it lives: the system lets go of it when the process ends, however
it ends.
"""

from __future__ import annotations

import fcntl
import threading
from pathlib import Path
from typing import IO

from django.conf import settings

_looking = threading.Lock()


def announce_worker() -> IO[str]:
    """Say that this process is a worker, until it ends or closes what it is given."""
    file = _path().open("w", encoding="ascii")
    fcntl.flock(file, fcntl.LOCK_SH)
    return file


def is_worker_there() -> bool:
    try:
        with _looking, _path().open(encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _path() -> Path:
    return Path(settings.DATA_DIR) / "worker.lock"
