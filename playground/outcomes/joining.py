"""A job's results and its inputs → the outcome of each input row.

A result is joined to its input by `meta`, else by the key that names an input, else by position.
What was not read is not known: it is counted as that, and never as nothing.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any, Literal, TypeAlias

import msgspec

from playground.contract.launches import META_KEY, MOST_INPUTS
from playground.contract.workflows import Input

OutcomeWord: TypeAlias = Literal["succeeded", "failed", "none", "unknown"]
JoinedBy: TypeAlias = Literal["meta", "primary_key", "position", ""]
Row: TypeAlias = Mapping[str, Any]
Names: TypeAlias = tuple[str, ...]

_STATUS, _ERROR = "status", "error_message"
_TOLD = frozenset({_STATUS, _ERROR, META_KEY})
# Inputs have one set of keys, or a few: a result is looked up by each of them.
_MOST_KEY_SETS = 20
# Results that are looked at for the keys that they come with.
_MOST_LOOKED_AT = 1_000
# Bytes that tell one text from any other that a job has.
_DIGEST = 16
_encode = msgspec.json.Encoder().encode
_NO_REASON = "The upstream gives no reason."
_NOTHING = "It gave no result, and the upstream tells of no error."
_NOT_WORKED_ON = "The job ended before it was worked on."
_NOT_TIED = "Some results could not be joined to any input: one of them may be of this row."
_RESULTS_MISSING = "Not all results could be read: one of the others may be of this row."
_FATE_MISSING = "No result was found for it, and whether it failed could not be read."
_INPUT_MISSING = "This input could not be read."


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What could be read of a job. `expected` are the inputs that it tells of.

    `keys` name an input, each with the other names that it may have: the workflow's primary keys,
    or all where it has none. Of the inputs from `told` on it could not be read how they fared.
    Both listings are gone through more than once, and never held.
    """

    inputs: Iterable[Row]
    results: Iterable[Row]
    keys: tuple[Names, ...]
    expected: int = 0
    told: int | None = None
    has_all_inputs: bool = True
    has_all_results: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RowOutcome:
    """What became of an input. `row` counts from 1; `results` are numbers of result rows, from 0.

    Not `is_sure` where a result was joined by position or by a key that was nearly the same, or
    is shared with equal rows; nor that there is none while some results are of no row.
    """

    row: int
    outcome: OutcomeWord
    joined_by: JoinedBy = ""
    is_sure: bool = True
    reason: str = ""
    results: tuple[int, ...] = ()

    @property
    def has_several(self) -> bool:
        return len(self.results) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The four outcomes add up to `inputs`, and the joined and the stray to the `results` that were
    read; rows with `several` results are among the others."""

    inputs: int
    succeeded: int
    failed: int
    none: int
    unknown: int
    several: int
    joined: int
    stray: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """The outcomes of the inputs that were read, in their order; `unread` others are unknown.
    `strays` are results that could not be joined to any input."""

    rows: tuple[RowOutcome, ...]
    strays: tuple[int, ...] = ()
    unread: int = 0

    @property
    def counts(self) -> Counts:
        found = Counter(one.outcome for one in self.rows)
        return Counts(
            inputs=len(self.rows) + self.unread,
            succeeded=found["succeeded"],
            failed=found["failed"],
            none=found["none"],
            unknown=found["unknown"] + self.unread,
            several=sum(one.has_several for one in self.rows),
            joined=sum(len(one.results) for one in self.rows),
            stray=len(self.strays),
        )

    def unread_rows(self) -> Iterable[RowOutcome]:
        """What is told of the inputs that were not read: of no more than a launch may have."""
        first = len(self.rows) + 1
        for row in range(first, first + min(self.unread, MOST_INPUTS)):
            yield RowOutcome(row=row, outcome="unknown", is_sure=False, reason=_INPUT_MISSING)


def keys_of(inputs: Mapping[str, Input]) -> tuple[Names, ...]:
    """The keys that name an input: the primary ones, or all if there is none."""
    primary = [key for key, one in inputs.items() if one.primary is True or one.primary == 1]
    return tuple((key, *inputs[key].aliases) for key in primary or inputs)


def join(given: Given) -> Outcomes:
    """Never raises, whatever the rows hold."""
    joiner = _Joiner(given)
    joiner.place_all()
    joiner.deal_all()
    joiner.join_by_position()
    return joiner.outcomes()


@dataclass(slots=True)
class _Group:
    """Inputs that a result may be of, and the results that were found for them, in order."""

    inputs: Sequence[int]
    results: list[int] = field(default_factory=list)


class _Finder:
    """Inputs by what they have in common, and where several have that, by all of their own values.

    `owns` are these, for each input. There may be many inputs: of what they have, digests are kept,
    and a group is made where a result asks for it.
    """

    def __init__(self, by: JoinedBy, owns: Sequence[bytes]) -> None:
        self.by = by
        self._owns = owns
        self._numbers: dict[bytes, int | list[int]] = {}
        self._groups: dict[bytes | int, _Group] = {}
        self._exact: dict[bytes, dict[bytes, _Group]] = {}

    @property
    def has_found(self) -> bool:
        return bool(self._groups) or bool(self._exact)

    def groups(self) -> list[_Group]:
        """Those with results: what fits one row only comes before what fits several."""
        exact = (one for some in self._exact.values() for one in some.values())
        found = [one for one in chain(self._groups.values(), exact) if one.results]
        return sorted(found, key=lambda one: (len(one.inputs), one.inputs[0]))

    def add(self, sign: Hashable, number: int) -> None:
        if sign is None:
            return
        digest = _digest(sign)
        known = self._numbers.setdefault(digest, number)
        if isinstance(known, list):
            known.append(number)
        elif known != number:
            self._numbers[digest] = [known, number]

    def find(self, sign: Hashable, owns: Callable[[], Iterable[Hashable]]) -> _Group | None:
        if sign is None:
            return None
        digest = _digest(sign)
        numbers = self._numbers.get(digest)
        if numbers is None:
            return None
        if isinstance(numbers, int):
            return self._groups.setdefault(numbers, _Group((numbers,)))
        exact = self._exact.get(digest)
        if exact is None:
            exact = self._exact[digest] = self._by_owns(numbers)
        told = (exact.get(_digest(own)) for own in owns())
        return next(filter(None, told), None) or self._groups.setdefault(digest, _Group(numbers))

    def _by_owns(self, numbers: Sequence[int]) -> dict[bytes, _Group]:
        found: dict[bytes, list[int]] = {}
        for number in numbers:
            found.setdefault(self._owns[number], []).append(number)
        return {own: _Group(some) for own, some in found.items()}


class _Joiner:
    def __init__(self, given: Given) -> None:
        self._given = given
        self._keys = _returned(given)
        self._owns: list[bytes] = []
        self._meta, self._key = _Finder("meta", self._owns), _Finder("primary_key", self._owns)
        self._near = _Finder("primary_key", self._owns)
        self._meta_names: dict[Names, None] = {}
        self._own_names: dict[Names, None] = {}
        # Why it failed, of each input that did; and those that were not worked on.
        self._reasons: dict[int, str] = {}
        self._pending: set[int] = set()
        # Results with a `meta` or a key that no input has, and those with neither.
        self._foreign: dict[int, JoinedBy] = {}
        self._loose: list[int] = []
        self._strays: list[int] = []
        self._is_untied = False
        for number, row in enumerate(given.inputs):
            self._add(number, row)
        count = len(self._owns)
        self._found: list[list[int]] = [[] for _ in range(count)]
        self._by: list[JoinedBy] = [""] * count
        self._sure = [True] * count

    def _add(self, number: int, row: Row) -> None:
        if row.get(_STATUS) == "failed":
            said = row.get(_ERROR)
            self._reasons[number] = said if isinstance(said, str) and said else _NO_REASON
        elif row.get(_STATUS) == "pending":
            self._pending.add(number)
        names = tuple(sorted(name for name in row if name not in _TOLD))
        if len(self._own_names) < _MOST_KEY_SETS:
            self._own_names.setdefault(names)
        self._owns.append(_digest(_values(row, names)))
        meta = row.get(META_KEY)
        if isinstance(meta, dict) and meta:
            if len(self._meta_names) < _MOST_KEY_SETS:
                self._meta_names.setdefault(tuple(sorted(meta)))
            self._meta.add(_values(meta, tuple(sorted(meta))), number)
        sign = _key_sign(row, self._keys)
        self._key.add(sign, number)
        self._near.add(_folded(sign), number)

    def place_all(self) -> None:
        for number, row in enumerate(self._given.results):
            self._place(number, row)
        # A way that joined not a single result says nothing of the others.
        used = {one.by for one in (self._meta, self._key, self._near) if one.has_found}
        for number, by in self._foreign.items():
            (self._strays if by in used else self._loose).append(number)
        self._loose.sort()

    def _place(self, number: int, row: Row) -> None:
        def owns() -> Iterable[Hashable]:
            return (_values(row, names) for names in self._own_names if set(names) <= set(row))

        for sign in self._meta_signs(row):
            if group := self._meta.find(sign, owns):
                group.results.append(number)
                return
        key = _key_sign(row, self._keys)
        if (group := self._key.find(key, owns)) or (group := self._near.find(_folded(key), owns)):
            group.results.append(number)
        elif key is not None:
            self._foreign[number] = "primary_key"
        elif isinstance(row.get(META_KEY), dict) and row[META_KEY]:
            self._foreign[number] = "meta"
        else:
            self._loose.append(number)

    def _meta_signs(self, row: Row) -> Iterable[Hashable]:
        """`meta` whole, or each of its keys a column."""
        meta = row.get(META_KEY)
        if isinstance(meta, dict) and meta:
            yield _values(meta, tuple(sorted(meta)))
        for names in self._meta_names:
            if all(name in row for name in names):
                yield _values(row, names)

    def deal_all(self) -> None:
        for finder in (self._meta, self._key, self._near):
            for group in finder.groups():
                self._deal(group, finder)

    def _deal(self, group: _Group, finder: _Finder) -> None:
        """Equal rows share their results in order; a failed one gets some only if all failed."""
        live = [number for number in group.inputs if number not in self._reasons] or group.inputs
        live = [number for number in live if not self._found[number]] or live
        is_sure = len(live) == 1 and finder is not self._near
        for number, results in zip(live, _shares(group.results, len(live)), strict=True):
            if results:
                self._give(number, results, finder.by, is_sure=is_sure)

    def _give(self, number: int, results: Sequence[int], by: JoinedBy, *, is_sure: bool) -> None:
        self._found[number].extend(results)
        self._sure[number] = is_sure and self._sure[number]
        self._by[number] = self._by[number] or by

    def join_by_position(self) -> None:
        """Only where as many rows wait for results as there are results, or all for as many."""
        given, loose = self._given, self._loose
        waiting = [
            number
            for number, found in enumerate(self._found)
            if not found and number not in self._reasons
        ]
        is_whole = given.has_all_results and given.has_all_inputs
        fits = bool(loose) and bool(waiting) and len(loose) % len(waiting) == 0
        is_alone = not any(self._found)
        if not (fits and is_whole and (is_alone or len(loose) == len(waiting))):
            self._is_untied = bool(loose)
            self._strays += loose
            return
        for number, results in zip(waiting, _shares(loose, len(waiting)), strict=True):
            self._give(number, results, "position", is_sure=False)

    def outcomes(self) -> Outcomes:
        count = len(self._owns)
        unread = 0 if self._given.has_all_inputs else max(0, self._given.expected - count)
        return Outcomes(
            rows=tuple(map(self._outcome, range(count))),
            strays=tuple(sorted(self._strays)),
            unread=unread,
        )

    def _outcome(self, number: int) -> RowOutcome:
        results = tuple(sorted(self._found[number]))
        outcome: OutcomeWord = "succeeded"
        reason, is_sure = "", self._sure[number]
        if number in self._reasons:
            outcome, reason = "failed", self._reasons[number]
        elif not results:
            outcome, reason = self._nothing(number)
            is_sure = outcome == "none" and not self._strays
        return RowOutcome(
            row=number + 1,
            outcome=outcome,
            joined_by=self._by[number],
            is_sure=is_sure,
            reason=reason,
            results=results,
        )

    def _nothing(self, number: int) -> tuple[OutcomeWord, str]:
        """No result was found for it, and no failure is told."""
        if self._given.told is not None and number >= self._given.told:
            return "unknown", _FATE_MISSING
        if not self._given.has_all_results:
            return "unknown", _RESULTS_MISSING
        if self._is_untied:
            return "unknown", _NOT_TIED
        return "none", _NOT_WORKED_ON if number in self._pending else _NOTHING


def _returned(given: Given) -> tuple[Names, ...]:
    """The keys that results come with: an input cannot be found again by the others."""
    missing = dict.fromkeys(given.keys)
    for row in islice(given.results, _MOST_LOOKED_AT):
        for names in [names for names in missing if any(_text(row.get(name)) for name in names)]:
            del missing[names]
        if not missing:
            break
    return tuple(names for names in given.keys if names not in missing)


def _shares(numbers: Sequence[int], count: int) -> list[Sequence[int]]:
    """In `count` parts, of which the first may have one more."""
    each, more = divmod(len(numbers), count)
    ends = [each * at + min(at, more) for at in range(count + 1)]
    return [numbers[ends[at] : ends[at + 1]] for at in range(count)]


def _key_sign(row: Row, keys: Sequence[Names]) -> tuple[str, ...] | None:
    """The values that name the row; None where none of them is there."""
    found = tuple(
        next((text for name in names if (text := _text(row.get(name)))), "") for names in keys
    )
    return found if any(found) else None


def _folded(sign: tuple[str, ...] | None) -> Hashable:
    """The same for values that mean the same: case, blanks, and how an address is written."""
    if sign is None:
        return None
    return tuple(map(_fold, sign))


def _fold(text: str) -> str:
    folded = " ".join(text.casefold().split())
    for beginning in ("https://", "http://", "www."):
        folded = folded.removeprefix(beginning)
    return folded.rstrip("/")


def _values(row: Row, names: Names) -> Hashable:
    return names, tuple(_text(row.get(name)) for name in names)


def _digest(sign: Hashable) -> bytes:
    return hashlib.blake2b(_encode(sign), digest_size=_DIGEST).digest()


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else msgspec.json.encode(value, order="sorted").decode()
