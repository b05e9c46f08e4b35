"""Launch, wait, read the results: Python with standard library."""

from __future__ import annotations

from playground.payload.show.snippets import python_follow
from playground.payload.show.snippets.calls import Call, Target

_SEND = """
def send(method, url, body):
    request = urllib.request.Request(url, method=method, headers=HEADERS, data=body)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, "", response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers.get("Retry-After", ""), error.read().decode()
"""


def write(call: Call) -> str:
    return python_follow.write(call, _SEND, "urllib.error", "urllib.request")


TARGET = Target(
    name="python-follow",
    language="Python",
    title="standard library: launch, wait, results",
    file_name="follow.py",
    write=write,
    flavour="follow",
)
