"""The launch form as drafts and presets keep it: its fields, but for what is of one page alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.http import QueryDict

from playground.contract.workflows import Workflow
from playground.models import Preset
from playground.payload.texts import shorten
from playground.services.permissions import Person
from playground.services.presets import fields as kept_fields
from playground.services.presets.fields import Fields
from playground.web.launches import field_names
from playground.web.launches.form import EDITED, EDITED_OF, LaunchForm

PRESET = "preset"
DRAFT_VERSION = "draft_version"
_OF_PAGE = frozenset(
    {
        "csrfmiddlewaretoken",
        "launch_token",
        "launches_seen",
        "action",
        "selected",
        "kept",
        "file",
        "cells_html",
        "cells_at",
        "trial_rows",
        "trial_on",
        DRAFT_VERSION,
    }
)
# Of fields in panels beside the form, of long values that the page names, of what it looks for.
_OF_PANELS = ("draft-", "preset-", "share-", "kept-", "more-")
# What was pasted and not filled in yet may be anything.
_PASTED, _LONGEST_PASTED = ("pasted", "cells"), 20_000
# The payload as text repeats the form, unless it was not taken over.
_AS_TEXT = (EDITED, EDITED_OF)
# Options beside rows and steps that are a person's own as well.
_OPTIONS = {
    field_names.SCHEDULE_TYPE: "the schedule",
    field_names.SCHEDULE_VALUE: "the schedule",
    field_names.SCHEDULE_EXTRA: "the schedule",
    field_names.DELAY: "the delay",
    field_names.UNSTRUCTURE_META: "unstructure meta",
    field_names.EXTRA: "other keys",
}
_ROWS = ("row_set", "row_set_version", "set_aside", "cells")


def fields_of(data: QueryDict) -> list[tuple[str, str]]:
    """What was typed, in the form's order."""
    return [
        (name, text)
        for name, texts in data.lists()
        if name not in _OF_PAGE and name not in _AS_TEXT and not name.startswith(_OF_PANELS)
        for text in map(str, texts)
        if name not in _PASTED or len(text) <= _LONGEST_PASTED
    ]


def text_of(data: QueryDict) -> list[tuple[str, str]]:
    """The payload as it was edited as text."""
    return [(name, data.get(name, "")) for name in _AS_TEXT if name in data]


def without_rows(fields: Fields) -> list[tuple[str, str]]:
    """The same but for the inputs."""
    beginnings = ("inputs-", field_names.kind("inputs-"))
    return [one for one in fields if one[0] not in _ROWS and not one[0].startswith(beginnings)]


def without_table(fields: Fields) -> list[tuple[str, str]]:
    """But for rows that are kept on the server: they are one person's."""
    return [one for one in fields if one[0] not in ("row_set", "row_set_version")]


def without_preset(fields: Fields) -> list[tuple[str, str]]:
    """As if it began with nothing: neither a preset nor a launch nor what was pasted."""
    return [one for one in fields if one[0] not in (PRESET, "relaunch_of", "pasted_of")]


def with_preset(fields: Fields, pk: int) -> list[tuple[str, str]]:
    """The same as begun with a preset."""
    return [*(one for one in fields if one[0] != PRESET), (PRESET, str(pk))]


def with_own(fields: Fields, own: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """With these in place of the fields of their names."""
    kept = [one for one in fields if one[0] not in own]
    return [*kept, *((name, text) for name, texts in own.items() for text in texts)]


def with_text(fields: Fields, name: str, text: str) -> list[tuple[str, str]]:
    """With this text in the field, as it is."""
    gone = (name, field_names.kind(name))
    return [*(one for one in fields if one[0] not in gone), (name, text)]


def data_of(fields: Iterable[tuple[str, str]]) -> QueryDict:
    """As a browser would post them."""
    data = QueryDict(mutable=True)
    for name, text in fields:
        data.appendlist(name, text)
    return data


def form_of(workflow: Workflow, fields: Fields, user: Person) -> LaunchForm:
    """The form that they are of, read for the workflow as it is."""
    return LaunchForm(workflow, data_of(fields), user)


def version_in(data: QueryDict) -> int:
    """The version of the draft that the form comes from; 0 where it knew of none."""
    text = data.get(DRAFT_VERSION, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else 0


def preset_in(data: QueryDict) -> int | None:
    """The number of the preset that the form began with."""
    text = data.get(PRESET, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None


def own_fields(data: QueryDict, preset: Preset) -> dict[str, list[str]]:
    """What the form has of steps, schedule and other options that is not as the preset has it."""
    mine, theirs = data.lists(), data_of(kept_fields.fields_of(preset)).lists()
    own, other = dict(mine), dict(theirs)
    changed = {
        name
        for name in {**other, **own}
        if _is_own(name) and _meant(own.get(name)) != _meant(other.get(name))
    }
    both = (one for name in sorted(changed) for one in (name, field_names.kind(name)))
    return {
        name: list(map(str, own.get(name, []))) for name in both if name in own or name in other
    }


def _is_own(name: str) -> bool:
    return name in _OPTIONS or name.startswith(field_names.step(""))


def _meant(texts: Sequence[object] | None) -> list[str]:
    """A field that is blank is as one that is not there."""
    return [str(text) for text in texts or () if text]


def words_of(workflow: Workflow, own: Iterable[str]) -> list[str]:
    """What these fields are called on the page."""
    steps = {step.step_uid: number for number, step in enumerate(workflow.ordered_steps, start=1)}
    starts = {field_names.step(uid) + "-": number for uid, number in steps.items()}
    found = []
    for name in own:
        start = next((one for one in starts if name.startswith(one)), "")
        if start:
            part = name.removeprefix(start).removeprefix("parameters-").replace("_", " ")
            found.append(f"{shorten(part)} of step {starts[start]}")
        elif name in _OPTIONS:
            found.append(_OPTIONS[name])
    return list(dict.fromkeys(found))
