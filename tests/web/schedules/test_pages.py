"""What repeats: the list, removing by name, and changing a schedule, over the sandbox."""

from __future__ import annotations

import datetime as dt
import json

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from playground.models import Change, ChangeKind, ChangeState, Launch, ScheduleChange
from playground.services.upstream_cache import invalidation
from tests.sandbox.world import FIND, PERSON
from tests.web.jobs.test_pages import attribute, client, later, texts, world

__all__ = ["client", "world"]


def repeat(client, world, name: str, every: str = "hour", **changes: str) -> Launch:
    """Launches it by its form, at the sandbox's time."""
    page = client.get(f"/workflows/{FIND.uid}/")
    fields = {
        "launch_token": attribute(page, "[name=launch_token]", "value"),
        "job_name": name,
        "repeat_option-type": every,
        "repeat_option-value": "1",
    }
    fields |= {f"inputs-0-{key}": text for key, text in PERSON.items()} | changes
    client.post(f"/workflows/{FIND.uid}/launch/", fields)
    made = Launch.objects.first()
    assert made
    assert made.is_launched
    return made


def press(client, page, ending: str):
    """Posts the form of a page whose address ends so."""
    (form,) = LexborHTMLParser(page.content.decode()).css(f'form[action$="{ending}"]')
    fields = {
        one.attributes["name"]: one.attributes.get("value") or "" for one in form.css("[name]")
    }
    return client.post(form.attributes["action"], fields, follow=True)


def test_list_tells_rhythm_and_next_start_and_how_the_jobs_ended(client, world, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: world.now)
    made = repeat(client, world, "Every hour")
    later(world, 3 * 3600 + 100)

    page = client.get("/schedules/")

    assert texts(page, "tbody td:first-child a") == ["Every hour"]
    assert texts(page, "[data-label=repeats]") == ["every hour"]
    (following,) = texts(page, "[data-label=next]")
    assert "expected, in 58 min" in following
    assert texts(page, ".so-far .state") == ["4 finished"]
    assert "asked for just now" in texts(page, ".so-far")[0]
    assert attribute(page, ".so-far a", "href") != f"/jobs/{made.job_uid}/"


def test_first_start_of_a_delayed_schedule_is_what_the_upstream_lists(client, world, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: world.now)
    repeat(client, world, "Later", delay="7200")
    later(world, 60)

    (following,) = texts(client.get("/schedules/"), "[data-label=next]")

    assert "the upstream lists it, in 1 h" in following


def test_several_of_a_name_are_warned_of_and_end_together(client, world):
    first, second = repeat(client, world, "Same"), repeat(client, world, "Same", "day")
    repeat(client, world, "Other")

    page = client.get("/schedules/")
    asked = client.get("/schedules/remove/?name=Same")
    removed = press(client, asked, "/schedules/remove/")

    assert texts(page, "td .beneath.warning") == [
        f"Shares its name with launch {one.pk}: removing one removes all."
        for one in (first, second)
    ]
    assert texts(asked, ".uses a") == [f"Launch {second.pk}", f"Launch {first.pk}"]
    assert texts(removed, ".notice.success") == ["Schedule deleted."]
    assert texts(removed, "tbody td:first-child a") == ["Other"]
    assert Change.objects.get().user.get_username() == "local"


@pytest.mark.parametrize("name", ["Tout/les jours?", "O'Brien & <b>", "Zoë ☃", "a" * 300])
def test_any_name_can_be_removed(client, world, name):
    repeat(client, world, name)

    listed = client.get("/schedules/")
    href = attribute(listed, "td.tools a", "href")
    removed = press(client, client.get(href), "/schedules/remove/")

    assert texts(removed, ".notice.success") == ["Schedule deleted."]
    assert texts(removed, "tbody") == []


def test_a_name_that_is_none_sends_nothing(client, world):
    answer = client.post("/schedules/remove/", {"name": "  "}, follow=True)

    assert texts(answer, "body > .notice.error:not([hidden])") == [
        "A schedule is removed by its name. Nothing was sent."
    ]
    assert not Change.objects.exists()


