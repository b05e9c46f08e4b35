"""A job's results and inputs, read once by the worker when it is over, and kept for everybody.

reading → ready    all that can be read is here; what cannot says why, and may be tried again
ready   → reading  somebody tries again, or the job was run again

A turn of the worker takes some seconds. Each page that came is kept at once, so whoever is killed
loses one page, and what the upstream does not answer just now is asked for again behind it.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
import uuid
from collections.abc import Iterator, Sequence

import msgspec
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from playground.contract.jobs import Job
from playground.log_lines import event
from playground.models import KeptJob, KeptOrder, KeptPiece, KeptState
from playground.outcomes import rows as result_rows
from playground.outcomes.rows import Rows
from playground.services import permissions
from playground.services.jobs import pages
from playground.services.jobs.pages import Listing, NotWhole
from playground.services.ledger import launches as launch_ledger
from playground.services.ledger import leases
from playground.services.ledger.column_text import storable
from playground.services.permissions import Person
from playground.services.upstream_cache.calls import UnableToReachUpstream, ask
from playground.upstream import targets

# Seconds that one job has the worker for itself.
TURN = 5.0
LEASE = dt.timedelta(seconds=30)
# Rows in a piece: a page of a sorted table takes one row from each of a hundred of them.
PIECE_ROWS = 250
# Jobs of so few rows are read while somebody waits.
MOST_AT_ONCE = 1_000
# Columns that a table can be sorted by, and how many are put in order at a time.
MOST_ORDERS, _ORDERS_AT_ONCE = 60, 6
_LISTINGS: tuple[Listing, ...] = ("results", "inputs")
_OTHER_RUN = "The job was run again while it was read: read it anew."
_BROKE = "Something broke on our side while this was read: try again."

logger = logging.getLogger(__name__)


class ListingFacts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How far a listing is read: `rows` in so many `pieces`, of those that the job `told` of. With
    a `problem` it is not read on until somebody says so."""

    told: int = 0
    rows: int = 0
    pieces: int = 0
    next_page: int = 1
    last_page: str = ""
    tries: int = 0
    is_whole: bool = False
    problem: str = ""


