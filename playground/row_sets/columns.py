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
        self.inputs = tuple(workflow.inputs)
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

    def keys(self, names: Sequence[str]) -> tuple[str | None, ...]:
        """The key of each column. Of two that are one input, the first has it."""
        found: list[str | None] = []
        for name in names:
            key = self.find(name)
            found.append(None if key in found else key)
        return tuple(found)

    def is_header(self, cells: Sequence[str]) -> bool:
        """Whether these cells are names of columns, and no row: half of them name an input."""
        named = sum(self.find(cell) is not None for cell in cells)
        return 0 < sum(bool(cell.strip()) for cell in cells) <= 2 * named


def key_names(workflow: Workflow) -> tuple[str, ...]:
    """The keys that a column may stand for: each followed by its other names; then `meta`."""
    names = (name for key, one in workflow.inputs.items() for name in (key, *one.aliases))
    return tuple(dict.fromkeys((*names, META_KEY)))


def bare(name: str) -> str:
    """A name without what people write differently: case, blanks, signs and accents."""
    return _signs.sub("", fold(name))


def _unambiguous(names: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for name, key in names.items():
        found.setdefault(bare(name), set()).add(key)
    return {name: keys.pop() for name, keys in found.items() if name and len(keys) == 1}
