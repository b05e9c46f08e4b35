"""What an entry of the tables of meanings is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playground.contract.operations_parts import Evidence
from playground.contract.wire import UNSET


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a field means, and what its dataclass cannot tell.

    `hint` is the annotation that the wire has, where the dataclass keeps whatever it is given.
    `default` is what the API takes when the field is left out; `UNSET` where it takes none.
    """

    text: str
    evidence: Evidence
    hint: Any = UNSET
    default: Any = UNSET
    is_required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeMeaning:
    """One sentence on a contract type, and its fields by name."""

    text: str
    fields: Mapping[str, Meaning]


def documented(text: str, **more: Any) -> Meaning:
    return Meaning(text=text, evidence="documented", **more)


def observed(text: str, **more: Any) -> Meaning:
    return Meaning(text=text, evidence="observed", **more)


def assumed(text: str, **more: Any) -> Meaning:
    return Meaning(text=text, evidence="assumed", **more)
