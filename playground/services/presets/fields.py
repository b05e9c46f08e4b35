"""The fields of a form as they are kept: packed, without secrets, for one upstream and workflow."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from typing import TypeAlias

import msgspec
from django.conf import settings

from playground.models.presets import KeptForm
from playground.payload.texts import clean_text
from playground.redaction import texts
from playground.services.ledger.column_text import storable
from playground.upstream import targets

Fields: TypeAlias = Sequence[tuple[str, str]]
# Bytes of a form's fields: the form itself may have no more.
MOST_BYTES = 5 * 2**20
# What looks like a secret is looked for in texts of at most so many characters: secrets are short.
_LONGEST_SECRET = 20_000


def place_of(workflow_uid: str) -> str:
    """Names the workflow of the server at hand."""
    return hashlib.sha256(f"{targets.name()}\0{clean_text(workflow_uid)}".encode()).hexdigest()


def pack(fields: Fields) -> bytes:
    return msgspec.json.encode([(clean_text(name), clean_text(text)) for name, text in fields])


def digest_of(packed: bytes) -> str:
    return hashlib.sha256(packed).hexdigest()


def compress(packed: bytes) -> bytes:
    return zlib.compress(packed, 1)


def fields_of(form: KeptForm) -> list[tuple[str, str]]:
    packed = zlib.decompress(bytes(form.fields))
    return msgspec.json.decode(packed, type=list[tuple[str, str]])


def put_into(form: KeptForm, packed: bytes) -> None:
    form.fields, form.digest = compress(packed), digest_of(packed)


def kept_at(place: str, workflow_uid: str, workflow_name: str) -> dict[str, str]:
    """The columns that say where a form belongs."""
    return {
        "place": place,
        "upstream": targets.name(),
        "workflow_uid": storable(workflow_uid),
        "workflow_name": storable(workflow_name),
    }


def without_secrets(fields: Fields) -> tuple[list[tuple[str, str]], tuple[str, ...]]:
    """The fields without those that hold a credential, and the names of these."""
    # Most forms hold none: that is seen at a look at all of it.
    keys = [one for one in (settings.UPSTREAM_API_KEY, settings.SANDBOX_API_KEY) if one]
    left_out = [name for name, text in fields if _holds_secret(name, text, keys)]
    if not left_out:
        return list(fields), ()
    gone = set(left_out)
    kept = [(name, text) for name, text in fields if name not in gone]
    return kept, tuple(dict.fromkeys(left_out))


def _holds_secret(name: str, text: str, keys: Iterable[str]) -> bool:
    if any(key in text for key in keys):
        return True
    # Cells are data: what looks like a secret there is somebody's e-mail signature.
    is_cell = name.startswith(("inputs-", "kind-", "workflow_seen"))
    return not is_cell and 8 <= len(text) <= _LONGEST_SECRET and texts.holds_secret(text)
