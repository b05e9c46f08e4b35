"""What differs, as its page shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from django.core.paginator import Page, Paginator

from playground.contract.workflows import Workflow
from playground.payload import diff
from playground.payload.diff import ABSENT, Change, Diff, Kind
from playground.payload.paths import show_path
from playground.payload.texts import escape_hiding, shorten
from playground.payload.words import counted
from playground.web import listed
from playground.web.compare.sources import Source

ROWS_SHOWN = 50
# Characters of a value; the file has all of it.
LONGEST_VALUE = 300
# Changed keys of one row.
MOST_KEYS = 20
_WORDS: Mapping[Kind, str] = {
    "added": "added",
    "removed": "removed",
    "changed": "changed",
    "moved": "in another order",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeContext:
    """One difference. `before` and `after` are JSON, None where there is nothing."""

    kind: Kind
    word: str
    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupContext:
    """The differences of one part of the payload."""

    title: str
    changes: tuple[ChangeContext, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowContext:
    """A row that differs. `where` tells its places; `more` keys of it are not shown."""

    kind: Kind
    word: str
    where: str
    row: str
    changes: tuple[ChangeContext, ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareContext:
    left: Source
    right: Source
    sentence: str
    is_same: bool
    found: Diff
    groups: tuple[GroupContext, ...]
    left_out: int
    rows: tuple[RowContext, ...]
    page_of: Page[int]
    has_other_workflow: bool


def compare_page(
    sources: tuple[Source, Source], found: Diff, workflow: Workflow | None, number: int
) -> CompareContext:
    left, right = sources
    shown, left_out = listed.first(found.changes)
    page_of = Paginator(range(len(found.rows)), ROWS_SHOWN).get_page(number)
    places = range(max(page_of.start_index() - 1, 0), page_of.end_index())
    rows = diff.read_rows(left.side, right.side, found.rows, places)
    return CompareContext(
        left=left,
        right=right,
        sentence=_sentence(found),
        is_same=found.is_same,
        found=found,
        groups=tuple(_groups(shown, sources, workflow)),
        left_out=left_out,
        rows=tuple(map(_row, rows)),
        page_of=page_of,
        has_other_workflow=left.workflow_uid != right.workflow_uid,
    )


def line_of(change: Change) -> bytes:
    """The difference as a line of JSON."""
    line = {"kind": change.kind, "path": show_path(change.path)}
    sides = {"before": change.before, "after": change.after}
    values = {name: value for name, value in sides.items() if value is not ABSENT}
    return msgspec.json.encode(line | values) + b"\n"


def _sentence(found: Diff) -> str:
    if found.is_same:
        return "Both are the same payload, however they are written."
    if found.is_same_but_name:
        return "Both are the same but for the job name."
    rows = found.rows
    told = [counted(len(found.changes), "difference")] if found.changes else []
    parts = (("added", rows.added), ("removed", rows.removed), ("changed", rows.changed))
    told += [f"{counted(count, 'row')} {word}" for word, count in parts if count]
    if found.changes and found.are_rows_same and rows.counts[1]:
        told.append("the same rows")
    if rows.is_moved:
        told.append("rows in another order")
    sentence = ", ".join(told)
    return f"{sentence[:1].upper()}{sentence[1:]}."


def _groups(
    changes: Iterable[Change], sources: tuple[Source, Source], workflow: Workflow | None
) -> Iterable[GroupContext]:
    groups: dict[str, list[ChangeContext]] = {}
    for change in changes:
        title = _title(change, sources, workflow)
        groups.setdefault(title, []).append(_change(change))
    for title, some in groups.items():
        yield GroupContext(title=title, changes=tuple(some))


def _title(change: Change, sources: tuple[Source, Source], workflow: Workflow | None) -> str:
    if change.path[0] != diff.STEPS:
        return "Launch"
    if len(change.path) < 2:
        return "Steps"
    # What is gone has its place on the left.
    is_gone = change.kind == "removed" and len(change.path) == 2
    steps = sources[0 if is_gone else 1].side.body.get(diff.STEPS)
    at = change.path[1]
    step = steps[at] if isinstance(steps, list) and isinstance(at, int) else None
    uid = step.get(diff.STEP_UID) if isinstance(step, dict) else None
    for number, known in enumerate(workflow.ordered_steps if workflow else (), start=1):
        if known.step_uid == uid:
            return f"Step {number}: {shorten(known.name, 80)}"
    return f"Step {shorten(str(uid), 80)}"


def _change(change: Change, skip: int = 0) -> ChangeContext:
    path = show_path(change.path) if not skip else show_path(change.path[skip:]).removeprefix("$.")
    return ChangeContext(
        kind=change.kind,
        word=_WORDS[change.kind],
        path=shorten(path, 200),
        before=_text(change.before),
        after=_text(change.after),
    )


def _row(row: diff.RowDiff) -> RowContext:
    is_added, is_removed = row.before_at is None, row.after_at is None
    kind: Kind = "added" if is_added else "removed" if is_removed else "changed"
    changes = row.changes
    # The path of a row is said by its place.
    return RowContext(
        kind=kind,
        word=_WORDS[kind],
        where=_where(row),
        row="" if kind == "changed" else _text(row.after if is_added else row.before) or "",
        changes=tuple(_change(one, skip=2) for one in changes[:MOST_KEYS]),
        more=max(0, len(changes) - MOST_KEYS),
    )


def _where(row: diff.RowDiff) -> str:
    places = [f"{at + 1:,}" for at in (row.before_at, row.after_at) if at is not None]
    return f"Row {' → '.join(dict.fromkeys(places))}"


def _text(value: Any) -> str | None:
    if value is ABSENT:
        return None
    text = escape_hiding(msgspec.json.encode(value).decode())
    rest = len(text) - LONGEST_VALUE
    return text if rest <= 0 else f"{text[:LONGEST_VALUE]}… {counted(rest, 'more character')}"
