"""From a recorded answer to what is shown of it: one page of coloured, folded lines.

Pure, and never raises on what an upstream sends.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from playground.payload.paths import Path
from playground.payload.show.lines import Line, Token, count_lines, render_json, text_of
from playground.reference.calls import links
from playground.reference.calls.links import Use
from playground.reference.calls.text import LONGEST_LINE, Kind, lay_out

PAGE_LINES = 200
# Smaller objects need no fold; larger ones begin folded, unless a value in them can be used.
SMALLEST_FOLD, LARGEST_OPEN = 3, 60


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
        return text_of(shown.line for shown in self.lines)


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
    total = count_lines(laid.json) if laid.json else len(laid.lines)
    pages = max(1, -(-total // PAGE_LINES))
    number = min(max(page, 1), pages)
    start = (number - 1) * PAGE_LINES
    if laid.json:
        shown = tuple(islice(render_json(laid.json, start=start), PAGE_LINES))
        lines = _json_lines(shown, _Answer(operation, values, laid.json))
    else:
        texts = laid.lines[start : start + PAGE_LINES]
        lines = tuple(AnswerLine(line=Line((Token("space", text),), ())) for text in texts)
    return Shown(
        kind=laid.kind,
        lines=lines,
        number=number,
        pages=pages,
        total=total,
        problem=laid.problem,
    )


# Without slots: `cached_property` keeps its value in the instance's dictionary.
@dataclass(frozen=True)
class _Answer:
    """A whole answer, to find what goes with a value in it."""

    operation: str
    values: Mapping[str, str]
    json: str

    @cached_property
    def _value(self) -> Any:
        # No number of it is wanted, and there may be some that are too long for Python's integers.
        return json.loads(self.json, parse_int=float, strict=False)

    def text_at(self, path: Path) -> str | None:
        """The text at a path; None when something else is there, or nothing."""
        found = self._value
        for part in path:
            is_there = (
                part in found
                if isinstance(found, dict)
                else isinstance(found, list) and isinstance(part, int) and part < len(found)
            )
            if not is_there:
                return None
            found = found[part]
        return found if isinstance(found, str) else None

    def find_uses(self, line: Line, parameter: str) -> tuple[Use, ...]:
        """The forms that take the value of the line as `parameter`."""
        value = line.string if parameter else None
        return links.find_uses(parameter, value, self._known(line.path)) if value else ()

    def _known(self, path: Path) -> dict[str, str]:
        """Values that go with the one at `path`: those of the call, and those beside it."""
        known, beside = dict(self.values), path[:-1]
        integration = self.text_at((*beside, "application_permalink"))
        if integration is not None:
            known["integration"] = integration
        workflow_uid = self.text_at((*beside, "workflow_uid"))
        if workflow_uid is not None:
            known["workflow_uid"] = workflow_uid
        elif self.operation == "list_workflows" and len(path) == 4:
            # The workflow of a step is the object that holds the array of steps.
            known["workflow_uid"] = self.text_at((*path[:1], "uid")) or ""
        return known


def _json_lines(page: Sequence[Line], answer: _Answer) -> tuple[AnswerLine, ...]:
    folds = _folds(page)
    parameters = [links.parameter_for(answer.operation, line.path) for line in page]
    uses = [answer.find_uses(*one) for one in zip(page, parameters, strict=True)]
    return tuple(
        AnswerLine(
            line=_shortened(line),
            uses=uses[at],
            what=parameters[at],
            folds=folds.get(at, 0),
            is_open=folds.get(at, 0) <= LARGEST_OPEN or any(uses[at : at + folds[at]]),
        )
        for at, line in enumerate(page)
    )


def _shortened(line: Line) -> Line:
    """The line with a key and a value of bounded length."""
    if all(len(text) <= LONGEST_LINE for _, text in line.tokens):
        return line
    tokens = (
        Token(kind, f"{text[:LONGEST_LINE]}…") if len(text) > LONGEST_LINE else Token(kind, text)
        for kind, text in line.tokens
    )
    return line._replace(tokens=tuple(tokens))


def _folds(page: Sequence[Line]) -> dict[int, int]:
    """Line of the page → how many follow it until its object or array is closed."""
    folds: dict[int, int] = {}
    opened: list[int] = []
    for at, line in enumerate(page):
        if line.bracket == "opens":
            opened.append(at)
        elif line.bracket == "closes" and opened:
            start = opened.pop()
            # The whole answer has no fold.
            if at - start > SMALLEST_FOLD and line.path:
                folds[start] = at - start
    return folds
