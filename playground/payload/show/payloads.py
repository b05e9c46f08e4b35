"""A payload in a bounded number of lines, also one whose rows are kept elsewhere."""

from __future__ import annotations

import msgspec

from playground.payload.build.builder import Built
from playground.payload.show.folding import Folded, fold_json
from playground.payload.show.lines import Line, Token, indent_of

_COMMA = Token("punctuation", ",")
_INPUTS = ("inputs",)


def fold_payload(built: Built) -> Folded:
    """Of stored rows the first stand there, and how many more there are."""
    stored = built.stored
    if stored is None:
        return fold_json(built.value, built.body.decode())
    shown = fold_json(built.value, msgspec.json.encode(built.value).decode())
    more = stored.count - len(stored.head)
    return Folded(_with_more(shown.lines, more), is_whole=False) if more > 0 else shown


def _with_more(lines: tuple[Line, ...], count: int) -> tuple[Line, ...]:
    """With a line for those that are not there, behind the rows that are."""
    end = next(
        at for at, one in enumerate(lines) if one.path == _INPUTS and one.bracket == "closes"
    )
    last = lines[end - 1]
    told = Line((indent_of(2), Token("fold", f"… {count:,} more")), _INPUTS)
    return (*lines[: end - 1], last._replace(tokens=(*last.tokens, _COMMA)), told, *lines[end:])
