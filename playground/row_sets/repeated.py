"""Which rows of a table are there more than once, from the digests of its chunks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from struct import iter_unpack
from typing import Literal, NamedTuple

from playground.row_sets.judging import DIGEST

RepeatKind = Literal["exact", "similar"]
_NOTHING = bytes(DIGEST)
_EXACT, _FOLDED = f"{DIGEST}s{DIGEST}x", f"{DIGEST}x{DIGEST}s"


class Repeats(NamedTuple):
    """Rows that give exactly what an earlier one gives, and further ones that differ from an
    earlier one only in capitals, blanks or the way characters are written."""

    exact: int
    similar: int


def count_repeats(digests: Iterable[bytes]) -> Repeats:
    """`digests` are those of each chunk in turn, as `Judged` has them."""
    exactly, folded = _columns(digests)
    unique = set(exactly)
    if _NOTHING not in unique:
        return Repeats(len(exactly) - len(unique), len(unique) - len(set(folded)))
    kept = [at for at, one in enumerate(exactly) if one != _NOTHING]
    different = len(unique) - 1
    alike = len({folded[at] for at in kept})
    return Repeats(len(kept) - different, different - alike)


def difference(before: bytes, after: bytes) -> tuple[list[bytes], list[bytes]]:
    """The digests of rows that are there no more, and of those that are new, both kinds of each."""
    rows = [Counter(_rows(one)) for one in (before, after)]
    gone, come = rows[0] - rows[1], rows[1] - rows[0]
    return list(gone.elements()), list(come.elements())


def recount(
    known: Repeats, digests: Iterable[bytes], gone: Sequence[bytes], come: Sequence[bytes]
) -> Repeats:
    """What `count_repeats` says of the digests, from what it said before a few rows changed."""
    whole = b"".join(digests)
    were, are = ([row for row in rows if row[:DIGEST] != _NOTHING] for rows in (gone, come))
    different = _more_kinds(whole, [row[:DIGEST] for row in were], [row[:DIGEST] for row in are])
    alike = _more_kinds(whole, [row[DIGEST:] for row in were], [row[DIGEST:] for row in are], 1)
    kept = len(are) - len(were)
    return Repeats(known.exact + kept - different, known.similar + different - alike)


def _more_kinds(whole: bytes, gone: list[bytes], come: list[bytes], column: int = 0) -> int:
    """How many more different digests there are in a column of them."""
    more = 0
    for digest in {*gone, *come}:
        now = _count(whole, digest, column)
        before = now + gone.count(digest) - come.count(digest)
        more += (now > 0) - (before > 0)
    return more


def _count(whole: bytes, digest: bytes, column: int) -> int:
    found, at = 0, whole.find(digest)
    while at >= 0:
        # What gives nothing has a digest of how it looks as well.
        is_row = at % (2 * DIGEST) == column * DIGEST
        found += is_row and not (column and whole.startswith(_NOTHING, at - DIGEST))
        at = whole.find(digest, at + 1)
    return found


def _rows(digests: bytes) -> list[bytes]:
    size = 2 * DIGEST
    return [digests[at : at + size] for at in range(0, len(digests), size)]


def find_groups(digests: Iterable[bytes], kind: RepeatKind) -> list[list[int]]:
    """The positions (from 0) of rows that are the same, at least two a group, in order."""
    whole = b"".join(digests)
    chosen = [one for (one,) in iter_unpack(_EXACT if kind == "exact" else _FOLDED, whole)]
    # What is not at the last place of its digest repeats: hardly any, and found at once.
    last = dict(zip(chosen, range(len(chosen)), strict=True))
    groups: dict[bytes, list[int]] = {}
    for position, at in enumerate(map(last.__getitem__, chosen)):
        if at != position:
            groups.setdefault(chosen[position], []).append(position)
    for digest, group in groups.items():
        group.append(last[digest])
    kept = ([at for at in group if not _gives_nothing(whole, at)] for group in groups.values())
    return [group for group in kept if len(group) > 1]


def _gives_nothing(whole: bytes, position: int) -> bool:
    return whole.startswith(_NOTHING, position * 2 * DIGEST)


def _columns(digests: Iterable[bytes]) -> tuple[list[bytes], list[bytes]]:
    """Of each row the exact digest, and the other."""
    whole = b"".join(digests)
    starts = range(0, len(whole), 2 * DIGEST)
    return (
        [whole[at : at + DIGEST] for at in starts],
        [whole[at + DIGEST : at + 2 * DIGEST] for at in starts],
    )
