"""Repairs of rows, one step at a time, each of which can be undone.

A repair is for the row set as a page showed it, by its version: what changed meanwhile, in
another tab or by another process, is shown first, and nothing is lost silently.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec
from django.conf import settings
from django.db import transaction

from playground.models import RowChunk, RowEdit, RowSet, RowSetState
from playground.row_sets import chunks, repairs, repeated
from playground.row_sets.chunks import StoredRow
from playground.row_sets.judging import (
    NEEDS_ATTENTION,
    FindingCounter,
    Judged,
    RowJudge,
    judge_anew,
)
from playground.row_sets.repairs import Repair, Repairer
from playground.row_sets.repeated import RepeatKind
from playground.services import permissions
from playground.services.permissions import Person
from playground.services.row_sets import store
from playground.services.row_sets.errors import ChangedMeanwhile, UnableToChangeRowSet

# How far back one can go, in steps and in bytes of what it takes.
MOST_STEPS, MOST_BYTES = 50, 50_000_000
_NOTHING = "Nothing had to be changed."


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """`sentence` says what was done; `changed` is how many cells or rows."""

    row_set: RowSet
    sentence: str
    changed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """One chunk that becomes another: without rows it goes. `chunk` is how it was, if it was
    there, and `places` say of each row which of that one's it is, if it is one."""

    number: int
    rows: list[StoredRow]
    chunk: RowChunk | None
    places: list[int | None]

    def judged(self, judge: RowJudge) -> Judged:
        if self.chunk is None:
            return judge.judge(self.rows)
        return judge_anew(judge, self.rows, store.judged_of(self.chunk), self.places)


def apply(
    user: Person, row_set: RowSet, version: int, repair: Repair, *, now: dt.datetime
) -> Repaired:
    """Raises `ChangedMeanwhile`, or `UnableToChangeRowSet` for what cannot be done."""
    permissions.require(user, "use row set", row_set)
    _check(row_set, version)
    columns = store.facts_of(row_set).columns
    if repair.column is not None and not 0 <= repair.column < len(columns):
        raise UnableToChangeRowSet("There is no such column.")
    repairer = Repairer(repair)
    changes = _changes(row_set, repair, repairer)
    sentence = repairs.tell(repair, repairer.changed, columns)
    if not changes:
        return Repaired(row_set=row_set, sentence=_NOTHING, changed=0)
    _write(row_set, changes, now, sentence=sentence)
    return Repaired(row_set=row_set, sentence=sentence, changed=repairer.changed)


def set_cells(
    user: Person,
    row_set: RowSet,
    version: int,
    texts: Mapping[tuple[int, int], str],
    *,
    now: dt.datetime,
) -> Repaired:
    """Give cells, by row and column (from 0), these texts; without any, whatever was done
    meanwhile, nothing is changed."""
    if not texts:
        return Repaired(row_set=row_set, sentence=_NOTHING, changed=0)
    longest = max(map(len, texts.values()))
    if longest > settings.ROW_SET_CELL:
        raise UnableToChangeRowSet(
            f"A cell may have at most {settings.ROW_SET_CELL:,} characters; this one would have "
            f"{longest:,}. Shorten it."
        )
    columns = len(store.facts_of(row_set).columns)
    if not all(0 <= row < row_set.rows and 0 <= column < columns for row, column in texts):
        raise ChangedMeanwhile(row_set)
    return apply(user, row_set, version, repairs.set_cells(texts), now=now)


def remove_failing(user: Person, row_set: RowSet, version: int, *, now: dt.datetime) -> Repaired:
    """Remove every row that needs attention."""
    failing: set[int] = set()
    first = 0
    found = RowChunk.objects.filter(row_set=row_set).order_by("number")
    for rows, packed in found.values_list("rows", "problems"):
        problems = store.problems_of(bytes(packed))
        failing |= {first + one.row for one in problems if one.code in NEEDS_ATTENTION}
        first += rows
    return _remove(user, row_set, version, failing, now)


def remove_repeated(
    user: Person,
    row_set: RowSet,
    version: int,
    *,
    kind: RepeatKind,
    keeps_last: bool,
    now: dt.datetime,
) -> Repaired:
    """Of rows that are the same keep the first, or the last."""
    groups = repeated.find_groups(store.digests_of(row_set.pk), kind)
    surplus = {at for group in groups for at in (group[:-1] if keeps_last else group[1:])}
    return _remove(user, row_set, version, surplus, now)


