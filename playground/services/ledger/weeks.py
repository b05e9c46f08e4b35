"""A week of launches at a glance: how many, of how many rows, and what failed."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from playground.contract import jobs
from playground.models import LaunchState
from playground.services import permissions
from playground.services.ledger import launches as launch_ledger
from playground.services.ledger.launches import LaunchFilter
from playground.services.permissions import Person

DAYS = 7
# Workflows that have a line of their own.
MOST_WORKFLOWS = 12
OTHERS = "all others"
# A launch that was refused, and one whose job ended without success.
_FAILED = Q(state=LaunchState.REJECTED) | Q(job_status__in=(jobs.WARNING, jobs.SHUTDOWN))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Launches, the rows of them, and those that failed."""

    launches: int = 0
    rows: int = 0
    failures: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            launches=self.launches + other.launches,
            rows=self.rows + other.rows,
            failures=self.failures + other.failures,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A workflow's days, the oldest first, and all of them."""

    name: str
    uid: str
    days: tuple[Tally, ...]
    total: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Days of UTC, the oldest first; `lines` those of the workflows with most launches first."""

    days: tuple[dt.date, ...]
    totals: tuple[Tally, ...]
    lines: tuple[Line, ...]
    total: Tally


def look_at(user: Person, last: dt.date, now: dt.datetime) -> Week:
    """The week that ends with the day `last`."""
    permissions.require(user, "see launches")
    days = tuple(last - dt.timedelta(days=back) for back in reversed(range(DAYS)))
    # Seven questions: a database groups by day only by making a day of every moment.
    found = [_of_day(day, now) for day in days]
    names = {uid: name for of_day in found for uid, (name, _) in of_day.items()}
    by_uid = {
        uid: tuple(of_day[uid][1] if uid in of_day else Tally() for of_day in found)
        for uid in names
    }
    order = Counter({uid: _sum(tallies).launches for uid, tallies in by_uid.items()})
    named = [uid for uid, _ in order.most_common(MOST_WORKFLOWS)]
    lines = [_line(names[uid], uid, by_uid[uid]) for uid in named]
    rest = [tallies for uid, tallies in by_uid.items() if uid not in set(named)]
    if rest:
        lines.append(_line(OTHERS, "", tuple(map(_sum, zip(*rest, strict=True)))))
    totals = tuple(_sum([tally for _, tally in of_day.values()]) for of_day in found)
    return Week(days=days, totals=totals, lines=tuple(lines), total=_sum(totals))


def _of_day(day: dt.date, now: dt.datetime) -> dict[str, tuple[str, Tally]]:
    """Workflow UID → its name and what was launched of it that day."""
    launches = launch_ledger.narrowed(LaunchFilter(since=day, until=day), now)
    groups = launches.order_by().values_list("workflow_uid", "workflow_name")
    counted = groups.annotate(
        launched=Count("pk"), inputs=Sum("row_count"), failed=Count("pk", filter=_FAILED)
    )
    found: dict[str, tuple[str, Tally]] = {}
    for uid, name, launched, inputs, failed in counted:
        # A workflow that was renamed that day has two names.
        before = found[uid][1] if uid in found else Tally()
        tally = Tally(launches=launched, rows=inputs or 0, failures=failed)
        found[uid] = (name, before + tally)
    return found


def _line(name: str, uid: str, days: Sequence[Tally]) -> Line:
    return Line(name=name, uid=uid, days=tuple(days), total=_sum(days))


def _sum(tallies: Sequence[Tally]) -> Tally:
    return sum(tallies, start=Tally())
