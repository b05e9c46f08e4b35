"""The HTTP node of n8n, as it is copied and pasted between its workflows.

The body is raw: n8n would read JSON into values and round numbers of many digits. A text is an
expression only if it begins with `=`.
"""

from __future__ import annotations

from typing import Any

from playground.payload.show.snippets import json_document
from playground.payload.show.snippets.calls import Call, Target
from playground.payload.show.snippets.writing import escape_braces, fill

_NODE, _FILE = "Launch", "Read the payload"


def write(call: Call) -> str:
    nodes = [_request(call)]
    connections: dict[str, Any] = {}
    if call.file:
        nodes.append(_file(call))
        connections[_FILE] = {"main": [[{"node": _NODE, "type": "main", "index": 0}]]}
    return json_document.write({"nodes": nodes, "connections": connections})


def _request(call: Call) -> dict[str, Any]:
    headers = (
        ("«auth»", "=«scheme»{{ $env.«key» }}"),
        ("«project_header»", "={{ $env.«project» }}"),
    )
    parameters: dict[str, Any] = {
        "method": call.method,
        "url": call.url,
        "sendHeaders": True,
        "headerParameters": {
            "parameters": [
                {"name": fill(name, call), "value": fill(value, call)} for name, value in headers
            ]
        },
    }
    return {
        "parameters": parameters | _body(call) | {"options": {}},
        "type": "n8n-nodes-base.httpRequest",
        "typeVersion": 4.2,
        "position": [0, 0],
        "name": _NODE,
        **({"notes": call.remark} if call.remark else {}),
    }


def _body(call: Call) -> dict[str, Any]:
    if call.file:
        return {"sendBody": True, "contentType": "binaryData", "inputDataFieldName": "data"}
    if not call.body:
        return {}
    return {
        "sendBody": True,
        "contentType": "raw",
        "rawContentType": "application/json",
        "body": escape_braces(call.body),
    }


def _file(call: Call) -> dict[str, Any]:
    return {
        "parameters": {"fileSelector": call.file, "options": {"mimeType": "application/json"}},
        "type": "n8n-nodes-base.readWriteFile",
        "typeVersion": 1,
        "position": [-220, 0],
        "name": _FILE,
    }


TARGET = Target(
    name="n8n",
    language="Tools",
    title="n8n, HTTP Request node",
    file_name="launch.n8n.json",
    write=write,
    keys="in the environment of n8n, which its nodes have to be allowed to read",
)
