"""The store over Django's database: SQLite or PostgreSQL, any number of processes."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeVar

import msgspec
from django.db import connection, transaction
from django.db.models import BigIntegerField, Count, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Abs, Concat, Length, Substr

from playground.sandbox.jobs import engine
from playground.sandbox.models import SandboxChange, SandboxEvent, SandboxLaunch
from playground.sandbox.records import Change, Event, Launch
from playground.sandbox.storage.protocol import News, Weight

T = TypeVar("T")
# Any constant will do, as long as nothing else in the database uses it.
_LOCK_NUMBER = 0x5A9DB0C0
# In bytes: what is kept in memory stays below some megabytes.
_LARGEST_REMEMBERED = 2_000
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
# Launches that are read at once by whoever may need only some of them.
_PART = 40
# Rows that one statement may name.
_MOST_NAMED = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """The latest launch and event that were seen: their numbers, and what tells them from
    others of the same number, should the database ever be another one."""

    launch: int = 0
    prefix: str = ""
    event: int = 0
    record: bytes = b""

    def moved(
        self,
        events: Sequence[tuple[int, bytes, int]],
        launches: Sequence[tuple[int, str, str]],
    ) -> Mark:
        """The mark behind these."""
        last, record = events[-1][:2] if events else (self.event, self.record)
        latest, prefix = launches[-1][:2] if launches else (self.launch, self.prefix)
        return Mark(launch=latest, prefix=prefix, event=last, record=record)


class DatabaseStore:
    """See `protocol.JobStore`."""

    @property
    def identity(self) -> Hashable:
        kept = connection.settings_dict
        return tuple(str(kept[key]) for key in ("ENGINE", "HOST", "PORT", "NAME"))

    @contextlib.contextmanager
    def exclusive(self) -> Iterator[None]:
        """SQLite's transactions are immediate and so exclude each other by themselves."""
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK_NUMBER])
            yield

    def new_seed(self) -> int:
        return secrets.randbits(63)

    def add_launch(self, launch: Launch, body: bytes) -> None:
        record = msgspec.json.encode(launch)
        SandboxLaunch.objects.create(
            prefix=launch.prefix,
            workflow_uid=launch.workflow_uid,
            created_at=launch.created_at,
            due_at=None if launch.plan.is_repeating else engine.due_at(launch, 0),
            number_rows=0 if launch.plan.is_repeating else launch.plan.number_rows,
            is_settled=launch.is_settled,
            size=len(record) + len(body),
            record=record,
            body=body,
        )

    def find_launch(self, prefix: str) -> Launch | None:
        return next(iter(_read(SandboxLaunch.objects.filter(prefix=prefix))), None)

    def iterate_due(self, workflow_uid: str, since: datetime) -> Iterator[Launch]:
        due = SandboxLaunch.objects.filter(workflow_uid=workflow_uid, due_at__gte=since)
        due = due.order_by("-due_at", "-pk")
        part = _read_by_pk(due[:_PART])
        while part:
            yield from part.values()
            pk, launch = part.popitem()
            at = engine.due_at(launch, 0)
            is_next = Q(due_at__lt=at) | Q(due_at=at, pk__lt=pk)
            part = _read_by_pk(due.filter(is_next)[:_PART]) if len(part) == _PART - 1 else {}

    def list_repeating(self, workflow_uid: str | None = None) -> tuple[Launch, ...]:
        found = SandboxLaunch.objects.filter(due_at=None)
        return _read(found if workflow_uid is None else found.filter(workflow_uid=workflow_uid))

    def count_rows(self, since: datetime) -> int:
        found = SandboxLaunch.objects.filter(created_at__gte=since)
        return found.aggregate(rows=Sum("number_rows"))["rows"] or 0

    def list_unsettled(self) -> tuple[Launch, ...]:
        return _read(SandboxLaunch.objects.filter(is_settled=False))

    def list_news(self, workflow_uids: Collection[str], after: Hashable = None) -> News:
        """Events are looked at first: the launch of each one is then there too."""
        known = after if isinstance(after, Mark) else Mark()
        events = _events_from(known.event)
        launches = _launches_from(known.launch)
        if not (
            _begins_with(events, known.event, known.record)
            and _begins_with(launches, known.launch, known.prefix)
        ):
            return self.list_news(workflow_uids)
        return _news(known, events, launches, workflow_uids)

    def settle(self, prefixes: Iterable[str]) -> None:
        wanted = list(prefixes)
        for start in range(0, len(wanted), _MOST_NAMED):
            part = SandboxLaunch.objects.filter(prefix__in=wanted[start : start + _MOST_NAMED])
            part.update(is_settled=True)

    def add_event(self, prefix: str, event: Event, body: bytes | None = None) -> None:
        with self.exclusive():  # So that numbers rise in the order in which others see them.
            launch = SandboxLaunch.objects.only("pk").get(prefix=prefix)
            record = msgspec.json.encode(event)
            SandboxEvent.objects.create(launch=launch, record=record, body=body)
            size = F("size") + len(record) + len(body or b"")
            SandboxLaunch.objects.filter(pk=launch.pk).update(is_settled=False, size=size)

    def read_body(self, prefix: str, event_number: int = 0) -> bytes:
        if event_number:
            events = SandboxEvent.objects.filter(launch__prefix=prefix, pk=event_number)
            return bytes(events.values_list("body", flat=True).get() or b"")
        return bytes(SandboxLaunch.objects.values_list("body", flat=True).get(prefix=prefix))

    def weigh(self) -> Weight:
        found = SandboxLaunch.objects.aggregate(
            launches=Count("pk"),
            settled=Count("pk", filter=Q(is_settled=True)),
            size=Sum(Abs("size")),
        )
        return Weight(
            launches=found["launches"],
            unsettled=found["launches"] - found["settled"],
            size=found["size"] or 0,
        )

    def drop(
        self, before: datetime, kept: Collection[str], *, size: int | None = None, count: int = 0
    ) -> None:
        with self.exclusive():
            found = SandboxLaunch.objects.filter(
                is_settled=True, created_at__lt=before, size__gte=0
            ).order_by("created_at", "pk")
            taken, gone, emptied = 0, list[int](), list[int]()
            for pk, uid, bytes_kept in found.values_list("pk", "workflow_uid", "size"):
                if size is not None and taken >= size and len(gone) + len(emptied) >= count:
                    break
                (emptied if uid in kept else gone).append(pk)
                taken += bytes_kept
            for part in _parts(gone):
                # The events by themselves: nothing of a body is read to delete it.
                SandboxEvent.objects.filter(launch__in=part).delete()
                SandboxLaunch.objects.only("pk").filter(pk__in=part).delete()
            for part in _parts(emptied):
                _empty(part)

    def forget(self, before: datetime) -> None:
        with self.exclusive():
            SandboxLaunch.objects.only("pk").filter(
                is_settled=True, created_at__lt=before, size__lt=0
            ).delete()
            for part in _parts(_replaced(before)):
                SandboxChange.objects.filter(pk__in=part).delete()

    def add_change(self, change: Change) -> None:
        with self.exclusive():
            SandboxChange.objects.create(record=msgspec.json.encode(change))

    def list_changes(self) -> tuple[Change, ...]:
        records = SandboxChange.objects.order_by("pk").values_list("record", flat=True)
        return tuple(_read_change(bytes(record)) for record in records)


