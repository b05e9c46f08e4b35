"""Launch, wait, read the results: what is the same for every library of Python."""

from __future__ import annotations

from playground.payload.show.snippets import python_literal
from playground.payload.show.snippets.calls import Call
from playground.payload.show.snippets.writing import fill

_TEMPLATE = """
# «remark»
import csv
import json
import os
«imports»
BASE_URL = "«base_url»"
HEADERS = {
    "«auth»": "«scheme»" + os.environ["«key»"],
    "«project_header»": os.environ["«project»"],
    "Content-Type": "application/json",
}
FINAL = {«final»}
«payload»


«send»


def call(method, url, body=None):
    while True:
        status, retry_after, text = send(method, url, body)
        if status < 400:
            return json.loads(text)
        if status != 429:
            sys.exit(f"{status}: {text}")
        time.sleep(min(int(retry_after), 3600) if retry_after.isdigit() else 10)


def cell(value):
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


launched = call("«method»", "«url»", PAYLOAD)
job_url = f"{BASE_URL}/jobs/{launched['job_uid']}"
status, pause = "", 1
while status not in FINAL:
    time.sleep(pause)
    pause = min(pause * 2, 30)
    status = call("GET", job_url)["status"]
    print(status, flush=True)

rows, page, has_next = [], 1, True
while has_next:
    answer = call("GET", f"{job_url}/results?page={page}")
    rows += answer.get("results") or []
    has_next = (answer.get("paging") or {}).get("have_next_page")
    page += 1

columns = list(dict.fromkeys(name for row in rows for name in row))
with open("results.csv", "w", encoding="utf-8", errors="replace", newline="") as file:
    writer = csv.writer(file)
    writer.writerow(columns)
    writer.writerows([cell(row.get(name)) for name in columns] for row in rows)
print(f"{len(rows)} rows in results.csv")
sys.exit(status not in {«success»})
"""


def write(call: Call, send: str, *libraries: str) -> str:
    """`send` defines a function of that name: method, address and bytes → status, the header
    Retry-After or an empty text, text. `libraries` come from elsewhere than Python."""
    standard = ["sys", "time", *(["pathlib"] if call.file else [])]
    own = sorted([*standard, *(name for name in libraries if name.startswith("urllib"))])
    others = [name for name in libraries if not name.startswith("urllib")]
    lines = [f"import {name}\n" for name in own] + ["\n" * bool(others)]
    lines += [f"import {name}\n" for name in others]
    return fill(
        _TEMPLATE,
        call,
        imports="".join(lines),
        payload=python_literal.payload(call),
        send=send.strip("\n"),
    )
