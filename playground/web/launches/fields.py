"""Fields as the launch form shows them: an entry becomes something that a page can carry."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from playground.payload.build import values
from playground.payload.drafts import Entry, Kind
from playground.preflight.lines import Line
from playground.web.field_ids import field_id
from playground.web.launches import field_names
from playground.web.launches.field_names import FieldNames
from playground.web.launches.kept import KeptEntry, kept_name

# Of what the upstream says of a field: it stands beside each of them, and in each row again.
LONGEST_PLACEHOLDER, LONGEST_HELP = 100, 2_000

# Field name → what preflight says of it.
Problems = Mapping[str, tuple[Line, ...]]
# Value and label of each option of a select.
Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldContext:
    """One field. `choices` make it a select; `is_area` a text area; else it is a line.

    With a `kept_name` its text is kept on the server, and `text` is only the beginning of it.
    """

    name: str
    id: str
    label: str
    text: str
    kind: Kind = "auto"
    kind_name: str = ""
    has_kinds: bool = False
    placeholder: str = ""
    help: str = ""
    type: str = "text"
    choices: Choices = ()
    is_area: bool = False
    is_code: bool = False
    is_required: bool = False
    issues: tuple[Line, ...] = ()
    kept_name: str = ""
    kept_note: str = ""

    @property
    def is_odd(self) -> bool:
        """It is not simply read as typed: the page must show how it is meant."""
        return self.kind != "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a field is drawn: `choices` make it a select, `is_area` a text area, else it is a line.

    With `has_kinds` one may say how its text is meant; `type` is what a parameter takes. The label
    of one that `is_code` is a name of the API. One that `is_required` is told as such, and may be
    left blank all the same: preflight judges it.
    """

    choices: Choices = ()
    is_area: bool = False
    has_kinds: bool = False
    placeholder: str = ""
    help: str = ""
    type: str = "text"
    is_code: bool = False
    is_required: bool = False


PLAIN = Look()


def by_field(lines: Iterable[Line], names: FieldNames) -> Problems:
    found: dict[str, tuple[Line, ...]] = {}
    for line in lines:
        name = names.name_of(line.path)
        found[name] = (*found.get(name, ()), line)
    return found


def make_field(
    name: str, label: str, entry: Entry, problems: Problems, look: Look = PLAIN
) -> FieldContext:
    if isinstance(entry, KeptEntry):
        return _kept_field(name, label, entry, problems, look)
    entry = _showable(entry, look.choices)
    is_a_choice = entry.is_left_out or (entry.kind == "auto" and entry.text in dict(look.choices))
    # What is none of the choices is shown as it was typed.
    choices = look.choices if is_a_choice else ()
    is_odd_choice = bool(look.choices) and not choices
    return FieldContext(
        name=name,
        id=field_id(name),
        label=label,
        text=entry.text,
        kind=entry.kind,
        kind_name=field_names.kind(name),
        has_kinds=look.has_kinds or is_odd_choice or entry.kind != "auto",
        placeholder=look.placeholder,
        help=look.help,
        type=look.type,
        is_code=look.is_code,
        is_required=look.is_required,
        choices=choices,
        is_area=not choices and (look.is_area or "\n" in entry.text),
        issues=problems.get(name, ()),
    )


def _kept_field(
    name: str, label: str, entry: KeptEntry, problems: Problems, look: Look
) -> FieldContext:
    return FieldContext(
        name=name,
        id=field_id(name),
        label=label,
        text=entry.text,
        help=look.help,
        type=look.type,
        issues=problems.get(name, ()),
        kept_name=kept_name(name),
        kept_note=entry.note,
    )


def _showable(entry: Entry, choices: Choices) -> Entry:
    """The same entry in a form that a page can carry without changing it.

    HTML replaces NUL, and turns a lone CR into a line feed: such text travels as JSON. In text
    that is JSON already, NUL cannot stand and CR means nothing.
    """
    if choices and entry.kind == "null" and "null" in dict(choices):
        return Entry("null")
    is_changed_by_html = "\r" in entry.text or "\x00" in entry.text
    is_json = entry.kind == "json" and not values.read_json(entry.text).problem
    if is_changed_by_html and not is_json and entry.kind != "null":
        return Entry(json.dumps(entry.text, ensure_ascii=False), "json")
    return entry


def boolean_choices(default: str) -> Choices:
    return (("", f"not sent ({default})"), ("true", "true"), ("false", "false"), ("null", "null"))
