"""Lines of JSON as HTML: coloured, each a link to the field that it comes from.

Made by hand because a template needs ten times as long for the 400 lines of a large draft, on
every keystroke. All text goes through `html.escape`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from typing import NamedTuple, TypeAlias

from django.utils.safestring import SafeString, mark_safe

from playground.payload.paths import Path
from playground.payload.show.lines import Line


class Link(NamedTuple):
    """Where a line leads: to a field, whose place has a `label`."""

    field_id: str
    label: str


LinkOf: TypeAlias = Callable[[Path], Link | None]


def payload_html(lines: Iterable[Line], link_of: LinkOf | None = None) -> SafeString:
    """One block for each line, its line feed inside: the text stays exactly the JSON text.

    Without `link_of` there is no form to lead to.
    """
    parts = [_line_html(line, link_of(line.path) if link_of else None) for line in lines]
    return mark_safe("".join(parts))  # noqa: S308  # Escaped below.


def tokens_html(line: Line) -> SafeString:
    """The text of one line, coloured."""
    tokens = (
        f'<span class="{_CLASSES[kind]}">{escape(text)}</span>'
        if kind in _CLASSES
        else escape(text)
        for kind, text in line.tokens
    )
    return mark_safe("".join(tokens))  # noqa: S308  # Escaped above.


def _line_html(line: Line, link: Link | None) -> str:
    tokens = tokens_html(line)
    if not link:
        return f"<span>{tokens}\n</span>"
    target, label = escape(link.field_id), escape(link.label)
    return f'<a href="#{target}" tabindex="-1" title="{label}">{tokens}\n</a>'


_CLASSES = {"key": "key", "string": "string", "number": "number-value", "literal": "literal"}
