"""A change of all that is kept of a table's rows: made first, then written all at once.

Whatever ends it before that leaves the table as it was.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import msgspec
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from playground.models import RowChunk, RowEdit, RowSet, RowSetSource, RowSetState
from playground.row_sets import chunks, repairs, repeated
from playground.row_sets.chunks import CHUNK_ROWS, StoredRow
from playground.row_sets.facts import TableFacts, inputs_digest
from playground.row_sets.judging import NEEDS_ATTENTION, FindingCounter, Judged, judge_anew
from playground.row_sets.repairs import (
    CheckAgain,
    Order,
    RemoveFailing,
    RemoveRepeated,
    Repair,
    Repairer,
    TakeBack,
    UnableToRepair,
)
from playground.services.ledger.column_text import storable
from playground.services.row_sets import store
from playground.services.row_sets.errors import ChangedMeanwhile, UnableToChangeRowSet

# How far back one can go, in steps and in bytes of what it takes.
MOST_STEPS, MOST_BYTES = 50, 50_000_000
# What takes less than about half a second is done while its person waits: so many cells are
# judged, or five times as many looked at. A cell counts as often as it has so many bytes.
MOST_CELLS_AT_ONCE = 100_000
_A_CELL = 25
# Where no more chunks changed than these, what repeats is counted from what it was.
_FEW_CHUNKS, _FEW_ROWS = 8, 16
_NOTHING_TO_UNDO = "There is nothing to undo."

# Told how many rows were looked at so far; may raise to end it all.
Say = Callable[[int], None]


@dataclass(slots=True, kw_only=True)
class Made:
    """What becomes of a row set: the chunks that are others then, by their numbers (None for one
    that goes), each with how it `was`; what it says of itself; and, for what can be undone, that.
    `changed` is how many cells or rows, `workflow` is packed."""

    facts: TableFacts
    sentence: str = ""
    changed: int = 0
    chunks: dict[int, RowChunk | None] = field(default_factory=dict)
    was: dict[int, RowChunk] = field(default_factory=dict)
    is_step: bool = False
    undone: RowEdit | None = None
    workflow: bytes = b""


def is_small(row_set: RowSet, columns: int, order: Order) -> bool:
    """Whether it is done at once, by what it has to judge and to look at."""
    rows = row_set.rows
    judged, seen = rows, rows
    if isinstance(order, Repair) and order.rows is not None:
        judged = 0 if order.action == "remove" else len(order.rows)
        seen = rows if order.action == "fill-down" else len(order.rows) * CHUNK_ROWS
    elif isinstance(order, RemoveFailing):
        judged, seen = 0, row_set.attention * CHUNK_ROWS
    elif isinstance(order, RemoveRepeated):
        judged, seen = 0, row_set.duplicates * CHUNK_ROWS
    elif isinstance(order, TakeBack):
        judged = len(_last_step(row_set)) * CHUNK_ROWS
        seen = judged
    width = max(columns, row_set.size // (_A_CELL * max(1, rows)))
    return width * (min(judged, rows) + min(seen, rows) / 5) <= MOST_CELLS_AT_ONCE


def make(row_set: RowSet, order: Order, say: Say) -> Made:
    """Raises `UnableToChangeRowSet` for what cannot be done."""
    facts = msgspec.structs.replace(store.facts_of(row_set), order=None)
    maker = _Maker(row_set, facts, say)
    if isinstance(order, TakeBack):
        return maker.take_back()
    if isinstance(order, CheckAgain):
        return maker.check(order)
    if isinstance(order, RemoveFailing):
        order = _remove(_failing(row_set))
    elif isinstance(order, RemoveRepeated):
        groups = repeated.find_groups(store.digests_of(row_set.pk), order.kind)
        order = _remove(at for one in groups for at in (one[:-1] if order.keeps_last else one[1:]))
    return maker.repair(order)


def _remove(positions: Iterable[int]) -> Repair:
    return Repair(action="remove", rows=frozenset(positions))


def _failing(row_set: RowSet) -> Iterator[int]:
    """Positions of the rows that need attention."""
    first = 0
    found = RowChunk.objects.filter(row_set=row_set).order_by("number")
    for rows, packed in found.values_list("rows", "problems"):
        problems = store.problems_of(bytes(packed))
        yield from {first + one.row for one in problems if one.code in NEEDS_ATTENTION}
        first += rows


def _last_step(row_set: RowSet) -> dict[str, bytes]:
    """The cells of each chunk that the last repair changed, by its number."""
    found = RowEdit.objects.filter(row_set=row_set).values_list("before", flat=True).first()
    return msgspec.json.decode(bytes(found), type=dict[str, bytes]) if found else {}


class _Maker:
    def __init__(self, row_set: RowSet, facts: TableFacts, say: Say) -> None:
        self._row_set, self._say = row_set, say
        self._made = Made(facts=facts)
        self._workflow = store.workflow_of(row_set)
        self._judge = store.judge_of(self._workflow, facts)
        self._found = RowChunk.objects.filter(row_set=row_set).order_by("number")

    def repair(self, repair: Repair) -> Made:
        made = self._made
        room = settings.ROW_SET_FILE_MB * 1_000_000
        repairer = Repairer(repair, longest=settings.ROW_SET_CELL, room=room)
        for first, chunk in self._chunks(_Touched(repair)):
            before = store.rows_of(chunk)
            try:
                after = repairer.apply(before, first)
            except UnableToRepair as error:
                raise UnableToChangeRowSet(error.sentence) from None
            if after is not before:
                self._put(chunk.number, after, chunk, self._judged(repair, before, after, chunk))
        made.changed = repairer.changed
        made.sentence = repairs.tell(repair, made.changed, made.facts.columns)
        made.is_step = True
        return made

    def _judged(
        self,
        repair: Repair,
        before: Sequence[StoredRow],
        after: Sequence[StoredRow],
        chunk: RowChunk,
    ) -> Judged:
        if repair.column is not None and self._made.facts.mapping[repair.column] is None:
            return store.judged_of(chunk)  # The column is left out.
        known = {id(row): at for at, row in enumerate(before)}
        places = [known.get(id(row)) for row in after]
        return judge_anew(self._judge, after, store.judged_of(chunk), places)

    def take_back(self) -> Made:
        made = self._made
        made.undone = RowEdit.objects.filter(row_set=self._row_set).first()
        if made.undone is None:
            raise UnableToChangeRowSet(_NOTHING_TO_UNDO)
        seen = 0
        for number, cells in _last_step(self._row_set).items():
            chunk = self._found.filter(number=number).first()
            raws = chunks.split_rows(cells)
            rows = chunks.unpack(cells)
            if chunk is None:
                judged = self._judge.judge(rows)
            else:
                now = chunks.split_rows(bytes(chunk.cells))
                known = {bytes(raw): at for at, raw in enumerate(now)}
                places = [known.get(bytes(raw)) for raw in raws]
                judged = judge_anew(self._judge, rows, store.judged_of(chunk), places)
            self._put(int(number), rows, chunk, judged)
            seen += len(rows)
            self._say(seen)
        made.changed = len(made.chunks)
        made.sentence = f"Undone: {made.undone.sentence}"
        return made

    def check(self, order: CheckAgain) -> Made:
        """All rows, for another mapping or another workflow."""
        made = self._made
        if order.workflow:
            made.workflow = order.workflow
            self._workflow = store.unpack_workflow(order.workflow)
        made.facts = msgspec.structs.replace(
            made.facts,
            mapping=order.mapping,
            offered=order.offered,
            checked_for=inputs_digest(self._workflow),
        )
        judge = store.judge_of(self._workflow, made.facts)
        for _, chunk in self._chunks(lambda *_: True):
            rows = store.rows_of(chunk)
            # How they were found before is for nobody: it is not undone, but said anew.
            self._put(chunk.number, rows, None, judge.judge(rows))
        return made

    def _chunks(self, is_touched: Callable[[int, int], bool]) -> Iterator[tuple[int, RowChunk]]:
        """Those that are touched, each with the position of its first row. No other is read."""
        first = 0
        for pk, rows in list(self._found.values_list("pk", "rows")):
            if is_touched(first, rows):
                chunk = self._found.filter(pk=pk).first()
                if chunk is None:
                    raise ChangedMeanwhile(self._row_set)
                yield first, chunk
            first += rows
            self._say(first)

    def _put(
        self, number: int, rows: Sequence[StoredRow], was: RowChunk | None, judged: Judged
    ) -> None:
        new = store.new_chunk(self._row_set.pk, number, rows, judged) if rows else None
        self._made.chunks[number] = new
        if was:
            self._made.was[number] = was


class _Touched:
    """Whether a repair may change rows from `first` on, so many of them."""

    def __init__(self, repair: Repair) -> None:
        # What fills down looks at the cells above.
        is_all = repair.rows is None or repair.action == "fill-down"
        self._rows = None if is_all else sorted(repair.rows or ())

    def __call__(self, first: int, count: int) -> bool:
        if self._rows is None:
            return True
        at = bisect_left(self._rows, first)
        return at < len(self._rows) and self._rows[at] < first + count


def write(
    ours: QuerySet[RowSet], row_set: RowSet, made: Made, now: dt.datetime, *, sentence: str = ""
) -> bool:
    """Write what was made, if the row set is still among `ours`: whether it was. `row_set` is as
    it is then, and says the `sentence` of itself."""
    columns: dict[str, object] = {}
    if made.workflow:
        workflow = store.unpack_workflow(made.workflow)
        columns["workflow_uid"] = storable(workflow.uid)
        columns["workflow_name"] = storable(workflow.name)
    with transaction.atomic():
        is_ours = ours.update(
            state=RowSetState.READY,
            lease=None,
            sentence=storable(sentence),
            version=row_set.version + 1,
            changed_at=now,
            used_at=now,
            **columns,
        )
        if not is_ours:
            return False
        RowChunk.objects.filter(row_set=row_set, number__in=list(made.chunks)).delete()
        new = [chunk for chunk in made.chunks.values() if chunk]
        RowChunk.objects.bulk_create(new, batch_size=20)
        if made.workflow:
            RowSetSource.objects.filter(row_set=row_set).update(workflow=made.workflow)
        if made.is_step:
            _record(row_set, made, now)
        if made.undone:
            made.undone.delete()
        _count_anew(row_set, made)
    row_set.refresh_from_db()
    return True


def _record(row_set: RowSet, made: Made, now: dt.datetime) -> None:
    before = msgspec.json.encode({str(at): bytes(one.cells) for at, one in made.was.items()})
    RowEdit.objects.create(
        row_set=row_set,
        version=row_set.version,
        sentence=made.sentence,
        before=before,
        size=len(before),
        made_at=now,
    )
    kept: list[int] = []
    total = 0
    for pk, length in RowEdit.objects.filter(row_set=row_set).values_list("pk", "size"):
        total += length
        if kept and (total > MOST_BYTES or len(kept) >= MOST_STEPS):
            break
        kept.append(pk)
    RowEdit.objects.filter(row_set=row_set).exclude(pk__in=kept).delete()


def _count_anew(row_set: RowSet, made: Made) -> None:
    counter = FindingCounter()
    rows = attention = size = 0
    found = RowChunk.objects.filter(row_set=row_set).order_by("number")
    digests: list[bytes] = []
    for count, unready, length, packed, digest in found.values_list(
        "rows", "attention", "size", "problems", "digests"
    ):
        rows, attention, size = rows + count, attention + unready, size + length
        counter.add(store.problems_of(bytes(packed)))
        digests.append(bytes(digest))
    repeats = _count_repeats(row_set, made, digests)
    facts = msgspec.structs.replace(made.facts, findings=counter.findings())
    RowSet.objects.filter(pk=row_set.pk).update(
        rows=rows,
        attention=attention,
        exact=repeats.exact,
        similar=repeats.similar,
        size=size + max(0, len(digests) - 1),
        facts=store.pack_facts(facts),
    )


def _count_repeats(row_set: RowSet, made: Made, digests: Sequence[bytes]) -> repeated.Repeats:
    # What a row set says before its rows were ever checked is nothing to count from.
    if len(made.chunks) <= _FEW_CHUNKS and (made.is_step or made.undone):
        before = b"".join(bytes(chunk.digests) for chunk in made.was.values())
        after = b"".join(chunk.digests for chunk in made.chunks.values() if chunk)
        gone, come = repeated.difference(before, after)
        if len(gone) + len(come) <= _FEW_ROWS:
            known = repeated.Repeats(row_set.exact, row_set.similar)
            return repeated.recount(known, digests, gone, come)
    return repeated.count_repeats(digests)
