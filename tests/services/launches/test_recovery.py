"""A launch of unknown outcome is looked for, never sent again."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator

import httpx
import pytest
from django.contrib.auth.models import User

from playground.models import Launch, LaunchState
from playground.services.launches import recovery
from playground.services.ledger import launches as launch_ledger
from tests.upstreams import AnsweringTransport, upstream

NOW = dt.datetime(2026, 5, 4, 12, 0, tzinfo=dt.UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def hosted() -> Iterator[AnsweringTransport]:
    transport = AnsweringTransport(jobs=lambda _: httpx.Response(200, json=[]))
    with upstream(transport):
        yield transport


def unknown_launch(**changes: object) -> Launch:
    user, _ = User.objects.get_or_create(username="ada")
    values = {
        "launch_token": uuid.uuid4(),
        "user": user,
        "workflow_uid": "w-1",
        "workflow_name": "Find an e-mail",
        "job_name": "Monday",
        "payload": b"{}",
        "fingerprint": "0" * 12,
        "row_count": 3,
        "upstream": "sandbox",
        "state": LaunchState.UNKNOWN,
        "attempts": 1,
        "created_at": NOW,
        "sent_at": NOW,
        "decided_at": NOW,
    }
    return Launch.objects.create(**(values | changes))


def job(uid: str, **changes: object) -> dict[str, object]:
    values = {"uid": uid, "name": "Monday", "number_inputs": 3, "main_job_uid": None}
    return values | {"start_time": "2026-05-04T12:00:02.000000"} | changes


def pages(*jobs: dict[str, object]):
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=list(jobs) if request.url.params["page"] == "0" else [])

    return answer


def after(**passed: int) -> dt.datetime:
    return NOW + dt.timedelta(**passed)


def test_launch_is_found_by_name_size_and_time(hosted):
    launch = unknown_launch()
    hosted.answers["jobs"] = pages(
        job("other-name", name="Tuesday"),
        job("other-size", number_inputs=4),
        job("too-old", start_time="2026-05-04T11:00:00.000000"),
        job("part-of-another", main_job_uid="x"),
        job("ours"),
    )

    recovery.search_for_launch(launch, after(seconds=10))

    assert (launch.state, launch.job_uid) == (LaunchState.LAUNCHED, "ours")


def test_job_of_another_launch_is_not_taken(hosted):
    unknown_launch(state=LaunchState.LAUNCHED, job_uid="taken")
    launch = unknown_launch()
    hosted.answers["jobs"] = pages(job("taken"))

    recovery.search_for_launch(launch, after(seconds=10))

    assert (launch.state, launch.searches) == (LaunchState.UNKNOWN, 1)


def test_two_fitting_jobs_are_left_for_a_person_to_compare(hosted):
    launch = unknown_launch()
    hosted.answers["jobs"] = pages(job("one"), job("two"))

    recovery.search_for_launch(launch, after(seconds=10))

    assert launch.state == LaunchState.UNKNOWN
    assert launch.sentence == (
        "2 jobs of this name could be it: one, two. Compare them before launching again."
    )


def test_launch_is_given_up_only_after_the_last_search(hosted):
    launch = unknown_launch()

    states, due = [], []
    for seconds in (10, 30, 120, 600):
        due.append(
            (
                recovery.is_due(launch, after(seconds=seconds - 1)),
                recovery.is_due(launch, after(seconds=seconds)),
            )
        )
        recovery.search_for_launch(launch, after(seconds=seconds))
        states.append(launch.state)

    assert due == [(False, True)] * 4
    assert states == ["unknown", "unknown", "unknown", "not-found"]


def test_search_that_gets_no_answer_does_not_count(hosted):
    launch = unknown_launch(searches=3)
    hosted.answers["jobs"] = lambda _: httpx.Response(503, json={"message": "down"})

    recovery.search_for_launch(launch, after(seconds=600))

    assert (launch.state, launch.searches) == (LaunchState.UNKNOWN, 3)
    assert launch.sentence.startswith("Could not be looked for: ")
    assert recovery.next_at(launch) == after(seconds=660)


def test_search_by_hand_does_not_use_up_a_scheduled_one(hosted):
    launch = unknown_launch(searches=3)

    recovery.search_by_hand(launch.user, launch, after(seconds=30))

    assert (launch.state, launch.searches) == (LaunchState.UNKNOWN, 3)


def test_launch_whose_process_died_becomes_unknown_after_its_lease(hosted):
    launch = unknown_launch(state=LaunchState.SENDING, decided_at=None)

    early = launch_ledger.give_up_lost_launches(after(seconds=60))
    late = launch_ledger.give_up_lost_launches(after(seconds=61))

    launch.refresh_from_db()
    assert (early, late) == (0, 1)
    assert (launch.state, launch.decided_at) == (LaunchState.UNKNOWN, after(seconds=61))


def test_background_work_takes_a_lost_launch_to_its_end(hosted, monkeypatch):
    launch = unknown_launch(state=LaunchState.SENDING, decided_at=None)
    hosted.answers["jobs"] = pages(job("ours"))
    seen = []
    for seconds in (30, 70, 75, 81):
        monkeypatch.setattr(
            recovery.timezone, "now", lambda seconds=seconds: after(seconds=seconds)
        )
        recovery.follow_launch.func(launch.pk)
        launch.refresh_from_db()
        seen.append(launch.state)

    assert seen == ["sending", "unknown", "unknown", "launched"]
