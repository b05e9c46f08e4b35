"""What a form asks for is sent once: the machine that launches, changes and API calls share."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction

from playground.models import (
    ApiCall,
    ApiCallState,
    Change,
    ChangeKind,
    ChangeState,
    Launch,
    LaunchAccount,
    LaunchState,
)
from playground.services.ledger import send_once
from playground.services.ledger.send_once import Form, Ledger
from playground.upstream.errors import (
    UpstreamNeverReached,
    UpstreamOutcomeUnknown,
    UpstreamRefused,
)

NOW = dt.datetime(2026, 5, 4, 12, 0, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(minutes=1)
LEDGER = Ledger(model=Launch, refused=LaunchState.REJECTED, token="launch_token")
ACCEPTED = {"state": LaunchState.LAUNCHED, "job_uid": "j-1", "decided_at": NOW}

pytestmark = pytest.mark.django_db


class OtherForm(Exception):
    """What the launch of another form is refused with here."""


class Upstream:
    """Answers as it is told; remembers what the row held when the call came."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.seen: list[tuple[str, int]] = []

    def __call__(self, launch: Launch) -> dict[str, object]:
        self.seen.extend(Launch.objects.filter(pk=launch.pk).values_list("state", "attempts"))
        if self.errors:
            raise self.errors.pop(0)
        return ACCEPTED


@pytest.fixture
def user() -> User:
    return User.objects.create_user("ada")


def new_row(user: User, token: uuid.UUID, payload: bytes = b"{}") -> Launch:
    return Launch(
        launch_token=token,
        user=user,
        workflow_uid="w-1",
        workflow_name="Find an e-mail",
        payload=payload,
        fingerprint="f",
        row_count=1,
        upstream="sandbox",
        state=LaunchState.SENDING,
        attempts=1,
        created_at=NOW,
        sent_at=NOW,
    )


def form(call: Callable[[Launch], dict[str, object]], payload: bytes = b"{}") -> Form[Launch]:
    def refuse_other(launch: Launch) -> None:
        if bytes(launch.payload) != payload:
            raise OtherForm

    return Form(
        refuse_other=refuse_other,
        call=call,
        after_error=lambda error: {"sentence": error.sentence, "decided_at": NOW},
    )


def try_again(launch: Launch) -> dict[str, object] | None:
    return {"attempts": launch.attempts + 1, "sent_at": LATER} if launch.attempts < 2 else None


def test_row_is_there_as_sending_when_the_call_is_made_and_holds_its_answer_after(user):
    upstream = Upstream()

    sent = LEDGER.send_once(new_row(user, uuid.uuid4()), form(upstream))

    assert upstream.seen == [("sending", 1)]
    assert (sent.row.state, sent.row.job_uid, sent.is_repeat, sent.error) == (
        *("launched", "j-1", False, None),
    )


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (UpstreamNeverReached("No."), "unreachable"),
        (UpstreamRefused("No.", status=400), "rejected"),
        (UpstreamOutcomeUnknown("No."), "unknown"),
    ],
)
def test_call_without_an_answer_leaves_what_is_known_of_it(user, error, state):
    sent = LEDGER.send_once(new_row(user, uuid.uuid4()), form(Upstream(error)))

    assert sent.error is error
    assert list(Launch.objects.values_list("state", "sentence", "decided_at")) == [
        (state, "No.", NOW)
    ]


def test_form_that_came_before_gets_what_it_became_and_calls_nothing(user):
    token, upstream = uuid.uuid4(), Upstream()
    first = LEDGER.send_once(new_row(user, token), form(upstream))

    second = LEDGER.send_once(new_row(user, token), form(upstream))

    assert (second.row, second.is_repeat, second.row.job_uid) == (first.row, True, "j-1")
    assert len(upstream.seen) == 1


def test_form_that_comes_while_it_is_being_sent_finds_it_sending(user):
    token, found = uuid.uuid4(), []

    def call(_: Launch) -> dict[str, object]:
        found.append(LEDGER.send_once(new_row(user, token), form(Upstream())))
        return ACCEPTED

    LEDGER.send_once(new_row(user, token), form(call))

    assert [(one.is_repeat, one.row.is_sending) for one in found] == [(True, True)]


def test_token_of_another_form_is_refused_and_calls_nothing(user):
    token, upstream = uuid.uuid4(), Upstream()
    LEDGER.send_once(new_row(user, token), form(Upstream()))

    with pytest.raises(OtherForm):
        LEDGER.send_once(new_row(user, token, b"[]"), form(upstream, b"[]"))

    assert (upstream.seen, Launch.objects.count()) == ([], 1)


def test_new_token_was_never_sent(user):
    assert LEDGER.repeat(uuid.uuid4(), form(Upstream())) is None


def test_what_belongs_to_a_row_is_there_with_it_or_neither_is(user):
    def record(launch: Launch) -> None:
        LaunchAccount.objects.create(launch=launch, account_uid="a-1")

    def fail(launch: Launch) -> None:
        record(launch)
        raise LookupError

    LEDGER.send_once(new_row(user, uuid.uuid4()), replace(form(Upstream()), record_more=record))
    upstream = Upstream()
    with pytest.raises(LookupError):
        LEDGER.send_once(new_row(user, uuid.uuid4()), replace(form(upstream), record_more=fail))

    assert upstream.seen == []
    assert (Launch.objects.count(), LaunchAccount.objects.count()) == (1, 1)


