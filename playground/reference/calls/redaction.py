"""Credentials of accounts in what is tried: never kept, never shown.

An upstream lists accounts with the values of their cookies (contract section 5).
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

import msgspec

HIDDEN = "[hidden]"
_CUT = b"[hidden: what follows may hold credentials]"
_NAMES = frozenset({"cookies", "password", "api_key", "li_at", "li_a", "li_rm", "jsessionid"})
_named = re.compile(rb'"(?:' + "|".join(sorted(_NAMES)).encode() + rb')"', re.IGNORECASE)
# A name may be written with escapes; nobody else writes letters so.
_escaped_letter = re.compile(rb"\\u00[4-7]")


def find_secret(text: str) -> str:
    """The name of a credential in a JSON text, the outermost; empty when there is none."""
    _, names = _read(text)
    return names[-1] if names else ""


def hide_secrets(body: bytes) -> bytes:
    """The answer with its credentials hidden; byte for byte as it came when it holds none.

    What cannot be read as JSON ends where it begins to name one.
    """
    named = _named.search(body)
    if not named and not _escaped_letter.search(body):
        return body
    try:
        value, names = _read(body)
        return msgspec.json.encode(value) if names else body
    except (ValueError, RecursionError):
        return body[: named.start()] + _CUT if named else body


def _read(text: str | bytes) -> tuple[Any, list[str]]:
    """The value with its credentials hidden, and their names.

    Of a key that is there more than once, every value counts: the text is what would be kept.
    """
    names: list[str] = []

    def hide(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        secret = [name for name, item in pairs if _is_secret(name, item)]
        made = {name: _masked(item) if _is_secret(name, item) else item for name, item in pairs}
        name = made.get("name")
        if isinstance(name, str) and _is_secret(name, made.get("value")):
            # One cookie, as a browser's extension writes it.
            secret.append(name)
            made["value"] = HIDDEN
        names.extend(secret)
        return made

    value = json.loads(
        text, object_pairs_hook=hide, parse_float=_finite, parse_constant=_refuse, strict=False
    )
    return value, names


def _is_secret(name: str, item: Any) -> bool:
    return name.casefold() in _NAMES and item not in (None, "", {}, [])


def _masked(item: Any) -> Any:
    """Which cookies there are is no secret."""
    return dict.fromkeys(item, HIDDEN) if isinstance(item, dict) else HIDDEN


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _refuse(text)


def _refuse(text: str) -> NoReturn:
    raise ValueError(f"JSON has no {text}.")
