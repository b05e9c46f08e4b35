"""An answer's body as lines: JSON laid out, anything else as the text it is.

Works on text, not on values: numbers, repeated keys and escapes stay as the upstream wrote them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import msgspec

from playground.payload.texts import escape_hiding

Kind = Literal["empty", "json", "broken", "text", "binary"]
# Indents grow with the depth: deeper than this, a short text could become a very long one.
DEEPEST = 60
LONGEST_LINE = 2_000
# Always matches where a string begins, also without its end, and never goes back: linear.
_strings = re.compile(r'"(?:[^"\\]|\\.)*+["\\]?', re.DOTALL)
_others = re.compile(r"[^\[\]{}]+")
_charset = re.compile(
    r"charset\s*=\s*\"?(?:iso-8859-1|latin-?1|windows-1252|cp1252)\b", re.IGNORECASE
)
_controls = re.compile("[\x00-\x08\x0b-\x1f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """`problem` says why it is not laid out as JSON, where it claims to be JSON."""

    kind: Kind
    lines: tuple[str, ...]
    problem: str = ""


def lay_out(body: bytes, content_type: str, *, is_cut: bool = False) -> Laid:
    """The lines of an answer. `is_cut`: there was more, so JSON cannot be complete."""
    if not body:
        return Laid(kind="empty", lines=())
    text = _decode(body, content_type)
    claims_json = "json" in content_type.lower() or text.lstrip()[:1] in ("{", "[")
    if claims_json and not is_cut:
        laid, problem = _as_json(text)
        if laid:
            return Laid(kind="json", lines=laid)
        return Laid(kind="broken", lines=_as_text(text), problem=problem)
    if _is_binary(text):
        return Laid(kind="binary", lines=())
    return Laid(kind="text", lines=_as_text(text))


def depth_of(text: str) -> int:
    """How deeply the brackets outside of strings are nested."""
    depth = deepest = 0
    for bracket in _others.sub("", _strings.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _decode(body: bytes, content_type: str) -> str:
    """The text. What says to be Latin-1 is Windows-1252 everywhere on the web."""
    if _charset.search(content_type):
        return body.decode("cp1252", "replace")
    return body.decode("utf-8", "replace").removeprefix("\ufeff")


def _as_json(text: str) -> tuple[tuple[str, ...], str]:
    """The lines, or why there are none."""
    if depth_of(text) > DEEPEST:
        return (), f"It is nested more than {DEEPEST} levels deep, so it is shown as it came."
    try:
        laid = msgspec.json.format(text, indent=2)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        return (), f"It is not valid JSON ({error}), so it is shown as it came."
    return tuple(escape_hiding(laid).split("\n")), ""


def _as_text(text: str) -> tuple[str, ...]:
    """Lines of bounded length; what hides or reorders others is written as an escape."""
    shown = escape_hiding(_controls.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n")))
    return tuple(
        line[at : at + LONGEST_LINE]
        for line in shown.split("\n")
        for at in range(0, max(len(line), 1), LONGEST_LINE)
    )


def _is_binary(text: str) -> bool:
    head = text[:4_000]
    odd = head.count("\N{REPLACEMENT CHARACTER}") + len(_controls.findall(head))
    return "\x00" in head or odd > len(head) // 10
