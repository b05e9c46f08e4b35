"""The same or nearly the same launch, lately."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from playground.payload.build.builder import Built
from playground.payload.texts import shorten
from playground.payload.words import counted
from playground.preflight import words
from playground.preflight.facts import Facts, PastLaunch
from playground.preflight.lines import Line

MOST_LINES = 3
_LATELY = timedelta(hours=1)


def check_history(built: Built, digests: Collection[bytes], facts: Facts) -> list[Line]:
    """At most `MOST_LINES`: first of the same payload, then of much the same rows; newest first."""
    return _lines(built, digests, facts.launches, facts.now)


def check_since(
    built: Built, digests: Collection[bytes], facts: Facts, *, number: int
) -> list[Line]:
    """The same of those alone that were launched after launch `number`, lately."""
    since = [past for past in facts.launches if past.number > number]
    lines = _lines(built, digests, since, facts.now)
    return [line for line in lines if line.severity == "risky"]


def _lines(
    built: Built, digests: Collection[bytes], launches: Collection[PastLaunch], now: datetime
) -> list[Line]:
    if not launches:
        return []
    rows = set(digests)
    newest = sorted(launches, key=lambda past: (past.at, past.number), reverse=True)
    same = [past for past in newest if past.fingerprint == built.fingerprint]
    others = [past for past in newest if past.fingerprint != built.fingerprint]
    lines = [_same_line(past, now) for past in same[:MOST_LINES]]
    for past in others:
        if len(lines) >= MOST_LINES:
            break
        common = len(rows & past.rows)
        if rows and (common == len(rows) or (common >= 2 and common * 2 >= len(rows))):
            lines.append(_near_line(past, common, len(rows), now))
    return lines


def _same_line(past: PastLaunch, now: datetime) -> Line:
    return _line("launched-lately", past, now, "The same payload was launched")


def _near_line(past: PastLaunch, common: int, count: int, now: datetime) -> Line:
    if common == count:
        which = "The same row was" if count == 1 else f"The same {count:,} rows were"
        if len(past.rows) > common:
            which += " among those"
    else:
        which = f"{common:,} of these {counted(count, 'row')} were"
    name = shorten(past.job_name)
    return _line("launched-nearly", past, now, f"{which} launched as “{name}”")


def _line(code: str, past: PastLaunch, now: datetime, told: str) -> Line:
    is_recent = now - past.at < _LATELY
    return Line(
        code=code,
        severity="risky" if is_recent else "note",
        section="history",
        message=f"{told} {words.ago(past.at, now)} by {words.person(past.by)} "
        f"(launch {past.number}).",
        path=("inputs",),
    )
