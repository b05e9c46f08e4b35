"""Reading a table into a row set, and checking its rows anew: at once, or by the worker.

reading → reading  results of a job are fetched, some in each turn of the worker
        → ready    its rows are there, each judged
        → failed   it cannot be read; the sentence says why
ready → reading    it is to be read in another way, or many of its rows are to be changed

Whatever is killed on the way is begun anew from what is stored: the source, or the rows as they
were and what was to be done with them. Such a change is written when all of it is made: one that is
stopped leaves the table as it was.
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks import task

from playground.contract.workflows import Workflow
from playground.log_lines import event
from playground.models import RowChunk, RowEdit, RowSet, RowSetSource, RowSetState
from playground.payload.texts import shorten
from playground.payload.words import counted
from playground.row_sets import chunks, mapping, repeated, tables
from playground.row_sets.chunks import StoredRow
from playground.row_sets.columns import ColumnNames, key_names
from playground.row_sets.facts import JobResults, TableFacts, inputs_digest
from playground.row_sets.formats.json_rows import UnableToReadRows
from playground.row_sets.judging import FindingCounter, RowJudge
from playground.row_sets.repairs import CheckAgain, Order
from playground.row_sets.tables import Limits, ReadAs, SourceTable
from playground.services import permissions
from playground.services.ledger import leases
from playground.services.ledger.column_text import storable
from playground.services.permissions import Person
from playground.services.row_sets import changes, fetching, store
from playground.services.row_sets.changes import Made
from playground.services.row_sets.errors import (
    ChangedMeanwhile,
    NoSuchRowSet,
    UnableToChangeRowSet,
    UnableToMakeRowSet,
)
from playground.services.row_sets.fetching import Fetched

# What takes less than about a second is done while its person waits.
MOST_BYTES_AT_ONCE = 1_000_000
# So many chunks are written in one transaction: each is waited for until the disk has it.
_AT_ONCE = 5
_ROWS_AT_ONCE = _AT_ONCE * chunks.CHUNK_ROWS
# A worker says that it lives with every few thousand rows.
LEASE = dt.timedelta(seconds=30)
LONGEST_NAME = 200
_BROKE = "Something broke on our side while this was read. Read it again, or in another format."
_AS_THEY_WERE = "They are sent under the keys that they had."
_BROKE_CHANGE = (
    "Something broke on our side while this was done, so nothing was changed. Try again."
)
_NOT_CHECKED = "It was stopped before all of its rows were checked."
_STOPPED = "It was stopped before it was read."
_NOT_CHANGED = "It was stopped, so nothing was changed: the rows are as they were."
_NOTHING = "Nothing had to be changed."

FIND_ALL = ReadAs()

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file, in one piece or in several, or what was copied: then `html` is what came along with
    the text; or a JSON array of inputs as they were sent, which with `keeps_all` are
    sent again just so; or the `results` of a job, which are still to be fetched."""

    name: str
    data: bytes = b""
    pieces: Iterable[bytes] = ()
    html: str = ""
    is_copied: bool = False
    is_inputs: bool = False
    keeps_all: bool = False
    results: JobResults | None = None
    how: ReadAs = FIND_ALL


class _Lost(Exception):
    """Another worker has it, or it was stopped or removed: nothing more is written."""


def limits() -> Limits:
    return Limits(
        rows=settings.ROW_SET_ROWS,
        columns=settings.ROW_SET_COLUMNS,
        cell=settings.ROW_SET_CELL,
        size=settings.ROW_SET_FILE_MB * 1_000_000,
    )


def make(user: Person, workflow: Workflow, source: Source, *, now: dt.datetime) -> RowSet:
    """A row set for the workflow, which is read now if it is small, else by the worker. The
    results of a job are always fetched there.

    Raises `UnableToMakeRowSet` for what is too large.
    """
    permissions.require(user, "use row set")
    packed, size = _pack(source)
    how = source.how
    facts = TableFacts(
        work="fetch" if source.results else "read",
        results=source.results,
        is_copied=source.is_copied,
        is_inputs=source.is_inputs,
        keeps_all=source.keeps_all,
        encoding=how.encoding,
        delimiter=how.delimiter,
        sheet=how.sheet,
        header=how.header,
    )
    with transaction.atomic():
        name = storable(source.name.strip())[:LONGEST_NAME] or "Pasted rows"
        row_set = _create(user, workflow, name, facts, now)
        RowSetSource.objects.create(
            row_set=row_set,
            data=packed,
            html=zlib.compress(source.html.encode(errors="replace"), 1),
            workflow=store.pack_workflow(workflow),
        )
    return begin(row_set, is_small=size <= MOST_BYTES_AT_ONCE and not source.results)


