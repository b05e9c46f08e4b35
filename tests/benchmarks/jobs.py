"""Following jobs: what 100 watchers cost the upstream, and how long a launch takes to its job page.

    .venv/bin/python -m tests.benchmarks.jobs

The watchers open one job's page and then poll as it tells them to, over two web processes; the
upstream is another playground's sandbox behind a door that counts. The launches are made with a
browser, and over HTTP beside a bare POST of the same payload to the sandbox, taking turns.
"""

import argparse
import http.client
import json
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from playwright.sync_api import Browser

from tests.benchmarks.measuring import percentile, playground, table
from tests.benchmarks.visitor import Visitor
from tests.browser import find_chromium, launched_chromium

KEY, PROJECT = "5" * 64, "11111111-2222-4333-8444-555555555555"
CREDENTIALS = {"Authorization": f"x-api-key {KEY}", "x-project-id": PROJECT}
# Clean company names, of the sandbox's catalogue.
WORKFLOW = "5a9db0c0-0004-4000-8000-000000000003"
STEP = {"step_uid": "5a9db0c0-0005-4000-8000-000000000301", "accounts": [], "parameters": {}}
PAYLOAD = {"job_name": "Slow", "inputs": [{"company_name": "test:slow"}], "steps": [STEP]}
PRESSED = """
document.querySelector("[data-mod-enter]").addEventListener("click", (event) => {
  sessionStorage.pressed = performance.timeOrigin + event.timeStamp;
})
"""
PAINTED = """
() => {
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  return performance.timeOrigin + paint.startTime - Number(sessionStorage.pressed);
}
"""
HAS_PAINTED = "() => performance.getEntriesByName('first-contentful-paint').length > 0"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--watchers", type=int, default=100, help="(%(default)s)")
    parser.add_argument("--seconds", type=int, default=40, help="of watching (%(default)s)")
    parser.add_argument("--launches", type=int, default=40, help="of each kind (%(default)s)")
    options = parser.parse_args()
    settings = {"SANDBOX_API_KEY": KEY, "SANDBOX_PROJECT_ID": PROJECT, "SANDBOX_PLAN_LIMIT": "0"}
    with playground(**settings) as running:
        _watch(running.port, options.watchers, options.seconds)
        _launch(running.port, options.launches)


def _watch(port: int, watchers: int, seconds: int) -> None:
    job_uid = _api(port, "POST", f"workflows/{WORKFLOW}/schedule", PAYLOAD)["job_uid"]
    with _counting_door(port) as (door, calls):
        hosted = {
            "UPSTREAM_URL": f"http://127.0.0.1:{door}/sandbox/v3",
            "UPSTREAM_API_KEY": KEY,
            "UPSTREAM_PROJECT_ID": PROJECT,
        }
        with playground("--processes", "2", **hosted) as running:
            opened, polled, told = _watched(running.port, job_uid, watchers, seconds, calls)
    heads = ("", "requests", "p50 ms", "p95 ms", "calls of the upstream")
    intervals = sum(seconds / every for every in told) / len(told)
    print(
        table(
            heads,
            (
                ("the page's first paint", *_figures(opened), f"{sum(calls['opening'].values())}"),
                ("a poll", *_figures(polled), f"{sum(calls['polling'].values())}"),
            ),
        )
    )
    print(f"\n{watchers} watchers, 2 processes, {seconds} s: {intervals:.0f} intervals.")
    print(f"Calls while polling: {dict(calls['polling'])}")


