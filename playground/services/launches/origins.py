"""What the payload of a form began with: a launch, something pasted, the workflow's own values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from django.db.models.functions import Length

from playground.contract import wire
from playground.contract.workflows import Workflow
from playground.models import Launch
from playground.payload.build import builder
from playground.payload.build.builder import Built
from playground.payload.drafts import Entry
from playground.payload.edit.reading import UnableToReadPayload, default_draft
from playground.payload.show.origins import Base
from playground.services import permissions
from playground.services.launches import kept_fields
from playground.services.permissions import Person

PASTED = "payload"
# Bytes of a payload that is compared with at each keystroke.
_MOST_BYTES = 200_000
_MOST_CACHED = 200
_own: dict[str, tuple[Workflow, Base]] = {}


def bases_of(
    user: Person,
    workflow: Workflow,
    *,
    launch: int | None = None,
    pasted: str = "",
    others: Iterable[Base] = (),
) -> tuple[Base, ...]:
    """The newest first. `launch` is the number of one, `pasted` the name under which `to_keep` is
    kept; what is not there any more is none."""
    begun = (*_pasted(user, pasted), *others, *_launched(user, launch))
    return (*begun, own_values(workflow))


def to_keep(built: Built) -> dict[str, Entry]:
    """The fields to be kept of what was pasted; none where it is too large."""
    if built.stored is not None or built.size > _MOST_BYTES:
        return {}
    return {PASTED: Entry(built.body.decode())}


def own_values(workflow: Workflow) -> Base:
    """What the form of the workflow has before anything is entered."""
    known = _own.get(workflow.uid)
    if known is None or known[0] is not workflow:
        if len(_own) >= _MOST_CACHED:
            _own.clear()
        value = builder.build_launch_request(workflow, default_draft(workflow)).value
        known = _own[workflow.uid] = (workflow, Base("the workflow's own", value))
    return known[1]


def _launched(user: Person, launch: int | None) -> Iterator[Base]:
    if launch is None or launch >= 2**63 or not permissions.can(user, "see launches"):
        return
    # A larger one is not even read.
    short = Launch.objects.annotate(size=Length("payload")).filter(size__lte=_MOST_BYTES)
    found = short.filter(pk=launch).values_list("payload", flat=True).first()
    if found is not None:
        yield from _base(f"from launch {launch}", bytes(found))


def _pasted(user: Person, name: str) -> Iterator[Base]:
    if not name:
        return
    try:
        kept = kept_fields.find(user, name)
    except UnableToReadPayload:
        return
    if PASTED in kept:
        yield from _base("as it was pasted", kept[PASTED].text.encode())


def _base(label: str, payload: bytes) -> Iterator[Base]:
    try:
        value: Any = wire.parse_json(payload)
    except (wire.WireError, msgspec.DecodeError):
        return
    if isinstance(value, dict):
        yield Base(label, value)
