"""Rows of a table and whose its columns are → the inputs that are sent, and what is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from playground.contract.launches import META_KEY
from playground.contract.workflows import Workflow
from playground.payload import fingerprints
from playground.payload.build import mapping, repeats
from playground.payload.build.mapping import KeyRule
from playground.payload.build.patterns import PatternCheck
from playground.payload.build.values import read_json
from playground.payload.stored_rows import RowFinding
from playground.payload.texts import bare_text, show_ends
from playground.row_sets.chunks import StoredCell, StoredRow, split_objects

META_PREFIX = f"{META_KEY}."
DIGEST = 16
# Problems that a person is to look at; what could not be checked is told once.
NEEDS_ATTENTION = frozenset(
    {"required", "regex-mismatch", "alias-conflict", "wrong-type", "no-value"}
)
# The order in which they are told.
_CODES = ("required", "wrong-type", "no-value", "alias-conflict", "regex-mismatch")
_UNCHECKED = "regex-unchecked"


class Problem(NamedTuple):
    """Row `row` (from 0) of its chunk, at `place` of the source, has `code` with `key`."""

    row: int
    key: str
    code: str
    place: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """`inputs` are JSON objects with commas between them, keys in RFC 8785's order. `digests` are
    two of `DIGEST` bytes a row: of what it gives exactly (zeros for nothing), then but for
    capitals, blanks and how characters are written. All values of `is_plain` inputs are texts, so
    that their bytes are canonical."""

    inputs: bytes
    problems: tuple[Problem, ...]
    digests: bytes
    is_plain: bool

    @property
    def attention(self) -> int:
        """How many rows need attention."""
        return len({one.row for one in self.problems if one.code in NEEDS_ATTENTION})


class RowJudge:
    """Judges rows whose columns mean what `targets` says: an input key, `meta.` and a name, or
    None for a column that is left out."""

    def __init__(
        self, workflow: Workflow, targets: Sequence[str | None], *, keeps_blank: bool = False
    ) -> None:
        """What is blank is left out, unless it `keeps_blank`: then a blank text is a value."""
        self._keeps_blank = keeps_blank
        self._rules = mapping.rules_of(workflow)
        self._names = repeats.key_names(workflow)
        self._patterned = tuple(rule for rule in self._rules.rules if rule.patterns)
        used = [(at, target) for at, target in enumerate(targets, start=1) if target]
        self._plain = [(at, key) for at, key in used if not key.startswith(META_PREFIX)]
        self._meta = [
            (at, key.removeprefix(META_PREFIX)) for at, key in used if key.startswith(META_PREFIX)
        ]
        # In the order of their columns; of those that are one key the last has it.
        self._keys = tuple(key for _, key in self._plain)
        self._may_conflict = any(
            len(set(rule.names).intersection(self._keys)) > 1 for rule in self._rules.rules
        )
        self._check = PatternCheck()

    def judge(self, rows: Sequence[StoredRow]) -> Judged:
        # What took too long for the rows of one chunk is tried anew for those of the next.
        self._check = PatternCheck()
        values = self._inputs_of(rows)
        given = [self._given(rule, values) for rule in self._rules.rules]
        places = [row[0] for row in rows]
        problems = [
            Problem(at, key, code, places[at]) for at, key, code in self._problems_of(values, given)
        ]
        for rule in self._patterned:
            for name in rule.names:
                if name in self._keys:
                    problems += self._misfits(rule, name, values, places)
        # Row by row, and of each in the order in which they are told.
        problems.sort(key=lambda one: one.row)
        return Judged(
            inputs=fingerprints.sorted_json(values)[1:-1],
            problems=tuple(problems),
            digests=self._digests_of(values, given),
            is_plain=self._is_plain(rows, values),
        )

    def _inputs_of(self, rows: Sequence[StoredRow]) -> list[dict[str, Any]]:
        """The `input_of` each row. Most are of texts alone, which takes a fraction of the time."""
        if not self._plain or self._meta or META_KEY in self._keys:
            return list(map(self.input_of, rows))
        keys, columns = self._keys, [[row[at] for row in rows] for at, _ in self._plain]
        odd: set[int] = set()
        for column in columns:
            if set(map(type, column)) != _TEXTS or not all(column) or any(map(str.isspace, column)):
                odd.update(at for at, cell in enumerate(column) if not _is_full(cell))
        made = [dict(zip(keys, cells, strict=True)) for cells in zip(*columns, strict=True)]
        for at in odd:
            made[at] = self.input_of(rows[at])
        return made

    def _given(self, rule: KeyRule, values: Sequence[dict[str, Any]]) -> Sequence[Any]:
        """What each row gives a key: the first value under its names, or None."""
        found: Sequence[Any] = ()
        for name in rule.names:
            if name in self._keys:
                items = [value.get(name) for value in values]
                # Blank texts are no part of an input, unless they are kept.
                if self._keeps_blank or not set(map(type, items)) <= _TEXTS_OR_NOTHING:
                    items = [item if mapping.has_value(item) else None for item in items]
                found = _first_of(found, items) if found else items
        return found or [None] * len(values)

    def _digests_of(
        self, values: Sequence[dict[str, Any]], given: Sequence[Sequence[Any]]
    ) -> bytes:
        if not values:
            return b""
        if given:
            both = repeats.all_digests(given)
        else:
            both = [repeats.both_digests(value, self._names) for value in values]
        return b"".join([exactly.ljust(DIGEST, b"\0") + folded for exactly, folded in both])

    def _is_plain(self, rows: Sequence[StoredRow], values: Sequence[dict[str, Any]]) -> bool:
        """Whether all values are texts."""
        cells = set().union(*(map(type, [row[at] for row in rows]) for at, _ in self._plain))
        if cells <= _TEXTS_OR_NOTHING and META_KEY not in self._keys:
            return not self._meta or not any(META_KEY in value for value in values)
        return all(map(_is_plain, values))

    def input_of(self, row: StoredRow) -> dict[str, Any]:
        """The input that a row stands for."""
        value: dict[str, Any] = {}
        for at, key in self._plain:
            cell = row[at]
            if type(cell) is str:
                if self._keeps_blank or (cell and not cell.isspace()):
                    value[key] = cell
            elif cell is not None:
                value[key] = read_json(cell["json"]).value
        if isinstance(value.get(META_KEY), str):
            value[META_KEY] = read_json(value[META_KEY]).value
        meta = {name: _cell_value(row[at]) for at, name in self._meta}
        meta = {name: item for name, item in meta.items() if self._is_there(item)}
        if meta:
            of_column = value.get(META_KEY)
            value[META_KEY] = {**of_column, **meta} if isinstance(of_column, dict) else meta
        return value

    def _is_there(self, item: Any) -> bool:
        return item is not None if self._keeps_blank else mapping.has_value(item)

    def explain(self, row: StoredRow, problem: Problem) -> str:
        """A sentence about one cell, or about a cell that is missing."""
        rule = next((one for one in self._rules.rules if problem.key in one.names), None)
        if problem.code == "required":
            return f"{problem.key} is needed."
        if problem.code == "wrong-type":
            return f"{META_KEY} has to be a JSON object."
        if problem.code == "no-value":
            return "This row has no value for any key of the workflow."
        if problem.code == "alias-conflict":
            return f"{problem.key} has another value under another name. Keep one."
        text = self.input_of(row).get(problem.key)
        told = f"“{show_ends(text)}” does not look" if isinstance(text, str) else "Does not look"
        told += f" like a value for {problem.key}."
        if isinstance(text, str) and rule and _fits_when_trimmed(rule, text):
            return f"{told} Trim the blanks around it."
        return f"{told} Expected: {rule.help}" if rule and rule.help else told

    def _problems_of(
        self, values: Sequence[dict[str, Any]], given: Sequence[Sequence[Any]]
    ) -> Iterable[tuple[int, str, str]]:
        """Row, key and code; those of a row in the order in which they are told."""
        if not all(values):
            yield from ((at, "", "no-value") for at, value in enumerate(values) if not value)
        for rule, column in zip(self._rules.rules, given, strict=True):
            if rule.is_required and None in column:
                yield from (
                    (at, rule.key, "required") for at, item in enumerate(column) if item is None
                )
        if META_KEY in self._keys:
            for at, value in enumerate(values):
                if META_KEY in value and not isinstance(value[META_KEY], dict):
                    yield at, META_KEY, "wrong-type"
        if self._may_conflict:
            for at, value in enumerate(values):
                for _, second in mapping.conflicting_names(self._rules, value):
                    yield at, second, "alias-conflict"

    def _misfits(
        self, rule: KeyRule, name: str, values: Sequence[dict[str, Any]], places: Sequence[int]
    ) -> Iterable[Problem]:
        texts = [
            (at, text) for at, value in enumerate(values) if type(text := value.get(name)) is str
        ]
        verdicts = self._check.judge_all(rule.patterns, [text for _, text in texts])
        if verdicts.count("fits") == len(verdicts):
            return
        for (at, _), verdict in zip(texts, verdicts, strict=True):
            if verdict != "fits":
                code = "regex-mismatch" if verdict == "misfit" else _UNCHECKED
                yield Problem(at, name, code, places[at])


_TEXTS, _TEXTS_OR_NOTHING = {str}, {str, type(None)}


def _is_full(cell: StoredCell) -> bool:
    return type(cell) is str and bool(cell) and not cell.isspace()


def _first_of(first: Sequence[Any], second: Sequence[Any]) -> list[Any]:
    pairs = zip(first, second, strict=True)
    return [other if item is None else item for item, other in pairs]


def judge_anew(
    judge: RowJudge, rows: Sequence[StoredRow], known: Judged, places: Sequence[int | None]
) -> Judged:
    """What `judge` says of the rows, of which each that has a place is that row (from 0) of those
    that are `known`: only the others are judged."""
    # Putting together what is known takes a third of the time that judging takes.
    if not known.is_plain or places.count(None) > len(places) // 2:
        return judge.judge(rows)
    fresh = judge.judge([row for row, place in zip(rows, places, strict=True) if place is None])
    found = (_by_row(known), _by_row(fresh))
    inputs, digests, problems = [], bytearray(), []
    next_fresh = 0
    for index, place in enumerate(places):
        is_fresh = place is None
        at = next_fresh if place is None else place
        next_fresh += is_fresh
        of_inputs, of_digests, of_problems = found[is_fresh]
        inputs.append(of_inputs[at])
        digests += of_digests[at * 2 * DIGEST : (at + 1) * 2 * DIGEST]
        problems += [one._replace(row=index) for one in of_problems.get(at, ())]
    return Judged(
        inputs=b",".join(inputs),
        problems=tuple(problems),
        digests=bytes(digests),
        is_plain=fresh.is_plain,
    )


def _by_row(judged: Judged) -> tuple[list[bytes], bytes, dict[int, list[Problem]]]:
    of_row: dict[int, list[Problem]] = {}
    for problem in judged.problems:
        of_row.setdefault(problem.row, []).append(problem)
    return split_objects(judged.inputs), judged.digests, of_row


class FindingCounter:
    """Counts the problems of chunk after chunk."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()
        self._places: dict[tuple[str, str], int] = {}

    def add(self, problems: Iterable[Problem]) -> None:
        for _, key, code, place in problems:
            self._counts[code, key] += 1
            self._places.setdefault((code, key), place)

    def findings(self) -> tuple[RowFinding, ...]:
        order = {code: at for at, code in enumerate((*_CODES, _UNCHECKED))}
        kinds = sorted(self._counts, key=lambda kind: (order[kind[0]], -self._counts[kind]))
        return tuple(
            RowFinding(
                code=code, key=key, count=self._counts[code, key], place=self._places[code, key]
            )
            for code, key in kinds
        )


def _fits_when_trimmed(rule: KeyRule, text: str) -> bool:
    bare = bare_text(text)
    return bare != text and PatternCheck().judge(rule.patterns, bare) == "fits"


def _is_plain(value: Mapping[str, Any]) -> bool:
    return all(type(item) is str for item in value.values())


def _cell_value(cell: Any) -> Any:
    return read_json(cell["json"]).value if isinstance(cell, dict) else cell