def _watched(port, job_uid, watchers, seconds, calls):
    opened: list[float] = []
    polled: list[float] = []
    told: list[int] = []
    until = [0.0]

    def watch(number: int) -> None:
        visitor = Visitor(port)
        visitor.get("/launches/")
        began = time.perf_counter()
        page = visitor.get(f"/jobs/{job_uid}/")
        opened.append((time.perf_counter() - began) * 1000)
        barrier.wait()
        time.sleep(random.Random(number).random() * 2)
        while time.monotonic() < until[0]:
            every = int(re.search(r"every (\d+)s", page)[1])
            told.append(every)
            began = time.perf_counter()
            page = visitor.get(f"/jobs/{job_uid}/status/")
            polled.append((time.perf_counter() - began) * 1000)
            time.sleep(max(0.0, every - (time.perf_counter() - began)))

    def begin() -> None:
        calls["kind"] = "polling"
        until[0] = time.monotonic() + seconds

    barrier = threading.Barrier(watchers, action=begin)
    with ThreadPoolExecutor(watchers) as pool:
        list(pool.map(watch, range(watchers)))
    return opened, polled, told


def _figures(latencies: list[float]) -> tuple[str, str, str]:
    p50, p95 = (percentile(latencies, percent) for percent in (50, 95))
    return f"{len(latencies):,}", f"{p50:.1f}", f"{p95:.1f}"


@contextmanager
def _counting_door(port: int) -> Iterator[tuple[int, dict]]:
    """Passes everything on to the playground at `port`, and counts: by what is asked."""
    calls: dict = {"kind": "opening", "opening": Counter(), "polling": Counter()}

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            what = re.sub(r"[0-9a-f-]{36}", "…", self.path.removeprefix("/sandbox/v3/"))
            calls[calls["kind"]][what] += 1
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            headers = {"Host": f"127.0.0.1:{port}"} | CREDENTIALS
            line.request("GET", self.path, headers=headers)
            answer = line.getresponse()
            body = answer.read()
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.headers["Content-Type"])
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1], calls
    finally:
        server.shutdown()


def _launch(port: int, launches: int) -> None:
    visitor = Visitor(port)
    visitor.get("/")
    bare, whole = [], []
    for number in range(launches + 1):
        payload = PAYLOAD | {"job_name": f"Bare {number}", "inputs": [{"company_name": "acme"}]}
        began = time.perf_counter()
        _api(port, "POST", f"workflows/{WORKFLOW}/schedule", payload)
        bare.append((time.perf_counter() - began) * 1000)
        fields = visitor.form(WORKFLOW, text=f"pressed{number}")
        began = time.perf_counter()
        visitor.send(f"/workflows/{WORKFLOW}/launch/", fields)
        whole.append((time.perf_counter() - began) * 1000)
    with launched_chromium(find_chromium()) as browser:
        url = f"http://127.0.0.1:{port}/workflows/{WORKFLOW}/"
        painted = [_painted(browser, url, number) for number in range(launches + 1)]
    rows = (
        ("a bare POST to the sandbox", *_figures(bare[1:])),
        ("POST of the form, and the job page that it leads to", *_figures(whole[1:])),
        ("launch button → job page painted", *_figures(painted[1:])),
    )
    print()
    print(table(("", "launches", "p50 ms", "p95 ms"), rows))


def _painted(browser: Browser, url: str, number: int) -> float:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    try:
        page = context.new_page()
        page.goto(f"{url}?preset=none")
        page.fill('[name="inputs-0-company_name"]', f"Painted {number}")
        page.evaluate(PRESSED)
        page.wait_for_load_state("networkidle")
        with page.expect_navigation(url="**/jobs/**", wait_until="commit"):
            page.click("[data-mod-enter]")
        page.wait_for_function(HAS_PAINTED)
        return float(page.evaluate(PAINTED))
    finally:
        context.close()


def _api(port: int, method: str, path: str, body: object = None) -> dict:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    sent = None if body is None else json.dumps(body).encode()
    line.request(method, f"/sandbox/v3/{path}", body=sent, headers=CREDENTIALS)
    answer = line.getresponse()
    found = json.loads(answer.read())
    line.close()
    if answer.status >= 300:
        raise RuntimeError(f"{method} {path} answered {answer.status}: {found}")
    return found


if __name__ == "__main__":
    main()
