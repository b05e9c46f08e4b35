"""Launch, wait, read the results: Python with requests."""

from __future__ import annotations

from playground.payload.show.snippets import python_follow
from playground.payload.show.snippets.calls import Call, Target

_SEND = """
def send(method, url, body):
    response = requests.request(method, url, headers=HEADERS, data=body, timeout=30)
    text = response.content.decode()
    return response.status_code, response.headers.get("Retry-After", ""), text
"""


def write(call: Call) -> str:
    return python_follow.write(call, _SEND, "requests")


TARGET = Target(
    name="python-requests-follow",
    language="Python",
    title="requests: launch, wait, results",
    file_name="follow.py",
    write=write,
    needs="requests",
    flavour="follow",
)
