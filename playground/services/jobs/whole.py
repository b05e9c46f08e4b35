"""All results and inputs of a job that is over, read while somebody waits for them.

What cannot be read is said: nothing is taken for all of them that is not.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from playground.contract.jobs import Job
from playground.outcomes.rows import Rows
from playground.payload.texts import shorten
from playground.services.jobs import follow, pages
from playground.services.jobs import kept as kept_jobs
from playground.services.jobs.follow import JobDetail
from playground.services.jobs.pages import Listing, NotWhole
from playground.services.permissions import Person
from playground.services.upstream_cache.calls import UnableToReachUpstream, ask

# Seconds that somebody waits for all pages of one listing.
PATIENCE = 20.0
_TOO_LONG = (
    "There are more {of} than can be read while you wait: open the page of the job, which reads "
    "and keeps them, and ask again when it has."
)
_OTHER_RUN = "The job was run again while its {of} were read: ask for them again."
_NO_STEP = "The upstream does not tell of that step of the job, so its results cannot be asked for."


class UnableToGiveResults(Exception):
    """`sentence` is what a person is told; `may_pass` if it is worth to ask again."""

    def __init__(self, sentence: str, *, may_pass: bool = False) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.may_pass = may_pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The job whose results are asked for, which is one of its steps' where that was chosen."""

    detail: JobDetail
    job: Job


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What of a listing came. With a `problem` it is not all; `may_pass` if that may be otherwise
    soon. `told` are the rows that the job tells of, `columns` their keys where they are known."""

    rows: Rows
    told: int
    columns: tuple[str, ...] = ()
    problem: str = ""
    may_pass: bool = False

    @property
    def is_whole(self) -> bool:
        return not self.problem


def find_job(user: Person, job_uid: str, step_uid: str = "") -> Asked:
    """Raises `UnableToGiveResults` for a job that is not over, and `UnableToReachUpstream`."""
    detail = follow.get_job(user, job_uid, step_uid=step_uid)
    job = detail.job
    if step_uid:
        if detail.chosen is None or detail.chosen.job is None:
            raise UnableToGiveResults(detail.problem or _NO_STEP)
        job = detail.chosen.job
    if not job.is_final:
        status = job.status if isinstance(job.status, str) else "in an unknown state"
        raise UnableToGiveResults(
            f"This job is {shorten(status)}: its results are all there when it is over."
        )
    return Asked(detail=detail, job=job)


def is_kept(job: Job) -> bool:
    """Whether all results and inputs of this run of the job are on our side."""
    kept = kept_jobs.find(job)
    if kept is None or kept.is_reading:
        return False
    facts = kept_jobs.facts_of(kept)
    return not (facts.results.problem or facts.inputs.problem)


def read_all(job: Job, *, of: Listing = "results") -> Read:
    """All pages, or those before the one that cannot be read; as they are kept, if they are."""
    kept = kept_jobs.find(job)
    facts = kept_jobs.listing_of(kept, of) if kept else None
    if kept and facts and facts.is_whole and not facts.problem:
        columns = kept_jobs.facts_of(kept).columns if of == "results" else ()
        return Read(rows=kept_jobs.rows_of(kept, of), told=facts.told, columns=columns)
    told = pages.told_rows(job) if of == "results" else pages.told_inputs(job)
    rows, until = Rows(), time.monotonic() + PATIENCE
    number, digest, has_next = 1, "", True
    try:
        while has_next:
            if time.monotonic() > until:
                return Read(rows=rows, told=told, problem=_TOO_LONG.format(of=of), may_pass=True)
            page = pages.fetch_page(job.uid, number, of=of, before=digest, rows=rows.count)
            rows = rows.with_page(page.rows)
            number, digest, has_next = number + 1, page.digest, page.has_next
        if pages.stamp(ask(lambda client: client.get_job(job.uid))) != pages.stamp(job):
            problem = _OTHER_RUN.format(of=of)
            return Read(rows=Rows(), told=told, problem=problem, may_pass=True)
    except NotWhole as error:
        return Read(rows=rows, told=told, problem=str(error))
    except UnableToReachUpstream as error:
        problem = f"Page {number:,} of the {of} could not be read. {error.sentence}"
        may_pass = pages.wait_after(error, 1) is not None
        return Read(rows=rows, told=told, problem=problem, may_pass=may_pass)
    return Read(rows=rows, told=told, problem=pages.missing(rows.count, told, of))
