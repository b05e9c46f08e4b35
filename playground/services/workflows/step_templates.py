"""Which template each step of a workflow was made from: account limits are set by template.

The API does not say it of a step. A workflow of one step bears its template's UID in the listing
(contract section 6), so a step of a longer workflow has the template of the workflow that
consists of such a step alone. What is left over is found by elimination, where it can be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from playground.contract.workflows import Step, Workflow, WorkflowSummary


def find_templates(
    workflow: Workflow, listing: Iterable[WorkflowSummary], details: Mapping[str, Workflow]
) -> dict[str, str]:
    """Step UID → template UID, for those steps whose template can be told.

    `details` are the workflows known by now, by UID: they tell steps by what they do, the
    listing only by their names.
    """
    summaries = tuple(listing)
    by_kind: dict[str, str] = {}
    for summary in summaries:
        for kind in _kinds_of(summary, details):
            if isinstance(summary.template_uid, str):
                by_kind.setdefault(kind, summary.template_uid)
    steps = workflow.ordered_steps
    found = {
        step.step_uid: by_kind[kind]
        for step in steps
        for kind in reversed(_kinds(step))
        if kind in by_kind
    }
    own = next((summary for summary in summaries if summary.uid == workflow.uid), None)
    return _eliminate(steps, found, own)


def _eliminate(
    steps: Iterable[Step], found: dict[str, str], own: WorkflowSummary | None
) -> dict[str, str]:
    linked = own.linked_templates if own else None
    left_templates = [
        uid for uid in (linked if isinstance(linked, list) else ()) if uid not in found.values()
    ]
    left_steps = [step for step in steps if step.step_uid not in found]
    if len(left_steps) == 1 == len(left_templates) and isinstance(left_templates[0], str):
        return found | {left_steps[0].step_uid: left_templates[0]}
    return found


def _kinds_of(summary: WorkflowSummary, details: Mapping[str, Workflow]) -> tuple[str, ...]:
    """How the only step of a workflow may be recognised; nothing for a workflow of several."""
    known = details.get(summary.uid)
    if known:
        return _kinds(known.steps[0]) if len(known.steps) == 1 else ()
    listed = summary.steps or ()
    name = listed[0].name if len(listed) == 1 else None
    return (f"name {name}",) if isinstance(name, str) and name else ()


def _kinds(step: Step) -> tuple[str, ...]:
    """What the step does, then what it is called: the first is told from the second."""
    permalink = (f"permalink {step.permalink}",) if step.permalink else ()
    return (*permalink, f"name {step.step_name}") if step.step_name else permalink
