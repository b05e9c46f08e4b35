"""A payload shared by a link: for who is signed in and has it, until it is over."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from playground.models import SharedPayload
from playground.services.presets import snapshots
from tests.web.conftest import ADD, ADDRESS, FIND, VALID
from tests.web.html_forms import fields_of, texts

CELL = "inputs-0-first_name"
ACCOUNTS = f"steps-{ADD}-accounts"


@pytest.fixture
def share(client, form):
    def shared(**more):
        fields = form(**{CELL: "Ada", ACCOUNTS: [VALID], "job_name": "Monday"}) | more
        response = client.post(ADDRESS + "share/", fields)
        assert response.status_code == 303, texts(response, "#refusal")
        return SharedPayload.objects.order_by("-pk").first()

    return shared


def as_another(client, settings) -> None:
    settings.SIGN_IN = "password"
    client.force_login(User.objects.create_user("grace"))


def test_a_teammate_sees_the_exact_payload_and_opens_it_as_a_draft(client, form, share, settings):
    fields = form(**{CELL: "Ada", ACCOUNTS: [VALID], "job_name": "Monday"})
    sent = client.post(ADDRESS + "launch/payload.json", fields).content
    shared = share()
    as_another(client, settings)

    page = client.get(f"/shared/{shared.address}/")
    bytes_of = client.get(f"/shared/{shared.address}/payload.json")
    draft = fields_of(client.get(ADDRESS, {"shared": shared.address}))

    assert bytes_of.content == sent
    assert json.loads("".join(texts(page, "#payload-json"))) == json.loads(sent)
    assert texts(page, "form button")[-1:] != ["Revoke"]
    assert (draft["job_name"], draft[CELL], draft[ACCOUNTS]) == (["Monday"], ["Ada"], [VALID])
    for response in (page, bytes_of):
        assert response["Cache-Control"] == "no-store"
        assert response["Referrer-Policy"] == "same-origin"


def test_an_address_cannot_be_guessed_and_one_form_makes_one(client, share):
    token = str(uuid.uuid4())
    one, same, other = share(**{"share-token": token}), share(**{"share-token": token}), share()

    assert one == same
    assert one.address != other.address
    assert len(one.address) >= 43


@pytest.mark.parametrize("way", ["unknown", "expired", "revoked", "longer", "odd"])
def test_what_is_over_was_revoked_or_never_was_is_the_same(client, share, way):
    shared = share()
    address = shared.address
    if way == "expired":
        SharedPayload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif way == "revoked":
        assert client.post(f"/shared/{address}/revoke/").status_code == 303
    else:
        address = {"unknown": "x" * 43, "longer": "y" * 5_000, "odd": "%00<b>"}[way]

    answers = [
        client.get(f"/shared/{address}/"),
        client.get(f"/shared/{address}/payload.json"),
        client.get(ADDRESS, {"shared": address}),
        client.get("/compare/", {"left": f"shared:{address}", "right": f"shared:{address}"}),
    ]

    assert [one.status_code for one in answers] == [404] * 4
    assert "Monday" not in "".join(one.content.decode() for one in answers)


def test_what_was_revoked_is_not_kept_and_only_who_shared_it_revokes(client, share, settings):
    shared = share()
    as_another(client, settings)
    assert client.post(f"/shared/{shared.address}/revoke/").status_code == 404
    client.force_login(shared.user)

    assert texts(client.get("/shared/"), "tbody td:first-child") == ["Monday"]
    client.post(f"/shared/{shared.address}/revoke/")

    shared.refresh_from_db()
    assert bytes(shared.payload) == b""
    assert texts(client.get("/shared/"), "tbody .pill") == ["revoked"]


def test_a_stranger_is_asked_to_sign_in(client, share, settings):
    shared = share()
    settings.SIGN_IN = "password"

    assert client.get(f"/shared/{shared.address}/").status_code == 302


@pytest.mark.parametrize(
    ("days", "expected"), [("1", 1), ("90", 90), ("x", 7), ("999", 7), ("", 7)]
)
def test_it_is_over_after_the_days_that_were_chosen(client, share, days, expected):
    shared = share(**{"share-days": days})

    assert round((shared.expires_at - timezone.now()) / timedelta(days=1)) == expected


def test_no_credential_is_shared(client, form):
    secret = f"steps-{FIND}-parameters-domain"
    fields = form(**{CELL: "Ada", secret: "https://ada:pa55word@example.com"})

    refused = client.post(ADDRESS + "share/", fields)

    assert refused.status_code == 422
    assert "looks like a key or a password" in texts(refused, "#refusal")[0]
    assert not SharedPayload.objects.exists()


def test_a_person_shares_only_so_many_and_old_ones_are_forgotten(client, form, share, monkeypatch):
    monkeypatch.setattr(snapshots, "MOST_SHARED", 1)
    shared = share()
    refused = client.post(ADDRESS + "share/", form(**{CELL: "Ada"}))
    assert "Revoke those that nobody needs" in texts(refused, "#refusal")[0]

    SharedPayload.objects.update(expires_at=timezone.now() - timedelta(days=1))
    snapshots.forget_old(timezone.now())
    assert bytes(SharedPayload.objects.get(pk=shared.pk).payload) == b""
    snapshots.forget_old(timezone.now() + timedelta(days=8))
    assert not SharedPayload.objects.exists()


def test_from_a_page_of_its_own_the_draft_is_shared(client, form):
    told = client.post(ADDRESS + "share/", {})
    assert (told.status_code, "no draft to share" in texts(told, "#refusal")[0]) == (422, True)

    client.post(ADDRESS + "draft/", form(job_name="Kept"))
    client.post(ADDRESS + "share/", {})

    assert SharedPayload.objects.get().title == "Kept"
