"""Which template a step was made from, as far as the listing tells it."""

from __future__ import annotations

from playground.contract import wire
from playground.contract.workflows import Workflow, WorkflowSummary
from playground.services.workflows import step_templates


def summary(uid: str, template_uid: str | None, *names: str, **extra: object) -> WorkflowSummary:
    listed = {"uid": uid, "name": uid, "template_uid": template_uid}
    steps = [{"name": name} for name in names]
    return wire.from_builtins(WorkflowSummary, listed | {"steps": steps} | extra)


def detail(uid: str, *permalinks: str) -> Workflow:
    steps = [
        {"step_uid": f"{uid}-{number}", "permalink": permalink, "step_name": permalink.title()}
        for number, permalink in enumerate(permalinks)
    ]
    return wire.from_builtins(Workflow, {"uid": uid, "name": uid, "steps": steps})


def test_template_of_a_step_is_that_of_a_workflow_which_does_only_that():
    wanted = detail("w-1", "visit", "save")
    listing = (
        summary("w-1", None, "Visit", "Save"),
        summary("w-2", "t-visit", "Called otherwise"),
        summary("w-3", "t-save", "Save"),
    )

    found = step_templates.find_templates(wanted, listing, {"w-2": detail("w-2", "visit")})

    assert found == {"w-1-0": "t-visit", "w-1-1": "t-save"}


def test_last_template_is_found_by_elimination_and_never_guessed():
    wanted = detail("w-1", "visit", "save", "write")
    listing = (
        summary("w-1", None, "a", "b", "c", linked_templates=["t-visit", "t-x", "t-y"]),
        summary("w-2", "t-visit", "Visit"),
    )
    fewer = detail("w-1", "visit", "save")
    shorter = (summary("w-1", None, "a", "b", linked_templates=["t-visit", "t-x"]), listing[1])

    assert step_templates.find_templates(wanted, listing, {}) == {"w-1-0": "t-visit"}
    assert step_templates.find_templates(fewer, shorter, {}) == {"w-1-0": "t-visit", "w-1-1": "t-x"}


def test_nothing_is_said_of_templates_that_nobody_names():
    assert step_templates.find_templates(detail("w-1", "visit"), (), {}) == {}
