"""Results of 1,000 to 100,000 rows: kept, looked at, searched, sorted, given as files; and memory.

    .venv/bin/python -m tests.benchmarks.results

Everything is asked of a running playground, over HTTP, as a browser asks it. A search and a sort
are new each time, for what was found before is remembered. Memory is what the web server and the
worker take at most beyond what they had when idle.
"""

import argparse
import http.client
import json
import time
from collections.abc import Iterator

from tests.benchmarks.load import Request
from tests.benchmarks.measuring import peak_memory, percentile, playground, server_processes, table
from tests.benchmarks.visitor import Visitor

COUNTS = (1_000, 100_000)
ENDINGS = ("csv", "exact.csv", "json", "jsonl", "xlsx", "csv?inputs=1")
LOOKS = 20
TIMEOUT = 300
KEY, PROJECT = "5" * 64, "11111111-2222-4333-8444-555555555555"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, nargs="*", default=COUNTS, help="(%(default)s)")
    options = parser.parse_args()
    settings = {"SANDBOX_API_KEY": KEY, "SANDBOX_PROJECT_ID": PROJECT}
    columns: dict[int, dict[str, str]] = {}
    with playground(SANDBOX_PLAN_LIMIT="0", SANDBOX_SPEED="100000", **settings) as running:
        visitor = Visitor(running.port)
        uid = next(
            uid
            for uid in visitor.workflows()
            if "company_name" in visitor.get(f"/workflows/{uid}/")
        )
        pids = server_processes(running.process.pid)
        watched = [pid for name in ("web server", "worker") for pid in pids.get(name, [])]
        for count in options.rows:
            job_uid = _launch(running.port, uid, count)
            columns[count] = dict(_measure(visitor, f"/jobs/{job_uid}/", count, watched))
    heads = ("", *(f"{count:,} rows" for count in columns))
    names = next(iter(columns.values()))
    rows = [(name, *(columns[count].get(name, "") for count in columns)) for name in names]
    print(table(heads, rows))


def _launch(port: int, uid: str, count: int) -> str:
    """The UID of a job of so many rows, when it is over."""
    steps = _api(port, "GET", f"workflows/{uid}/details")["steps"]
    inputs = [
        {"company_name": f"Acme {at} GmbH", "first_name": f"Ann {at}", "last_name": "Zoë"}
        | {"linkedin_profile_url": f"https://www.linkedin.com/in/{at}", "meta": {"id": at}}
        for at in range(count)
    ]
    body = {
        "job_name": f"{count:,} rows",
        "inputs": inputs,
        "steps": [{"step_uid": one["step_uid"], "accounts": [], "parameters": {}} for one in steps],
    }
    job_uid = str(_api(port, "POST", f"workflows/{uid}/schedule", body)["job_uid"])
    while _api(port, "GET", f"jobs/{job_uid}")["status"] in ("pending", "running"):
        time.sleep(0.1)
    return job_uid


def _api(port: int, method: str, path: str, body: object = None) -> dict:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    headers = {"Authorization": f"x-api-key {KEY}", "x-project-id": PROJECT}
    sent = None if body is None else json.dumps(body).encode()
    line.request(method, f"/sandbox/v3/{path}", body=sent, headers=headers)
    answer = line.getresponse()
    found = json.loads(answer.read())
    if answer.status >= 300:
        raise RuntimeError(f"{method} {path} answered {answer.status}: {found}")
    return found


def _measure(visitor: Visitor, page: str, count: int, pids: list[int]) -> Iterator[tuple[str, str]]:
    yield "the page, its first rows asked of the upstream", _told(_timed(visitor, page))
    with peak_memory(pids) as most:
        yield "all rows kept, ready to be searched", _told(_keep(visitor, page))
        results = f"{page}results/"
        looks = [_timed(visitor, f"{results}?page={1 + at % 10}") for at in range(LOOKS)]
        yield "a page of them, p50 / p95", _both(looks)
        searches = [_timed(visitor, f"{results}?q={count - 1 - at}+acme") for at in range(LOOKS)]
        yield "a search, p50 / p95", _both(searches)
        sorts = [
            _timed(visitor, f"{results}?sort={sign}{at}") for at in "123" for sign in ("", "-")
        ]
        yield "a sort, p50 / p95", _both(sorts)
        filters = [_timed(visitor, f"{results}?f=1~{at}") for at in range(LOOKS)]
        yield "a filter by value, p50 / p95", _both(filters)
        both = [_timed(visitor, f"{results}?q=acme+{at}&sort=-1") for at in range(LOOKS)]
        yield "a search and a sort, p50 / p95", _both(both)
        began = time.perf_counter()
        visitor.get(f"{page}outcomes/")
        yield "outcomes, the first look", _told(time.perf_counter() - began)
        yield "results of one outcome", _told(_timed(visitor, f"{results}?outcome=succeeded"))
        yield "outcomes, another", _told(_timed(visitor, f"{page}outcomes/?outcome=failed"))
    yield "memory above idle, server and worker", f"{most[0]:.0f} MB"
    for ending in ENDINGS:
        with peak_memory(pids) as most:
            seconds = _timed(visitor, f"{page}results.{ending}")
        rate = f"{count / seconds:,.0f} rows a second"
        yield f"results.{ending}", f"{_told(seconds)}, {rate}, {most[0]:.0f} MB above"


def _keep(visitor: Visitor, page: str) -> float:
    began = time.perf_counter()
    _send(visitor, visitor.post(f"{page}results/keep/", []))
    while b"results-q" not in _send(visitor, visitor.view(f"{page}results/")):
        time.sleep(0.1)
    return time.perf_counter() - began


def _timed(visitor: Visitor, path: str) -> float:
    began = time.perf_counter()
    _send(visitor, visitor.view(path))
    return time.perf_counter() - began


def _send(visitor: Visitor, request: Request) -> bytes:
    line = http.client.HTTPConnection("127.0.0.1", visitor.port, timeout=TIMEOUT)
    headers = {name: value for name, value in request.headers.items() if name != "Accept-Encoding"}
    line.request(request.method, request.path, body=request.body, headers=headers)
    answer = line.getresponse()
    body = answer.read()
    line.close()
    if answer.status >= 400:
        raise RuntimeError(f"{request.path} answered {answer.status}: {body[:300]!r}")
    return body


def _told(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{1000 * seconds:.1f} ms"


def _both(seconds: list[float]) -> str:
    return " / ".join(f"{1000 * percentile(seconds, part):.1f}" for part in (50, 95)) + " ms"


if __name__ == "__main__":
    main()
