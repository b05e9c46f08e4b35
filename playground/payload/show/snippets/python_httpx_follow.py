"""Launch, wait, read the results: Python with httpx."""

from __future__ import annotations

from playground.payload.show.snippets import python_follow
from playground.payload.show.snippets.calls import Call, Target

_SEND = """
def send(method, url, body):
    response = httpx.request(method, url, headers=HEADERS, content=body, timeout=30)
    return response.status_code, response.headers.get("Retry-After", ""), response.text
"""


def write(call: Call) -> str:
    return python_follow.write(call, _SEND, "httpx")


TARGET = Target(
    name="python-httpx-follow",
    language="Python",
    title="httpx: launch, wait, results",
    file_name="follow.py",
    write=write,
    needs="httpx",
    flavour="follow",
)
