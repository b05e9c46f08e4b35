"""Two payloads compared: what differs in them by what it means."""

from __future__ import annotations

import msgspec

from playground.contract.workflows import Workflow
from playground.models import Launch
from playground.payload import diff
from playground.payload.build.repeats import KeyNames, primary_names
from playground.payload.diff import Diff, Side
from playground.services.upstream_cache.calls import UnableToReachUpstream
from playground.services.workflows import lookup as workflow_lookup

_EMPTY = Side(body={}, parts=lambda: iter(()))


def side_of_launch(launch: Launch) -> Side:
    """What was sent."""
    return side_of_bytes(bytes(launch.payload))


def side_of_bytes(payload: bytes) -> Side:
    try:
        return diff.side_of_payload(payload)
    except msgspec.DecodeError:
        return _EMPTY


def find_workflow(*uids: str) -> Workflow | None:
    """The workflow of both, whose keys pair their rows and whose steps have names. None for two
    workflows, and for one that cannot be looked up now: rows go by their position then."""
    uid = uids[0]
    if not uid or any(one != uid for one in uids):
        return None
    try:
        return workflow_lookup.get_known_workflow(uid)
    except UnableToReachUpstream:
        return None


def compare(left: Side, right: Side, workflow: Workflow | None) -> Diff:
    names: KeyNames = primary_names(workflow) if workflow else ()
    return diff.compare(left, right, names)
