"""Telling webhooks: a row for each thing to be told, which the worker sends until it is taken.

waiting → delivered   the other side took it
        → waiting     it did not answer, or asks to come again: later, and later each time
        → failed      it refuses, or was tried for long

A task has the number of a row and nothing else. Whoever sends says so first in the row, so that one
that comes twice is sent once; only where a worker is killed while it sends may it be told again, by
the same number (`X-Playground-Delivery`).
"""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass

import msgspec
from django.conf import settings
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone
from django_tasks import task

from playground.log_lines import event
from playground.models import (
    DeliveryState,
    Launch,
    LaunchGroup,
    LaunchPart,
    Webhook,
    WebhookDelivery,
)
from playground.payload.texts import shorten
from playground.services.webhooks import addresses, hooks
from playground.services.webhooks.addresses import UnusableAddress
from playground.upstream import posting, targets
from playground.upstream.posting import Posted

# After each attempt but the last.
WAITS = tuple(dt.timedelta(seconds=one) for one in (30, 120, 600, 3_600, 21_600))
# Whoever tries it is gone after that.
LEASE = dt.timedelta(seconds=60)
KEPT_FOR = dt.timedelta(days=30)
_FOR_GOOD = frozenset({400, 401, 403, 404, 405, 410, 413, 415, 422})
_LONGEST_TITLE, _LONGEST_ERROR = 120, 300
_GROUP_GOES_ON = ("sending", "waiting")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a job ended: its status, which run of it, and what was counted and said."""

    status: str
    run: str
    rows: int | None
    error: str


def tell_of(launch: Launch, ending: Ending, now: dt.datetime) -> None:
    """The launch's job is over: have everybody told who wants that, once for each run of it.

    Of a launch that was split they are told when the last of its parts is over.
    """
    wanting = list(hooks.told_of(launch.user_id).filter(created_at__lte=launch.created_at))
    if not wanting:
        return
    part = LaunchPart.objects.filter(launch_token=launch.launch_token).select_related("group")
    group = next((one.group for one in part), None)
    if group and _goes_on(group, launch):
        return
    for webhook in wanting:
        text = _group_text(webhook, group, launch) if group else _text(webhook, launch, ending)
        _queue(webhook, launch, ending.run, text, now)


def tell_a_test(webhook: Webhook, now: dt.datetime) -> None:
    """Something to see whether it arrives."""
    text = f"A test from the playground at {webhook.site}: messages like this one arrive here."
    delivery = _new(webhook, None, f"test {now:%Y%m%d%H%M%S%f}", text, now)
    delivery.save(force_insert=True)
    deliver.enqueue(delivery.pk)


@task()
def deliver(pk: int) -> None:
    """Send it, unless that was done, or is being done; and again later if it is not taken."""
    now = timezone.now()
    found = WebhookDelivery.objects.filter(pk=pk, state=DeliveryState.WAITING, due_at__lte=now)
    delivery = found.select_related("webhook").first()
    if delivery is None:
        return
    ours = found.filter(attempts=delivery.attempts)
    if not ours.update(attempts=F("attempts") + 1, due_at=now + LEASE):
        return
    delivery.attempts += 1
    _settle(delivery, _send(delivery, now), timezone.now())


def follow_all() -> None:
    """Have everything sent that still waits: its task may be lost."""
    for pk, due_at in WebhookDelivery.objects.filter(state=DeliveryState.WAITING).values_list(
        "pk", "due_at"
    ):
        deliver.using(run_after=due_at).enqueue(pk)


def forget_old(now: dt.datetime) -> None:
    old = WebhookDelivery.objects.filter(created_at__lt=now - KEPT_FOR)
    old.exclude(state=DeliveryState.WAITING).delete()


def body_of(delivery: WebhookDelivery) -> bytes:
    """As Slack and those that copy it read it."""
    return msgspec.json.encode({"text": delivery.text})


def _send(delivery: WebhookDelivery, now: dt.datetime) -> Posted:
    webhook = delivery.webhook
    try:
        # Hosts may have been taken out of the settings since.
        addresses.check(webhook.address)
    except UnusableAddress as error:
        return Posted(status=0, sentence=error.sentence)
    body, timestamp = body_of(delivery), int(now.timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "workflow-playground",
        "X-Playground-Delivery": str(delivery.pk),
        "X-Playground-Timestamp": str(timestamp),
        "X-Playground-Signature": f"sha256={hooks.sign(webhook, timestamp, body)}",
    }
    return posting.post(webhook.address, body, headers)


def _settle(delivery: WebhookDelivery, posted: Posted, now: dt.datetime) -> None:
    wait = _wait(delivery.attempts, posted)
    said = posted.sentence or f"It answered with status {posted.status}."
    columns: dict[str, object] = {"state": DeliveryState.WAITING, "sentence": said}
    if posted.is_taken:
        columns |= {"state": DeliveryState.DELIVERED, "due_at": now}
    elif wait is None:
        is_tried = delivery.attempts > len(WAITS)
        end = "That was the last of its attempts." if is_tried else "So it is not tried again."
        columns |= {"state": DeliveryState.FAILED, "sentence": f"{said} {end}", "due_at": now}
    else:
        columns["due_at"] = now + wait
        deliver.using(run_after=now + wait).enqueue(delivery.pk)
    mine = WebhookDelivery.objects.filter(pk=delivery.pk, attempts=delivery.attempts)
    mine.filter(state=DeliveryState.WAITING).update(**columns)
    told = {"delivery": delivery.pk, "attempt": delivery.attempts, "status": posted.status}
    logger.info(event("webhook told" if posted.is_taken else "webhook not told", **told))


def _wait(attempts: int, posted: Posted) -> dt.timedelta | None:
    """How long to wait for the next attempt; None where there is to be none."""
    status = posted.status
    is_final = status is not None and (status in _FOR_GOOD or status < 400)
    if is_final or attempts > len(WAITS):
        return None
    return max(WAITS[attempts - 1], dt.timedelta(seconds=posted.wait or 0))


def _queue(webhook: Webhook, launch: Launch, run: str, text: str, now: dt.datetime) -> None:
    delivery = _new(webhook, launch, run, text, now)
    WebhookDelivery.objects.bulk_create([delivery], ignore_conflicts=True)
    told = WebhookDelivery.objects.filter(webhook=webhook, launch=launch, run=run)
    for pk in told.filter(state=DeliveryState.WAITING, attempts=0).values_list("pk", flat=True):
        deliver.enqueue(pk)


def _new(
    webhook: Webhook, launch: Launch | None, run: str, text: str, now: dt.datetime
) -> WebhookDelivery:
    return WebhookDelivery(
        webhook=webhook,
        launch=launch,
        run=run,
        text=text,
        state=DeliveryState.WAITING,
        due_at=now,
        created_at=now,
    )


def _goes_on(group: LaunchGroup, launch: Launch) -> bool:
    """Whether more of its parts are to be sent, or others of its jobs are not over."""
    if group.state in _GROUP_GOES_ON:
        return True
    others = _launches_of(group).exclude(pk=launch.pk)
    return others.filter(state="launched", job_is_over=False).exists()


def _launches_of(group: LaunchGroup) -> QuerySet[Launch]:
    tokens = group.parts.values("launch_token")
    return Launch.objects.filter(launch_token__in=tokens)


_ENDED = {
    "finished": "finished",
    "completed": "finished",
    "warning": "failed (warning)",
    "shutdown": "failed (shutdown)",
    "stopped": "was stopped",
}


def _text(webhook: Webhook, launch: Launch, ending: Ending) -> str:
    ended = _ENDED.get(ending.status, f"ended ({shorten(ending.status)})")
    rows = "of" if ending.rows is None else f"with {_counted(ending.rows, 'row')} from"
    counts = f" {rows} {_counted(launch.row_count, 'input')}"
    trial = _is_trial(launch)
    lines = [
        f"“{shorten(launch.title, _LONGEST_TITLE)}” {ended}{counts}.",
        f"{'A trial on the sandbox' if trial else 'Launched'} by {launch.user.get_username()}.",
        shorten(ending.error, _LONGEST_ERROR),
        _link(webhook, launch, reverse("job-detail", args=[launch.job_uid])),
    ]
    return _plain("\n".join(line for line in lines if line))


def _group_text(webhook: Webhook, group: LaunchGroup, launch: Launch) -> str:
    statuses = list(_launches_of(group).values_list("job_status", flat=True))
    good = sum(one in ("finished", "completed") for one in statuses)
    lines = [
        f"“{shorten(group.name, _LONGEST_TITLE)}” is over.",
        f"Of its {len(statuses)} launches {good} finished.",
        f"Split and launched by {launch.user.get_username()}.",
        _link(webhook, launch, reverse("launch-group", args=[group.pk])),
    ]
    return _plain("\n".join(lines))


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _is_trial(launch: Launch) -> bool:
    return launch.upstream == targets.SANDBOX and not settings.UPSTREAM_IS_SANDBOX


def _link(webhook: Webhook, launch: Launch, path: str) -> str:
    return f"{webhook.site}{'/trial' if _is_trial(launch) else ''}{path}"


def _plain(text: str) -> str:
    """Names are data: none of them calls everybody in the room, or is a link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
