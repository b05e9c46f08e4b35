"""Our own prose with its three marks: `code`, [a link](kind:name#anchor), and nothing else.

One text becomes HTML, Markdown and what search looks through.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

Kind = Literal["overview", "operation", "guide", "page"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Somewhere to lead to: a page of the reference, or by its URL name one of the playground."""

    kind: Kind
    name: str = ""
    anchor: str = ""


AddressOf: TypeAlias = Callable[[Place], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A piece of prose."""

    text: str
    is_code: bool = False
    to: Place | None = None


_MARK = re.compile(
    r"\[(?P<label>`[^`]+`|[^\]`]+)\]\((?P<kind>overview|operation|guide|page):(?P<name>[\w-]*)"
    r"(?:#(?P<anchor>[^)\s]+))?\)|`(?P<code>[^`]+)`"
)


def spans(text: str) -> tuple[Span, ...]:
    """The text in pieces; what is no mark stays text."""
    found: list[Span] = []
    at = 0
    for match in _MARK.finditer(text):
        if match.start() > at:
            found.append(Span(text=text[at : match.start()]))
        found.extend(_marked(match))
        at = match.end()
    if at < len(text):
        found.append(Span(text=text[at:]))
    return tuple(found)


def plain(text: str) -> str:
    """The words alone."""
    return "".join(span.text for span in spans(text))


def _marked(match: re.Match[str]) -> tuple[Span, ...]:
    if match["code"]:
        return (Span(text=match["code"], is_code=True),)
    kind = cast(Kind, match["kind"])
    to = Place(kind=kind, name=match["name"], anchor=match["anchor"] or "")
    label = match["label"]
    return (Span(text=label.strip("`"), is_code=label.startswith("`"), to=to),)
