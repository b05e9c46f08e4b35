"""The OpenAPI document is valid, whole, and the same each time."""

from __future__ import annotations

import re
from typing import Any

import jsonschema
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from playground.contract.paths import TEMPLATES
from playground.reference.api.operations import GENERAL_FAILURES, OPERATIONS
from playground.reference.formats.openapi import document as openapi

URL = "https://api.example.com/v3"
DOCUMENT = openapi.build_document(URL)


def operations_of(document: dict[str, Any]) -> dict[str, tuple[str, str, dict[str, Any]]]:
    """operationId → (method, path, operation)."""
    return {
        operation["operationId"]: (method.upper(), path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def schema_problems(schema: dict[str, Any], value: Any) -> list[str]:
    """What an independent validator says of a value against a schema of the document."""
    whole = schema | {"components": DOCUMENT["components"]}
    kind = jsonschema.Draft202012Validator
    validator = kind(whole, format_checker=kind.FORMAT_CHECKER)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def json_of(part: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = part["content"]["application/json"]
    return found


def test_an_independent_validator_finds_nothing_wrong():
    errors = [error.message for error in OpenAPIV31SpecValidator(DOCUMENT).iter_errors()]

    assert errors == []
    assert DOCUMENT["openapi"] == "3.1.0"


def test_every_operation_of_the_api_is_in_it_once():
    found = operations_of(DOCUMENT)
    listed = [
        op["operationId"] for methods in DOCUMENT["paths"].values() for op in methods.values()
    ]

    shapes = {
        name: (method, re.sub(r"\{\w+\}", "{}", path)) for name, (method, path, _) in found.items()
    }
    assert sorted(listed) == sorted(TEMPLATES)
    assert shapes == {
        name: (method, re.sub(r"\{\w+\}", "{}", path)) for name, (method, path) in TEMPLATES.items()
    }


def test_a_path_names_its_variables_as_its_parameters_do():
    for method, path, operation in operations_of(DOCUMENT).values():
        named = [item["name"] for item in operation.get("parameters", ()) if item["in"] == "path"]

        assert named == re.findall(r"\{(\w+)\}", path), (method, path)


def test_two_operations_on_one_path_share_the_name_of_its_variable():
    assert sorted(DOCUMENT["paths"]["/jobs/{job}"]) == ["delete", "get"]


@pytest.mark.parametrize("name", OPERATIONS)
def test_published_examples_fit_their_schemas(name: str):
    operation = operations_of(DOCUMENT)[name][2]
    parts = [json_of(part) for part in operation["responses"].values() if "content" in part]
    if "requestBody" in operation:
        parts.append(json_of(operation["requestBody"]))

    problems = [schema_problems(part["schema"], part["example"]) for part in parts]
    problems += [
        schema_problems(item["schema"], item["example"]) for item in operation.get("parameters", ())
    ]

    assert problems == [[]] * len(problems)
    assert problems


def test_statuses_of_one_operation_stand_by_themselves_and_the_rest_together():
    launch = operations_of(DOCUMENT)["launch_workflow"][2]["responses"]
    other = DOCUMENT["components"]["responses"]["Other"]["description"]

    assert list(launch) == ["200", "400", "401", "404", "429", "default"]
    assert launch["429"]["headers"]["Retry-After"]["schema"] == {"type": "integer", "minimum": 0}
    assert re.findall(r"\*\*(\d+)\*\*", other) == [str(item.status) for item in GENERAL_FAILURES]


def test_the_key_comes_in_either_header_and_the_workspace_always_in_its_own():
    schemes = DOCUMENT["components"]["securitySchemes"]

    assert [sorted(schemes[name]["name"] for name in way) for way in DOCUMENT["security"]] == [
        ["Authorization", "x-project-id"],
        ["x-api-key", "x-project-id"],
    ]


def test_the_launch_body_has_the_types_of_the_wire():
    schemas = DOCUMENT["components"]["schemas"]

    launch = schemas["LaunchRequest"]
    types = {name: field.get("type") for name, field in launch["properties"].items()}
    assert types == {
        "job_name": ["string", "null"],
        "steps": "array",
        "inputs": ["array", "null"],
        "unstructure_meta": ["boolean", "null"],
        "repeat_option": None,
        "delay": ["number", "null"],
    }
    assert launch["required"] == ["steps"]
    assert launch["properties"]["repeat_option"]["anyOf"] == [
        {"$ref": "#/components/schemas/Schedule"},
        {"type": "null"},
    ]
    assert schemas["Schedule"]["properties"]["type"]["enum"] == [
        "minute",
        "hour",
        "day",
        "week",
        "month",
    ]
    assert schemas["StepLaunch"]["required"] == ["step_uid", "accounts", "parameters"]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({}, "$: 'steps' is a required property"),
        ({"steps": [{}]}, "$.steps[0]: 'step_uid' is a required property"),
        ({"steps": [], "inputs": [1]}, "$.inputs[0]: 1 is not of type 'object'"),
        (
            {"steps": [], "inputs": [{"meta": 1}]},
            "$.inputs[0].meta: 1 is not valid under any of the given schemas",
        ),
        ({"steps": [], "delay": -1}, "$.delay: -1 is less than the minimum of 0"),
        (
            {"steps": [], "delay": 1e9},
            "$.delay: 1000000000.0 is greater than the maximum of 31622400",
        ),
    ],
)
def test_a_body_that_is_wrong_does_not_fit(body: dict[str, Any], problem: str):
    schema = {"$ref": "#/components/schemas/LaunchRequest"}

    assert problem in schema_problems(schema, body)


def test_keys_that_nobody_knows_are_allowed_everywhere():
    schemas = DOCUMENT["components"]["schemas"]

    closed = [
        name for name, schema in schemas.items() if not schema.get("additionalProperties", True)
    ]

    assert closed == []
    assert not any("extra" in schema.get("properties", ()) for schema in schemas.values())


def test_every_field_and_type_is_described():
    bare = [
        (name, field)
        for name, schema in DOCUMENT["components"]["schemas"].items()
        for field, found in {"": schema, **schema.get("properties", {})}.items()
        if not found.get("description")
    ]

    assert bare == []


def test_tools_are_told_to_hide_credentials():
    hidden = {
        f"{name}.{field}"
        for name, schema in DOCUMENT["components"]["schemas"].items()
        for field, found in schema.get("properties", {}).items()
        if found.get("format") == "password"
    }

    assert hidden == {
        "AccountCredentials.api_key",
        "AccountCredentials.username",
        "AccountCredentials.password",
        "Checkpoint.code",
    }


def test_what_is_not_documented_says_so():
    schemas = DOCUMENT["components"]["schemas"]
    operations = operations_of(DOCUMENT)

    assert schemas["Job"]["properties"]["uid"]["description"] == (
        "The job's UID. (Observed, not documented.)"
    )
    assert {name: found[2]["x-evidence"] for name, found in operations.items()} == {
        name: operation.evidence for name, operation in OPERATIONS.items()
    }


def test_the_same_address_gives_the_same_bytes():
    first = openapi.encode_document(URL)
    openapi.encode_document.cache_clear()

    assert openapi.encode_document(URL) == first
    assert openapi.build_document("https://b.example/v3") == DOCUMENT | {
        "servers": [{"url": "https://b.example/v3"}]
    }
