"""Every field of every contract type has a meaning, and a type that a person can read."""

from __future__ import annotations

import dataclasses
import inspect
from types import ModuleType

import pytest

from playground.contract import accounts, jobs, launches, workflows
from playground.contract.wire import UNSET
from playground.reference.api import fields
from playground.reference.api.fields import fields_of, sentence_of


def _kinds(module: ModuleType) -> list[type]:
    """The types that go over the wire: those that keep unknown keys."""
    kinds = (kind for _, kind in inspect.getmembers(module, inspect.isclass))
    return [
        kind
        for kind in kinds
        if kind.__module__ == module.__name__ and "extra" in getattr(kind, "__slots__", ())
    ]


KINDS = [kind for module in (accounts, jobs, launches, workflows) for kind in _kinds(module)]


def test_the_tables_hold_every_contract_type_and_no_other():
    assert set(fields.MEANINGS) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_has_a_meaning_and_no_meaning_lacks_its_field(kind: type):
    names = [field.name for field in dataclasses.fields(kind) if field.name != "extra"]

    assert set(fields.MEANINGS[kind].fields) == set(names)
    assert [field.name for field in fields_of(kind)] == names
    assert sentence_of(kind).endswith(".")
    assert all(field.meaning.endswith((".", "`")) for field in fields_of(kind))


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (
            launches.LaunchRequest,
            {
                "job_name": "string",
                "steps": "array of StepLaunch",
                "inputs": "array of objects",
                "unstructure_meta": "boolean",
                "repeat_option": "Schedule",
                "delay": "number",
            },
        ),
        (
            launches.StepLaunch,
            {
                "step_uid": "string",
                "accounts": "array of strings",
                "accounts_rotation_enabled": "boolean",
                "parameters": "object",
                "output_column": "string or null",
            },
        ),
        (launches.Schedule, {"type": "string", "value": "integer"}),
        (
            workflows.Step,
            {
                "step_uid": "string",
                "step_name": "string",
                "position": "integer",
                "permalink": "string",
                "integrations": "array of strings",
                "input_schema": "object of Input",
                "output_schema": "array of strings",
                "parameters_schema": "ParametersSchema",
            },
        ),
        (
            workflows.Input,
            {
                "required": "integer",
                "primary": "boolean",
                "help": "string",
                "regex": "object",
                "variations": "array of strings",
                "retro_variations": "array of strings",
            },
        ),
    ],
)
def test_types_are_said_in_words(kind: type, words: dict[str, str]):
    assert {field.name: field.type for field in fields_of(kind)} == words


def test_null_is_said_where_the_contract_has_it_and_of_what_the_sandbox_does_not_know():
    nullable = {
        kind.__name__: {field.name for field in fields_of(kind) if field.type.endswith(" or null")}
        for kind in KINDS
    }

    job = {field.name for field in fields_of(jobs.Job)} - {"uid"}
    assert {name: fields for name, fields in nullable.items() if fields} == {
        "Job": job,
        "Paging": {"previous", "next"},
        "UserPaging": {"previous", "next"},
        "WorkflowSummary": {"template_uid"},
        "StepLaunch": {"output_column"},
        "Account": {"level"},
        "User": {"email", "first_name", "last_name", "full_name", "country"},
    }


def test_countries_that_are_refused_are_named():
    (country,) = [field for field in fields_of(accounts.UserSave) if field.name == "country"]

    named = country.meaning.partition("Refused are ")[2].removesuffix(".").split(", ")
    assert set(named) == accounts.REFUSED_COUNTRIES


def test_a_launch_says_what_it_needs_and_what_it_takes_otherwise():
    launch = {field.name: field for field in fields_of(launches.LaunchRequest)}
    step = {field.name: field for field in fields_of(launches.StepLaunch)}

    assert [name for name, field in launch.items() if field.is_required] == ["steps"]
    assert [name for name, field in step.items() if field.is_required] == [
        "step_uid",
        "accounts",
        "parameters",
    ]
    assert {name: field.default for name, field in (launch | step).items()} == {
        "job_name": UNSET,
        "steps": UNSET,
        "inputs": UNSET,
        "unstructure_meta": False,
        "repeat_option": UNSET,
        "delay": 0,
        "step_uid": UNSET,
        "accounts": UNSET,
        "accounts_rotation_enabled": False,
        "parameters": UNSET,
        "output_column": None,
    }


def test_a_field_leads_to_the_type_inside_and_names_its_only_values():
    fields = {field.name: field for field in fields_of(launches.Schedule)}

    assert {field.name: field.of for field in fields_of(launches.LaunchRequest) if field.of} == {
        "steps": launches.StepLaunch,
        "repeat_option": launches.Schedule,
    }
    assert fields["type"].choices == ("minute", "hour", "day", "week", "month")
    assert fields["value"].choices == ()


def test_credentials_are_marked_as_secret():
    secrets = [
        (kind.__name__, field.name)
        for kind in KINDS
        for field in fields_of(kind)
        if field.is_secret
    ]

    assert secrets == [
        ("Account", "cookies"),
        ("AccountCredentials", "api_key"),
        ("AccountCredentials", "username"),
        ("AccountCredentials", "password"),
        ("AccountCredentials", "cookies"),
        ("Checkpoint", "code"),
    ]


def test_what_is_no_contract_type_has_no_fields():
    with pytest.raises(KeyError):
        fields_of(workflows.Parameter)
