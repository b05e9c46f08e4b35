"""Launches that are sent to a real web server, which is killed at a chosen moment."""

from __future__ import annotations

import contextlib
import http.client
import os
import random
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from playground.running import addresses, children, servers
from tests.benchmarks.load import Request
from tests.benchmarks.visitor import Visitor
from tests.journeys.person import FIND_EMAIL_STEP, FIND_EMAIL_UID
from tests.journeys.slow_upstream import Arrival, SlowUpstream

BEFORE_ROW = "before the row"
BEFORE_CALL = "after the row, before the call"
DURING_CALL = "during the call"
BEFORE_STORED = "after the answer, before it is stored"
AFTER_ALL = "after everything"
PHASES = (BEFORE_ROW, BEFORE_CALL, DURING_CALL, BEFORE_STORED)
# Where a kill is aimed: the call has two halves, before and after a job was made.
AIMS = (BEFORE_ROW, BEFORE_CALL, DURING_CALL, "during the call, late", BEFORE_STORED)
PATH = f"/workflows/{FIND_EMAIL_UID}/launch/"


@dataclass(slots=True, kw_only=True)
class Form:
    """One filled-in form. `token` changes when a person begins a new launch of the same thing."""

    job_name: str
    token: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def fields(self) -> list[tuple[str, str]]:
        return [
            ("launch_token", str(self.token)),
            ("job_name", self.job_name),
            ("inputs-0-first_name", "Ada"),
            ("inputs-0-last_name", "King"),
            ("inputs-0-company_name", "acme.example"),
            (f"steps-{FIND_EMAIL_STEP}-parameters-max_candidates", "1"),
        ]


class WebServer:
    """The playground's web server, warmed up: what a launch needs is imported and connected."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._child: children.Child | None = None

    def start(self) -> threading.Thread:
        """Once the thread has ended, the server can be used.

        The process itself begins here and now: it would end together with a thread of its own.
        """
        self.address = addresses.claim("127.0.0.1", 0)
        command = servers.SERVERS[servers.DEFAULT_SERVER](self.address, servers.Size(threads=4))
        self._child = children.Child(command, servers.child_environment(self._environment))
        self.visitor = Visitor(self.address.port)
        warming = threading.Thread(target=self._warm_up, args=(self._child,))
        warming.start()
        return warming

    def _warm_up(self, child: children.Child) -> None:
        deadline = time.monotonic() + 60
        while True:
            try:
                self.visitor.get(f"/workflows/{FIND_EMAIL_UID}/")
            except (OSError, http.client.HTTPException):
                if time.monotonic() > deadline or child.exit_code is not None:
                    raise
                time.sleep(0.02)
            else:
                break
        self.submit(Form(job_name="to warm up"))

    def kill(self) -> None:
        """`kill -9` for it and its worker processes."""
        if self._child:
            self._child.kill_group()

    def request(self, form: Form) -> Request:
        return self.visitor.post(PATH, form.fields, is_part=False)

    def submit(self, form: Form, ready: threading.Barrier | None = None) -> int:
        """The status of the answer; 0 when there was none."""
        request = self.request(form)
        line = http.client.HTTPConnection("127.0.0.1", self.address.port, timeout=30)
        try:
            line.connect()
            if ready:
                ready.wait()
            line.request("POST", request.path, body=request.body, headers=request.headers)
            return line.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            line.close()


class Rows:
    """Looks at the ledger's rows, as fast as one can."""

    def __init__(self, path: str) -> None:
        self._database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)

    def state(self, form: Form) -> str:
        """Empty when there is no row."""
        found = self._database.execute(
            "SELECT state FROM playground_launch WHERE launch_token = ?", [form.token.hex]
        ).fetchone()
        return found[0] if found else ""

    def close(self) -> None:
        self._database.close()


class Crasher:
    """Kills one server after the other while launches are under way."""

    def __init__(self, upstream: SlowUpstream, rows: Rows, chance: random.Random) -> None:
        self._upstream = upstream
        self._rows = rows
        self._chance = chance
        self._seconds_to_row = 0.02

    def crash(self, server: WebServer, forms: list[Form], aim: str) -> dict[str, str]:
        """Submit the forms at once and kill the server: by job name, the phase that it met.

        The first form is what is aimed at.
        """
        ready = threading.Barrier(len(forms) + 1)
        threads = [
            threading.Thread(target=server.submit, args=(form, ready), daemon=True)
            for form in forms
        ]
        with self._hooks(aim, forms[0]) as reached:
            for thread in threads:
                thread.start()
            ready.wait()
            self._wait(aim, forms[0], reached)
            killed_at = time.monotonic()
            server.kill()
        for thread in threads:
            thread.join()
        self._let_the_upstream_finish(forms)
        return {form.job_name: self._phase(form, killed_at) for form in forms}

    @contextlib.contextmanager
    def _hooks(self, aim: str, target: Form) -> Iterator[threading.Event]:
        """The event is set when the upstream sees the moment that is aimed at."""
        reached, killed = threading.Event(), threading.Event()

        def tell(arrival: Arrival) -> None:
            if arrival.job_name == target.job_name:
                reached.set()

        def tell_and_hold(arrival: Arrival) -> None:
            tell(arrival)
            # Goes on after the kill, as an upstream does that has read the request.
            killed.wait(0.2 * self._chance.random())

        if aim == DURING_CALL:
            self._upstream.before_accepting = tell_and_hold
        elif aim == AIMS[3]:
            self._upstream.before_answering = tell_and_hold
        elif aim == BEFORE_STORED:
            self._upstream.after_answering = tell
        try:
            yield reached
        finally:
            killed.set()
            for hook in ("before_accepting", "before_answering", "after_answering"):
                setattr(self._upstream, hook, lambda _: None)

    def _wait(self, aim: str, target: Form, reached: threading.Event) -> None:
        began = time.monotonic()
        if aim == BEFORE_ROW:
            time.sleep(self._chance.uniform(0, self._seconds_to_row))
        elif aim == BEFORE_CALL:
            while not self._rows.state(target) and time.monotonic() < began + 5:
                pass
            self._seconds_to_row = 0.8 * self._seconds_to_row + 0.2 * (time.monotonic() - began)
        else:
            reached.wait(5)
            # The answer is stored some milliseconds after it was sent.
            time.sleep(self._chance.uniform(0, 0.002) if aim == BEFORE_STORED else 0)

    def _let_the_upstream_finish(self, forms: list[Form]) -> None:
        time.sleep(0.01)  # What was in a socket's buffer arrives.
        for form in forms:
            for arrival in self._upstream.arrivals_of(form.job_name):
                arrival.is_over.wait(10)

    def _phase(self, form: Form, killed_at: float) -> str:
        state = self._rows.state(form)
        arrivals = self._upstream.arrivals_of(form.job_name)
        if state not in ("", "sending"):
            return AFTER_ALL
        if any(0 < arrival.answered_at < killed_at for arrival in arrivals):
            return BEFORE_STORED
        if arrivals:
            return DURING_CALL
        return BEFORE_CALL if state else BEFORE_ROW


def environment_of(folder: str, upstream: SlowUpstream) -> dict[str, str]:
    """The variables of a playground whose data is in `folder`."""
    return {
        "DJANGO_SETTINGS_MODULE": "playground.settings",
        "DATA_DIR": folder,
        "DATABASE_URL": f"sqlite:///{folder}/playground.sqlite3",
        "SECRET_KEY": os.urandom(32).hex(),
        "PLAYGROUND_SIGN_IN": "local",
        **upstream.environment,
    }
