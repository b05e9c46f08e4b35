"""Row sets as the database has them: found, read in pieces, and given to a payload."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from django.conf import settings

from playground.contract import wire
from playground.contract.workflows import Workflow
from playground.models import RowChunk, RowSet, RowSetSource
from playground.payload import fingerprints
from playground.payload.stored_rows import StoredRows
from playground.payload.texts import shorten
from playground.row_sets import chunks
from playground.row_sets.chunks import StoredRow
from playground.row_sets.facts import TableFacts, inputs_digest
from playground.row_sets.judging import DIGEST, Judged, Problem, RowJudge
from playground.row_sets.mapping import META
from playground.services import permissions
from playground.services.permissions import Person
from playground.services.row_sets.errors import NoSuchRowSet

# So many rows stand in a preview.
HEAD = 20
# A look is written down once a day: pages and previews ask for a row set all the time.
_USED_EVERY = dt.timedelta(days=1)
_GONE = (
    "These rows are not here any more: they were removed, or not used for {days} days. Import the "
    "table again."
)


def find(user: Person, pk: int) -> RowSet:
    """The person's row set of this number. Raises `NoSuchRowSet`."""
    permissions.require(user, "use row set")
    # Databases hold 64 bits; a longer number in an address is simply nobody's.
    row_set = RowSet.objects.filter(pk=pk).first() if pk < 2**63 else None
    if row_set is None or not permissions.can(user, "use row set", row_set):
        raise NoSuchRowSet(_GONE.format(days=settings.ROW_SET_DAYS))
    return row_set


def touch(row_set: RowSet, now: dt.datetime) -> None:
    """Somebody works with it: it is kept for longer."""
    if row_set.used_at < now - _USED_EVERY:
        RowSet.objects.filter(pk=row_set.pk).update(used_at=now)


def facts_of(row_set: RowSet) -> TableFacts:
    return msgspec.json.decode(bytes(row_set.facts), type=TableFacts)


def doing(facts: TableFacts) -> str:
    """What is being done with rows that are “being …”."""
    if facts.is_repair:
        return "repaired"
    if facts.is_fetch:
        return "fetched"
    return "checked" if facts.is_check else "read"


def pack_facts(facts: TableFacts) -> bytes:
    return msgspec.json.encode(facts)


def workflow_of(row_set: RowSet) -> Workflow:
    """The workflow as it was when its rows were checked. Raises `NoSuchRowSet` when the row set was
    removed meanwhile."""
    found = RowSetSource.objects.filter(row_set=row_set).values_list("workflow", flat=True)
    packed = found.first()
    if packed is None:
        raise NoSuchRowSet(_GONE.format(days=settings.ROW_SET_DAYS))
    return unpack_workflow(bytes(packed))


def unpack_workflow(packed: bytes) -> Workflow:
    return wire.from_builtins(Workflow, wire.parse_json(zlib.decompress(packed)))


def judge_of(workflow: Workflow, facts: TableFacts) -> RowJudge:
    """Judges the rows of a table as its columns are mapped."""
    return RowJudge(workflow, facts.mapping, keeps_blank=facts.keeps_all)


def pack_workflow(workflow: Workflow) -> bytes:
    return zlib.compress(wire.encode(workflow), 6)


def rows_of(chunk: RowChunk) -> list[StoredRow]:
    rows: list[StoredRow] = chunks.unpack(bytes(chunk.cells))
    return rows


def problems_of(packed: bytes) -> list[Problem]:
    return msgspec.json.decode(zlib.decompress(packed), type=list[Problem])


def judged_of(chunk: RowChunk) -> Judged:
    """What was found of its rows."""
    return Judged(
        inputs=zlib.decompress(bytes(chunk.inputs)),
        problems=tuple(problems_of(bytes(chunk.problems))),
        digests=bytes(chunk.digests),
        is_plain=chunk.is_plain,
    )


def new_chunk(row_set_id: int, number: int, rows: Sequence[StoredRow], judged: Judged) -> RowChunk:
    return RowChunk(
        row_set_id=row_set_id,
        number=number,
        rows=len(rows),
        attention=judged.attention,
        cells=chunks.pack(rows),
        inputs=zlib.compress(judged.inputs, 1),
        size=len(judged.inputs),
        is_plain=judged.is_plain,
        problems=chunks.pack(judged.problems),
        digests=judged.digests,
    )


