"""The history of launches: the list and its filters, as a file, and a week of it at a glance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from playground.contract.folding import clean_uid
from playground.models import Launch, LaunchGroup, LaunchPart, LaunchState
from playground.services import people
from playground.services.launches import split
from playground.services.ledger import export, weeks
from playground.services.ledger import launches as launch_ledger
from playground.services.ledger.launches import LaunchFilter, Outcome
from playground.services.ledger.weeks import Week
from playground.web import http

# Of a chart: the width of a day and the height of its bars, in units of its own.
_DAY_WIDTH, _HEIGHT, _BAR = 100, 60, 70


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The team's launches, newest first."""
    wanted = asked_for(request)
    found = launch_ledger.list_launches(
        request.user, wanted, page=http.page_number(request), now=timezone.now()
    )
    context = {
        "launches": found,
        "lines": _lines(found),
        "wanted": wanted,
        "is_narrowed": wanted.narrows,
        "query": query_of(wanted),
        "states": LaunchState.choices,
        "outcomes": Outcome.choices,
        "people": people.list_names(),
        "groups": () if wanted.narrows else split.list_open(request.user),
    }
    return render(request, "launches/list.html", context)


@dataclass(frozen=True, slots=True)
class Line:
    """A launch of the list; of those of a group on a page the first has it as `opens`."""

    launch: Launch
    part: LaunchPart | None = None
    opens: LaunchGroup | None = None
    count: int = 0


def _lines(found: Iterable[Launch]) -> list[Line]:
    """In their order, but those of a group together, where the newest of them stands."""
    launches = list(found)
    parts = split.parts_of(launches)
    of_group: dict[int, list[Launch]] = {}
    for launch in launches:
        if launch.pk in parts:
            of_group.setdefault(parts[launch.pk].group_id, []).append(launch)
    lines = []
    for launch in launches:
        part = parts.get(launch.pk)
        if part is None:
            lines.append(Line(launch))
            continue
        together = of_group.pop(part.group_id, [])
        for number, one in enumerate(together):
            opens = part.group if number == 0 else None
            lines.append(Line(one, parts[one.pk], opens, len(together)))
    return lines


@require_safe
def as_csv(request: HttpRequest) -> StreamingHttpResponse:
    """What the list is narrowed to, as a file."""
    rows = export.as_csv(request.user, asked_for(request), timezone.now())
    headers = {"Content-Disposition": 'attachment; filename="launches.csv"'}
    return StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8", headers=headers)


@require_safe
def week(request: HttpRequest) -> HttpResponse:
    """A week of launches by day and workflow; `?until=` is its last day."""
    now = timezone.now()
    today = now.astimezone(dt.UTC).date()
    last = min(_day(request.GET.get("until", "")) or today, today)
    found = weeks.look_at(request.user, last, now)
    context = {
        "week": found,
        "charts": _charts(found),
        "days_query": query_of(LaunchFilter(since=found.days[0], until=last)),
        "before": last - dt.timedelta(days=weeks.DAYS),
        "after": last + dt.timedelta(days=weeks.DAYS) if last < today else None,
    }
    return render(request, "launches/week.html", context)


@dataclass(frozen=True, slots=True)
class Bar:
    """A day's bar; `title` says it in words."""

    x: int
    y: int
    height: int
    title: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of the days, the highest as high as the chart."""

    name: str
    most: int
    bars: tuple[Bar, ...]


def _charts(found: Week) -> tuple[Chart, ...]:
    def counts(field: str) -> list[int]:
        return [getattr(tally, field) for tally in found.totals]

    fields = (("Launches", "launches"), ("Rows", "rows"), ("Failures", "failures"))
    return tuple(_chart(name, found.days, counts(field)) for name, field in fields)


def _chart(name: str, days: Sequence[dt.date], counts: Sequence[int]) -> Chart:
    most = max(counts)
    bars = []
    for number, (day, count) in enumerate(zip(days, counts, strict=True)):
        # What is there is seen, however little it is beside the most.
        height = max(2, count * _HEIGHT // most) if count else 0
        x = number * _DAY_WIDTH + (_DAY_WIDTH - _BAR) // 2
        bars.append(Bar(x, _HEIGHT - height, height, f"{day:%a} {day.day} {day:%b}: {count:,}"))
    return Chart(name, most, tuple(bars))


def asked_for(request: HttpRequest) -> LaunchFilter:
    """What the address narrows the list to; nothing for what is nonsense."""

    def asked(name: str) -> str:
        return request.GET.get(name, "").replace("\x00", "")[:200]

    return LaunchFilter(
        text=request.GET.get("q", "")[:200],
        state=asked("state") if asked("state") in LaunchState else "",
        workflow_uid=clean_uid(asked("workflow")),
        account_uid=clean_uid(asked("account")),
        person=asked("person"),
        outcome=asked("outcome") if asked("outcome") in Outcome else "",
        since=_day(asked("since")),
        until=_day(asked("until")),
    )


def _day(text: str) -> dt.date | None:
    """A day as a date field sends it; None for anything else. The calendar's ends have no day
    beside them."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if dt.date(1970, 1, 1) <= day <= dt.date(9000, 1, 1) else None


def query_of(wanted: LaunchFilter) -> str:
    """The filter as it stands in an address."""
    fields = {
        "q": wanted.text,
        "state": wanted.state,
        "workflow": wanted.workflow_uid,
        "account": wanted.account_uid,
        "person": wanted.person,
        "outcome": wanted.outcome,
        "since": wanted.since.isoformat() if wanted.since else "",
        "until": wanted.until.isoformat() if wanted.until else "",
    }
    return urlencode({name: text for name, text in fields.items() if text}, errors="replace")
