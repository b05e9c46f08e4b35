"""Long values of a launch form: kept when a page shows them folded, found when it is posted."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
import zlib
from collections.abc import Mapping
from typing import TypeAlias

import msgspec

from playground.models import KeptFields
from playground.payload.drafts import Entry, Kind
from playground.payload.edit.reading import UnableToReadPayload
from playground.payload.texts import clean_text
from playground.services import permissions
from playground.services.permissions import Person

_Fields: TypeAlias = dict[str, tuple[str, Kind]]
KEPT_FOR = dt.timedelta(days=7)
# Of one person; older ones go first.
MOST_KEPT = 20
_GONE = (
    f"Long values of this form were kept for {KEPT_FOR.days} days and are gone. Nothing was sent. "
    "Open the workflow anew and paste the payload again."
)


def keep(user: Person, fields: Mapping[str, Entry], now: dt.datetime) -> str:
    """Keeps the fields and gives the name under which `find` finds them."""
    owner = permissions.as_user(user)
    text = msgspec.json.encode(
        {clean_text(name): (clean_text(one.text), one.kind) for name, one in fields.items()}
    )
    kept, is_new = KeptFields.objects.update_or_create(
        user=owner,
        digest=hashlib.sha256(text).hexdigest(),
        defaults={"kept_at": now},
        create_defaults={"kept_at": now, "fields": zlib.compress(text, 1)},
    )
    if is_new:
        _forget_old(owner.pk, now)
    return str(kept.uid)


def find(user: Person, name: str) -> dict[str, Entry]:
    """The fields that were kept for this person. Raises `UnableToReadPayload` if they are gone."""
    try:
        uid = uuid.UUID(name)
    except ValueError:
        raise UnableToReadPayload("$", _GONE) from None
    kept = KeptFields.objects.filter(user=permissions.as_user(user), uid=uid).first()
    if kept is None:
        raise UnableToReadPayload("$", _GONE)
    fields = msgspec.json.decode(zlib.decompress(bytes(kept.fields)), type=_Fields)
    return {name: Entry(text, kind) for name, (text, kind) in fields.items()}


def forget_old(now: dt.datetime) -> None:
    """Everybody's that no page referred to for long."""
    KeptFields.objects.filter(kept_at__lt=now - KEPT_FOR).delete()


def _forget_old(owner: int, now: dt.datetime) -> None:
    forget_old(now)
    newest = KeptFields.objects.filter(user=owner).order_by("-kept_at").values("pk")[:MOST_KEPT]
    KeptFields.objects.filter(user=owner).exclude(pk__in=[row["pk"] for row in newest]).delete()
