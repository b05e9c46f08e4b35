"""What the tests of row sets begin with."""

from __future__ import annotations

import datetime as dt
from typing import Any

from playground.contract import wire
from playground.contract.workflows import Workflow
from playground.models import RowChunk, RowSet
from playground.row_sets import chunks
from playground.services.row_sets import store

NOW = dt.datetime(2026, 5, 4, 12, 0, tzinfo=dt.UTC)


def make_workflow(**inputs: dict[str, Any]) -> Workflow:
    step = {"step_uid": "first", "position": 0, "integrations": [], "input_schema": inputs}
    return wire.from_builtins(Workflow, {"uid": "w-1", "name": "Find", "steps": [step]})


def texts_of(row_set: RowSet) -> list[list[str]]:
    """The cells of all rows."""
    found = RowChunk.objects.filter(row_set=row_set).order_by("number")
    return [
        [chunks.text_of(cell) for cell in row[1:]] for one in found for row in store.rows_of(one)
    ]


def bytes_of(row_set: RowSet) -> list[tuple[bytes, ...]]:
    """Everything that is kept of its rows."""
    found = RowChunk.objects.filter(row_set=row_set).order_by("number")
    kept = found.values_list("cells", "inputs", "problems", "digests")
    return [tuple(bytes(column) for column in one) for one in kept]
