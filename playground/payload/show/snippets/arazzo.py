"""An Arazzo document: launch, wait until the job has ended, read the first page of its results.

The payload is a value of the document, as tools expect it. One with numbers that programs in
JavaScript write otherwise, or with a `$`, behind which expressions stand, is a text: the
specification calls that a template, and no value of it is changed.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec

from playground.contract import jobs
from playground.payload.show.snippets import json_document
from playground.payload.show.snippets.calls import Call, Target
from playground.payload.show.snippets.writing import escape, fill

_parts = re.compile(r'"(?:[^"\\]|\\.)*+"|-?[0-9][-+.0-9eE]*')
_is_plain_number = re.compile(r"0|-?[1-9][0-9]{0,14}|-?[0-9]{1,9}\.[0-9]{0,5}[1-9]").fullmatch
_OK = {"condition": "$statusCode == 200"}
_STATUS = "$response.body#/status"
_PAUSE, _MOST_TIMES = 5, 1_000


def write(call: Call) -> str:
    job = [{"name": "job", "in": "path", "value": "$steps.launch.outputs.job_uid"}]
    results: list[dict[str, Any]] = [
        {"name": "job_uid", "in": "path", "value": "$steps.launch.outputs.job_uid"},
        {"name": "page", "in": "query", "value": 1},
    ]
    steps = [
        _launch(call),
        _step(call, "wait", "get_job", job)
        | {
            "successCriteria": [_OK, {"condition": _is_one_of(jobs.SUCCESS)}],
            "onFailure": [_ended(), _again("not-yet", "$statusCode == 200"), _too_many()],
        },
        _step(call, "results", "list_results", results)
        | {
            "successCriteria": [_OK],
            "onFailure": [_too_many()],
            "outputs": {"results": "$response.body#/results"},
        },
    ]
    workflow = {
        "workflowId": "launch",
        "summary": "Launch, wait, read the results",
        "inputs": _inputs(call),
        "steps": steps,
        "outputs": {"results": "$steps.results.outputs.results"},
    }
    return json_document.write(
        {
            "arazzo": "1.0.1",
            "info": {"title": "Launch", "version": "1.0.0", "description": call.remark or "Launch"},
            "sourceDescriptions": [{"name": "api", "url": _openapi(call), "type": "openapi"}],
            "workflows": [workflow],
        }
    )


def _openapi(call: Call) -> str:
    """The sandbox serves its own; that of another upstream is downloaded from the reference."""
    is_sandbox = call.base_url.endswith("/sandbox/v3")
    return f"{call.base_url}/openapi.json" if is_sandbox else "openapi.json"


def _inputs(call: Call) -> dict[str, Any]:
    names = [fill("«key»", call), fill("«project»", call)]
    if call.file:
        names.append("payload")
    told = {"payload": {"type": "string", "description": f"What is in {call.file}."}}
    return {
        "type": "object",
        "properties": {name: told.get(name, {"type": "string"}) for name in names},
        "required": names,
    }


def _launch(call: Call) -> dict[str, Any]:
    uid = unquote(urlsplit(call.url).path.split("/")[-2])
    workflow = {"name": "workflow_uid", "in": "path", "value": uid}
    return _step(call, "launch", "launch_workflow", [workflow]) | {
        "requestBody": {"contentType": "application/json", "payload": _payload(call)},
        "successCriteria": [_OK],
        "onFailure": [_too_many()],
        "outputs": {"job_uid": "$response.body#/job_uid"},
    }


def _payload(call: Call) -> Any:
    if call.file:
        return "$inputs.payload"
    parts = (found[0] for found in _parts.finditer(call.body))
    if all("$" not in part if part[0] == '"' else _is_plain_number(part) for part in parts):
        return msgspec.Raw(call.body.encode())
    return escape(call.body, "$")


def _step(
    call: Call, step_id: str, operation: str, parameters: list[dict[str, Any]]
) -> dict[str, Any]:
    headers = (
        ("«auth»", "«scheme»{$inputs.«key»}"),
        ("«project_header»", "$inputs.«project»"),
    )
    given = [
        {"name": fill(name, call), "in": "header", "value": fill(value, call)}
        for name, value in headers
    ]
    return {"stepId": step_id, "operationId": operation, "parameters": [*given, *parameters]}


def _is_one_of(statuses: frozenset[str]) -> str:
    return " || ".join(f"{_STATUS} == '{status}'" for status in sorted(statuses))


def _ended() -> dict[str, Any]:
    ended = {"condition": _is_one_of(jobs.FINAL - jobs.SUCCESS)}
    return {"name": "ended-otherwise", "type": "end", "criteria": [_OK, ended]}


def _too_many() -> dict[str, Any]:
    return _again("too-many", "$statusCode == 429")


def _again(name: str, condition: str) -> dict[str, Any]:
    return {
        "name": name,
        "type": "retry",
        "retryAfter": _PAUSE,
        "retryLimit": _MOST_TIMES,
        "criteria": [{"condition": condition}],
    }


TARGET = Target(
    name="arazzo",
    language="Tools",
    title="Arazzo: launch, wait, results",
    file_name="launch.arazzo.json",
    write=write,
    keys="as inputs",
    flavour="follow",
)
