"""A draft of a workflow that changed: each change is told, and nothing that was entered is lost."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from playground.contract import wire
from playground.contract.workflows import Workflow
from playground.payload.build import builder
from playground.payload.drafts import BLANK, Entry, LaunchDraft, RowDraft, StepDraft
from playground.payload.edit import carrying


def step(uid: str, name: str = "", **changes: Any) -> dict[str, Any]:
    return {"step_uid": uid, "step_name": name or f"Do {uid}", **changes}


def parameters(**defaults: Any) -> dict[str, Any]:
    return {"properties": defaults}


def workflow(*steps: dict[str, Any]) -> Workflow:
    return wire.from_builtins(Workflow, {"uid": "w", "name": "W", "steps": list(steps)})


def entered(uid: str, **values: str) -> StepDraft:
    texts = {name: Entry(text) for name, text in values.items()}
    return StepDraft(step_uid=uid, parameters=texts)


def draft(*steps: StepDraft, **row: str) -> LaunchDraft:
    entries = {key: Entry(text) if text else BLANK for key, text in row.items()}
    return LaunchDraft(
        rows=(RowDraft(number=0, entries=entries),) if row else (),
        steps={one.step_uid: one for one in steps},
    )


def key(required: int = 0, *names: str) -> dict[str, Any]:
    return {"required": required, "variations": list(names)}


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        (
            {"integrations": ["a"]},
            {"integrations": ["b"]},
            "Step 1 “Do s” takes accounts of b now.",
        ),
        ({"integrations": ["a"]}, {}, "Step 1 “Do s” takes no account now."),
        (
            {"parameters_schema": parameters(n="5")},
            {"parameters_schema": parameters(n=5)},
            "Step 1 “Do s”: the parameter n takes a whole number now, not text.",
        ),
        (
            {"parameters_schema": parameters(n=[1])},
            {"parameters_schema": parameters(n=[2])},
            "Step 1 “Do s”: the parameter n is [2] by default now, and was [1].",
        ),
        (
            {},
            {"parameters_schema": parameters(n=True)},
            "Step 1 “Do s”: the parameter n is new. It is true by default.",
        ),
        (
            {"parameters_schema": parameters(n="a" * 5000)},
            {"parameters_schema": parameters()},
            "Step 1 “Do s”: the parameter n is gone.",
        ),
        (
            {"permalink": "visit"},
            {"permalink": "connect"},
            "Step 1 “Do s” does something else now: it was “Do s”.",
        ),
        (
            {"input_schema": {"a": key(0)}},
            {"input_schema": {"a": key(1)}},
            "The input key a is required now.",
        ),
        ({}, {"input_schema": {"a": key(1)}}, "The input key a is new and required."),
        (
            {"input_schema": {"a": key(0)}},
            {},
            "The input key a is gone. What is in its column stays there, and is ignored.",
        ),
        (
            {"input_schema": {"a": key(0, "b")}},
            {"input_schema": {"b": key(0)}},
            "The input key a is called b now.",
        ),
    ],
)
def test_each_change_is_told(before, now, told):
    carried = carrying.carry_over(
        workflow(step("s", **before)), workflow(step("s", **now)), draft()
    )

    assert carried.changes == (told,)


@pytest.mark.parametrize(
    "now",
    [
        step("s", "Another name", output_schema=["x"]),
        step("s", input_schema={}, integrations=[], parameters_schema={"properties": {}}),
        step("s", position=7),
    ],
)
def test_what_decides_nothing_is_no_change(now):
    as_entered = draft(entered("s", n="1"))

    carried = carrying.carry_over(workflow(step("s")), workflow(now), as_entered)

    assert (carried.changes, carried.draft) == ((), as_entered)


def test_defaults_that_differ_far_behind_their_beginning_are_told_apart():
    before, now = (
        workflow(step("s", parameters_schema=parameters(n="a" * 5000 + end))) for end in "xy"
    )

    assert len(carrying.carry_over(before, now, draft()).changes) == 1


@pytest.mark.parametrize(
    "alike",
    [
        {"permalink": "visit"},
        {"step_name": "Visit"},
        {"step_name": "", "parameters_schema": parameters(n=1)},
    ],
)
def test_what_was_entered_for_a_step_goes_with_it_to_its_new_uid(alike):
    before, now = workflow({**step("old"), **alike}), workflow({**step("new"), **alike})
    was = StepDraft(step_uid="old", accounts=("a",), parameters={"n": Entry("7")})

    carried = carrying.carry_over(before, now, draft(was))

    built = builder.build_launch_request(now, carried.draft)
    assert built.value["steps"] == [{"step_uid": "new", "accounts": ["a"], "parameters": {"n": 7}}]
    assert carried.changes[0].endswith("What was entered for the old one went with it.")


def test_swapped_steps_keep_their_own_values_and_the_order_is_told():
    before = workflow(step("a", position=0), step("b", position=1))
    now = workflow(step("a", position=1), step("b", position=0))

    carried = carrying.carry_over(before, now, draft(entered("a", n="1"), entered("b", n="2")))

    assert carried.changes == ("The steps run in another order.",)
    values = [
        one["parameters"] for one in builder.build_launch_request(now, carried.draft).value["steps"]
    ]
    assert values == [{"n": 2}, {"n": 1}]


@pytest.mark.parametrize(
    ("earlier", "kept"),
    [
        (BLANK, [{"step_uid": "b", "accounts": [], "parameters": {"n": "5"}}]),
        (
            Entry('[{"step_uid": "z"}]'),
            [{"step_uid": "z"}, {"step_uid": "b", "accounts": [], "parameters": {"n": "5"}}],
        ),
    ],
)
def test_step_that_is_gone_is_kept_as_it_would_have_been_sent(earlier, kept):
    typed = parameters(n="")
    before = workflow(step("a"), step("b", parameters_schema=typed))
    was = dataclasses.replace(draft(entered("b", n="5")), unknown_steps=earlier)

    carried = carrying.carry_over(before, workflow(step("a")), was)

    assert json.loads(carried.draft.unknown_steps.text) == kept


def test_broken_text_of_other_steps_stays_before_what_joins_it():
    was = dataclasses.replace(draft(entered("b", n="5")), unknown_steps=Entry("[oops"))

    kept = carrying.keep_foreign_steps(workflow(step("a")), was).unknown_steps.text

    assert kept.startswith("[oops\n[{")
    assert '"n": 5' in kept


def test_step_of_which_nothing_was_entered_leaves_nothing_behind():
    before = workflow(step("a"), step("b"))

    carried = carrying.carry_over(before, workflow(step("a")), draft(entered("b", n=" ")))

    assert carried.changes == ("Step 2 “Do b” is gone.",)
    assert carried.draft.unknown_steps == BLANK


@pytest.mark.parametrize(
    ("row", "now"),
    [
        ({"a": "1"}, {"b": "1"}),
        ({"a": "1", "b": ""}, {"b": "1"}),
        ({"a": "1", "b": "2"}, {"a": "1", "b": "2"}),
        ({"b": "2", "a": "1"}, {"a": "1", "b": "2"}),
    ],
)
def test_renamed_key_takes_its_values_along_where_that_overwrites_none(row, now):
    before = workflow(step("s", input_schema={"a": key(1)}))
    after = workflow(step("s", input_schema={"b": key(1, "a")}))

    carried = carrying.carry_over(before, after, draft(**row))

    (built,) = builder.build_launch_request(after, carried.draft).value["inputs"]
    assert built == now


def test_empty_column_of_a_key_that_is_gone_goes_and_a_full_one_stays():
    before = workflow(step("s", input_schema={"a": key(), "b": key(), "c": key()}))
    after = workflow(step("s", input_schema={"c": key()}))

    carried = carrying.carry_over(before, after, draft(a="1", b="", c=""))

    assert list(carried.draft.rows[0].entries) == ["a", "c"]
