"""The payload's lines as HTML: coloured, each a link to the field that it comes from.

Made by hand because a template needs ten times as long for the 400 lines of a large draft, on
every keystroke. All text goes through `html.escape`.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from django.utils.safestring import SafeString, mark_safe

from playground.payload import fields
from playground.payload.show.lines import Line


def payload_html(lines: Sequence[Line]) -> SafeString:
    """One block for each line, its line feed inside: the text stays exactly the JSON text."""
    return mark_safe("".join(map(_line_html, lines)))  # noqa: S308  # Escaped below.


def tokens_html(line: Line) -> SafeString:
    """The text of one line, coloured."""
    tokens = (
        f'<span class="{_CLASSES[kind]}">{escape(text)}</span>'
        if kind in _CLASSES
        else escape(text)
        for kind, text in line.tokens
    )
    return mark_safe("".join(tokens))  # noqa: S308  # Escaped above.


def _line_html(line: Line) -> str:
    tokens = tokens_html(line)
    if not line.field:
        return f"<span>{tokens}\n</span>"
    target = escape(fields.field_id(line.field))
    return f'<a href="#{target}" tabindex="-1" title="{escape(line.label)}">{tokens}\n</a>'


_CLASSES = {"key": "key", "string": "string", "number": "number-value", "literal": "literal"}
