"""The upstream is asked beside a request or several things at a time, and not for too long."""

from __future__ import annotations

import threading
import time

import pytest

from playground.services.upstream_cache import parallel
from playground.services.upstream_cache.calls import UnableToReachUpstream
from playground.upstream import targets


@pytest.fixture
def in_threads(settings) -> None:
    settings.UPSTREAM_IS_SANDBOX = False


@pytest.fixture
def places_left(monkeypatch):
    """How many threads can be had from here on."""

    def limit(count: int) -> None:
        start, left = threading.Thread.start, [count]

        def start_while_there_are(thread: threading.Thread) -> None:
            if not left[0]:
                raise RuntimeError("can't start new thread")
            left[0] -= 1
            start(thread)

        monkeypatch.setattr(threading.Thread, "start", start_while_there_are)

    return limit


def test_answers_and_failures_are_kept_apart():
    def fail() -> int:
        raise UnableToReachUpstream("It is down.", status=503)

    gathered = parallel.gather({"a": lambda: 1, "b": fail, "c": lambda: 3}, seconds=5)

    assert gathered.answers == {"a": 1, "c": 3}
    assert [str(error) for error in gathered.problems.values()] == ["It is down."]


@pytest.mark.parametrize("is_sandbox", [True, False])
def test_fault_of_ours_is_not_taken_for_the_upstreams(settings, is_sandbox):
    settings.UPSTREAM_IS_SANDBOX = is_sandbox

    with pytest.raises(ZeroDivisionError):
        parallel.gather({"a": lambda: 1 // 0}, seconds=5)


def test_sandbox_is_asked_in_the_thread_of_the_request():
    threads = set()

    parallel.gather(
        {str(at): lambda: threads.add(threading.get_ident()) for at in range(5)}, seconds=5
    )

    assert threads == {threading.get_ident()}


def test_several_pages_together_ask_no_more_at_a_time(in_threads):
    under_way, most, guard = [0], [0], threading.Lock()

    def question() -> None:
        with guard:
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
        time.sleep(0.01)
        with guard:
            under_way[0] -= 1

    def page() -> None:
        parallel.gather({str(at): question for at in range(20)}, seconds=60)

    pages = [threading.Thread(target=page) for _ in range(4)]
    for thread in pages:
        thread.start()
    for thread in pages:
        thread.join()

    assert 1 < most[0] <= parallel.MOST_AT_A_TIME


def test_places_are_free_again_after_the_deadline(in_threads):
    go_on = threading.Event()
    slow = {str(at): lambda: go_on.wait(60) for at in range(parallel.MOST_AT_A_TIME)}

    late = parallel.gather(slow, seconds=0.5)
    crowded = parallel.gather({"a": lambda: 1}, seconds=0.05)
    go_on.set()
    free = parallel.gather({"a": lambda: 1}, seconds=60)

    assert (late.answers, crowded.answers, free.answers) == ({}, {}, {"a": 1})


def test_nothing_to_ask_is_answered_at_once(in_threads):
    assert parallel.gather({}, seconds=5).answers == {}


@pytest.mark.parametrize("count", [0, 1])
def test_all_is_asked_with_as_many_threads_as_can_be_had(in_threads, places_left, count):
    threads = set()

    def question(at: int) -> int:
        threads.add(threading.get_ident())
        return at

    places_left(count)

    gathered = parallel.gather({str(at): lambda at=at: question(at) for at in range(5)}, seconds=60)

    assert list(gathered.answers.values()) == [0, 1, 2, 3, 4]
    assert (threads == {threading.get_ident()}) is (count == 0)


def test_who_asks_for_another_server_is_answered_by_it(in_threads):
    with targets.use("sandbox"):
        flight: parallel.Flight[str] = parallel.Flight()
        parallel.in_thread(lambda: parallel.land(flight, targets.current))
    gathered = parallel.gather({"a": targets.current}, seconds=60)

    assert (flight.result(60), gathered.answers) == ("sandbox", {"a": "upstream"})


@pytest.mark.parametrize(("is_sandbox", "is_here"), [(True, True), (False, False)])
def test_only_the_sandbox_is_asked_in_the_request_itself(settings, is_sandbox, is_here):
    settings.UPSTREAM_IS_SANDBOX = is_sandbox
    flight: parallel.Flight[int] = parallel.Flight()

    parallel.beside(lambda: parallel.land(flight, threading.get_ident))

    assert (flight.result(60) == threading.get_ident()) is is_here


def test_what_is_under_way_for_long_is_waited_for_no_more(in_threads):
    go_on = threading.Event()
    flight: parallel.Flight[bool] = parallel.Flight()
    flight.began_at -= 1_000
    parallel.in_thread(lambda: parallel.land(flight, lambda: go_on.wait(30)))

    parallel.wait([flight], 900)
    was_done = flight.done()
    go_on.set()

    assert (was_done, flight.result(60)) == (False, True)


def test_what_has_just_begun_is_waited_for_whatever_else_is_late(in_threads):
    go_on = threading.Event()
    late: parallel.Flight[bool] = parallel.Flight()
    late.began_at -= 1_000
    new: parallel.Flight[bool] = parallel.Flight()
    for flight in (late, new):
        parallel.in_thread(lambda flight=flight: parallel.land(flight, lambda: go_on.wait(30)))
    threading.Timer(0.2, go_on.set).start()

    parallel.wait([late, new], 60)

    assert (late.done(), new.done()) == (True, True)


def test_end_of_the_process_is_not_kept_from_whoever_waits():
    flight: parallel.Flight[int] = parallel.Flight()

    def ask() -> int:
        raise SystemExit(3)

    with pytest.raises(SystemExit):
        parallel.land(flight, ask)

    assert isinstance(flight.exception(0), SystemExit)
