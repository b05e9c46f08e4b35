"""Judges the body of a launch, and sums up an accepted one as a plan.

The rules are written independently of the builder's, so that tests can hold one against the
other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playground.contract.launches import (
    LONGEST_DELAY_SECONDS,
    META_KEY,
    MOST_INPUTS,
    MOST_REPEAT_UNITS,
    SCHEDULE_TYPES,
)
from playground.contract.workflows import Step, Workflow
from playground.sandbox.json_values import has_value, read_object, read_optional, type_name
from playground.sandbox.judge import rows as judge_rows
from playground.sandbox.records import Plan, StepPlan
from playground.sandbox.refusals import Refused

# A month is 30 days: occurrences stay plain arithmetic at every speed.
_SECONDS = {"minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800, "month": 2_592_000}
_LARGEST_INTEGER = 2**63 - 1
# The integration of an existing account; None when there is no such account.
FindIntegration = Callable[[str], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """`name` is the workflow's when the body `is_named` not."""

    name: str
    is_named: bool
    plan: Plan


def judge_launch(body: bytes, workflow: Workflow, find_integration: FindIntegration) -> Accepted:
    """What the body of a launch asks for (section 6). Refuses one that is wrong, with a sentence
    that names the field, and raises nothing else, whatever the body is."""
    raw = read_object(body)
    read_optional(raw, "job_name", str, "text")
    read_optional(raw, "unstructure_meta", bool, "true or false")
    plans = _judge_steps(raw, workflow, find_integration)
    rows = _judge_inputs(raw, workflow)
    outline = judge_rows.outline(rows, workflow.inputs)
    name = raw.get("job_name")
    is_named = isinstance(name, str) and bool(name.strip())
    return Accepted(
        name=name if isinstance(name, str) and is_named else workflow.name,
        is_named=is_named,
        plan=Plan(
            number_inputs=len(rows),
            steps=plans,
            failed=outline.failed,
            reasons=outline.reasons,
            fate=outline.fate,
            is_slow=outline.is_slow,
            spreads_meta=raw.get("unstructure_meta") is True,
            delay=_judge_delay(raw),
            interval=_judge_schedule(raw),
        ),
    )


def _needed(raw: dict[str, Any], key: str, kind: type, wanted: str, at: str = "") -> Any:
    if key not in raw:
        raise Refused(400, f"{at}{key} is missing: it must be {wanted}.")
    if not isinstance(raw[key], kind):
        raise Refused(400, f"{at}{key} must be {wanted}, not {type_name(raw[key])}.")
    return raw[key]


def _judge_steps(
    raw: dict[str, Any], workflow: Workflow, find_integration: FindIntegration
) -> tuple[StepPlan, ...]:
    """A plan for every step of the workflow; a step left out has defaults and no account."""
    steps = {step.step_uid: step for step in workflow.ordered_steps}
    plans = {uid: _default_plan(step) for uid, step in steps.items()}
    seen: set[str] = set()
    for index, item in enumerate(_needed(raw, "steps", list, "an array")):
        at = f"steps[{index}]"
        if not isinstance(item, dict):
            raise Refused(400, f"{at} must be an object, not {type_name(item)}.")
        uid = _needed(item, "step_uid", str, "text", f"{at}.")
        if uid not in steps:
            raise Refused(400, f"{at}.step_uid is not the UID of a step of this workflow.")
        if uid in seen:
            raise Refused(400, f"{at}.step_uid repeats the UID of an earlier step.")
        seen.add(uid)
        plans[uid] = _judge_step(item, steps[uid], find_integration, at)
    return tuple(plans.values())


def _default_plan(step: Step) -> StepPlan:
    return StepPlan(
        step_uid=step.step_uid,
        parameters={parameter.name: parameter.default for parameter in step.parameters},
    )


def _judge_step(
    item: dict[str, Any], step: Step, find_integration: FindIntegration, at: str
) -> StepPlan:
    accounts = _needed(item, "accounts", list, "an array of account UIDs", f"{at}.")
    for number, account in enumerate(accounts):
        _judge_account(account, step, find_integration, f"{at}.accounts[{number}]")
    parameters = _needed(item, "parameters", dict, "an object", f"{at}.")
    read_optional(item, "accounts_rotation_enabled", bool, "true or false", f"{at}.")
    read_optional(item, "output_column", str, "text", f"{at}.")
    return StepPlan(
        step_uid=step.step_uid,
        accounts=tuple(dict.fromkeys(accounts)),
        is_rotating=item.get("accounts_rotation_enabled") is True,
        parameters=_judge_parameters(parameters, step, f"{at}.parameters"),
    )


