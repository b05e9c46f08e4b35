"""Two payloads compared by what they mean, not by lines.

Keys are compared by name, steps by their UID, accounts as a set that has an order, rows by the
workflow's primary key, else equal ones with each other and the others by their position. Values are
the same that RFC 8785 writes the same: `1` and `1.0` are one number. So two payloads without a
difference have one fingerprint, and the other way round.

Rows are read piece by piece, and of each only digests are kept: how many there are does not matter.
"""

from __future__ import annotations

import hashlib
from array import array
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from playground.payload import fingerprints
from playground.payload.build.builder import Built
from playground.payload.build.repeats import KeyNames, values_of
from playground.payload.paths import Path

Kind = Literal["added", "removed", "changed", "moved"]
INPUTS, STEPS, ACCOUNTS, STEP_UID = "inputs", "steps", "accounts", "step_uid"
JOB_NAME: Path = ("job_name",)
_NOWHERE = -1
_DIGEST = 16
# Bytes of a row's key that are kept as they are.
_LONGEST_KEY = 64
_MOST_EXACT = 2**53 - 1
_encode_sorted = msgspec.json.Encoder(order="deterministic").encode
# Objects within each other that are compared key by key; what is deeper is compared as a whole.
_DEEPEST = 8


class _Absent:
    """There is no value: `null` is one."""

    def __bool__(self) -> bool:
        return False


ABSENT = _Absent()


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One payload. `body` is all of it but the rows; `parts` gives these, each part JSON values
    with commas between them."""

    body: Mapping[str, Any]
    parts: Callable[[], Iterator[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference, at its `path`: of what is gone in the left payload, else in the right one.

    What was moved has both orders: UIDs of steps or accounts.
    """

    path: Path
    kind: Kind
    before: Any = ABSENT
    after: Any = ABSENT

    @property
    def turned(self) -> Change:
        """The same from the other side, but for the path of what stands elsewhere there."""
        turned: dict[Kind, Kind] = {"added": "removed", "removed": "added"}
        kind = turned.get(self.kind, self.kind)
        return Change(path=self.path, kind=kind, before=self.after, after=self.before)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsDiff:
    """How the rows differ. `by` is the key that pairs them, empty where equal rows are paired, and
    the others by their position.

    `before` and `after` have the positions of each row that differs, in the right payload's order:
    -1 where it is missing. `pairs` has for each right row the left one that it is, or -1.
    """

    by: str
    before: Sequence[int]
    after: Sequence[int]
    pairs: Sequence[int]
    counts: tuple[int, int]
    is_moved: bool

    def __len__(self) -> int:
        return len(self.before)

    @property
    def added(self) -> int:
        return sum(one == _NOWHERE for one in self.before)

    @property
    def removed(self) -> int:
        return sum(one == _NOWHERE for one in self.after)

    @property
    def changed(self) -> int:
        return len(self) - self.added - self.removed

    @property
    def same(self) -> int:
        """Rows that are in both, and alike."""
        return self.counts[1] - self.added - self.changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """All but the rows differs in `changes`."""

    changes: tuple[Change, ...]
    rows: RowsDiff

    @property
    def are_rows_same(self) -> bool:
        return not len(self.rows) and not self.rows.is_moved

    @property
    def is_same(self) -> bool:
        return not self.changes and self.are_rows_same

    @property
    def is_same_but_name(self) -> bool:
        """They differ in the job name, and in nothing else."""
        return self.are_rows_same and [one.path for one in self.changes] == [JOB_NAME]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowDiff:
    """A row that differs: its position on each side, from 0, and its values there."""

    before_at: int | None
    after_at: int | None
    before: Any
    after: Any

    @property
    def changes(self) -> tuple[Change, ...]:
        """Key by key, where it is in both."""
        if self.before_at is None or self.after_at is None:
            return ()
        return tuple(_compare(self.before, self.after, (INPUTS, self.after_at)))


def side_of_payload(payload: bytes) -> Side:
    """Raises `msgspec.DecodeError` for what is no JSON object."""
    members = msgspec.json.decode(payload, type=dict[str, msgspec.Raw])
    inputs = bytes(members.get(INPUTS, b"")).strip()
    has_rows = inputs.startswith(b"[")
    body = {
        key: msgspec.json.decode(raw)
        for key, raw in members.items()
        if key != INPUTS or not has_rows
    }
    rows = inputs[1:-1] if has_rows else b""
    return Side(body=body, parts=lambda: iter((rows,)))


def side_of_built(built: Built) -> Side:
    body = {key: value for key, value in built.value.items() if key != INPUTS}
    if built.stored is not None:
        return Side(body=body, parts=built.stored.parts)
    rows = msgspec.json.encode(built.value[INPUTS])[1:-1]
    return Side(body=body, parts=lambda: iter((rows,)))


def compare(left: Side, right: Side, names: KeyNames = ()) -> Diff:
    """`names` are those of the workflow's primary keys, by which rows are paired."""
    return Diff(
        changes=tuple(_compare_bodies(left.body, right.body)),
        rows=_compare_rows(_index(left, names), _index(right, names), names),
    )


