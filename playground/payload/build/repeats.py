"""Which rows the upstream would take for the same: by the workflow's keys alone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import msgspec

from playground.contract.launches import META_KEY
from playground.contract.workflows import Workflow
from playground.payload import fingerprints
from playground.payload.texts import fold, fold_all

_encode_sorted = msgspec.json.Encoder(order="deterministic").encode
# Of each input key of a workflow its names, the key first.
KeyNames: TypeAlias = tuple[tuple[str, ...], ...]


def key_names(workflow: Workflow) -> KeyNames:
    return tuple(
        tuple(dict.fromkeys((key, *definition.aliases)))
        for key, definition in workflow.inputs.items()
    )


def primary_names(workflow: Workflow) -> KeyNames:
    """The same of the keys that tell one row from another; none where the workflow has no such."""
    return tuple(
        tuple(dict.fromkeys((key, *definition.aliases)))
        for key, definition in workflow.inputs.items()
        if definition.primary
    )


def values_of(row: Mapping[str, Any], names: KeyNames) -> list[Any]:
    """For each key what the row gives it: the first value under its names, or None."""
    found = []
    # Asked for every cell of a table: a generator costs twice as much.
    for some in names:
        for name in some:
            value = row.get(name)
            if value is not None and (type(value) is not str or value.strip()):
                found.append(value)
                break
        else:
            found.append(None)
    return found


def row_digest(row: Mapping[str, Any], names: KeyNames) -> bytes:
    """The same for rows that give the workflow the same: `meta` and unknown keys aside, and in
    texts case, blanks and how letters are composed. Without names of keys all but `meta` counts.

    16 bytes. Never raises on decoded JSON.
    """
    found = values_of(row, names)
    if names:
        return _digest(_folded(found))
    return _digest({key: _trimmed(value) for key, value in row.items() if key != META_KEY})


def both_digests(row: Mapping[str, Any], names: KeyNames) -> tuple[bytes, bytes]:
    """One that is the same for rows that give the workflow exactly the same, empty for a row
    without a value; and the row's `row_digest`. Never raises on decoded JSON."""
    found = values_of(row, names)
    folded = row_digest(row, names) if not names else _digest(_folded(found))
    return (b"" if all(value is None for value in found) else _digest(found)), folded


def all_digests(columns: Sequence[Sequence[Any]]) -> list[tuple[bytes, bytes]]:
    """What `both_digests` says of each row, of which `columns` have what it gives each key: at
    least one column, and None where it gives nothing."""
    rows = list(zip(*columns, strict=True))
    folded_rows = zip(*map(_folded_column, columns), strict=True)
    try:
        exact, folded = _texts_of(rows), _texts_of(list(folded_rows))
    except (OverflowError, UnicodeError, RecursionError, TypeError, ValueError):
        return [(_exact_digest(row, _text_of(row)), _digest(_folded(list(row)))) for row in rows]
    made = []
    for row, text, other in zip(rows, exact, folded, strict=True):
        digest = _exact_digest(row, text)
        made.append((digest, digest if text == other and digest else _hash(other)))
    return made


def _exact_digest(row: Sequence[Any], text: bytes) -> bytes:
    return _hash(text) if row.count(None) < len(row) else b""


def _texts_of(rows: Sequence[Any]) -> list[bytes]:
    """The text of each, encoded all at once."""
    together = msgspec.json.decode(_encode_sorted(rows), type=list[msgspec.Raw])
    return list(map(bytes, together))


def _folded_column(column: Sequence[Any]) -> Sequence[Any]:
    texts = [item for item in column if type(item) is str]
    folded = fold_all(texts, keeps_accents=True)
    if len(texts) == len(column):
        return folded
    each = iter(folded)
    return [next(each) if type(item) is str else item for item in column]


def find_groups(rows: Iterable[Mapping[str, Any]], names: KeyNames) -> list[list[int]]:
    """The indexes of rows that give the workflow exactly the same. None have no value at all."""
    groups: dict[bytes, list[int]] = {}
    for index, row in enumerate(rows):
        found = values_of(row, names)
        if any(value is not None for value in found):
            groups.setdefault(_text_of(found), []).append(index)
    return [group for group in groups.values() if len(group) > 1]


def find_similar(
    rows: Sequence[Mapping[str, Any]], digests: Sequence[bytes], names: KeyNames
) -> list[list[int]]:
    """The indexes of rows that are the same by their digests, and not exactly the same."""
    groups: dict[bytes, list[int]] = {}
    for index, digest in enumerate(digests):
        groups.setdefault(digest, []).append(index)
    repeated = (group for group in groups.values() if names and len(group) > 1)
    return [
        group
        for group in repeated
        if len({_text_of(values_of(rows[index], names)) for index in group}) > 1
    ]


def _folded(values: list[Any]) -> list[Any]:
    return [fold(item, keeps_accents=True) if type(item) is str else item for item in values]


def _digest(value: Any) -> bytes:
    return _hash(_text_of(value))


def _hash(text: bytes) -> bytes:
    return hashlib.blake2b(text, digest_size=16).digest()


def _trimmed(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _text_of(value: Any) -> bytes:
    try:
        return _encode_sorted(value)
    except (OverflowError, UnicodeError, RecursionError, TypeError, ValueError):
        return fingerprints.canonical_json(value)
