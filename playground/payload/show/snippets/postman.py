"""A Postman collection of one request."""

from __future__ import annotations

from typing import Any

from playground.payload.show.snippets import json_document
from playground.payload.show.snippets.calls import Call, Target
from playground.payload.show.snippets.writing import escape_braces, fill

_SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"


def write(call: Call) -> str:
    name = "Launch" if call.remark else "Call"
    request = {"method": call.method, "header": _headers(call), "url": call.url}
    return json_document.write(
        {
            "info": {
                "name": name,
                "description": call.remark,
                "schema": _SCHEMA,
            },
            "item": [{"name": name, "request": request | _body(call)}],
            # An environment's variables win over these.
            "variable": [{"key": fill(name, call), "value": ""} for name in ("«key»", "«project»")],
        }
    )


def _headers(call: Call) -> list[dict[str, str]]:
    headers = [("«auth»", "«scheme»{{«key»}}"), ("«project_header»", "{{«project»}}")]
    if call.has_body:
        headers.append(("Content-Type", "application/json"))
    return [{"key": fill(name, call), "value": fill(value, call)} for name, value in headers]


def _body(call: Call) -> dict[str, Any]:
    """What stands between double braces is a variable there."""
    if call.file:
        return {"body": {"mode": "file", "file": {"src": call.file}}}
    if not call.body:
        return {}
    options = {"raw": {"language": "json"}}
    return {"body": {"mode": "raw", "raw": escape_braces(call.body), "options": options}}


TARGET = Target(
    name="postman",
    language="Tools",
    title="Postman collection",
    file_name="launch.postman_collection.json",
    write=write,
    keys="as variables of an environment",
)
