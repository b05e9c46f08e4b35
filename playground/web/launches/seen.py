"""What a form carries of the page that showed it, so that what was seen is what is sent.

Two hidden fields, each read as absent when it is nonsense:

- `workflow_seen`: the workflow as the form was made for it. What a form sends is made of its
  fields and of the workflow, so while the workflow is the same, the fields alone decide, and
  somebody who types and launches before the next preview came is asked nothing. When it is
  another one, in this process or in the one that the launch comes to, nothing is sent.
- `launches_seen`: the newest launch that the page could know of. Those made since are asked about.

The page carries them as it was drawn, the preview and the preflight bring a newer one of
the latter. Neither is trusted with more than what this form is asked about.
"""

from __future__ import annotations

import base64
import binascii
import zlib

import msgspec
from django.http import QueryDict

from playground.contract import wire
from playground.contract.workflows import Workflow
from playground.payload import fingerprints
from playground.payload.edit import carrying

WORKFLOW_SEEN = "workflow_seen"
LAUNCHES_SEEN = "launches_seen"
# An outline of more bytes is not read: that it is another one is known all the same.
_MOST_BYTES = 2_000_000
# With the workflow, so that no other one gets its identity meanwhile.
_fingerprints: dict[int, tuple[Workflow, str]] = {}
_MOST_KEPT = 8
_encode = msgspec.json.Encoder(order="deterministic").encode


def pack_workflow(workflow: Workflow) -> str:
    """The workflow's outline as a form carries it: its fingerprint, and itself."""
    outline = _encode(wire.to_builtins(carrying.outline_of(workflow)))
    packed = base64.urlsafe_b64encode(zlib.compress(outline, 6)).decode()
    return f"{fingerprints.of_bytes(outline)}.{packed}"


def is_same_workflow(text: str, workflow: Workflow) -> bool:
    """Whether the form was made for the workflow as it is; also when it does not say."""
    if not text:
        return True
    return text.partition(".")[0] == _fingerprint_of(workflow)


def _fingerprint_of(workflow: Workflow) -> str:
    """Asked for at every keystroke, of a workflow that is the same object until it is outdated."""
    kept = _fingerprints.get(id(workflow))
    if kept and kept[0] is workflow:
        return kept[1]
    outline = _encode(wire.to_builtins(carrying.outline_of(workflow)))
    if len(_fingerprints) >= _MOST_KEPT:
        _fingerprints.clear()
    _fingerprints[id(workflow)] = (workflow, fingerprints.of_bytes(outline))
    return fingerprints.of_bytes(outline)


def unpack_workflow(text: str) -> Workflow | None:
    """The outline that a form carries; None when it cannot be read."""
    try:
        packed = base64.urlsafe_b64decode(text.partition(".")[2].encode())
        outline = zlib.decompressobj().decompress(packed, _MOST_BYTES)
        return wire.from_builtins(Workflow, wire.parse_json(outline))
    except (binascii.Error, UnicodeEncodeError, zlib.error, wire.WireError, ValueError):
        return None


def newest_launch_seen(data: QueryDict) -> int | None:
    """The number of the newest launch that the page knew of, at any of its parts."""
    numbers = [int(one) for one in data.getlist(LAUNCHES_SEEN) if _is_number(one)]
    return max(numbers, default=None)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 18
