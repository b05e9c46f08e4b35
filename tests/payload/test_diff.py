"""Two payloads differ in what they mean, not in how they are written."""

from __future__ import annotations

import copy
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.payload import diff
from playground.payload.diff import ABSENT, Change, Diff, Side
from playground.payload.fingerprints import fingerprint
from playground.payload.paths import show_path

BY_NAME = (("name", "first_name"),)
PAYLOAD: dict[str, Any] = {
    "job_name": "Monday",
    "inputs": [{"name": "Ada", "city": "Paris"}, {"name": "Grace"}],
    "steps": [
        {"step_uid": "find", "accounts": ["a", "b"], "parameters": {"most": 3, "tags": ["x"]}},
        {"step_uid": "add", "accounts": [], "parameters": {}},
    ],
}


def side(value: Any) -> Side:
    return diff.side_of_payload(msgspec.json.encode(value))


def compare(left: Any, right: Any, names: Any = BY_NAME) -> Diff:
    return diff.compare(side(left), side(right), names)


def rows_of(left: Any, right: Any, found: Diff) -> tuple[diff.RowDiff, ...]:
    return diff.read_rows(side(left), side(right), found.rows, range(len(found.rows)))


def changed(**changes: Any) -> dict[str, Any]:
    return copy.deepcopy(PAYLOAD) | changes


def told(changes: tuple[Change, ...]) -> list[tuple[str, str, Any, Any]]:
    return [(one.kind, show_path(one.path), one.before, one.after) for one in changes]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(PAYLOAD, sort_keys=True, indent=2),
        json.dumps(PAYLOAD).replace('"most": 3', '"most": 3.0'),
        json.dumps(PAYLOAD).replace('"most": 3', '"most": 0.3e1'),
        json.dumps(PAYLOAD).replace("Ada", "\\u0041da"),
    ],
)
def test_how_a_payload_is_written_is_no_difference(text):
    found = diff.compare(side(PAYLOAD), diff.side_of_payload(text.encode()), BY_NAME)

    assert found.is_same
    assert found.rows.same == 2


def test_missing_null_empty_and_zero_are_four_different_things():
    for one in (None, "", 0, False, [], {}):
        for other in (None, "", 0, False, [], {}):
            found = compare({"a": one}, {"a": other})
            assert found.is_same == (type(one) is type(other))
        assert told(compare({}, {"a": one}).changes) == [("added", "$.a", ABSENT, one)]


def test_another_job_name_is_said_as_such():
    assert compare(PAYLOAD, changed(job_name="Tuesday")).is_same_but_name
    assert not compare(PAYLOAD, PAYLOAD).is_same_but_name
    assert not compare(PAYLOAD, changed(job_name="Tuesday", delay=3)).is_same_but_name
    assert not compare(PAYLOAD, changed(job_name="Tuesday", inputs=[])).is_same_but_name


def test_steps_are_compared_by_their_uid():
    find, add = PAYLOAD["steps"]
    new = {"step_uid": "new", "accounts": [], "parameters": {}}
    find = find | {"parameters": {"most": 5, "only": None}, "output_column": "mail"}

    found = compare(PAYLOAD, changed(steps=[new, find]))

    assert told(found.changes) == [
        ("removed", "$.steps[1]", add, ABSENT),
        ("added", "$.steps[0]", ABSENT, new),
        ("changed", "$.steps[1].parameters.most", 3, 5),
        ("removed", "$.steps[1].parameters.tags", ["x"], ABSENT),
        ("added", "$.steps[1].parameters.only", ABSENT, None),
        ("added", "$.steps[1].output_column", ABSENT, "mail"),
    ]


def test_steps_in_another_order_and_a_step_twice_are_told():
    find, add = PAYLOAD["steps"]

    assert told(compare(PAYLOAD, changed(steps=[add, find])).changes) == [
        ("moved", "$.steps", ["find", "add"], ["add", "find"])
    ]
    assert told(compare(PAYLOAD, changed(steps=[find, add, add])).changes) == [
        ("added", "$.steps[2]", ABSENT, add)
    ]


def test_accounts_are_a_set_with_an_order():
    def accounts(*uids: str) -> dict[str, Any]:
        return {"steps": [{"step_uid": "find", "accounts": list(uids)}]}

    assert told(compare(accounts("a", "b"), accounts("b", "c")).changes) == [
        ("removed", "$.steps[0].accounts[0]", "a", ABSENT),
        ("added", "$.steps[0].accounts[1]", ABSENT, "c"),
    ]
    assert told(compare(accounts("a", "b"), accounts("b", "a")).changes) == [
        ("moved", "$.steps[0].accounts", ["a", "b"], ["b", "a"])
    ]
    assert compare(accounts("a", "a"), accounts("a")).changes