def _parts(pks: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(pks), _MOST_NAMED):
        yield pks[start : start + _MOST_NAMED]


def _empty(pks: Sequence[int]) -> None:
    """Nobody asks for such a prefix, and nothing was ever due at such a time."""
    SandboxEvent.objects.filter(launch__in=pks).update(body=None)
    SandboxLaunch.objects.filter(pk__in=pks).update(
        prefix=Concat(Value("~"), Substr("prefix", 2)),
        due_at=_NEVER,
        body=b"",
        size=-Length("record", output_field=BigIntegerField()),
    )


def _replaced(before: datetime) -> list[int]:
    """The changes of users and accounts that later ones replaced before then."""
    latest: dict[str, int] = {}
    replaced = list[int]()
    for pk, record in SandboxChange.objects.order_by("pk").values_list("pk", "record"):
        change = _read_change(bytes(record))
        if change.at < before:
            if change.uid in latest:
                replaced.append(latest[change.uid])
            latest[change.uid] = pk
    return replaced


def _events_from(number: int) -> list[tuple[int, bytes, int]]:
    found = SandboxEvent.objects.filter(pk__gte=number).order_by("pk")
    rows = found.values_list("pk", "record", "launch_id")
    return [(pk, bytes(record), launch_id) for pk, record, launch_id in rows]


