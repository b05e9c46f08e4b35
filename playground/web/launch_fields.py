"""Fields as the launch form shows them: an entry becomes something that a page can carry."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from playground.payload import fields
from playground.payload.build import values
from playground.payload.drafts import Entry
from playground.preflight.lines import Line
from playground.web.launch_contexts import Choices, FieldContext

# Field name → what preflight says of it.
Problems = Mapping[str, tuple[Line, ...]]


def by_field(lines: Iterable[Line]) -> Problems:
    found: dict[str, tuple[Line, ...]] = {}
    for line in lines:
        found[line.field] = (*found.get(line.field, ()), line)
    return found


def make_field(
    name: str,
    label: str,
    entry: Entry,
    problems: Problems,
    *,
    has_kinds: bool = False,
    placeholder: str = "",
    help: str = "",  # noqa: A002  # It is what the template calls it.
    type: str = "text",  # noqa: A002
    choices: Choices = (),
    is_area: bool = False,
) -> FieldContext:
    entry = _showable(entry, choices)
    if (
        choices
        and entry.is_left_out is False
        and (entry.kind != "auto" or entry.text not in dict(choices))
    ):
        choices, has_kinds = (), True
    return FieldContext(
        name=name,
        id=fields.field_id(name),
        label=label,
        text=entry.text,
        kind=entry.kind,
        kind_name=fields.kind(name),
        has_kinds=has_kinds or entry.kind != "auto",
        placeholder=placeholder,
        help=help,
        type=type,
        choices=choices,
        is_area=not choices and (is_area or "\n" in entry.text),
        issues=problems.get(name, ()),
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
