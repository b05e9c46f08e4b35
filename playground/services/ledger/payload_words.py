"""Finding launches by words of their payloads.

A launch's payload never changes, so its words are read once: with the launch where it is small,
else by the worker. What is looked for are beginnings of words, without case and accents; all in
the database's own index, which cannot disagree on letters: both sides are split and folded here.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection
from django.db.models import F, Max, Min, Q, QuerySet
from django.db.models.expressions import RawSQL

from playground.contract import wire
from playground.contract.folding import fold_all
from playground.models import Launch, LaunchWords
from playground.services.ledger.column_text import storable

# Bytes of a payload that is read while it is launched.
MOST_AT_ONCE = 16_000
# Characters of a payload's values that are read, and of their different words that are kept.
MOST_READ, MOST_KEPT, LONGEST_WORD = 20_000_000, 100_000, 64
# Seconds that one look at those that are left takes.
TURN = 2.0
_BATCH = 50
# Launches recorded at the same time come in any order.
_OVERLAP = 1_000
# Letters and digits of ASCII, those of other scripts, and each sign that is neither, as an emoji.
_words = re.compile(r"[0-9a-z]+|[^\W\x00-\x7f]+|[^\w\s\x00-\x7f]")
_INDEX = "playground_launchwords_index"
_LITE = """
SELECT rowid FROM playground_launchwords_index WHERE playground_launchwords_index MATCH %s
"""
# The same expression as that of the index.
_POSTGRES = """
SELECT launch_id FROM playground_launchwords WHERE playground_words(words) @@ %s::tsquery
"""


def has(word: str) -> Q:
    """Launches in whose payload a word begins so, or is so where it is a single letter; of
    “acme.com” both words."""
    parts = [part[:LONGEST_WORD] for part in _words.findall(storable(word))]
    if not parts:
        return Q(pk__in=())
    # What stands before another is whole. Nearly every launch has a word with a given letter of
    # ASCII at its beginning.
    is_beginning = len(parts[-1]) > 1 or not parts[-1].isascii()
    if connection.vendor == "postgresql":
        sought = " & ".join(f"'{part}'" for part in parts) + ":*" * is_beginning
        return Q(pk__in=RawSQL(_POSTGRES, (sought,)))  # noqa: S611  # The text is an argument.
    if _has_index():
        sought = " AND ".join(f'"{part}"' for part in parts) + "*" * is_beginning
        return Q(pk__in=RawSQL(_LITE, (sought,)))  # noqa: S611  # The same.
    found = Q()
    for part in parts:
        found &= Q(words__startswith=part) | Q(words__contains=f" {part}")
    return Q(pk__in=LaunchWords.objects.filter(found).values("pk"))


def keep_of_small(launch: Launch) -> None:
    """Read the words of a launch that is being recorded, unless that would take long."""
    if len(launch.payload) <= MOST_AT_ONCE:
        LaunchWords.objects.create(launch=launch, words=words_of(bytes(launch.payload)))


def read_on(seconds: float = TURN) -> None:
    """Read payloads that were not read, the newest first, for so many seconds. Those that are left
    have their turn when this is called again."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        read = []
        for pk in list(_left()[:_BATCH]):
            read.append(LaunchWords(launch_id=pk, words=words_of(_payload(pk))))
            if time.monotonic() >= until:
                break
        if not read:
            return
        # All that took long is done: nobody who writes waits for it.
        LaunchWords.objects.bulk_create(read, ignore_conflicts=True)


def words_of(payload: bytes) -> str:
    """The different words of the values that a person has entered."""
    try:
        value = wire.parse_json(payload)
    except wire.WireError:
        return ""
    texts = list(_first(_entered(value if isinstance(value, dict) else {}), MOST_READ))
    words = dict.fromkeys(
        word[:LONGEST_WORD] for text in fold_all(texts) for word in _words.findall(storable(text))
    )
    return " ".join(_first(words, MOST_KEPT))


def _left() -> QuerySet[Launch, int]:
    """Numbers of launches that were not read: behind the newest that was, else before the oldest;
    between the two all were."""
    ends = LaunchWords.objects.aggregate(newest=Max("pk"), oldest=Min("pk"))
    unread = Launch.objects.filter(payload_words=None).order_by("-pk").values_list("pk", flat=True)
    if ends["newest"] is None:
        return unread
    behind = unread.filter(pk__gt=ends["newest"] - _OVERLAP).order_by(F("pk").asc())
    return behind if behind.exists() else unread.filter(pk__lt=ends["oldest"])


def _payload(pk: int) -> bytes:
    return bytes(Launch.objects.values_list("payload", flat=True).get(pk=pk))


def _entered(payload: dict[str, Any]) -> Iterator[str]:
    yield from _texts(payload.get("job_name"))
    yield from _texts(payload.get("inputs"))
    steps = payload.get("steps")
    for step in steps if isinstance(steps, list) else ():
        if isinstance(step, dict):
            yield from _texts(step.get("parameters"))


def _texts(value: Any) -> Iterator[str]:
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            left.extend(reversed(one.values()))
        elif isinstance(one, list):
            left.extend(reversed(one))
        elif isinstance(one, int | float) and not isinstance(one, bool):
            yield str(one)


def _first(texts: Iterable[str], most: int) -> Iterator[str]:
    """As many as have so many characters together."""
    for text in texts:
        most -= len(text) + 1
        if most < 0:
            return
        yield text


def _has_index() -> bool:
    """Whether this SQLite can look up words, as nearly every one can."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM sqlite_master WHERE name = %s", [_INDEX])
        return cursor.fetchone() is not None
