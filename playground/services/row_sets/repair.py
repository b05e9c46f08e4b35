"""Repairs of rows, one step at a time, each of which can be undone.

A repair is for the row set as a page showed it, by its version: what changed meanwhile, in
another tab or by another process, is shown first, and nothing is lost silently. One of many rows
is made by the worker.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

from playground.models import RowEdit, RowSet
from playground.row_sets import repairs
from playground.row_sets.repairs import Order, RemoveFailing, RemoveRepeated, Repair, TakeBack
from playground.row_sets.repeated import RepeatKind
from playground.services import permissions
from playground.services.permissions import Person
from playground.services.row_sets import reading, store
from playground.services.row_sets.errors import ChangedMeanwhile, UnableToChangeRowSet

_NOTHING = "Nothing had to be changed."


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """`sentence` says what was done; blank while the worker does it. `changed` is how many cells or
    rows."""

    row_set: RowSet
    sentence: str
    changed: int


def apply(
    user: Person, row_set: RowSet, version: int, repair: Repair, *, now: dt.datetime
) -> Repaired:
    """Raises `ChangedMeanwhile`, or `UnableToChangeRowSet` for what cannot be done."""
    return _order(user, row_set, version, repair, now)


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
    return _order(user, row_set, version, RemoveFailing(), now)


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
    return _order(user, row_set, version, RemoveRepeated(kind=kind, keeps_last=keeps_last), now)


def undo(user: Person, row_set: RowSet, version: int, *, now: dt.datetime) -> Repaired:
    """Take back the last repair that was not taken back."""
    return _order(user, row_set, version, TakeBack(), now)


def last_step(row_set: RowSet) -> str:
    """What undoing would take back; empty when there is nothing."""
    found = RowEdit.objects.filter(row_set=row_set).values_list("sentence", flat=True).first()
    return found or ""


def _order(user: Person, row_set: RowSet, version: int, order: Order, now: dt.datetime) -> Repaired:
    permissions.require(user, "use row set", row_set)
    reading.refuse_busy(row_set)
    if not row_set.is_ready or row_set.version != version:
        raise ChangedMeanwhile(row_set)
    columns = len(store.facts_of(row_set).columns)
    if isinstance(order, Repair) and not 0 <= (order.column or 0) < columns:
        raise UnableToChangeRowSet("There is no such column.")
    made = reading.carry_out(row_set, order, now=now)
    if made is None:
        return Repaired(row_set=row_set, sentence="", changed=0)
    sentence = made.sentence if made.changed else _NOTHING
    return Repaired(row_set=row_set, sentence=sentence, changed=made.changed)
