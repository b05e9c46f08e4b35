"""Workflows, drafts and JSON values as nasty as people and machines make them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

NASTY = (
    "",
    " ",
    "null",
    "true",
    "NaN",
    "1e3",
    "+5",
    "5.0",
    "１２",
    "0x10",
    "9" * 400,
    "-0",
    "1e999",
    "O'Brien",
    "$(touch x) `id` $HOME ${x:-y}",
    "!! !echo wow!",
    "a\nb\r\nc\td",
    "PAYLOAD",
    "EOF\nPAYLOAD\n",
    "\\",
    "\\'\\\\'",
    '"quoted"',
    "\x00\x07\x1b[2J\x7f\x85",
    "\u202eabc\u2066\u2069\u200b",
    "\u2028\u2029",
    "👩‍👩‍👧 é 漢",
    "\ud800",
    "x\udfffy",
    "\ud83d\ude00",
    "{}",
    "[]",
    '{"a": [1, null]}',
    "[" * 300,
    "</script><b>&amp;",
)
nasty_text = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(exclude_categories=()), max_size=12),
    st.integers().map(str),
    st.floats().map(str),
)
clean_text = st.text(max_size=12) | st.sampled_from(
    [text for text in NASTY if not any("\ud800" <= char <= "\udfff" for char in text)]
)


def json_values(most_integer: int = 2**64) -> st.SearchStrategy[Any]:
    scalars = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-most_integer, most_integer),
        st.floats(allow_nan=False, allow_infinity=False),
        clean_text,
    )
    return st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(clean_text, inner, max_size=4),
        max_leaves=12,
    )
