"""The launch call: body and answer. Contract section 6, `POST /workflows/{uid}/schedule`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from playground.contract.wire import UNSET, Maybe

Extra = Mapping[str, Any]

# Section 6.3.
SCHEDULE_TYPES = ("minute", "hour", "day", "week", "month")
# The key of an input row that is the caller's own and travels with it (section 6.1).
META_KEY = "meta"
# The vendor publishes none of these bounds (section 12, lines 12, 13 and 29); ours are generous.
MOST_INPUTS = 100_000
MOST_REPEAT_UNITS = 10_000
LONGEST_DELAY_SECONDS = 366 * 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """`repeat_option`: again every `value` units of `type` (section 6.3)."""

    type: Any = UNSET
    value: Any = UNSET
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLaunch:
    """How one step is to run. Values keep whatever type was given: the upstream judges them."""

    step_uid: str
    accounts: Maybe[tuple[str, ...]] = UNSET
    accounts_rotation_enabled: Any = UNSET
    parameters: Maybe[dict[str, Any]] = UNSET
    output_column: Any = UNSET
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchRequest:
    """The body of a launch. `inputs` are rows: input key → value, `meta` → object (6.1)."""

    job_name: Any = UNSET
    steps: Maybe[tuple[StepLaunch, ...]] = UNSET
    inputs: Maybe[tuple[dict[str, Any], ...]] = UNSET
    unstructure_meta: Any = UNSET
    repeat_option: Maybe[Schedule] = UNSET
    delay: Any = UNSET
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchedWorkflow:
    """The workflow as a launch answer shows it."""

    uid: Maybe[str] = UNSET
    permalink: Maybe[str] = UNSET
    name: Maybe[str] = UNSET
    created_at: Maybe[str] = UNSET
    project_id: Maybe[int] = UNSET
    linked_templates: Maybe[tuple[str, ...]] = UNSET
    template_uid: Maybe[str] = UNSET
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchAccepted:
    """The answer of a launch; only `job_uid` is relied on by every client."""

    job_uid: str
    message: Maybe[str] = UNSET
    workflow: Maybe[LaunchedWorkflow] = UNSET
    extra: Extra = field(default_factory=dict)
