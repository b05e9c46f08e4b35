"""Row sets as their pages show them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from playground.models import RowSet
from playground.row_sets.facts import TableFacts
from playground.services.row_sets import listing, store


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressContext:
    """How far a reading is. `total` is None while nobody knows how many rows there are."""

    row_set: RowSet
    doing: str
    done: int
    total: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRowSet:
    row_set: RowSet
    expires_at: dt.datetime


def progress(row_set: RowSet, facts: TableFacts | None = None) -> ProgressContext:
    facts = facts or store.facts_of(row_set)
    is_check = facts.work == "check"
    return ProgressContext(
        row_set=row_set,
        doing="Checking the rows" if is_check else "Reading the rows",
        done=row_set.done,
        total=facts.total or None,
    )


def listed(row_set: RowSet) -> ListedRowSet:
    return ListedRowSet(row_set=row_set, expires_at=listing.expires_at(row_set))


def state_of(row_set: RowSet) -> dict[str, object]:
    """What programs are told of a row set."""
    facts = store.facts_of(row_set)
    return {
        "state": row_set.state,
        "rows": row_set.rows,
        "ready": row_set.ready,
        "attention": row_set.attention,
        "duplicates": row_set.duplicates,
        "mapping": dict(zip(facts.columns, facts.mapping, strict=False)),
        "sentence": row_set.sentence or told(row_set, facts),
    }


def told(row_set: RowSet, facts: TableFacts) -> str:
    """Where a row set stands, in a sentence: what was read, or how far the reading is."""
    if row_set.is_reading:
        now = progress(row_set, facts)
        return f"{now.doing}: {now.done:,}" + (f" of {now.total:,}." if now.total else ".")
    return " ".join(filter(None, (facts.found, facts.offered)))
