"""Following a job: the pages over a sandbox whose clock is moved by hand."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterator

import httpx
import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from selectolax.lexbor import LexborHTMLParser

from playground.contract import wire
from playground.contract.jobs import Job
from playground.models import Change, ChangeKind, ChangeState, Launch
from playground.sandbox.api.handle import SandboxSettings
from playground.sandbox.transport import SandboxTransport
from playground.services.jobs import memory
from playground.services.upstream_cache import invalidation
from playground.upstream.client import WorkflowClient
from tests.sandbox.world import EXPIRED, FIND, JANE, PERSON, PROFILE, VISIT_CONNECT, World, body
from tests.upstreams import upstream
from tests.web.html_forms import posted_fields

NOT_FOUND = "The resource answers 404: nothing was found for this input."
PROFILES = [{"linkedin_profile_url": "https://www.linkedin.com/in/a"}]


def transport_of(world: World) -> SandboxTransport:
    settings = SandboxSettings(
        api_key="key-of-the-tests", project_id="project-of-the-tests", speed=1, plan_limit=0
    )
    return SandboxTransport(world.store, settings, lambda: world.now)


@pytest.fixture
def world() -> Iterator[World]:
    world = World()
    with upstream(transport_of(world)):
        yield world


@pytest.fixture
def client(db: None, world: World) -> Client:
    return Client()


def launch(world: World, of=FIND, rows=(PERSON,), *accounts: str, **changes) -> str:
    answer = world.send(
        "POST", f"/workflows/{of.uid}/schedule", body(of, list(rows), *accounts, **changes)
    )
    return json.loads(answer.body)["job_uid"]


def later(world: World, seconds: float) -> None:
    """Time passes, for the sandbox and for what was kept of its answers."""
    world.pass_seconds(seconds)
    invalidation.forget_everything()


def texts(response, selector: str) -> list[str]:
    parser = LexborHTMLParser(response.content.decode())
    return [" ".join(node.text(deep=True).split()) for node in parser.css(selector)]


def attribute(response, selector: str, name: str) -> str | None:
    node = LexborHTMLParser(response.content.decode()).css_first(selector)
    return node.attributes.get(name) if node else None


def token_of(page) -> dict[str, str]:
    return {"change_token": attribute(page, "[name=change_token]", "value")}


def press(client, page: str, action: str, **fields: str):
    """Posts one of the forms of a page, as a browser does."""
    parser = LexborHTMLParser(client.get(page).content.decode())
    form = parser.css_first(f'form[action$="/{action}/"]')
    hidden = {one.attributes["name"]: one.attributes["value"] for one in form.css("input")}
    return client.post(form.attributes["action"], hidden | fields, follow=True)


def test_job_is_followed_until_it_is_final(client, world, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: world.now)
    uid = launch(world)
    seen, icons, told = [], [], []
    for seconds in (0, 3, 20):
        later(world, seconds)
        page = client.get(f"/jobs/{uid}/status/")
        seen.append(
            (texts(page, ".status-line .state"), attribute(page, "#job-status", "hx-trigger"))
        )
        icons.append(attribute(page, "#job-status", "data-icon").rpartition("-")[2][:-4])
        told += LexborHTMLParser(page.content.decode()).css("#tell-me")

    assert [one.attributes["id"] for one in told] == ["tell-me", "tell-me"]
    assert icons == ["running", "running", "over"]
    assert seen == [
        (["pending"], "every 2s, visibilitychange from:document"),
        (["running"], "every 2s, visibilitychange from:document"),
        (["finished"], None),
    ]


def test_what_can_be_done_with_a_job_changes_with_its_status(client, world):
    uid = launch(
        world, FIND, [{"first_name": "a", "last_name": "b", "company_name": "test:shutdown"}]
    )
    seen = []
    for seconds in (0, 3, 20):
        later(world, seconds)
        page = client.get(f"/jobs/{uid}/status/")
        seen.append(texts(page, ".head button"))

    assert seen == [["Stop the job"], ["Stop the job"], ["Run it again as it was"]]


def test_what_a_status_means_and_why_something_is_not_offered_is_told(client, world):
    uid = launch(world)
    later(world, 20)

    page = client.get(f"/jobs/{uid}/")

    assert texts(page, "#job-status > .lead") == [
        "It is done: at least one input succeeded, with results or without."
    ]
    assert [text.split(":")[0] for text in texts(page, ".absent span")] == [
        "“Stop the job” is not offered",
        "“Run it again as it was” is not offered",
    ]
    assert "Launched elsewhere" in texts(page, ".sub > span:last-child")[0]
    assert texts(page, ".status-line > span")[1:] == ["1 row from 1 input"]


def test_steps_can_be_chosen_without_a_new_page_and_have_rows_while_the_job_runs(client, world):
    uid = launch(world, VISIT_CONNECT, PROFILES * 40, JANE)
    later(world, 9)
    first = VISIT_CONNECT.ordered_steps[0]

    page = client.get(f"/jobs/{uid}/?step={first.step_uid}")

    link = "#step-1"
    assert attribute(page, link, "hx-push-url") == attribute(page, link, "href")
    assert attribute(page, link, "hx-get") == f"/jobs/{uid}/status/?step={first.step_uid}"
    assert texts(page, "#job-step h3:last-of-type")[-1] == "Its own rows so far"
    assert texts(page, ".step-rows th code")[0] == "linkedin_profile_url"
    assert len(texts(page, ".step-rows tbody tr")) > 0
    assert texts(page, "#job-step code")[0] == first.step_uid
    assert "of 2 steps over" in texts(page, ".status-line")[0]
    assert attribute(page, ".lane rect", "class") == "running"


def test_results_are_shown_when_the_job_is_final(client, world):
    uid = launch(world)
    later(world, 20)

    page = client.get(f"/jobs/{uid}/")

    assert texts(page, "#job-results tbody td")[:5] == [
        "1",
        "Zoë",
        "O'Brien",
        "acme.com",
        "zoe.obrien@acme.com",
    ]


def test_failed_inputs_are_named_with_their_reason(client, world):
    uid = launch(world, FIND, [PERSON, PERSON | {"company_name": "test:not-found"}])
    later(world, 20)

    page = client.get(f"/jobs/{uid}/")

    assert texts(page, ".failures li") == [f"Zoë · O'Brien · test:not-found {NOT_FOUND} Row 2"]


class WithoutInputs(httpx.BaseTransport):
    """Breaks when it is asked for a job's inputs."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self.inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/inputs"):
            return httpx.Response(500)
        return self.inner.handle_request(request)