def _pack(source: Source) -> tuple[bytes, int]:
    """The source compressed, piece by piece, and its size."""
    packer, packed, size = zlib.compressobj(1), [], 0
    for piece in (source.data, *source.pieces):
        size += len(piece)
        if size > limits().size:
            raise UnableToMakeRowSet(
                f"This file has more than {settings.ROW_SET_FILE_MB} MB, which is the most that a "
                "file may have here. Split it, or save it as CSV."
            )
        packed.append(packer.compress(piece))
    return b"".join((*packed, packer.flush())), size


def copy(user: Person, row_set: RowSet, workflow: Workflow, *, now: dt.datetime) -> RowSet:
    """The rows as they are now once more, for this workflow: as repaired, and mapped by what the
    columns are called, or as before where the workflow is the same."""
    permissions.require(user, "use row set", row_set)
    if not row_set.is_ready:
        raise UnableToMakeRowSet(f"{row_set.name} is not read, so it has no rows to begin with.")
    facts = store.facts_of(row_set)
    mapped, told = facts.mapping, facts.offered
    if row_set.workflow_uid != workflow.uid:
        offer = mapping.offer_mapping(
            facts.columns, ColumnNames(workflow), has_names=facts.has_names
        )
        mapped, told = offer.mapping, offer.sentence
    fresh = msgspec.structs.replace(
        facts, work="check", mapping=mapped, offered=told, total=row_set.rows, checked_for=""
    )
    source = RowSetSource.objects.get(row_set=row_set)
    source.workflow = store.pack_workflow(workflow)
    with transaction.atomic():
        made = _create(user, workflow, row_set.name, fresh, now)
        source.row_set = made
        source.save(force_insert=True)
        for chunk in RowChunk.objects.filter(row_set=row_set).iterator(chunk_size=8):
            chunk.pk, chunk.row_set = None, made
            chunk.save(force_insert=True)
    check = CheckAgain(mapping=mapped)
    return begin(made, is_small=changes.is_small(row_set, len(facts.columns), check))


def _create(
    user: Person, workflow: Workflow, name: str, facts: TableFacts, now: dt.datetime
) -> RowSet:
    return RowSet.objects.create(
        user=permissions.as_user(user),
        workflow_uid=storable(workflow.uid),
        workflow_name=storable(workflow.name),
        name=name,
        state=RowSetState.READING,
        facts=store.pack_facts(facts),
        created_at=now,
        changed_at=now,
        used_at=now,
    )


def read_again(row_set: RowSet, how: ReadAs, *, now: dt.datetime) -> RowSet:
    """Read its source in another way. Repairs are lost, which the page says before. What was not
    fetched to its end is fetched on."""
    refuse_busy(row_set)
    facts = store.facts_of(row_set)
    results = facts.results and msgspec.structs.replace(facts.results, tries=0)
    fresh = TableFacts(
        work="fetch" if facts.is_fetch else "read",
        results=results,
        is_copied=facts.is_copied,
        is_inputs=facts.is_inputs,
        keeps_all=facts.keeps_all,
        encoding=how.encoding,
        delimiter=how.delimiter,
        sheet=how.sheet,
        header=how.header,
    )
    return _restart(row_set, fresh, now)


def check_again(
    row_set: RowSet,
    now: dt.datetime,
    *,
    targets: tuple[str | None, ...] | None = None,
    told: str | None = None,
    workflow: Workflow | None = None,
) -> RowSet:
    """Judge all rows anew: with other `targets` of the columns, and what is `told` of them, or for
    another `workflow`. What is no key of it any more is left out."""
    refuse_busy(row_set)
    facts = store.facts_of(row_set)
    if not row_set.is_ready and not facts.is_check:
        raise UnableToChangeRowSet(f"{row_set.name} was not read, so there is nothing to check.")
    told = facts.offered if told is None else told
    mapped = facts.mapping if targets is None else targets
    if workflow is not None:
        keys = {*key_names(workflow), None}
        mapped = tuple(
            one if one in keys or (one or "").startswith(mapping.META) else None for one in mapped
        )
    packed = store.pack_workflow(workflow) if workflow else b""
    carry_out(row_set, CheckAgain(mapping=mapped, offered=told, workflow=packed), now=now)
    return row_set


