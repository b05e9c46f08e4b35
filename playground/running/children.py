"""One child process that never outlives us."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence

_PR_SET_PDEATHSIG = 1


class Child:
    """A started program, in a process group of its own together with whatever it starts.

    Its own group keeps a terminal's Ctrl-C to us alone, so that we say when to stop, and lets us
    end the program's helpers even when the program itself is gone.
    """

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str] | None = None
    ) -> None:
        self.started_at = time.monotonic()
        self._process = subprocess.Popen(  # noqa: S603 (a fixed program with checked arguments)
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_die_with_parent(),  # noqa: PLW1509 (we have a single thread)
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative for the signal that ended it."""
        return self._process.poll()

    @property
    def age_seconds(self) -> float:
        return time.monotonic() - self.started_at

    def ask_to_stop(self) -> None:
        if self.exit_code is None:
            self._process.send_signal(signal.SIGTERM)

    def kill_group(self) -> None:
        """End the program and everything it started, at once; nothing happens if all are gone."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


def stop_all(children: Iterable[Child], *, is_over: Callable[[float], bool]) -> None:
    """Ask all to stop, wait until they do, or `is_over` after so many seconds, then kill them."""
    children = tuple(children)
    for child in children:
        child.ask_to_stop()
    started = time.monotonic()
    while any(child.exit_code is None for child in children):
        if is_over(time.monotonic() - started):
            break
        time.sleep(0.02)
    for child in children:
        child.kill_group()


def _die_with_parent() -> Callable[[], None] | None:
    """On Linux, what makes the kernel send a child SIGTERM when we are gone, `kill -9` included.

    Elsewhere there is no such call: there the children outlive a `kill -9`, and only that.
    """
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def arrange() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # We died before the kernel knew of the arrangement.
            os._exit(1)

    return arrange
