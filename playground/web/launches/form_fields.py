"""The launch form as drafts and presets keep it: its fields, but for what is of one page alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.http import QueryDict

from playground.contract.workflows import Workflow
from playground.models import Preset
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


def with_accounts(fields: Fields, accounts: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """With these accounts in place of those of their steps."""
    names = {field_names.accounts(step): uids for step, uids in accounts.items()}
    kept = [one for one in fields if one[0] not in names]
    return [*kept, *((name, uid) for name, uids in names.items() for uid in uids)]


def with_text(fields: Fields, name: str, text: str) -> list[tuple[str, str]]:
    """With this text in the field, as it is."""
    gone = (name, field_names.kind(name))
    return [*(one for one in fields if one[0] not in gone), (name, text)]


def accounts_in(fields: Fields) -> dict[str, list[str]]:
    """UID of each step that has accounts → their UIDs."""
    found: dict[str, list[str]] = {}
    start, end = field_names.accounts("|").split("|")
    for name, uid in fields:
        if name.startswith(start) and name.endswith(end) and uid:
            found.setdefault(name[len(start) : -len(end)], []).append(uid)
    return found


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


def own_accounts(data: QueryDict, preset: Preset) -> dict[str, list[str]]:
    """The accounts of the form that are not those of the preset, step by step."""
    theirs = accounts_in(kept_fields.fields_of(preset))
    mine = accounts_in(fields_of(data))
    return {
        step: mine.get(step, [])
        for step in {**theirs, **mine}
        if mine.get(step, []) != theirs.get(step, [])
    }
