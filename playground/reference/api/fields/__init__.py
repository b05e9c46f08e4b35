"""What each field of each contract type is: its type in words, its default and its meaning.

Types come from the dataclasses, meanings from the tables; for the launch body, which keeps
whatever it is given, the tables say the type that the wire has.
"""

from __future__ import annotations

import builtins
import dataclasses
import functools
import operator
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from playground.contract.wire import UNSET, UnsetType
from playground.reference.api.fields.accounts import ACCOUNTS
from playground.reference.api.fields.parts import Meaning, TypeMeaning
from playground.reference.api.fields.runs import RUNS
from playground.reference.api.fields.workflows import WORKFLOWS
from playground.reference.api.operations.parts import Evidence

MEANINGS: Mapping[type, TypeMeaning] = {**WORKFLOWS, **RUNS, **ACCOUNTS}
_WORDS = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a contract type.

    `type` is in words ("array of Step", "string or null"), as the contract has it. `hint` is the
    annotation behind them, which in a body allows null besides, for what is left out.
    `of` is the contract type inside, `choices` are the only values; `default` is what the API takes
    when the field is left out, `UNSET` where it takes none. A secret is a credential.
    """

    name: str
    type: str
    hint: Any
    is_required: bool
    default: Any
    meaning: str
    evidence: Evidence
    of: builtins.type | None
    choices: tuple[str, ...]
    is_secret: bool


def sentence_of(kind: type) -> str:
    """What a contract type is, in one sentence."""
    return MEANINGS[kind].text


@functools.cache
def fields_of(kind: type) -> tuple[Field, ...]:
    """The fields of a contract type, in its order. Raises `KeyError` for any other type."""
    described = MEANINGS[kind]
    hints = typing.get_type_hints(kind, include_extras=True)
    return tuple(
        _field(field, hints[field.name], described.fields[field.name], described.takes_null)
        for field in dataclasses.fields(kind)
        if field.name != "extra"
    )


def _field(field: dataclasses.Field[Any], hint: Any, meaning: Meaning, takes_null: bool) -> Field:
    hint = hint if meaning.hint is UNSET else meaning.hint
    said = hint if meaning.may_be_null else _without_null(hint)
    has_default = not (
        field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    )
    return Field(
        name=field.name,
        type=in_words(said),
        hint=hint if takes_null else said,
        is_required=meaning.is_required or not has_default,
        default=meaning.default,
        meaning=meaning.text,
        evidence=meaning.evidence,
        of=_inner(hint),
        choices=_choices(hint),
        is_secret=not field.repr,
    )


def in_words(hint: Any) -> str:
    """An annotation as a person says it: `array of Step`, `integer or null`."""
    origin, arguments = _parts(hint)
    if origin is Annotated:
        return in_words(arguments[0])
    if origin is typing.Union:
        return " or ".join(in_words(item) for item in arguments if item is not UnsetType)
    if origin is tuple:
        return f"array of {_many(arguments[0])}"
    if origin is dict:
        return "object" if arguments[1] is Any else f"object of {_many(arguments[1])}"
    return _WORDS.get(hint) or ("any" if hint is Any else str(hint.__name__))


def _without_null(hint: Any) -> Any:
    origin, arguments = _parts(hint)
    if origin is not typing.Union:
        return hint
    return functools.reduce(operator.or_, (item for item in arguments if item is not type(None)))


def _many(hint: Any) -> str:
    words = in_words(hint)
    return words if dataclasses.is_dataclass(hint) else f"{words}s"


def _inner(hint: Any) -> type | None:
    """The contract type that a field holds, directly or in an array or object."""
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return hint
    found = (_inner(item) for item in _parts(hint)[1] if item is not Ellipsis)
    return next((kind for kind in found if kind), None)


def _choices(hint: Any) -> tuple[str, ...]:
    origin, arguments = _parts(hint)
    if origin is not Annotated:
        return ()
    extra = getattr(arguments[1], "extra_json_schema", None) or {}
    return tuple(extra.get("enum", ()))


def _parts(hint: Any) -> tuple[Any, tuple[Any, ...]]:
    """The origin of an annotation and its arguments; both spellings of a union are one."""
    if isinstance(hint, types.UnionType):
        return typing.Union, typing.get_args(hint)
    if typing.get_origin(hint) is Annotated:
        return Annotated, (hint.__origin__, *hint.__metadata__)
    return typing.get_origin(hint), typing.get_args(hint)
