"""What can be compared, by the names that addresses have for it: `launch:12`, `defaults:<uid>`."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from playground.models import Draft, Launch
from playground.models.presets import KeptForm
from playground.payload import diff
from playground.payload.diff import Side
from playground.payload.edit import reading
from playground.services import permissions
from playground.services.launches import compare, preview
from playground.services.ledger import launches as launch_ledger
from playground.services.presets import drafts, presets, snapshots
from playground.services.presets import fields as kept_fields
from playground.services.workflows import lookup as workflow_lookup
from playground.web.launches import form_fields

LONGEST_NUMBER = 18


class NoSuchSource(Exception):
    """There is nothing of this name, or it is not for this person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One of the two that are compared. `name` is how addresses call it, `kind` what it is, and
    `address` where it is found."""

    name: str
    kind: str
    title: str
    address: str
    workflow_uid: str
    fingerprint: str
    side: Side
    by: str = ""
    at: dt.datetime | None = None


def find(request: HttpRequest, name: str) -> Source:
    """Raises `NoSuchSource`."""
    kind, _, key = name.partition(":")
    read = _READERS.get(kind)
    if read is None or not key or "\x00" in key:
        raise NoSuchSource(name)
    return read(request, key)


def name_of_launch(launch: Launch) -> str:
    return f"launch:{launch.pk}"


def number_in(key: str) -> int:
    """A row's number. Raises `NoSuchSource`."""
    if not (key.isascii() and key.isdecimal() and len(key) <= LONGEST_NUMBER):
        raise NoSuchSource(key)
    return int(key)


def _launch(request: HttpRequest, key: str) -> Source:
    try:
        launch = launch_ledger.get_launch(request.user, number_in(key), now=timezone.now())
    except launch_ledger.UnableToFindLaunch as error:
        raise NoSuchSource(key) from error
    return of_launch(launch)


def of_launch(launch: Launch) -> Source:
    return Source(
        name=name_of_launch(launch),
        kind=f"Launch {launch.pk}",
        title=launch.title,
        address=reverse("launch-detail", args=[launch.pk]),
        workflow_uid=launch.workflow_uid,
        fingerprint=launch.fingerprint,
        side=compare.side_of_launch(launch),
        by=launch.user.get_username(),
        at=launch.created_at,
    )


def _defaults(request: HttpRequest, key: str) -> Source:
    """What the form of a workflow begins with."""
    permissions.require(request.user, "preview", key)
    workflow = workflow_lookup.get_known_workflow(key)
    built = preview.build(workflow, reading.default_draft(workflow))
    return Source(
        name=f"defaults:{workflow.uid}",
        kind="Defaults",
        title=workflow.name,
        address=reverse("launch-new", args=[workflow.uid]),
        workflow_uid=workflow.uid,
        fingerprint=built.fingerprint,
        side=diff.side_of_built(built),
    )


def _draft(request: HttpRequest, key: str) -> Source:
    """The person's own."""
    own = drafts.find(request.user, key)
    if own is None or not own.is_open:
        raise NoSuchSource(key)
    return _kept(request, own, f"draft:{key}", "Your draft", own.workflow_name)


def _preset(request: HttpRequest, key: str) -> Source:
    try:
        preset = presets.find(request.user, number_in(key))
    except presets.NoSuchPreset as error:
        raise NoSuchSource(key) from error
    source = _kept(request, preset, f"preset:{preset.pk}", "Preset", preset.name)
    address = reverse("preset-detail", args=[preset.pk])
    by = preset.user.get_username()
    return dataclasses.replace(source, address=address, by=by, at=preset.changed_at)


def _shared(request: HttpRequest, key: str) -> Source:
    try:
        shared = snapshots.find(request.user, key, timezone.now())
    except snapshots.NoSuchShare as error:
        raise NoSuchSource(key) from error
    return Source(
        name=f"shared:{shared.address}",
        kind="Shared",
        title=shared.title,
        address=reverse("shared-detail", args=[shared.address]),
        workflow_uid=shared.workflow_uid,
        fingerprint=shared.fingerprint,
        side=compare.side_of_bytes(snapshots.payload_of(shared)),
        by=shared.user.get_username(),
        at=shared.created_at,
    )


def _kept(request: HttpRequest, form: KeptForm, name: str, kind: str, title: str) -> Source:
    """What the fields of a form make of the workflow as it is now."""
    workflow = workflow_lookup.get_known_workflow(form.workflow_uid)
    fields = kept_fields.fields_of(form)
    draft = form_fields.form_of(workflow, fields, request.user).to_draft()
    built = preview.build(workflow, draft)
    return Source(
        name=name,
        kind=kind,
        title=title,
        address=reverse("launch-new", args=[workflow.uid]),
        workflow_uid=workflow.uid,
        fingerprint=built.fingerprint,
        side=diff.side_of_built(built),
        at=form.saved_at if isinstance(form, Draft) else None,
    )


_READERS: Mapping[str, Callable[[HttpRequest, str], Source]] = {
    "launch": _launch,
    "defaults": _defaults,
    "draft": _draft,
    "preset": _preset,
    "shared": _shared,
}
