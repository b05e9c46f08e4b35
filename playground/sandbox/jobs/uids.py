"""Job UIDs that say what they name, so that neither runs nor sub-jobs need rows of their own.

A UID's first four groups identify the launch. The last group holds 48 bits: occurrence (36),
attempt (6) and step (6; 0 is the main job), hidden under a mask made from the first groups, so
that UIDs look as random as any.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from dataclasses import dataclass

MOST_OCCURRENCES = 2**36
MOST_ATTEMPTS = 2**6
_SHAPE = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Which job of a launch: the main job of a run (`step` None), or one step of an attempt."""

    occurrence: int = 0
    attempt: int = 0
    step: int | None = None


def make_uid(seed: int) -> str:
    """A UID for this seed: the same seed gives the same one."""
    digest = hashlib.blake2b(str(seed).encode(), digest_size=16, person=b"sandbox uid").digest()
    return str(uuid.UUID(bytes=digest, version=4))


def make_prefix(seed: int) -> str:
    """The first four groups of all UIDs of the launch with this seed."""
    return make_uid(seed)[:23]


def encode(prefix: str, place: Place) -> str:
    step = 0 if place.step is None else place.step + 1
    number = place.occurrence << 12 | place.attempt << 6 | step
    return f"{prefix}-{number ^ _mask(prefix):012x}"


def first_job(prefix: str) -> str:
    """The main job of the launch's first run: what the answer to a launch names."""
    return encode(prefix, Place())


def decode(uid: str) -> tuple[str, Place] | None:
    """The launch's prefix and the place; None when the text is no UID or names no place."""
    if not _SHAPE.fullmatch(uid):
        return None
    prefix = uid[:23]
    number = int(uid[24:], 16) ^ _mask(prefix)
    occurrence, attempt, step = number >> 12, number >> 6 & 63, number & 63
    if step == 0 and attempt:
        return None
    return prefix, Place(
        occurrence=occurrence, attempt=attempt, step=None if step == 0 else step - 1
    )


def _mask(prefix: str) -> int:
    digest = hashlib.blake2b(prefix.encode(), digest_size=6, person=b"sandbox job").digest()
    return int.from_bytes(digest, "big")
