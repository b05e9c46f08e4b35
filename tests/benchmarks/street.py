"""What everybody else meets while the upstream hangs, or while many guess at passwords.

    .venv/bin/python -m tests.benchmarks.street

One playground's sandbox is the upstream of another, through a relay that can be told to hang. Tabs
watch a job each in the normal rhythm of its page, and reload it now and then. Meanwhile the list
of launches, the style sheet and the refusal of the sandbox's API are asked for. Then passwords of
another playground are guessed, each guess as soon as the one before is answered.
"""

import argparse
import http.client
import json
import re
import socket
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.benchmarks.measuring import percentile, playground, table

KEY, PROJECT = "5a9d" * 16, "5a9db0c0-0000-4000-8000-000000000001"
# "Clean a company's name", in the sandbox's catalogue.
WORKFLOW = "5a9db0c0-0004-4000-8000-000000000003"
STEP = "5a9db0c0-0005-4000-8000-000000000301"
SECONDS_BETWEEN_RELOADS = 20
LONGEST_WAIT = 60


class Relay:
    """Passes bytes on to a port of this machine; while it `hangs`, it takes them and is silent."""

    def __init__(self, port: int) -> None:
        self.hangs = threading.Event()
        self.calls = 0
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=500)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            line, _ = self._listener.accept()
            there = socket.create_connection(("127.0.0.1", self._target))
            for source, sink in ((line, there), (there, line)):
                threading.Thread(target=self._pass, args=(source, sink), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                if data.startswith((b"GET ", b"POST ")):
                    self.calls += 1
                if not self.hangs.is_set():
                    sink.sendall(data)
            sink.close()


class Tabs:
    """Each watches a job as a browser does that has its page open."""

    def __init__(self, port: int, jobs: list[str]) -> None:
        self.answers: dict[int, int] = {}
        self.looks_again = 0
        self._port = port
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._watch, args=(job,)) for job in jobs]

    @contextmanager
    def open(self) -> Iterator[None]:
        for thread in self._threads:
            thread.start()
            time.sleep(0.02)
        yield
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _watch(self, job: str) -> None:
        while not self._over.is_set():
            reload_at = time.monotonic() + SECONDS_BETWEEN_RELOADS
            page = self._ask(f"/jobs/{job}/")
            while found := re.search(r'hx-trigger="every (\d)s"', page):
                self.looks_again += 1
                if self._over.wait(int(found[1])) or time.monotonic() > reload_at:
                    break
                page = self._ask(f"/jobs/{job}/status/")
            else:
                self._over.wait(max(0.1, reload_at - time.monotonic()))

    def _ask(self, path: str) -> str:
        status, body, _ = ask(self._port, path)
        self.answers[status] = self.answers.get(status, 0) + 1
        return body


class Guessers:
    """Each sends one wrong password after the other, of a name of its own."""

    def __init__(self, port: int, count: int) -> None:
        self.answers: dict[int, int] = {}
        self._port = port
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._guess, args=(at,)) for at in range(count)]

    @contextmanager
    def at_work(self) -> Iterator[None]:
        for thread in self._threads:
            thread.start()
        yield
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _guess(self, number: int) -> None:
        cookie, token = _form(self._port)
        fields = {"username": f"name-{number}", "password": "wrong", "csrfmiddlewaretoken": token}
        kind = "application/x-www-form-urlencoded"
        while not self._over.is_set():
            line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=LONGEST_WAIT)
            headers = {"Cookie": cookie, "Content-Type": kind}
            line.request("POST", "/sign-in/", urllib.parse.urlencode(fields), headers)
            status = line.getresponse().status
            line.close()
            self.answers[status] = self.answers.get(status, 0) + 1


