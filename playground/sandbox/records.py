"""What the sandbox remembers: launches and their events, users and accounts. Pure data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

# Why one row fails: a letter per failed row is stored, the sentence is told.
NOT_FOUND, MALFORMED, EXPIRED = "n", "m", "e"
ROW_ERRORS = {
    NOT_FOUND: "The resource answers 404: nothing was found for this input.",
    MALFORMED: "The input is malformed: its value does not have the expected form.",
    EXPIRED: "The session cookie has expired.",
}

# What a test input makes of the whole job; "" is what happens to most jobs.
Fate = Literal["", "warning", "shutdown", "paused"]
EventKind = Literal["cancel", "retry", "resume", "unschedule"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPlan:
    """How one step runs. `parameters` holds every known parameter, defaults filled in."""

    step_uid: str
    accounts: tuple[str, ...] = ()
    is_rotating: bool = False
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is left of an accepted body when its rows are set aside: all a job's state needs.

    `steps` has one entry per step of the workflow, in order. `failed` are the numbers of the
    rows that will fail, rising, and `reasons` a letter of `ROW_ERRORS` for each. `delay` and
    `interval` (0: does not repeat) are in seconds at speed 1.
    """

    number_inputs: int
    steps: tuple[StepPlan, ...]
    failed: tuple[int, ...] = ()
    reasons: str = ""
    fate: Fate = ""
    is_slow: bool = False
    spreads_meta: bool = False
    delay: float = 0
    interval: float = 0

    @property
    def number_rows(self) -> int:
        """Rows that are worked on: a workflow that needs no input runs once (section 12, 6)."""
        return max(1, self.number_inputs)

    @property
    def number_succeeding(self) -> int:
        return 0 if self.fate == "warning" else self.number_rows - len(self.failed)

    @property
    def is_repeating(self) -> bool:
        return self.interval > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that a caller did to a launch after it was accepted.

    `number` is given by the store and rises; a retry that brought a body of its own has a
    `plan`, and its body is kept under that number. `occurrence` is the run that is meant;
    `resume` and `unschedule` concern them all.
    """

    kind: EventKind
    at: datetime
    occurrence: int = 0
    plan: Plan | None = None
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """One accepted launch call; its raw body is kept beside it, in the store.

    `prefix` is what all its jobs' UIDs begin with. The speed is the one it was launched at, so
    that a job's times stay what they were when the operator changes the setting. A settled
    launch has only finished runs and no schedule: nothing more happens to it by itself.
    """

    prefix: str
    workflow_uid: str
    name: str
    created_at: datetime
    seed: int
    speed: float
    plan: Plan
    events: tuple[Event, ...] = ()
    is_settled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredUser:
    uid: str
    email: str | None = None
    full_name: str | None = None
    country: str | None = None
    timezone: str | None = None
    role: str = "external"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAccount:
    """An account without its secrets: of cookies only the names, of a key only that it is there."""

    uid: str
    integration: str
    name: str
    setup_at: str
    user_uid: str | None = None
    cookie_names: tuple[str, ...] = ()
    has_key: bool = False
    has_password: bool = False
    via_extension: bool = False
    is_shared: bool = False
    level: str | None = None
    is_valid: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A user or account as it is since `at`: its new content, or None when it was deleted."""

    uid: str
    at: datetime
    user: StoredUser | None = None
    account: StoredAccount | None = None
    is_of_user: bool = False
