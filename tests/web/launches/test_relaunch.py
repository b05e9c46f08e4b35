"""Launching again all that the list is narrowed to: asked first, and just what was confirmed."""

from __future__ import annotations

import datetime as dt
import json
import uuid

import httpx
import pytest
from django.contrib.auth.models import User
from selectolax.lexbor import LexborHTMLParser

from playground.models import Launch, LaunchGroup, LaunchGroupState, LaunchPart, LaunchState
from playground.services.launches import relaunches, split
from playground.upstream import targets
from tests.web.conftest import ADD, EXPIRED, FIND, VALID, WORKFLOW_UID
from tests.web.html_forms import posted_fields

NOON = dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC)
FAILED = "/launches/relaunch/?outcome=failed"


def launched(name: str, *, account: str = VALID, **columns) -> Launch:
    """A launch whose job failed. Its payload has a number that no reader writes the same again."""
    user, _ = User.objects.get_or_create(username="ada")
    payload = (
        f'{{"job_name":"{name}","inputs":[{{"first_name":"{name}","n":1.50}}],"steps":['
        f'{{"step_uid":"{FIND}","accounts":[],"parameters":{{}}}},'
        f'{{"step_uid":"{ADD}","accounts":["{account}"],"parameters":{{}}}}]}}'
    )
    values = {
        "launch_token": uuid.uuid4(),
        "user": user,
        "workflow_uid": WORKFLOW_UID,
        "workflow_name": "Find & add",
        "job_name": name,
        "payload": payload.encode(),
        "fingerprint": "0123456789ab",
        "row_count": 1,
        "upstream": targets.name(),
        "state": LaunchState.LAUNCHED,
        "job_uid": str(uuid.uuid4()),
        "job_status": "shutdown",
        "job_is_over": True,
        "created_at": NOON + dt.timedelta(minutes=Launch.objects.count()),
    }
    return Launch.objects.create(**values | columns)


def texts(page, selector: str) -> list[str]:
    nodes = LexborHTMLParser(page.content.decode()).css(selector)
    return [" ".join(node.text(deep=True).split()) for node in nodes]


def fields_of(page) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for name, value in posted_fields(page.content.decode(), "relaunch-form"):
        fields.setdefault(name, []).append(value)
    return fields


def work() -> LaunchGroup:
    group = LaunchGroup.objects.get()
    split.send_parts.call(group.pk)
    group.refresh_from_db()
    return group


def test_all_that_match_are_listed_and_sent_again_letter_by_letter(client, hosted):
    first, second = launched("Zoë"), launched("b")
    launched("fine", job_status="finished")

    listed = client.get("/launches/?outcome=failed")
    page = client.get(FAILED)
    assert texts(listed, "#relaunch") == ["Launch all 2 again…"]
    assert texts(page, "h1") == ["Launch 2 launches again?"]
    assert texts(page, "tbody td:nth-child(2) > a") == ["b", "as a draft", "Zoë", "as a draft"]
    assert "Failed: its job ended in warning or shutdown, as it was seen last" in texts(page, "dd")
    assert not hosted.launches
    assert not LaunchGroup.objects.exists()

    answer = client.post(FAILED, fields_of(page) | {"name": ["Once more"]})
    group = work()

    assert answer["Location"] == f"/launches/groups/{group.pk}/"
    assert (group.name, group.state) == ("Once more", LaunchGroupState.DONE)
    sent = [request.content for request in hosted.launches]
    assert sent == [bytes(one.payload) for one in (first, second)]
    made = Launch.objects.exclude(relaunch_of=None).order_by("pk")
    assert [one.relaunch_of_id for one in made] == [first.pk, second.pk]
    assert [bytes(one.payload) for one in made] == sent
    shown = client.get(answer["Location"])
    assert texts(shown, "#launch-group-parts td:nth-child(2)") == [
        f"launch {one.pk} 1 row" for one in (first, second)
    ]


def test_what_was_confirmed_is_made_whatever_matches_by_then(client, hosted):
    stays, passes = launched("stays"), launched("passes")
    fields = fields_of(client.get(FAILED))
    Launch.objects.filter(pk=passes.pk).update(job_status="finished")
    late = launched("late")

    answer = client.post(FAILED, fields, follow=True)
    work()

    assert [json.loads(one.content)["job_name"] for one in hosted.launches] == ["stays", "passes"]
    (told,) = texts(answer, ".notice.warning")
    assert f"Matching since you looked, and not launched again: launch {late.pk}." in told
    assert f"No longer matching, but confirmed: launch {passes.pk}." in told
    assert stays.pk != late.pk


def test_pressing_twice_makes_one_group_and_unticked_ones_stay(client, hosted):
    launched("a")
    kept = launched("b")
    fields = fields_of(client.get(FAILED)) | {"launch": [str(kept.pk)]}

    first, second = (client.post(FAILED, fields) for _ in range(2))
    work()

    assert first["Location"] == second["Location"]
    assert [json.loads(one.content)["job_name"] for one in hosted.launches] == ["b"]


