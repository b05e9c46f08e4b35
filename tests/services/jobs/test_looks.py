"""One call an interval, however many watch a job in however many processes."""

from __future__ import annotations

import datetime as dt

import httpx
import pytest

from playground.models import JobLook
from playground.services.jobs import looks
from playground.services.jobs.looks import Wanted
from playground.services.upstream_cache import invalidation
from playground.services.upstream_cache.calls import UnableToReachUpstream
from playground.services.upstream_cache.invalidation import Event
from tests.upstreams import AnsweringTransport, upstream

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


class Hosted(AnsweringTransport):
    """A job of one part, which runs until it is said to be over."""

    def __init__(self) -> None:
        super().__init__(jobs=self._list)
        self.answers["j-1"] = lambda _: httpx.Response(200, json=self.main)
        self.status, self.rows = "running", 0

    @property
    def main(self) -> dict[str, object]:
        started = START.isoformat()
        return {"uid": "j-1", "status": self.status, "row_count": self.rows} | {
            "workflow_uid": "w-1",
            "start_time": started,
            "configuration": {"api_key": "s3cret-of-somebody", "depth": 2},
        }

    def _list(self, _: httpx.Request) -> httpx.Response:
        part = {"uid": "j-2", "status": self.status, "step_uid": "s-1", "main_job_uid": "j-1"}
        other = {"uid": "j-0", "status": "finished"}
        return httpx.Response(200, json=[self.main, part, other])

    def calls(self) -> list[str]:
        found = [one.url.path.rpartition("/")[2] for one in self.requests]
        self.requests.clear()
        return found


@pytest.fixture
def hosted(settings, monkeypatch):
    settings.UPSTREAM_IS_SANDBOX = False
    hosted = Hosted()
    with upstream(hosted):
        at(monkeypatch, 0)
        yield hosted


def at(monkeypatch, seconds: float) -> None:
    now = START + dt.timedelta(seconds=seconds)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


def watch(*, is_poll: bool = True):
    """As a page of another process than the last one looks."""
    looks._looks.forget()
    return looks.look(Wanted(job_uid="j-1", is_poll=is_poll))


def test_all_watchers_cost_one_call_an_interval(hosted, monkeypatch):
    watch(is_poll=False)
    assert hosted.calls() == ["j-1", "jobs"]
    for tick in range(1, 5):
        hosted.rows = tick
        for watcher in range(20):
            at(monkeypatch, 2 * tick + watcher / 10)
            found = watch()
            assert (found.value.job.row_count, found.problem) == (tick, "")
            assert [part.uid for part in found.value.parts] == ["j-2"]

        assert hosted.calls() == ["jobs"]


@pytest.mark.parametrize(("age", "every"), [(70, 5), (700, 15), (4_000, 30)])
def test_intervals_get_longer_with_the_job(hosted, monkeypatch, age, every):
    begin = age - age % every
    at(monkeypatch, begin)
    watch()
    hosted.calls()

    for second in range(3 * every):
        at(monkeypatch, begin + every + second)
        watch()

    assert hosted.calls() == ["jobs"] * 3


def test_the_last_of_it_is_told_in_its_own_words(hosted, monkeypatch):
    watch()
    hosted.calls()
    hosted.status = "finished"
    at(monkeypatch, 2)

    assert watch().value.job.is_final
    assert hosted.calls() == ["jobs", "j-1"]


def test_who_stops_a_job_sees_it_stopped_at_once(hosted, monkeypatch):
    watch()
    hosted.status = "stopped"
    invalidation.make_stale(Event.JOB_CHANGED)

    assert watch().value.job.status == "stopped"


def test_an_answer_from_before_a_change_is_not_told_to_others(hosted, monkeypatch):
    ask = looks._ask_here

    def ask_and_be_late(*arguments):
        found = ask(*arguments)
        looks._forget_shared()
        return found

    monkeypatch.setattr(looks, "_ask_here", ask_and_be_late)
    watch()

    assert not JobLook.objects.exists()


def test_an_upstream_that_fails_is_asked_once_an_interval_and_the_job_stays(hosted, monkeypatch):
    watch()
    hosted.calls()
    hosted.answers["jobs"] = lambda _: httpx.Response(503)
    at(monkeypatch, 2)
    problems = [watch().problem for _ in range(3)]

    assert hosted.calls() == ["jobs"]
    assert len(set(problems)) == 1
    assert problems[0]


def test_a_job_that_is_gone_or_never_was_leaves_nothing(hosted, monkeypatch):
    watch()
    hosted.answers.clear()
    at(monkeypatch, 2)

    for _ in range(2):
        with pytest.raises(UnableToReachUpstream):
            watch()
    assert not JobLook.objects.exists()


def test_no_secret_is_told_to_others_or_kept(hosted):
    watch()

    assert b"s3cret" not in bytes(JobLook.objects.get().answer)
    assert watch().value.job.configuration["depth"] == 2


def test_who_was_killed_while_asking_is_waited_for_no_longer_than_a_call_takes(hosted, monkeypatch):
    watch()
    JobLook.objects.update(asked_at=START + dt.timedelta(seconds=2))
    hosted.calls()

    for second in (4, 12, 21):
        at(monkeypatch, second)
        watch()
    assert hosted.calls() == []
    at(monkeypatch, 22)
    watch()
    assert hosted.calls() == ["jobs"]
