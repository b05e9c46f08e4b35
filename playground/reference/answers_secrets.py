"""Credentials of accounts in what is tried: never kept, never shown.

An upstream lists accounts with the values of their cookies (contract section 5).
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from playground.contract import wire
from playground.reference.answers_text import DEEPEST, depth_of

HIDDEN = "[hidden]"
_CUT = b"[hidden: what follows may hold credentials]"
_NAMES = frozenset({"cookies", "password", "api_key", "li_at", "li_a", "li_rm", "jsessionid"})
_named = re.compile(rb'"(?:' + "|".join(sorted(_NAMES)).encode() + rb')"', re.IGNORECASE)


def find_secret(value: Any) -> str:
    """The name of the first credential in a JSON value; empty when there is none."""
    if isinstance(value, dict):
        for name, item in value.items():
            found = name if _is_secret(name, item) else find_secret(item)
            if found:
                return found
    if isinstance(value, list):
        return next(filter(None, map(find_secret, value)), "")
    return ""


def hide_secrets(body: bytes) -> bytes:
    """The answer with its credentials hidden; byte for byte as it came when it holds none.

    What cannot be read as JSON ends where it begins to name one.
    """
    named = _named.search(body)
    if not named and b"\\u" not in body:  # A name may be written with escapes.
        return body
    value = _read(body)
    if value is wire.UNSET:
        return body[: named.start()] + _CUT if named else body
    return msgspec.json.encode(_hidden(value)) if find_secret(value) else body


def _read(body: bytes) -> Any:
    if depth_of(body.decode("utf-8", "replace")) > DEEPEST:
        return wire.UNSET
    try:
        return wire.parse_json(body)
    except wire.WireError:
        return wire.UNSET


def _is_secret(name: str, item: Any) -> bool:
    return name.casefold() in _NAMES and item not in (None, "", {}, [])


def _hidden(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: _masked(item) if _is_secret(name, item) else _hidden(item)
            for name, item in value.items()
        }
    return [_hidden(item) for item in value] if isinstance(value, list) else value


def _masked(item: Any) -> Any:
    """Which cookies there are is no secret."""
    return dict.fromkeys(item, HIDDEN) if isinstance(item, dict) else HIDDEN
