"""The result rows of a job, page after page, until all of them are the source of a table.

A turn takes some seconds: then what came is kept, and other work of the worker has its turn. So a
worker that is killed loses a few pages, and what the upstream does not answer just now is asked
for again, behind the rows that are here. What is not whole becomes no table.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from playground.payload.words import counted
from playground.row_sets.facts import JobResults
from playground.row_sets.tables import Limits
from playground.services.jobs import pages
from playground.services.jobs.pages import NotWhole
from playground.services.upstream_cache.calls import UnableToReachUpstream, ask
from playground.upstream import targets

# Seconds that one table has the worker for itself.
TURN = 5.0
_NOT_OVER = "The job is not over: make the table of its results when it is."
_OTHER_RUN = (
    "The job was run again while its results were read, so they may not be those of one run. Read "
    "them anew."
)
_NONE = "The job has no result rows, so there is nothing to make a table of."
_ELSEWHERE = "The job ran on another upstream than the one of now, so its results are not here."


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """Where a turn ended. `source` are the rows so far; all of them, as a JSON array, if it
    `is_over`. Else the rest is due in `wait` seconds, or when a person says so; why is told by the
    `sentence`."""

    results: JobResults
    source: bytes
    is_over: bool = False
    wait: float | None = None
    sentence: str = ""


def fetch_some(
    results: JobResults, source: bytes, limits: Limits, say: Callable[[int], None]
) -> Fetched:
    """Fetch what comes within a turn, behind the rows of `source`. `say` is told before each page
    how many rows there are, and may raise."""
    with targets.use(targets.named(results.upstream)):
        if not targets.is_here(results.upstream):
            return Fetched(results=results, source=source, sentence=_ELSEWHERE)
        return _Turn(results, source, limits).run(say)


def tell(results: JobResults) -> tuple[str, ...]:
    """What of the job's results is not in the table, a sentence each."""
    told = ""
    if results.is_cut:
        of = f" of {results.told:,}" if results.told > results.rows else ""
        told = f"Only the first {counted(results.rows, 'result row')}{of} are in it: a table may "
        told += "have no more here."
    elif results.rows < results.told:
        told = f"The job tells of {counted(results.told, 'result row')}, and the upstream gave "
        told += f"{results.rows:,}: the others are not in it."
    return (told,) if told else ()


class _Turn:
    def __init__(self, results: JobResults, source: bytes, limits: Limits) -> None:
        self._results, self._limits = results, limits
        # JSON objects with commas between them.
        self._parts = [source] if source else []
        self._size = len(source)

    def run(self, say: Callable[[int], None]) -> Fetched:
        until = time.monotonic() + TURN
        try:
            self._look_at_job()
            while not self._results.is_whole:
                say(self._results.rows)
                self._fetch_page()
                if time.monotonic() > until:
                    return self._end(wait=0)
            say(self._results.rows)
            self._look_at_job()
        except UnableToReachUpstream as error:
            return self._after(error)
        except NotWhole as error:
            return self._end(sentence=str(error))
        if not self._results.rows:
            return self._end(sentence=_NONE)
        source = b"[" + b",".join(self._parts) + b"]"
        return Fetched(results=self._results, source=source, is_over=True)

    def _look_at_job(self) -> None:
        """It is over, and the same from the first page to the last."""
        uid = self._results.job_uid
        job = ask(lambda client: client.get_job(uid))
        if not job.is_final:
            raise NotWhole(_NOT_OVER)
        stamp = pages.stamp(job)
        if self._results.stamp and self._results.stamp != stamp:
            self._forget()
            raise NotWhole(_OTHER_RUN)
        told = pages.told_rows(job)
        self._results = msgspec.structs.replace(self._results, stamp=stamp, told=told)

    def _forget(self) -> None:
        before, self._parts = self._results, []
        self._results = JobResults(
            job_uid=before.job_uid, title=before.title, upstream=before.upstream
        )

    def _fetch_page(self) -> None:
        before = self._results
        number = before.next_page
        page = pages.fetch_page(before.job_uid, number, before=before.last_page, rows=before.rows)
        taken = self._within_limits(page.rows)
        is_cut = len(taken) < len(page.rows)
        if taken:
            self._parts.append(b",".join(taken))
        self._results = msgspec.structs.replace(
            before,
            rows=before.rows + len(taken),
            next_page=number + 1,
            last_page=page.digest,
            tries=0,
            is_cut=is_cut,
            is_whole=is_cut or not page.has_next,
        )

    def _within_limits(self, rows: Sequence[bytes]) -> list[bytes]:
        """Those of a page that a table has room for."""
        taken: list[bytes] = []
        for row in rows[: self._limits.rows - self._results.rows]:
            self._size += len(row) + 1
            if self._size >= self._limits.size:
                break
            taken.append(row)
        return taken

    def _after(self, error: UnableToReachUpstream) -> Fetched:
        """What may pass by itself is waited for, a few times."""
        tries = self._results.tries + 1
        what = f"Page {self._results.next_page:,} of the results could not be read."
        if self._results.is_whole:
            what = "Whether the job is as it was could not be seen."
        told = f"{what} {error.sentence}"
        wait = pages.wait_after(error, tries)
        if wait is not None:
            self._results = msgspec.structs.replace(self._results, tries=tries)
            return self._end(sentence=told, wait=wait)
        if kept := self._results.rows:
            told += f" What came before it, {counted(kept, 'row')}, is kept, but it is not all: no "
            told += "table was made of it."
        return self._end(sentence=told)

    def _end(self, *, sentence: str = "", wait: float | None = None) -> Fetched:
        source = b",".join(self._parts)
        return Fetched(results=self._results, source=source, sentence=sentence, wait=wait)
