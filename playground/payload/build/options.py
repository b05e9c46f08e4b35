"""What is set once for a launch: `unstructure_meta`, `repeat_option`, `delay`, unknown keys."""

from __future__ import annotations

import datetime as dt
from typing import Any

from playground.contract.launches import LONGEST_DELAY_SECONDS, SCHEDULE_TYPES
from playground.contract.wire import UNSET
from playground.payload.build import moments
from playground.payload.build.extras import put_extra, read_extra
from playground.payload.build.findings import Findings
from playground.payload.build.values import ParameterType, fits
from playground.payload.drafts import LaunchDraft

TOP_KEYS = ("job_name", "inputs", "steps", "unstructure_meta", "repeat_option", "delay")
SCHEDULE_KEYS = ("type", "value")
# The upstream names no bound; ours keeps a slip of the finger from being sent.
MOST_SCHEDULE_VALUE = 10_000


def has_schedule(draft: LaunchDraft) -> bool:
    return not (draft.schedule_type.is_left_out and draft.schedule_value.is_left_out)


def add_options(value: dict[str, Any], draft: LaunchDraft, findings: Findings) -> None:
    key = "unstructure_meta"
    meta = findings.read(draft.unstructure_meta, "boolean", path=(key,), label="Unstructure meta")
    if meta is not UNSET:
        value[key] = meta
    _add_schedule(value, draft, findings)
    _add_delay(value, draft, findings)
    label = "Other keys"
    extra = read_extra(draft.extra, findings, path=(), label=label)
    put_extra(value, extra, TOP_KEYS, findings, path=(), label=label)


def _add_schedule(value: dict[str, Any], draft: LaunchDraft, findings: Findings) -> None:
    """Type, value and other keys make one object; null for the other keys alone makes it null."""
    key, label = "repeat_option", "Schedule · other keys"
    extra = read_extra(draft.schedule_extra, findings, path=(key,), label=label)
    if extra is None and not has_schedule(draft):
        if draft.schedule_extra.kind == "null":
            value[key] = None
        return
    schedule: dict[str, Any] = {}
    _add_schedule_type(schedule, draft, findings)
    _add_schedule_value(schedule, draft, findings)
    put_extra(schedule, extra, SCHEDULE_KEYS, findings, path=(key,), label=label)
    value[key] = schedule


def _add_schedule_type(schedule: dict[str, Any], draft: LaunchDraft, findings: Findings) -> None:
    path, entry = ("repeat_option", "type"), draft.schedule_type
    kind: ParameterType = "text" if entry.kind == "auto" else "any"
    unit = findings.read(entry, kind, path=path, label="Schedule · unit")
    if unit is not UNSET:
        schedule["type"] = unit
    if not isinstance(unit, str) or unit not in SCHEDULE_TYPES:
        message = f"A schedule needs a unit: one of {', '.join(SCHEDULE_TYPES)}."
        findings.add("error", "schedule-type", path=path, message=message)


def _add_schedule_value(schedule: dict[str, Any], draft: LaunchDraft, findings: Findings) -> None:
    path, entry = ("repeat_option", "value"), draft.schedule_value
    every = findings.read(entry, "integer", path=path, label="Schedule · every")
    if every is not UNSET:
        schedule["value"] = every
    is_judged = every is not UNSET and not fits(every, "integer")
    if not is_judged and not (type(every) is int and 1 <= every <= MOST_SCHEDULE_VALUE):
        message = f"A schedule repeats every so many units: from 1 to {MOST_SCHEDULE_VALUE:,}."
        findings.add("error", "schedule-value", path=path, message=message)


def _add_delay(value: dict[str, Any], draft: LaunchDraft, findings: Findings) -> None:
    key = "delay"
    if draft.now and draft.delay.kind == "auto" and moments.is_like(draft.delay.text):
        _add_start(value, draft.delay.text, draft.now, findings)
        return
    delay = findings.read(draft.delay, "number", path=(key,), label="Delay")
    if delay is UNSET:
        return
    value[key] = delay
    if delay is not None and fits(delay, "number"):
        _judge_delay(delay, findings)


def _add_start(value: dict[str, Any], text: str, now: dt.datetime, findings: Findings) -> None:
    """The seconds until then; without any, where it cannot be said when that is."""
    path = ("delay",)
    try:
        value["delay"] = moments.seconds_until(text, now)
    except moments.UnclearMoment as error:
        findings.add("error", "start", path=path, message=error.sentence)
        return
    message = (
        "The delay is the seconds until the start, as of now: it is counted anew when it is "
        "launched. What is copied has that of now."
    )
    findings.add("hint", "start-counted", path=path, message=message)
    _judge_delay(value["delay"], findings)


def _judge_delay(delay: float, findings: Findings) -> None:
    key = "delay"
    if not 0 <= delay <= LONGEST_DELAY_SECONDS:
        most = f"{LONGEST_DELAY_SECONDS:,}"
        message = f"The delay is in seconds, from 0 to {most} (366 days)."
        findings.add("error", "delay-out-of-range", path=(key,), message=message)
