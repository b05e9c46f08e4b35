"""Only so many requests wait for the upstream at a time, and one that is silent is left alone."""

from __future__ import annotations

import contextvars
import threading
import time

import httpx
import pytest

from playground.running.servers import Size
from playground.upstream import breaker, targets, waiting
from playground.upstream.breaker import Breaker
from playground.upstream.errors import UpstreamError, UpstreamNotAsked
from tests.crowds import held
from tests.upstream.helpers import client_over

WORKSPACE = {
    "name": "Team",
    "email": "a@b.example",
    "plan_name": "Pro",
    "current_month_start": "2026-11-01T00:00:00+00:00",
    "current_month_end": "2026-12-01T00:00:00+00:00",
}


@pytest.fixture
def hosted(settings) -> None:
    settings.UPSTREAM_IS_SANDBOX = False


def sending():
    return waiting.place(is_change=True)


@pytest.mark.parametrize(
    ("place", "count", "other"),
    [
        (waiting.place, waiting.MOST_WATCHING, sending),
        (sending, waiting.MOST_SENDING, waiting.place),
    ],
)
def test_places_are_counted_and_those_who_send_have_their_own(hosted, place, count, other):
    with held(place, count):
        with pytest.raises(UpstreamNotAsked, match="upstream is slow"), place():
            pass
        with held(other, 1):
            pass

    with held(place, count):
        pass


def test_who_has_a_place_needs_no_second_one(hosted):
    another = contextvars.copy_context()

    with held(waiting.place, waiting.MOST_WATCHING - 1), waiting.place():
        with waiting.place():
            pass
        with pytest.raises(UpstreamNotAsked):
            another.run(waiting.place().__enter__)


def test_while_places_are_given_back_a_few_stand_in_line(hosted, monkeypatch):
    monkeypatch.setattr(waiting, "SLOW_AFTER", 60)
    places = waiting._Places(1, most_in_line=1)
    found: list[object] = []
    first = places.take()
    thread = threading.Thread(target=lambda: found.append(places.take()))
    thread.start()
    while not places._in_line:
        time.sleep(0.001)

    # The line is full.
    refused = places.take()
    places.give_back(first)
    thread.join(60)

    assert refused is None
    assert found != [None]
    assert len(found) == 1


def test_who_sends_stands_in_line_and_who_looks_things_up_before_does_not(hosted, monkeypatch):
    monkeypatch.setattr(waiting, "SLOW_AFTER", 60)
    places = waiting._Places(1, most_in_line=1)
    monkeypatch.setattr(waiting, "_sending", places)
    sent: list[bool] = []

    def send() -> None:
        with waiting.place_to_send_if_any():
            looked_up.set()
            with sending():
                sent.append(True)

    looked_up, other = threading.Event(), places.take()
    thread = threading.Thread(target=send)
    thread.start()
    # Nobody gives a place back meanwhile.
    assert looked_up.wait(30)
    while not places._in_line:
        time.sleep(0.001)
    with pytest.raises(UpstreamNotAsked, match="Nothing was sent"), sending():
        pass  # The line is full.
    assert sent == []
    places.give_back(other)
    thread.join(60)

    assert sent == [True]


def test_sandbox_in_this_process_needs_no_places(hosted):
    with targets.use("sandbox"), held(waiting.place, waiting.MOST_WATCHING + 5):
        pass


@pytest.mark.parametrize("threads", [1, 4, 1000])
def test_threads_that_answer_are_never_all_waiting(threads):
    assert Size(threads=threads).all_threads - waiting.MOST_WAITING >= threads


def test_call_without_a_place_is_not_made(hosted):
    made: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        made.append(request.method)
        return httpx.Response(200, json=WORKSPACE | {"job_uid": "j-1"})

    client = client_over(answer)
    with held(waiting.place, waiting.MOST_WATCHING):
        with pytest.raises(UpstreamNotAsked) as refused:
            client.get_workspace()
        client.launch_workflow("w-1", b"{}")
    with held(sending, waiting.MOST_SENDING):
        with pytest.raises(UpstreamNotAsked, match="Nothing was sent"):
            client.launch_workflow("w-1", b"{}")
        client.get_workspace()

    assert (made, refused.value.retry_after) == (["POST", "GET"], waiting.COME_AGAIN_AFTER)


def test_breaker_lets_one_through_after_a_rest_until_one_is_answered():
    clock = [0.0]
    one = Breaker(lambda: clock[0])

    def is_admitted() -> bool:
        try:
            one.admit()
        except UpstreamNotAsked as refused:
            return refused.retry_after not in (1, breaker.REST)
        return True

    found = []
    for _ in range(breaker.MOST_SILENCES):
        found.append(is_admitted())
        one.note(is_silence=True)
    found.append(is_admitted())
    clock[0] += breaker.REST
    found += [is_admitted(), is_admitted()]  # The probe, and who comes meanwhile.
    one.note(is_silence=True)
    found.append(is_admitted())
    clock[0] += breaker.REST
    found.append(is_admitted())
    one.note(is_silence=False)
    found += [is_admitted(), is_admitted()]

    assert found == [True, True, True, False, True, False, False, True, True, True]


def test_breaker_does_not_wait_for_ever_for_a_probe_that_is_lost():
    clock = [0.0]
    one = Breaker(lambda: clock[0])
    for _ in range(breaker.MOST_SILENCES):
        one.note(is_silence=True)
    clock[0] += breaker.REST
    one.admit()

    clock[0] += breaker.LONGEST_PROBE
    one.admit()


def read_timeout(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("silent")


def no_connection(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("nobody there")


def failure(request: httpx.Request) -> httpx.Response:
    return httpx.Response(503, json={"message": "Not now."})


def nonsense(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, text="<html>")


def refusal(request: httpx.Request) -> httpx.Response:
    return httpx.Response(404, json={"message": "None."})


@pytest.mark.parametrize(
    ("answer", "is_left_alone"),
    [
        (read_timeout, True),
        (no_connection, True),
        (failure, False),
        (nonsense, False),
        (refusal, False),
    ],
)
def test_only_silence_makes_an_upstream_be_left_alone(hosted, answer, is_left_alone):
    calls: list[httpx.Request] = []

    def counted(request: httpx.Request) -> httpx.Response:
        calls.append(request)
        return answer(request)

    client = client_over(counted)
    for _ in range(breaker.MOST_SILENCES + 2):
        with pytest.raises(UpstreamError):
            client.get_workspace()

    assert len(calls) == breaker.MOST_SILENCES + (0 if is_left_alone else 2)


def test_what_is_sent_is_always_tried_and_its_answer_ends_the_rest(hosted):
    answers = [read_timeout] * breaker.MOST_SILENCES

    def answer(request: httpx.Request) -> httpx.Response:
        if answers:
            return answers.pop()(request)
        return httpx.Response(200, json=WORKSPACE | {"job_uid": "j-1"})

    client = client_over(answer)
    for _ in range(breaker.MOST_SILENCES):
        with pytest.raises(UpstreamError):
            client.get_workspace()
    with pytest.raises(UpstreamNotAsked):
        client.get_workspace()

    client.launch_workflow("w-1", b"{}")

    assert client.get_workspace().name == "Team"
