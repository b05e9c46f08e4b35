"""What feeds what: values of an answer that other operations take.

A value is known by its key, or by where it stands in the answer of an operation; what it is, is the
name of the path parameter that takes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from playground.payload.paths import Path
from playground.reference.api.operations import OPERATIONS

# Wherever they stand: key → parameter.
_BY_KEY = {
    "job_uid": "job_uid",
    "main_job_uid": "job_uid",
    "workflow_uid": "workflow_uid",
    "account_uid": "account_uid",
    "user_uid": "user_uid",
    "job_name": "job_name",
    "main_job_name": "job_name",
    "application_permalink": "integration",
    "integrations[]": "integration",
    "step_uid": "step_uid",
}
# By the place in an operation's answer; `[]` stands for any entry of an array.
_BY_PLACE = {
    "list_workflows": {"[].uid": "workflow_uid"},
    "get_workflow": {"uid": "workflow_uid"},
    "launch_workflow": {"workflow.uid": "workflow_uid"},
    "list_jobs": {"[].uid": "job_uid", "[].name": "job_name", "[].accounts[]": "account_uid"},
    "get_job": {"uid": "job_uid", "name": "job_name", "accounts[]": "account_uid"},
    "list_integrations": {"[].permalink": "integration"},
    "list_accounts": {"accounts[].uid": "account_uid", "integration.permalink": "integration"},
    "list_users": {"users[].uid": "user_uid", "users[].accounts[].uid": "account_uid"},
    "save_user": {"user.uid": "user_uid"},
}
_STEP = "step_uid"
LONGEST_VALUE = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A form that takes the value. `values` fill it in, by parameter."""

    operation: str
    title: str
    values: Mapping[str, str]


def parameter_for(operation: str, path: Path) -> str:
    """The path parameter that a value is, by its place in the answer; empty for others."""
    parts = ("[]" if isinstance(part, int) else f".{part}" for part in path if part != "")
    place = "".join(parts).removeprefix(".")
    key = place.rpartition(".")[2]
    return _BY_PLACE.get(operation, {}).get(place) or _BY_KEY.get(key, "")


def find_uses(parameter: str, value: str, known: Mapping[str, str]) -> tuple[Use, ...]:
    """The forms that take `value` as `parameter`, in reading order.

    `known` are values by parameter that go with it: they fill in what else a form takes.
    """
    if not value or len(value) > LONGEST_VALUE:
        return ()
    known = {name: text for name, text in known.items() if len(text) <= LONGEST_VALUE}
    if parameter == _STEP:
        # A step is launched with its workflow.
        uid = known.get("workflow_uid", "")
        return _forms("workflow_uid", {"workflow_uid": uid}, only="launch_workflow") if uid else ()
    return _forms(parameter, {**known, parameter: value})


def _forms(parameter: str, values: Mapping[str, str], *, only: str = "") -> tuple[Use, ...]:
    found = []
    for operation in OPERATIONS.values():
        taken = [one.name for one in operation.parameters if one.where == "path"]
        if parameter in taken and only in ("", operation.name):
            given = {name: values[name] for name in taken if values.get(name)}
            found.append(Use(operation=operation.name, title=operation.title, values=given))
    return tuple(found)
