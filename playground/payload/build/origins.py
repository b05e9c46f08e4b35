"""Where each part of the payload comes from: the form field and a short plain label."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from playground.payload import fields


class Origin(NamedTuple):
    """`field` is a form field's name, empty when there is none; `label` is for people."""

    field: str
    label: str


class RowSource(NamedTuple):
    """A sent row: its `number` in field names, its place on the page counted from 1."""

    number: int
    position: int


class StepSource(NamedTuple):
    """A sent step: its place in the workflow counted from 1, 0 when it is not the workflow's."""

    step_uid: str
    position: int


NOWHERE = Origin("", "")
EXTRA = Origin(fields.EXTRA, "Other keys")
_TOP = {
    "job_name": Origin(fields.JOB_NAME, "Job name"),
    "inputs": Origin(fields.INPUTS, "Rows"),
    "steps": Origin("", "Steps"),
    "unstructure_meta": Origin(fields.UNSTRUCTURE_META, "Unstructure meta"),
    "repeat_option": Origin(fields.SCHEDULE_TYPE, "Schedule"),
    "delay": Origin(fields.DELAY, "Delay"),
}
_SCHEDULE = {
    "type": Origin(fields.SCHEDULE_TYPE, "Schedule · unit"),
    "value": Origin(fields.SCHEDULE_VALUE, "Schedule · every"),
}
_SCHEDULE_EXTRA = Origin(fields.SCHEDULE_EXTRA, "Schedule · other keys")
UNKNOWN_STEPS = Origin(fields.UNKNOWN_STEPS, "Steps of another workflow")


def of_top(key: str) -> Origin:
    return _TOP.get(key, EXTRA)


def of_schedule(key: str) -> Origin:
    return _SCHEDULE.get(key, _SCHEDULE_EXTRA)


def of_row(source: RowSource) -> Origin:
    return Origin(fields.row(source.number), row_label(source.position))


def of_cell(source: RowSource, key: str) -> Origin:
    return Origin(fields.input_cell(source.number, key), f"{row_label(source.position)} · {key}")


def of_step(source: StepSource | None) -> Origin:
    if source is None:
        return UNKNOWN_STEPS
    return Origin(fields.step(source.step_uid), step_label(source))


def of_step_key(source: StepSource | None, key: str) -> Origin:
    if source is None:
        return UNKNOWN_STEPS
    uid, label = source.step_uid, step_label(source)
    match key:
        case "accounts":
            return Origin(fields.accounts(uid), f"{label} · chosen accounts")
        case "accounts_rotation_enabled":
            return Origin(fields.rotation(uid), f"{label} · account rotation")
        case "output_column":
            return Origin(fields.output_column(uid), f"{label} · output column")
        case "step_uid":
            return Origin(fields.step(uid), label)
        case "parameters":
            return Origin(fields.step(uid), f"{label} · parameters")
        case _:
            return Origin(fields.step_extra(uid), f"{label} · other keys")


def of_parameter(source: StepSource, name: str) -> Origin:
    return Origin(fields.parameter(source.step_uid, name), f"{step_label(source)} · {name}")


def row_label(position: int) -> str:
    return f"Row {position}"


def step_label(source: StepSource) -> str:
    return f"Step {source.position}" if source.position else f"Step {source.step_uid}"


def walk(
    value: Mapping[str, Any],
    rows: tuple[RowSource, ...],
    steps: tuple[StepSource | None, ...],
) -> Iterator[tuple[str, Origin]]:
    """(path, origin) of every part that has an origin of its own, in the payload's order."""
    for key, item in value.items():
        yield key, of_top(key)
        if key == "inputs":
            for index, (source, row) in enumerate(zip(rows, item, strict=True)):
                path = f"inputs[{index}]"
                yield path, of_row(source)
                yield from ((f"{path}.{name}", of_cell(source, name)) for name in row)
        elif key == "steps":
            for index, (step_source, step) in enumerate(zip(steps, item, strict=True)):
                yield from _walk_step(f"steps[{index}]", step_source, step)
        elif key == "repeat_option" and isinstance(item, dict):
            yield from ((f"{key}.{name}", of_schedule(name)) for name in item)


def _walk_step(path: str, source: StepSource | None, step: Any) -> Iterator[tuple[str, Origin]]:
    yield path, of_step(source)
    if source is None:
        return
    for key, item in step.items():
        yield f"{path}.{key}", of_step_key(source, key)
        if key == "parameters":
            yield from ((f"{path}.{key}.{name}", of_parameter(source, name)) for name in item)
