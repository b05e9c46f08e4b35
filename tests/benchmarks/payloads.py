"""Payloads of 5 MB in many shapes, pasted into a playground page: bytes, seconds, memory.

    .venv/bin/python -m tests.benchmarks.payloads

Each is pasted ("Fill in the form") and previewed as the page then carries it. Memory is what the
web server's process takes at most beyond what it had before. What the page cannot show is refused
with a sentence, and measured as well. The bar: 2 MB, 2 s and 200 MB for every one.
"""

import argparse
import gzip
import http.client
import json
import time
from pathlib import Path

from tests.benchmarks.load import Request
from tests.benchmarks.measuring import playground, server_processes, table
from tests.benchmarks.visitor import Visitor, fields_of

SIZE = 4_900_000
BOUNDARY = "payload"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=int, default=SIZE, help="of each, in bytes (%(default)s)")
    options = parser.parse_args()
    heads = ("payload", "status", "page bytes", "seconds", "memory MB", "preview bytes", "seconds")
    rows = []
    with playground(SANDBOX_PLAN_LIMIT="0") as running:
        visitor = Visitor(running.port)
        uid = visitor.workflows()[0]
        pids = server_processes(running.process.pid)["web server"]
        for name, text in _shapes(visitor, uid, options.size).items():
            rows.append((name, *_row(visitor, pids, f"/workflows/{uid}/launch/", text)))
    print(table(heads, rows))


def _row(visitor: Visitor, pids: list[int], path: str, text: str) -> tuple[object, ...]:
    before = _reset_peak(pids)
    pasted = {"action": "read-payload", "pasted": text}
    status, page, seconds = _send(visitor, path + "edit/", list(pasted.items()))
    _, preview, more_seconds = _send(visitor, path + "preview/", fields_of(page.decode()))
    memory = _peak(pids) - before
    told = (status, f"{len(page):,}", f"{seconds:.1f}", f"{memory:.0f}")
    return (*told, f"{len(preview):,}", f"{more_seconds:.1f}")


def _shapes(visitor: Visitor, uid: str, size: int) -> dict[str, str]:
    step = {"step_uid": "s", "accounts": [], "parameters": {}}

    def of(part: str, value: object) -> str:
        """As often as it takes."""
        item = json.dumps(value, separators=(",", ":"))
        count = size // (len(item) + 1)
        return f'{{"{part}":[{",".join([item] * count)}]}}'

    many = {f"key {number}": number for number in range(size // 20)}
    return {
        "numbers": of("zzz", 1),
        "decimals": of("zzz", 0.5),
        "whole decimals": of("zzz", 1e20),
        "empty objects": of("zzz", {}),
        "nested lists": of("zzz", [[[[1, 2], 3]], []]),
        "texts": of("zzz", "<&'\""),
        "one long text": json.dumps({"zzz": "x" * size}),
        "one long key": json.dumps({"x" * size: 1}),
        "many other keys": json.dumps(many),
        "unknown steps": of("steps", step),
        "many rows": of("inputs", {"company_name": "ACME", "meta": {"a": 1}}),
        "5,000 long rows": json.dumps({"inputs": [{"company_name": "x" * 900}] * (size // 920)}),
        "one row of many keys": json.dumps({"inputs": [many]}),
        "no JSON": "[" + "1," * (size // 2),
    }


def _send(visitor: Visitor, path: str, fields: list[tuple[str, str]]) -> tuple[int, bytes, float]:
    """Status, page and seconds of a form sent as a browser sends files: no byte is escaped."""
    request = _multipart(visitor, path, fields)
    began = time.perf_counter()
    line = http.client.HTTPConnection("127.0.0.1", visitor.port, timeout=60)
    line.request("POST", path, body=request.body, headers=dict(request.headers))
    answer = line.getresponse()
    body = answer.read()
    seconds = time.perf_counter() - began
    line.close()
    if answer.headers["Content-Encoding"] == "gzip":
        body = gzip.decompress(body)
    return answer.status, body, seconds


def _multipart(visitor: Visitor, path: str, fields: list[tuple[str, str]]) -> Request:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'
        for name, text in fields
    ]
    body = "".join([*parts, f"--{BOUNDARY}--\r\n"]).encode()
    headers = dict(visitor.view(path).headers)
    headers["Content-Type"] = f"multipart/form-data; boundary={BOUNDARY}"
    return Request(method="POST", path=path, headers=headers, body=body)


def _reset_peak(pids: list[int]) -> float:
    for pid in pids:
        Path(f"/proc/{pid}/clear_refs").write_text("5")
    return _peak(pids)


def _peak(pids: list[int]) -> float:
    """The most memory that the processes had since the last reset, in MB."""
    return sum(
        int(line.split()[1]) / 1024
        for pid in pids
        for line in Path(f"/proc/{pid}/status").read_text().splitlines()
        if line.startswith("VmHWM")
    )


if __name__ == "__main__":
    main()
