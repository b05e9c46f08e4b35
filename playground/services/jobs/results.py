"""A job's result rows as a table, a hundred at a time, and the inputs that gave none."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import msgspec

from playground.contract.jobs import ROWS_A_PAGE, Job, ResultPage
from playground.contract.launches import META_KEY
from playground.payload.texts import shorten
from playground.redaction import texts
from playground.services import permissions
from playground.services.ledger import launches as launch_ledger
from playground.services.permissions import Person
from playground.services.upstream_cache import invalidation
from playground.services.upstream_cache.cache import FreshnessCache
from playground.services.upstream_cache.calls import UnableToReachUpstream, ask
from playground.services.upstream_cache.invalidation import Kept
from playground.upstream import targets
from playground.upstream.client import WorkflowClient
from playground.upstream.errors import UpstreamError

ROWS_SHOWN = 100
# Of a page of results, whatever the upstream sends.
MOST_COLUMNS, LONGEST_COLUMN, MOST_BYTES = 150, 100, 1_200_000
FAILURES_SHOWN = 50
# Pages of inputs that are read to count the failed: as many rows as a launch may have; and seconds
# for all of them, of which a page waits a few.
MOST_INPUT_PAGES = 101
COUNT_SECONDS = 30.0
COUNT_PATIENCE = 3.0
# Seconds that a count is good for: a job that is over is over. One that was cut may get further.
COUNT_MAX_AGE = 300.0
CUT_MAX_AGE = 30.0
MOST_COUNTED = 50
# Who watches a job asks for them the moment it is over, and all at once. They may be large, so few
# are kept, and for seconds.
MAX_AGE = 2.0
MOST_KEPT = 4
# Of a job that runs: while there are more than are known, and else.
GROWING_MAX_AGE, FIRST_ROWS_MAX_AGE = 10.0, 120.0

_results: FreshnessCache[ResultPage] = FreshnessCache(most=MOST_KEPT)
_failures: FreshnessCache[Failures] = FreshnessCache(most=MOST_COUNTED)
invalidation.register(Kept.JOB_RESULTS, _results)
invalidation.register(Kept.JOB_INPUTS, _failures)


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Rows of one shown page, each with a cell for every column. `first` counts from 1.

    `is_cut`: columns, or the ends of long values, are left out for want of room. `is_sample`: the
    sandbox made them up.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    page: int
    has_next: bool
    problem: str = ""
    is_cut: bool = False
    is_sample: bool = False

    @property
    def first(self) -> int:
        return (self.page - 1) * ROWS_SHOWN + 1

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1


def get_results(user: Person, job_uid: str, *, page: int = 1, max_age: float = MAX_AGE) -> Results:
    """A shown page of a job's results, from 1. Raises `UnableToReachUpstream`."""
    permissions.require(user, "see jobs", job_uid)
    launch_ledger.require_here(job_uid)
    per_fetch = ROWS_A_PAGE // ROWS_SHOWN
    number = (page - 1) // per_fetch + 1
    fetched = _results.get(
        f"{job_uid} {number}",
        lambda: ask(lambda client: client.list_results(job_uid, page=number)),
        max_age=max_age,
    ).value
    start = (page - 1) % per_fetch * ROWS_SHOWN
    shown = fetched.results[start : start + ROWS_SHOWN]
    columns = tuple(dict.fromkeys(key for row in fetched.results for key in row))
    room = columns[:MOST_COLUMNS]
    cells = tuple(tuple(_cell(row, column) for column in room) for row in shown)
    rows, named = _within_page(cells), tuple(shorten(name, LONGEST_COLUMN) for name in room)
    return Results(
        columns=named,
        rows=rows,
        is_cut=(named, rows) != (columns, cells),
        is_sample=targets.is_sandbox() and any(row.get("sample") is True for row in shown),
        page=page,
        has_next=len(fetched.results) > start + ROWS_SHOWN or fetched.has_next,
    )


