"""A change of an account or a user is recorded before it is sent, and sent once for its form."""

from __future__ import annotations

import datetime as dt
import uuid
from contextlib import suppress
from dataclasses import replace

import pytest
from django.contrib.auth.models import AnonymousUser, User

from playground.models import Change, ChangeKind, ChangeState
from playground.services.ledger import changes, leases
from playground.services.ledger.changes import Intent, SentBefore, Taken, UnusableForm
from playground.services.permissions import NotAllowed
from playground.upstream import targets
from playground.upstream.errors import (
    UpstreamNeverReached,
    UpstreamOutcomeUnknown,
    UpstreamRefused,
)

NOW = dt.datetime(2026, 5, 4, 12, 0, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(seconds=61)
ADD = Intent(kind=ChangeKind.ADD_ACCOUNT, integration="linkedin", name="Jane's", parts=("name",))
UPDATE = Intent(kind=ChangeKind.UPDATE_ACCOUNT, integration="linkedin", uid="a-1")

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return User.objects.create_user("ada")


class Upstream:
    """Takes every call, or fails as it is told; counts them."""

    def __init__(self, error: Exception | None = None, uid: str = "a-1") -> None:
        self.error, self.uid, self.calls = error, uid, 0

    def __call__(self) -> Taken:
        self.calls += 1
        if self.error:
            raise self.error
        return Taken(uid=self.uid, is_valid=True)


def send(user, call, intent=ADD, token=None, now=NOW):
    return changes.send_once(user, intent, call, token=token or uuid.uuid4(), clock=lambda: now)


def test_row_is_committed_as_sending_before_the_call_leaves(user):
    seen = []

    def call() -> Taken:
        seen.extend(Change.objects.values_list("state", "uid", "name", "decided_at"))
        return Taken(uid="a-1")

    send(user, call)

    made = Change.objects.get()
    assert seen == [("sending", "", "Jane's", None)]
    assert (made.state, made.uid, made.is_valid) == (ChangeState.SAVED, "a-1", None)
    assert (made.created_at, made.decided_at) == (NOW, NOW)


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (UpstreamNeverReached("No."), ChangeState.UNREACHABLE),
        (UpstreamRefused("No.", status=400), ChangeState.REFUSED),
        (UpstreamRefused("No.", status=429), ChangeState.REFUSED),
        (UpstreamOutcomeUnknown("Who knows."), ChangeState.UNKNOWN),
    ],
)
def test_what_went_wrong_is_recorded_and_raised(user, error, state):
    with pytest.raises(type(error)) as caught:
        send(user, Upstream(error))

    (made,) = Change.objects.all()
    assert caught.value is error
    assert (made.state, made.decided_at, made.uid) == (state, NOW, "")


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (None, ChangeState.SAVED),
        (UpstreamNeverReached("No."), ChangeState.UNREACHABLE),
        (UpstreamRefused("No.", status=400), ChangeState.REFUSED),
        (UpstreamOutcomeUnknown("Who knows."), ChangeState.UNKNOWN),
        # A fault of ours, or a process that was killed: nothing was decided.
        (AssertionError(), ChangeState.SENDING),
    ],
)
@pytest.mark.parametrize("intent", [ADD, UPDATE])
def test_same_form_is_answered_with_what_came_of_it_and_not_sent(user, error, state, intent):
    token, call = uuid.uuid4(), Upstream(error)
    with suppress(Exception):
        send(user, call, intent, token=token)

    with pytest.raises(SentBefore) as caught:
        send(user, call, intent, token=token)

    assert caught.value.change.state == state
    assert call.calls == 1
    assert Change.objects.count() == 1


def test_same_form_while_it_is_being_sent_is_not_sent(user):
    token, states = uuid.uuid4(), []

    def call() -> Taken:
        with pytest.raises(SentBefore) as caught:
            send(user, Upstream(), token=token)
        states.append(caught.value.change.state)
        return Taken(uid="a-1")

    send(user, call, token=token)

    assert states == [ChangeState.SENDING]


def test_change_whose_process_is_lost_is_unknown_and_looking_writes_nothing(user):
    token = uuid.uuid4()
    with pytest.raises(AssertionError):
        send(user, Upstream(AssertionError()), UPDATE, token=token)

    with pytest.raises(SentBefore) as caught:
        send(user, Upstream(), UPDATE, token=token, now=LATER)
    (listed,) = changes.list_changes_of_account(user, "linkedin", "a-1", now=LATER)

    assert caught.value.change.is_unknown
    assert listed.is_unknown
    assert Change.objects.get().state == ChangeState.SENDING


def test_late_answer_changes_nothing_that_was_decided(user):
    def call() -> Taken:
        Change.objects.update(state=ChangeState.UNKNOWN)
        return Taken(uid="a-1")

    send(user, call)

    made = Change.objects.get()
    assert (made.state, made.uid) == (ChangeState.UNKNOWN, "")


