"""The webhooks of a person and of the team: making, listing, removing them; what they sign with."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q, QuerySet

from playground.models import Webhook, WebhookDelivery
from playground.services import permissions
from playground.services.permissions import Person
from playground.services.webhooks import addresses
from playground.services.webhooks.addresses import UnusableAddress

# Of one person, and of the team.
MOST = 20
MOST_SHOWN = 10


class UnableToFindWebhook(Exception):
    """There is none of this number, or it is somebody else's."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A webhook with what it was told last, newest first."""

    webhook: Webhook
    deliveries: Sequence[WebhookDelivery]

    @property
    def shown(self) -> str:
        return addresses.shown(self.webhook.address)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody asks for: `site` is where they reach the playground."""

    address: str
    is_team: bool
    site: str


def list_all(user: Person) -> tuple[Kept, ...]:
    """The person's own, and the team's."""
    permissions.require(user, "keep webhook")
    return tuple(Kept(one, _told_last(one)) for one in _of(user).select_related("user"))


def find(user: Person, pk: int) -> Webhook:
    """Raises `UnableToFindWebhook`."""
    permissions.require(user, "keep webhook")
    found = _of(user).filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise UnableToFindWebhook(f"There is no webhook {pk}.")
    permissions.require(user, "keep webhook", found)
    return found


def make(user: Person, wanted: Wanted, now: dt.datetime) -> Webhook:
    """Raises `UnusableAddress`. The same address once more is the one that is there."""
    permissions.require(user, "keep webhook")
    address = wanted.address.strip()
    addresses.check(address)
    owner = permissions.as_user(user)
    same = Webhook.objects.filter(address=address, is_team=wanted.is_team)
    there = same.first() if wanted.is_team else same.filter(user=owner).first()
    if there is not None:
        return there
    kept = Webhook.objects.filter(is_team=True) if wanted.is_team else _own(user)
    if kept.count() >= MOST:
        raise UnusableAddress(f"There are {MOST} already: remove one that is not needed any more.")
    return Webhook.objects.create(
        user=owner,
        is_team=wanted.is_team,
        address=address,
        salt=secrets.token_hex(16),
        site=wanted.site,
        created_at=now,
    )


def secret_of(webhook: Webhook) -> str:
    """What it signs with: made anew each time, so that no copy of the database holds it."""
    told = f"{webhook.pk} {webhook.salt}".encode()
    key = str(settings.SECRET_KEY).encode(errors="replace")
    return hmac.new(key, b"playground webhook\0" + told, hashlib.sha256).hexdigest()


def renew_secret(webhook: Webhook) -> str:
    """Another one from now on, also for what still waits."""
    webhook.salt = secrets.token_hex(16)
    webhook.save(update_fields=["salt"])
    return secret_of(webhook)


def sign(webhook: Webhook, timestamp: int, body: bytes) -> str:
    """HMAC-SHA256 over the time in seconds, a full stop, and the body."""
    signed = f"{timestamp}.".encode() + body
    return hmac.new(secret_of(webhook).encode(), signed, hashlib.sha256).hexdigest()


def is_any() -> bool:
    """Whether anybody is to be told anything."""
    return Webhook.objects.exists()


def told_of(launch_user_id: int) -> QuerySet[Webhook]:
    """Those that are told of this person's launches."""
    return Webhook.objects.filter(Q(is_team=True) | Q(user_id=launch_user_id))


def _told_last(webhook: Webhook) -> Sequence[WebhookDelivery]:
    found = webhook.deliveries.select_related("launch").defer("launch__payload")
    return list(found[:MOST_SHOWN])


def _own(user: Person) -> QuerySet[Webhook]:
    return Webhook.objects.filter(user=permissions.as_user(user), is_team=False)


def _of(user: Person) -> QuerySet[Webhook]:
    return Webhook.objects.filter(Q(is_team=True) | Q(user=permissions.as_user(user)))
