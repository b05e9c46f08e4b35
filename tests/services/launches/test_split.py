"""A form as several launches: in order, each once, stopped by what is refused, and going on."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.db import connection

from playground.contract import wire
from playground.contract.workflows import Workflow
from playground.models import Launch, LaunchGroup, LaunchGroupState, LaunchPart, LaunchState
from playground.payload.drafts import Entry, LaunchDraft, RowDraft
from playground.services.launches import send, split
from playground.services.launches.errors import UnableToLaunch
from playground.services.launches.split import Plan
from playground.services.ledger import leases
from tests.upstreams import AnsweringTransport, upstream

NOW = dt.datetime(2026, 5, 4, 12, 0, tzinfo=dt.UTC)
WORKFLOW = wire.from_builtins(
    Workflow,
    {"uid": "w-1", "name": "Find", "steps": [{"step_uid": "s-1", "input_schema": {"name": {}}}]},
)
NAMES = ["Ada", "Grace", "Zoë", "Mary", "Edith"]
DRAFT = LaunchDraft(
    job_name=Entry("Monday"),
    rows=tuple(RowDraft(number=at, entries={"name": Entry(name)}) for at, name in enumerate(NAMES)),
)
PLAN = Plan(rows=2, waits_for_capacity=True)

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return User.objects.create_user("ada")


@pytest.fixture
def hosted() -> Iterator[AnsweringTransport]:
    def take(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"job_uid": f"j-{uuid.uuid4()}", "message": "scheduled"})

    transport = AnsweringTransport(schedule=take)
    with upstream(transport):
        yield transport


def make(user: User, plan: Plan = PLAN, draft: LaunchDraft = DRAFT) -> LaunchGroup:
    return split.split_launch(user, WORKFLOW, draft, plan, token=uuid.uuid4(), clock=lambda: NOW)


def run(group: LaunchGroup) -> None:
    """As the worker does when the next part is due."""
    LaunchGroup.objects.filter(pk=group.pk).update(next_at=None)
    split.send_parts.call(group.pk)
    group.refresh_from_db()


def sent(hosted: AnsweringTransport) -> list[tuple[str, list[str]]]:
    bodies = [json.loads(request.content) for request in hosted.launches]
    return [(body["job_name"], [row["name"] for row in body["inputs"]]) for body in bodies]


def test_every_part_is_launched_in_turn_under_its_number(
    user: User, hosted: AnsweringTransport
) -> None:
    group = make(user)
    assert not hosted.launches
    run(group)
    assert sent(hosted) == [
        ("Monday (1 of 3)", ["Ada", "Grace"]),
        ("Monday (2 of 3)", ["Zoë", "Mary"]),
        ("Monday (3 of 3)", ["Edith"]),
    ]
    assert group.state == LaunchGroupState.DONE
    recorded = {launch.fingerprint for launch in Launch.objects.all()}
    assert len(recorded) == 3
    run(group)
    assert len(hosted.launches) == 3


@pytest.mark.django_db(transaction=True)
def test_others_may_write_while_parts_are_sent(user: User, hosted: AnsweringTransport) -> None:
    """No query is open meanwhile: SQLite would refuse to write for one of the two."""
    take = hosted.answers["schedule"]

    def take_and_write(request: httpx.Request) -> httpx.Response:
        with ThreadPoolExecutor(1) as other:
            other.submit(write).result()
        return take(request)

    def write() -> None:
        try:
            LaunchPart.objects.update(waits=7)
        finally:
            connection.close()

    hosted.answers["schedule"] = take_and_write
    rows = tuple(RowDraft(number=at, entries={"name": Entry(f"{at}")}) for at in range(30))
    group = make(user, Plan(rows=1, waits_for_capacity=True), replace(DRAFT, rows=rows))

    run(group)

    assert group.state == LaunchGroupState.DONE
    assert len(hosted.launches) == 30
    assert {part.waits for part in LaunchPart.objects.all()} == {7}


def test_the_same_form_makes_one_group(user: User, hosted: AnsweringTransport) -> None:
    token = uuid.uuid4()
    first, second = (
        split.split_launch(user, WORKFLOW, DRAFT, PLAN, token=token, clock=lambda: NOW)
        for _ in range(2)
    )
    assert first == second
    assert LaunchPart.objects.count() == 3


def test_a_refusal_stops_those_behind_it_until_somebody_says_go_on(
    user: User, hosted: AnsweringTransport
) -> None:
    take = hosted.answers["schedule"]
    hosted.answers["schedule"] = lambda request: (
        httpx.Response(400, json={"message": "Zoë is not welcome."})
        if "Zoë" in request.content.decode()
        else take(request)
    )
    group = make(user)
    run(group)
    assert group.state == LaunchGroupState.STOPPED
    assert "Part 2 was not launched" in group.sentence
    assert "not welcome" in group.sentence
    assert len(hosted.launches) == 2
    hosted.answers["schedule"] = take
    split.go_on(user, group)
    run(group)
    assert group.state == LaunchGroupState.DONE
    assert [names for _, names in sent(hosted)[2:]] == [["Zoë", "Mary"], ["Edith"]]


def test_a_full_plan_is_waited_for(user: User, hosted: AnsweringTransport) -> None:
    take = hosted.answers["schedule"]
    full = httpx.Response(429, json={"message": "Too many."}, headers={"Retry-After": "120"})
    hosted.answers["schedule"] = lambda _: full
    group = make(user)
    split.send_parts.call(group.pk)
    group.refresh_from_db()
    assert group.state == LaunchGroupState.WAITING
    assert group.next_at is not None
    left = group.next_at - dt.datetime.now(dt.UTC)
    assert dt.timedelta(seconds=110) < left <= dt.timedelta(seconds=120)
    split.send_parts.call(group.pk)
    assert len(hosted.launches) == 1, "its time has not come"
    hosted.answers["schedule"] = take
    run(group)
    assert group.state == LaunchGroupState.DONE
    assert [names for _, names in sent(hosted)] == [
        ["Ada", "Grace"],
        ["Ada", "Grace"],
        ["Zoë", "Mary"],
        ["Edith"],
    ]
    assert Launch.objects.filter(state=LaunchState.LAUNCHED).count() == 3


def test_without_waiting_a_full_plan_is_a_refusal(user: User, hosted: AnsweringTransport) -> None:
    hosted.answers["schedule"] = lambda _: httpx.Response(429, json={"message": "Too many."})
    group = make(user, Plan(rows=2, waits_for_capacity=False))
    run(group)
    assert group.state == LaunchGroupState.STOPPED


def test_what_may_have_arrived_is_waited_for_and_never_sent_again(
    user: User, hosted: AnsweringTransport
) -> None:
    take = hosted.answers["schedule"]

    def lose(_: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("lost")

    hosted.answers["schedule"] = lose
    group = make(user)
    run(group)
    assert group.state == LaunchGroupState.WAITING
    hosted.answers["schedule"] = take
    run(group)
    assert len(hosted.launches) == 1
    Launch.objects.update(state=LaunchState.NOT_PROVED)
    run(group)
    assert group.state == LaunchGroupState.STOPPED
    assert "decided by a person" in group.sentence
    split.go_on(user, group)
    run(group)
    assert len(hosted.launches) == 1
    Launch.objects.update(state=LaunchState.LAUNCHED, job_uid="j-found")
    split.go_on(user, group)
    run(group)
    assert group.state == LaunchGroupState.DONE
    assert [names for _, names in sent(hosted)] == [["Ada", "Grace"], ["Zoë", "Mary"], ["Edith"]]


@pytest.mark.parametrize("fails_at", [1, 2, 3])
def test_a_worker_that_is_killed_leaves_nothing_out_and_sends_nothing_twice(
    user: User, hosted: AnsweringTransport, monkeypatch: pytest.MonkeyPatch, fails_at: int
) -> None:
    send_part, count = send.send_part, 0

    def die_then(*told: object, **more: object) -> Launch:
        nonlocal count
        count += 1
        launch = send_part(*told, **more)  # type: ignore[arg-type]
        if count == fails_at:
            raise SystemExit
        return launch

    monkeypatch.setattr(send, "send_part", die_then)
    group = make(user)
    with pytest.raises(SystemExit):
        split.send_parts.call(group.pk)
    if fails_at == 2:
        group.refresh_from_db()
        leases.forget(group.lease)  # As if it had been on another machine.
        split.send_parts.call(group.pk)
        assert len(hosted.launches) == fails_at, "another worker seems to be at it"
        LaunchGroup.objects.update(seen_alive_at=NOW)
    run(group)
    assert group.state == LaunchGroupState.DONE
    assert [names for _, names in sent(hosted)] == [["Ada", "Grace"], ["Zoë", "Mary"], ["Edith"]]


def test_what_a_person_stops_is_sent_no_further(user: User, hosted: AnsweringTransport) -> None:
    take = hosted.answers["schedule"]
    group = make(user)

    def take_and_stop(request: httpx.Request) -> httpx.Response:
        split.stop(user, group)
        return take(request)

    hosted.answers["schedule"] = take_and_stop
    run(group)
    assert group.state == LaunchGroupState.STOPPED
    assert len(hosted.launches) == 1


def test_a_launch_that_repeats_is_not_split(user: User, hosted: AnsweringTransport) -> None:
    draft = LaunchDraft(
        job_name=Entry("Monday"),
        rows=DRAFT.rows,
        schedule_type=Entry("day"),
        schedule_value=Entry("1"),
    )
    with pytest.raises(UnableToLaunch, match="repeats"):
        make(user, draft=draft)
    assert not LaunchGroup.objects.exists()


def test_a_workflow_without_rows_is_launched_when_there_is_room(
    user: User, hosted: AnsweringTransport
) -> None:
    group = make(user, draft=LaunchDraft(job_name=Entry("Monday")))
    run(group)
    assert sent(hosted) == [("Monday (1 of 1)", [])]


def test_a_group_gives_others_their_turn(
    user: User, hosted: AnsweringTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(split, "TURN", -1.0)
    group = make(user)
    for count in (1, 2, 3):
        split.send_parts.call(group.pk)
        assert len(hosted.launches) == count
    split.send_parts.call(group.pk)
    group.refresh_from_db()
    assert group.state == LaunchGroupState.DONE
    assert len(hosted.launches) == 3
    assert not any(bytes(part.inputs) for part in group.parts.all())


def test_what_is_not_done_is_listed(user: User, hosted: AnsweringTransport) -> None:
    group = make(user)
    assert split.list_open(user) == [group]
    run(group)
    assert split.list_open(user) == []


def test_a_turn_does_not_walk_through_what_is_launched(
    user: User,
    hosted: AnsweringTransport,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_max_num_queries: Callable[[int], AbstractContextManager[None]],
) -> None:
    monkeypatch.setattr(split, "TURN", -1.0)
    draft = LaunchDraft(
        job_name=Entry("Monday"),
        rows=tuple(RowDraft(number=at, entries={"name": Entry(str(at))}) for at in range(40)),
    )
    group = make(user, Plan(rows=1, waits_for_capacity=False), draft)
    for _ in range(30):
        split.send_parts.call(group.pk)
    with django_assert_max_num_queries(40):
        split.send_parts.call(group.pk)
    assert len(hosted.launches) == 31


def _cut_off_in_its_call(group: LaunchGroup) -> Launch:
    """The first part as a process leaves it that sent it and was killed."""
    first = group.parts.get(number=1)
    split.send_parts.call(group.pk)
    Launch.objects.exclude(launch_token=first.launch_token).delete()
    launch = Launch.objects.get()
    launch.state, launch.sent_at, launch.job_uid = LaunchState.SENDING, dt.datetime.now(dt.UTC), ""
    launch.save()
    LaunchGroup.objects.update(state=LaunchGroupState.SENDING, next_at=None)
    return launch


def test_a_part_that_was_cut_off_here_is_unknown_at_once(
    user: User, hosted: AnsweringTransport, settings: LazySettings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    group = make(user)
    launch = _cut_off_in_its_call(group)
    (tmp_path / "leases").mkdir(exist_ok=True)
    leases._path(launch.launch_token).touch()
    run(group)
    launch.refresh_from_db()
    assert (launch.state, group.state) == (LaunchState.UNKNOWN, LaunchGroupState.WAITING)
    assert "not known yet whether part 1 arrived" in group.sentence
    assert len(hosted.launches) == 3, "nothing is sent again"


def test_of_one_that_is_sent_elsewhere_the_page_says_what_is_waited_for(
    user: User, hosted: AnsweringTransport, settings: LazySettings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    group = make(user)
    launch = _cut_off_in_its_call(group)
    run(group)
    launch.refresh_from_db()
    assert (launch.state, group.state) == (LaunchState.SENDING, LaunchGroupState.WAITING)
    assert "known a minute after it began" in group.sentence


def test_what_stood_still_for_long_keeps_no_rows_and_goes_on_no_more(
    user: User, hosted: AnsweringTransport, settings: LazySettings
) -> None:
    settings.ROW_SET_DAYS = 30
    stopped, recent, under_way = (make(user) for _ in range(3))
    split.stop(user, stopped)
    split.stop(user, recent)
    now = dt.datetime.now(dt.UTC)
    LaunchGroup.objects.filter(pk=stopped.pk).update(seen_alive_at=now - dt.timedelta(days=31))
    LaunchGroup.objects.filter(pk=under_way.pk).update(seen_alive_at=now - dt.timedelta(days=31))

    split.forget_old(now)

    for group in (stopped, recent, under_way):
        group.refresh_from_db()
    assert stopped.is_expired
    assert not any(bytes(part.inputs) for part in stopped.parts.all())
    assert all(bytes(part.inputs) for part in LaunchPart.objects.exclude(group=stopped))
    assert [group.state for group in (recent, under_way)] == ["stopped", "sending"]
    assert stopped not in split.list_open(user)
    with pytest.raises(UnableToLaunch, match="kept no more"):
        split.go_on(user, stopped)
    split.send_parts.call(stopped.pk)
    assert not hosted.launches
