"""Long values of the launch form: folded where a page shows them, whole again when it is posted.

A page carries the fields of its form. What is too long for that is kept on the server, and the page
has `kept`, the name under which it is found, and `kept-<field name>` for each such field.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape

from django.http import HttpRequest, QueryDict
from django.utils import timezone

from playground.contract.workflows import Workflow
from playground.payload.drafts import Entry, LaunchDraft, RowDraft, StepDraft
from playground.payload.edit.reading import UnableToReadPayload
from playground.services.launches import kept_fields, preview
from playground.services.ledger import launches as launch_ledger
from playground.services.permissions import Person
from playground.web.launches import field_names

KEPT, PASTED = "kept", "pasted"
EMPTY = "empty"
_PREFIX = "kept-"
_LAUNCH = "launch-"
# Characters of one field, and bytes of all of them, that a page carries.
LONGEST_TEXT = 150_000
MOST_BYTES = 200_000
# Of what is kept the page shows the beginning.
_SHOWN = 60

Keep = Callable[[Mapping[str, Entry]], str]


@dataclass(frozen=True, slots=True)
class KeptEntry(Entry):
    """Stands for an entry that is kept: `text` is its beginning, `size` all of its characters."""

    size: int = 0

    @property
    def note(self) -> str:
        return f"{self.size:,} characters, kept on the server and sent whole"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldedForm:
    """A draft as a page can carry it; `kept` is the name of the rest, empty when all is there."""

    draft: LaunchDraft
    pasted: Entry
    kept: str


def kept_name(name: str) -> str:
    """The field that says of the field `name` that it is kept."""
    return _PREFIX + name


def fold(draft: LaunchDraft, pasted: Entry, keep: Keep) -> FoldedForm:
    """The draft with its longest entries folded; `keep` keeps them and names them."""
    entries = dict(_entries(draft)) | {PASTED: pasted}
    folded = dict(_too_long(entries))
    if not folded:
        return FoldedForm(draft=draft, pasted=entries[PASTED], kept="")
    shown = {
        name: KeptEntry(entry.text[:_SHOWN], entry.kind, len(entry.text))
        for name, entry in folded.items()
    }
    return FoldedForm(
        draft=_replaced(draft, shown),
        pasted=shown.get(PASTED, entries[PASTED]),
        kept=keep(folded),
    )


def keep_for(user: Person) -> Keep:
    """Keeps on the server."""
    return lambda fields: kept_fields.keep(user, fields, timezone.now())


def keep_as_launched(pk: int) -> Keep:
    """A recorded launch has them all: nothing is kept twice, and looking at it writes nothing."""
    return lambda _fields: f"{_LAUNCH}{pk}"


def unfolded(request: HttpRequest, workflow: Workflow) -> QueryDict:
    """The posted fields with those that are kept. Raises `UnableToReadPayload` when they are gone.

    The action `empty:<field name>` leaves one of them out.
    """
    posted = request.POST
    names = [name.removeprefix(_PREFIX) for name in posted if name.startswith(_PREFIX)]
    if not names:
        return posted
    found = _find(request, workflow, posted.get(KEPT, ""))
    emptied = posted.get("action", "").removeprefix(f"{EMPTY}:")
    data = posted.copy()
    for name in names:
        if name == emptied:
            continue
        entry = found.get(name)
        if entry is None:
            raise UnableToReadPayload("$", f"What was kept of the field {name[:200]} is gone.")
        data[name] = entry.text
        data[field_names.kind(name)] = entry.kind
    return data


def _find(request: HttpRequest, workflow: Workflow, name: str) -> Mapping[str, Entry]:
    number = name.removeprefix(_LAUNCH)
    if name == number or not (number.isascii() and number.isdecimal()):
        return kept_fields.find(request.user, name)
    try:
        launch = launch_ledger.get_launch(request.user, int(number[:18]), now=timezone.now())
    except launch_ledger.UnableToFindLaunch as error:
        raise UnableToReadPayload("$", str(error)) from error
    return dict(_entries(preview.read_draft(workflow, bytes(launch.payload))))


def _too_long(entries: Mapping[str, Entry]) -> Iterator[tuple[str, Entry]]:
    """What a page cannot carry: each that is long, and of the others the longest, if they are
    too much together."""
    sizes = {}
    for name, entry in entries.items():
        if len(entry.text) > LONGEST_TEXT:
            yield name, entry
        elif entry.text:
            sizes[name] = len(escape(entry.text).encode("utf-8", "replace"))
    total = sum(sizes.values())
    for name in sorted(sizes, key=lambda one: -sizes[one]):
        if total <= MOST_BYTES:
            return
        total -= sizes[name]
        yield name, entries[name]


def _entries(draft: LaunchDraft) -> Iterator[tuple[str, Entry]]:
    """The entries of a draft by the names of their fields."""
    for name, part in _TOP.items():
        yield name, getattr(draft, part)
    for row in draft.rows:
        for key, entry in row.entries.items():
            yield field_names.input_cell(row.number, key), entry
    for uid, step in draft.steps.items():
        for name_of, part in _OF_STEP.items():
            yield name_of(uid), getattr(step, part)
        for key, entry in step.parameters.items():
            yield field_names.parameter(uid, key), entry


def _replaced(draft: LaunchDraft, shown: Mapping[str, Entry]) -> LaunchDraft:
    top = {part: shown.get(name, getattr(draft, part)) for name, part in _TOP.items()}
    return dataclasses.replace(
        draft,
        rows=tuple(_replaced_row(row, shown) for row in draft.rows),
        steps={uid: _replaced_step(uid, step, shown) for uid, step in draft.steps.items()},
        **top,
    )


def _replaced_row(row: RowDraft, shown: Mapping[str, Entry]) -> RowDraft:
    entries = {
        key: shown.get(field_names.input_cell(row.number, key), entry)
        for key, entry in row.entries.items()
    }
    return dataclasses.replace(row, entries=entries)


def _replaced_step(uid: str, step: StepDraft, shown: Mapping[str, Entry]) -> StepDraft:
    parts = {
        part: shown.get(name_of(uid), getattr(step, part)) for name_of, part in _OF_STEP.items()
    }
    parameters = {
        key: shown.get(field_names.parameter(uid, key), entry)
        for key, entry in step.parameters.items()
    }
    return dataclasses.replace(step, parameters=parameters, **parts)


# Field name, or what makes it of a step's UID → the part of the draft.
_TOP = {
    field_names.JOB_NAME: "job_name",
    field_names.UNSTRUCTURE_META: "unstructure_meta",
    field_names.SCHEDULE_TYPE: "schedule_type",
    field_names.SCHEDULE_VALUE: "schedule_value",
    field_names.SCHEDULE_EXTRA: "schedule_extra",
    field_names.DELAY: "delay",
    field_names.EXTRA: "extra",
    field_names.UNKNOWN_STEPS: "unknown_steps",
}
_OF_STEP = {
    field_names.rotation: "rotation",
    field_names.output_column: "output_column",
    field_names.step_extra: "extra",
}
