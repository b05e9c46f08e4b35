"""What an answer's body is: JSON that can be laid out, or text in lines of bounded length."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import msgspec

from playground.payload.show.lines import compact
from playground.payload.texts import escape_hiding
from playground.payload.typed_json import find_problem

Kind = Literal["empty", "json", "broken", "text", "binary"]
# Indents grow with the depth: deeper than this, a page of lines could become very large.
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
    """`json` is set for JSON, without blanks between its parts; `lines` for what is text.

    `problem` says why it is not laid out as JSON, where it claims to be JSON.
    """

    kind: Kind
    json: str = ""
    lines: tuple[str, ...] = ()
    problem: str = ""


def lay_out(body: bytes, content_type: str, *, is_cut: bool = False) -> Laid:
    """What an answer is. `is_cut`: there was more, so JSON cannot be complete."""
    if not body:
        return Laid(kind="empty")
    text = _decode(body, content_type)
    claims_json = "json" in content_type.lower() or text.lstrip()[:1] in ("{", "[")
    if claims_json and not is_cut:
        json, problem = _as_json(text)
        if json:
            return Laid(kind="json", json=json)
        return Laid(kind="broken", lines=_as_text(text), problem=problem)
    if _is_binary(text):
        return Laid(kind="binary")
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
    text = body.decode("utf-8", "replace")
    head = len(text) - len(text.lstrip("\ufeff \t\r\n"))
    # Marks mean nothing, however many there are, and behind blanks too.
    return text[:head].replace("\ufeff", "") + text[head:]


def _as_json(text: str) -> tuple[str, str]:
    """The JSON in its compact form, or why it is none."""
    if depth_of(text) > DEEPEST:
        return "", f"It is nested more than {DEEPEST} levels deep, so it is shown as it came."
    try:
        return compact(text), ""
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        found = find_problem(text)
        place = f" from line {found.line:,}, column {found.column:,} on" if found else ""
        return "", f"It is not valid JSON{place}, so it is shown as it came."


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