def input_parts(row_set_id: int) -> Iterator[bytes]:
    """The inputs as they are sent: objects with commas between them in each part."""
    found = RowChunk.objects.filter(row_set=row_set_id).order_by("number")
    for packed in found.values_list("inputs", flat=True).iterator(chunk_size=8):
        yield zlib.decompress(bytes(packed))


def canonical_parts(row_set_id: int) -> Iterator[bytes]:
    """The same as they are hashed."""
    found = RowChunk.objects.filter(row_set=row_set_id).order_by("number")
    for packed, is_plain in found.values_list("inputs", "is_plain").iterator(chunk_size=8):
        inputs = zlib.decompress(bytes(packed))
        yield inputs if is_plain else fingerprints.canonical_text(inputs)


def stored_rows(row_set: RowSet, workflow: Workflow) -> StoredRows:
    """The rows as a payload for this workflow takes them. Only the head of them is read."""
    facts = facts_of(row_set)
    first = RowChunk.objects.filter(row_set=row_set).order_by("number")
    chunk = first.only("inputs", "cells").first()
    return StoredRows(
        identity=f"{row_set.pk}/{row_set.version}/{row_set.changed_at.isoformat()}",
        name=row_set.name,
        place_word=facts.place_word,
        count=row_set.rows,
        size=row_set.size,
        number=row_set.pk,
        version=row_set.version,
        head=tuple(_head_of(bytes(chunk.inputs))) if chunk else (),
        places=tuple(_places_of(bytes(chunk.cells))) if chunk else (),
        parts=lambda: input_parts(row_set.pk),
        canonical_parts=lambda: canonical_parts(row_set.pk),
        digests=lambda: folded_digests(row_set.pk),
        findings=facts.findings,
        keys=tuple(one for one in facts.mapping if one and not one.startswith(META)),
        ready=row_set.ready,
        exact=row_set.exact,
        similar=row_set.similar,
        outdated=why_outdated(row_set, facts, workflow),
    )


def missing_rows(number: int, name: str, problem: str, *, is_waiting: bool = False) -> StoredRows:
    """What stands for rows that cannot be launched, with a sentence why."""
    return StoredRows(
        identity="",
        number=number,
        name=name,
        problem=problem,
        is_waiting=is_waiting,
        place_word="row",
        count=0,
        size=0,
        head=(),
        parts=lambda: iter(()),
        canonical_parts=lambda: iter(()),
        digests=list,
    )


def folded_digests(row_set_id: int) -> list[bytes]:
    """The `row_digest` of each row."""
    return [
        of_chunk[at + DIGEST : at + 2 * DIGEST]
        for of_chunk in digests_of(row_set_id)
        for at in range(0, len(of_chunk), 2 * DIGEST)
    ]


def digests_of(row_set_id: int) -> list[bytes]:
    found = RowChunk.objects.filter(row_set=row_set_id).order_by("number")
    return [bytes(one) for one in found.values_list("digests", flat=True)]


def _head_of(packed: bytes) -> list[dict[str, Any]]:
    """The first rows: no more of a chunk is decoded than is shown."""
    first = chunks.split_objects(zlib.decompress(packed))[:HEAD]
    return [msgspec.json.decode(one) for one in first]


def _places_of(packed: bytes) -> list[int]:
    """Where they stand in the source."""
    return [chunks.read_row(raw)[0] for raw in chunks.split_rows(packed)[:HEAD]]


def why_outdated(row_set: RowSet, facts: TableFacts, workflow: Workflow) -> str:
    """Why what was found of the rows may not hold for this workflow; empty when it does."""
    name = shorten(row_set.name)
    if row_set.workflow_uid != workflow.uid:
        return (
            f"The rows of {name} were imported for another workflow, "
            f"{shorten(row_set.workflow_name)}: open them, and check them for this one."
        )
    if facts.checked_for != inputs_digest(workflow):
        return (
            f"The inputs of the workflow have changed since the rows of {name} were checked: open "
            "them, and check them again."
        )
    return ""
