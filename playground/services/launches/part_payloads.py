"""What a part of a group of launches sends: some rows of a form, or an earlier launch once more."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from playground.contract import wire
from playground.contract.workflows import Workflow
from playground.models import Launch, LaunchGroup, LaunchPart
from playground.payload import fingerprints
from playground.payload.build.builder import Built
from playground.payload.stored_rows import StoredRows


@dataclass(frozen=True, kw_only=True)
class RecordedPayload(Built):
    """A payload that was sent before, byte by byte as it was then."""

    launch: Launch

    def body_parts(self) -> Iterator[bytes]:
        yield bytes(self.launch.payload)

    @property
    def row_count(self) -> int:
        return self.launch.row_count


def pack_workflows(workflows: Mapping[str, Workflow]) -> bytes:
    """What a group of relaunches has as its workflow: all, by the UIDs of the launches."""
    return zlib.compress(wire.encode(dict(workflows)), 6)


def payload_of(group: LaunchGroup, part: LaunchPart, count: int) -> tuple[Workflow, Built]:
    """The workflow and the payload of one of `count` parts."""
    packed = wire.parse_json(zlib.decompress(bytes(group.workflow)))
    if part.relaunch_of_id is None:
        return wire.from_builtins(Workflow, packed), _of_rows(group, part, count)
    launch = Launch.objects.get(pk=part.relaunch_of_id)
    return wire.from_builtins(Workflow, packed[launch.workflow_uid]), recorded(launch)


def recorded(launch: Launch) -> RecordedPayload:
    """Raises `WireError` for what is no JSON."""
    value = wire.parse_json(bytes(launch.payload))
    return RecordedPayload(value=value, issues=(), rows=(), steps=(), launch=launch)


def _of_rows(group: LaunchGroup, part: LaunchPart, count: int) -> Built:
    """The payload of the group with the rows of the part, and with its number in the name."""
    inputs = zlib.decompress(bytes(part.inputs))
    value: dict[str, Any] = msgspec.json.decode(bytes(group.request))
    name = f"{group.name} ({part.number} of {count})"
    rows = StoredRows(
        identity=str(part.launch_token),
        name=group.name,
        place_word="row",
        count=part.rows,
        size=len(inputs),
        head=(),
        parts=lambda: iter((inputs,)),
        canonical_parts=lambda: iter((fingerprints.canonical_text(inputs),)),
        digests=list,
    )
    named = {"job_name": name, **{key: item for key, item in value.items() if key != "job_name"}}
    return Built(value=named, issues=(), rows=(), steps=(), stored=rows)
