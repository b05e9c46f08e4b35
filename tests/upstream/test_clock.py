"""The upstream's clock is read off its answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from playground.upstream.clock import read_date
from tests.upstream.helpers import client_over

SENT_AT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


@pytest.mark.parametrize(
    ("text", "ahead", "error"),
    [
        ("Mon, 04 May 2026 12:00:00 GMT", seconds(0), seconds(1)),
        ("Mon, 04 May 2026 13:00:00 GMT", seconds(3600), seconds(1)),
        ("Mon, 04 May 2026 11:59:00 GMT", seconds(-60), seconds(1)),
    ],
)
def test_a_date_tells_how_far_the_clock_is_ahead(text, ahead, error):
    reading = read_date(text, SENT_AT, SENT_AT + seconds(1))

    assert (reading.ahead, reading.error) == (ahead, error)


@pytest.mark.parametrize("text", [None, "", "yesterday", "Mon, 99 May 2026 12:00:00 GMT"])
def test_without_a_date_nothing_is_told(text):
    assert read_date(text, SENT_AT, SENT_AT) is None


def test_the_newest_answer_counts_and_one_without_a_date_changes_nothing():
    dates = iter(["Mon, 04 May 2099 12:00:00 GMT", None])

    def answer(_: httpx.Request) -> httpx.Response:
        date = next(dates)
        return httpx.Response(200, json=[], headers={"date": date} if date else {})

    client = client_over(answer)
    assert client.clock is None

    client.list_workflows()
    first = client.clock
    client.list_workflows()

    assert first.ahead > timedelta(days=365)
    assert client.clock == first
