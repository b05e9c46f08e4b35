"""The builder and the sandbox judge a payload with code of their own, and agree.

No issue of severity error ⇔ the sandbox accepts. The only drafts left out are those that JSON
cannot express (`invalid-json`): there the payload is not what the draft says.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass, replace
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from playground.contract import wire
from playground.contract.workflows import Workflow
from playground.payload.build.builder import KnownAccounts, build_launch_request
from playground.payload.drafts import Entry, LaunchDraft
from playground.payload.edit import reading
from playground.sandbox.catalog import ACCOUNTS, WORKFLOWS
from playground.sandbox.judge import launches
from playground.sandbox.refusals import Refused
from tests.payload import samples, strategies

PATIENT = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
CATALOG = tuple(known.workflow for known in WORKFLOWS)
CATALOG_ACCOUNTS = KnownAccounts(
    by_uid={account.uid: account for account in ACCOUNTS},
    integrations=frozenset(
        slug for workflow in CATALOG for step in workflow.steps for slug in step.integration_slugs
    ),
)


def accounts_of(known: KnownAccounts):
    def find(uid: str) -> str | None:
        account = known.by_uid.get(uid)
        return account.application_permalink if account else None

    return find


def refusal(body: bytes, workflow: Workflow, known: KnownAccounts) -> str:
    """The sentence with which the sandbox refuses the body; empty when it takes it."""
    try:
        launches.judge_launch(body, workflow, accounts_of(known))
    except Refused as refused:
        return refused.sentence
    return ""


def agree(workflow: Workflow, draft: LaunchDraft, known: KnownAccounts) -> None:
    built = build_launch_request(workflow, draft, known)
    assume(all(issue.code != "invalid-json" for issue in built.issues))

    refused = refusal(built.body, workflow, known)

    assert bool(refused) is built.has_errors, (refused, built.errors, built.body)


# A workflow that has one step UID twice cannot be launched in full: the upstream has none such.
WORKFLOWS = strategies.workflows().filter(
    lambda workflow: len({step.step_uid for step in workflow.steps}) == len(workflow.steps)
)


@st.composite
def workflow_and_draft(draw: st.DrawFn) -> tuple[Workflow, LaunchDraft]:
    workflow = draw(WORKFLOWS)
    draft = draw(strategies.drafts(workflow))
    built = build_launch_request(workflow, draft, KNOWN)
    if all(issue.code != "invalid-json" for issue in built.issues):
        return workflow, draft
    return workflow, as_json(draft)


def as_json(value: Any) -> Any:
    """The draft with JSON wherever JSON is wanted. What stands in extra keys for none is left out;
    elsewhere it becomes the text that it would be."""
    if isinstance(value, Entry):
        return value if value.kind != "json" or is_json(value.text) else replace(value, kind="text")
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return tuple(map(as_json, value))
    if not is_dataclass(value):
        return value
    made = {field.name: as_json(getattr(value, field.name)) for field in fields(value)}
    for name, kind in (("extra", "{"), ("schedule_extra", "{"), ("unknown_steps", "[")):
        if name in made and not (is_json(made[name].text) and made[name].text.startswith(kind)):
            made[name] = Entry()
    return replace(value, **made)


def is_json(text: str) -> bool:
    try:
        wire.parse_json(text.encode())
    except (ValueError, wire.WireError):
        return False
    return True


@st.composite
def workflow_and_fair_draft(draw: st.DrawFn) -> tuple[Workflow, LaunchDraft]:
    workflow = draw(WORKFLOWS)
    return workflow, draw(strategies.fair_drafts(workflow))


@st.composite
def catalog_workflow_and_draft(draw: st.DrawFn) -> tuple[Workflow, LaunchDraft]:
    workflow = draw(st.sampled_from(CATALOG))
    return workflow, draw(strategies.drafts(workflow) | strategies.fair_drafts(workflow))


KNOWN = KnownAccounts(
    by_uid=samples.ACCOUNTS.by_uid, integrations=frozenset({"linkedin", "hubspot"})
)


@PATIENT
@given(workflow_and_draft())
def test_any_draft_is_judged_alike(drawn):
    agree(*drawn, KNOWN)


@PATIENT
@given(workflow_and_fair_draft())
def test_fair_draft_is_judged_alike(drawn):
    agree(*drawn, KNOWN)


@PATIENT
@given(catalog_workflow_and_draft())
def test_drafts_of_the_catalogue_are_judged_alike(drawn):
    agree(*drawn, CATALOG_ACCOUNTS)


def mutated(draw: st.DrawFn, value: object) -> object:
    """The same JSON value with one part of it replaced, removed or added."""
    if isinstance(value, dict) and value and draw(st.booleans()):
        key = draw(st.sampled_from(sorted(value)))
        change = draw(st.sampled_from(["inside", "inside", "replace", "remove"]))
        if change == "remove":
            return {name: item for name, item in value.items() if name != key}
        new = mutated(draw, value[key]) if change == "inside" else draw(strategies.json_values())
        return value | {key: new}
    if isinstance(value, list) and value and draw(st.booleans()):
        index = draw(st.integers(0, len(value) - 1))
        return [*value[:index], mutated(draw, value[index]), *value[index + 1 :]]
    return draw(strategies.json_values())


@st.composite
def workflow_and_pasted(draw: st.DrawFn) -> tuple[Workflow, object]:
    """A payload that is nearly right: what people paste."""
    workflow = draw(st.sampled_from(CATALOG))
    draft = draw(strategies.fair_drafts(workflow))
    value = json.loads(build_launch_request(workflow, draft, CATALOG_ACCOUNTS).body)
    for _ in range(draw(st.integers(0, 2))):
        value = mutated(draw, value)
    return workflow, value


@PATIENT
@given(workflow_and_pasted())
def test_pasted_payload_is_judged_alike_once_it_is_read(drawn):
    workflow, value = drawn
    try:
        draft = reading.read_payload(workflow, value)
    except reading.UnableToReadPayload:
        return

    agree(workflow, draft, CATALOG_ACCOUNTS)


@PATIENT
@given(workflow_and_pasted())
def test_payload_that_cannot_be_read_is_refused_by_the_sandbox_too(drawn):
    workflow, value = drawn
    try:
        reading.read_payload(workflow, value)
    except reading.UnableToReadPayload:
        pass
    else:
        return

    assert refusal(wire.encode(value), workflow, CATALOG_ACCOUNTS)


def test_both_verdicts_are_reached():
    """The properties above would hold if everything were refused: it is not."""
    workflow = CATALOG[0]
    blank = reading.default_draft(workflow)
    filled = reading.read_payload(
        workflow, {"inputs": [{"first_name": "A", "last_name": "B", "company_name": "C"}]}
    )

    refused, taken = (
        build_launch_request(workflow, draft, CATALOG_ACCOUNTS).body for draft in (blank, filled)
    )

    assert refusal(refused, workflow, CATALOG_ACCOUNTS) != ""
    assert refusal(taken, workflow, CATALOG_ACCOUNTS) == ""
