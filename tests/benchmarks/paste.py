"""Pasting what is as large as it gets, into a playground page: seconds, from the click to the page.

    .venv/bin/python -m tests.benchmarks.paste

Each is sent as the file that the page makes of a long text. The bar: 20 MB in 3 s. `read` is the
time of the readers alone, in this process.
"""

import argparse
import http.client
import json
import time
import uuid

from playground.payload.edit.paste.reader import read_pasted
from tests.benchmarks.measuring import playground, table
from tests.benchmarks.visitor import Visitor

SIZE = 20_000_000


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=int, default=SIZE, help="of each, in bytes (%(default)s)")
    options = parser.parse_args()
    rows = []
    with playground() as running:
        visitor = Visitor(running.port)
        uid = visitor.workflows()[0]
        for name, text in shapes(uid, options.size).items():
            began = time.perf_counter()
            read_pasted(text)
            read = time.perf_counter() - began
            status, seconds = _send(visitor, f"/workflows/{uid}/launch/paste/", text)
            rows.append((name, f"{len(text):,}", f"{read:.1f}", status, f"{seconds:.1f}"))
    print(table(("pasted", "bytes", "read", "status", "seconds"), rows))


def shapes(uid: str, size: int) -> dict[str, str]:
    row = {"first_name": "Ada", "last_name": "O'Brien", "company_name": "Example & Co " * 12}
    inputs = [row] * (size // (len(json.dumps(row)) + 2))
    payload = json.dumps({"job_name": "Large", "inputs": inputs, "steps": []})
    quoted = payload.replace("'", "'\\''")
    return {
        "payload": payload,
        "rows": json.dumps(inputs),
        "nearly JSON": f"{payload[:-1]},}}",
        "cURL": f"curl 'https://x/v3/workflows/{uid}/schedule' -d '{quoted}'",
    }


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
