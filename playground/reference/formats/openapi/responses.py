"""The answers of an operation as OpenAPI writes them: successes, and errors with what to do."""

from __future__ import annotations

from typing import Any

from playground.reference.api.operations import GENERAL_FAILURES, Answer, Failure, Operation
from playground.reference.formats.openapi import schemas

JSON = "application/json"
ERROR = "Failure"
# Section 1.3: no source shows the body of an error, so nothing of it is required.
ERROR_SCHEMA: dict[str, Any] = {
    "title": ERROR,
    "description": "The body of an error answer. No source shows it: be ready for others, and for "
    "what is not JSON. (Assumed, not documented.)",
    "type": "object",
    "properties": {
        "message": {"type": "string", "description": "What is wrong, in a sentence."},
        "error": {"type": "string", "description": "The same, where there is no `message`."},
    },
}
_WAIT = {
    "description": "How many seconds to wait. It may be missing. (Assumed, not documented.)",
    "schema": {"type": "integer", "minimum": 0},
}


def responses(operation: Operation) -> dict[str, Any]:
    """Status → response. What every operation may answer beyond its own is `default`."""
    own = [failure for failure in operation.failures if failure not in GENERAL_FAILURES]
    return {
        **{str(answer.status): _success(answer) for answer in operation.answers},
        **{str(failure.status): _error(failure) for failure in own},
        "default": {"$ref": "#/components/responses/Other"},
    }


def other_errors() -> dict[str, Any]:
    lines = [f"- **{item.status}** {item.when} {item.advice}" for item in GENERAL_FAILURES]
    text = "Any other error:\n\n" + "\n".join(lines)
    return {"description": text, "content": {JSON: {"schema": _error_reference()}}}


def _success(answer: Answer) -> dict[str, Any]:
    schema = schemas.reference(answer.type) if answer.type else {}
    if answer.is_array:
        schema = {"type": "array", "items": schema}
    return {
        "description": answer.meaning,
        "content": {JSON: {"schema": schema, "example": answer.example}},
    }


def _error(failure: Failure) -> dict[str, Any]:
    content = {"schema": _error_reference(), "example": {"message": failure.when}}
    found: dict[str, Any] = {"description": f"{failure.when} {failure.advice}"}
    if failure.status == 429:
        found["headers"] = {"Retry-After": _WAIT}
    return found | {"content": {JSON: content}}


def _error_reference() -> dict[str, Any]:
    return {"$ref": schemas.TEMPLATE.format(name=ERROR)}