def test_failures_that_cannot_be_asked_for_are_not_none(client, world):
    uid = launch(world, FIND, [PERSON, PERSON | {"company_name": "test:not-found"}])
    later(world, 20)

    with upstream(WithoutInputs(transport_of(world))):
        page = client.get(f"/jobs/{uid}/")

    (told,) = texts(page, "#job-failures p")
    assert told.startswith("How many inputs failed is not known. The upstream failed")


def test_chosen_step_is_in_the_address_of_page_and_fragment(client, world):
    uid = launch(world, VISIT_CONNECT, PROFILES, JANE)
    step_uid = VISIT_CONNECT.steps[1].step_uid
    later(world, 1)

    page = client.get(f"/jobs/{uid}/?step={step_uid}")

    assert attribute(page, "#job-status", "hx-get") == f"/jobs/{uid}/status/?step={step_uid}"
    assert texts(page, "#job-step .uid code")[0] == step_uid
    hrefs = [
        a.attributes["href"] for a in LexborHTMLParser(page.content.decode()).css("#job-steps a")
    ]
    assert hrefs == [f"/jobs/{uid}/?step={step.step_uid}" for step in VISIT_CONNECT.steps]


def test_step_that_the_job_does_not_have_is_said(client, world):
    uid = launch(world)

    page = client.get(f"/jobs/{uid}/?step=nope<b>")

    (said,) = texts(page, "#job-status .notice p:first-child")
    assert said.startswith("This job has no step nope<b>. A step’s UID belongs to one workflow")
    assert attribute(page, "#job-step a", "href") == f"/jobs/{uid}/"


def test_paused_job_says_why_and_can_be_run_again_after_repair(client, world):
    uid = launch(world, PROFILE, PROFILES, EXPIRED)
    later(world, 5)

    page = client.get(f"/jobs/{uid}/")

    assert texts(page, ".status-line .state") == ["paused"]
    assert texts(page, ".notice.error") != []
    assert "Run it again as it was" in texts(page, ".head button")
    assert (attribute(page, "#job-status", "hx-trigger") or "").startswith("every ")


