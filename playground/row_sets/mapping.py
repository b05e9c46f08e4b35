"""Which key of a workflow each column of a table is for: what is offered, and whether what a
person chose can be."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from playground.contract.folding import fold
from playground.contract.launches import META_KEY
from playground.payload.texts import shorten, without_hiding
from playground.payload.words import counted, cut_list, noun
from playground.row_sets.columns import ColumnNames, bare

# A key of the workflow, or `meta.<name>`; None for a column that is left out.
Target: TypeAlias = str | None
META = f"{META_KEY}."
LONGEST_META = 100
_MOST_NAMED = 5
_repeated = re.compile(r"(.+) \([0-9]+\)", re.DOTALL).fullmatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """Several columns that could each be `key`. The first of them has it."""

    key: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A target for each column, and the sentence that says by what, and what is left out."""

    mapping: tuple[Target, ...]
    clashes: tuple[Clash, ...] = ()
    sentence: str


def offer_mapping(
    columns: Sequence[str], known: ColumnNames, *, has_names: bool, takes_meta: bool = False
) -> Offer:
    """Columns with names go to the keys that they name, `meta.<name>` goes there; `meta` itself
    only of what is known to be inputs (`takes_meta`). Without names they are taken for the
    workflow's keys in their order."""
    if not has_names:
        return _offer_by_position(columns, known)
    named = [
        META_KEY if takes_meta and column == META_KEY else _find(_heading(column, columns), known)
        for column in columns
    ]
    mapping: list[Target] = [None] * len(columns)
    clashes = []
    for target in dict.fromkeys(name for name in named if name):
        of_target = [at for at, name in enumerate(named) if name == target]
        exact = [at for at in of_target if columns[at].strip() == target]
        first = (exact or of_target)[0]
        mapping[first] = target
        if len(of_target) > 1:
            several = (first, *(at for at in of_target if at != first))
            clashes.append(Clash(key=target, columns=tuple(columns[at] for at in several)))
    told = [_tell_named(mapping, len(columns)), *map(_tell_clash, clashes)]
    left_out = [
        column for column, name in zip(columns, named, strict=True) if name is None
    ]  # those of a clash are told with it
    if left_out:
        told.append(f"Left out, as no key has the name: {_quoted(left_out)}.")
    return Offer(mapping=tuple(mapping), clashes=tuple(clashes), sentence=" ".join(told))


def _offer_by_position(columns: Sequence[str], known: ColumnNames) -> Offer:
    keys = known.inputs[: len(columns)]
    mapping = (*keys, *[None] * (len(columns) - len(keys)))
    if not keys:
        told = "This workflow has no key of its own: every column is left out."
    else:
        told = (
            "The columns have no names, so they are taken for the workflow's keys in their order: "
            f"{_quoted(keys)}. Check that each is right."
        )
        if left_out := columns[len(keys) :]:
            told += f" Left out, as there is no further key: {_quoted(left_out)}."
    return Offer(mapping=mapping, sentence=told)


def check_mapping(
    mapping: Sequence[Target], columns: Sequence[str], keys: Iterable[str]
) -> tuple[str, ...]:
    """What is wrong with a mapping that a person chose, a sentence each; empty for a good one."""
    if len(mapping) != len(columns):
        told = f"The table has {counted(len(columns), 'column')}, and {len(mapping):,} are mapped"
        return (f"{told}: choose a key for each once more.",)
    allowed, problems = set(keys), []
    columns_of: dict[str, list[str]] = {}
    for target, column in zip(mapping, columns, strict=True):
        if target is None:
            continue
        columns_of.setdefault(target, []).append(column)
        if target not in allowed and (problem := _check_target(target)):
            problems.append(f"“{shorten(column)}”: {problem}")
    for target, several in columns_of.items():
        if len(several) > 1:
            problems.append(
                f"{_quoted(several)} are for “{shorten(target)}”, and only one column can be. "
                "Choose another key for the others, or leave them out."
            )
    if not columns_of:
        problems.append("No column has a key, so nothing would be sent. Choose one.")
    return tuple(problems)


def headers_digest(columns: Iterable[str]) -> str:
    """The same for the same names of columns, in whatever order and case they are written."""
    names = sorted(bare(column) or fold(column) for column in columns)
    joined = "".join(f"{len(name)}:{name}" for name in names)
    return hashlib.sha256(joined.encode()).hexdigest()


def _heading(column: str, columns: Sequence[str]) -> str:
    """What stands above the column: a second “email” of a table is called “email (2)”."""
    repeated = _repeated(column)
    return repeated[1] if repeated and repeated[1] in columns else column


def _find(column: str, known: ColumnNames) -> Target:
    if found := known.find(column):
        return None if found == META_KEY else found
    head, dot, name = column.strip().partition(".")
    if dot and bare(head) == META_KEY and not _check_target(f"{META}{name.strip()}"):
        return f"{META}{name.strip()}"
    return None


def _check_target(target: str) -> str:
    """Why this is no target; blank for a name in `meta` that can be."""
    if not target.startswith(META):
        return f"the workflow has no key “{shorten(target)}”. Choose one that it has."
    name = target.removeprefix(META)
    if not name.strip():
        return "write the name that it is to have in meta."
    if len(name) > LONGEST_META:
        return f"a name in meta may have at most {LONGEST_META} characters."
    if name != without_hiding(name):
        return "a name in meta has no blanks at its ends and no invisible characters."
    return ""


def _tell_named(mapping: Sequence[Target], count: int) -> str:
    taken = sum(target is not None for target in mapping)
    if not taken:
        return "No column has the name of a key: choose the keys by hand."
    verb = "was" if taken == 1 else "were"
    names = noun(taken, "its name", "their names")
    return f"{taken:,} of {counted(count, 'column')} {verb} taken by {names}."


def _tell_clash(clash: Clash) -> str:
    first, *others = clash.columns
    return (
        f"{_quoted(clash.columns)} could each be “{shorten(clash.key)}”: “{shorten(first)}” is, "
        f"{_quoted(others)} {'is' if len(others) == 1 else 'are'} left out."
    )


def _quoted(names: Sequence[str]) -> str:
    return cut_list([f"“{shorten(name)}”" for name in names], _MOST_NAMED)