def undo(user: Person, row_set: RowSet, version: int, *, now: dt.datetime) -> Repaired:
    """Take back the last repair that was not taken back."""
    permissions.require(user, "use row set", row_set)
    _check(row_set, version)
    edit = RowEdit.objects.filter(row_set=row_set).first()
    if edit is None:
        raise UnableToChangeRowSet("There is nothing to undo.")
    before = msgspec.json.decode(bytes(edit.before), type=dict[str, bytes])
    changes = [_back_to(row_set, int(number), cells) for number, cells in before.items()]
    _write(row_set, changes, now, undone=edit)
    return Repaired(row_set=row_set, sentence=f"Undone: {edit.sentence}", changed=len(changes))


def last_step(row_set: RowSet) -> str:
    """What undoing would take back; empty when there is nothing."""
    found = RowEdit.objects.filter(row_set=row_set).values_list("sentence", flat=True).first()
    return found or ""


def _remove(
    user: Person, row_set: RowSet, version: int, positions: Iterable[int], now: dt.datetime
) -> Repaired:
    chosen = frozenset(positions)
    return apply(user, row_set, version, Repair(action="remove", rows=chosen), now=now)


def _check(row_set: RowSet, version: int) -> None:
    if row_set.is_reading:
        raise UnableToChangeRowSet(f"{row_set.name} is being read: wait until it is.")
    if not row_set.is_ready or row_set.version != version:
        raise ChangedMeanwhile(row_set)


def _changes(row_set: RowSet, repair: Repair, repairer: Repairer) -> list[_Change]:
    """The chunks that the repair changes. Those that it cannot touch are not read."""
    changes = []
    first = 0
    found = RowChunk.objects.filter(row_set=row_set).order_by("number")
    for pk, rows in list(found.values_list("pk", "rows")):
        if _may_touch(repair, first, rows):
            chunk = found.filter(pk=pk).first()
            if chunk is None:
                raise ChangedMeanwhile(row_set)
            before = store.rows_of(chunk)
            after = repairer.apply(before, first)
            if after is not before:
                known = {id(row): at for at, row in enumerate(before)}
                places = [known.get(id(row)) for row in after]
                change = _Change(number=chunk.number, rows=after, chunk=chunk, places=places)
                changes.append(change)
        first += rows
    return changes


def _back_to(row_set: RowSet, number: int, cells: bytes) -> _Change:
    """The change of a chunk to what its cells once were."""
    chunk = RowChunk.objects.filter(row_set=row_set, number=number).first()
    now = chunks.split_rows(bytes(chunk.cells)) if chunk else []
    known = {bytes(raw): at for at, raw in enumerate(now)}
    places = [known.get(bytes(raw)) for raw in chunks.split_rows(cells)]
    return _Change(number=number, rows=chunks.unpack(cells), chunk=chunk, places=places)


def _may_touch(repair: Repair, first: int, count: int) -> bool:
    # What fills down looks at the cells above.
    if repair.rows is None or repair.action == "fill-down":
        return True
    return any(first <= at < first + count for at in repair.rows)


def _write(
    row_set: RowSet,
    changes: Sequence[_Change],
    now: dt.datetime,
    *,
    sentence: str = "",
    undone: RowEdit | None = None,
) -> None:
    """Store the changed chunks, judged, with the step back; `row_set` is as it is then."""
    facts = store.facts_of(row_set)
    judge = store.judge_of(store.workflow_of(row_set), facts)
    made = [store.new_chunk(row_set.pk, one.number, one.rows, one.judged(judge)) for one in changes]
    with transaction.atomic():
        ours = RowSet.objects.filter(
            pk=row_set.pk, version=row_set.version, state=RowSetState.READY
        )
        if not ours.update(version=row_set.version + 1, changed_at=now, used_at=now):
            raise ChangedMeanwhile(row_set)
        numbers = [one.number for one in changes]
        RowChunk.objects.filter(row_set=row_set, number__in=numbers).delete()
        RowChunk.objects.bulk_create([chunk for chunk in made if chunk.rows], batch_size=20)
        if undone is None:
            _record(row_set, changes, sentence, now)
        else:
            undone.delete()
        _count_anew(row_set)
    row_set.refresh_from_db()


def _record(row_set: RowSet, changes: Sequence[_Change], sentence: str, now: dt.datetime) -> None:
    before = msgspec.json.encode(
        {str(one.number): bytes(one.chunk.cells) for one in changes if one.chunk}
    )
    RowEdit.objects.create(
        row_set=row_set,
        version=row_set.version,
        sentence=sentence,
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


def _count_anew(row_set: RowSet) -> None:
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
    repeats = repeated.count_repeats(digests)
    facts = msgspec.structs.replace(store.facts_of(row_set), findings=counter.findings())
    RowSet.objects.filter(pk=row_set.pk).update(
        rows=rows,
        attention=attention,
        exact=repeats.exact,
        similar=repeats.similar,
        size=size + max(0, len(digests) - 1),
        facts=store.pack_facts(facts),
    )
