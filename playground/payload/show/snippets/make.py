"""The HTTP module of Make, as a blueprint to import."""

from __future__ import annotations

from typing import Any

from playground.payload.show.snippets import json_document
from playground.payload.show.snippets.calls import Call, Target
from playground.payload.show.snippets.writing import escape_braces, fill


def write(call: Call) -> str:
    name = f"Launch, {call.remark}" if call.remark else "Call"
    module = {
        "id": 1,
        "module": "http:ActionSendData",
        "version": 3,
        "parameters": {"handleErrors": True},
        "mapper": _mapper(call),
        "metadata": {"designer": {"x": 0, "y": 0, "name": name}},
    }
    return json_document.write(
        {"name": name, "flow": [module], "metadata": {"version": 1, "designer": {"orphans": []}}}
    )


def _mapper(call: Call) -> dict[str, Any]:
    """What stands between double braces is a variable there."""
    headers = (
        ("«auth»", "«scheme»{{var.team.«key»}}"),
        ("«project_header»", "{{var.team.«project»}}"),
    )
    data = f"{{{{1.data}}}} of {call.file}" if call.file else escape_braces(call.body)
    body = {"bodyType": "raw", "contentType": "application/json", "data": data}
    return {
        "url": call.url,
        "method": call.method.lower(),
        "headers": [
            {"name": fill(name, call), "value": fill(value, call)} for name, value in headers
        ],
        "qs": [],
        **(body if call.has_body else {}),
        "parseResponse": True,
        "serializeUrl": False,
        "followRedirect": False,
        "rejectUnauthorized": True,
    }


TARGET = Target(
    name="make",
    language="Tools",
    title="Make, HTTP module",
    file_name="launch.make.json",
    write=write,
    keys="as variables of the team",
)
