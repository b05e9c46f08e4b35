"""A launch is recorded before it is sent, is sent once, and ends in the state that is true."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterator

import httpx
import pytest
from django.contrib.auth.models import User
from django_tasks_db.models import DBTaskResult

from playground.contract import wire
from playground.contract.workflows import Workflow
from playground.models import Launch, LaunchState
from playground.payload.drafts import Entry, LaunchDraft, RowDraft
from playground.services.launches import send
from tests.upstreams import AnsweringTransport, upstream

NOW = dt.datetime(2026, 5, 4, 12, 0, tzinfo=dt.UTC)
WORKFLOW = wire.from_builtins(
    Workflow,
    {
        "uid": "w-1",
        "name": "Find an e-mail",
        "steps": [{"step_uid": "s-1", "input_schema": {"first_name": {"required": 1}}}],
    },
)
DRAFT = LaunchDraft(
    job_name=Entry("Monday"), rows=(RowDraft(number=0, entries={"first_name": Entry("Ada")}),)
)
ACCEPTED = {"job_uid": "j-1", "message": "Bot successfully scheduled."}

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return User.objects.create_user("ada")


@pytest.fixture
def hosted() -> Iterator[AnsweringTransport]:
    transport = AnsweringTransport(schedule=lambda _: httpx.Response(200, json=ACCEPTED))
    with upstream(transport):
        yield transport


def launch(user: User, token: uuid.UUID | None = None, draft: LaunchDraft = DRAFT) -> Launch:
    return send.launch_workflow(
        user, WORKFLOW, draft, token=token or uuid.uuid4(), clock=lambda: NOW
    )


def fail(error: Exception):
    def answer(_: httpx.Request) -> httpx.Response:
        raise error

    return answer


def test_launch_sends_the_recorded_bytes_and_keeps_the_job_uid(user, hosted):
    made = launch(user)

    assert (made.state, made.job_uid, made.attempts) == (LaunchState.LAUNCHED, "j-1", 1)
    assert [request.content for request in hosted.launches] == [bytes(made.payload)]
    assert json.loads(bytes(made.payload)) == {
        "job_name": "Monday",
        "inputs": [{"first_name": "Ada"}],
        "steps": [{"step_uid": "s-1", "accounts": [], "parameters": {}}],
    }


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        (
            "Bot successfully scheduled.",
            "The upstream took it, and says: “Bot successfully scheduled.”",
        ),
        ("", ""),
        (None, ""),
        ("Key sk_live_4eC39HqLyjWDarjtT1zdp7dc is fine", None),
        ("a" * 1_000, f"The upstream took it, and says: “{'a' * 399}…”"),
    ],
)
def test_what_the_upstream_says_of_a_launch_is_quoted_once(user, hosted, message, sentence):
    hosted.answers["schedule"] = lambda _: httpx.Response(200, json=ACCEPTED | {"message": message})

    made = launch(user)

    assert made.state == LaunchState.LAUNCHED
    assert "sk_live_4e" not in made.sentence
    assert made.sentence.count("says") == bool(message)
    assert sentence in (None, made.sentence)


def test_row_is_committed_as_sending_before_the_call_leaves(user, hosted):
    seen = []

    def answer(_: httpx.Request) -> httpx.Response:
        seen.extend(Launch.objects.values_list("state", "attempts"))
        return httpx.Response(200, json=ACCEPTED)

    hosted.answers["schedule"] = answer

    launch(user)

    assert seen == [("sending", 1)]


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (lambda _: httpx.Response(400, json={"message": "inputs is missing"}), "rejected"),
        (lambda _: httpx.Response(429, json={"message": "too many"}), "rejected"),
        (lambda _: httpx.Response(500, json={"message": "oh"}), "unknown"),
        (lambda _: httpx.Response(200, text="<html>"), "unknown"),
        (lambda _: httpx.Response(200, json={"message": "no job"}), "unknown"),
        (lambda _: httpx.Response(302, headers={"Location": "http://10.0.0.1/"}), "unknown"),
        (fail(httpx.ConnectError("refused")), "unreachable"),
        (fail(httpx.ReadTimeout("slow")), "unknown"),
    ],
)
def test_outcome_is_recorded_as_what_is_known(user, hosted, answer, state):
    hosted.answers["schedule"] = answer

    made = launch(user)

    assert made.state == state
    assert made.job_uid == ""
    assert made.sentence[-1] in ".”"


def test_draft_with_errors_is_not_recorded_and_not_sent(user, hosted):
    draft = LaunchDraft(rows=(RowDraft(number=0, entries={"last_name": Entry("L")}),))

    with pytest.raises(send.UnableToLaunch) as refusal:
        launch(user, draft=draft)

    assert [line.path for line in refusal.value.check.preflight.stops] == [
        ("inputs", 0, "first_name")
    ]
    assert Launch.objects.count() == 0
    assert hosted.launches == []


def test_same_token_and_payload_gives_the_first_outcome(user, hosted):
    token = uuid.uuid4()

    first, second = launch(user, token), launch(user, token)

    assert first.pk == second.pk
    assert len(hosted.launches) == 1


def test_same_token_with_another_payload_is_refused(user, hosted):
    token = uuid.uuid4()
    first = launch(user, token)
    draft = LaunchDraft(rows=(RowDraft(number=0, entries={"first_name": Entry("Grace")}),))

    with pytest.raises(send.TokenAlreadyUsed) as refusal:
        launch(user, token, draft)

    assert refusal.value.launch == first
    assert len(hosted.launches) == 1


def test_rejected_launch_is_not_sent_again_by_its_token(user, hosted):
    token = uuid.uuid4()
    hosted.answers["schedule"] = lambda _: httpx.Response(400, json={"message": "no"})
    launch(user, token)

    again = launch(user, token)

    assert again.state == LaunchState.REJECTED
    assert len(hosted.launches) == 1


def test_launch_that_was_never_sent_may_be_tried_three_times_in_all(user, hosted):
    token = uuid.uuid4()
    hosted.answers["schedule"] = fail(httpx.ConnectError("refused"))

    tried = [launch(user, token) for _ in range(5)]

    assert [made.attempts for made in tried] == [1, 2, 3, 3, 3]
    assert len(hosted.launches) == 3
    assert Launch.objects.count() == 1


def test_launch_that_was_never_sent_succeeds_when_the_upstream_is_back(user, hosted):
    token = uuid.uuid4()
    hosted.answers["schedule"] = fail(httpx.ConnectError("refused"))
    launch(user, token)
    hosted.answers["schedule"] = lambda _: httpx.Response(200, json=ACCEPTED)

    made = launch(user, token)

    assert (made.state, made.job_uid, made.attempts) == (LaunchState.LAUNCHED, "j-1", 2)


def test_each_attempt_is_looked_after_when_its_process_may_be_lost(user, hosted):
    token = uuid.uuid4()
    hosted.answers["schedule"] = fail(httpx.ConnectError("refused"))

    for _ in range(5):
        launch(user, token)

    made = Launch.objects.get()
    queued = DBTaskResult.objects.values_list("args_kwargs", flat=True)
    assert list(queued) == [{"args": [made.pk], "kwargs": {}}] * 3


def test_an_answer_with_the_job_of_another_launch_proves_nothing(user, hosted):
    hosted.answers["schedule"] = lambda _: httpx.Response(200, json=ACCEPTED)

    first, second = launch(user, uuid.uuid4()), launch(user, uuid.uuid4())

    assert (first.state, first.job_uid) == (LaunchState.LAUNCHED, "j-1")
    assert (second.state, second.job_uid) == (LaunchState.UNKNOWN, "")
    assert second.sentence == (
        f"The upstream answered with the job of launch {first.pk}, so it is not known whether "
        "this one has a job of its own."
    )


def test_launch_still_sending_is_repeated_as_it_stands(user, hosted):
    token = uuid.uuid4()
    first = launch(user, token)
    Launch.objects.update(state=LaunchState.SENDING, job_uid="")

    again = launch(user, token)

    assert (again.pk, again.state) == (first.pk, LaunchState.SENDING)
    assert len(hosted.launches) == 1


def test_rate_limit_keeps_how_long_to_wait(user, hosted):
    hosted.answers["schedule"] = lambda _: httpx.Response(
        429, json={"message": "busy"}, headers={"Retry-After": "30"}
    )

    made = launch(user)

    assert made.retry_after == 30


def test_nul_in_names_reaches_the_payload_and_not_the_columns(user, hosted):
    draft = LaunchDraft(job_name=Entry("a\x00b"), rows=DRAFT.rows)

    made = launch(user, draft=draft)

    assert json.loads(bytes(made.payload))["job_name"] == "a\x00b"
    assert made.job_name == "a�b"


@pytest.mark.parametrize(
    ("answer", "asked"),
    [
        (lambda _: httpx.Response(200, json=ACCEPTED), 2),
        (lambda _: httpx.Response(400, json={"message": "no"}), 2),
        (fail(httpx.ReadTimeout("slow")), 2),
        (fail(httpx.ConnectError("refused")), 1),
    ],
)
def test_what_is_left_of_the_plan_is_asked_anew_unless_nothing_was_sent(
    user, hosted, answer, asked
):
    hosted.answers["workspace"] = lambda _: httpx.Response(200, json={"name": "Team"})
    hosted.answers["schedule"] = answer

    for _ in range(2):
        launch(user)

    assert [one.url.path for one in hosted.requests].count("/v3/workspace") == asked