def _judge_account(account: Any, step: Step, find_integration: FindIntegration, at: str) -> None:
    if not isinstance(account, str):
        raise Refused(400, f"{at} must be the UID of an account, not {type_name(account)}.")
    integration = find_integration(account)
    if integration is None:
        raise Refused(400, f"{at} is not the UID of an account of this workspace.")
    if integration not in step.integration_slugs:
        wanted = " or ".join(step.integration_slugs)
        takes = f"an account of {wanted}" if wanted else "no account"
        raise Refused(400, f"{at} is an account of {integration}, but the step takes {takes}.")


def _judge_parameters(given: dict[str, Any], step: Step, at: str) -> dict[str, Any]:
    """Every known parameter with the value it will have. Unknown ones are ignored."""
    values = {}
    for parameter in step.parameters:
        value = given.get(parameter.name)
        _judge_value(value, parameter.default, f"{at}.{parameter.name}")
        values[parameter.name] = parameter.default if value is None else value
    return values


def _judge_value(value: Any, default: Any, at: str) -> None:
    if value is None or default is None:
        return
    kind = type(default)
    is_whole_for_decimal = kind is float and type(value) is int
    if type(value) is not kind and not is_whole_for_decimal:
        raise Refused(400, f"{at} must be {type_name(default)}, not {type_name(value)}.")
    if type(value) is int and not -_LARGEST_INTEGER - 1 <= value <= _LARGEST_INTEGER:
        raise Refused(400, f"{at} must fit into a signed 64-bit integer.")


def _judge_inputs(raw: dict[str, Any], workflow: Workflow) -> list[dict[str, Any]]:
    rows = raw.get("inputs")
    if rows is None:
        rows = []
    if not isinstance(rows, list):
        raise Refused(400, f"inputs must be an array, not {type_name(rows)}.")
    if len(rows) > MOST_INPUTS:
        raise Refused(
            400, f"inputs has {len(rows):,} rows, at most {MOST_INPUTS:,} can be launched."
        )
    required = [(key, item.aliases) for key, item in workflow.inputs.items() if item.is_required]
    if required and not rows:
        raise Refused(400, f"inputs is empty, but the workflow needs {required[0][0]}.")
    for index, row in enumerate(rows):
        _judge_row(row, required, index)
    return rows


def _judge_row(row: Any, required: list[tuple[str, tuple[str, ...]]], index: int) -> None:
    if not isinstance(row, dict):
        raise Refused(400, f"inputs[{index}] must be an object, not {type_name(row)}.")
    meta = row.get(META_KEY)
    if meta is not None and not isinstance(meta, dict):
        raise Refused(400, f"inputs[{index}].{META_KEY} must be an object, not {type_name(meta)}.")
    for key, aliases in required:
        if not has_value(row.get(key)) and not any(has_value(row.get(name)) for name in aliases):
            raise Refused(400, f"inputs[{index}].{key} is missing: it is required.")


def _judge_schedule(raw: dict[str, Any]) -> float:
    """The seconds from one run to the next; 0 when there is no schedule (section 6.3)."""
    option = raw.get("repeat_option")
    if option is None:
        return 0
    if not isinstance(option, dict):
        raise Refused(400, f"repeat_option must be an object, not {type_name(option)}.")
    unit, value = option.get("type"), option.get("value")
    if not isinstance(unit, str) or unit not in SCHEDULE_TYPES:
        raise Refused(400, f"repeat_option.type must be one of {', '.join(SCHEDULE_TYPES)}.")
    if type(value) is not int or not 1 <= value <= MOST_REPEAT_UNITS:
        raise Refused(
            400, f"repeat_option.value must be a whole number from 1 to {MOST_REPEAT_UNITS}."
        )
    return value * _SECONDS[unit]


def _judge_delay(raw: dict[str, Any]) -> float:
    delay = raw.get("delay")
    if delay is None:
        return 0
    if type(delay) not in (int, float) or not 0 <= delay <= LONGEST_DELAY_SECONDS:
        raise Refused(400, f"delay must be a number of seconds from 0 to {LONGEST_DELAY_SECONDS}.")
    return float(delay)
