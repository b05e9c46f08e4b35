"""What is pasted into tools as JSON: a document in which the payload is one text."""

from __future__ import annotations

from typing import Any

import msgspec

from playground.payload.texts import escape_hiding


def write(document: Any) -> str:
    text = msgspec.json.format(msgspec.json.encode(document), indent=2).decode()
    return escape_hiding(text)
