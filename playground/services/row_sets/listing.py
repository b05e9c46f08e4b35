"""A person's row sets: listed, named anew, removed, used again, and forgotten in the end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.conf import settings
from django.db.models import QuerySet

from playground.models import RowChunk, RowMapping, RowSet
from playground.row_sets import chunks, writing
from playground.row_sets.chunks import StoredCell
from playground.row_sets.formats.json_rows import Cell, JsonText
from playground.services import permissions
from playground.services.ledger.column_text import storable
from playground.services.permissions import Person
from playground.services.row_sets import store
from playground.services.row_sets.reading import LONGEST_NAME


def list_row_sets(user: Person) -> QuerySet[RowSet]:
    """The person's own, the one that was used last first."""
    permissions.require(user, "use row set")
    return RowSet.objects.filter(user=permissions.as_user(user)).defer("facts")


def expires_at(row_set: RowSet) -> dt.datetime:
    return row_set.used_at + dt.timedelta(days=settings.ROW_SET_DAYS)


def rename(user: Person, row_set: RowSet, name: str, now: dt.datetime) -> None:
    """A blank name changes nothing."""
    permissions.require(user, "use row set", row_set)
    name = storable(name.strip())[:LONGEST_NAME]
    if name:
        RowSet.objects.filter(pk=row_set.pk).update(name=name, used_at=now)


def remove(user: Person, row_set: RowSet) -> None:
    """With its rows and all that was kept of it. Launches keep what they sent."""
    permissions.require(user, "use row set", row_set)
    row_set.delete()


def forget_old(now: dt.datetime) -> None:
    """Everybody's that nobody used for long."""
    long_ago = now - dt.timedelta(days=settings.ROW_SET_DAYS)
    RowSet.objects.filter(used_at__lt=long_ago).delete()
    RowMapping.objects.filter(used_at__lt=now - dt.timedelta(days=365)).delete()


def as_csv(user: Person, row_set: RowSet, *, exact: bool) -> Iterator[bytes]:
    """The table as CSV, piece by piece. Unless it is `exact`, no cell can start a formula."""
    permissions.require(user, "use row set", row_set)
    columns = store.facts_of(row_set).columns
    return writing.table_csv(columns, _cells(row_set), exact=exact)


def inputs_lines(user: Person, row_set: RowSet) -> Iterator[bytes]:
    """The inputs as a launch would send them, one JSON object a line."""
    permissions.require(user, "use row set", row_set)
    return _lines(row_set)


def _lines(row_set: RowSet) -> Iterator[bytes]:
    for part in store.input_parts(row_set.pk):
        if part:
            yield b"".join(raw + b"\n" for raw in chunks.split_objects(part))


def _cells(row_set: RowSet) -> Iterator[list[Cell]]:
    found = RowChunk.objects.filter(row_set=row_set).order_by("number")
    for packed in found.values_list("cells", flat=True).iterator(chunk_size=8):
        for row in chunks.unpack(bytes(packed)):
            yield [_cell(cell) for cell in row[1:]]


def _cell(cell: StoredCell) -> Cell:
    return JsonText(cell["json"]) if isinstance(cell, dict) else cell
