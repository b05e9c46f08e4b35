"""A job's result rows as a table, a hundred at a time, and the inputs that gave none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from playground.contract.jobs import InputPage, ResultPage
from playground.contract.launches import META_KEY
from playground.redaction import texts
from playground.services import permissions
from playground.services.ledger import launches as launch_ledger
from playground.services.permissions import Person
from playground.services.upstream_cache import invalidation
from playground.services.upstream_cache.cache import FreshnessCache
from playground.services.upstream_cache.calls import UnableToReachUpstream, ask
from playground.services.upstream_cache.invalidation import Kept

ROWS_SHOWN = 100
# Contract section 1.4: the upstream gives 1,000 rows a page.
ROWS_FETCHED = 1000
FAILURES_SHOWN = 50
# Who watches a job asks for them the moment it is over, and all at once. They may be large, so few
# are kept, and for seconds.
MAX_AGE = 2.0
MOST_KEPT = 4

_results: FreshnessCache[ResultPage] = FreshnessCache(most=MOST_KEPT)
_inputs: FreshnessCache[InputPage] = FreshnessCache(most=MOST_KEPT)
invalidation.register(Kept.JOB_RESULTS, _results)
invalidation.register(Kept.JOB_INPUTS, _inputs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Rows of one shown page, each with a cell for every column. `first` counts from 1."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    page: int
    has_next: bool
    problem: str = ""

    @property
    def first(self) -> int:
        return (self.page - 1) * ROWS_SHOWN + 1

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1


def get_results(user: Person, job_uid: str, *, page: int = 1) -> Results:
    """A shown page of a job's results, from 1. Raises `UnableToReachUpstream`."""
    permissions.require(user, "see jobs", job_uid)
    launch_ledger.require_here(job_uid)
    per_fetch = ROWS_FETCHED // ROWS_SHOWN
    number = (page - 1) // per_fetch + 1
    fetched = _results.get(
        f"{job_uid} {number}",
        lambda: ask(lambda client: client.list_results(job_uid, page=number)),
        max_age=MAX_AGE,
    ).value
    start = (page - 1) % per_fetch * ROWS_SHOWN
    shown = fetched.results[start : start + ROWS_SHOWN]
    columns = tuple(dict.fromkeys(key for row in fetched.results for key in row))
    return Results(
        columns=columns,
        rows=tuple(tuple(_cell(row, column) for column in columns) for row in shown),
        page=page,
        has_next=len(fetched.results) > start + ROWS_SHOWN or fetched.has_next,
    )


def find_results(user: Person, job_uid: str, *, page: int = 1) -> Results:
    """The same for the job page; when the results cannot be had, the reason instead."""
    try:
        return get_results(user, job_uid, page=page)
    except UnableToReachUpstream as error:
        return Results(columns=(), rows=(), page=page, has_next=False, problem=error.sentence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failures:
    """Inputs that gave nothing, each with its values in short and the reason the upstream gave."""

    inputs: tuple[tuple[str, str], ...]
    count: int


def find_failures(user: Person, job_uid: str) -> Failures:
    """The failed inputs for the job page; none when the upstream does not tell (section 7)."""
    permissions.require(user, "see jobs", job_uid)
    launch_ledger.require_here(job_uid)
    try:
        found = _inputs.get(
            job_uid, lambda: ask(lambda client: client.list_job_inputs(job_uid)), max_age=MAX_AGE
        ).value
    except UnableToReachUpstream:
        return Failures(inputs=(), count=0)
    failed = [row for row in found.inputs if row.get("status") == "failed"]
    return Failures(
        inputs=tuple(
            (_summary(row), texts.hide(_cell(row, "error_message")))
            for row in failed[:FAILURES_SHOWN]
        ),
        count=len(failed),
    )


def _summary(row: Mapping[str, Any]) -> str:
    values = [_cell(row, key) for key in row if key not in ("status", "error_message", META_KEY)]
    return " · ".join(value for value in values if value)


def _cell(row: Mapping[str, Any], column: str) -> str:
    value = row.get(column, "")
    if isinstance(value, str):
        return value
    return msgspec.json.encode(value).decode()
