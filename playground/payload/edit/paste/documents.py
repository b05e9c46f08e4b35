"""JSON documents of tools that hold a request: HAR, n8n, Postman, Insomnia."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playground.payload.edit.paste.found import Kind, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRequest:
    """The request that launches, of those that a document of this kind has."""

    kind: Kind
    request: Request
    notices: tuple[str, ...] = ()


def kind_of(_value: Any) -> Kind | None:
    return None


def find_request(_value: Any) -> FoundRequest | None:
    """None for what is no such document. Raises `UnableToReadPasted`."""
    return None
