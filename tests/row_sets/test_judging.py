"""What is said of many rows at once is what would be said of each by itself."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.payload.build import repeats
from playground.row_sets.judging import DIGEST, Judged, RowJudge, judge_anew
from tests.payload.strategies import clean_text
from tests.services.row_sets.row_sets import make_workflow

WORKFLOW = make_workflow(
    name={"required": 1},
    company={"required": 1, "variations": ["firm"]},
    domain={"regex": {"a": r"^[a-z.]+$"}},
)
TARGETS = ("name", "company", "firm", "domain", "meta.note", "meta", None)
texts = st.sampled_from(["", " ", "Ada", "ada ", "acme.com", "No domain", "Zoë\u0301"]) | clean_text
values = st.sampled_from(["null", "1e5", '{"a": 1}', "[]", "12345678901234567890123"])
cells = texts | st.none() | st.builds(lambda text: {"json": text}, values)
mappings = st.lists(st.sampled_from(TARGETS), min_size=7, max_size=7, unique=True)


def joined(parts: list[Judged]) -> tuple[Any, ...]:
    problems = [one._replace(row=at) for at, part in enumerate(parts) for one in part.problems]
    return (
        b",".join(part.inputs for part in parts),
        tuple(problems),
        b"".join(part.digests for part in parts),
        all(part.is_plain for part in parts),
    )


def told(judged: Judged) -> tuple[Any, ...]:
    return judged.inputs, judged.problems, judged.digests, judged.is_plain


@given(
    st.lists(st.lists(texts, min_size=7, max_size=7), max_size=6)
    | st.lists(st.lists(cells, min_size=7, max_size=7), max_size=6),
    mappings,
    st.booleans(),
)
def test_rows_are_judged_together_as_each_alone(
    rows: list[list[Any]], mapping: list[str | None], keeps_blank: bool
) -> None:
    judge = RowJudge(WORKFLOW, mapping, keeps_blank=keeps_blank)
    placed = [[place, *row] for place, row in enumerate(rows, start=2)]
    together = judge.judge(placed)
    assert told(together) == joined([judge.judge([row]) for row in placed])
    each = [repeats.both_digests(judge.input_of(row), judge._names) for row in placed]
    wanted = b"".join(exact.ljust(DIGEST, b"\0") + folded for exact, folded in each)
    assert together.digests == wanted


@pytest.mark.parametrize("kept", [(0, 1, 2, 3), (3, None, 1, None), (None, None, None, 0)])
def test_what_is_known_of_rows_is_what_judging_finds(kept: tuple[int | None, ...]) -> None:
    judge = RowJudge(WORKFLOW, ("name", "company", "domain"))
    before = [[2, "Ada", "", "x"], [3, "", "ACME", "No"], [4, "Zoë", "A", "a.b"], [5, "", "", ""]]
    rows = [[9, "new", "row", "-"] if at is None else before[at] for at in kept]
    assert told(judge_anew(judge, rows, judge.judge(before), kept)) == told(judge.judge(rows))