def test_rows_are_compared_by_the_primary_key_under_any_of_its_names():
    ada = PAYLOAD["inputs"][0]
    rows = [{"name": "Katherine"}, {"first_name": "Grace"}, ada | {"city": "Lyon", "age": 1}]

    found = compare(PAYLOAD, changed(inputs=rows))

    assert (found.rows.by, found.rows.is_moved) == ("name", True)
    assert (found.rows.added, found.rows.removed, found.rows.changed, found.rows.same) == (
        *(1, 0),
        *(2, 0),
    )
    shown = rows_of(PAYLOAD, changed(inputs=rows), found)
    assert [(one.before_at, one.after_at) for one in shown] == [(None, 0), (1, 1), (0, 2)]
    assert told(shown[2].changes) == [
        ("changed", "$.inputs[2].city", "Paris", "Lyon"),
        ("added", "$.inputs[2].age", ABSENT, 1),
    ]


@pytest.mark.parametrize(
    ("before", "after", "counts", "is_moved"),
    [
        ("abcd", "bd", (0, 2, 0), False),
        ("ab", "xb", (0, 0, 1), False),
        ("abc", "xbyz", (1, 0, 2), False),
        ("ab", "ba", (0, 0, 0), True),
        ("aab", "ab", (0, 1, 0), False),
        ("", "a", (1, 0, 0), False),
    ],
)
def test_rows_without_a_primary_key_are_paired_with_their_equals_else_by_position(
    before, after, counts, is_moved
):
    left, right = ({"inputs": [{"n": one} for one in some]} for some in (before, after))

    rows = compare(left, right, ()).rows

    assert (rows.by, rows.is_moved) == ("", is_moved)
    assert (rows.added, rows.removed, rows.changed) == counts


def test_rows_that_repeat_a_key_are_paired_in_their_order():
    left = {"inputs": [{"name": "Ada", "n": 1}, {"name": "Ada", "n": 2}, {"n": 3}]}
    right = {"inputs": [{"name": "Ada", "n": 1}, {"name": "Ada", "n": 5}, {"n": 3}, {"n": 4}]}

    found = compare(left, right)

    assert [(one.before_at, one.after_at) for one in rows_of(left, right, found)] == [
        (1, 1),
        (None, 3),
    ]


def test_rows_that_differ_are_lines_with_the_values_as_they_are_written():
    ada = '{"name":"Ada","n":1.50}'
    left, right = f'{{"inputs":[{ada}]}}', '{"inputs":[{"name":"Ada"},{"n":2e0}]}'
    sides = [diff.side_of_payload(one.encode()) for one in (left, right)]
    found = diff.compare(*sides, BY_NAME)

    assert b"".join(diff.lines_of_rows(*sides, found.rows)).decode().splitlines() == [
        f'{{"kind":"changed","before_row":1,"before":{ada},"after_row":1,"after":{{"name":"Ada"}}}}',
        '{"kind":"added","after_row":2,"after":{"n":2e0}}',
    ]


@pytest.mark.parametrize("inputs", [None, {"a": 1}, "rows", 3])
def test_inputs_that_are_no_rows_are_compared_as_a_value(inputs):
    found = compare(PAYLOAD | {"inputs": inputs}, PAYLOAD)

    assert [one.path for one in found.changes] == [("inputs",)]
    assert found.rows.added == 2


@pytest.mark.parametrize("row", [None, 3, "text", [1, 2], 2**70])
def test_rows_that_are_no_objects_are_compared_as_values(row):
    assert compare({"inputs": [row]}, {"inputs": [row]}).is_same
    assert not compare({"inputs": [row]}, {"inputs": [{}]}).is_same


# Properties: small alphabets, so that things meet.
values = st.recursive(
    st.none() | st.booleans() | st.sampled_from([0, 1, 1.0, -0.0, 2**60, 1e21, "", "1", "é"]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2)
    ),
    max_leaves=3,
)
rows = st.lists(st.dictionaries(st.sampled_from(["name", "city"]), values, max_size=2), max_size=4)
steps = st.lists(
    st.fixed_dictionaries(
        {"step_uid": st.sampled_from("xyz")},
        optional={
            "accounts": st.lists(st.sampled_from("abc"), max_size=3),
            "parameters": st.dictionaries(st.sampled_from("pq"), values, max_size=2),
        },
    ),
    max_size=3,
)
payloads = st.fixed_dictionaries(
    {"inputs": rows, "steps": steps}, optional={"job_name": values, "extra": values}
)


