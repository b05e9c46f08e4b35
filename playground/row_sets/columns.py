"""Which input of a workflow a column is, by what it is called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from playground.contract.folding import fold
from playground.contract.launches import META_KEY
from playground.contract.workflows import Workflow

_signs = re.compile(r"[\W_]+")


class ColumnNames:
    """The names under which a workflow takes its inputs, and what they are called elsewhere.

    `find` takes a key or an alias as it stands; else what differs from one in case, blanks, signs,
    accents or the way letters are composed only. What could be two inputs is neither.
    """

    def __init__(self, workflow: Workflow, others: Iterable[str] = ()) -> None:
        names: dict[str, str] = {}
        for key, definition in workflow.inputs.items():
            for name in definition.aliases:
                names.setdefault(name, key)
        names |= {key: key for key in (*others, META_KEY, *workflow.inputs)}
        self._exact = names
        self._bare = _unambiguous(names)

    def find(self, name: str) -> str | None:
        """The input key of a column of this name; None for one that is not known."""
        return self._exact.get(name) or self._exact.get(name.strip()) or self._bare.get(bare(name))

    def header(self, cells: Sequence[str]) -> tuple[str | None, ...] | None:
        """The key of each column, if these cells are names of columns: None where they are not.

        They are when each that is not blank names an input, no two the same one.
        """
        keys = tuple(self.find(cell) for cell in cells)
        named = [key for key in keys if key is not None]
        is_header = len(named) == sum(bool(cell.strip()) for cell in cells)
        return keys if named and is_header and len(set(named)) == len(named) else None


def bare(name: str) -> str:
    """A name without what people write differently: case, blanks, signs and accents."""
    return _signs.sub("", fold(name))


def _unambiguous(names: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for name, key in names.items():
        found.setdefault(bare(name), set()).add(key)
    return {name: keys.pop() for name, keys in found.items() if name and len(keys) == 1}
