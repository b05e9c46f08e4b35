"""What an entry of the tables of meanings is made of."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from msgspec import Meta

from playground.contract.wire import UNSET
from playground.reference.api.operations.parts import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a field means, and what its dataclass cannot tell.

    `hint` is the annotation that the wire has, where the dataclass keeps whatever it is given.
    `default` is what the API takes when the field is left out; `UNSET` where it takes none.
    `may_be_null` is for what the contract says to be null at times.
    """

    text: str
    evidence: Evidence
    hint: Any = UNSET
    default: Any = UNSET
    is_required: bool = False
    may_be_null: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeMeaning:
    """One sentence on a contract type, and its fields by name.

    `takes_null` is of bodies: null stands for a field that is left out, which is assumed.
    """

    text: str
    fields: Mapping[str, Meaning]
    takes_null: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeObject:
    """An object with keys of somebody else's: any, and of any type, but for `properties`."""

    text: str
    properties: Mapping[str, Any] = dataclasses.field(default_factory=dict)


# The key of a schema under which it says which free object it is.
FREE_KEY = "x-object"


def free(name: str) -> Any:
    """The annotation of a free object of `fields.free`, whose schema has this name."""
    return Annotated[dict[str, Any], Meta(extra_json_schema={FREE_KEY: name})]


def many(hint: Any) -> Any:
    """The annotation of an array of these."""
    return types.GenericAlias(tuple, (hint, ...))


def nullable_but(key: str, **fields: Meaning) -> dict[str, Meaning]:
    """Fields of which each but the key may be null."""
    return {
        name: dataclasses.replace(meaning, may_be_null=name != key)
        for name, meaning in fields.items()
    }


def documented(text: str, **more: Any) -> Meaning:
    return Meaning(text=text, evidence="documented", **more)


def observed(text: str, **more: Any) -> Meaning:
    return Meaning(text=text, evidence="observed", **more)


def assumed(text: str, **more: Any) -> Meaning:
    return Meaning(text=text, evidence="assumed", **more)