def test_job_can_be_stopped_and_run_again(client, world):
    uid = launch(world)
    later(world, 1)

    stopped = press(client, f"/jobs/{uid}/", "cancel")
    again = press(client, f"/jobs/{uid}/", "retry")
    later(world, 30)
    finished = client.get(f"/jobs/{uid}/")

    assert texts(stopped, ".status-line .state") == ["stopped"]
    assert len(texts(stopped, ".notice.success")) == 1
    assert texts(again, ".status-line .state") == ["pending"]
    assert texts(finished, ".status-line .state") == ["finished"]


def test_change_that_the_upstream_refuses_is_told(client, world):
    uid = launch(world)
    fields = {
        "change_token": attribute(client.get(f"/jobs/{uid}/"), "[name=change_token]", "value")
    }
    later(world, 20)

    page = client.post(f"/jobs/{uid}/cancel/", fields, follow=True)

    assert len(texts(page, "body > .notice.error:not([hidden])")) == 1
    assert texts(page, ".status-line .state") == ["finished"]


def test_schedule_can_be_removed_from_its_launch(client, world):
    page = client.get(f"/workflows/{FIND.uid}/")
    token = attribute(page, "[name=launch_token]", "value")
    fields = {"launch_token": token, "job_name": "Every hour", "repeat_option-type": "hour"}
    fields |= {"repeat_option-value": "1"} | {
        f"inputs-0-{key}": text for key, text in PERSON.items()
    }
    client.post(f"/workflows/{FIND.uid}/launch/", fields)
    made = Launch.objects.get()

    offered = client.get(f"/launches/{made.pk}/")
    repeats = texts(client.get(f"/jobs/{made.job_uid}/"), ".sub > span:last-child")
    asked = client.post(f"/launches/{made.pk}/remove-schedule/")
    kept = Launch.objects.get().schedule_ended_at
    token = token_of(asked) | {"confirmed": "1", "seen": attribute(asked, "[name=seen]", "value")}
    unseen = client.post(
        f"/launches/{made.pk}/remove-schedule/", token | {"seen": "0"}, follow=True
    )
    removed = client.post(f"/launches/{made.pk}/remove-schedule/", token, follow=True)
    twice = client.post(f"/launches/{made.pk}/remove-schedule/", token, follow=True)
    anew = {**token, "change_token": str(uuid.uuid4())}
    again = client.post(f"/launches/{made.pk}/remove-schedule/", anew, follow=True)

    once = texts(client.get(f"/jobs/{made.job_uid}/"), ".sub > span:last-child")

    assert repeats == ["It repeats, until its schedule is removed."]
    assert once != repeats
    assert "Remove the schedule…" in texts(offered, ".head button")
    assert (kept, texts(asked, "h1")) == (None, ["Remove the schedule of “Every hour”?"])
    assert texts(asked, ".uses a") == [f"Launch {made.pk}"]
    (said,) = texts(unseen, ".notice.error:not([hidden])")
    assert said.startswith(f"Launch {made.pk} of local repeats under this name too")
    assert texts(removed, ".notice.success") == ["Schedule deleted."]
    assert Launch.objects.get().schedule_ended_at is not None
    (said,) = texts(twice, ".notice.success")
    assert said.endswith("UTC; nothing was sent now.")
    assert len(texts(again, ".notice.error:not([hidden])")) == 1
    assert texts(again, "[aria-labelledby=changes-of] li > span:first-child") == [
        "Schedule removed by local"
    ]


def test_what_was_asked_for_once_is_sent_once(client, world):
    """The button is pressed twice, and Back and pressed again."""
    uid = launch(world, FIND, [PERSON | {"company_name": "test:shutdown"}])
    later(world, 30)
    fields = {
        "change_token": attribute(client.get(f"/jobs/{uid}/"), "[name=change_token]", "value")
    }

    told = [client.post(f"/jobs/{uid}/retry/", fields, follow=True) for _ in range(3)]

    events = [event for launch in world.store.list_unsettled() for event in launch.events]
    assert len(events) == 1
    assert [
        "nothing was sent now" in " ".join(texts(page, ".notice.success")) for page in told
    ] == [
        False,
        True,
        True,
    ]
    assert texts(told[2], "[aria-labelledby=changes-of] li > span:first-child") == [
        "Run again by local"
    ]