def _launches_from(number: int) -> list[tuple[int, str, str]]:
    found = SandboxLaunch.objects.filter(pk__gte=number).order_by("pk")
    return list(found.values_list("pk", "prefix", "workflow_uid"))


def _begins_with(rows: Sequence[tuple[Any, ...]], number: int, mark: str | bytes) -> bool:
    return number == 0 or (bool(rows) and rows[0][:2] == (number, mark))


def _news(
    known: Mark,
    events: Sequence[tuple[int, bytes, int]],
    launches: Sequence[tuple[int, str, str]],
    workflow_uids: Collection[str],
) -> News:
    added = {pk for pk, _, uid in launches if pk > known.launch and uid in workflow_uids}
    happened = [(number, pk) for number, _, pk in events if number > known.event]
    wanted = added | {pk for _, pk in happened}
    found = _read_limited(wanted, workflow_uids) if wanted else {}
    numbered = {
        event.number: (launch, event) for launch in found.values() for event in launch.events
    }
    return News(
        launches=tuple(launch for pk, launch in found.items() if pk in added),
        events=tuple(numbered[number] for number, _ in happened if number in numbered),
        mark=known.moved(events, launches),
        is_all=known == Mark(),
    )


def _read_limited(wanted: Collection[int], workflow_uids: Collection[str]) -> dict[int, Launch]:
    """Those of the wanted launches that are of these workflows."""
    found = SandboxLaunch.objects.filter(workflow_uid__in=workflow_uids)
    found = found.order_by("created_at", "pk")
    if len(wanted) <= _MOST_NAMED:
        return _read_by_pk(found.filter(pk__in=wanted))
    return _read_by_pk(found.filter(pk__gte=min(wanted)))


def _read(found: QuerySet[SandboxLaunch]) -> tuple[Launch, ...]:
    """The launches, oldest first."""
    return tuple(_read_by_pk(found.order_by("created_at", "pk")).values())


def _read_by_pk(found: QuerySet[SandboxLaunch]) -> dict[int, Launch]:
    """The launches with their events, in their order; their bodies stay in the database."""
    rows = list(found.values_list("pk", "record", "is_settled"))
    pks = [pk for pk, _, _ in rows]
    events: dict[int, list[Event]] = {}
    if pks:
        named = pks if len(pks) <= _MOST_NAMED else found.order_by()
        kept = SandboxEvent.objects.filter(launch__in=named).order_by("pk")
        for pk, launch_id, record in kept.values_list("pk", "launch_id", "record"):
            events.setdefault(launch_id, []).append(replace(_decode(record, Event), number=pk))
    return {
        pk: _with_state(_read_launch(bytes(record)), tuple(events.get(pk, ())), is_settled)
        for pk, record, is_settled in rows
    }


def _with_state(launch: Launch, events: tuple[Event, ...], is_settled: bool) -> Launch:
    if not events and launch.is_settled == is_settled:
        return launch
    return replace(launch, events=events, is_settled=is_settled)


def _read_launch(record: bytes) -> Launch:
    """A launch's record never changes, and the same ones are read again and again."""
    if len(record) > _LARGEST_REMEMBERED:
        return _decode(record, Launch)
    return _read_small_launch(record)


@lru_cache(maxsize=5_000)
def _read_small_launch(record: bytes) -> Launch:
    return _decode(record, Launch)


@lru_cache(maxsize=5_000)
def _read_change(record: bytes) -> Change:
    """All changes are read for each call, and are the same but for the latest."""
    return _decode(record, Change)


def _decode(record: bytes | memoryview, kind: type[T]) -> T:
    return msgspec.json.decode(bytes(record), type=kind)
