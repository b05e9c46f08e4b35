"""What guides and the overview are made of. Texts are prose with the marks of `prose`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, TypeAlias

from playground.contract.wire import UNSET


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    kind: ClassVar[str] = "prose"
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    kind: ClassVar[str] = "listing"
    items: tuple[str, ...]
    is_ordered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    kind: ClassVar[str] = "table"
    label: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """Lines to read or to copy that are no call of the API."""

    kind: ClassVar[str] = "code"
    label: str
    text: str
    language: Literal["sh", "text"] = "sh"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleCall:
    """A call of the API that works as it stands: shown as JSON and as cURL.

    Credentials are shown as variables unless `is_secret` says that they are none.
    """

    kind: ClassVar[str] = "call"
    label: str
    operation: str
    values: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = UNSET
    is_secret: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """JSON of an answer, or of a part of it."""

    kind: ClassVar[str] = "reply"
    label: str
    value: Any


Block: TypeAlias = Prose | Listing | Table | Code | ExampleCall | Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    anchor: str
    title: str
    blocks: tuple[Block, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """All prose of the section, for search."""
        return tuple(text for block in self.blocks for text in _texts(block))


def section(anchor: str, title: str, *blocks: Block | str) -> Section:
    """A section; a text alone is prose."""
    made = tuple(Prose(text=block) if isinstance(block, str) else block for block in blocks)
    return Section(anchor=anchor, title=title, blocks=made)


def _texts(block: Block) -> tuple[str, ...]:
    match block:
        case Prose(text=text):
            return (text,)
        case Listing(items=items):
            return items
        case Table(head=head, rows=rows):
            return (*head, *(cell for row in rows for cell in row))
        case _:
            return (block.label,)
