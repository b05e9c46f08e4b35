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
    "additionalProperties": True,
}
_WAIT = {
    "description": "How many seconds to wait. It may be missing. (Assumed, not documented.)",
    "schema": {"type": "integer", "minimum": 0},
}


# Variables as the document calls them: two operations share the path of one job.
_OF_A_JOB = {
    "get_job": "job",
    "list_results": "job_uid",
    "list_job_inputs": "job_uid",
    "cancel_job": "job_uid",
    "retry_job": "job_uid",
}
_FOLLOWERS = {
    "launch_workflow": ("job_uid", _OF_A_JOB),
    "retry_job": ("job_uid", _OF_A_JOB),
    "get_job": (
        "uid",
        {name: variable for name, variable in _OF_A_JOB.items() if name != "get_job"},
    ),
    "get_workflow": ("uid", {"launch_workflow": "workflow_uid", "list_jobs": "workflow_uid"}),
}


def responses(operation: Operation) -> dict[str, Any]:
    """Status → response. What every operation may answer beyond its own is `default`."""
    own = [failure for failure in operation.failures if failure not in GENERAL_FAILURES]
    return {
        **{str(answer.status): _success(answer, links(operation)) for answer in operation.answers},
        **{str(failure.status): _error(failure) for failure in own},
        "default": {"$ref": "#/components/responses/Other"},
    }


def other_errors() -> dict[str, Any]:
    lines = [f"- **{item.status}** {item.when} {item.advice}" for item in GENERAL_FAILURES]
    text = "Any other error:\n\n" + "\n".join(lines)
    return {"description": text, "content": {JSON: {"schema": _error_reference()}}}


def links(operation: Operation) -> dict[str, Any]:
    """What can be asked next with what an answer has: name → operation and its parameter."""
    part, followers = _FOLLOWERS.get(operation.name, ("", {}))
    return {
        name: {
            "operationId": name,
            "description": f"With the `{part}` of this answer.",
            "parameters": {variable: f"$response.body#/{part}"},
        }
        for name, variable in followers.items()
    }


def _success(answer: Answer, onward: dict[str, Any]) -> dict[str, Any]:
    schema = schemas.reference(answer.type) if answer.type else {}
    if answer.is_array:
        schema = {"type": "array", "items": schema}
    found = {
        "description": answer.meaning,
        "content": {JSON: {"schema": schema, "example": answer.example}},
    }
    return found | ({"links": onward} if onward else {})


def _error(failure: Failure) -> dict[str, Any]:
    content = {"schema": _error_reference(), "example": {"message": failure.when}}
    found: dict[str, Any] = {"description": f"{failure.when} {failure.advice}"}
    if failure.status == 429:
        found["headers"] = {"Retry-After": _WAIT}
    return found | {"content": {JSON: content}}


def _error_reference() -> dict[str, Any]:
    return {"$ref": schemas.TEMPLATE.format(name=ERROR)}
