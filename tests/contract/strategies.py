"""Made-up JSON for properties."""

from __future__ import annotations

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from tests.contract.samples import SAMPLES

# How long an example takes is the machine's business, not the property's.
unhurried = settings(deadline=None)
# What JSON can carry exactly, in our hands: text without halves of characters, finite numbers.
scalars = (
    st.none()
    | st.booleans()
    | st.integers(min_value=-(2**80), max_value=2**80)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
)
values: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
    max_leaves=12,
)
# Objects that come close to the contract's: its keys, and anything under them.
_keys = sorted({key for sample in SAMPLES for key in sample.raw})
objects = st.dictionaries(st.sampled_from([*_keys, "zz"]), values, max_size=8)
kinds = st.sampled_from([type(sample.value) for sample in SAMPLES])
# Bytes that look like JSON more often than chance would have it.
_marks = [bytes([mark]) for mark in b'{}[]",:-']
_words = [b"null", b"true", b"NaN", b"Infinity", b"1e", b"9" * 400, b'"message"', b'"error"']
_odd = [b"\\u", b"\\ud800", b"d83d", b"\xff", b"\xed\xa0\x80", b"\x00", b" ", "é".encode()]
scraps = st.lists(
    st.sampled_from([*_marks, *_words, *_odd]) | st.binary(max_size=6), max_size=30
).map(b"".join)
