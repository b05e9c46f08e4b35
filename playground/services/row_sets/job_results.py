"""The results of a job, or of one of its steps, as the source of a table."""

from __future__ import annotations

from playground.payload.texts import shorten
from playground.row_sets.facts import JobResults
from playground.services.jobs import follow
from playground.services.permissions import Person
from playground.services.row_sets.errors import UnableToMakeRowSet
from playground.services.row_sets.reading import Source
from playground.services.upstream_cache.calls import UnableToReachUpstream
from playground.upstream import targets

_NO_UID = "Say which job it is: its UID is on its page, and in that page's address."
_NO_STEP = "The upstream does not tell of that step of the job, so its results cannot be asked for."


def source_of_job(user: Person, job_uid: str, step_uid: str = "") -> Source:
    """All result rows of a job that is over, or those of a step of it; they are still to be
    fetched. Raises `UnableToMakeRowSet`, and `SentElsewhere` for a job of another upstream."""
    if not job_uid:
        raise UnableToMakeRowSet(_NO_UID)
    try:
        detail = follow.get_job(user, job_uid, step_uid=step_uid)
    except UnableToReachUpstream as error:
        if error.is_missing:
            raise UnableToMakeRowSet(f"There is no job {shorten(job_uid)} here.") from error
        raise UnableToMakeRowSet(error.sentence) from error
    job, title = detail.job, _text(detail.job.name) or "a job"
    if step_uid:
        if detail.chosen is None or detail.chosen.job is None:
            raise UnableToMakeRowSet(detail.problem or _NO_STEP)
        job = detail.chosen.job
        title += f", step {detail.chosen.number}"
    if not job.is_final:
        status = _text(job.status) or "in an unknown state"
        raise UnableToMakeRowSet(
            f"This job is {shorten(status)}: its results are all there when it is over."
        )
    return Source(
        name=f"Results of {title}",
        results=JobResults(job_uid=job.uid, title=title, upstream=targets.name()),
    )


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
