"""One page for each operation, from the table of operations and the meanings of the fields.

HTML, Markdown and search are all made from these pages, so that none of them knows more.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import msgspec

from playground.contract import wire
from playground.contract.wire import UNSET
from playground.payload.show import lines as json_lines
from playground.payload.show.lines import Line
from playground.reference.api import operations
from playground.reference.api.fields import Field, fields_of, sentence_of
from playground.reference.api.operations import Answer, Evidence, Failure, Operation, Parameter

EVIDENCE: dict[Evidence, str] = {
    "documented": "the vendor states it",
    "observed": "public programs rely on it",
    "assumed": "no source states it, the sandbox does it so",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A parameter or a field. `path` is how one writes it (`steps[].accounts`), `anchor` its id.

    `sentence` says what the contract type inside is.
    """

    anchor: str
    name: str
    path: str
    type: str
    default: str
    is_required: bool
    meaning: str
    evidence: Evidence
    choices: tuple[str, ...] = ()
    inside: tuple[Entry, ...] = ()
    sentence: str = ""

    def walk(self) -> Iterator[Entry]:
        """Itself and everything inside."""
        yield self
        for entry in self.inside:
            yield from entry.walk()


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPart:
    anchor: str
    answer: Answer
    fields: tuple[Entry, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FailurePart:
    """All that one status may mean."""

    anchor: str
    status: int
    cases: tuple[Failure, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationPage:
    operation: Operation
    path_parameters: tuple[Entry, ...]
    query_parameters: tuple[Entry, ...]
    body: tuple[Entry, ...]
    answers: tuple[AnswerPart, ...]
    failures: tuple[FailurePart, ...]
    previous: Operation | None
    next: Operation | None

    @property
    def answer_entries(self) -> Iterator[Entry]:
        """Everything that may come back, however deep."""
        for part in self.answers:
            for entry in part.fields:
                yield from entry.walk()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    name: str
    operations: tuple[Operation, ...]


def groups() -> tuple[Group, ...]:
    """All operations in reading order."""
    listed = groupby(operations.OPERATIONS.values(), key=lambda operation: operation.group)
    return tuple(Group(name=name, operations=tuple(found)) for name, found in listed)


@functools.cache
def page_of(name: str) -> OperationPage:
    """The page of one operation. Raises `KeyError` for a name that there is none of."""
    operation, names = operations.OPERATIONS[name], tuple(operations.OPERATIONS)
    at = names.index(name)
    return OperationPage(
        operation=operation,
        path_parameters=_parameters(operation, "path"),
        query_parameters=_parameters(operation, "query"),
        body=_fields(operation.body, "field-", ""),
        answers=tuple(map(_answer_part, operation.answers)),
        failures=_failure_parts(operation.failures),
        previous=operations.OPERATIONS[names[at - 1]] if at else None,
        next=operations.OPERATIONS[names[at + 1]] if at + 1 < len(names) else None,
    )


def all_pages() -> tuple[OperationPage, ...]:
    return tuple(map(page_of, operations.OPERATIONS))


def _parameters(operation: Operation, where: str) -> tuple[Entry, ...]:
    return tuple(_parameter(item) for item in operation.parameters if item.where == where)


def _parameter(parameter: Parameter) -> Entry:
    return Entry(
        anchor=f"parameter-{parameter.name}",
        name=parameter.name,
        path=parameter.name,
        type=parameter.type,
        default=_json(parameter.default),
        is_required=parameter.where == "path",
        meaning=parameter.meaning,
        evidence=parameter.evidence,
        choices=parameter.choices,
    )


def _fields(kind: type | None, prefix: str, above: str) -> tuple[Entry, ...]:
    """The fields of a contract type; `prefix` begins their ids and `above` their paths."""
    return tuple(_entry(field, prefix, above) for field in (fields_of(kind) if kind else ()))


def _entry(field: Field, prefix: str, above: str) -> Entry:
    anchor, path = f"{prefix}{field.name}", f"{above}{field.name}"
    return Entry(
        anchor=anchor,
        name=field.name,
        path=path,
        type=field.type,
        default=_json(field.default),
        is_required=field.is_required,
        meaning=field.meaning,
        evidence=field.evidence,
        choices=field.choices,
        inside=_fields(field.of, f"{anchor}.", f"{path}{_step_in(field.type)}."),
        sentence=sentence_of(field.of) if field.of else "",
    )


def _step_in(words: str) -> str:
    """What stands between a field and what is inside of it."""
    if words.startswith("object of"):
        return ".<key>"
    return "[]" if words.startswith("array") else ""


def _answer_part(answer: Answer) -> AnswerPart:
    anchor = f"answer-{answer.status}"
    above = "[]." if answer.is_array else ""
    return AnswerPart(
        anchor=anchor,
        answer=answer,
        fields=_fields(answer.type, f"{anchor}-", above),
        lines=json_lines.render_value(answer.example),
    )


def _failure_parts(failures: Iterable[Failure]) -> tuple[FailurePart, ...]:
    cases: dict[int, list[Failure]] = {}
    for failure in failures:
        cases.setdefault(failure.status, []).append(failure)
    return tuple(
        FailurePart(
            anchor=f"answer-{status}",
            status=status,
            cases=tuple(found),
            lines=json_lines.render_value(wire.parse_json(wire.error_body(found[0].when))),
        )
        for status, found in cases.items()
    )


def _json(default: Any) -> str:
    """A default as JSON writes it; empty when there is none."""
    return "" if default is UNSET else msgspec.json.encode(default).decode()
