"""A payload edited as JSON text: the text for a draft, and the draft for a text.

What the text leaves as it was stays in the draft as a person entered it: a blank row, a number
that is not valid yet, rows that are set aside. So the text of a draft, taken over, changes nothing.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

import msgspec

from playground.contract.workflows import Workflow
from playground.payload.build import builder
from playground.payload.build.builder import Built
from playground.payload.build.options import TOP_KEYS
from playground.payload.drafts import BLANK, LaunchDraft, RowDraft
from playground.payload.edit import editing, pasting
from playground.payload.edit.pasting import PastedPayload
from playground.payload.edit.reading import UnableToReadPayload
from playground.payload.texts import escape_hiding
from playground.payload.typed_json import UnableToReadJson, read_typed, tell_repeated

INPUTS = "inputs"
# Characters of a text that is edited in one field. Its lines are numbered as well.
LONGEST_TEXT = 200_000
# By key of the payload: the fields of a draft that make it.
_FIELDS_OF = {
    "job_name": ("job_name",),
    "unstructure_meta": ("unstructure_meta",),
    "repeat_option": ("schedule_type", "schedule_value", "schedule_extra"),
    "delay": ("delay",),
}
_PATH_PART = re.compile(r"\[([0-9]+)\]|([^.\[\]]+)")
_JSON_PART = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)
_ROWS_ARE_KEPT = (
    "inputs are not edited here: the rows of the table stay as they are. Take the key “inputs” "
    "out, or take the table out of the form."
)


def text_to_edit(built: Built) -> str | None:
    """The payload as text; None where it is too long to be edited in one field. Rows that are kept
    as a table are not part of it."""
    if built.stored is None:
        if built.size > LONGEST_TEXT:
            return None
        body = built.body
    else:
        body = msgspec.json.encode(without_inputs(built.value))
    text = escape_hiding(msgspec.json.format(body, indent=2).decode())
    return text if len(text) <= LONGEST_TEXT else None


def without_inputs(value: Mapping[str, Any]) -> dict[str, Any]:
    """The payload but for its rows."""
    return {key: item for key, item in value.items() if key != INPUTS}


def read_edited(
    workflow: Workflow,
    draft: LaunchDraft,
    built: Built,
    text: str,
    check: Callable[[Any], None] | None = None,
) -> PastedPayload:
    """The draft that sends what the text says; `built` is the payload of `draft`. `check` may
    refuse the value before anything is made of it. Raises `UnableToReadPayload`."""

    try:
        value, repeated = read_typed(text)
    except UnableToReadJson as error:
        raise UnableToReadPayload("", f"This is no JSON yet. {error.problem.sentence}") from None
    if built.stored is not None and isinstance(value, dict) and INPUTS in value:
        raise UnableToReadPayload("$.inputs", _ROWS_ARE_KEPT)
    if check:
        check(value)
    read = pasting.make_draft(workflow, value)
    made = builder.build_launch_request(workflow, read.draft)
    merge = _Merge(draft, built, read.draft, made)
    notices = (*tell_repeated(repeated), *read.notices)
    return PastedPayload(draft=merge.draft(workflow), notices=notices)


def find_path(text: str, path: str) -> int:
    """Where in this valid JSON text the value at a path such as `steps[0].step_uid` begins; or,
    where there is none, the nearest one around it."""
    wanted = tuple(
        int(index) if index else name for index, name in _PATH_PART.findall(path.removeprefix("$."))
    )
    here: list[int | str] = []
    opens: list[str] = []
    is_key, depth, place = False, -1, 0
    for part in _JSON_PART.finditer(text):
        sign = part[0]
        if sign in "]}":
            opens, here = opens[:-1], here[:-1]
        elif sign == ",":
            is_key = opens[-1] == "{"
            here[-1] = here[-1] if isinstance(here[-1], str) else here[-1] + 1
        elif is_key:
            here[-1], is_key = json.loads(sign), False
        elif sign != ":":
            if len(here) > depth and wanted[: len(here)] == tuple(here):
                depth, place = len(here), part.start()
            if sign in "[{":
                opens, here, is_key = [*opens, sign], [*here, 0], sign == "{"
    return place


@dataclass(frozen=True, slots=True)
class _Merge:
    """`old` and what it sends, `new` and what that sends."""

    old: LaunchDraft
    sent: Built
    new: LaunchDraft
    made: Built

    def draft(self, workflow: Workflow) -> LaunchDraft:
        keeps = {
            field: getattr(self.old, field)
            for key, fields in _FIELDS_OF.items()
            if _same(self.sent.value.get(key), self.made.value.get(key))
            and (key in self.sent.value) == (key in self.made.value)
            for field in fields
        }
        if _same(_others(self.sent.value), _others(self.made.value)):
            keeps["extra"] = self.old.extra
        return dataclasses.replace(
            self.new, **keeps, **self._steps(workflow), **self._rows(workflow)
        )

    def _steps(self, workflow: Workflow) -> dict[str, Any]:
        known = {step.step_uid for step in workflow.ordered_steps}
        sent, odd_sent = _by_uid(self.sent, known)
        made, odd_made = _by_uid(self.made, known)
        steps = {
            uid: self.old.step(uid)
            if uid in self.old.steps and _same(sent.get(uid), made.get(uid))
            else step
            for uid, step in self.new.steps.items()
        }
        if not _same(odd_sent, odd_made):
            return {"steps": steps}
        foreign = {uid: step for uid, step in self.old.steps.items() if uid not in known}
        return {"steps": steps | foreign, "unknown_steps": self.old.unknown_steps}

    def _rows(self, workflow: Workflow) -> dict[str, Any]:
        if self.old.stored is not None:
            return {"rows": self.old.rows, "stored": self.old.stored}
        sent, made = self.sent.value[INPUTS], self.made.value[INPUTS]
        if _same(sent, made):
            return {"rows": self.old.rows}
        rows = tuple(self._renewed_rows(sent, made, workflow))
        if not rows:
            rows = editing.clear_rows(workflow, dataclasses.replace(self.new, rows=())).rows
        return {"rows": rows}

    def _renewed_rows(
        self, sent: list[Any], made: list[Any], workflow: Workflow
    ) -> Iterator[RowDraft]:
        """Those that are as they were, as they were entered, the others in the place of those that
        are gone; then those that are set aside."""
        by_number = {row.number: row for row in self.old.rows}
        before: dict[str, list[int]] = {}
        for value, source in zip(sent, self.sent.rows, strict=True):
            before.setdefault(_text(value), []).append(source.number)
        kept = [before[text].pop(0) if before.get(text) else None for text in map(_text, made)]
        gone = (one.number for one in self.sent.rows if one.number not in kept)
        free = chain(gone, count(max(by_number, default=-1) + 1))
        typed = dict.fromkeys(key for row in self.old.rows for key in row.entries)
        blank = dict.fromkeys([*workflow.inputs, *typed], BLANK)
        for number, row in zip(kept, self.new.rows, strict=True):
            if number is not None:
                yield by_number[number]
            else:
                entries = {**blank, **row.entries}
                yield dataclasses.replace(row, number=next(free), entries=entries)
        yield from (row for row in self.old.rows if row.is_set_aside)


def _by_uid(built: Built, known: Collection[str]) -> tuple[dict[str, Any], list[Any]]:
    """The steps of the workflow by their UIDs, and all others."""
    pairs = list(zip(built.steps, built.value["steps"], strict=True))
    steps = {source.step_uid: item for source, item in pairs if source and source.step_uid in known}
    others = [item for source, item in pairs if source is None or source.step_uid not in known]
    return steps, others


def _others(value: Mapping[str, Any]) -> dict[str, Any]:
    return {key: item for key, item in value.items() if key not in TOP_KEYS}


def _same(one: Any, other: Any) -> bool:
    """Alike to the letter: 1 is not 1.0, nor true."""
    return one is other or _text(one) == _text(other)


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