@pytest.mark.parametrize(
    "other",
    [
        replace(ADD, name="Omar's"),
        replace(ADD, integration="hubspot"),
        replace(ADD, kind=ChangeKind.ADD_USER),
        replace(UPDATE, name="Jane's"),
        replace(ADD, uid="a-2"),
    ],
)
def test_another_change_under_the_same_token_is_not_sent(user, other):
    token, call = uuid.uuid4(), Upstream()
    send(user, call, token=token)

    with pytest.raises(UnusableForm, match="sent before, as something else"):
        send(user, call, other, token=token)

    assert call.calls == 1


def test_token_of_somebody_else_tells_nothing(user):
    token = uuid.uuid4()
    send(user, Upstream(), token=token)

    with pytest.raises(UnusableForm):
        send(User.objects.create_user("omar"), Upstream(), token=token)


def test_token_used_in_a_trial_is_not_good_for_the_upstream(user, settings):
    settings.UPSTREAM_IS_SANDBOX = False
    token = uuid.uuid4()
    with targets.use("sandbox"):
        send(user, Upstream(), token=token)

    with pytest.raises(UnusableForm):
        send(user, Upstream(), token=token)


def test_form_without_a_token_is_not_sent(user):
    call = Upstream()

    with pytest.raises(UnusableForm, match="lost its token"):
        changes.send_once(user, ADD, call, token=None, clock=lambda: NOW)

    assert (call.calls, Change.objects.count()) == (0, 0)


@pytest.mark.parametrize("odd", ["a\x00b", "\ud800", "x" * 5_000, "", "漢" * 300])
def test_odd_text_is_stored_and_known_again(user, odd):
    token = uuid.uuid4()
    intent = Intent(kind=ChangeKind.UPDATE_ACCOUNT, integration=odd, uid=odd, name=odd)
    taken = send(user, Upstream(uid=odd), intent, token=token)

    assert taken.uid == odd
    with pytest.raises(SentBefore):
        send(user, Upstream(), intent, token=token)

    assert len(changes.list_changes_of_account(user, odd, odd, now=NOW)) == bool(odd)


def test_changes_of_an_account_are_those_that_may_have_changed_it(user):
    for number, error in enumerate(
        (
            None,
            UpstreamRefused("No.", status=400),
            UpstreamNeverReached("No."),
            UpstreamOutcomeUnknown("Who knows."),
        )
    ):
        at = NOW + dt.timedelta(minutes=number)
        with suppress(Exception):
            send(user, Upstream(error), UPDATE, now=at)
    send(user, Upstream(uid="a-2"), now=NOW)
    send(user, Upstream(), replace(UPDATE, integration="hubspot"), now=NOW)
    send(user, Upstream(), Intent(kind=ChangeKind.UPDATE_USER, uid="a-1"), now=NOW)

    found = changes.list_changes_of_account(user, "linkedin", "a-1", now=NOW)

    assert [(one.state, one.created_at.minute) for one in found] == [("unknown", 3), ("saved", 0)]


def test_trials_and_the_upstream_have_changes_of_their_own(user, settings):
    settings.UPSTREAM_IS_SANDBOX = False
    settings.UPSTREAM_URL = "https://api.example.com/v3"
    with targets.use("sandbox"):
        send(user, Upstream())
        in_trial = changes.list_changes_of_account(user, "linkedin", "a-1", now=NOW)

    assert len(in_trial) == 1
    assert changes.list_changes_of_account(user, "linkedin", "a-1", now=NOW) == ()


def test_addition_of_unknown_outcome_is_open_for_an_hour(user):
    unknown = UpstreamOutcomeUnknown("Who knows.")
    for intent, error, minutes in (
        (replace(ADD, name="Long ago"), unknown, 0),
        (replace(ADD, name="Asked"), unknown, 1),
        (replace(ADD, name="Killed"), AssertionError(), 2),
        (replace(ADD, name="Refused"), UpstreamRefused("No.", status=400), 3),
        (ADD, None, 4),
        (UPDATE, unknown, 5),
        (replace(ADD, name="On its way"), AssertionError(), 60),
    ):
        with suppress(Exception, AssertionError):
            send(user, Upstream(error), intent, now=NOW + dt.timedelta(minutes=minutes))
    # The last one is made by another machine: whether that lives nobody here can tell.
    leases.forget(Change.objects.latest("pk").token)

    found = changes.list_open_additions(user, now=NOW + dt.timedelta(minutes=60))

    assert [one.name for one in found] == ["Killed", "Asked"]


def test_stranger_sees_no_changes(user):
    for call in (
        lambda: changes.list_open_additions(AnonymousUser(), now=NOW),
        lambda: changes.list_changes_of_account(AnonymousUser(), "linkedin", "a-1", now=NOW),
        lambda: changes.list_changes_of_user(AnonymousUser(), "u-1", now=NOW),
    ):
        with pytest.raises(NotAllowed):
            call()