def _form(port: int) -> tuple[str, str]:
    """The cookie and the token of a sign-in page."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=LONGEST_WAIT)
    line.request("GET", "/sign-in/")
    answer = line.getresponse()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', answer.read().decode())[1]
    return answer.headers["Set-Cookie"].partition(";")[0], token


def ask(port: int, path: str) -> tuple[int, str, float]:
    """Status, body, and milliseconds."""
    began = time.perf_counter()
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=LONGEST_WAIT)
    try:
        line.request("GET", path)
        answer = line.getresponse()
        body = answer.read().decode()
        return answer.status, body, (time.perf_counter() - began) * 1000
    finally:
        line.close()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tabs", type=int, default=50, help="that watch (%(default)s)")
    parser.add_argument("--seconds", type=int, default=20, help="of each phase (%(default)s)")
    parser.add_argument("--guessers", type=int, default=12, help="at once (%(default)s)")
    options = parser.parse_args()
    with playground(SANDBOX_PLAN_LIMIT="0", SANDBOX_SPEED="0.05") as upstream:
        relay = Relay(upstream.port)
        url = f"http://127.0.0.1:{relay.port}/sandbox/v3"
        names = {"UPSTREAM_URL": url, "UPSTREAM_API_KEY": KEY, "UPSTREAM_PROJECT_ID": PROJECT}
        jobs = [_launch(upstream.port) for _ in range(options.tabs)]
        with playground(**names) as watched:
            tabs = Tabs(watched.port, jobs)
            with tabs.open():
                time.sleep(5)
                rows = [*_rows("answers", watched.port, options.seconds, relay, tabs)]
                relay.hangs.set()
                rows += _rows("hangs", watched.port, options.seconds, relay, tabs)
                relay.hangs.clear()
                time.sleep(10)
                rows += _rows("answers again", watched.port, options.seconds, relay, tabs)
        if not tabs.looks_again:
            raise SystemExit("No tab looked at its job again: their pages ask in another way now.")
    with playground(PLAYGROUND_SIGN_IN="password") as guessed:
        rows += _guessed_rows("nobody guesses", guessed.port, options.seconds)
        guessers = Guessers(guessed.port, options.guessers)
        with guessers.at_work():
            phase = f"{options.guessers} guess"
            rows += _guessed_rows(phase, guessed.port, options.seconds)
        rows.append((phase, f"answers to them ({_told(guessers.answers)})", *[""] * 5))
    heads = ("meanwhile", "asked for", "status", "times", "p50 ms", "p95 ms", "longest ms")
    print(table(heads, rows))


def _launch(port: int) -> str:
    payload = {
        "job_name": "Watched",
        "steps": [{"step_uid": STEP, "accounts": [], "parameters": {}}],
        "inputs": [{"company_name": "ACME Holdings"}] * 3,
    }
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/sandbox/v3/workflows/{WORKFLOW}/schedule",
        data=json.dumps(payload).encode(),
        headers={
            "Authorization": f"x-api-key {KEY}",
            "X-Project-ID": PROJECT,
            "Content-Type": "application/json",
        },
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)["job_uid"]


def _rows(
    phase: str, port: int, seconds: int, relay: Relay, tabs: Tabs
) -> Iterator[tuple[object, ...]]:
    paths = ["/launches/", _style(port, "/launches/"), "/sandbox/v3/workspace", "/workflows/"]
    calls, tabs.answers = relay.calls, {}
    yield from _measured(f"upstream {phase}", port, paths, seconds)
    per_second = f"{(relay.calls - calls) / seconds:.1f} calls/s"
    yield (phase, f"answers to tabs ({_told(tabs.answers)})", "", per_second, "", "", "")


def _guessed_rows(phase: str, port: int, seconds: int) -> Iterator[tuple[object, ...]]:
    paths = ["/sign-in/", _style(port, "/sign-in/"), "/sandbox/v3/workspace", "/llms.txt"]
    yield from _measured(phase, port, paths, seconds)


def _style(port: int, path: str) -> str:
    _, page, _ = ask(port, path)
    return re.search(r'href="(/static/[^"]+\.css)"', page)[1]


def _told(answers: dict[int, int]) -> str:
    return ", ".join(f"{status}: {count}" for status, count in sorted(answers.items()))


def _measured(
    phase: str, port: int, paths: list[str], seconds: int
) -> Iterator[tuple[object, ...]]:
    found: dict[str, list[float]] = {path: [] for path in paths}
    statuses: dict[str, set[int]] = {path: set() for path in paths}
    print(f"{phase}: {seconds} s …", file=sys.stderr, flush=True)
    ends_at = time.monotonic() + seconds
    while time.monotonic() < ends_at:
        for path in paths:
            status, _, milliseconds = ask(port, path)
            found[path].append(milliseconds)
            statuses[path].add(status)
        time.sleep(0.2)
    for path, times in found.items():
        told = "/".join(map(str, sorted(statuses[path])))
        name = "style sheet" if path.startswith("/static/") else path
        numbers = (percentile(times, 50), percentile(times, 95), max(times))
        yield (phase, name, told, len(times), *(f"{number:.0f}" for number in numbers))


if __name__ == "__main__":
    main()
