"""A job's results or inputs, page after page: of one run, and never the same page twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import msgspec

from playground.contract.jobs import Job
from playground.payload.words import counted
from playground.services.upstream_cache.calls import UnableToReachUpstream, ask

Listing: TypeAlias = Literal["results", "inputs"]

# How often a page is asked for that does not come, and the longest that is waited for it: seconds.
MOST_TRIES, LONGEST_WAIT = 5, 60
_TOO_MANY = 429


class NotWhole(Exception):
    """What can be had is not all, or not of one piece; the sentence says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The rows of a page as JSON, one by one; `digest` is the same for the same rows."""

    rows: tuple[bytes, ...]
    has_next: bool
    digest: str


def fetch_page(
    job_uid: str, number: int, *, of: Listing = "results", before: str = "", rows: int = 0
) -> Page:
    """Page `number`, from 1. `before` is the digest of the page before it, up to which there were
    so many `rows`. Raises `UnableToReachUpstream`, and `NotWhole` for that page once more."""
    found, has_next = _ask(job_uid, number, of)
    encoded = tuple(msgspec.json.encode(row) for row in found)
    digest = hashlib.sha256(b",".join(encoded)).hexdigest()
    if has_next and digest == before:
        raise NotWhole(
            f"The upstream gives the same page of {of} over and over: no more than "
            f"{counted(rows, 'row')} can be had, and nobody knows whether these are all."
        )
    return Page(rows=encoded, has_next=has_next, digest=digest)


def _ask(job_uid: str, number: int, of: Listing) -> tuple[Sequence[Mapping[str, Any]], bool]:
    if of == "inputs":
        inputs = ask(lambda client: client.list_job_inputs(job_uid, page=number))
        return inputs.inputs, inputs.has_next
    results = ask(lambda client: client.list_results(job_uid, page=number))
    return results.results, results.has_next


def stamp(job: Job) -> str:
    """The same as long as the job was not run again."""
    return json.dumps([job.status or "", job.finish_time or "", job.row_count or 0], default=str)


def told_rows(job: Job) -> int:
    """The result rows that the job tells of; 0 where it tells nothing."""
    return max(0, job.row_count) if type(job.row_count) is int else 0


def told_inputs(job: Job) -> int:
    """The same of its inputs."""
    return max(0, job.number_inputs) if type(job.number_inputs) is int else 0


def wait_after(error: UnableToReachUpstream, tries: int) -> float | None:
    """Seconds until a page is asked for again after so many `tries`; None where that is no use."""
    may_pass = not error.is_definite or error.status == _TOO_MANY
    if not may_pass or tries >= MOST_TRIES:
        return None
    return float(min(max(error.retry_after or 0, 2**tries), LONGEST_WAIT))


def missing(count: int, told: int, of: Listing) -> str:
    """What is said where fewer came than the job tells of."""
    if count >= told:
        return ""
    word = "result row" if of == "results" else "input"
    return f"The job tells of {counted(told, word)}, and the upstream gave {count:,}."
