"""A webhook is told once that a job is over, signed, again until it is taken, and not for ever."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import threading
import uuid
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from playground.models import DeliveryState, Launch, LaunchState, Webhook, WebhookDelivery
from playground.services.jobs import memory
from playground.services.webhooks import deliveries, hooks
from playground.services.webhooks.deliveries import WAITS, Ending
from playground.upstream import posting, targets
from playground.upstream.posting import Posted
from tests.sandbox.world import World
from tests.services.jobs.test_memory import launched, look, world  # noqa: F401

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
FINISHED = Ending("finished", "run-1", 40, "")


@pytest.fixture
def sent(monkeypatch, settings) -> list[tuple[str, bytes, dict[str, str]]]:
    """What was posted; answered with what `answers` holds, the last of it for ever."""
    settings.WEBHOOK_HOSTS = frozenset({("hooks.example", None)})
    found: list[tuple[str, bytes, dict[str, str]]] = []

    def post(address, body, headers):
        found.append((address, body, dict(headers)))
        return ANSWERS.pop(0) if len(ANSWERS) > 1 else ANSWERS[0]

    ANSWERS[:] = [Posted(status=200)]
    monkeypatch.setattr(posting, "post", post)
    return found


ANSWERS: list[Posted] = []


def person(name: str) -> User:
    return User.objects.get_or_create(username=name)[0]


def hook(user: User, *, is_team: bool = False, **columns) -> Webhook:
    made = {"address": f"https://hooks.example/{user}", "salt": "5" * 32, "created_at": NOW}
    made |= {"site": "https://playground.example"} | columns
    return Webhook.objects.create(user=user, is_team=is_team, **made)


def launch(user: User, **columns) -> Launch:
    return Launch.objects.create(
        **{
            "launch_token": uuid.uuid4(),
            "user": user,
            "workflow_uid": "w-1",
            "workflow_name": "Find <b>",
            "payload": b"{}",
            "fingerprint": "0" * 12,
            "row_count": 50,
            "upstream": targets.name(),
            "state": LaunchState.LAUNCHED,
            "job_uid": "j-1",
            "created_at": NOW,
        }
        | columns
    )


def run_tasks(*numbers: int) -> None:
    for pk in numbers or WebhookDelivery.objects.order_by("pk").values_list("pk", flat=True):
        deliveries.deliver.call(pk)


def test_who_wants_it_is_told_in_words_once_and_signed(sent):
    ada, bob = person("ada"), person("bob")
    mine, team, _ = hook(ada), hook(bob, is_team=True), hook(bob)
    one = launch(ada)
    for _ in range(2):
        deliveries.tell_of(one, FINISHED, NOW)
    run_tasks()
    run_tasks()

    assert [address for address, _, _ in sent] == [mine.address, team.address]
    _, body, headers = sent[0]
    assert json.loads(body) == {
        "text": "“Find &lt;b&gt;” finished with 40 rows from 50 inputs.\nLaunched by ada.\n"
        "https://playground.example/jobs/j-1/"
    }
    signed = headers["X-Playground-Timestamp"].encode() + b"." + body
    secret = hooks.secret_of(mine).encode()
    expected = hmac.new(secret, signed, hashlib.sha256).hexdigest()
    assert headers["X-Playground-Signature"] == f"sha256={expected}"
    assert {one.state for one in WebhookDelivery.objects.all()} == {DeliveryState.DELIVERED}
    assert hooks.secret_of(mine) not in repr(list(Webhook.objects.values()))


def test_another_run_of_the_job_is_told_too_and_what_was_before_the_webhook_is_not(sent):
    ada = person("ada")
    hook(ada)
    one = launch(ada)
    old = launch(ada, created_at=NOW - dt.timedelta(hours=1), job_uid="j-0")

    for run in ("run-1", "run-2", "run-1"):
        deliveries.tell_of(one, Ending("warning", run, None, "No <!channel> cookie"), NOW)
    deliveries.tell_of(old, FINISHED, NOW)
    run_tasks()

    texts = [json.loads(body)["text"] for _, body, _ in sent]
    assert len(texts) == 2
    assert "failed (warning) of 50 inputs" in texts[0]
    assert "No &lt;!channel&gt; cookie" in texts[0]


def test_what_is_not_taken_is_tried_again_later_and_later_and_ends_with_a_sentence(sent):
    deliveries.tell_a_test(hook(person("ada")), NOW)
    ANSWERS[:] = [Posted(status=503, wait=900), Posted(sentence="It did not answer in time.")]
    delivery, waits = WebhookDelivery.objects.get(), []

    for _ in range(9):
        run_tasks(delivery.pk)
        delivery.refresh_from_db()
        waits.append(round((delivery.due_at - timezone.now()).total_seconds()))
        run_tasks(delivery.pk)  # Too early: nothing is sent.
        WebhookDelivery.objects.update(due_at=NOW)

    assert len(sent) == len(WAITS) + 1
    assert waits[: len(WAITS)] == [900, 120, 600, 3_600, 21_600]
    assert delivery.state == DeliveryState.FAILED
    assert delivery.sentence == "It did not answer in time. That was the last of its attempts."


@pytest.mark.parametrize("status", [301, 307, 400, 403, 404, 410])
def test_what_refuses_is_not_tried_again(sent, status):
    deliveries.tell_a_test(hook(person("ada")), NOW)
    ANSWERS[:] = [Posted(status=status)]

    run_tasks()
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.attempts) == (DeliveryState.FAILED, 1)
    assert delivery.sentence == f"It answered with status {status}. So it is not tried again."


def test_a_host_that_was_taken_out_of_the_settings_is_told_nothing(sent, settings):
    deliveries.tell_a_test(hook(person("ada")), NOW)
    settings.WEBHOOK_HOSTS = frozenset()

    run_tasks()
    assert sent == []
    assert "WEBHOOK_HOSTS" in WebhookDelivery.objects.get().sentence


def test_what_a_killed_worker_left_is_taken_up_and_a_second_task_sends_nothing(sent):
    deliveries.tell_a_test(hook(person("ada")), NOW)
    delivery = WebhookDelivery.objects.get()
    WebhookDelivery.objects.update(attempts=1, due_at=timezone.now() + deliveries.LEASE)

    run_tasks(delivery.pk)
    assert sent == []
    deliveries.follow_all()
    task = DBTaskResult.objects.filter(task_path__endswith="deliver").latest("enqueued_at")
    assert task.args_kwargs == {"args": [delivery.pk], "kwargs": {}}
    WebhookDelivery.objects.update(due_at=NOW)
    run_tasks(delivery.pk)
    assert len(sent) == 1


def test_the_worker_tells_when_it_sees_that_a_job_is_over(sent, world: World):  # noqa: F811
    one = launched(world)
    hook(one.user, created_at=one.created_at)

    look(world, 0, 3)
    assert WebhookDelivery.objects.count() == 0
    look(world, 30, 30, 30)

    delivery = WebhookDelivery.objects.get()
    assert delivery.launch == one
    assert "finished with 1 row from 1 input." in delivery.text
    memory.follow_again(one.job_uid)
    look(world, 60)
    assert WebhookDelivery.objects.count() == 1


def test_it_goes_over_the_wire_and_follows_no_redirect():
    seen = []

    class Server(BaseHTTPRequestHandler):
        def do_POST(self):
            seen.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(307 if self.path == "/away" else 204)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_address[1]}"
        found = [posting.post(f"{base}{path}", b'{"text": "x"}', {}) for path in ("/here", "/away")]
        server.shutdown()

    assert [one.status for one in found] == [204, 307]
    assert [one.is_taken for one in found] == [True, False]
    assert seen == [("/here", b'{"text": "x"}'), ("/away", b'{"text": "x"}')]