def test_row_that_cannot_be_kept_for_another_reason_is_not_taken_for_a_repeat(user):
    def record_twice(launch: Launch) -> None:
        for _ in range(2):
            LaunchAccount.objects.create(launch=launch, account_uid="a-1")

    upstream = Upstream()
    whole = replace(form(upstream), record_more=record_twice)
    with pytest.raises(IntegrityError):
        LEDGER.send_once(new_row(user, uuid.uuid4()), whole)
    nobody = new_row(user, uuid.uuid4())
    nobody.fingerprint = None

    with pytest.raises(IntegrityError):
        LEDGER.send_once(nobody, form(upstream))

    assert (upstream.seen, Launch.objects.count()) == ([], 0)


@pytest.mark.django_db(transaction=True)
def test_call_is_made_outside_any_transaction(user):
    inside = []

    def call(_: Launch) -> dict[str, object]:
        inside.append(connection.in_atomic_block)
        return ACCEPTED

    LEDGER.send_once(new_row(user, uuid.uuid4()), form(call))
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        LEDGER.send_once(new_row(user, uuid.uuid4()), form(call))

    assert inside == [False]


def test_late_outcome_changes_nothing_that_was_decided_meanwhile(user):
    def call(_: Launch) -> dict[str, object]:
        Launch.objects.update(state=LaunchState.UNKNOWN, sentence="Given up.")
        return ACCEPTED

    sent = LEDGER.send_once(new_row(user, uuid.uuid4()), form(call))

    assert (sent.row.state, sent.row.sentence, sent.row.job_uid) == ("unknown", "Given up.", "")


def test_outcome_of_a_row_that_is_gone_is_no_fault(user):
    def call(_: Launch) -> dict[str, object]:
        Launch.objects.all().delete()
        return ACCEPTED

    sent = LEDGER.send_once(new_row(user, uuid.uuid4()), form(call))

    assert (sent.row.is_sending, Launch.objects.count()) == (True, 0)


def test_fault_of_ours_leaves_a_row_that_nobody_waits_for(user, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    with pytest.raises(ZeroDivisionError):
        LEDGER.send_once(new_row(user, uuid.uuid4()), form(Upstream(ZeroDivisionError())))

    made = Launch.objects.get()
    assert made.is_sending
    assert send_once.is_lost(made.sent_at, NOW, made.launch_token)


def test_what_another_machine_sends_is_lost_after_its_lease():
    token = uuid.uuid4()
    assert not send_once.is_lost(NOW, NOW + dt.timedelta(seconds=60), token)
    assert send_once.is_lost(NOW, NOW + dt.timedelta(seconds=61), token)


def test_what_is_being_sent_is_not_lost(user, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    token, seen = uuid.uuid4(), []

    def call(made: Launch) -> dict[str, object]:
        again = LEDGER.send_once(new_row(user, token), form(Upstream()))
        seen.extend([again.is_repeat, send_once.is_lost(NOW, NOW, token)])
        return ACCEPTED

    LEDGER.send_once(new_row(user, token), form(call))
    assert seen == [True, False]
    assert not list(tmp_path.glob("leases/*"))


def test_what_was_never_sent_is_sent_again_as_often_as_its_form_says(user):
    token, never = uuid.uuid4(), UpstreamNeverReached("No.")
    upstream = Upstream(never, never, never)
    again = replace(form(upstream), try_again=try_again)

    sent = [LEDGER.send_once(new_row(user, token), again) for _ in range(3)]

    assert upstream.seen == [("sending", 1), ("sending", 2)]
    assert [(one.is_repeat, one.row.attempts) for one in sent] == [
        *((False, 1), (False, 2), (True, 2)),
    ]
    assert Launch.objects.get().sent_at == LATER


@pytest.mark.parametrize(
    "error", [UpstreamRefused("No.", status=429), UpstreamOutcomeUnknown("No.")]
)
def test_what_may_have_arrived_or_was_refused_is_not_sent_again(user, error):
    token, upstream = uuid.uuid4(), Upstream(error)
    again = replace(form(upstream), try_again=try_again)

    sent = [LEDGER.send_once(new_row(user, token), again) for _ in range(2)]

    assert [one.is_repeat for one in sent] == [False, True]
    assert len(upstream.seen) == 1


def test_of_two_who_try_again_at_once_one_sends(user):
    token, upstream = uuid.uuid4(), Upstream(UpstreamNeverReached("No."))

    def while_another_does(launch: Launch) -> dict[str, object] | None:
        others.append(LEDGER.repeat(token, replace(form(upstream), try_again=try_again)))
        return try_again(launch)

    others = []
    LEDGER.send_once(new_row(user, token), form(upstream))

    sent = LEDGER.repeat(token, replace(form(upstream), try_again=while_another_does))

    assert [one.is_repeat for one in others] == [False]
    assert (sent.is_repeat, sent.row.job_uid) == (True, "j-1")
    assert upstream.seen == [("sending", 1), ("sending", 2)]


def test_change_and_api_call_are_kept_by_the_same_machine(user):
    changes = Ledger(model=Change, refused=ChangeState.REFUSED)
    change = Change(
        token=uuid.uuid4(),
        user=user,
        kind=ChangeKind.ADD_USER,
        state=ChangeState.SENDING,
        created_at=NOW,
    )
    calls = Ledger(model=ApiCall, refused=ApiCallState.UNKNOWN)
    api_call = ApiCall(
        token=uuid.uuid4(),
        user=user,
        draft=b"{}",
        state=ApiCallState.SENDING,
        created_at=NOW,
    )

    def refused(_: object) -> dict[str, object]:
        raise UpstreamRefused("No.", status=404)

    told = [
        ledger.send_once(
            row, Form(refuse_other=lambda _: None, call=refused, after_error=lambda _: {})
        ).row.state
        for ledger, row in ((changes, change), (calls, api_call))
    ]

    assert told == ["refused", "unknown"]
