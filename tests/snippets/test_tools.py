"""Documents for tools: of the form that the tools read, with a body that arrives as it is."""

from __future__ import annotations

import json
import subprocess

import jsonschema
import pytest

from playground.payload.show.snippets.calls import Call
from playground.payload.show.snippets.targets import TARGETS
from playground.reference.formats.openapi import document
from tests.snippets import hostile, runners
from tests.snippets.execution import SENT, body_of, folder, launch_of
from tests.snippets.recorder import FOLLOWS, JOB, recording

PLAIN = '{"job_name": "It is", "inputs": [{"a": 1, "b": [0.5, null, "x"]}], "steps": []}'
_TEXT = {"type": "string", "minLength": 1}
N8N = {
    "type": "object",
    "required": ["nodes", "connections"],
    "properties": {
        "connections": {"type": "object"},
        "nodes": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["parameters", "type", "typeVersion", "position", "name"],
                "properties": {
                    "type": {"pattern": "^n8n-nodes-base\\."},
                    "typeVersion": {"type": "number"},
                    "position": {
                        "type": "array",
                        "items": {"type": "number"},
                        "minItems": 2,
                        "maxItems": 2,
                    },
                },
            },
        },
    },
}
BLUEPRINT = {
    "type": "object",
    "required": ["name", "flow", "metadata"],
    "properties": {
        "name": _TEXT,
        "flow": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "module", "version", "mapper"],
                "properties": {
                    "module": {"const": "http:ActionSendData"},
                    "mapper": {"required": ["url", "method", "headers", "bodyType", "data"]},
                },
            },
        },
    },
}


def write(target: str, body: str = SENT) -> str:
    return TARGETS[target].write(launch_of("https://api.example.com/v3", body_of(body), "w"))


def headers_of(pairs) -> dict[str, str]:
    return {pair["name"]: pair["value"] for pair in pairs}


def test_the_node_of_n8n_sends_a_raw_body_that_is_no_expression():
    made = json.loads(write("n8n"))
    jsonschema.validate(made, N8N)

    (node,) = made["nodes"]
    sent = node["parameters"]

    assert (sent["method"], sent["contentType"]) == ("POST", "raw")
    assert headers_of(sent["headerParameters"]["parameters"]) == {
        "Authorization": "=x-api-key {{ $env.UPSTREAM_API_KEY }}",
        "x-project-id": "={{ $env.UPSTREAM_PROJECT_ID }}",
    }
    assert not sent["body"].startswith("=")
    assert "{{" not in sent["body"]
    assert hostile.failing(sent["body"].encode(), SENT) == []


def test_the_node_of_a_large_payload_reads_a_file():
    call = Call(url="https://api.example.com/v3/workflows/w/schedule", file="payload.json")

    made = json.loads(TARGETS["n8n"].write(call))

    jsonschema.validate(made, N8N)
    names = [node["name"] for node in made["nodes"]]
    ((start, ways),) = made["connections"].items()
    assert {start, ways["main"][0][0]["node"]} == set(names)


def test_the_blueprint_for_make_has_variables_and_no_others():
    made = json.loads(write("make"))
    jsonschema.validate(made, BLUEPRINT)

    sent = made["flow"][0]["mapper"]

    assert headers_of(sent["headers"]) == {
        "Authorization": "x-api-key {{var.team.UPSTREAM_API_KEY}}",
        "x-project-id": "{{var.team.UPSTREAM_PROJECT_ID}}",
    }
    assert "{{" not in sent["data"]
    assert hostile.failing(sent["data"].encode(), SENT) == []


def test_the_fields_for_zapier_have_the_body_last():
    head, _, body = write("zapier").partition("\nData:\n")

    assert "URL: https://api.example.com/v3/workflows/w/schedule\n" in head
    assert "Authorization | x-api-key {{UPSTREAM_API_KEY}}" in head
    assert "{{" not in body
    assert hostile.failing(body.encode(), SENT) == []


def payload_of(made) -> object:
    return made["workflows"][0]["steps"][0]["requestBody"]["payload"]


def test_an_arazzo_document_has_a_plain_payload_as_a_value():
    assert payload_of(json.loads(write("arazzo", PLAIN))) == json.loads(PLAIN)


def test_an_arazzo_document_has_what_readers_would_change_as_a_text():
    payload = payload_of(json.loads(write("arazzo")))

    assert "$" not in payload  # Behind it an expression would stand.
    assert hostile.failing(payload.encode(), SENT) == []


@pytest.mark.parametrize("value", [*hostile.NUMBERS.values(), '"a {$inputs.b}"', '"$url"'])
def test_an_arazzo_document_changes_no_value(value):
    payload = payload_of(json.loads(write("arazzo", PLAIN.replace("0.5", value))))

    assert isinstance(payload, str)
    assert hostile.read(payload) == hostile.read(PLAIN.replace("0.5", value))


def test_an_arazzo_document_is_valid_and_leads_from_launch_to_results():
    """As a program that runs such documents reads it."""
    redocly = runners.found("redocly")
    if not redocly:
        pytest.skip("Redocly is not on this machine")
    with recording() as recorder, folder() as made:
        call = launch_of(f"{recorder.url}{FOLLOWS}v3", body_of(PLAIN), "w")
        file = made / "launch.arazzo.json"
        file.write_text(TARGETS["arazzo"].write(call))
        (made / "openapi.json").write_bytes(document.encode_document(call.base_url))
        command = [redocly, "respect", file, "--verbose", *runners.given("--input")]
        done = subprocess.run(command, cwd=made, capture_output=True, text=True, timeout=180)
        asked = [one.path.removeprefix(f"{FOLLOWS}v3") for one in recorder.received]

    assert done.returncode == 0, done.stdout[-3000:]
    job = f"/jobs/{JOB}"
    launch = "/workflows/w/schedule"
    assert asked == [launch, launch, job, job, job, f"{job}/results?page=1"]
    assert json.loads(recorder.received[1].body) == json.loads(PLAIN)
