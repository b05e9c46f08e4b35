"""Kept answers: fetched once however many ask; failures kept briefly, slow ones not awaited."""

from __future__ import annotations

import threading

import pytest

from playground.services.upstream_cache import parallel
from playground.services.upstream_cache.cache import Fresh, FreshnessCache


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class Source:
    """Counts what it is asked, and fails while `error` is set."""

    def __init__(self) -> None:
        self.asked = 0
        self.error: Exception | None = None

    def __call__(self) -> int:
        self.asked += 1
        if self.error:
            raise self.error
        return self.asked


def test_value_is_kept_until_it_is_too_old_for_whoever_asks():
    clock, source = Clock(), Source()
    cache = FreshnessCache[int](clock=clock)

    first = cache.get("a", source, max_age=60).value
    clock.seconds = 60
    still = cache.get("a", source, max_age=60).value
    clock.seconds = 61
    at_any_age = cache.get("a", source, max_age=None).value
    renewed = cache.get("a", source, max_age=60).value

    assert (first, still, at_any_age, renewed) == (1, 1, 1, 2)


def test_failure_is_remembered_for_a_while_and_then_asked_again():
    clock, source = Clock(), Source()
    cache = FreshnessCache[int](clock=clock, failures_kept=10)
    source.error = LookupError("down")

    for seconds in (0, 9.9, 10):
        clock.seconds = seconds
        with pytest.raises(LookupError, match="down"):
            cache.get("a", source, max_age=60)

    assert source.asked == 2


def test_failure_is_not_remembered_unless_asked_for():
    source = Source()
    cache = FreshnessCache[int](clock=Clock())
    source.error = LookupError("down")
    with pytest.raises(LookupError):
        cache.get("a", source, max_age=60)
    source.error = None

    found = cache.get("a", source, max_age=60)

    assert found.value == 2


def test_older_value_outlives_a_failure():
    clock, source = Clock(), Source()
    cache = FreshnessCache[int](clock=clock, failures_kept=10)
    cache.get("a", source, max_age=60)
    clock.seconds, source.error = 100, LookupError("down")

    flight = cache.start("a", source, max_age=60)

    assert isinstance(flight.exception(), LookupError)
    assert cache.peek("a") == Fresh(1, 0.0)


def test_twenty_who_ask_at_once_make_one_fetch():
    source, begun, go_on = Source(), threading.Event(), threading.Event()
    cache = FreshnessCache[int]()

    def fetch() -> int:
        begun.set()
        assert go_on.wait(60)
        return source()

    flights = [cache.start("a", fetch, max_age=60, run=parallel.in_thread) for _ in range(20)]
    assert begun.wait(60)
    go_on.set()

    assert [flight.result(60).value for flight in flights] == [1] * 20
    assert source.asked == 1


def test_waiting_ends_in_time_and_the_answer_is_there_later():
    go_on = threading.Event()
    cache = FreshnessCache[str]()

    def slow() -> str:
        assert go_on.wait(60)
        return "slow"

    flights = {
        "quick": cache.start("quick", lambda: "quick", max_age=60),
        "slow": cache.start("slow", slow, max_age=60, run=parallel.in_thread),
    }
    parallel.wait(flights.values(), 0.05)
    done = [key for key, flight in flights.items() if flight.done()]
    go_on.set()

    assert done == ["quick"]
    assert cache.get("slow", slow, max_age=60).value == "slow"


def test_what_was_under_way_when_it_was_forgotten_is_not_kept():
    begun, go_on = threading.Event(), threading.Event()
    cache = FreshnessCache[str]()

    def fetch() -> str:
        begun.set()
        assert go_on.wait(60)
        return "before the change"

    flight = cache.start("a", fetch, max_age=60, run=parallel.in_thread)
    assert begun.wait(60)
    cache.forget(["a"])
    renewed = cache.get("a", lambda: "after it", max_age=60).value
    go_on.set()

    assert flight.result(60).value == "before the change"
    assert renewed == "after it"
    assert cache.peek("a").value == "after it"


def test_outdated_value_is_known_until_there_is_a_newer_one():
    source = Source()
    cache = FreshnessCache[int](clock=Clock(), failures_kept=10)
    cache.get("a", source, max_age=60)
    cache.outdate(["a"])
    source.error = LookupError("down")

    failed = cache.start("a", source, max_age=60)
    known = cache.get("a", source, max_age=None).value
    cache.outdate()
    source.error = None
    renewed = cache.get("a", source, max_age=60).value

    assert isinstance(failed.exception(), LookupError)
    assert (known, renewed, cache.peek("a", max_age=60).value) == (1, 3, 3)


def test_what_was_under_way_when_it_was_outdated_is_not_kept():
    begun, go_on = threading.Event(), threading.Event()
    cache = FreshnessCache[str]()
    cache.get("a", lambda: "first", max_age=60)

    def fetch() -> str:
        begun.set()
        assert go_on.wait(5)
        return "before the change"

    flight = cache.start("a", fetch, max_age=-1, run=parallel.in_thread)
    assert begun.wait(5)
    cache.outdate(["a"])
    go_on.set()

    assert flight.result(5).value == "before the change"
    assert (cache.peek("a").value, cache.peek("a", max_age=60)) == ("first", None)


def test_who_tries_again_is_not_told_of_a_failure_that_is_over():
    source = Source()
    cache = FreshnessCache[int](clock=Clock(), failures_kept=10)
    source.error = LookupError("down")
    with pytest.raises(LookupError):
        cache.get("a", source, max_age=60)
    source.error = None

    assert cache.get_anew("a", source, max_age=60).value == 2
    assert cache.get_anew("a", source, max_age=60).value == 2


def test_most_values_are_dropped_oldest_first():
    cache = FreshnessCache[int](most=2)

    for key in ("a", "b", "c"):
        cache.get(key, Source(), max_age=None)

    assert [cache.peek(key) is not None for key in ("a", "b", "c")] == [False, True, True]