def read_rows(left: Side, right: Side, rows: RowsDiff, places: range) -> tuple[RowDiff, ...]:
    """The rows that differ at these places of the list of them, with their values."""
    pairs = [(rows.before[at], rows.after[at]) for at in places if at < len(rows)]
    before = _rows_at(left, {one for one, _ in pairs})
    after = _rows_at(right, {other for _, other in pairs})
    return tuple(
        RowDiff(
            before_at=None if one == _NOWHERE else one,
            after_at=None if other == _NOWHERE else other,
            before=before.get(one, ABSENT),
            after=after.get(other, ABSENT),
        )
        for one, other in pairs
    )


def lines_of_rows(left: Side, right: Side, rows: RowsDiff) -> Iterator[bytes]:
    """Every row that differs as one line of JSON, its values as they are written."""
    before, after = list(_raws(left)), list(_raws(right))
    for one, other in zip(rows.before, rows.after, strict=True):
        line: dict[str, Any] = {"kind": "changed"}
        if one == _NOWHERE or other == _NOWHERE:
            line["kind"] = "added" if one == _NOWHERE else "removed"
        if one != _NOWHERE:
            line |= {"before_row": one + 1, "before": before[one]}
        if other != _NOWHERE:
            line |= {"after_row": other + 1, "after": after[other]}
        yield msgspec.json.encode(line) + b"\n"


def is_same(one: Any, other: Any) -> bool:
    """Whether both JSON values are the same by RFC 8785."""
    if type(one) is str and type(other) is str:
        return one == other
    return fingerprints.canonical_json(one) == fingerprints.canonical_json(other)


