"""What an automation is given, and the text helpers that several of them share."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from playground.contract import folding

T = TypeVar("T")
# Names and addresses are shorter; the libraries need not see a megabyte of text.
LONGEST_TEXT = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One piece of work: `inputs` are texts by input key, aliases already resolved.

    `number` counts the records that come from the same input, from 0; `seed` differs for every
    record of every launch.
    """

    inputs: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0
    number: int = 0

    def text(self, key: str) -> str:
        """The input under this key, without spaces around it; empty when there is none."""
        return self.inputs.get(key, "")[:LONGEST_TEXT].strip()


Automation = Callable[[Work], dict[str, Any]]


def fold(text: str) -> str:
    """Lower-case ASCII letters and digits only: `O'Brien` → `obrien`, `Zoë` → `zoe`."""
    return re.sub(r"[^a-z0-9]", "", folding.fold(text))


def texts(value: Any, *, most: int = 100) -> tuple[str, ...]:
    """The strings of a list parameter, whose items may be anything."""
    items = value if isinstance(value, list | tuple) else ()
    return tuple(item for item in items[:most] if isinstance(item, str))


def draw(seed: int, label: str, most: int) -> int:
    """A number from 0 to `most` - 1, always the same for the same seed and label."""
    digest = hashlib.blake2b(f"{seed}:{label}".encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") % most


def choose(seed: int, label: str, options: Sequence[T]) -> T:
    return options[draw(seed, label, len(options))]
