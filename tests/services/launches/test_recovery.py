"""A launch of unknown outcome is looked for, never sent again."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator

import httpx
import msgspec
import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from playground.models import Launch, LaunchState
from playground.services.launches import candidates, recovery
from playground.services.ledger import launches as launch_ledger
from playground.services.ledger import leases
from tests.upstreams import AnsweringTransport, upstream

NOW = dt.datetime(2026, 5, 4, 12, 0, tzinfo=dt.UTC)

pytestmark = pytest.mark.django_db


NAMED = {"first_name": "Ada"}


class Jobs:
    """An upstream that lists these jobs, newest first, and tells the rows of each."""

    def __init__(self) -> None:
        self.listed: list[dict[str, object]] = []
        self.rows: dict[str, list[dict[str, object]]] = {}
        self.page_size = 30
        self.date: str | None = "Mon, 04 May 2026 12:00:00 GMT"

    def add(self, uid: str, rows: object = None, **changes: object) -> None:
        rows = [NAMED] * 3 if rows is None else rows
        values = {"uid": uid, "name": "Monday", "number_inputs": len(rows), "main_job_uid": None}
        at = {"scheduled_time": "2026-05-04T12:00:02.000000"}
        self.listed.insert(0, values | at | changes)
        self.rows[uid] = rows

    def list(self, request: httpx.Request) -> httpx.Response:
        start = int(request.url.params["page"]) * self.page_size
        return self._answer(self.listed[start : start + self.page_size])

    def inputs(self, request: httpx.Request) -> httpx.Response:
        uid = request.url.path.split("/")[-2]
        rows = [row | {"status": "succeeded"} for row in self.rows[uid]]
        return self._answer({"inputs": rows, "paging": {"have_next_page": False}})

    def _answer(self, value: object) -> httpx.Response:
        return httpx.Response(200, json=value, headers={"date": self.date} if self.date else {})


@pytest.fixture
def jobs() -> Jobs:
    return Jobs()


@pytest.fixture
def hosted(jobs: Jobs) -> Iterator[AnsweringTransport]:
    transport = AnsweringTransport(jobs=jobs.list, inputs=jobs.inputs)
    with upstream(transport, clock=lambda: NOW):
        yield transport


def unknown_launch(rows: object = None, **changes: object) -> Launch:
    user, _ = User.objects.get_or_create(username="ada")
    rows = [NAMED] * 3 if rows is None else rows
    values = {
        "launch_token": uuid.uuid4(),
        "user": user,
        "workflow_uid": "w-1",
        "workflow_name": "Find an e-mail",
        "job_name": "Monday",
        "payload": msgspec.json.encode({"job_name": "Monday", "steps": [], "inputs": rows}),
        "fingerprint": "0" * 12,
        "row_count": len(rows),
        "upstream": "sandbox",
        "state": LaunchState.UNKNOWN,
        "attempts": 1,
        "created_at": NOW,
        "sent_at": NOW,
        "decided_at": NOW,
    }
    return Launch.objects.create(**(values | changes))


def after(**passed: int) -> dt.datetime:
    return NOW + dt.timedelta(**passed)


def search_to_the_end(launch: Launch) -> None:
    """Every search that the program makes."""
    for seconds in (10, 30, 120, 600):
        recovery.search_for_launch(launch, after(seconds=seconds))
        if not launch.is_sought:
            return


def test_launch_is_found_by_its_rows_and_its_time(hosted, jobs):
    launch = unknown_launch()
    jobs.add("ours")
    jobs.add("other-name", name="Tuesday")
    jobs.add("other-size", rows=[NAMED] * 4)
    jobs.add("other-rows", rows=[NAMED, NAMED, {"first_name": "Grace"}])
    jobs.add("too-old", scheduled_time="2026-05-04T11:00:00.000000")
    jobs.add("part-of-another", main_job_uid="x")

    recovery.search_for_launch(launch, after(seconds=10))

    assert (launch.state, launch.job_uid) == (LaunchState.LAUNCHED, "ours")


def test_a_launch_that_never_arrived_does_not_take_the_job_of_one_that_did(hosted, jobs):
    lost, arrived = unknown_launch(), unknown_launch(sent_at=after(seconds=5))
    jobs.add("of-the-second", scheduled_time="2026-05-04T12:00:06.000000")

    for launch in (lost, arrived):
        search_to_the_end(launch)

    assert [lost.state, arrived.state] == [LaunchState.NOT_PROVED] * 2
    assert lost.sentence == (
        f"One job may be it, and may be that of launch {arrived.pk} as well. Compare them below."
    )


def test_what_a_person_says_of_one_launch_decides_the_other(hosted, jobs):
    lost, arrived = unknown_launch(), unknown_launch(sent_at=after(seconds=5))
    jobs.add("of-the-second", scheduled_time="2026-05-04T12:00:06.000000")
    for launch in (lost, arrived):
        search_to_the_end(launch)

    recovery.choose_job(arrived.user, arrived, "of-the-second", after(minutes=12))
    recovery.search_by_hand(lost.user, lost, after(minutes=13))

    assert (arrived.state, arrived.job_uid) == (LaunchState.LAUNCHED, "of-the-second")
    assert (arrived.decided_by, arrived.sentence) == (
        arrived.user,
        "ada said that this is its job.",
    )
    assert (lost.state, lost.job_uid) == (LaunchState.NOT_FOUND, "")


@pytest.mark.parametrize("date", ["Mon, 04 May 2026 12:00:00 GMT", None])
def test_a_job_from_before_the_launch_is_not_its_own(hosted, jobs, date):
    """Somebody sent the same by hand, five minutes earlier."""
    jobs.date, launch = date, unknown_launch()
    jobs.add("by-hand", scheduled_time="2026-05-04T11:54:59.000000")

    search_to_the_end(launch)

    assert (launch.state, launch.job_uid) == (LaunchState.NOT_FOUND, "")


def test_a_job_that_may_be_older_is_left_for_a_person(hosted, jobs, settings):
    """Without a `Date` the clocks may differ by minutes."""
    settings.UPSTREAM_IS_SANDBOX, settings.UPSTREAM_URL = False, "https://api.example.com/v3"
    jobs.date, launch = None, unknown_launch(upstream="https://api.example.com/v3")
    jobs.add("a-minute-before", scheduled_time="2026-05-04T11:59:00.000000")

    search_to_the_end(launch)

    assert launch.state == LaunchState.NOT_PROVED
    assert [one.uid for one in recovery.list_candidates(launch)] == ["a-minute-before"]


def test_three_that_never_arrived_do_not_share_the_job_of_a_fourth(hosted, jobs):
    launches = [unknown_launch() for _ in range(4)]
    jobs.add("of-one-of-them")

    for launch in launches:
        recovery.search_by_hand(launch.user, launch, after(seconds=20))

    assert {launch.state for launch in launches} == {LaunchState.UNKNOWN}
    assert not Launch.objects.filter(job_uid="of-one-of-them").exists()


def test_a_job_behind_hundreds_of_newer_ones_is_found(hosted, jobs):
    launch = unknown_launch()
    jobs.add("ours")
    for number in range(310):
        jobs.add(f"newer-{number}", name="Tuesday", scheduled_time="2026-05-04T12:05:00.000000")

    recovery.search_for_launch(launch, after(seconds=10))

    assert (launch.state, launch.job_uid) == (LaunchState.LAUNCHED, "ours")


def test_a_list_that_was_cut_is_no_proof_of_absence(hosted, jobs, monkeypatch):
    monkeypatch.setattr(candidates, "MOST_PAGES", 3)
    launch = unknown_launch()
    for number in range(310):
        jobs.add(f"newer-{number}", name="Tuesday", scheduled_time="2026-05-04T12:05:00.000000")

    search_to_the_end(launch)

    assert launch.state == LaunchState.NOT_PROVED
    assert launch.sentence == (
        "The upstream's list of jobs is too long to be read to its end, and none of those that "
        "were read is it. Look there before it is launched again."
    )


def test_a_list_that_repeats_its_first_page_is_not_read_to_its_end(hosted, jobs):
    launch = unknown_launch()
    jobs.add("another", name="Tuesday")
    hosted.answers["jobs"] = lambda _: httpx.Response(200, json=jobs.listed)

    search_to_the_end(launch)

    assert launch.state == LaunchState.NOT_PROVED


def test_two_lost_launches_with_rows_of_their_own_each_get_their_job(hosted, jobs):
    first = unknown_launch([{"first_name": "Ada"}])
    second = unknown_launch([{"first_name": "Grace"}])
    jobs.add("of-ada", rows=[{"first_name": "Ada"}])
    jobs.add("of-grace", rows=[{"first_name": "Grace"}])

    for launch in (first, second):
        recovery.search_for_launch(launch, after(seconds=10))

    assert [first.job_uid, second.job_uid] == ["of-ada", "of-grace"]


def test_two_lost_launches_that_are_alike_are_for_a_person_to_tell_apart(hosted, jobs):
    first, second = unknown_launch(), unknown_launch()
    jobs.add("one")
    jobs.add("two")
    for launch in (first, second):
        search_to_the_end(launch)

    assert [first.state, second.state] == [LaunchState.NOT_PROVED] * 2
    assert recovery.next_at(first) is None
    recovery.choose_job(first.user, first, "one", after(minutes=12))
    recovery.search_by_hand(second.user, second, after(minutes=13))

    assert [first.job_uid, second.job_uid] == ["one", "two"]


def test_two_lost_launches_far_apart_are_told_apart_by_their_time(hosted, jobs):
    first, second = unknown_launch(), unknown_launch(sent_at=after(minutes=5))
    jobs.add("one")
    jobs.add("two", scheduled_time="2026-05-04T12:05:02.000000")

    for launch in (first, second):
        recovery.search_for_launch(launch, after(minutes=7))

    assert [first.job_uid, second.job_uid] == ["one", "two"]


def test_an_upstream_that_tells_no_rows_proves_nothing(hosted, jobs):
    launch = unknown_launch()
    jobs.add("ours")
    del hosted.answers["inputs"]

    search_to_the_end(launch)

    assert launch.state == LaunchState.NOT_PROVED
    assert launch.sentence == "One job may be it; it is not proved. Compare them below."


def test_while_it_may_still_arrive_a_double_is_not_taken_for_it(hosted, jobs):
    """Its own request is late, and another launch of the same has been answered already."""
    unknown_launch(state=LaunchState.LAUNCHED, job_uid="answered")
    launch = unknown_launch()
    jobs.add("answered")
    jobs.add("a-stranger's")

    recovery.search_for_launch(launch, after(seconds=10))
    early = launch.state
    jobs.add("late", scheduled_time="2026-05-04T12:00:40.000000")
    search_to_the_end(launch)

    assert (early, launch.state) == (LaunchState.UNKNOWN, LaunchState.NOT_PROVED)
    assert {one.uid for one in recovery.list_candidates(launch)} == {"a-stranger's", "late"}


def test_job_of_another_launch_is_not_taken(hosted, jobs):
    unknown_launch(state=LaunchState.LAUNCHED, job_uid="taken")
    launch = unknown_launch()
    jobs.add("taken")

    recovery.search_for_launch(launch, after(seconds=10))

    assert (launch.state, launch.searches) == (LaunchState.UNKNOWN, 1)


def test_a_job_belongs_to_one_launch_of_an_upstream(hosted, jobs):
    mine, other = unknown_launch(), unknown_launch()
    jobs.add("one")
    search_to_the_end(mine)
    unknown_launch(state=LaunchState.LAUNCHED, job_uid="one")
    unknown_launch(state=LaunchState.LAUNCHED, job_uid="one", upstream="https://elsewhere.example")

    with pytest.raises(recovery.UnableToDecide, match="That job belongs to launch "):
        recovery.choose_job(mine.user, mine, "one", after(minutes=12))
    with pytest.raises(IntegrityError), transaction.atomic():
        Launch.objects.filter(pk=other.pk).update(job_uid="one")


def test_a_job_that_was_not_found_cannot_be_chosen(hosted, jobs):
    launch = unknown_launch()
    search_to_the_end(launch)

    with pytest.raises(recovery.UnableToDecide, match="none of those that were found"):
        recovery.choose_job(launch.user, launch, "made-up", after(minutes=12))


def test_nobody_says_that_there_is_none_while_it_may_be_on_its_way(hosted):
    launch = unknown_launch()

    with pytest.raises(recovery.UnableToDecide, match=r"wait until 12:01:00 UTC"):
        recovery.choose_none(launch.user, launch, after(seconds=59))
    recovery.choose_none(launch.user, launch, after(seconds=60))

    assert (launch.state, launch.is_safe_to_launch_again) == (LaunchState.NOT_FOUND, True)
    assert launch.decided_by == launch.user


def test_what_was_decided_is_not_decided_again(hosted, jobs):
    launch = unknown_launch()
    jobs.add("one", scheduled_time=None)
    search_to_the_end(launch)
    stale = Launch.objects.get(pk=launch.pk)
    recovery.choose_none(launch.user, launch, after(minutes=12))

    with pytest.raises(recovery.UnableToDecide, match="decided meanwhile"):
        recovery.choose_none(stale.user, stale, after(minutes=12))


def test_what_was_sent_elsewhere_is_not_looked_for_here(hosted, jobs):
    launch = unknown_launch(upstream="https://before.example/v3")
    jobs.add("ours")

    recovery.search_by_hand(launch.user, launch, after(minutes=12))

    assert (launch.state, hosted.requests) == (LaunchState.UNKNOWN, [])
    assert launch.sentence == (
        "It was sent to https://before.example/v3, which is not the upstream of now. It can be "
        "looked for only there: set UPSTREAM_URL to that address again."
    )
    assert recovery.next_at(launch) is None


def test_an_upstream_that_never_answers_is_not_asked_for_ever(hosted):
    launch = unknown_launch()
    hosted.answers["jobs"] = lambda _: httpx.Response(401, json={"message": "revoked"})

    recovery.search_for_launch(launch, after(hours=23))
    before = launch.state
    recovery.search_for_launch(launch, after(hours=24))

    assert (before, launch.state) == (LaunchState.UNKNOWN, LaunchState.NOT_PROVED)
    assert recovery.next_at(launch) is None


def test_what_is_not_proved_is_not_promised_another_look(hosted):
    """The program had given it up before its last search, since the upstream never answered."""
    launch = unknown_launch(state=LaunchState.NOT_PROVED, searches=1)

    recovery.search_by_hand(launch.user, launch, after(hours=25))

    assert launch.state == LaunchState.NOT_FOUND
    assert launch.sentence.startswith("No such job appeared upstream.")


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


@pytest.mark.parametrize("status", [401, 404, 503])
def test_search_that_nobody_answers_ends_after_a_day(hosted, status):
    launch = unknown_launch()
    hosted.answers["jobs"] = lambda _: httpx.Response(status, json={"message": "no"})
    searches, at = 0, recovery.next_at(launch)
    while at is not None:
        recovery.search_for_launch(launch, at)
        searches, last, at = searches + 1, at, recovery.next_at(launch)

    assert launch.state == LaunchState.NOT_PROVED
    assert searches < 100
    assert dt.timedelta(days=1) <= last - launch.sent_at < dt.timedelta(days=1.2)


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


def test_launch_whose_process_died_here_becomes_unknown_at_once(hosted, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    launch = unknown_launch(state=LaunchState.SENDING, decided_at=None)
    with leases.held(launch.launch_token):
        assert launch_ledger.give_up_lost_launches(after(seconds=1)) == 0
    leases._path(launch.launch_token).touch()  # As a process leaves it that was killed.

    wanted = {
        state: launch_ledger.LaunchFilter(state=state)
        for state in (LaunchState.UNKNOWN, LaunchState.SENDING)
    }
    listed = {
        state: len(launch_ledger.list_launches(launch.user, one, page=1, now=after(seconds=1)))
        for state, one in wanted.items()
    }
    shown = launch_ledger.get_launch(launch.user, launch.pk, now=after(seconds=1))
    given_up = launch_ledger.give_up_lost_launches(after(seconds=1))

    launch.refresh_from_db()
    assert listed == {LaunchState.UNKNOWN: 1, LaunchState.SENDING: 0}
    assert (shown.state, given_up, launch.state) == (LaunchState.UNKNOWN, 1, LaunchState.UNKNOWN)
    assert launch.decided_at == after(seconds=1)


def test_background_work_takes_a_lost_launch_to_its_end(hosted, jobs, monkeypatch):
    launch = unknown_launch(state=LaunchState.SENDING, decided_at=None)
    jobs.add("ours")
    seen = []
    for seconds in (30, 70, 75, 81):
        monkeypatch.setattr(
            recovery.timezone, "now", lambda seconds=seconds: after(seconds=seconds)
        )
        recovery.follow_launch.func(launch.pk)
        launch.refresh_from_db()
        seen.append(launch.state)

    assert seen == ["sending", "unknown", "unknown", "launched"]
