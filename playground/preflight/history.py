"""The same or nearly the same launch, lately."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from playground.payload.build.builder import Built
from playground.payload.texts import shorten
from playground.preflight import words
from playground.preflight.facts import Facts, PastLaunch
from playground.preflight.lines import Line
from playground.preflight.words import counted

MOST_LINES = 3
_LATELY = timedelta(hours=1)


def check_history(built: Built, digests: Collection[bytes], facts: Facts) -> list[Line]:
    """At most `MOST_LINES`: first of the same payload, then of much the same rows; newest first."""
    if not facts.launches:
        return []
    rows = set(digests)
    newest = sorted(facts.launches, key=lambda past: (past.at, past.number), reverse=True)
    same = [past for past in newest if past.fingerprint == built.fingerprint]
    others = [past for past in newest if past.fingerprint != built.fingerprint]
    lines = [_same_line(past, facts) for past in same[:MOST_LINES]]
    for past in others:
        if len(lines) >= MOST_LINES:
            break
        common = len(rows & past.rows)
        if rows and (common == len(rows) or (common >= 2 and common * 2 >= len(rows))):
            lines.append(_near_line(past, common, len(rows), facts))
    return lines


def _same_line(past: PastLaunch, facts: Facts) -> Line:
    return _line("launched-lately", past, facts, "The same payload was launched")


def _near_line(past: PastLaunch, common: int, count: int, facts: Facts) -> Line:
    if common == count:
        which = "The same row was" if count == 1 else f"The same {count:,} rows were"
        if len(past.rows) > common:
            which += " among those"
    else:
        which = f"{common:,} of these {counted(count, 'row')} were"
    name = shorten(past.job_name)
    return _line("launched-nearly", past, facts, f"{which} launched as “{name}”")


def _line(code: str, past: PastLaunch, facts: Facts, told: str) -> Line:
    is_recent = facts.now - past.at < _LATELY
    return Line(
        code=code,
        severity="risky" if is_recent else "note",
        section="history",
        message=f"{told} {words.ago(past.at, facts.now)} by {words.person(past.by)} "
        f"(launch {past.number}).",
        path=("inputs",),
    )