@pytest.mark.parametrize(
    ("state", "seconds_ago", "is_sent"),
    [
        (ChangeState.UNKNOWN, 20, False),
        (ChangeState.SENDING, 20, False),
        (ChangeState.UNKNOWN, 61, True),
        (ChangeState.SENDING, 61, True),
        (ChangeState.REFUSED, 20, True),
        (ChangeState.UNREACHABLE, 20, True),
    ],
)
def test_a_retry_that_may_still_arrive_is_not_followed_by_another(
    client, world, state, seconds_ago, is_sent
):
    """The form is a new one, with a token of its own: the answer to the first was lost."""
    uid = launch(world, FIND, [PERSON | {"company_name": "test:shutdown"}])
    later(world, 30)
    client.get("/")
    Change.objects.create(
        token=uuid.uuid4(),
        user=User.objects.get(),
        upstream="sandbox",
        kind=ChangeKind.RETRY_JOB,
        uid=uid,
        state=state,
        created_at=timezone.now() - dt.timedelta(seconds=seconds_ago),
    )

    page = press(client, f"/jobs/{uid}/", "retry")

    events = [event for launch in world.store.list_unsettled() for event in launch.events]
    assert len(events) == int(is_sent)
    assert len(texts(page, "body > .notice.error:not([hidden])")) == int(not is_sent)
    assert Change.objects.count() == 1 + is_sent


@pytest.mark.parametrize(
    ("action", "done_meanwhile", "words"),
    [
        ("retry", ChangeKind.RETRY_JOB, "ada asked to run this job again at"),
        ("retry", ChangeKind.CANCEL_JOB, "ada asked to stop this job at"),
        ("cancel", ChangeKind.RETRY_JOB, "ada asked to run this job again at"),
    ],
)
@pytest.mark.parametrize("state", [ChangeState.SAVED, ChangeState.UNKNOWN])
def test_a_button_of_a_page_that_is_older_than_a_change_sends_nothing(
    client, world, action, done_meanwhile, words, state
):
    """Somebody else has run the job again and it is over, while this page stood open."""
    row = {} if action == "cancel" else {"company_name": "test:shutdown"}
    uid = launch(world, FIND, [PERSON | row])
    later(world, 1 if action == "cancel" else 30)
    page = client.get(f"/jobs/{uid}/")
    form = f"form[action$='/{action}/'] "
    fields = {
        name: attribute(page, f"{form}[name={name}]", "value") for name in ("change_token", "seen")
    }
    Change.objects.create(
        token=uuid.uuid4(),
        user=User.objects.create(username="ada"),
        upstream="sandbox",
        kind=done_meanwhile,
        uid=uid,
        state=state,
        created_at=timezone.now() - dt.timedelta(minutes=2),
    )

    told = client.post(f"/jobs/{uid}/{action}/", fields, follow=True)
    asked_again = press(client, f"/jobs/{uid}/", action)

    (said,) = texts(told, "body > .notice.error:not([hidden])")
    assert said.startswith(words)
    assert texts(asked_again, "body > .notice.error:not([hidden])") == []
    events = [event for launch in world.store.list_unsettled() for event in launch.events]
    assert len(events) == 1


def test_a_form_without_its_token_changes_nothing(client, world):
    uid = launch(world)
    later(world, 1)

    page = client.post(f"/jobs/{uid}/cancel/", follow=True)

    assert texts(page, "body > .notice.error:not([hidden])") == [
        "This form has lost its token. Nothing was sent; it has a new one now."
    ]
    assert texts(page, ".status-line .state") == ["running"]


