"""From a recorded answer to what is shown of it: one page of coloured, folded lines.

Pure, and never raises on what an upstream sends.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from playground.payload.show.lines import Line, Token, TokenKind
from playground.reference.calls import links
from playground.reference.calls.links import Use
from playground.reference.calls.text import LONGEST_LINE, Kind, lay_out

PAGE_LINES = 200
# Smaller objects need no fold; larger ones begin folded, unless a value in them can be used.
SMALLEST_FOLD, LARGEST_OPEN = 3, 60
# How far around a value the values that go with it are looked for.
NEIGHBOURHOOD = 60
_line = re.compile(r'( *)(?:("(?:[^"\\]|\\.)*+")(: ))?(.*?)(,?)', re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLine:
    """`folds` counts the lines after this one that its object or array takes on this page."""

    line: Line
    uses: tuple[Use, ...] = ()
    what: str = ""
    folds: int = 0
    is_open: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One page of an answer's body. `problem` says what kept it from being shown as it is."""

    kind: Kind
    lines: tuple[AnswerLine, ...]
    number: int
    pages: int
    total: int
    problem: str = ""

    @property
    def text(self) -> str:
        return "\n".join(shown.line.text for shown in self.lines)


def show_answer(
    operation: str,
    values: Mapping[str, str],
    body: bytes,
    *,
    content_type: str,
    is_cut: bool = False,
    page: int = 1,
) -> Shown:
    """One page of the body, from 1. `values` are the path values of the call, by parameter."""
    laid = lay_out(body, content_type, is_cut=is_cut)
    total = len(laid.lines)
    pages = max(1, -(-total // PAGE_LINES))
    number = min(max(page, 1), pages)
    start = (number - 1) * PAGE_LINES
    shown = laid.lines[start : start + PAGE_LINES]
    if laid.kind == "json":
        lines = _json_lines(operation, values, laid.lines, start)
    else:
        lines = tuple(AnswerLine(line=Line((Token("space", text),), "", "")) for text in shown)
    return Shown(
        kind=laid.kind,
        lines=lines,
        number=number,
        pages=pages,
        total=total,
        problem=laid.problem,
    )


def _json_lines(
    operation: str, values: Mapping[str, str], every: Sequence[str], start: int
) -> tuple[AnswerLine, ...]:
    page = every[start : start + PAGE_LINES]
    places = _places(every, start, len(page))
    folds = _folds(page)
    uses = [
        _uses(operation, values, every, start + offset, places[offset])
        for offset in range(len(page))
    ]
    return tuple(
        AnswerLine(
            line=Line(_tokens(text), "", ""),
            uses=uses[at],
            what=links.parameter_for(operation, places[at]),
            folds=folds.get(at, 0),
            is_open=folds.get(at, 0) <= LARGEST_OPEN or any(uses[at : at + folds[at]]),
        )
        for at, text in enumerate(page)
    )


def _uses(
    operation: str, values: Mapping[str, str], every: Sequence[str], at: int, place: str
) -> tuple[Use, ...]:
    parameter = links.parameter_for(operation, place)
    value = _text_value(every[at]) if parameter else ""
    if not value:
        return ()
    return links.find_uses(parameter, value, _known(operation, values, every, at))


def _tokens(text: str) -> tuple[Token, ...]:
    indent, key, colon, value, comma = _parts(text)
    if len(value) > LONGEST_LINE:
        value = f"{value[:LONGEST_LINE]}…"
    parts: tuple[tuple[TokenKind, str], ...] = (
        ("space", indent),
        ("key", key),
        ("punctuation", colon),
        (_kind(value), value),
        ("punctuation", comma),
    )
    return tuple(Token(kind, part) for kind, part in parts if part)


def _parts(text: str) -> tuple[str, str, str, str, str]:
    found = _line.fullmatch(text)
    if not found:
        return "", "", "", text, ""
    indent, key, colon, value, comma = found.groups(default="")
    return indent, key, colon, value, comma


def _kind(value: str) -> TokenKind:
    if value.startswith('"'):
        return "string"
    if value in ("null", "true", "false"):
        return "literal"
    return "number" if value[:1].isdigit() or value[:1] == "-" else "punctuation"


def _places(every: Sequence[str], start: int, count: int) -> list[str]:
    """Where each line of the page stands: `users[].accounts[].uid`."""
    stack: list[tuple[int, str, bool]] = []
    for at in _ancestors(every, start):
        stack.append(_opened(every[at], stack))
    places = []
    for text in every[start : start + count]:
        indent = _indent(text)
        while stack and stack[-1][0] >= indent:
            stack.pop()
        places.append(_place(text, stack))
        if text.endswith(("{", "[")):
            stack.append(_opened(text, stack))
    return places


def _opened(text: str, above: Sequence[tuple[int, str, bool]]) -> tuple[int, str, bool]:
    return _indent(text), _place(text, above), text.endswith("[")


def _place(text: str, stack: Sequence[tuple[int, str, bool]]) -> str:
    parent, is_entry = (stack[-1][1], stack[-1][2]) if stack else ("", False)
    if is_entry:
        return f"{parent}[]"
    key = _read_string(_parts(text)[1])
    return f"{parent}.{key}" if parent and key else parent or key


def _ancestors(every: Sequence[str], at: int) -> list[int]:
    """The lines that open what the line stands in, the outermost first."""
    found: list[int] = []
    wanted = _indent(every[at]) if at < len(every) else 0
    for before in range(at - 1, -1, -1):
        if wanted == 0:
            break
        if _indent(every[before]) < wanted:
            wanted = _indent(every[before])
            found.append(before)
    return found[::-1]


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip(" "))


def _folds(page: Sequence[str]) -> dict[int, int]:
    """Line of the page → how many follow it until its object or array is closed."""
    folds: dict[int, int] = {}
    opened: list[int] = []
    for at, text in enumerate(page):
        if text.endswith(("{", "[")):
            opened.append(at)
        elif text.lstrip(" ").startswith(("}", "]")) and opened:
            start = opened.pop()
            if at - start > SMALLEST_FOLD and _indent(page[start]):
                folds[start] = at - start
    return folds


def _known(
    operation: str, values: Mapping[str, str], every: Sequence[str], at: int
) -> dict[str, str]:
    """Values that go with the one of a line: those of the call, and those that stand around it."""
    known = dict(values)
    beside = _beside(every, at)
    if "application_permalink" in beside:
        known["integration"] = beside["application_permalink"]
    if "workflow_uid" in beside:
        known["workflow_uid"] = beside["workflow_uid"]
    elif operation == "list_workflows":
        # The workflow of a step is the object that holds the array of steps.
        above = _ancestors(every, at)
        if len(above) == 4:
            known["workflow_uid"] = _beside(every, above[-2]).get("uid", "")
    return known


def _beside(every: Sequence[str], at: int) -> dict[str, str]:
    """The texts of the object that the line stands in, as far as they are near."""
    indent, found = _indent(every[at]), {}
    before = range(at, max(at - NEIGHBOURHOOD, -1), -1)
    after = range(at + 1, min(at + NEIGHBOURHOOD, len(every)))
    for direction in (before, after):
        for line in direction:
            if _indent(every[line]) < indent:
                break
            if _indent(every[line]) == indent:
                _, key, _, value, _ = _parts(every[line])
                if key and value.startswith('"'):
                    found[_read_string(key)] = _read_string(value)
    return found


def _text_value(text: str) -> str:
    value = _parts(text)[3]
    return _read_string(value) if value.startswith('"') else ""


def _read_string(quoted: str) -> str:
    try:
        return msgspec.json.decode(quoted.encode(), type=str) if quoted else ""
    except (msgspec.DecodeError, UnicodeError):
        return ""
