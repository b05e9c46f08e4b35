"""Which row and which step of the draft a part of the payload comes from."""

from __future__ import annotations

from typing import NamedTuple


class RowSource(NamedTuple):
    """A sent row: the draft's `number` for it, and its place in the draft counted from 1."""

    number: int
    position: int


class StepSource(NamedTuple):
    """A sent step: its place in the workflow counted from 1, 0 when it is not the workflow's."""

    step_uid: str
    position: int


def row_label(position: int) -> str:
    return f"Row {position}"


def step_label(source: StepSource) -> str:
    return f"Step {source.position}" if source.position else f"Step {source.step_uid}"