class KeptFacts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`stamp` is the same while the job is not run again; `columns` are those of the results."""

    stamp: str
    results: ListingFacts
    inputs: ListingFacts
    columns: tuple[str, ...] = ()
    is_sample: bool = False


class _Lost(Exception):
    """Another worker has it, or it was begun anew."""


def facts_of(kept: KeptJob) -> KeptFacts:
    return msgspec.json.decode(bytes(kept.facts), type=KeptFacts)


def find(job: Job) -> KeptJob | None:
    """What is kept of this run of the job at the upstream at hand."""
    kept = KeptJob.objects.filter(upstream=targets.name(), job_uid=storable(job.uid)).first()
    if kept is None or facts_of(kept).stamp != pages.stamp(job):
        return None
    return kept


def listing_of(kept: KeptJob, of: Listing) -> ListingFacts:
    return _listing(facts_of(kept), of)


def _listing(facts: KeptFacts, of: Listing) -> ListingFacts:
    return facts.results if of == "results" else facts.inputs


def rows_of(kept: KeptJob, of: Listing) -> Rows:
    """All rows of a listing that were read."""
    found = KeptPiece.objects.filter(kept=kept, listing=of).order_by("number")
    pieces = tuple(bytes(one) for one in found.values_list("lines", flat=True).iterator())
    return Rows(pieces=pieces, count=listing_of(kept, of).rows)


def keep(user: Person, job: Job, *, now: dt.datetime) -> KeptJob | None:
    """Begin to keep a job that is over, or go on with what was not read: now if it is small, else
    by the worker. None for one that is not over."""
    permissions.require(user, "see jobs", job.uid)
    launch_ledger.require_here(job.uid)
    if not job.is_final:
        return None
    kept = _begin(job, now)
    if kept.is_reading:
        facts = facts_of(kept)
        if max(facts.results.told, facts.inputs.told) <= MOST_AT_ONCE:
            read(kept.pk)
        else:
            keep_job.enqueue(kept.pk)
            follow_kept_job.using(run_after=now + 2 * LEASE).enqueue(kept.pk)
        kept.refresh_from_db()
    return kept


def _begin(job: Job, now: dt.datetime) -> KeptJob:
    fresh = KeptFacts(
        stamp=pages.stamp(job),
        results=ListingFacts(told=pages.told_rows(job)),
        inputs=ListingFacts(told=pages.told_inputs(job)),
    )
    with transaction.atomic():
        kept, is_new = KeptJob.objects.get_or_create(
            upstream=targets.name(),
            job_uid=storable(job.uid),
            defaults={"state": KeptState.READING, "facts": _pack(fresh), "used_at": now},
        )
        before = facts_of(kept)
        if is_new or (kept.is_reading and before.stamp == fresh.stamp):
            return kept
        facts = _gone_on_with(before) if before.stamp == fresh.stamp else fresh
        if facts is before:
            return kept
        for of in _LISTINGS:
            if not _listing(facts, of).pieces:
                KeptPiece.objects.filter(kept=kept, listing=of).delete()
        KeptOrder.objects.filter(kept=kept).delete()
        KeptJob.objects.filter(pk=kept.pk).update(
            state=KeptState.READING,
            facts=_pack(facts),
            version=kept.version + 1,
            lease=None,
            used_at=now,
        )
    kept.refresh_from_db()
    return kept


def _gone_on_with(facts: KeptFacts) -> KeptFacts:
    """The same, to be read on where there was a problem; itself where there was none."""
    if not (facts.results.problem or facts.inputs.problem):
        return facts
    return msgspec.structs.replace(
        facts, results=_again(facts.results), inputs=_again(facts.inputs)
    )


def _again(listing: ListingFacts) -> ListingFacts:
    """From the page that could not be read on; from the first, where all were read and too few."""
    if listing.is_whole and listing.problem:
        return ListingFacts(told=listing.told)
    return msgspec.structs.replace(listing, problem="", tries=0)


@task()
def keep_job(kept_id: int) -> None:
    """Read it on, if nobody does. A task takes IDs only."""
    read(kept_id)


@task()
def follow_kept_job(kept_id: int) -> None:
    """Take up what a worker left that was killed, until it is read."""
    read(kept_id)
    if KeptJob.objects.filter(pk=kept_id, state=KeptState.READING).exists():
        follow_kept_job.using(run_after=timezone.now() + LEASE).enqueue(kept_id)


def follow_all() -> None:
    """Take up every one that is to be read. May run at any time."""
    for pk in KeptJob.objects.filter(state=KeptState.READING).values_list("pk", flat=True):
        keep_job.enqueue(pk)


def forget_old(now: dt.datetime) -> None:
    """What nobody came for in long; the upstream may still have it."""
    long_ago = now - dt.timedelta(days=settings.ROW_SET_DAYS)
    KeptJob.objects.filter(used_at__lt=long_ago).delete()


def read(kept_id: int) -> None:
    """Read what comes within a turn, unless somebody else does."""
    lease, waiting = uuid.uuid4(), KeptJob.objects.filter(pk=kept_id, state=KeptState.READING)
    with leases.held(lease):
        if not leases.take(waiting, lease, timezone.now(), LEASE):
            return
        reader = _Reader(KeptJob.objects.get(pk=kept_id), lease)
        try:
            reader.run()
        except _Lost:
            return
        except Exception:
            logger.exception(event("job not kept", id=kept_id))
            reader.fail(_BROKE)


class _Reader:
    """One worker's turn with one job."""

    def __init__(self, kept: KeptJob, lease: uuid.UUID) -> None:
        self._kept, self._facts = kept, facts_of(kept)
        self._ours = KeptJob.objects.filter(pk=kept.pk, lease=lease, version=kept.version)

    def run(self) -> None:
        until = time.monotonic() + TURN
        with targets.use(targets.named(self._kept.upstream)):
            if not targets.is_here(self._kept.upstream):
                self.fail(targets.elsewhere(self._kept.upstream))
                return
            for of in _LISTINGS:
                while not (self._of(of).is_whole or self._of(of).problem):
                    wait = self._fetch_page(of)
                    if wait is None and time.monotonic() > until:
                        wait = 0
                    if wait is not None:
                        self._go_on_in(wait)
                        return
            self._check_run()
        self._finish()

    def fail(self, sentence: str) -> None:
        """What was read stays; the sentence is told where something is missing."""
        for of in _LISTINGS:
            if not self._of(of).is_whole and not self._of(of).problem:
                self._set(of, problem=sentence)
        self._ours.update(state=KeptState.READY, lease=None, facts=_pack(self._facts))

    def _of(self, of: Listing) -> ListingFacts:
        return _listing(self._facts, of)

    def _set(self, of: Listing, **changes: object) -> None:
        changed = msgspec.structs.replace(self._of(of), **changes)
        self._facts = msgspec.structs.replace(self._facts, **{of: changed})

    def _fetch_page(self, of: Listing) -> float | None:
        """Seconds after which it is asked for once more, if it did not come."""
        now = self._of(of)
        try:
            page = pages.fetch_page(
                self._kept.job_uid, now.next_page, of=of, before=now.last_page, rows=now.rows
            )
        except NotWhole as error:
            self._set(of, problem=str(error))
        except UnableToReachUpstream as error:
            wait = pages.wait_after(error, now.tries + 1)
            told = f"Page {now.next_page:,} of the {of} could not be read. {error.sentence}"
            self._set(of, tries=now.tries + 1, problem="" if wait is not None else told)
            return wait
        else:
            self._keep_page(of, page)
        return None

    def _keep_page(self, of: Listing, page: pages.Page) -> None:
        now = self._of(of)
        pieces = list(_pieces(self._kept.pk, of, now.pieces, page.rows))
        rows = now.rows + len(page.rows)
        problem = "" if page.has_next else pages.missing(rows, now.told, of)
        self._set(
            of,
            rows=rows,
            pieces=now.pieces + len(pieces),
            next_page=now.next_page + 1,
            last_page=page.digest,
            tries=0,
            is_whole=not page.has_next,
            problem=problem,
        )
        with transaction.atomic():
            self._say_alive()
            KeptPiece.objects.bulk_create(pieces)

    def _say_alive(self) -> None:
        packed = _pack(self._facts)
        if not self._ours.update(seen_alive_at=timezone.now(), facts=packed):
            raise _Lost

    def _go_on_in(self, seconds: float) -> None:
        self._ours.update(lease=None, facts=_pack(self._facts))
        at = timezone.now() + dt.timedelta(seconds=seconds)
        keep_job.using(run_after=at).enqueue(self._kept.pk)

    def _check_run(self) -> None:
        """Whether it is still the run that was read."""
        try:
            job = ask(lambda client: client.get_job(self._kept.job_uid))
        except UnableToReachUpstream:
            return  # Whoever looks at the page compares it with the job once more.
        if pages.stamp(job) != self._facts.stamp:
            for of in _LISTINGS:
                self._set(of, problem=_OTHER_RUN)

    def _finish(self) -> None:
        rows = rows_of(self._kept, "results") if self._facts.results.rows else Rows()
        columns = result_rows.columns_of(rows)
        first = next(iter(rows), {})
        for at in range(0, min(len(columns), MOST_ORDERS), _ORDERS_AT_ONCE):
            self._order(rows, columns, at)
        is_sample = targets.address_of(self._kept.upstream) == targets.SANDBOX
        self._facts = msgspec.structs.replace(
            self._facts,
            columns=columns,
            is_sample=is_sample and first.get("sample") is True,
        )
        done = self._ours.update(state=KeptState.READY, lease=None, facts=_pack(self._facts))
        if not done:
            raise _Lost

    def _order(self, rows: Rows, columns: Sequence[str], first: int) -> None:
        """Put the rows in the order of some columns, beginning with this one."""
        self._say_alive()
        named = columns[first : first + _ORDERS_AT_ONCE]
        cells: list[list[str]] = [[] for _ in named]
        for piece in result_rows.columns_in(rows.pieces, named):
            for at, some in enumerate(piece):
                cells[at].extend(some)
        orders = [result_rows.order_of(column) for column in cells]
        with transaction.atomic():
            self._say_alive()
            KeptOrder.objects.filter(kept=self._kept, column__gte=first).delete()
            KeptOrder.objects.bulk_create(
                KeptOrder(kept=self._kept, column=first + at, missing=missing, rows=order)
                for at, (order, missing) in enumerate(orders)
            )


def _pieces(kept_id: int, of: Listing, first: int, rows: Sequence[bytes]) -> Iterator[KeptPiece]:
    for number, at in enumerate(range(0, len(rows), PIECE_ROWS), start=first):
        some = rows[at : at + PIECE_ROWS]
        searched = b""
        if of == "results":
            searched = result_rows.searched(map(result_rows.read_row, some))
        yield KeptPiece(
            kept_id=kept_id,
            listing=of,
            number=number,
            rows=len(some),
            lines=result_rows.pack(some),
            searched=searched,
        )


def _pack(facts: KeptFacts) -> bytes:
    return msgspec.json.encode(facts)
