"""Foreign text as every database can hold it and look for it."""

from __future__ import annotations

from playground.models import LONGEST_ACCOUNT_UID
from playground.payload.texts import clean_text


def storable(text: str, most: int | None = None) -> str:
    """The text, with U+FFFD for what databases refuse, and no longer than `most` characters.

    PostgreSQL holds no NUL in text, and none holds half a character. A payload is kept as bytes,
    unchanged.
    """
    return clean_text(text).replace("\x00", "\N{REPLACEMENT CHARACTER}")[:most]


def indexable(uid: str) -> str:
    """The UID of an account, a user or an integration as a column with an index holds it."""
    return storable(uid, LONGEST_ACCOUNT_UID)
