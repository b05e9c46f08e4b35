"""Webhooks on their page: made, tried, removed; the secret is shown once, another's not at all."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from playground.models import Webhook, WebhookDelivery
from playground.services.webhooks import hooks
from tests.web.jobs.test_pages import attribute, texts

ADDRESS = "https://hooks.example/services/T0/B0/s3cretABCD"


@pytest.fixture
def client(db, settings) -> Client:
    settings.WEBHOOK_HOSTS = frozenset({("hooks.example", None)})
    return Client()


def add(client: Client, address: str = ADDRESS, whose: str = "mine"):
    return client.post("/webhooks/", {"address": address, "whose": whose})


def test_secret_is_shown_once_and_the_address_never_again(client):
    made = add(client)
    webhook = Webhook.objects.get()
    again = client.get("/webhooks/")

    assert texts(made, "#webhook-secret") == [hooks.secret_of(webhook)]
    assert "no-store" in made["Cache-Control"]
    assert texts(again, ".webhook h2") == ["hooks.example/…ABCD"]
    page = again.content.decode()
    assert ADDRESS not in page
    assert hooks.secret_of(webhook) not in page


def test_a_new_secret_replaces_the_old_one(client):
    add(client)
    before = hooks.secret_of(Webhook.objects.get())

    page = client.post(f"/webhooks/{Webhook.objects.get().pk}/secret/")

    assert texts(page, "#webhook-secret") == [hooks.secret_of(Webhook.objects.get())] != [before]


def test_an_address_that_may_not_be_told_comes_back_with_the_reason(client):
    page = add(client, "https://evil.example/x", "team")

    assert page.status_code == 422
    assert "hooks.example" in texts(page, "#address-issue")[0]
    assert attribute(page, "#webhook-address", "value") == "https://evil.example/x"
    assert attribute(page, "[value=team]", "checked") is not None or "checked" in str(page.content)
    assert not Webhook.objects.exists()


def test_the_same_address_twice_is_one(client):
    add(client)

    assert add(client).status_code == 303
    assert Webhook.objects.count() == 1


def test_a_test_is_queued_and_told_of_and_all_goes_with_the_webhook(client):
    add(client)
    pk = Webhook.objects.get().pk

    client.post(f"/webhooks/{pk}/test/")
    assert texts(client.get("/webhooks/"), ".uses .state") == ["waiting"]
    client.post(f"/webhooks/{pk}/remove/")
    assert not WebhookDelivery.objects.exists()
    assert texts(client.get("/webhooks/"), ".empty") == ["Nobody is told yet."]


def test_what_is_somebody_elses_is_not_there_and_the_teams_is(client):
    other = User.objects.create_user("bob")
    common = {"salt": "0" * 32, "site": "", "created_at": "2026-03-01T12:00Z", "user": other}
    theirs = Webhook.objects.create(address=ADDRESS, is_team=False, **common)
    Webhook.objects.create(address="https://hooks.example/team", is_team=True, **common)

    assert texts(client.get("/webhooks/"), ".webhook .pill") == ["everybody’s launches"]
    for action in ("secret", "test", "remove"):
        assert client.post(f"/webhooks/{theirs.pk}/{action}/").status_code == 404
    assert Webhook.objects.filter(pk=theirs.pk).exists()


def test_without_hosts_there_is_no_form_and_it_says_who_can_change_that(client, settings):
    settings.WEBHOOK_HOSTS = frozenset()

    page = client.get("/webhooks/")

    assert attribute(page, "#webhook-address", "name") is None
    assert "WEBHOOK_HOSTS" in texts(page, ".empty")[0]
