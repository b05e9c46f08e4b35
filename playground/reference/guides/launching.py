"""Guides to the body of a launch: step UIDs and inputs."""

from __future__ import annotations

from playground.reference.guides.samples import Guide, Samples, person
from playground.reference.pages.blocks import ExampleCall, Reply, Section, section

_ZOE, _JUAN = ("Zoë", "O'Brien", "Acme Corp."), ("Juan", "de la Vega", "example.com")


def find_a_step_uid(samples: Samples) -> Guide:
    return Guide(
        name="find-a-step-uid",
        title="Find a step's UID",
        lead="A launch names each step by its `step_uid`. It is in three places, and the first one "
        "spares you the search.",
        sections=(
            section(
                "playground",
                "In the playground",
                "[Pick a workflow](page:workflow-list). Each step of its form has its UID beside "
                "its name with a button that copies it, and the payload on the right names all of "
                "them already: copy the whole of it.",
            ),
            _step_uids_of_the_api(samples),
            section(
                "job",
                "From a job",
                "The page of a job shows its steps, and the address of the chosen one ends in "
                "`?step=<step_uid>`: in the vendor's app, and on the job pages that "
                "[Launches](page:launch-list) lead to. Over the API the job of a step has its "
                "[`step_uid`](operation:get_job#answer-200-step_uid).",
            ),
        ),
    )


def _step_uids_of_the_api(samples: Samples) -> Section:
    (step_uid,) = samples.search.step_uids
    step = {"step_uid": step_uid, "step_name": samples.search.name, "position": 0}
    return section(
        "api",
        "With the API",
        "[Get a workflow](operation:get_workflow) lists the steps in their order. With the UID "
        "comes what else a launch has to know of a step: its [input keys](operation:get_workflow"
        "#answer-200-steps.input_schema), its [parameters](operation:get_workflow"
        "#answer-200-steps.parameters_schema) and the [integrations](operation:get_workflow"
        "#answer-200-steps.integrations) whose accounts it takes.",
        ExampleCall(
            label="Get a workflow",
            operation="get_workflow",
            values={"workflow_uid": samples.search.uid},
        ),
        Reply(
            label="The beginning of the answer",
            value={"name": samples.search.name, "uid": samples.search.uid, "steps": [step]},
        ),
    )


def inputs_with_several_keys(samples: Samples) -> Guide:
    return Guide(
        name="inputs-with-several-keys",
        title="Inputs with several keys",
        lead="`inputs` is a list of rows. One object is one row, and holds all of its keys.",
        sections=(
            section(
                "rows",
                "One object, one row",
                "Finding an e-mail takes three keys. This looks for two people: two objects with "
                "three keys each, not six objects.",
                samples.email_launch("Two people", person(*_ZOE), person(*_JUAN)),
                "In the playground a row of the form is a row of the payload, and rows can be "
                "pasted from a spreadsheet: [pick a workflow](page:workflow-list).",
            ),
            section(
                "which-keys",
                "Which keys",
                "They are those of the first step's [`input_schema`](operation:get_workflow"
                "#answer-200-steps.input_schema); later steps are fed by the one before. A key "
                "with `required` 1 must have a value in every row. Each of its `variations` and "
                "`retro_variations` is taken in its place. Other keys do no harm.",
                Reply(
                    label="The first row under other names of its keys",
                    value=dict(zip(("firstname", "surname", "company"), _ZOE, strict=True)),
                ),
            ),
            _values_of_your_own(samples),
        ),
    )


def _values_of_your_own(samples: Samples) -> Section:
    return section(
        "meta",
        "Values of your own",
        "The key `meta` of a row is yours: an object that travels with the row and comes "
        "back with its results, to tie them to a record on your side. "
        "[`unstructure_meta`](operation:launch_workflow#field-unstructure_meta) says "
        "whether its keys are spread over the result.",
        samples.email_launch(
            "A row that knows its record",
            person(*_ZOE, meta={"hubspot_people_id": "42"}),
            unstructure_meta=False,
        ),
    )
