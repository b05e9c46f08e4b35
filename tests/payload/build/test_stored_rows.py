from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.contract import wire
from playground.contract.workflows import Workflow
from playground.payload import diff, fingerprints
from playground.payload.build.builder import build_launch_request
from playground.payload.drafts import Entry, LaunchDraft, RowDraft
from playground.payload.stored_rows import RowFinding, StoredRows

WORKFLOW = wire.from_builtins(
    Workflow,
    {"uid": "w", "name": "W", "steps": [{"step_uid": "s", "input_schema": {"a": {"required": 1}}}]},
)
values = st.one_of(st.text(max_size=5), st.integers(), st.floats(allow_nan=False), st.none())
rows = st.lists(st.dictionaries(st.text(max_size=3), values, max_size=3), max_size=7)


def stored(
    inputs: list[dict[str, Any]], identity: str, *findings: RowFinding, chunk: int = 3
) -> StoredRows:
    def parts() -> Iterator[bytes]:
        for at in range(0, len(inputs), chunk):
            yield fingerprints.sorted_json(inputs[at : at + chunk])[1:-1]

    return StoredRows(
        identity=identity,
        name="leads.csv",
        place_word="line",
        count=len(inputs),
        size=sum(map(len, parts())) + max(0, -(-len(inputs) // chunk) - 1),
        head=tuple(inputs[:2]),
        parts=parts,
        canonical_parts=lambda: map(fingerprints.canonical_text, parts()),
        digests=list,
        findings=findings,
    )


@given(
    inputs=rows, name=st.text(max_size=4), extra=st.sampled_from(["", '{"aa": 1}', '{"zz": []}'])
)
@settings(max_examples=60, deadline=None)
def test_what_is_streamed_is_what_would_be_built(
    inputs: list[dict[str, Any]], name: str, extra: str
) -> None:
    # The same rows have the same identity: what was hashed of others must not be taken.
    known = stored(inputs, repr(inputs))
    draft = LaunchDraft(job_name=Entry(name, "text"), extra=Entry(extra), stored=known)
    built = build_launch_request(WORKFLOW, draft)
    value = msgspec.json.decode(built.body)
    assert value["inputs"] == msgspec.json.decode(msgspec.json.encode(inputs))
    assert {**value, "inputs": []} == {**built.value, "inputs": []}
    assert len(built.body) == built.size
    compared = diff.compare(diff.side_of_built(built), diff.side_of_payload(built.body), (("a",),))
    assert compared.is_same
    assert compared.rows.same == len(inputs)
    assert built.fingerprint == fingerprints.fingerprint(value)
    again = build_launch_request(WORKFLOW, draft)
    assert again.fingerprint == built.fingerprint
    assert built.row_count == len(inputs)


def test_what_was_found_is_said_with_its_place() -> None:
    findings = (
        RowFinding(code="required", key="a", count=2, place=1204),
        RowFinding(code="regex-mismatch", key="b", count=1, place=7),
    )
    built = build_launch_request(WORKFLOW, LaunchDraft(stored=stored([{}, {}], "f", *findings)))
    assert [issue.message for issue in built.issues[1:3]] == [
        "2 rows lack a value for a: line 1,204 of leads.csv is the first.",
        "1 row has a b that does not look as it should, and may fail: line 7 of leads.csv.",
    ]
    assert built.has_errors


def test_a_table_without_rows_is_no_launch() -> None:
    built = build_launch_request(WORKFLOW, LaunchDraft(stored=stored([], "none")))
    assert [issue.code for issue in built.errors] == ["no-rows"]


def test_rows_typed_beside_a_table_are_not_lost_without_a_word() -> None:
    row = RowDraft(number=0, entries={"a": Entry("x")})
    draft = LaunchDraft(stored=stored([{"a": "y"}], "beside"), rows=(row,))
    assert [issue.code for issue in build_launch_request(WORKFLOW, draft).errors] == ["rows-twice"]
