"""The payload of rows that are kept on the server: its bytes, its fingerprint, what is wrong."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

import msgspec

from playground.contract.workflows import Workflow
from playground.payload import fingerprints
from playground.payload.build import mapping
from playground.payload.build.findings import Findings
from playground.payload.build.rows import add_unknown
from playground.payload.drafts import RowDraft
from playground.payload.issues import Severity
from playground.payload.stored_rows import StoredRows
from playground.payload.texts import shorten
from playground.payload.words import counted

_INPUTS = "inputs"
_MOST_STATES = 32
_SEVERITIES: Mapping[str, Severity] = {
    "required": "error",
    "wrong-type": "error",
    "regex-mismatch": "warning",
    "alias-conflict": "warning",
    "no-value": "warning",
    "regex-unchecked": "hint",
}
_TOLD: Mapping[str, tuple[str, str]] = {
    "required": ("lacks a value for {key}", "lack a value for {key}"),
    "wrong-type": ("has a {key} that is no JSON object", "have a {key} that is no JSON object"),
    "regex-mismatch": (
        "has a {key} that does not look as it should, and may fail",
        "have a {key} that does not look as it should, and may fail",
    ),
    "alias-conflict": (
        "has another value for {key} under another name",
        "have another value for {key} under another name",
    ),
    "no-value": (
        "has no value for any key of this workflow",
        "have no value for any key of this workflow",
    ),
    "regex-unchecked": (
        "has a {key} that was not checked: its pattern takes too long",
        "have a {key} that was not checked: its pattern takes too long",
    ),
}


class _Hash(Protocol):
    def update(self, data: bytes, /) -> None: ...
    def copy(self) -> _Hash: ...
    def hexdigest(self) -> str: ...


def add_findings(stored: StoredRows, findings: Findings) -> None:
    """What was found in the rows when they were checked, one issue a problem."""
    if not stored.count:
        message = stored.problem or f"{shorten(stored.name)} has no rows."
        findings.add("error", "no-rows", path=(_INPUTS,), message=message)
    if stored.outdated:
        findings.add("warning", "rows-outdated", path=(_INPUTS,), message=stored.outdated)
    for found in stored.findings:
        one, several = _TOLD[found.code]
        told = (one if found.count == 1 else several).format(key=shorten(found.key))
        where = f"{stored.place_word} {found.place:,} of {shorten(stored.name)}"
        message = f"{counted(found.count, 'row')} {told}: {where}"
        message += "." if found.count == 1 else " is the first."
        findings.add(
            _SEVERITIES[found.code], found.code, path=(_INPUTS,), message=message, subject=found.key
        )


def note_unknown(stored: StoredRows, workflow: Workflow, findings: Findings) -> None:
    """Keys of the table that the workflow does not have, each once."""
    rules = mapping.rules_of(workflow)
    for key in stored.keys:
        if key not in rules.known:
            add_unknown(findings, rules, key, path=(_INPUTS,))


def refuse_others(stored: StoredRows, rows: Iterable[RowDraft], findings: Findings) -> None:
    """Rows that were typed beside the stored ones would be lost without a word."""
    count = sum(not row.is_left_out for row in rows)
    if count:
        findings.add(
            "error",
            "rows-twice",
            path=(_INPUTS,),
            message=f"{counted(count, 'row')} typed in fields would not be sent: "
            f"{shorten(stored.name)} stands for the inputs. Take one of the two out.",
        )


def body_parts(value: Mapping[str, Any], stored: StoredRows) -> Iterator[bytes]:
    """The compact JSON of a payload, piece by piece, with the stored rows as its inputs."""
    for at, (key, item) in enumerate(value.items()):
        yield (b"," if at else b"{") + msgspec.json.encode(key) + b":"
        if key != _INPUTS:
            yield msgspec.json.encode(item)
            continue
        yield b"["
        yield from _joined(stored.parts())
        yield b"]"
    yield b"}"


def body_size(value: Mapping[str, Any], stored: StoredRows) -> int:
    """How many bytes `body_parts` gives."""
    return len(msgspec.json.encode({**value, _INPUTS: []})) + stored.size


def fingerprint(value: Mapping[str, Any], stored: StoredRows) -> str:
    """The fingerprint of the payload, as `fingerprints.fingerprint` makes it of the whole value."""
    keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
    split = keys.index(_INPUTS)
    before = b"".join(_member(key, value[key]) + b"," for key in keys[:split])
    after = b"".join(b"," + _member(key, value[key]) for key in keys[split + 1 :])
    state = _hash_to_inputs(b"{" + before, stored).copy()
    state.update(b"]" + after + b"}")
    return state.hexdigest()[: fingerprints.FINGERPRINT_LENGTH]


# What comes before and in the inputs stays the same while somebody types into other fields.
_states: OrderedDict[tuple[str, bytes], _Hash] = OrderedDict()


def _hash_to_inputs(before: bytes, stored: StoredRows) -> _Hash:
    known = _states.get((stored.identity, before))
    if known is None:
        known = hashlib.sha256(before + b'"inputs":[')
        for part in _joined(stored.canonical_parts()):
            known.update(part)
        _states[(stored.identity, before)] = known
        while len(_states) > _MOST_STATES:
            _states.popitem(last=False)
    return known


def _joined(parts: Iterator[bytes]) -> Iterator[bytes]:
    for at, part in enumerate(filter(None, parts)):
        yield b"," + part if at else part


def _member(key: str, item: Any) -> bytes:
    return msgspec.json.encode(key) + b":" + fingerprints.canonical_json(item)
