"""Which result rows have a value: each filter asks something of the cells of one column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from playground.contract.folding import fold, fold_all

How: TypeAlias = Literal["is", "not", "has", "blank", "filled"]
HOWS: tuple[How, ...] = get_args(How)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What a cell of the column (its number) is to be; texts are compared as people do, without
    case and accents. `blank` is for no value, null and an empty text alike."""

    column: int
    how: How
    text: str = ""

    @property
    def needs_text(self) -> bool:
        return self.how not in ("blank", "filled")

    def fits(self, cells: Sequence[str]) -> list[bool]:
        """Of each cell whether it is like that."""
        if not self.needs_text:
            return [(not cell.strip()) == (self.how == "blank") for cell in cells]
        text = fold(self.text)
        folded = fold_all(cells)
        if self.how == "has":
            return [text in one for one in folded]
        return [(one == text) == (self.how == "is") for one in folded]


def fitting(filters: Sequence[Filter], columns: Sequence[Sequence[str]]) -> list[bool]:
    """Of each row whether it fits all: `columns` has the cells that each filter asks for."""
    answers = [one.fits(cells) for one, cells in zip(filters, columns, strict=True)]
    return [all(row) for row in zip(*answers, strict=True)]
