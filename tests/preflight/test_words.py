"""Numbers and times as a sentence says them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from playground.preflight import words

NOW = datetime(2025, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (-90, "just now"),
        (59, "just now"),
        (60, "1 minute ago"),
        (600, "10 minutes ago"),
        (3_599, "59 minutes ago"),
        (7_260, "2 hours ago"),
        (86_400, "1 day ago"),
        (9_999_999, "115 days ago"),
    ],
)
def test_time_that_has_passed_is_told_in_its_largest_unit(seconds, told):
    assert words.ago(NOW - timedelta(seconds=seconds), NOW) == told


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "0 seconds"),
        (0.9, "0 seconds"),
        (61, "1 minute 1 second"),
        (3_600, "1 hour"),
        (5_400, "1 hour 30 minutes"),
        (86_405, "1 day"),
    ],
)
def test_length_is_told_in_its_two_largest_units(seconds, told):
    assert words.lasting(seconds) == told


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (NOW + timedelta(hours=3), "15:00 UTC"),
        (NOW.astimezone(timezone(timedelta(hours=9))), "12:00 UTC"),
        (NOW + timedelta(hours=12), "2 March, 00:00 UTC"),
        (NOW.replace(year=2031), "1 March 2031, 12:00 UTC"),
        (datetime.max.replace(tzinfo=timezone(-timedelta(hours=5))), "an unknown time"),
    ],
)
def test_moment_is_told_in_utc_with_the_day_where_it_is_another(at, told):
    assert words.moment(at, NOW) == told


def test_foreign_sentences_are_cut_and_stay_on_one_line():
    assert words.sentence("a\nb\u202e c") == "a b c"
    assert len(words.sentence("x" * 10_000)) == 200
