"""Drafts: what a person has typed into a workflow's form stays, whatever tab or device it is in.

A form says which version of the draft it comes from. What another tab has saved since is told, and
overwritten only by somebody who says so.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from django.db.models.functions import Length

from playground.contract.workflows import Workflow
from playground.models import Draft
from playground.services import permissions
from playground.services.permissions import Person
from playground.services.presets import fields as form_fields
from playground.services.presets.fields import Fields

# Of one person; those that were saved longest ago go first.
MOST_DRAFTS = 100
MOST_BYTES = 20_000_000
_FIND = f"SELECT * FROM {Draft._meta.db_table} WHERE user_id = %s AND place = %s"  # noqa: S608, SLF001
NOT_KEPT = (
    "This form is too large to be kept as a draft: keep its rows as a table, or save it as a file."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What became of a form that was to be kept. `version` is that of the draft as it is now, and
    `at` when that was saved; if it `is_others`, nothing was saved. `left_out` are the names of
    fields that hold a secret."""

    version: int
    at: dt.datetime | None
    is_others: bool = False
    left_out: tuple[str, ...] = ()
    sentence: str = ""


def find(user: Person, workflow_uid: str) -> Draft | None:
    """The person's draft for the workflow, also one that is over."""
    permissions.require(user, "keep draft")
    place = form_fields.place_of(workflow_uid)
    # Each page of a form asks: building the query anew would take longer than the database does.
    found = Draft.objects.raw(_FIND, [permissions.as_user(user).pk, place])
    return next(iter(found), None)


def save(
    user: Person, workflow: Workflow, fields: Fields, version: int | None, now: dt.datetime
) -> Saved:
    """Keep the fields as the draft, unless it is another than the form knew, by its `version`:
    0 where it knew none. Without a version it takes the place of whatever there is."""
    kept, left_out = form_fields.without_secrets(fields)
    packed = form_fields.pack(kept)
    found = find(user, workflow.uid)
    if len(packed) > form_fields.MOST_BYTES:
        at = found.saved_at if found else None
        return Saved(version=version or 0, at=at, sentence=NOT_KEPT)
    if found is None:
        return _create(user, workflow, packed, now, left_out)
    if found.is_launched and version is not None and version < found.version:
        # A page that was typed into until it was launched may still ask when that was done.
        return Saved(version=version, at=found.over_at, is_others=True)
    if found.is_open and found.digest == form_fields.digest_of(packed):
        return Saved(version=found.version, at=found.saved_at, left_out=left_out)
    if found.is_open and version is not None and version != found.version:
        return Saved(version=version, at=found.saved_at, is_others=True)
    return _update(user, found, packed, now, left_out)


def put_aside(user: Person, workflow_uid: str, now: dt.datetime) -> None:
    """It is shown no more by itself; it can be brought back until there is another one."""
    found = find(user, workflow_uid)
    if found is not None and found.is_open:
        Draft.objects.filter(pk=found.pk).update(over_at=now, is_launched=False)


def end_launched(user: Person, workflow: Workflow, fields: Fields, now: dt.datetime) -> None:
    """What was launched is no draft any more: the launch has it."""
    own = Draft.objects.filter(
        user=permissions.as_user(user), place=form_fields.place_of(workflow.uid)
    )
    # Who launches waits for this: each transaction is a wait for the disk.
    with transaction.atomic():
        save(user, workflow, fields, None, now)
        own.update(over_at=now, is_launched=True, version=F("version") + 1)


def bring_back(user: Person, workflow_uid: str, now: dt.datetime) -> None:
    """What was put aside is the draft again."""
    found = find(user, workflow_uid)
    if found is not None and not found.is_open:
        Draft.objects.filter(pk=found.pk).update(
            over_at=None, is_launched=False, saved_at=now, version=F("version") + 1
        )


def forget_old(now: dt.datetime) -> None:
    """Everybody's that nobody has changed for long."""
    Draft.objects.filter(saved_at__lt=now - dt.timedelta(days=settings.DRAFT_DAYS)).delete()


def _create(
    user: Person, workflow: Workflow, packed: bytes, now: dt.datetime, left_out: tuple[str, ...]
) -> Saved:
    where = form_fields.kept_at(form_fields.place_of(workflow.uid), workflow.uid, workflow.name)
    draft = Draft(user=permissions.as_user(user), saved_at=now, **where)
    form_fields.put_into(draft, packed)
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError:
        # Another tab was first.
        other = find(user, workflow.uid)
        return Saved(version=0, at=other.saved_at if other else now, is_others=True)
    _forget_most(user)
    return Saved(version=draft.version, at=now, left_out=left_out)


def _update(
    user: Person, found: Draft, packed: bytes, now: dt.datetime, left_out: tuple[str, ...]
) -> Saved:
    """Unless another tab does so at this moment."""
    permissions.require(user, "keep draft", found)
    form_fields.put_into(found, packed)
    is_saved = Draft.objects.filter(pk=found.pk, version=found.version).update(
        fields=found.fields,
        digest=found.digest,
        version=found.version + 1,
        saved_at=now,
        over_at=None,
        is_launched=False,
    )
    if not is_saved:
        return Saved(version=found.version, at=now, is_others=True)
    return Saved(version=found.version + 1, at=now, left_out=left_out)


def _forget_most(user: Person) -> None:
    own = Draft.objects.filter(user=permissions.as_user(user)).order_by("-saved_at", "-pk")
    newest = list(own.values_list("pk", flat=True)[:MOST_DRAFTS])
    own.exclude(pk__in=newest).delete()
    total = own.aggregate(total=Sum(Length("fields")))["total"] or 0
    for pk, size in own.values_list("pk", Length("fields"))[::-1][:-1]:
        if total <= MOST_BYTES:
            return
        own.filter(pk=pk).delete()
        total -= size