def refuse_busy(row_set: RowSet) -> None:
    """Raises `UnableToChangeRowSet` while something is being done with it."""
    if row_set.is_reading:
        doing = store.doing(store.facts_of(row_set))
        raise UnableToChangeRowSet(
            f"{row_set.name} is being {doing}: wait until it is, or stop it."
        )


def carry_out(row_set: RowSet, order: Order, *, now: dt.datetime) -> Made | None:
    """Do it at once, or let the worker do it: then None. `row_set` is as it is then. Raises
    `UnableToChangeRowSet`, and `ChangedMeanwhile`."""
    facts = store.facts_of(row_set)
    if not changes.is_small(row_set, len(facts.columns), order):
        _restart(row_set, msgspec.structs.replace(facts, order=order, total=row_set.rows), now)
        return None
    made = changes.make(row_set, order, lambda _: None)
    if made.chunks or isinstance(order, CheckAgain):
        ours = RowSet.objects.filter(pk=row_set.pk, version=row_set.version)
        if not changes.write(ours.exclude(state=RowSetState.READING), row_set, made, now):
            raise ChangedMeanwhile(row_set)
    return made


def _restart(row_set: RowSet, facts: TableFacts, now: dt.datetime) -> RowSet:
    waiting = RowSet.objects.filter(pk=row_set.pk, version=row_set.version)
    done = waiting.exclude(state=RowSetState.READING).update(
        state=RowSetState.READING,
        facts=store.pack_facts(facts),
        version=row_set.version + 1,
        sentence="",
        lease=None,
        done=0,
        changed_at=now,
    )
    if not done:
        raise ChangedMeanwhile(row_set)
    row_set.refresh_from_db()
    if facts.order or facts.is_fetch:
        return begin(row_set, is_small=False)
    packed = RowSetSource.objects.values_list("data", flat=True).get(row_set=row_set)
    return begin(row_set, is_small=len(zlib.decompress(bytes(packed))) <= MOST_BYTES_AT_ONCE)


def begin(row_set: RowSet, *, is_small: bool) -> RowSet:
    if is_small:
        read(row_set.pk)
    else:
        read_row_set.enqueue(row_set.pk)
        # Whatever becomes of that worker, somebody looks after it.
        follow_row_set.using(run_after=timezone.now() + 2 * LEASE).enqueue(row_set.pk)
    row_set.refresh_from_db()
    return row_set


@task()
def read_row_set(row_set_id: int) -> None:
    """Read it, if nobody does. A task takes IDs only: its arguments are stored in clear."""
    read(row_set_id)


@task()
def follow_row_set(row_set_id: int) -> None:
    """Take up what a worker left that was killed, until it is read."""
    read(row_set_id)
    if RowSet.objects.filter(pk=row_set_id, state=RowSetState.READING).exists():
        follow_row_set.using(run_after=timezone.now() + LEASE).enqueue(row_set_id)


def follow_all() -> None:
    """Take up every one that is to be read. May run at any time."""
    for pk in RowSet.objects.filter(state=RowSetState.READING).values_list("pk", flat=True):
        read_row_set.enqueue(pk)


def stop(row_set: RowSet) -> None:
    """Whoever works on it stops with the next few thousand rows."""
    facts = store.facts_of(row_set)
    stopped = _NOT_CHECKED if facts.is_check else _STOPPED
    _give_up(_being_read(row_set), facts, _NOT_CHANGED if facts.order else stopped)


def _being_read(row_set: RowSet) -> QuerySet[RowSet]:
    """The row set as long as it is the very one that is being read."""
    return RowSet.objects.filter(pk=row_set.pk, state=RowSetState.READING, version=row_set.version)


