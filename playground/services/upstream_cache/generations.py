"""What other processes made stale, told through the database.

Every event gets a generation, one more than the last, and marks its subjects with it. A process
knows up to which generation it has followed: as long as that is the newest there is nothing to do,
and otherwise the marks of later ones say what happened meanwhile.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import F

from playground.models import StaleMark
from playground.upstream.targets import Target

_WORKFLOW, _INTEGRATION = "workflow ", "integration "
_LONGEST_SUBJECT = 255
_NEWEST = (
    f"SELECT generation FROM {StaleMark._meta.db_table} "  # noqa: S608, SLF001  # Nobody's text.
    "WHERE target = '' AND event = '' AND subject = ''"
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Mark:
    """That an event happened to these workflows and integrations of a server."""

    target: Target
    event: str
    workflows: tuple[str, ...] = ()
    integrations: tuple[str, ...] = ()

    @property
    def subjects(self) -> tuple[str, ...]:
        """As they are recorded. One that no column holds is left out: the other processes learn of
        it when their answers get too old."""
        named = (
            *(_WORKFLOW + uid for uid in self.workflows),
            *(_INTEGRATION + slug for slug in self.integrations),
        )
        return tuple(filter(_can_be_recorded, named)) or ("",)


class _Position:
    """Up to which generation this process has followed; None before it looked at all."""

    def __init__(self) -> None:
        self.seen: int | None = None
        self.guard = threading.Lock()


_position = _Position()


def record(mark: Mark) -> None:
    """Tell the other processes. A database that fails does not undo what has happened: then they
    learn of it when their answers get too old."""
    try:
        generation = _write(mark)
    except (DatabaseError, InterfaceError) as error:
        logger.warning("What changed was not told to the other processes: %s", error)
        return
    with _position.guard:
        # What others made stale in between is still to be followed.
        if _position.seen == generation - 1:
            _position.seen = generation


def read_news() -> tuple[Mark, ...] | None:
    """What happened since the last time; None when that is not known, and may be anything."""
    if _newest() == _position.seen:
        return ()
    with _position.guard:
        # Once more: another thread may have followed meanwhile, further than we looked.
        newest, seen = _newest(), _position.seen
        _position.seen = newest
        if seen is None or newest < seen:  # A copy of an earlier day was put back.
            return None
        rows = StaleMark.objects.filter(generation__gt=seen).exclude(event="")
        return tuple(_marks(rows.order_by("generation")))


def _newest() -> int:
    # At every request: building the query anew would take longer than the database does.
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST)
        found = cursor.fetchone()
    return int(found[0]) if found else 0


def _write(mark: Mark) -> int:
    """Whoever comes at the same time waits for the row of the newest generation, so that whoever
    reads a generation finds the marks of all before."""
    with transaction.atomic(durable=True):
        newest = StaleMark.objects.filter(target="", event="", subject="")
        if not newest.update(generation=F("generation") + 1):
            first = StaleMark(target="", event="", subject="", generation=0)
            StaleMark.objects.bulk_create([first], ignore_conflicts=True)
            newest.update(generation=F("generation") + 1)
        generation = newest.values_list("generation", flat=True).get()
        StaleMark.objects.bulk_create(
            [
                StaleMark(
                    target=mark.target, event=mark.event, subject=subject, generation=generation
                )
                for subject in mark.subjects
            ],
            update_conflicts=True,
            unique_fields=["target", "event", "subject"],
            update_fields=["generation"],
        )
    return generation


def _marks(rows: Iterable[StaleMark]) -> Iterator[Mark]:
    for row in rows:
        yield Mark(
            target="sandbox" if row.target == "sandbox" else "upstream",
            event=row.event,
            workflows=_named(row.subject, _WORKFLOW),
            integrations=_named(row.subject, _INTEGRATION),
        )


def _named(subject: str, kind: str) -> tuple[str, ...]:
    return (subject.removeprefix(kind),) if subject.startswith(kind) else ()


def _can_be_recorded(subject: str) -> bool:
    is_text = "\x00" not in subject and subject.isprintable()
    return is_text and len(subject) <= _LONGEST_SUBJECT
