"""Keeps the web server and the background worker running until somebody says stop."""

from __future__ import annotations

import http.client
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playground.operations import UnableToRun
from playground.operations.addresses import Address
from playground.operations.children import Child, stop_all
from playground.operations.plans import Plan

START_SECONDS = 60
STOP_SECONDS = 9
_LOOK_EVERY_SECONDS = 0.1
_LONGEST_DELAY_SECONDS = 30
# A worker that lived this long did not fail at its start: its next end is a first one again.
_SETTLED_SECONDS = 60

Say = Callable[[str], None]


@dataclass(slots=True)
class StopRequest:
    is_made: bool = False


@contextmanager
def stop_requests() -> Iterator[StopRequest]:
    """Ctrl-C, SIGTERM and a closed terminal ask us to stop; nothing is interrupted by them."""
    request = StopRequest()

    def note(*_: object) -> None:
        request.is_made = True

    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # `nohup` means it
        numbers.append(signal.SIGHUP)
    before = {number: signal.signal(number, note) for number in numbers}
    try:
        yield request
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@dataclass(slots=True, kw_only=True)
class KeptAlive:
    """A program that is started again when it ends: after 1 s, 2 s, 4 s … while it keeps ending."""

    name: str
    start: Callable[[], Child]
    warn: Say
    child: Child = field(init=False)
    _ends: int = 0
    _again_at: float | None = None

    def __post_init__(self) -> None:
        self.child = self.start()

    def tend(self) -> None:
        """Look once; never waits."""
        exit_code = self.child.exit_code
        if exit_code is None:
            return
        if self._again_at is None:
            self._put_off(exit_code)
        elif time.monotonic() >= self._again_at:
            self._again_at = None
            self.child = self.start()

    def _put_off(self, exit_code: int) -> None:
        if self.child.age_seconds > _SETTLED_SECONDS:
            self._ends = 0
        delay = min(2**self._ends, _LONGEST_DELAY_SECONDS)
        self._ends += 1
        self._again_at = time.monotonic() + delay
        self.child.kill_group()
        self.warn(f"The {self.name} ended ({_told(exit_code)}); it starts again in {delay} s.")


def supervise(plan: Plan, request: StopRequest, *, on_ready: Callable[[], None], warn: Say) -> None:
    """Start both, call `on_ready` once the address answers, return when asked to stop.

    Nothing that was started is left when it returns, or raises `UnableToRun` because the web
    server did not come up or stay up.
    """
    children: list[Callable[[], Child]] = []
    try:
        server = Child(plan.web_server, plan.environment)
        children.append(lambda: server)
        worker = KeptAlive(
            name="background worker",
            start=lambda: Child(plan.background_worker, plan.environment),
            warn=warn,
        )
        children.append(lambda: worker.child)
        if _comes_up(server, plan.address, request):
            on_ready()
        while not request.is_made:
            _check(server)
            worker.tend()
            time.sleep(_LOOK_EVERY_SECONDS)
    finally:
        stop_all([child() for child in children], seconds=STOP_SECONDS)


def _comes_up(server: Child, address: Address, request: StopRequest) -> bool:
    """Wait for the first answer; False when we were asked to stop meanwhile."""
    while not request.is_made:
        _check(server)
        if _answers(address):
            return True
        if server.age_seconds > START_SECONDS:
            raise UnableToRun(f"The web server gave no answer within {START_SECONDS} seconds.")
        time.sleep(_LOOK_EVERY_SECONDS / 2)
    return False


def _answers(address: Address) -> bool:
    """Whether a request gets any answer; which one depends on sign-in and host names."""
    line = http.client.HTTPConnection(address.ip, address.port, timeout=5)
    try:
        line.request("GET", "/", headers={"Host": address.netloc})
        line.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    else:
        return True
    finally:
        line.close()


def _check(server: Child) -> None:
    exit_code = server.exit_code
    if exit_code is not None:
        raise UnableToRun(f"The web server ended by itself ({_told(exit_code)}).")


def _told(exit_code: int) -> str:
    return f"exit code {exit_code}" if exit_code >= 0 else signal.Signals(-exit_code).name
