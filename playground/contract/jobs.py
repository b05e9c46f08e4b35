"""Jobs, their states, their inputs and results. Contract section 7."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from playground.contract.times import parse_time
from playground.contract.wire import UNSET, Maybe

Extra = Mapping[str, Any]

# Section 7.2. Vendor states stay strings: there will be one that is not in this list.
PENDING, RUNNING, FINISHED = "pending", "running", "finished"
WARNING, SHUTDOWN, STOPPED, PAUSED = "warning", "shutdown", "stopped", "paused"
# One page of the vendor's guide prints `completed` for `finished` (section 7.2, notes).
SUCCESS = frozenset({FINISHED, "completed"})
FINAL = SUCCESS | {WARNING, SHUTDOWN, STOPPED}
RETRYABLE = frozenset({PENDING, PAUSED, WARNING, SHUTDOWN, STOPPED})
CANCELLABLE = frozenset({RUNNING, PENDING, PAUSED, WARNING, SHUTDOWN})
# Section 1.4: of results, and assumed of inputs.
ROWS_A_PAGE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One job: a main job, or the part of it that ran one step (section 7.1)."""

    uid: str
    name: Maybe[str] = UNSET
    status: Maybe[str] = UNSET
    error_message: Maybe[str] = UNSET
    start_time: Maybe[str] = UNSET
    finish_time: Maybe[str] = UNSET
    scheduled_time: Maybe[str] = UNSET
    number_inputs: Maybe[int] = UNSET
    row_count: Maybe[int] = UNSET
    total_row_count: Maybe[int] = UNSET
    workflow_uid: Maybe[str] = UNSET
    workflow_name: Maybe[str] = UNSET
    step_uid: Maybe[str] = UNSET
    accounts: Maybe[tuple[str, ...]] = UNSET
    configuration: Maybe[dict[str, Any]] = UNSET
    main_job_uid: Maybe[str] = UNSET
    main_job_name: Maybe[str] = UNSET
    extra: Extra = field(default_factory=dict)

    @property
    def scheduled_at(self) -> dt.datetime | None:
        return parse_time(self.scheduled_time)

    @property
    def started_at(self) -> dt.datetime | None:
        return parse_time(self.start_time)

    @property
    def finished_at(self) -> dt.datetime | None:
        return parse_time(self.finish_time)

    @property
    def has_row_count(self) -> bool:
        """Whether it tells how many rows it gave so far, be it none."""
        return type(self.row_count) is int

    @property
    def is_final(self) -> bool:
        """Nothing more will happen by itself: polling may stop. `paused` may resume."""
        return self.status in FINAL

    @property
    def is_success(self) -> bool:
        return self.status in SUCCESS

    @property
    def is_pending(self) -> bool:
        return self.status == PENDING

    @property
    def is_paused(self) -> bool:
        """It waits for somebody to see to its accounts (section 7.2)."""
        return self.status == PAUSED

    @property
    def is_retryable(self) -> bool:
        return self.status in RETRYABLE

    @property
    def is_cancellable(self) -> bool:
        return self.status in CANCELLABLE

    @property
    def is_main(self) -> bool:
        """Whether it names no other job as its main one (section 12, line 17)."""
        return not self.main_job_uid or self.main_job_uid == self.uid


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """Neighbouring pages as absolute URLs, or null (section 1.4)."""

    previous: Maybe[str] = UNSET
    next: Maybe[str] = UNSET
    have_next_page: Maybe[bool] = UNSET
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultPage:
    """One page of results, at most 1,000 rows; pages count from 1 (section 7)."""

    results: tuple[dict[str, Any], ...]
    paging: Maybe[Paging] = UNSET
    extra: Extra = field(default_factory=dict)

    @property
    def has_next(self) -> bool:
        """As it tells or, where it does not, whether it is full."""
        return _has_next(self.paging, is_full=len(self.results) >= ROWS_A_PAGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class InputPage:
    """`GET /jobs/{uid}/inputs`: each row with how it fared. The shape is assumed (section 7)."""

    inputs: tuple[dict[str, Any], ...]
    paging: Maybe[Paging] = UNSET
    extra: Extra = field(default_factory=dict)

    @property
    def has_next(self) -> bool:
        """As it tells or, where it does not, whether it is full."""
        return _has_next(self.paging, is_full=len(self.inputs) >= ROWS_A_PAGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRetried:
    """The answer of a retry (assumed, section 12, line 18)."""

    message: Maybe[str] = UNSET
    job_uid: Maybe[str] = UNSET
    extra: Extra = field(default_factory=dict)


def _has_next(paging: Maybe[Paging], *, is_full: bool) -> bool:
    if not isinstance(paging, Paging):
        return is_full
    told = [value for value in (paging.have_next_page, paging.next) if value is not UNSET]
    return any(map(bool, told)) if told else is_full