def _within_page(rows: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    """The rows as they are, or each cell with its share of what a page can carry."""
    size = sum(len(escape(cell).encode("utf-8", "replace")) for row in rows for cell in row)
    if size <= MOST_BYTES:
        return rows
    share = max(20, MOST_BYTES // 6 // sum(map(len, rows)))
    return tuple(tuple(shorten(cell, share) for cell in row) for row in rows)


def find_results(user: Person, job_uid: str, *, page: int = 1, max_age: float = MAX_AGE) -> Results:
    """The same for the job page; when the results cannot be had, the reason instead."""
    try:
        return get_results(user, job_uid, page=page, max_age=max_age)
    except UnableToReachUpstream as error:
        return Results(columns=(), rows=(), page=page, has_next=False, problem=error.sentence)


def find_first_rows(user: Person, job: Job, most: int) -> Results:
    """The first rows of a job that may still run. They stay what they are while others come, so
    that who looks again and again does not ask for them again and again."""
    kept = _results.peek(f"{job.uid} 1")
    told = job.row_count if type(job.row_count) is int else most
    is_enough = kept is not None and len(kept.value.results) >= min(most, told)
    max_age = FIRST_ROWS_MAX_AGE if is_enough else GROWING_MAX_AGE
    return find_results(user, job.uid, max_age=MAX_AGE if job.is_final else max_age)


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedInput:
    """`row` counts from 1, in the order in which the upstream tells of the inputs."""

    row: int
    values: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failures:
    """Inputs that gave nothing, each with its values in short and the reason the upstream gave.

    `count` is of those that were read: at least so many, unless that `is_whole`. With a `problem`
    more is not known, and that says why.
    """

    inputs: tuple[FailedInput, ...] = ()
    count: int = 0
    is_whole: bool = True
    problem: str = ""
    is_being_counted: bool = False


def find_failures(user: Person, job: Job) -> Failures:
    """The failed inputs for the page of a job that is over, counted over all of its inputs.

    What takes long is counted on, and is there for the next look.
    """
    permissions.require(user, "see jobs", job.uid)
    launch_ledger.require_here(job.uid)
    # Run again, it is over at another time: what was counted before holds as long.
    key = json.dumps([job.uid, job.status or "", job.finish_time or ""])
    kept = _failures.peek(key)
    is_settled = kept is None or kept.value.is_whole
    try:
        return _failures.get(
            key,
            lambda: ask(lambda client: _count_failures(client, job)),
            max_age=COUNT_MAX_AGE if is_settled else CUT_MAX_AGE,
            patience=COUNT_PATIENCE,
        ).value
    except UnableToReachUpstream as error:
        is_slow = error.retry_after is not None
        return Failures(is_whole=False, problem=error.sentence, is_being_counted=is_slow)


def _count_failures(client: WorkflowClient, job: Job) -> Failures:
    """Raises `UpstreamError` when not even the first page can be had."""
    rows, is_whole, problem = _read_inputs(client, job)
    told = [row for row in rows if isinstance(row.get("status"), str)]
    failed = [at for at, row in enumerate(rows) if row.get("status") == "failed"]
    if rows and not told:
        problem = "The upstream does not tell which inputs failed."
    return Failures(
        inputs=tuple(
            FailedInput(
                row=at + 1,
                values=summary(rows[at]),
                reason=texts.hide(_cell(rows[at], "error_message")),
            )
            for at in failed[:FAILURES_SHOWN]
        ),
        count=len(failed),
        is_whole=is_whole and len(told) == len(rows),
        problem=problem,
    )


def _read_inputs(client: WorkflowClient, job: Job) -> tuple[list[Mapping[str, Any]], bool, str]:
    """The job's inputs, as far as they can be read, whether these are all, and else why not."""
    seconds = COUNT_PATIENCE if targets.is_sandbox() else COUNT_SECONDS
    until = time.monotonic() + seconds
    page = client.list_job_inputs(job.uid)
    rows: list[Mapping[str, Any]] = list(page.inputs)
    for number in range(2, MOST_INPUT_PAGES + 1):
        if not page.has_next or time.monotonic() > until:
            break
        before = page
        try:
            page = client.list_job_inputs(job.uid, page=number)
        except UpstreamError as error:
            return rows, False, error.sentence
        if page.inputs == before.inputs:
            return rows, False, "The upstream gives the same page of inputs over and over."
        rows.extend(page.inputs)
    expected = job.number_inputs if type(job.number_inputs) is int else 0
    return rows, not page.has_next and len(rows) >= expected, ""


def summary(row: Mapping[str, Any]) -> str:
    """The values of an input in short."""
    values = [_cell(row, key) for key in row if key not in ("status", "error_message", META_KEY)]
    return " · ".join(value for value in values if value)


def _cell(row: Mapping[str, Any], column: str) -> str:
    value = row.get(column, "")
    if isinstance(value, str):
        return value
    return msgspec.json.encode(value).decode()
