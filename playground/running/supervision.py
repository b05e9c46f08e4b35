"""Keeps the web server and the background worker running until somebody says stop.

A program of its own, which `manage.py run` turns into when everything is prepared: it knows
nothing of Django, so that what only waits takes little memory.
"""

from __future__ import annotations

import http.client
import signal
import sys
import time
from dataclasses import dataclass, field

from playground.running import UnableToRun, plans
from playground.running.addresses import Address
from playground.running.children import Child, stop_all
from playground.running.plans import Plan

# Blocked while `run` turns into this program, so that none is lost on the way.
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
START_SECONDS = 60
STOP_SECONDS = 27  # The web server's own grace, and a little.
# Time for pages that are errors at first, as while a database is busy with its start.
_ERRORS_SECONDS = 5
_TOLD_AFTER_SECONDS = 3
_ONE_REQUEST_SECONDS = 1
# The first needs no database where people sign in, the second is rendered.
_FIRST_PAGES = ("/", "/sign-in/")
_OK, _FIRST_SERVER_ERROR = 200, 500
_LOOK_EVERY_SECONDS = 0.1
_LONGEST_DELAY_SECONDS = 30
# A program that lived this long did not fail at its start: its next end is a first one again.
_SETTLED_SECONDS = 60


@dataclass(slots=True)
class StopRequest:
    signals: list[int] = field(default_factory=list)
    is_urgent: bool = False
    _made_at: float = 0
    _is_told: bool = False

    @property
    def is_made(self) -> bool:
        return bool(self.signals)

    def listen(self) -> None:
        """From now on Ctrl-C, SIGTERM and a closed terminal make the request, and only that."""
        for number in STOP_SIGNALS:
            # What was ignored from the start, as with `nohup`, stays so. Ctrl-C always counts.
            if number == signal.SIGINT or signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._make)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)

    def is_over(self, seconds: float) -> bool:
        """Whether what was asked to stop has had its time: until somebody asks once more."""
        if seconds > _TOLD_AFTER_SECONDS and not self._is_told:
            self._is_told = True
            _tell([f"Answers under way get up to {STOP_SECONDS} s; Ctrl-C again ends at once."])
        return seconds > STOP_SECONDS or self.is_urgent

    def _make(self, number: int, _: object) -> None:
        # Some programs pass on what a terminal sent to all of them anyway: that is one request.
        if self.signals and time.monotonic() - self._made_at > _ONE_REQUEST_SECONDS:
            self.is_urgent = True
        elif not self.signals:
            self._made_at = time.monotonic()
        self.signals.append(number)


@dataclass(slots=True, kw_only=True)
class KeptAlive:
    """A program that is started again when it ends: after 1 s, 2 s, 4 s … while it keeps ending."""

    name: str
    command: list[str]
    child: Child | None = None
    _ends: int = 0
    _start_at: float = 0

    def tend(self) -> None:
        """Start it when that is due, look after it when it runs; never waits."""
        if self.child is None:
            if time.monotonic() >= self._start_at:
                self.child = Child(self.command)
        elif self.child.exit_code is not None:
            self._put_off(self.child, self.child.exit_code)
            self.child = None

    def _put_off(self, child: Child, exit_code: int) -> None:
        child.kill_group()
        if child.age_seconds > _SETTLED_SECONDS:
            self._ends = 0
        delay = min(2**self._ends, _LONGEST_DELAY_SECONDS)
        self._ends += 1
        self._start_at = time.monotonic() + delay
        _warn(f"The {self.name} ended ({_told(exit_code)}); it starts again in {delay} s.")


def supervise(plan: Plan, request: StopRequest) -> None:
    """Start both, say so once the address answers, return when asked to stop.

    Nothing that was started is left when it returns, or raises `UnableToRun` because the web
    server did not come up or stay up.
    """
    worker = KeptAlive(name="background worker", command=plan.background_worker)
    server = Child(plan.web_server)
    try:
        worker.tend()
        is_up = _comes_up(server, plan.address, request)
        if is_up:
            _tell(plan.lines)
        while not request.is_made:
            _check(server)
            worker.tend()
            time.sleep(_LOOK_EVERY_SECONDS)
    finally:
        stop_all([server, *([worker.child] if worker.child else [])], is_over=request.is_over)
    if is_up:
        _tell([f"Playground stopped ({signal.Signals(request.signals[0]).name})."])


def _comes_up(server: Child, address: Address, request: StopRequest) -> bool:
    """Wait for the first page; False when we were asked to stop meanwhile.

    A page that is late is no error: a busy machine makes it so, and nothing is written of it.
    """
    errors_since: float | None = None
    while not request.is_made:
        _check(server)
        if _status(address, "/healthz") == _OK:
            statuses = (_status(address, path) for path in _FIRST_PAGES)
            found = next((status for status in statuses if not _is_page(status)), _OK)
            if found == _OK:
                return True
            if found is not None:
                errors_since = errors_since or time.monotonic()
                _check_errors(time.monotonic() - errors_since)
        if server.age_seconds > START_SECONDS:
            raise UnableToRun(f"The web server gave no answer within {START_SECONDS} seconds.")
        time.sleep(_LOOK_EVERY_SECONDS / 2)
    return False


def _check_errors(seconds: float) -> None:
    if seconds > _ERRORS_SECONDS:
        raise UnableToRun(
            "The web server runs, but its pages are errors: what is written above says why."
        )


def _is_page(status: int | None) -> bool:
    """Which one depends on sign-in and on host names; an error of the server is none."""
    return status is not None and status < _FIRST_SERVER_ERROR


def _status(address: Address, path: str) -> int | None:
    """None when there is no answer."""
    line = http.client.HTTPConnection(address.ip, address.port, timeout=5)
    try:
        line.request("GET", path, headers={"Host": address.netloc})
        response = line.getresponse()
        response.read()
    except (OSError, http.client.HTTPException):
        return None
    else:
        return response.status
    finally:
        line.close()


def _check(server: Child) -> None:
    exit_code = server.exit_code
    if exit_code is not None:
        raise UnableToRun(f"The web server ended by itself ({_told(exit_code)}).")


def _told(exit_code: int) -> str:
    return f"exit code {exit_code}" if exit_code >= 0 else signal.Signals(-exit_code).name


def _tell(lines: list[str]) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def _warn(sentence: str) -> None:
    sys.stderr.write(f"playground: {sentence}\n")
    sys.stderr.flush()


def main() -> None:
    request = StopRequest()
    request.listen()
    try:
        supervise(plans.from_json(sys.argv[1]), request)
    except UnableToRun as error:
        sys.exit(f"playground: {error}")


if __name__ == "__main__":
    main()
