"""The programs `run` starts, as command lines, and the environment they get."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from playground import passwords
from playground.running.addresses import Address
from playground.upstream import waiting

PROJECT = Path(__file__).resolve().parent.parent.parent
# Modules come from the project, wherever it is started from: not from the current folder.
PYTHON = (sys.executable, "-P")
APPLICATION = "playground.wsgi:application"
# Time for answers under way once the server was told to stop: a launch may take 20 seconds, and
# its outcome must be written down.
GRACE_SECONDS = 25
# Variables by which a web server could be reconfigured behind the settings' back.
_FOREIGN_PREFIXES = ("GRANIAN_", "GUNICORN_")
_FOREIGN_NAMES = ("WEB_CONCURRENCY", "FORWARDED_ALLOW_IPS")


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much a web server may do at once: processes, and in each the threads that answer.

    For requests that wait for somebody there are more.
    """

    processes: int = 1
    threads: int = 4

    @property
    def all_threads(self) -> int:
        return self.threads + waiting.MOST_WAITING + passwords.MOST_IN_LINE


def granian(address: Address, size: Size) -> list[str]:
    return [
        *(*PYTHON, "-m", "granian", "--interface", "wsgi", APPLICATION),
        *("--host", address.ip, "--port", str(address.port), "--http", "1", "--no-ws"),
        *("--workers", str(size.processes), "--blocking-threads", str(size.all_threads)),
        *("--respawn-failed-workers", "--workers-kill-timeout", str(GRACE_SECONDS)),
        # It warns of more threads than processors; most of ours wait for somebody.
        *("--log-level", "error", "--no-access-log"),
    ]


def gunicorn(address: Address, size: Size) -> list[str]:
    return [
        *(*PYTHON, "-m", "gunicorn", APPLICATION, "--bind", address.netloc),
        *("--worker-class", "gthread", "--keep-alive", "75"),
        *("--workers", str(size.processes), "--threads", str(size.all_threads)),
        *("--graceful-timeout", str(GRACE_SECONDS), "--no-control-socket"),
        *("--log-level", "warning"),
    ]


SERVERS = {"granian": granian, "gunicorn": gunicorn}
DEFAULT_SERVER = "granian"


def supervisor(plan: str) -> list[str]:
    return [*PYTHON, "-m", "playground.running.supervision", plan]


def background_worker() -> list[str]:
    # As with `run`: checks load every page, which no task needs.
    # What somebody waits for, as a file that is to be read, is begun at once.
    options = ("--no-startup-delay", "--skip-checks", "--interval=0.25")
    return [sys.executable, str(PROJECT / "manage.py"), "db_worker", *options]


def child_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment for a child: ours, less what only the servers would read."""
    kept = {
        name: value
        for name, value in environment.items()
        if not name.startswith(_FOREIGN_PREFIXES) and name not in _FOREIGN_NAMES
    }
    paths = [str(PROJECT), *filter(None, [environment.get("PYTHONPATH")])]
    return kept | {"PYTHONPATH": ":".join(paths)}
