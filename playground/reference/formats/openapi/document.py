"""The OpenAPI 3.1 document of the API: the table of operations and the contract's types.

Deterministic: the same server URL gives the same bytes.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from playground.contract import wire
from playground.contract.paths import LARGEST_PAGE
from playground.contract.wire import UNSET
from playground.reference.api.operations import GROUPS, OPERATIONS, Group, Operation, Parameter
from playground.reference.formats.openapi import schemas
from playground.reference.formats.openapi.responses import (
    ERROR,
    ERROR_SCHEMA,
    JSON,
    other_errors,
    responses,
)

_VARIABLE = re.compile(r"\{(\w+)\}")
_OBSERVED = " Not in the vendor's documentation, but public programs rely on it."
_ABOUT = (
    "Launches and schedules workflows, follows their jobs, and manages users and accounts. "
    "Every request carries the API key and the workspace's UID. Not everything here is in the "
    "vendor's documentation: what is only observed or assumed says so, and `x-evidence` marks it. "
    "Answers may have more keys than are described. In a body, null stands for a field that is "
    "left out, which is assumed."
)
_GROUPS: dict[Group, str] = {
    "Workflows": "What can be launched, and the launch.",
    "Jobs": "What becomes of a launch.",
    "Accounts": "The credentials that steps run with, by integration.",
    "Users": "The people who own the accounts.",
    "Workspace": "The plan and what is left of it.",
}
# Section 1.1: the key comes in either of two headers, the workspace always in the same one.
_SECURITY_SCHEMES = {
    "authorization": {
        "type": "apiKey",
        "in": "header",
        "name": wire.AUTHORIZATION_HEADER,
        "description": "The word `x-api-key`, a space and the key: `"
        + wire.authorization_value("0123…cdef")
        + "`.",
    },
    "key": {
        "type": "apiKey",
        "in": "header",
        "name": wire.KEY_HEADER,
        "description": "The bare key in a header of its own. Observed, not documented.",
    },
    "workspace": {
        "type": "apiKey",
        "in": "header",
        "name": wire.PROJECT_HEADER,
        "description": "The UID of the workspace.",
    },
}
_SECURITY: list[dict[str, list[str]]] = [
    {"authorization": [], "workspace": []},
    {"key": [], "workspace": []},
]


@functools.lru_cache(maxsize=16)
def encode_document(server_url: str) -> bytes:
    """The document as JSON."""
    return msgspec.json.encode(build_document(server_url))


def build_document(server_url: str) -> dict[str, Any]:
    """The document of the API at this address, which ends in `/v3`."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Workflow API", "version": "3", "description": _ABOUT},
        "servers": [{"url": server_url}],
        "tags": [{"name": group, "description": _GROUPS[group]} for group in GROUPS],
        "security": _SECURITY,
        "paths": _paths(),
        "components": {
            "securitySchemes": _SECURITY_SCHEMES,
            "responses": {"Other": other_errors()},
            "schemas": _schemas(),
        },
    }


def _schemas() -> dict[str, Any]:
    bodies = [operation.body for operation in OPERATIONS.values() if operation.body]
    answers = [a.type for operation in OPERATIONS.values() for a in operation.answers if a.type]
    return {ERROR: ERROR_SCHEMA} | schemas.component_schemas(bodies=bodies, answers=answers)


def _paths() -> dict[str, Any]:
    found: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for same in _by_shape(OPERATIONS.values()):
        names = _shared_names(same)
        for operation in same:
            path = operation.path.format(**{name: f"{{{new}}}" for name, new in names.items()})
            found[path][operation.method.lower()] = _operation(operation, names)
    return dict(found)


def _by_shape(operations: Iterable[Operation]) -> list[list[Operation]]:
    """The operations that have the same path, whatever its variables are called."""
    shapes: defaultdict[str, list[Operation]] = defaultdict(list)
    for operation in operations:
        shapes[_VARIABLE.sub("{}", operation.path)].append(operation)
    return list(shapes.values())


def _shared_names(operations: list[Operation]) -> dict[str, str]:
    """Variable → its name in the document, where each path is only once.

    `/jobs/{job_uid}` and `/jobs/{job_name}` become `/jobs/{job}`.
    """
    columns = zip(*(_VARIABLE.findall(item.path) for item in operations), strict=True)
    return {name: _common(column) for column in columns for name in column}


def _common(names: Sequence[str]) -> str:
    if len(set(names)) == 1:
        return names[0]
    letters = zip(*names, strict=False)
    same = itertools.takewhile(lambda column: len(set(column)) == 1, letters)
    return "".join(column[0] for column in same).rstrip("_")


def _operation(operation: Operation, names: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": operation.name,
        "tags": [operation.group],
        "summary": operation.title,
        "description": operation.purpose + (_OBSERVED if operation.evidence == "observed" else ""),
        "x-evidence": operation.evidence,
    }
    if operation.parameters:
        found["parameters"] = [_parameter(item, names) for item in operation.parameters]
    if operation.body:
        found["requestBody"] = {
            "required": operation.is_body_needed,
            "content": {
                JSON: {
                    "schema": schemas.reference(operation.body),
                    "example": operation.body_example,
                }
            },
        }
    return found | {"responses": responses(operation)}


def _parameter(parameter: Parameter, names: dict[str, str]) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": parameter.type}
    if parameter.choices:
        schema["enum"] = list(parameter.choices)
    if parameter.type == "integer":
        # Only pages are numbers, and they count from the first one.
        schema |= {"minimum": parameter.default, "maximum": LARGEST_PAGE}
    if parameter.default is not UNSET:
        schema["default"] = parameter.default
    return {
        "name": names.get(parameter.name, parameter.name),
        "in": parameter.where,
        "required": parameter.where == "path",
        "description": parameter.meaning,
        "schema": schema,
        "example": _value(parameter),
        "x-evidence": parameter.evidence,
    }


def _value(parameter: Parameter) -> Any:
    """The example, which is text, as the type that the parameter has."""
    if parameter.type == "string":
        return parameter.example
    return msgspec.json.decode(parameter.example)
