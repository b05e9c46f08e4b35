"""Tables of 100 to 100,000 rows, from the upload to the launch: seconds, and memory.

    .venv/bin/python -m tests.benchmarks.rows

Everything is asked of a running playground, over HTTP, as pages ask it; a keystroke is the preview
that it brings. What stands beside each figure was measured in the same run: `csv.reader` over the
same file, the encoding of the same payload, an empty view. Memory is what the web server and the
worker take at most beyond what they had when idle.
"""

import argparse
import csv
import gzip
import http.client
import io
import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from tests.benchmarks.load import Request
from tests.benchmarks.measuring import (
    peak_memory,
    percentile,
    playground,
    server_processes,
    table,
)
from tests.benchmarks.visitor import Visitor, fields_of
from tests.row_sets import spreadsheets

COUNTS = (100, 1_000, 10_000, 100_000)
FORMATS = ("csv", "tsv", "jsonl", "xlsx")
BOUNDARY = "rows"
KEYSTROKES = 60
TIMEOUT = 120
LARGE_REPAIRS = (
    ("replace in a column", "replace", {"column": "1", "find": "Zoë", "replacement": "Ada"}),
    ("undo of that", "undo", {}),
    ("remove all that fail", "remove-failing", {}),
)
STATE = re.compile(r"/row-sets/(\d+)/")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    location: str
    seconds: float


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, nargs="*", default=COUNTS, help="(%(default)s)")
    options = parser.parse_args()
    columns: dict[int, dict[str, str]] = {}
    with playground(SANDBOX_PLAN_LIMIT="0", SANDBOX_SPEED="100") as running:
        visitor = Visitor(running.port)
        uid = workflow_of_companies(visitor)
        pids = server_processes(running.process.pid)
        watched = [pid for name in ("web server", "worker") for pid in pids.get(name, [])]
        for count in options.rows:
            columns[count] = dict(_measure(visitor, uid, count, watched))
    heads = ("", *(f"{count:,} rows" for count in columns))
    names = next(iter(columns.values()))
    rows = [(name, *(columns[count].get(name, "") for count in columns)) for name in names]
    print(table(heads, rows))


def workflow_of_companies(visitor: Visitor) -> str:
    """The first that takes names of companies."""
    return next(
        uid for uid in visitor.workflows() if "company_name" in visitor.get(f"/workflows/{uid}/")
    )


def _measure(visitor: Visitor, uid: str, count: int, pids: list[int]) -> Iterator[tuple[str, str]]:
    cells = cells_of(visitor, uid, count)
    files = {kind: file_of(kind, cells) for kind in FORMATS}
    yield (
        "csv.reader alone",
        _told(_timed(lambda: list(csv.reader(io.StringIO(files["csv"].decode()))))),
    )
    with peak_memory(pids) as most:
        for kind in FORMATS:
            began = time.perf_counter()
            pk = import_table(visitor, uid, f"leads.{kind}", files[kind])
            yield f"upload to checked table, {kind}", _told(time.perf_counter() - began)
        yield from _repairs(visitor, pk)
        yield from _launches(visitor, uid, pk)
    yield "memory above idle, server and worker", f"{most[0]:.0f} MB"


def _repairs(visitor: Visitor, pk: int) -> Iterator[tuple[str, str]]:
    page = f"/row-sets/{pk}/"
    looks = [_send(visitor, visitor.view(f"{page}?page={at}")).seconds for at in range(1, 21)]
    yield "a page of the table, p50 / p95", _both(looks)
    views = [_send(visitor, visitor.view(f"{page}?view=attention")).seconds for _ in range(5)]
    yield "those that need attention", _told(percentile(views, 50))
    repairs = []
    for at in range(10):
        fields = {"version": _version(visitor, pk), f"c{at + 1}-0": f"Ada {at} {time.time()}"}
        repairs.append(_post(visitor, f"{page}cells/", fields).seconds)
    yield "a repair, p50 / p95", _both(repairs)
    for name, action, more in LARGE_REPAIRS:
        yield name, _told(_changed(visitor, pk, "repair", {"action": action, **more}))
    mapped = {"action": "change", "target-0": "", "target-1": "meta.note"}
    yield "another mapping, all rows checked", _told(_changed(visitor, pk, "mapping", mapped))
    back = {"action": "offered"}
    _changed(visitor, pk, "mapping", back)


def _changed(visitor: Visitor, pk: int, what: str, fields: dict[str, str]) -> float:
    """Seconds until it is done, whoever does it."""
    all_fields = {"version": _version(visitor, pk), **fields}
    request = visitor.post(f"/row-sets/{pk}/{what}/", list(all_fields.items()), is_part=False)
    began = time.perf_counter()
    answer = _send(visitor, request)
    if answer.status >= 400:
        raise RuntimeError(f"{what} {fields} answered {answer.status}: {answer.body[:300]!r}")
    _wait_until_ready(visitor, pk)
    return time.perf_counter() - began


