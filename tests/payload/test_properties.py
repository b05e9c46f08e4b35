"""What holds for every draft and every value, however it was typed or pasted."""

from __future__ import annotations

import copy
import dataclasses
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from playground.contract import wire
from playground.contract.launches import LaunchRequest
from playground.contract.workflows import Workflow
from playground.payload.build.builder import Built, build_launch_request
from playground.payload.drafts import Entry, LaunchDraft, RowDraft, StepDraft
from playground.payload.edit.reading import UnableToReadPayload, default_draft, read_payload
from playground.payload.show.curl import render_curl
from playground.payload.show.lines import json_text, render_lines
from playground.payload.texts import clean_text
from tests.payload.samples import LEADS
from tests.payload.show.test_curl import SHELLS, URL, run
from tests.payload.strategies import (
    cases,
    entries,
    fair_drafts,
    json_values,
    names,
    nasty_text,
    payloads,
    workflows,
)

often = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@often
@given(cases())
def test_building_and_showing_hold_whatever_was_typed(case):
    """All of it of the same cases: making one up takes longer than building it."""
    workflow, draft, _ = case
    built = build_launch_request(*case)

    again = build_launch_request(*copy.deepcopy(case))
    assert (again.body, again.issues, again.fingerprint) == (
        built.body,
        built.issues,
        built.fingerprint,
    )
    # What was looked up changes no payload.
    assert build_launch_request(workflow, draft).value == built.value
    building_and_showing_agree(built)
    steps_keep_the_order_of_the_workflow(workflow, draft, built)


def building_and_showing_agree(built: Built) -> None:
    text = "\n".join(line.text for line in render_lines(built))
    assert text == json_text(built)
    assert json.loads(text) == wire.parse_json(built.body) == built.value
    assert render_curl(built, URL).count(built.fingerprint) == 1
    assert isinstance(built.request, LaunchRequest)
    assert built.has_errors == bool(built.errors)
    assert len(built.errors) + len(built.warnings) + len(built.hints) == len(built.issues)


def steps_keep_the_order_of_the_workflow(
    workflow: Workflow, draft: LaunchDraft, built: Built
) -> None:
    uids = dict.fromkeys(step.step_uid for step in workflow.ordered_steps)
    wanted = [uid for uid in uids if not draft.step(uid).is_left_out]
    sent = [step["step_uid"] for step in built.value["steps"][: len(wanted)]]
    assert sent == wanted


@often
@given(st.data())
def test_a_fair_draft_has_no_errors_and_survives_the_contract(data):
    workflow = data.draw(workflows())
    built = build_launch_request(workflow, data.draw(fair_drafts(workflow)))

    assert built.errors == ()
    assert wire.decode(LaunchRequest, built.body) == built.request
    assert wire.parse_json(wire.encode(built.request)) == built.value


# Every field that holds one entry: how to set it, and where its value stands.
def _set_cell(draft: LaunchDraft, name: str, entry: Entry) -> LaunchDraft:
    row = RowDraft(number=0, entries={**draft.rows[0].entries, name: entry}, is_kept=True)
    return dataclasses.replace(draft, rows=(row, *draft.rows[1:]))


def _set_parameter(draft: LaunchDraft, name: str, entry: Entry) -> LaunchDraft:
    step = draft.step("search")
    changed = dataclasses.replace(step, parameters={**step.parameters, name: entry})
    return dataclasses.replace(draft, steps={**draft.steps, "search": changed})


def _set_step(draft: LaunchDraft, name: str, entry: Entry) -> LaunchDraft:
    changed = dataclasses.replace(draft.step("search"), **{name: entry})
    return dataclasses.replace(draft, steps={**draft.steps, "search": changed})


EDITS = {
    "job_name": (),
    "unstructure_meta": (),
    "delay": (),
    "cell": ("inputs", 0),
    "parameter": ("steps", 0, "parameters"),
    "rotation": ("steps", 0),
    "output_column": ("steps", 0),
}