def test_the_same_is_not_asked_for_twice_at_a_time(client, world):
    """Somebody else waits for the answer to the same; a day later nobody does."""
    uid = launch(world)
    later(world, 1)
    client.get("/")
    waiting = Change.objects.create(
        token=uuid.uuid4(),
        user=User.objects.get(),
        upstream="sandbox",
        kind=ChangeKind.CANCEL_JOB,
        uid=uid,
        state=ChangeState.SENDING,
        created_at=timezone.now(),
    )

    refused = press(client, f"/jobs/{uid}/", "cancel")
    Change.objects.filter(pk=waiting.pk).update(created_at=timezone.now() - dt.timedelta(days=1))
    taken = press(client, f"/jobs/{uid}/", "cancel")

    (said,) = texts(refused, "body > .notice.error:not([hidden])")
    assert said.startswith("The same is being asked for at this moment by local, and is not sent")
    assert texts(taken, ".status-line .state") == ["stopped"]
    waiting.refresh_from_db()
    assert waiting.state == ChangeState.UNKNOWN


def test_workflows_jobs_are_listed_one_a_line_with_their_steps_folded(client, world):
    uid = launch(world, job_name="Monday")
    later(world, 20)

    page = client.get(f"/workflows/{FIND.uid}/jobs/")

    ((name, status, by, *_, steps),) = rows_of(page)
    assert (name, status, by) == ("Monday", "finished", "not from here")
    assert steps.startswith("1 step: 1 finished Find an e-mail finished ")
    assert attribute(page, "tbody tr a", "href") == f"/jobs/{uid}/"
    assert attribute(page, "tbody details a", "href").startswith(f"/jobs/{uid}/?step=")
    assert LexborHTMLParser(page.content.decode()).css_first("tbody details[open]") is None


def test_who_launched_a_listed_job_is_told_and_a_cut_job_is_one_line(client, monkeypatch):
    uid, other = "j-1", "j-2"
    steps = [
        {"uid": f"s-{number}", "main_job_uid": uid, "main_job_name": "Monday", "status": status}
        for number, status in enumerate(["finished", "running", "running"])
    ]
    odd = {"uid": other, "name": "  ", "status": None}
    user = User.objects.create_user("Zoë")
    Launch.objects.create(
        launch_token=uuid.uuid4(),
        user=user,
        workflow_uid=FIND.uid,
        workflow_name="Find",
        job_uid=uid,
        payload=b"{}",
        fingerprint="0" * 12,
        row_count=1,
        upstream="sandbox",
        state="launched",
        created_at=timezone.now(),
    )
    listing = tuple(wire.from_builtins(Job, one) for one in (steps[0], odd, *steps[1:]))
    monkeypatch.setattr(WorkflowClient, "list_jobs", lambda *_, **__: listing)

    page = client.get(f"/workflows/{FIND.uid}/jobs/")

    cut, whole = rows_of(page)
    assert cut[:3] == ["Monday", "on another page of this list", "Zoë"]
    assert cut[-1].startswith("3 steps: 1 finished, 2 running ")
    assert whole[:3] == [other, "unknown", "not from here"]
    assert whole[-1] == ""


def rows_of(page) -> list[list[str]]:
    parser = LexborHTMLParser(page.content.decode())
    return [
        [" ".join(td.text(deep=True).split()) for td in row.css("td")]
        for row in parser.css("tbody tr")
    ]


def test_unknown_job_is_not_found(client):
    page = client.get("/jobs/00000000-0000-4000-8000-000000000000/")

    assert (page.status_code, texts(page, "h1")) == (404, ["Not found upstream"])


def test_one_missing_answer_is_no_part_of_the_page(client, world):
    address = "/jobs/00000000-0000-4000-8000-000000000000/status/?step=a"

    answer = client.get(address, headers={"HX-Request": "true"})

    assert (answer.status_code, answer["Content-Type"]) == (404, "text/plain; charset=utf-8")
    assert "The upstream does not know this" in answer.content.decode()


def test_results_come_a_hundred_at_a_time(client, world):
    uid = launch(world, FIND, [PERSON] * 250)
    later(world, 60)

    first, last = (client.get(f"/jobs/{uid}/results/?page={page}") for page in (1, 3))

    whole = client.get(attribute(first, ".pages a", "href").partition("#")[0])
    assert texts(first, ".pages") == ["Rows 1 to 100 Next"]
    assert texts(whole, ".pages") == ["Previous Rows 101 to 200 Next"]
    assert texts(last, ".pages") == ["Previous Rows 201 to 250"]