def _compare_bodies(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for key in dict.fromkeys((*before, *after)):
        one, other = before.get(key, ABSENT), after.get(key, ABSENT)
        if key == STEPS and isinstance(one, list) and isinstance(other, list):
            yield from _compare_steps(one, other)
        else:
            yield from _compare(one, other, (key,))


def _compare_steps(before: list[Any], after: list[Any]) -> Iterator[Change]:
    pairs, gone = _pair(list(map(_name_of, before)), list(map(_name_of, after)))
    yield from (Change(path=(STEPS, at), kind="removed", before=before[at]) for at in gone)
    for at, other in enumerate(after):
        if pairs[at] == _NOWHERE:
            yield Change(path=(STEPS, at), kind="added", after=other)
        else:
            yield from _compare_step(before[pairs[at]], other, (STEPS, at))
    stayed = [one for one in pairs if one != _NOWHERE]
    if stayed != sorted(stayed):
        uids = [list(map(_uid_of, steps)) for steps in (before, after)]
        yield Change(path=(STEPS,), kind="moved", before=uids[0], after=uids[1])


def _compare_step(before: Any, after: Any, path: Path) -> Iterator[Change]:
    if not isinstance(before, dict) or not isinstance(after, dict):
        yield from _compare(before, after, path)
        return
    for key in dict.fromkeys((*before, *after)):
        one, other = before.get(key, ABSENT), after.get(key, ABSENT)
        if key == ACCOUNTS and _are_texts(one) and _are_texts(other):
            yield from _compare_accounts(one, other, (*path, key))
        else:
            yield from _compare(one, other, (*path, key))


def _compare_accounts(before: list[str], after: list[str], path: Path) -> Iterator[Change]:
    pairs, gone = _pair([one.encode() for one in before], [one.encode() for one in after])
    yield from (Change(path=(*path, at), kind="removed", before=before[at]) for at in gone)
    for at, uid in enumerate(after):
        if pairs[at] == _NOWHERE:
            yield Change(path=(*path, at), kind="added", after=uid)
    stayed = [one for one in pairs if one != _NOWHERE]
    if stayed != sorted(stayed):
        yield Change(path=path, kind="moved", before=before, after=after)


def _compare(before: Any, after: Any, path: Path, depth: int = 0) -> Iterator[Change]:
    """Any two values; objects key by key."""
    if before is ABSENT or after is ABSENT:
        kind: Kind = "added" if before is ABSENT else "removed"
        yield Change(path=path, kind=kind, before=before, after=after)
    elif isinstance(before, dict) and isinstance(after, dict) and depth < _DEEPEST:
        for key in dict.fromkeys((*before, *after)):
            one, other = before.get(key, ABSENT), after.get(key, ABSENT)
            yield from _compare(one, other, (*path, key), depth + 1)
    elif not is_same(before, after):
        yield Change(path=path, kind="changed", before=before, after=after)


def _pair(before: Sequence[bytes], after: Sequence[bytes]) -> tuple[array[int], list[int]]:
    """For each of `after` the place of the one in `before` that has its name, the first with the
    first where it is repeated; and the places of those that have none."""
    places: dict[bytes, int] = {}
    repeated: dict[bytes, list[int]] = defaultdict(list)
    for at, name in enumerate(before):
        if places.setdefault(name, at) != at:
            repeated[name].append(at)
    left = {name: iter(more) for name, more in repeated.items()}
    pairs = array("q", [_NOWHERE]) * len(after)
    for at, name in enumerate(after):
        found = places.get(name)
        if found is None:
            continue
        pairs[at] = found
        more = left.get(name)
        following = next(more, None) if more else None
        if following is None:
            del places[name]
        else:
            places[name] = following
    gone = set(range(len(before))).difference(pairs)
    return pairs, sorted(gone)


def _pair_by_place(before: Sequence[bytes], after: Sequence[bytes]) -> tuple[array[int], list[int]]:
    """The same for what has no names: what is in both is paired with itself, the others with those
    in their place, if as many are left over, and else with none but those."""
    pairs, gone = _pair(before, after)
    new = [at for at, one in enumerate(pairs) if one == _NOWHERE]
    if len(gone) == len(new):
        for at, one in zip(new, gone, strict=True):
            pairs[at] = one
        return pairs, []
    free = set(gone)
    for at in new:
        if at in free:
            pairs[at] = at
            free.remove(at)
    return pairs, sorted(free)


def _name_of(step: Any) -> bytes:
    """Steps are told apart by their UID; what is none is told apart by nothing."""
    uid = _uid_of(step)
    return fingerprints.canonical_json(uid) if isinstance(uid, str) else b""


def _uid_of(step: Any) -> Any:
    return step.get(STEP_UID) if isinstance(step, dict) else None


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


@dataclass(frozen=True, slots=True)
class _Index:
    """Of each row a digest of all of it, and one of its key where rows are paired by one."""

    rows: list[bytes]
    keys: list[bytes]


def _index(side: Side, names: KeyNames) -> _Index:
    rows, keys = [], []
    for raw in _raws(side):
        row = msgspec.json.decode(raw)
        rows.append(_digest(_text_of(row)))
        if names:
            text = _text_of(values_of(row, names) if isinstance(row, dict) else [])
            keys.append(text if len(text) <= _LONGEST_KEY else _digest(text))
    return _Index(rows, keys)


def _text_of(value: Any) -> bytes:
    """The same for the same value, and for no other. It is not quite its RFC 8785 form: that takes
    longer to write."""
    return _encode_sorted(value if _is_plain(value) else _with_numbers(value))


def _with_numbers(value: Any) -> Any:
    """With each number as what RFC 8785 takes it for: a whole one, or a double."""
    kind = type(value)
    if kind is float:
        return int(value) if value.is_integer() and abs(value) <= _MOST_EXACT else value
    if kind is int:
        if -_MOST_EXACT <= value <= _MOST_EXACT:
            return value
        try:
            return float(value)
        except OverflowError:
            return str(value)
    if kind is dict:
        return {key: _with_numbers(item) for key, item in value.items()}
    return [_with_numbers(item) for item in value] if kind is list else value


def _is_plain(value: Any) -> bool:
    """Whether its numbers, if any, are whole and small. Most rows have no others."""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return True
    if kind is int:
        return bool(-_MOST_EXACT <= value <= _MOST_EXACT)
    if kind is dict:
        value = value.values()
    elif kind is not list:
        return False
    # Most values are texts: none of those costs a call.
    return all(type(one) is str or _is_plain(one) for one in value)


def _compare_rows(left: _Index, right: _Index, names: KeyNames) -> RowsDiff:
    if names:
        pairs, gone = _pair(left.keys, right.keys)
    else:
        pairs, gone = _pair_by_place(left.rows, right.rows)
    before, after = array("q"), array("q")
    for at, one in enumerate(pairs):
        if one == _NOWHERE or left.rows[one] != right.rows[at]:
            before.append(one)
            after.append(at)
    before.extend(gone)
    after.extend([_NOWHERE] * len(gone))
    return RowsDiff(
        by=", ".join(some[0] for some in names),
        before=before,
        after=after,
        pairs=pairs,
        counts=(len(left.rows), len(right.rows)),
        is_moved=_is_moved(pairs),
    )


def _is_moved(pairs: Sequence[int]) -> bool:
    last = _NOWHERE
    for one in pairs:
        if one != _NOWHERE:
            if one < last:
                return True
            last = one
    return False


def _rows_at(side: Side, places: Collection[int]) -> dict[int, Any]:
    wanted = set(places) - {_NOWHERE}
    if not wanted:
        return {}
    found, last = {}, max(wanted)
    for at, raw in enumerate(_raws(side)):
        if at in wanted:
            found[at] = msgspec.json.decode(raw)
        if at >= last:
            break
    return found


def _raws(side: Side) -> Iterator[msgspec.Raw]:
    for part in side.parts():
        if part:
            yield from msgspec.json.decode(b"[" + part + b"]", type=list[msgspec.Raw])


def _digest(text: bytes) -> bytes:
    return hashlib.blake2b(text, digest_size=_DIGEST).digest()
