"""What was typed stays, whatever tab it was typed in; no tab overwrites another one silently."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from selectolax.lexbor import LexborHTMLParser

from playground.models import Draft, Launch
from playground.services.presets import drafts
from tests.web.conftest import ADD, ADDRESS, FIND, VALID
from tests.web.html_forms import fields_of, texts

CELL = "inputs-0-first_name"
TYPING = {"HX-Request": "true", "HX-Trigger": "launch-preflight"}


def type_in(client, fields, version=0, headers=TYPING):
    """What the page asks after a pause in typing; the version that it has then."""
    response = client.post(
        ADDRESS + "launch/preflight/", fields | {"draft_version": str(version)}, headers=headers
    )
    return response, version_of(response)


def version_of(response) -> str:
    found = LexborHTMLParser(response.content.decode()).css_first("[name=draft_version]")
    return found.attributes["value"] if found else ""


def line(response) -> str:
    return texts(response, "#draft-state")[0]


def test_what_was_typed_comes_back_however_wrong_it_is(client, form):
    bad = f"steps-{FIND}-parameters-most"
    fields = form(job_name="Mon<b>day", delay="soon", **{CELL: "Ada", bad: "three"})
    fields["inputs-7-first_name"] = ["Grace"]

    response, version = type_in(client, fields)
    page = client.get(ADDRESS)

    assert (line(response), version) == ("Draft saved just now · start afresh", "1")
    assert line(page).startswith("Your draft ")
    again = fields_of(page)
    for name in ("job_name", "delay", CELL, bad, "inputs-7-first_name"):
        assert again[name] == (fields[name] if isinstance(fields[name], list) else [fields[name]])


def test_a_preview_and_looking_again_by_itself_keep_nothing(client, form):
    fields = form(job_name="Monday")

    client.post(ADDRESS + "launch/preview/", fields, headers=TYPING)
    client.post(ADDRESS + "launch/preflight/", fields, headers={"HX-Request": "true"})

    assert not Draft.objects.exists()


def test_another_tab_is_told_and_overwrites_nothing_until_somebody_says_so(client, form):
    mine, other = form(job_name="Mine"), form(job_name="Other")
    _, version = type_in(client, mine)
    type_in(client, other, version)

    told, _ = type_in(client, mine, version)

    assert line(told) == "Changed in another tab just now: show it or keep this one"
    assert fields_of(client.get(ADDRESS))["job_name"] == ["Other"]

    kept = client.post(
        ADDRESS + "draft/", mine | {"draft_version": version, "draft-action": "keep"}
    )
    assert kept.status_code == 303
    assert fields_of(client.get(ADDRESS))["job_name"] == ["Mine"]


def test_a_form_that_began_elsewhere_leaves_the_draft_alone(client, form):
    type_in(client, form(job_name="Draft"))

    told, version = type_in(client, form(job_name="Of a launch"), 0)

    assert line(told).startswith("Another draft of this workflow is kept")
    assert version == "0"
    assert fields_of(client.get(ADDRESS))["job_name"] == ["Draft"]


def test_the_same_once_more_is_no_other_version(client, form):
    fields = form(job_name="Monday")
    type_in(client, fields)

    _, version = type_in(client, fields, 0)

    assert version == "1"


def test_two_at_once_are_not_both_saved(client, form, monkeypatch):
    fields = form(job_name="Monday")
    type_in(client, fields)
    found = drafts.find

    def find_and_be_late(user, uid):
        draft = found(user, uid)
        Draft.objects.update(version=5)
        return draft

    monkeypatch.setattr(drafts, "find", find_and_be_late)
    told, _ = type_in(client, form(job_name="Tuesday"), 1)

    assert line(told).startswith("Changed in another tab")


def test_start_afresh_puts_the_draft_aside_and_it_can_be_brought_back(client, form):
    type_in(client, form(job_name="Monday"))

    client.post(ADDRESS + "draft/", {"draft-action": "aside"})
    fresh = client.get(ADDRESS)
    client.post(ADDRESS + "draft/", {"draft-action": "back"})

    assert fields_of(fresh)["job_name"] == ["Find & add"]
    assert "was put aside · bring it back" in line(fresh)
    assert fields_of(client.get(ADDRESS))["job_name"] == ["Monday"]


def test_a_launch_ends_the_draft_and_a_refusal_keeps_it(client, form):
    fields = form(job_name="Monday", **{f"steps-{ADD}-accounts": [VALID]})

    refused = client.post(ADDRESS + "launch/", fields)
    assert refused.status_code == 422
    assert fields_of(client.get(ADDRESS))["job_name"] == ["Monday"]

    launched = client.post(ADDRESS + "launch/", fields | {CELL: "Ada"})
    assert launched.status_code == 303
    assert Launch.objects.count() == 1
    fresh = client.get(ADDRESS)
    assert fields_of(fresh)["job_name"] == ["Find & add"]
    assert line(fresh) == ""

    # What the page had asked before it was left comes late.
    type_in(client, fields | {CELL: "Ada"}, 1)
    assert fields_of(client.get(ADDRESS))["job_name"] == ["Find & add"]
    # Whoever went back and types on has a draft again.
    back = client.post(ADDRESS + "launch/edit/", fields | {"job_name": "Back"})
    type_in(client, fields | {"job_name": "Back"}, version_of(back))
    assert fields_of(client.get(ADDRESS))["job_name"] == ["Back"]


def test_without_a_script_a_button_saves_it(client, form):
    response = client.post(ADDRESS + "draft/", form(job_name="Monday"))

    assert (response.status_code, response["Location"]) == (303, ADDRESS)
    assert fields_of(client.get(ADDRESS))["job_name"] == ["Monday"]

    told = client.post(ADDRESS + "draft/", form(job_name="Other") | {"draft_version": "0"})
    assert told.status_code == 409
    assert fields_of(told)["job_name"] == ["Other"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pasted", "curl -H 'Authorization: Bearer sk_live_abcdefgh12345678'"),
        (f"steps-{FIND}-parameters-domain", "https://ada:pa55word@example.com"),
        ("extra", '{"api_key": "abcdefgh12345678"}'),
    ],
)
def test_no_credential_is_kept(client, form, name, text):
    told, _ = type_in(client, form(job_name="Monday", **{name: text}))

    assert "which holds a secret" in line(told)
    again = fields_of(client.get(ADDRESS))
    assert again["job_name"] == ["Monday"]
    assert again[name] == [""]


def test_the_keys_of_the_playground_are_not_kept_in_any_field(client, form, settings):
    settings.UPSTREAM_API_KEY = "0123456789abcdef0123"
    type_in(client, form(job_name="Monday", **{CELL: "x 0123456789abcdef0123"}))

    assert fields_of(client.get(ADDRESS))[CELL] == [""]


def test_a_draft_is_ones_own(client, form, settings):
    fields = form(job_name="Monday")
    type_in(client, fields)
    settings.SIGN_IN = "password"
    client.force_login(User.objects.create_user("ada"))

    assert fields_of(client.get(ADDRESS))["job_name"] == ["Find & add"]
    assert type_in(client, fields)[1] == "1"
    assert Draft.objects.count() == 2


def test_the_worker_forgets_drafts_that_nobody_changed_for_long(client, form, settings):
    type_in(client, form(job_name="Monday"))
    Draft.objects.update(saved_at=timezone.now() - timedelta(days=31))

    drafts.forget_old(timezone.now())

    assert not Draft.objects.exists()


def test_of_many_drafts_the_oldest_go(client, form, monkeypatch):
    type_in(client, form(job_name="Monday"))
    draft = Draft.objects.get()
    monkeypatch.setattr(drafts, "MOST_DRAFTS", 3)
    for number in range(5):
        Draft.objects.create(
            user=draft.user,
            place=str(number),
            fields=b"",
            saved_at=draft.saved_at - timedelta(days=number + 1),
        )
    Draft.objects.filter(pk=draft.pk).delete()

    type_in(client, form(job_name="Tuesday"))

    assert sorted(Draft.objects.values_list("place", flat=True))[:2] == ["0", "1"]
    assert Draft.objects.count() == 3


def test_enter_in_a_field_presses_nothing_that_changes_the_draft(client, form):
    """Without a script a browser presses the first button of the form."""
    type_in(client, form(job_name="Monday"))

    page = LexborHTMLParser(client.get(ADDRESS).content.decode())
    buttons = page.css("button[form=launch-form], #launch-form button:not([type=button])")

    assert len(buttons) > 5
    assert buttons[0].text() == "Update the preview"
