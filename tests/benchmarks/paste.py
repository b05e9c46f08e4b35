"""Pasting what is as large as it gets, into a playground page: seconds, from the click to the page.

    .venv/bin/python -m tests.benchmarks.paste

Each is sent as the file that the page makes of a long text. The bar: 20 MB in 3 s. `read` is the
processor's time for the readers, in this process; `alone` and `beside` are seconds to the page.
Beside it another tab asks for the list of launches, and a probe for `/healthz`, each 50 ms after
the answer: what they wait, in ms, p50 / p95 / longest.
"""

import argparse
import http.client
import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from playground.payload.edit.paste.reader import read_pasted
from tests.benchmarks.measuring import percentile, playground, table
from tests.benchmarks.visitor import Visitor

SIZE = 20_000_000
EVERY = 0.05
BETWEEN = ("/launches/", "/healthz")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=int, default=SIZE, help="of each, in bytes (%(default)s)")
    parser.add_argument("--only", help="what has this in its name")
    options = parser.parse_args()
    rows = []
    with playground() as running:
        visitor = Visitor(running.port)
        uid = visitor.workflows()[0]
        with others(running.port) as waits:
            time.sleep(1)
        rows.append(("nothing", "", "", "", "", "", *map(_told, waits.values())))
        for name, text in shapes(uid, options.size).items():
            if options.only and options.only not in name:
                continue
            began = time.process_time()
            read_pasted(text)
            read = time.process_time() - began
            path = f"/workflows/{uid}/launch/paste/"
            status, alone = _send(visitor, path, text)
            with others(running.port) as waits:
                _, beside = _send(visitor, path, text)
            took = (f"{read:.1f}", f"{alone:.1f}", f"{beside:.1f}")
            told = map(_told, waits.values())
            rows.append((name, f"{len(text.encode()):,}", status, *took, *told))
    print(table(("pasted", "bytes", "status", "read", "alone", "beside", *BETWEEN), rows))


def _told(waits: list[float]) -> str:
    return " / ".join(f"{percentile(waits, share):.0f}" for share in (50, 95, 100))


@contextmanager
def others(port: int) -> Iterator[dict[str, list[float]]]:
    """What somebody else waits for each page, in ms, as long as this lasts."""
    waits: dict[str, list[float]] = {path: [] for path in BETWEEN}
    over = threading.Event()

    def ask(path: str) -> None:
        visitor = Visitor(port)
        visitor.get("/")
        while not over.is_set():
            began = time.perf_counter()
            visitor.get(path)
            waits[path].append((time.perf_counter() - began) * 1000)
            over.wait(EVERY)

    threads = [threading.Thread(target=ask, args=(path,)) for path in BETWEEN]
    for thread in threads:
        thread.start()
    yield waits
    over.set()
    for thread in threads:
        thread.join()


def shapes(uid: str, size: int) -> dict[str, str]:
    firm = "Example & Co " * 12
    row = {"first_name": "Ada", "last_name": "O'Brien", "company_name": firm}
    inputs = [row] * (size // (len(json.dumps(row)) + 2))
    payload = json.dumps({"job_name": "Large", "inputs": inputs, "steps": []})
    quoted = payload.replace("'", "'\\''")
    url = f"https://x/v3/workflows/{uid}/schedule"
    return {
        "payload": payload,
        "rows": json.dumps(inputs),
        "nearly JSON": f"{payload[:-1]},}}",
        "damaged: comments, quotes, commas": _repeated(
            f"{{'first_name': 'Ada', // who\n last_name: \"O'Brien\", 'company_name': '{firm}',}},",
            size,
        ),
        "damaged: typographic quotes": _repeated(
            f"{{“first_name”: “Ada”, “last_name”: “O’Brien”, “company_name”: “{firm}”}},", size
        ),
        "damaged: no-break spaces": _repeated(
            '{\xa0\xa0"first_name":\xa0"Ada",\n\xa0\xa0"last_name":\xa0"O\'Brien",\n'
            f'\xa0\xa0"company_name":\xa0"{firm}"}},',
            size,
        ),
        "damaged: short values": _repeated(
            "{" + " ".join(f"key_{at}: 'v{at}', 'b{at}': True," for at in range(8)) + "},", size
        ),
        "cURL": f"curl '{url}' -d '{quoted}'",
        "fetch": f'fetch("{url}", {{"body": {json.dumps(payload)}, "method": "POST"}});',
        "HAR": json.dumps({"request": {"url": url, "headers": [], "postData": {"text": payload}}}),
    }


def _repeated(row: str, size: int) -> str:
    return f"{{'job_name': 'Large', 'inputs': [{row * (size // len(row.encode()))}], 'steps': []}}"


def _send(visitor: Visitor, path: str, text: str) -> tuple[int, float]:
    boundary = uuid.uuid4().hex
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="pasted_file"; filename="a.txt"\r\n'
        "Content-Type: text/plain\r\n\r\n"
    )
    body = f"{head}{text}\r\n--{boundary}--\r\n".encode()
    headers = dict(visitor.view(path).headers)
    headers["Content-Type"] = f"multipart/form-data; boundary={boundary}"
    began = time.perf_counter()
    line = http.client.HTTPConnection("127.0.0.1", visitor.port, timeout=60)
    line.request("POST", path, body=body, headers=headers)
    answer = line.getresponse()
    answer.read()
    line.close()
    return answer.status, time.perf_counter() - began


if __name__ == "__main__":
    main()
