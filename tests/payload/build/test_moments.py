"""A start by date and time is so many seconds from now, or a sentence why that cannot be said."""

from __future__ import annotations

import datetime as dt

import pytest

from playground.payload.build import builder, moments
from playground.payload.build.moments import UnclearMoment
from playground.payload.drafts import Entry, LaunchDraft
from tests.payload.samples import LEADS

HINT = ("hint", "start-counted")
NOW = dt.datetime(2026, 10, 24, 12, 0, 0, 250_000, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-10-24 12:00 UTC", "2026-10-24T12:00"),
        ("2026-10-24T14:00+02:00", "2026-10-24T12:00"),
        ("2026-10-24 14:00 Europe/Paris", "2026-10-24T12:00"),
        ("2026-12-01 9:05:07 America/New_York", "2026-12-01T14:05:07"),
        (" 2026-1-2  03.04  Asia/Kathmandu ", "2026-01-01T21:19"),
        ("2026-03-29 03:00 Europe/Paris", "2026-03-29T01:00"),
        ("2026-10-25 02:30 +0100", "2026-10-25T01:30"),
        ("2026-10-25 02:30 Africa/Lagos", "2026-10-25T01:30"),
        ("2026-10-24 12:00Z", "2026-10-24T12:00"),
    ],
)
def test_a_date_a_time_and_a_zone_are_a_moment(text, at):
    assert moments.read(text) == dt.datetime.fromisoformat(f"{at}+00:00")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2026-03-29 02:30 Europe/Paris", "There is no 02:30 on that day"),
        ("2026-10-04 02:15 Australia/Lord_Howe", "There is no 02:15"),
        ("2026-10-25 02:30 Europe/Paris", r"2026-10-25 02:30 \+02:00 or \+01:00"),
        ("2026-11-01 01:00 America/New_York", r"-04:00 or -05:00"),
        ("2026-04-05 01:45 Australia/Lord_Howe", r"\+11:00 or \+10:30"),
        ("2026-10-25 09:00", "Add its zone"),
        ("2026-10-25", "date, a time and a zone"),
        ("2026-02-30 09:00 UTC", "no such date"),
        ("2026-10-25 25:00 UTC", "no such date"),
        ("2026-10-25 09:00 Mars/Olympus", "not known"),
        ("2026-10-25 09:00 ../../etc/passwd", "not known"),
        ("2026-10-25 09:00 /etc/localtime", "not known"),
        ("2026-10-25 09:00 +25:00", "so far from UTC"),
        ("2026-10-25 09:00 um neun", "not known"),
        ("0001-01-01 00:00 Pacific/Kiritimati", "past"),
    ],
)
def test_what_is_not_clear_is_asked_about(text, sentence):
    with pytest.raises(UnclearMoment, match=sentence):
        moments.seconds_until(text, NOW)


def built(delay: str, now: dt.datetime | None = NOW):
    return builder.build_launch_request(LEADS, LaunchDraft(delay=Entry(delay), now=now))


def told_of_delay(found) -> list[tuple[str, str]]:
    return [(one.severity, one.code) for one in found.issues if one.path == ("delay",)]


@pytest.mark.parametrize(
    ("text", "delay", "issues"),
    [
        ("2026-10-24 12:00:01 UTC", 1, [HINT]),
        ("2026-10-25 12:00 UTC", 86_400, [HINT]),
        ("2026-10-24 11:59 UTC", None, [("error", "start")]),
        ("2026-10-25", None, [("error", "start")]),
        ("2028-10-25 12:00 UTC", 63_244_800, [HINT, ("error", "delay-out-of-range")]),
        ("90", 90, []),
    ],
)
def test_the_delay_is_counted_from_now(text, delay, issues):
    found = built(text)

    assert found.value.get("delay") == delay
    assert told_of_delay(found) == issues


def test_without_a_clock_a_date_is_no_number():
    assert told_of_delay(built("2026-10-25 12:00 UTC", None))[0][0] == "error"