def _launches(visitor: Visitor, uid: str, pk: int) -> Iterator[tuple[str, str]]:
    form = visitor.get(f"/workflows/{uid}/?row_set={pk}")
    fields = dict(fields_of(form))
    launch = f"/workflows/{uid}/launch/"
    previews, checks = [], []
    for at in range(KEYSTROKES):
        fields["job_name"] = f"keystroke {at}"
        request = visitor.post(f"{launch}preview/", list(fields.items()))
        previews.append(_send(visitor, request).seconds)
        request = visitor.post(f"{launch}preflight/", list(fields.items()))
        checks.append(_send(visitor, request).seconds)
    empty = [_send(visitor, visitor.view("/healthz")).seconds for _ in range(KEYSTROKES)]
    yield "the first preview", _told(previews[0])
    yield "preview after a keystroke, p50 / p95", _both(previews[1:])
    yield "preflight, p50 / p95", _both(checks[1:])
    yield "an empty view, p50 / p95", _both(empty)
    request = visitor.post(f"{launch}payload.json", list(fields.items()), is_part=False)
    payload = _send(visitor, request)
    value = json.loads(payload.body)
    yield "the payload, streamed", f"{_told(payload.seconds)}, {len(payload.body):,} bytes"
    yield "msgspec.json.encode of it", _told(_timed(lambda: msgspec.json.encode(value)))
    yield "json.dumps of it", _told(_timed(lambda: json.dumps(value)))
    request = visitor.post(launch, list(fields.items()), is_part=False)
    answer = _send(visitor, request)
    yield "launched", f"{_told(answer.seconds)} ({answer.status})"


def cells_of(visitor: Visitor, uid: str, count: int) -> list[list[str]]:
    keys = re.findall(r'name="inputs-0-([^"]+)"', visitor.get(f"/workflows/{uid}/"))[:4]
    names = [*keys, *(f"Other {at}" for at in range(4 - len(keys)))]
    rows = [[f"{name} {at} Zoë" for name in names] for at in range(count)]
    for at in range(0, count, 500):
        rows[at][0] = ""
    return [names, *rows]


def file_of(kind: str, cells: list[list[str]]) -> bytes:
    if kind == "jsonl":
        head, *rows = cells
        return b"".join(
            msgspec.json.encode(dict(zip(head, row, strict=True))) + b"\n" for row in rows
        )
    if kind == "xlsx":
        return spreadsheets.xlsx(
            {"Leads": [[spreadsheets.text(cell) for cell in row] for row in cells]}
        )
    text = io.StringIO()
    csv.writer(text, delimiter="\t" if kind == "tsv" else ",").writerows(cells)
    return text.getvalue().encode()


def import_table(visitor: Visitor, uid: str, name: str, data: bytes) -> int:
    """The number of the row set, when it is ready."""
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; '
        f'filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
    )
    path = f"/workflows/{uid}/row-sets/"
    headers = dict(visitor.view(path).headers)
    headers["Content-Type"] = f"multipart/form-data; boundary={BOUNDARY}"
    body = head.encode() + data + f"\r\n--{BOUNDARY}--\r\n".encode()
    made = _send(visitor, Request(method="POST", path=path, headers=headers, body=body))
    found = STATE.search(made.location)
    if found is None:
        raise RuntimeError(f"{name} was not taken: {made.status}")
    pk = int(found[1])
    _wait_until_ready(visitor, pk)
    return pk


def _wait_until_ready(visitor: Visitor, pk: int) -> None:
    while True:
        state = json.loads(_send(visitor, visitor.view(f"/row-sets/{pk}/state.json")).body)
        if state["state"] == "ready":
            return
        if state["state"] == "failed":
            raise RuntimeError(f"it was not read: {state['sentence']}")
        time.sleep(0.05)


def _version(visitor: Visitor, pk: int) -> str:
    page = _send(visitor, visitor.view(f"/row-sets/{pk}/")).body.decode()
    found = re.search(r'name="version"\s+value="(\d+)"', page)
    if found is None:
        raise RuntimeError("the page of the rows has no version")
    return found[1]


def _post(visitor: Visitor, path: str, fields: dict[str, str]) -> Answer:
    answer = _send(visitor, visitor.post(path, list(fields.items())))
    if answer.status >= 400:
        raise RuntimeError(f"POST {path} answered {answer.status}: {answer.body[:300]!r}")
    return answer


def _send(visitor: Visitor, request: Request) -> Answer:
    line = http.client.HTTPConnection("127.0.0.1", visitor.port, timeout=TIMEOUT)
    began = time.perf_counter()
    line.request(request.method, request.path, body=request.body, headers=dict(request.headers))
    answer = line.getresponse()
    body = answer.read()
    seconds = time.perf_counter() - began
    line.close()
    if answer.headers["Content-Encoding"] == "gzip":
        body = gzip.decompress(body)
    return Answer(answer.status, body, answer.headers["Location"] or "", seconds)


def _timed(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _told(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{1000 * seconds:.1f} ms"


def _both(seconds: list[float]) -> str:
    return " / ".join(f"{1000 * percentile(seconds, part):.1f}" for part in (50, 95)) + " ms"


if __name__ == "__main__":
    main()
