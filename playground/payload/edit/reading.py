"""A payload → the draft that builds it: for a pasted body, a recorded launch, a relaunch.

Building the draft gives the same JSON value again, except that

- missing `inputs` (also null), `steps`, `accounts` and `parameters` are added, empty;
- steps stand in the workflow's order, those that the workflow does not have behind them, and so
  does a step that is there again;
- keys stand in the builder's order.

A step of the workflow that is absent is marked left out.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from playground.contract.launches import META_KEY
from playground.contract.workflows import Step, Workflow
from playground.payload.build.options import SCHEDULE_KEYS, TOP_KEYS
from playground.payload.build.steps import STEP_KEYS
from playground.payload.build.values import (
    ParameterType,
    is_shallow,
    parameter_type,
    read_entry,
)
from playground.payload.drafts import BLANK, Entry, LaunchDraft, RowDraft, StepDraft

_JSON_TYPES = {
    dict: "an object",
    list: "an array",
    str: "text",
    bool: "true or false",
    type(None): "null",
}


class UnableToReadPayload(Exception):
    """The value has not the shape of a payload. `path` is where, `sentence` what is wrong."""

    def __init__(self, path: str, sentence: str) -> None:
        super().__init__(sentence)
        self.path = path
        self.sentence = sentence


def default_draft(workflow: Workflow) -> LaunchDraft:
    """What a person starts from: the workflow's name, one blank row, every step as it is."""
    entries = dict.fromkeys(workflow.inputs, BLANK)
    return LaunchDraft(
        job_name=Entry(workflow.name),
        rows=(RowDraft(number=0, entries=entries),) if entries else (),
        steps={step.step_uid: StepDraft(step_uid=step.step_uid) for step in workflow.ordered_steps},
    )


def read_payload(workflow: Workflow, value: Any) -> LaunchDraft:
    """The draft of a decoded payload. Raises `UnableToReadPayload`, whatever the value is."""
    body = _object(value, "")
    steps, unknown_steps = _read_steps(workflow, body.get("steps", []))
    schedule = body.get("repeat_option", {})
    schedule = {} if schedule is None else _object(schedule, "repeat_option")
    return LaunchDraft(
        job_name=_member(body, "job_name", "text"),
        rows=_read_rows(body.get("inputs")),
        steps=steps,
        unknown_steps=Entry(_json_text(unknown_steps, "steps")) if unknown_steps else BLANK,
        unstructure_meta=_member(body, "unstructure_meta", "boolean"),
        schedule_type=_member(schedule, "type", "text", "repeat_option."),
        schedule_value=_member(schedule, "value", "integer", "repeat_option."),
        schedule_extra=_schedule_extra(body, schedule),
        delay=_member(body, "delay", "number"),
        extra=_extra(body, TOP_KEYS, ""),
    )


def _read_rows(value: Any) -> tuple[RowDraft, ...]:
    if value is None:
        return ()
    return tuple(
        _read_row(number, _object(row, f"inputs[{number}]"))
        for number, row in enumerate(_array(value, "inputs"))
    )


def _read_row(number: int, row: Mapping[str, Any]) -> RowDraft:
    path = f"inputs[{number}]."
    entries = {key: _member(row, key, "object" if key == META_KEY else "text", path) for key in row}
    return RowDraft(number=number, entries=entries, is_kept=not entries)


def _read_steps(workflow: Workflow, value: Any) -> tuple[dict[str, StepDraft], list[Any]]:
    known = {step.step_uid: step for step in reversed(workflow.ordered_steps)}
    drafts: dict[str, StepDraft] = {}
    unknown: list[Any] = []
    for index, item in enumerate(_array(value, "steps")):
        path = f"steps[{index}]"
        uid = _object(item, path).get("step_uid")
        if not isinstance(uid, str):
            problem = "is missing" if "step_uid" not in item else f"is {_name_of(uid)}, not text"
            raise UnableToReadPayload(f"{path}.step_uid", f"{path}.step_uid {problem}.")
        if uid in known and uid not in drafts:
            drafts[uid] = _read_step(known[uid], item, path)
        else:
            unknown.append(item)
    absent = {uid: StepDraft(step_uid=uid, is_left_out=True) for uid in known}
    return {**absent, **drafts}, unknown


def _read_step(step: Step, item: Mapping[str, Any], path: str) -> StepDraft:
    types = {each.name: parameter_type(each.default) for each in step.parameters}
    parameters = _object(item.get("parameters", {}), f"{path}.parameters")
    return StepDraft(
        step_uid=step.step_uid,
        accounts=_read_accounts(item.get("accounts", []), f"{path}.accounts"),
        rotation=_member(item, "accounts_rotation_enabled", "boolean", f"{path}."),
        parameters={
            name: _member(parameters, name, types.get(name, "any"), f"{path}.parameters.")
            for name in parameters
        },
        output_column=_member(item, "output_column", "text", f"{path}."),
        extra=_extra(item, STEP_KEYS, path),
    )


def _read_accounts(value: Any, path: str) -> tuple[str, ...]:
    accounts = _array(value, path)
    for index, account in enumerate(accounts):
        if not isinstance(account, str):
            place = f"{path}[{index}]"
            raise UnableToReadPayload(
                place, f"{place} must be an account's UID, not {_name_of(account)}."
            )
    return tuple(accounts)


def _schedule_extra(body: Mapping[str, Any], schedule: Mapping[str, Any]) -> Entry:
    if "repeat_option" not in body:
        return BLANK
    if body["repeat_option"] is None:
        return Entry("", "null")
    # An empty schedule is there all the same: only a written `{}` says so.
    return _extra(schedule, SCHEDULE_KEYS, "repeat_option") if schedule else Entry("{}")


def _extra(value: Mapping[str, Any], known: Collection[str], path: str) -> Entry:
    extra = {key: item for key, item in value.items() if key not in known}
    return Entry(_json_text(extra, path)) if extra else BLANK


def _member(value: Mapping[str, Any], key: str, kind: ParameterType, path: str = "") -> Entry:
    """The entry that the builder reads as exactly this member; blank when it is absent."""
    if key not in value:
        return BLANK
    item = value[key]
    if item is None:
        return Entry("", "null")
    if isinstance(item, str):
        entry = Entry(item)
        is_same = not entry.is_left_out and read_entry(entry, kind).value == item
        return entry if is_same else Entry(item, "text")
    text = _json_text(item, f"{path}{key}")
    read = read_entry(Entry(text), kind).value
    is_same = not isinstance(read, str) and json.dumps(read, ensure_ascii=False) == text
    return Entry(text) if is_same else Entry(text, "json")


def _json_text(value: Any, path: str) -> str:
    """JSON that `read_json` reads as this value."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
        # Python lets pass what JSON has no form for, such as half of a character.
        text.encode()
    except RecursionError:
        is_deep = True
    except (TypeError, ValueError):
        raise UnableToReadPayload(
            path, f"{path or 'The payload'} holds what JSON cannot carry."
        ) from None
    else:
        is_deep = not is_shallow(text)
    if is_deep:
        raise UnableToReadPayload(path, f"{path or 'The payload'} is nested too deeply.")
    return text


def _object(value: Any, path: str) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    name = path or "The payload"
    raise UnableToReadPayload(path, f"{name} must be an object, not {_name_of(value)}.")


def _array(value: Any, path: str) -> list[Any]:
    if isinstance(value, list):
        return value
    raise UnableToReadPayload(path, f"{path} must be an array, not {_name_of(value)}.")


def _name_of(value: Any) -> str:
    return _JSON_TYPES.get(type(value), "a number")