@given(payloads, payloads, st.sampled_from([(), BY_NAME]))
def test_without_a_difference_if_and_only_if_the_fingerprint_is_the_same(left, right, names):
    assert compare(left, left, names).is_same
    assert compare(left, right, names).is_same == (fingerprint(left) == fingerprint(right))


@given(payloads, payloads, st.sampled_from([(), BY_NAME]))
def test_left_with_its_differences_is_right_and_the_other_way_round(left, right, names):
    assert fingerprint(applied(left, right, names)) == fingerprint(right)
    assert fingerprint(applied(right, left, names)) == fingerprint(left)


@given(payloads, payloads, st.sampled_from([(), BY_NAME]))
def test_from_the_other_side_everything_is_the_other_way_round(left, right, names):
    there, back = compare(left, right, names), compare(right, left, names)

    assert sorted(map(plain, there.changes)) == sorted(map(plain, (c.turned for c in back.changes)))
    assert (there.rows.added, there.rows.removed) == (back.rows.removed, back.rows.added)
    assert (there.rows.changed, there.rows.same) == (back.rows.changed, back.rows.same)
    assert there.rows.is_moved == back.rows.is_moved


def plain(change: Change) -> str:
    """But for where steps and accounts stand: that is told of one side only."""
    path = ["*" if isinstance(part, int) else part for part in change.path]
    return repr((change.kind, path, change.before, change.after))


def applied(left: Any, right: Any, names: Any) -> Any:
    """What `left` becomes by the differences alone."""
    found = compare(left, right, names)
    value = {key: item for key, item in left.items() if key not in ("steps", "inputs")}
    for change in found.changes:
        if change.path[0] != "steps":
            put(value, change.path, change)
    value["steps"] = steps_applied(left["steps"], found.changes)
    return value | {"inputs": rows_applied(left["inputs"], rows_of(left, right, found), found)}


def rows_applied(before: list[Any], differing: tuple[diff.RowDiff, ...], found: Diff) -> list[Any]:
    made = [copy.deepcopy(before[at]) if at >= 0 else None for at in found.rows.pairs]
    for row in differing:
        if row.after_at is None:
            continue
        if row.before_at is None:
            made[row.after_at] = row.after
        for change in row.changes:
            put(made[row.after_at], change.path[2:], change)
    return made


def steps_applied(before: list[Any], changes: tuple[Change, ...]) -> list[Any]:
    own = [one for one in changes if one.path[0] == "steps"]
    gone = {one.path[1] for one in own if len(one.path) == 2 and one.kind == "removed"}
    new = {one.path[1]: one.after for one in own if len(one.path) == 2 and one.kind == "added"}
    stayed = [copy.deepcopy(one) for at, one in enumerate(before) if at not in gone]
    order = next((one.after for one in own if one.path == ("steps",)), None)
    made: list[Any] = []
    for at in range(len(stayed) + len(new)):
        if at in new:
            made.append(new[at])
            continue
        uid = order[at] if order else stayed[0]["step_uid"]
        made.append(stayed.pop([one["step_uid"] for one in stayed].index(uid)))
    for at, step in enumerate(made):
        here = [one for one in own if len(one.path) > 2 and one.path[1] == at]
        accounts = [one for one in here if one.path[2] == "accounts" and is_in_accounts(one)]
        if accounts:
            step["accounts"] = accounts_applied(step["accounts"], accounts)
        for change in here:
            if change not in accounts:
                put(step, change.path[2:], change)
    return made


def is_in_accounts(change: Change) -> bool:
    return len(change.path) == 4 or change.kind == "moved"


def accounts_applied(before: list[str], changes: list[Change]) -> list[str]:
    moved = [one.after for one in changes if one.kind == "moved"]
    if moved:
        return list(moved[0])
    gone = {one.path[3] for one in changes if one.kind == "removed"}
    made = [one for at, one in enumerate(before) if at not in gone]
    for one in changes:
        if one.kind == "added":
            made.insert(one.path[3], one.after)  # type: ignore[arg-type]
    return made


def put(value: Any, path: Any, change: Change) -> None:
    for part in path[:-1]:
        value = value[part]
    if change.kind == "removed":
        del value[path[-1]]
    else:
        value[path[-1]] = change.after
