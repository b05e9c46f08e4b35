"""Text and code in Markdown: whatever they hold, they are read as they are."""

from __future__ import annotations

import re

from playground.reference.pages.prose import AddressOf, Span, spans

# What would begin emphasis, code, a link, HTML or an entity in the middle of a line.
_SPECIAL = re.compile(r"([\\`*_\[\]<>&|~])")
# What would make a line a heading or an entry of a list; quotations are escaped everywhere.
_BEGINNING = re.compile(r"^(\d*)((?<=\d)[.)]|(?<!\d)[#+-]+)(?=\s|$)")


def prose(text: str, address_of: AddressOf) -> str:
    """Our prose on one line, its marks as Markdown's."""
    written = "".join(_span(span, address_of) for span in spans(" ".join(text.split())))
    return _BEGINNING.sub(r"\1\\\2", written)


def escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def code(text: str) -> str:
    """A span of code, fenced by more backticks than it holds in a row."""
    fence = "`" * (_longest_run(text) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def block_of_code(text: str, language: str) -> str:
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def _span(span: Span, address_of: AddressOf) -> str:
    text = code(span.text) if span.is_code else escaped(span.text)
    return f"[{text}]({address_of(span.to)})" if span.to else text


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)