def _give_up(ours: QuerySet[RowSet], facts: TableFacts, sentence: str) -> None:
    """What was to be changed is as it was; what was to be read is not read."""
    was_ready = facts.order is not None and facts.checked_for
    state = RowSetState.READY if was_ready else RowSetState.FAILED
    columns: dict[str, object] = {}
    # Else they stay as they are: a worker writes them with what it fetches.
    if facts.order is not None:
        columns["facts"] = store.pack_facts(msgspec.structs.replace(facts, order=None))
    ours.update(state=state, lease=None, sentence=storable(sentence), **columns)


def read(row_set_id: int) -> None:
    """Do what is to be done with it, unless somebody else does."""
    lease, waiting = uuid.uuid4(), RowSet.objects.filter(pk=row_set_id, state=RowSetState.READING)
    with leases.held(lease):
        if leases.take(waiting, lease, timezone.now(), LEASE):
            _read(row_set_id, lease)


def _read(row_set_id: int, lease: uuid.UUID) -> None:
    reader = _Reader(RowSet.objects.get(pk=row_set_id), lease)
    try:
        reader.run()
    except (_Lost, NoSuchRowSet):
        return
    except (UnableToReadRows, UnableToChangeRowSet) as error:
        reader.fail(error.sentence)
    except Exception:
        logger.exception(event("row set failed", id=row_set_id))
        reader.fail("")


