"""cURL for bash, zsh, dash, ksh and their like."""

from __future__ import annotations

from playground.payload.show import curl
from playground.payload.show.snippets.calls import Call, Target


def write(call: Call) -> str:
    lines = [f": '{call.remark}'"] if call.remark else []
    request = curl.request_lines(call.url, method=call.method, has_body=call.has_body)
    if not call.has_body:
        return "\n".join([*lines, *request]).removesuffix(" \\")
    sent = (
        curl.send_file(call.file) if call.file else curl.send_body([call.body], delimiter="PAYLOAD")
    )
    return "\n".join([*lines, *request, sent])


TARGET = Target(
    name="curl",
    language="Shell",
    title="cURL (bash, zsh, dash, ksh)",
    file_name="launch.sh",
    write=write,
)