def test_paused_job_leads_to_the_account_that_holds_it_up(client, world):
    uid = launch(world, PROFILE, PROFILES, EXPIRED)
    later(world, 5)

    page = client.get(f"/jobs/{uid}/?step={PROFILE.steps[0].step_uid}")

    assert texts(page, ".status-line .state") == ["paused"]
    assert attribute(page, ".notice .button", "href") == (
        f"/accounts/linkedin/{EXPIRED}/edit/?next=/jobs/{uid}/"
    )
    assert attribute(page, "#job-step dd a", "href") == f"/accounts/linkedin/{EXPIRED}/"


def test_update_of_an_account_tells_which_jobs_it_would_resume_and_how_many_it_did(client, world):
    address = f"/accounts/linkedin/{EXPIRED}/edit/"
    before = client.get(address)
    uids = [launch(world, PROFILE, PROFILES, EXPIRED, job_name=name) for name in ("One", "Two")]
    launch(world, FIND)
    later(world, 5)

    asked = client.get(address)
    fields = fields_of(client, address)
    renamed = client.post(address, fields | {"name": "Renamed"}, follow=True)
    again = fields_of(client, address) | {"pasted": "li_at=AQEDAR1234567890abcdef"}
    updated = client.post(address, again, follow=True)
    later(world, 1)
    after = client.get(address)

    assert texts(before, "#paused-jobs")[0].startswith("No paused job of it is among the newest")
    assert texts(asked, "#paused-jobs") == ["2 jobs of it are paused now: Two, One."]
    assert set(fields["paused"].split()) == set(uids)
    assert texts(renamed, "body > .notice.info:not([hidden])") == []
    assert texts(updated, "body > .notice.info:not([hidden])") == ["2 paused jobs of it go on now."]
    assert texts(after, "#paused-jobs")[0].startswith("No paused job of it is among")


def fields_of(client, address: str) -> dict[str, str]:
    return dict(posted_fields(client.get(address).content.decode(), "account-form"))


def test_paused_job_whose_account_is_gone_leads_to_what_became_of_it(client, world):
    uid = launch(world, PROFILE, PROFILES, EXPIRED)
    later(world, 5)
    world.delete(f"/integrations/linkedin/accounts/{EXPIRED}")
    client.get("/accounts/")

    page = client.get(f"/jobs/{uid}/")

    assert texts(page, ".notice .row-tools .button") == [f"Account …{EXPIRED[-4:]} is gone"]
    assert attribute(page, ".notice .button", "href") == f"/accounts/linkedin/{EXPIRED}/"


def test_paused_job_whose_steps_take_no_account_does_not_ask_for_one(client, world):
    uid = launch(world, FIND, [PERSON | {"company_name": "test:paused"}])
    later(world, 5)

    page = client.get(f"/jobs/{uid}/")

    assert texts(page, ".status-line .state") == ["paused"]
    assert texts(page, "#job-status .notice.warning") == [
        "It is paused, and takes no account to wait for: run it again, or stop it."
    ]


def test_paused_job_without_an_account_says_so(client, world):
    uid = launch(world, PROFILE, PROFILES)
    later(world, 5)

    page = client.get(f"/jobs/{uid}/")

    assert texts(page, ".notice .row-tools span") == [
        "Step 1 was given no account: launch again with one."
    ]


def test_job_that_the_upstream_knows_no_more_is_shown_as_it_was_seen(client, world, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: world.now)
    page = client.get(f"/workflows/{FIND.uid}/")
    fields = {f"inputs-0-{key}": text for key, text in PERSON.items()}
    fields["launch_token"] = attribute(page, "[name=launch_token]", "value") or ""
    client.post(f"/workflows/{FIND.uid}/launch/", fields)
    made = Launch.objects.get()
    for seconds in (0, 20):
        later(world, seconds)
        memory.look(world.now)
    with_upstream = client.get(f"/jobs/{made.job_uid}/")
    Launch.objects.update(job_uid="6f6f1111-2222-4333-8444-555555555501")
    later(world, 0)

    page = client.get("/jobs/6f6f1111-2222-4333-8444-555555555501/")

    assert texts(with_upstream, ".sightings .state") == ["pending", "finished"]
    assert texts(page, ".page > .notice")[0].startswith("The upstream does not know this job any")
    assert texts(page, ".status-line .state") == ["finished"]
    assert texts(page, ".sightings .state") == ["pending", "finished"]
    assert client.get("/jobs/6f6f1111-2222-4333-8444-555555555502/").status_code == 404
