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
from playground.payload.show.lines import Line, Token


class Link(NamedTuple):
    """Where a line leads: to a field, whose place has a `label`."""

    field_id: str
    label: str


LinkOf: TypeAlias = Callable[[Path], Link | None]


def payload_html(lines: Iterable[Line], link_of: LinkOf | None = None) -> SafeString:
    """One block for each line, its line feed inside: the text stays exactly the JSON text.

    Without `link_of` there is no form to lead to.
    """
    written: dict[Token, str] = {}
    parts = []
    for line in lines:
        text = _tokens_html(line, written)
        link = link_of(line.path) if link_of else None
        if link:
            target, label = escape(link.field_id), escape(link.label)
            parts.append(f'<a href="#{target}" tabindex="-1" title="{label}">{text}\n</a>')
        else:
            parts.append(f"<span>{text}\n</span>")
    return mark_safe("".join(parts))  # noqa: S308  # Escaped here and below.


def tokens_html(line: Line) -> SafeString:
    """The text of one line, coloured."""
    return mark_safe(_tokens_html(line, {}))  # noqa: S308  # Escaped below.


def _tokens_html(line: Line, written: dict[Token, str]) -> str:
    """`written` keeps what was made of tokens before: most of them come again and again."""
    parts = []
    for token in line.tokens:
        html = written.get(token)
        if html is None:
            html = written[token] = _token_html(token)
        parts.append(html)
    return "".join(parts)


def _token_html(token: Token) -> str:
    kind, text = token
    if kind not in _CLASSES:
        return escape(text)
    return f'<span class="{_CLASSES[kind]}">{escape(text)}</span>'


_CLASSES = {
    "key": "key",
    "string": "string",
    "number": "number-value",
    "literal": "literal",
    "fold": "fold-note",
}
