"""Payloads that were shared: each by an address that cannot be guessed, for a while."""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
import zlib
from collections.abc import Iterator

from django.db.models import QuerySet

from playground.contract.workflows import Workflow
from playground.models import SharedPayload
from playground.payload.build.builder import Built
from playground.services import permissions
from playground.services.ledger.column_text import storable
from playground.services.permissions import Person
from playground.services.presets import fields as form_fields
from playground.upstream import targets

DAYS = (1, 7, 30, 90)
USUAL_DAYS = 7
MOST_SHARED = 100
MOST_BYTES = 50_000_000
_ADDRESS_BYTES = 32
# What expired, or was revoked, is listed so long to who shared it.
_LISTED = dt.timedelta(days=7)
GONE = "Nothing is shared at this address, or not any more."


class NoSuchShare(Exception):
    """It expired, was revoked, or never was: one sentence for all of it."""


class UnableToShare(Exception):
    """Nothing was shared. `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def share(
    user: Person, workflow: Workflow, built: Built, token: uuid.UUID, days: int, now: dt.datetime
) -> SharedPayload:
    """The payload as it is, for teammates who get its address. The same form, sent twice, shares
    once. Raises `UnableToShare`."""
    permissions.require(user, "share payload", workflow.uid)
    earlier = SharedPayload.objects.filter(token=token, user=permissions.as_user(user)).first()
    if earlier is not None:
        return earlier
    _refuse(user, built, now)
    body = built.body
    name = built.value.get("job_name")
    return SharedPayload.objects.create(
        address=secrets.token_urlsafe(_ADDRESS_BYTES),
        token=token,
        user=permissions.as_user(user),
        upstream=targets.name(),
        workflow_uid=storable(workflow.uid),
        workflow_name=storable(workflow.name),
        title=storable(name if isinstance(name, str) and name.strip() else workflow.name)[:1_000],
        payload=zlib.compress(body, 6),
        fingerprint=built.fingerprint,
        row_count=built.row_count,
        size=len(body),
        created_at=now,
        expires_at=now + dt.timedelta(days=days if days in DAYS else USUAL_DAYS),
    )


def find(user: Person, address: str, now: dt.datetime) -> SharedPayload:
    """Raises `NoSuchShare`."""
    permissions.require(user, "see shared payload")
    found = _at(address).filter(expires_at__gt=now, revoked_at=None).first()
    if found is None or not permissions.can(user, "see shared payload", found):
        raise NoSuchShare(GONE)
    return found


def payload_of(shared: SharedPayload) -> bytes:
    return zlib.decompress(bytes(shared.payload))


def list_mine(user: Person) -> QuerySet[SharedPayload]:
    """What the person has shared, newest first."""
    permissions.require(user, "share payload")
    found = SharedPayload.objects.filter(user=permissions.as_user(user))
    return found.filter(upstream__in=targets.names()).defer("payload")


def revoke(user: Person, address: str, now: dt.datetime) -> None:
    """Nobody sees it any more. Raises `NoSuchShare`, also for what somebody else has shared."""
    found = _at(address).first()
    if found is None or not permissions.can(user, "revoke shared payload", found):
        raise NoSuchShare(GONE)
    SharedPayload.objects.filter(pk=found.pk, revoked_at=None).update(revoked_at=now, payload=b"")


def forget_old(now: dt.datetime) -> None:
    """Everybody's that is over."""
    SharedPayload.objects.filter(expires_at__lt=now).update(payload=b"")
    over = now - _LISTED
    SharedPayload.objects.filter(expires_at__lt=over).delete()
    SharedPayload.objects.filter(revoked_at__lt=over).delete()


def _at(address: str) -> QuerySet[SharedPayload]:
    return SharedPayload.objects.select_related("user").filter(
        address=storable(address, 64), upstream__in=targets.names()
    )


def _refuse(user: Person, built: Built, now: dt.datetime) -> None:
    if built.stored is not None and built.stored.problem:
        raise UnableToShare(f"Nothing was shared. {built.stored.problem}")
    if built.size > MOST_BYTES:
        raise UnableToShare(
            f"Nothing was shared: {built.size:,} bytes are more than a link may lead to "
            f"({MOST_BYTES:,}). Share the table of rows as a file."
        )
    without_rows = {key: value for key, value in built.value.items() if key != "inputs"}
    _, left_out = form_fields.without_secrets(tuple(_texts("$", without_rows)))
    if left_out:
        raise UnableToShare(
            f"Nothing was shared: {left_out[0][:80]} holds what looks like a key or a password. "
            "Take it out, then share it."
        )
    active = list_mine(user).filter(expires_at__gt=now, revoked_at=None).count()
    if active >= MOST_SHARED:
        raise UnableToShare(
            f"Nothing was shared: you have {MOST_SHARED} links that still lead somewhere. Revoke "
            "those that nobody needs."
        )


def _texts(path: str, value: object) -> Iterator[tuple[str, str]]:
    """Every text of a payload, at its place."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(f"{path}.{key}", item)
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from _texts(f"{path}[{at}]", item)