class _Reader:
    """One worker's reading of one row set."""

    def __init__(self, row_set: RowSet, lease: uuid.UUID) -> None:
        self._row_set = row_set
        self._ours = _being_read(row_set).filter(lease=lease)
        self._facts = store.facts_of(row_set)
        self._counter = FindingCounter()
        self._size = self._rows = self._attention = 0
        self._unwritten: list[RowChunk] = []

    def run(self) -> None:
        order = self._facts.order
        if order is None and self._facts.is_check:
            order = CheckAgain(mapping=self._facts.mapping, offered=self._facts.offered)
        if order is not None:
            self._change(order)
            return
        workflow = store.workflow_of(self._row_set)
        if self._facts.is_fetch and not self._fetch():
            return
        self._read(workflow)
        self._finish(workflow)

    def fail(self, sentence: str) -> None:
        """Without a sentence something broke."""
        broke = _BROKE_CHANGE if self._facts.order else _BROKE
        _give_up(self._ours, self._facts, sentence or broke)

    def _change(self, order: Order) -> None:
        made = changes.make(self._row_set, order, self._tell_done)
        sentence = made.sentence
        if not made.chunks and made.is_step:
            sentence, made.is_step = _NOTHING, False
        if not changes.write(self._ours, self._row_set, made, timezone.now(), sentence=sentence):
            raise _Lost

    def _tell_done(self, rows: int) -> None:
        if rows >= self._rows + _ROWS_AT_ONCE:
            self._rows = rows
            self._say_alive()

    def _fetch(self) -> bool:
        """Whether the results of its job are all here now. Else the rest comes in another turn."""
        results = self._facts.results
        assert results  # noqa: S101 - what is to be fetched has them
        source = RowSetSource.objects.filter(row_set=self._row_set)
        packed = source.values_list("data", flat=True).get()
        before = zlib.decompress(bytes(packed))
        fetched = fetching.fetch_some(results, before, limits(), self._say_fetched)
        self._facts = msgspec.structs.replace(
            self._facts,
            results=fetched.results,
            work="read" if fetched.is_over else "fetch",
            total=fetched.results.told,
        )
        self._rows = fetched.results.rows
        name = self._row_set.name
        if fetched.is_over and fetched.results.is_cut:
            # Wherever the table is named, it is not taken for all of them.
            name = f"{name[:LONGEST_NAME]} (the first {fetched.results.rows:,})"
        facts = store.pack_facts(self._facts)
        with transaction.atomic():
            self._say_alive(facts=facts, name=name, sentence=storable(fetched.sentence))
            source.update(data=zlib.compress(fetched.source, 1))
        self._rows = 0
        if not fetched.is_over:
            self._fetch_on(fetched)
        return fetched.is_over

    def _say_fetched(self, rows: int) -> None:
        self._rows = rows
        self._say_alive()

    def _fetch_on(self, fetched: Fetched) -> None:
        if fetched.wait is None:
            raise UnableToReadRows(fetched.sentence)
        at = timezone.now() + dt.timedelta(seconds=fetched.wait)
        self._ours.update(lease=None)
        read_row_set.using(run_after=at).enqueue(self._row_set.pk)

    def _read(self, workflow: Workflow) -> None:
        table = self._open(workflow)
        offer = self._offer(workflow, table)
        self._facts = _facts_of(self._facts, table, offer)
        with transaction.atomic():
            self._say_alive(facts=store.pack_facts(self._facts))
            RowChunk.objects.filter(row_set=self._row_set).delete()
            RowEdit.objects.filter(row_set=self._row_set).delete()
        judge = store.judge_of(workflow, self._facts)
        width = len(table.columns)
        rows = (chunks.stored_row(place, cells, width) for place, cells in table.rows)
        for number, chunk in enumerate(chunks.in_chunks(rows)):
            self._add(judge, number, chunk)
        results = self._facts.results
        told = (*fetching.tell(results), *table.notices) if results else table.notices
        self._facts = msgspec.structs.replace(self._facts, notices=told)

    def _offer(self, workflow: Workflow, table: SourceTable) -> mapping.Offer:
        if self._facts.keeps_all:
            return mapping.Offer(mapping=table.keys, sentence=_AS_THEY_WERE)
        return mapping.offer_mapping(
            table.columns,
            ColumnNames(workflow),
            has_names=table.has_names,
            takes_meta=self._facts.is_inputs,
        )

    def _open(self, workflow: Workflow) -> SourceTable:
        source = RowSetSource.objects.get(row_set=self._row_set)
        facts = self._facts
        how = ReadAs(
            encoding=facts.encoding,
            delimiter=facts.delimiter,
            sheet=facts.sheet,
            header=facts.header,
        )
        data, known = zlib.decompress(bytes(source.data)), ColumnNames(workflow)
        if not facts.is_copied:
            return tables.read_table(data, how, known, limits(), keeps_blank=facts.keeps_all)
        html = zlib.decompress(bytes(source.html)).decode()
        return tables.read_copied(data.decode(), html, how, known, limits())

    def _add(self, judge: RowJudge, number: int, rows: list[StoredRow]) -> None:
        judged = judge.judge(rows)
        self._counter.add(judged.problems)
        self._rows += len(rows)
        self._attention += judged.attention
        self._size += len(judged.inputs) + (1 if number else 0)
        self._unwritten.append(store.new_chunk(self._row_set.pk, number, rows, judged))
        if len(self._unwritten) >= _AT_ONCE:
            self._write()

    def _write(self) -> None:
        """All or nothing, and only while it is ours."""
        with transaction.atomic():
            self._say_alive()
            RowChunk.objects.bulk_create(self._unwritten)
        self._unwritten.clear()

    def _say_alive(self, **columns: object) -> None:
        if not self._ours.update(seen_alive_at=timezone.now(), done=self._rows, **columns):
            raise _Lost

    def _finish(self, workflow: Workflow) -> None:
        self._write()
        if not self._rows:
            raise UnableToReadRows("There are no rows in it.")
        found = repeated.count_repeats(store.digests_of(self._row_set.pk))
        facts = msgspec.structs.replace(
            self._facts, findings=self._counter.findings(), checked_for=inputs_digest(workflow)
        )
        self._ours.update(
            state=RowSetState.READY,
            lease=None,
            sentence="",
            facts=store.pack_facts(facts),
            rows=self._rows,
            attention=self._attention,
            exact=found.exact,
            similar=found.similar,
            size=self._size,
            version=self._row_set.version + 1,
            changed_at=timezone.now(),
        )


def _facts_of(before: TableFacts, table: SourceTable, offer: mapping.Offer) -> TableFacts:
    return msgspec.structs.replace(
        before,
        kind=table.kind,
        encoding=table.how.encoding,
        delimiter=table.how.delimiter,
        sheet=table.how.sheet,
        header=table.how.header,
        sheets=tuple(table.sheets),
        columns=tuple(table.columns),
        mapping=tuple(offer.mapping),
        offered=offer.sentence,
        found=_found(before, table),
        total=table.row_count,
        has_names=table.has_names,
    )


def _found(facts: TableFacts, table: SourceTable) -> str:
    results = facts.results
    if results is None:
        return table.found
    return f"{counted(results.rows, 'row').capitalize()}: the results of {shorten(results.title)}."
