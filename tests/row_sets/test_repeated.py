"""What repeats is counted from what it was as it is counted from all rows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from playground.row_sets import repeated
from playground.row_sets.judging import DIGEST

# Few kinds, so that many repeat, and one whose bytes are found across two digests as well.
kinds = st.sampled_from([bytes(DIGEST), b"a" * DIGEST, b"b" * DIGEST, b"ab" * (DIGEST // 2)])
rows = st.builds(bytes.__add__, kinds, kinds)
some_rows = st.lists(rows, max_size=6)


@given(some_rows, some_rows, some_rows)
def test_of_few_changed_rows_the_repeats_are_counted_from_before(
    kept: list[bytes], before: list[bytes], after: list[bytes]
) -> None:
    gone, come = repeated.difference(b"".join(before), b"".join(after))
    known = repeated.count_repeats([*kept, *before])
    now = [*kept, *after]
    assert repeated.recount(known, now, gone, come) == repeated.count_repeats(now)