@often
@given(st.data(), st.sampled_from(sorted(EDITS)), entries, entries)
def test_editing_one_field_changes_only_its_path(data, field, before, after):
    name = data.draw(names)
    key = {"rotation": "accounts_rotation_enabled"}.get(field, field)
    first, second = _drafts_around(field, name, before, after)
    values = [build_launch_request(LEADS, draft).value for draft in (first, second)]

    if field in ("cell", "parameter"):
        key = clean_text(name)
    for value in values:
        parent: Any = value
        for part in EDITS[field]:
            parent = parent[part]
        parent.pop(key, None)

    assert values[0] == values[1]


def _drafts_around(
    field: str, name: str, before: Entry, after: Entry
) -> tuple[LaunchDraft, LaunchDraft]:
    draft = LaunchDraft(
        rows=(RowDraft(number=0, entries={"company_name": Entry("Acme")}, is_kept=True),),
        steps={"search": StepDraft(step_uid="search", parameters={"note": Entry("x")})},
    )
    if field == "cell":
        return _set_cell(draft, name, before), _set_cell(draft, name, after)
    if field == "parameter":
        return _set_parameter(draft, name, before), _set_parameter(draft, name, after)
    if field in ("rotation", "output_column"):
        return _set_step(draft, field, before), _set_step(draft, field, after)
    return tuple(dataclasses.replace(draft, **{field: entry}) for entry in (before, after))


@often
@given(cases())
def test_a_draft_survives_becoming_a_payload(case):
    workflow, _, known = case
    built = build_launch_request(*case)
    pasted = built.value["steps"][len([source for source in built.steps if source]) :]
    assume(all(isinstance(s, dict) and isinstance(s.get("step_uid"), str) for s in pasted))

    again = build_launch_request(workflow, read_payload(workflow, built.value), known)

    # A step that was pasted as JSON though the workflow has it moves to its own fields.
    assert typed(again.value) == typed(normalised(workflow, built.value))
    assert typed(again.value) == typed(built.value) or "invalid-json" in codes(built)


@often
@given(payloads())
def test_reading_anything_gives_the_same_payload_or_a_refusal(value):
    try:
        draft = read_payload(LEADS, value)
    except UnableToReadPayload as error:
        event(f"refused: {error.path.partition('[')[0]}")
        return

    event("read")
    assert typed(build_launch_request(LEADS, draft).value) == typed(normalised(LEADS, value))


@often
@given(json_values() | st.recursive(st.floats() | nasty_text, st.lists))
def test_reading_nonsense_raises_nothing_but_its_own_error(value):
    for payload in (value, {"x": value}, {"inputs": [{"x": value}]}, {"steps": [{"x": value}]}):
        try:
            read_payload(LEADS, payload)
        except UnableToReadPayload:
            event("refused")


@often
@given(workflows())
def test_the_default_draft_sends_every_step_and_no_row(workflow):
    value = build_launch_request(workflow, default_draft(workflow)).value

    assert value["inputs"] == []
    assert [step["step_uid"] for step in value["steps"]] == list(
        dict.fromkeys(step.step_uid for step in workflow.ordered_steps)
    )


@settings(often, max_examples=15)
@pytest.mark.parametrize("shell", SHELLS)
@given(case=cases(), comment=st.text(max_size=20))
def test_shells_hand_over_exactly_the_value(shell, case, comment):
    built = build_launch_request(*case)

    _, body = run(shell, render_curl(built, URL, comments=[comment]))

    assert json.loads(body) == built.value


def normalised(workflow: Workflow, value: dict[str, Any]) -> dict[str, Any]:
    """What the builder adds to a payload and puts in order, and nothing else."""
    order = dict.fromkeys(step.step_uid for step in workflow.ordered_steps)
    known: dict[str, Any] = {}
    rest = []
    for step in value.get("steps", []):
        if step["step_uid"] in known or step["step_uid"] not in order:
            rest.append(step)
        else:
            known[step["step_uid"]] = {"accounts": [], "parameters": {}} | step
    ordered = [known[uid] for uid in order if uid in known]
    return value | {"inputs": value.get("inputs") or [], "steps": ordered + rest}


def codes(built: Built) -> set[str]:
    return {issue.code for issue in built.issues}


def typed(value: Any) -> str:
    """Equal only for values of equal types: `1`, `1.0` and `true` are three things."""
    return json.dumps(value, sort_keys=True)
