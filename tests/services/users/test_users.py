"""Users: who owns which account, and what is sent to create or update one."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from dataclasses import replace

import httpx
import pytest
from django.contrib.auth.models import AnonymousUser, User

from playground.contract import accounts as contract
from playground.contract.accounts import REFUSED_COUNTRIES
from playground.contract.countries import COUNTRIES
from playground.models import Change
from playground.services.permissions import NotAllowed
from playground.services.users import directory as user_directory
from playground.services.users import save as user_save
from playground.services.users.directory import UserDraft
from playground.services.users.save import UnableToSaveUser, UserSaved
from tests.upstreams import AnsweringTransport, upstream

NOW = dt.datetime(2026, 5, 4, 12, 0, tzinfo=dt.UTC)
DRAFT = UserDraft(email="new@example.com", country="fr")

pytestmark = pytest.mark.django_db


def pages(count: int, **more) -> AnsweringTransport:
    """An upstream of so many pages with one user and one account each."""

    def answer(request: httpx.Request) -> httpx.Response:
        page = int(request.url.params["page"])
        user = {"uid": f"u-{page}", "accounts": [{"uid": f"a-{page}"}, {"uid": "a-all"}]}
        paging = {"next": f"https://x/users?page={page + 1}" if page + 1 < count else None}
        found = [user] if page < count else []
        return httpx.Response(200, json={"users": found, "paging": paging} | more)

    return AnsweringTransport(users=answer)


def test_directory_reads_every_page_once_a_minute(monkeypatch):
    seconds = [0.0]
    monkeypatch.setattr(user_directory._directory, "_clock", lambda: seconds[0])
    transport = pages(3)
    with upstream(transport):
        directory = user_directory.find_directory()
        seconds[0] = 60.0
        user_directory.find_directory()
        asked = len(transport.requests)
        seconds[0] = 60.1
        user_directory.find_directory()

    assert (asked, len(transport.requests)) == (3, 6)
    assert directory.is_whole
    assert {uid: user.uid for uid, user in directory.owners.items()} == {
        "a-0": "u-0",
        "a-1": "u-1",
        "a-2": "u-2",
        "a-all": "u-0",
    }


def test_endless_list_of_users_is_cut_and_said_to_be():
    transport = pages(10**9)
    with upstream(transport):
        directory = user_directory.find_directory()

    assert len(directory.users) == len(transport.requests) == user_directory.MOST_PAGES
    assert not directory.is_whole


@pytest.mark.parametrize(
    ("user", "name"),
    [
        ({"full_name": " Ada Lovelace "}, "Ada Lovelace"),
        ({"full_name": "", "first_name": "Ada", "last_name": None}, "Ada"),
        ({"first_name": "Ada", "last_name": "Lovelace"}, "Ada Lovelace"),
        ({"email": "ada@example.com"}, "ada@example.com"),
        ({}, "u-1"),
    ],
)
def test_user_is_called_by_what_is_known(user, name):
    assert user_directory.name_of(contract.User(uid="u-1", **user)) == name


def save(answer, person=None, token=None, **arguments):
    transport = AnsweringTransport(users=lambda _: answer)
    person = person or User.objects.get_or_create(username="ada")[0]
    with upstream(transport):
        saved = user_save.save_user(
            person, token=token or uuid.uuid4(), clock=lambda: NOW, **arguments
        )
    return saved, [json.loads(request.content) for request in transport.requests]


def test_save_sends_only_what_was_filled_in():
    answer = httpx.Response(200, json={"user": {"uid": "u-9"}})

    saved, sent = save(answer, draft=DRAFT, uid="u-9")

    assert saved == UserSaved(uid="u-9")
    assert sent == [{"uid": "u-9", "email": "new@example.com", "country": "fr"}]


def test_save_is_recorded_with_what_was_filled_in():
    save(httpx.Response(200, json={"user": {"uid": "u-9"}}), draft=DRAFT)

    assert list(Change.objects.values_list("kind", "uid", "parts", "state")) == [
        ("add-user", "u-9", "e-mail, country", "saved")
    ]


def test_same_form_creates_one_user():
    answer, token = httpx.Response(200, json={"user": {"uid": "u-9"}}), uuid.uuid4()

    save(answer, draft=DRAFT, token=token)
    saved, sent = save(answer, draft=DRAFT, token=token)

    assert saved == UserSaved(uid="u-9", earlier=NOW)
    assert sent == []


@pytest.mark.parametrize("field", ["email", "full_name", "country", "timezone"])
def test_another_user_under_the_same_token_is_not_created(field):
    answer, token = httpx.Response(200, json={"user": {"uid": "u-9"}}), uuid.uuid4()
    save(answer, draft=DRAFT, token=token)
    other = {"email": "other@b", "full_name": "Omar", "country": "DE", "timezone": "UTC"}

    with pytest.raises(UnableToSaveUser, match="sent before, as something else"):
        save(answer, draft=replace(DRAFT, **{field: other[field]}), token=token)


@pytest.mark.parametrize(
    ("answer", "is_draft_at_fault", "is_unknown", "sentence"),
    [
        (httpx.Response(400), True, False, "The upstream refused the request."),
        (httpx.Response(401), False, False, "does not accept the credentials"),
        (httpx.Response(429), False, False, "did not take the call"),
        (httpx.Response(500), False, True, "not known whether the call took effect"),
        (httpx.Response(200, text="?"), False, True, "not known whether the call took effect"),
    ],
)
def test_what_went_wrong_is_told(answer, is_draft_at_fault, is_unknown, sentence):
    with pytest.raises(UnableToSaveUser, match=sentence) as caught:
        save(answer, draft=DRAFT)

    assert caught.value.is_draft_at_fault is is_draft_at_fault
    assert caught.value.is_unknown is is_unknown


def test_update_may_leave_everything_as_it_is():
    answer = httpx.Response(200, json={"user": {"uid": "u-9"}, "message": "User updated."})

    _, sent = save(answer, draft=UserDraft(), uid="u-9")

    assert sent == [{"uid": "u-9"}]


def test_half_a_character_is_not_sent():
    with pytest.raises(UnableToSaveUser, match="Nothing was sent") as refusal:
        save(httpx.Response(200), draft=UserDraft(full_name="\ud800"), uid="u-9")

    assert refusal.value.problems == {}


@pytest.mark.parametrize("country", sorted(REFUSED_COUNTRIES))
def test_refused_country_is_not_sent(country):
    with pytest.raises(UnableToSaveUser) as refusal:
        save(httpx.Response(200), draft=UserDraft(email="a@b", country=country.lower()))

    assert refusal.value.problems == {
        "country": f"The upstream takes no users in {COUNTRIES[country]} ({country}). "
        "Choose another country."
    }


def test_every_country_is_taken_or_refused_by_name():
    assert len(COUNTRIES) == 250
    assert all(len(code) == 2 and code.isupper() and name for code, name in COUNTRIES.items())
    assert set(COUNTRIES) >= REFUSED_COUNTRIES
    taken = [
        code
        for code in COUNTRIES
        if not user_directory.find_problems(UserDraft(country=code), is_new=False)
    ]
    assert set(taken) == set(COUNTRIES) - REFUSED_COUNTRIES


@pytest.mark.parametrize("timezone", ["UTC", "Europe/Paris", "America/Argentina/Ushuaia"])
def test_known_time_zones_are_taken(timezone):
    assert user_directory.find_problems(UserDraft(timezone=timezone), is_new=False) == {}


def test_machine_that_knows_no_time_zones_leaves_them_to_the_upstream(monkeypatch):
    monkeypatch.setattr(user_directory, "known_timezones", lambda: ())

    assert user_directory.find_problems(UserDraft(timezone="Mars/Olympus"), is_new=False) == {}


@pytest.mark.parametrize("person", [AnonymousUser(), User(username="gone", is_active=False)])
def test_stranger_sees_and_changes_no_user(person):
    transport = AnsweringTransport()
    with upstream(transport):
        for call in (
            lambda: user_directory.list_users(person),
            lambda: user_directory.find_user(person, "u-1"),
            lambda: save(httpx.Response(200), person, draft=DRAFT),
        ):
            with pytest.raises(NotAllowed):
                call()

    assert transport.requests == []