def test_change_removes_and_then_launches_and_says_at_any_time_how_far_it_is(client, world):
    old = repeat(client, world, "Every hour")
    said = []

    def look(page):
        said.append(texts(page, ".page > .notice")[0])
        return page

    begun = look(press(client, client.get("/schedules/"), f"/schedules/{old.pk}/change/"))
    address = begun.redirect_chain[-1][0]
    look(press(client, begun, "/remove/"))
    in_list = texts(client.get("/schedules/"), ".page > .notice")
    opened = client.get(f"/workflows/{FIND.uid}/?launch={old.pk}")
    relaunch_of = attribute(opened, "[name=relaunch_of]", "value")
    new = repeat(client, world, "Every hour", "day", relaunch_of=relaunch_of or "")
    look(client.get(address))

    nothing, removed, done = said
    assert nothing.startswith("Nothing was done yet: “Every hour” repeats as it did.")
    assert removed.startswith("“Every hour” is removed, and nothing repeats in its place yet.")
    assert done == (
        f"Done: the old “Every hour” is removed, and launch {new.pk} repeats in its place."
    )
    assert "nothing repeats in its place yet" in in_list[0]
    after = client.get("/schedules/")
    assert texts(after, ".page > .notice") == []
    assert texts(after, "[data-label=repeats]") == ["every day"]


def test_change_whose_removal_was_lost_says_so_until_the_upstream_knows_the_name_no_more(
    client, world
):
    old = repeat(client, world, "Every hour")
    begun = press(client, client.get("/schedules/"), f"/schedules/{old.pk}/change/")
    address = begun.redirect_chain[-1][0]
    change = ScheduleChange.objects.get()
    # The process was killed between the upstream's deed and the answer.
    world.delete("/jobs/Every%20hour")
    Change.objects.create(
        token="0e3c2a4e-0000-4000-8000-000000000001",
        user=change.user,
        upstream=old.upstream,
        kind=ChangeKind.REMOVE_SCHEDULE,
        uid="Every hour",
        name="Every hour",
        state=ChangeState.SENDING,
        created_at=change.created_at + dt.timedelta(milliseconds=1),
    )
    Change.objects.update(created_at=change.created_at)

    on_its_way = texts(client.get(address), ".page > .notice")
    Change.objects.update(state=ChangeState.UNKNOWN)
    lost = client.get(address)
    again = press(client, lost, "/remove/")

    assert on_its_way[0].startswith("“Every hour” is being removed at this moment.")
    assert texts(lost, ".page > .notice")[0].startswith("It is not known whether “Every hour” was")
    assert texts(again, ".page > .notice")[0].startswith("“Every hour” is removed, and nothing")


def test_change_that_is_left_is_spoken_of_no_more(client, world):
    old = repeat(client, world, "Every hour")
    begun = press(client, client.get("/schedules/"), f"/schedules/{old.pk}/change/")

    left = press(client, begun, "/leave/")
    again = press(client, client.get("/schedules/"), f"/schedules/{old.pk}/change/")

    assert texts(left, ".notice.success")[0].startswith("Left as it is. Nothing was done yet")
    assert texts(left, ".page > .notice") == []
    assert ScheduleChange.objects.count() == 2
    assert again.status_code == 200


def test_list_stands_when_the_upstream_does_not_answer(client, world, monkeypatch):
    repeat(client, world, "Every hour")
    client.get("/schedules/")
    invalidation.forget_everything()

    def fail(*_: object) -> None:
        raise httpx.ConnectError("no route")

    monkeypatch.setattr("playground.sandbox.transport.SandboxTransport.handle_request", fail)
    page = client.get("/schedules/")

    assert texts(page, "[data-label=repeats]") == ["every hour"]
    assert len(texts(page, ".so-far .warning")) == 1


def test_a_start_that_is_picked_goes_into_the_field_of_the_delay(client):
    panel = client.get("/launches/start/")
    picked = {"more-start-day": "2026-12-01T09:00", "more-start-zone": "Europe/Paris"}
    field = client.get("/launches/start/", picked)

    assert "Europe/Paris" in texts(panel, "#zones option")
    assert attribute(field, "#field-delay", "value") == "2026-12-01 09:00 Europe/Paris"
    assert json.loads(field["HX-Trigger-After-Settle"]) == {"input": {}}
    # A zone alone says nothing, and takes nothing away that was typed there.
    assert client.get("/launches/start/", picked | {"more-start-day": ""}).status_code == 204


@pytest.mark.parametrize(
    ("typed", "delay", "told"),
    [
        ("2026-03-02 13:00 Europe/Paris", 86_400, "as of now"),
        ("2026-02-28 13:00 UTC", None, "This start is past"),
    ],
)
def test_the_delay_is_counted_when_it_is_asked_for(client, monkeypatch, typed, delay, told):
    monkeypatch.setattr(
        "django.utils.timezone.now", lambda: dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
    )
    fields = {f"inputs-0-{key}": text for key, text in PERSON.items()} | {"delay": typed}

    payload = client.post(f"/workflows/{FIND.uid}/launch/payload.json", fields).json()
    check = client.post(f"/workflows/{FIND.uid}/launch/preflight/", fields)

    assert payload.get("delay") == delay
    assert told in check.content.decode()