def test_what_cannot_be_launched_again_is_named_and_left_out(client, hosted):
    fit = launched("fit")
    runs = launched("runs", job_is_over=False)
    reasons = {
        launched("far", upstream="https://other.example/v3 · p").pk: "sent to",
        launched("lost", state=LaunchState.UNKNOWN, job_uid="").pk: "not known yet whether",
        launched("rhythm", is_repeating=True).pk: "sets up a schedule",
        launched("empty", payload=b"").pk: "payload is not kept",
        launched("odd", payload=b"[1]").pk: "payload is not kept",
        launched("gone", workflow_uid="w-gone").pk: "workflow is gone",
        launched("key", account=EXPIRED).pk: "Preflight stops it",
    }

    page = client.get(FAILED)

    told = texts(page, ".uses li")
    assert len(told) == len(reasons)
    for pk, reason in reasons.items():
        (line,) = (one for one in told if one.startswith(f"Launch {pk} "))
        assert reason in line
        assert ("Preflight" in line) == (reason == "Preflight stops it")
        assert line.endswith("as a draft") == (
            reason in ("sets up a schedule", "Preflight stops it")
        )
    fields = fields_of(page)
    assert fields["launch"] == [str(fit.pk)]
    assert "its job is not over" in texts(page, "tbody td:nth-child(2)")[0]

    posted = fields | {"launch": [str(pk) for pk in (fit.pk, runs.pk, *reasons)]}
    told = texts(client.post(FAILED, posted, follow=True), ".notice.warning")[0]
    assert told.count("was left out") == 5, "what preflight stops, the upstream judges"
    assert LaunchPart.objects.filter(relaunch_of__in=(fit, runs)).count() == 2


@pytest.mark.parametrize("query", ["", "?q=%20", "?outcome=nonsense&since=never", "?page=2"])
def test_no_filter_is_no_choice(client, hosted, query):
    launched("a")
    fields = fields_of(client.get(FAILED))

    looked = client.get(f"/launches/relaunch/{query}")
    posted = client.post(f"/launches/relaunch/{query}", fields)

    assert (looked.status_code, posted.status_code) == (200, 422)
    for answer in (looked, posted):
        assert not texts(answer, "form#relaunch-form")
        assert texts(answer, "#refusal")[0].startswith("Every launch there is cannot")
    assert not LaunchGroup.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"launch": []}, "No launch is ticked"),
        ({"launch": ["99999", "x", "-1", "9" * 30]}, "none of them can be any more"),
        ({"change_token": ["nonsense"]}, "This form has lost its token"),
        ({"launch": [str(one) for one in range(1, 102)]}, "100 launches are the most"),
    ],
)
def test_a_confirmation_of_nothing_launches_nothing(client, hosted, changes, sentence):
    launched("a")
    fields = fields_of(client.get(FAILED))

    answer = client.post(FAILED, fields | changes)

    assert answer.status_code == 422
    assert sentence in texts(answer, "#refusal")[0]
    assert not LaunchGroup.objects.exists()


def test_more_than_can_be_looked_through_is_refused(client, hosted, monkeypatch):
    monkeypatch.setattr(relaunches, "MOST_LAUNCHES", 1)
    launched("a")
    launched("b", row_count=relaunches.MOST_ROWS + 1)

    many = client.get(FAILED)
    large = client.get(FAILED + "&q=b")

    assert "More than 1 launches match" in texts(many, "#refusal")[0]
    assert "100,001 rows together" in texts(large, "#refusal")[0]


def test_one_that_is_refused_does_not_stop_the_others_and_a_lost_key_does(client, hosted):
    for name in ("a", "b", "c"):
        launched(name)
    take = hosted.answers["schedule"]

    def refuse(status: int):
        return lambda request: (
            httpx.Response(status, json={"message": "No."})
            if json.loads(request.content)["job_name"] == "b"
            else take(request)
        )

    hosted.answers["schedule"] = refuse(422)
    client.post(FAILED, fields_of(client.get(FAILED)))
    group = work()
    assert group.state == LaunchGroupState.DONE
    assert len(hosted.launches) == 3
    state = texts(client.get(f"/launches/groups/{group.pk}/"), "#group-state")[0]
    assert state.startswith("Done: 2 of 3 launches")

    LaunchGroup.objects.all().update(launch_token=uuid.uuid4())
    hosted.answers["schedule"] = refuse(401)
    client.post(FAILED, fields_of(client.get(FAILED)))
    group = LaunchGroup.objects.order_by("pk").last()
    split.send_parts.call(group.pk)
    group.refresh_from_db()
    assert (group.state, len(hosted.launches)) == (LaunchGroupState.STOPPED, 5)
    assert group.sentence.startswith("Part 2 was not launched.")
