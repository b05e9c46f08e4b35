"""What the fields of workflows mean. Contract section 6."""

from __future__ import annotations

from collections.abc import Mapping

from playground.contract import workflows
from playground.contract.wire import UnsetType
from playground.reference.api.fields.parts import (
    TypeMeaning,
    assumed,
    documented,
    free,
    many,
    observed,
)

_INPUT = TypeMeaning(
    text="One key of a step's input rows.",
    fields={
        "required": assumed(
            "1 when a row must have a value under this key, otherwise 0: a number, not a boolean.",
            hint=int | UnsetType,
        ),
        "primary": assumed("Whether it is the main key of the step.", hint=bool | UnsetType),
        "help": documented("A hint for the person who fills it."),
        "regex": documented(
            "Patterns for the value; empty in every example, so its inner shape is unknown.",
            hint=free("Patterns") | None,
        ),
        "variations": assumed("Other keys that are accepted in its place."),
        "retro_variations": assumed("Older names that are still accepted in its place."),
    },
)
_PARAMETERS_SCHEMA = TypeMeaning(
    text="The parameters of a step.",
    fields={
        "properties": documented(
            "Parameter name to default value. A parameter has the JSON type of its default.",
            hint=free("Defaults") | None,
        )
    },
)
_STEP = TypeMeaning(
    text="One automated action of a workflow.",
    fields={
        "step_uid": documented("What a launch names in `steps[].step_uid`."),
        "step_name": documented("The name to show."),
        "position": documented("Its place in the workflow, from 0."),
        "permalink": documented("The slug of its automation."),
        "integrations": documented(
            "Slugs of the integrations whose accounts it takes. That an empty list means that it "
            "needs none is assumed."
        ),
        "input_schema": documented(
            "Input key to what may be sent under it. That only the first step's keys are the "
            "caller's is assumed."
        ),
        "output_schema": documented("The columns of its result rows."),
        "parameters_schema": documented("Its parameters and their defaults."),
    },
)
_WORKFLOW = TypeMeaning(
    text="Everything about a workflow that a launch has to know.",
    fields={
        "uid": documented("The workflow's UID."),
        "name": documented("Its name."),
        "steps": documented("Its steps, in order."),
    },
)
_STEP_SUMMARY = TypeMeaning(
    text="A step as the listing of workflows shows it.",
    fields={
        "step_uid": observed("The step's UID."),
        "name": observed("Its name."),
        "uid": observed("A UID beside `step_uid`; launches use `step_uid`."),
    },
)
_WORKFLOW_SUMMARY = TypeMeaning(
    text="A workflow as the listing shows it.",
    fields={
        "uid": observed("The workflow's UID."),
        "name": observed("Its name."),
        "created_at": observed("When it was made."),
        "project_id": observed("The workspace's internal number, which is not its UID."),
        "template_uid": observed(
            "The template that it was made from; null when from none.", may_be_null=True
        ),
        "steps": observed("Its steps, by name and UID."),
        "linked_templates": assumed(
            "UIDs of the templates that its steps were made from.",
            hint=many(str) | None,
        ),
    },
)

WORKFLOWS: Mapping[type, TypeMeaning] = {
    workflows.Input: _INPUT,
    workflows.ParametersSchema: _PARAMETERS_SCHEMA,
    workflows.Step: _STEP,
    workflows.Workflow: _WORKFLOW,
    workflows.StepSummary: _STEP_SUMMARY,
    workflows.WorkflowSummary: _WORKFLOW_SUMMARY,
}
