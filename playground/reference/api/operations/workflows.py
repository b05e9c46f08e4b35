"""The operations on workflows. Contract section 6."""

from __future__ import annotations

from playground.contract.jobs import Job, ResultPage
from playground.contract.launches import LaunchAccepted, LaunchRequest
from playground.contract.workflows import Workflow, WorkflowSummary
from playground.reference.api.examples import accounts as account_examples
from playground.reference.api.examples import runs as run_examples
from playground.reference.api.operations.parts import (
    BAD_PAGE,
    NO_WORKFLOW,
    Answer,
    Evidence,
    Failure,
    Operation,
    Parameter,
    failures,
    malformed,
    page,
    segment,
)


def _workflow(example: str, evidence: Evidence = "documented") -> Parameter:
    meaning = "The workflow's UID; it is also in the address of its page in the vendor's app."
    return segment("workflow_uid", meaning, example, evidence)


WORKFLOWS = (
    Operation(
        name="list_workflows",
        group="Workflows",
        title="List workflows",
        purpose="Lists the workflows of the workspace. They are made in the vendor's app: no call "
        "creates one.",
        evidence="observed",
        section="6",
        answers=(
            Answer(
                status=200,
                meaning="A bare array, everything at once.",
                type=WorkflowSummary,
                is_array=True,
                example=run_examples.WORKFLOWS,
            ),
        ),
        failures=failures(),
    ),
    Operation(
        name="get_workflow",
        group="Workflows",
        title="Get a workflow",
        purpose="Tells everything that a launch has to know: the steps with their UIDs, the keys "
        "that an input row may have, the parameters with their defaults, and the integrations "
        "whose accounts each step takes. The accounts themselves come from List accounts.",
        evidence="documented",
        section="6",
        parameters=(_workflow(account_examples.SEARCH_UID),),
        answers=(
            Answer(
                status=200,
                meaning="The workflow's schema.",
                type=Workflow,
                example=run_examples.WORKFLOW,
            ),
        ),
        failures=failures(NO_WORKFLOW),
    ),
    Operation(
        name="launch_workflow",
        group="Workflows",
        title="Launch a workflow",
        purpose="Launches a workflow: now, after a `delay`, or again and again with "
        "`repeat_option`. Each object of `inputs` is one row, and the workflow runs once for each. "
        "The answer comes at once with the `job_uid`, by which the job is followed.",
        evidence="documented",
        section="6",
        parameters=(_workflow(account_examples.PROFILE_UID),),
        body=LaunchRequest,
        is_body_needed=True,
        body_example=run_examples.LAUNCH,
        answers=(
            Answer(
                status=200,
                meaning="The launch is accepted and the job exists.",
                type=LaunchAccepted,
                example=run_examples.LAUNCHED,
            ),
        ),
        failures=failures(
            malformed(
                "A field is missing or has the wrong type; a step, an account or a required input "
                "key is not the workflow's.",
                "Correct the field that the sentence names. UIDs of steps and keys of inputs are "
                "in the answer of Get a workflow.",
            ),
            NO_WORKFLOW,
            Failure(
                status=429,
                when="More inputs would run in parallel than the plan allows. A launch through "
                "the API is not queued.",
                advice="Wait and send the same launch again, each time after twice the wait. Many "
                "rows in one launch are better than many launches: a single job is never limited. "
                "That a delayed launch counts from its time on is assumed.",
            ),
        ),
        changes=True,
    ),
    Operation(
        name="list_jobs",
        group="Workflows",
        title="List jobs",
        purpose="Lists the workflow's jobs of the last two months. A job of several steps shows "
        "as one main job and as one job for each step, which names it in `main_job_uid`.",
        evidence="documented",
        section="6",
        parameters=(
            _workflow(account_examples.PROFILE_UID),
            page(
                0,
                "Which page; the first one is 0. That a page past the end is empty is assumed.",
                "documented",
            ),
        ),
        answers=(
            Answer(
                status=200,
                meaning="A bare array. Nothing tells whether there is more: ask for another page.",
                type=Job,
                is_array=True,
                example=[run_examples.JOB],
            ),
        ),
        failures=failures(BAD_PAGE, NO_WORKFLOW),
    ),
    Operation(
        name="get_last_results",
        group="Workflows",
        title="Get the latest results",
        purpose="Gives the results of the workflow's latest job without its UID.",
        evidence="observed",
        section="6",
        parameters=(
            _workflow(account_examples.PROFILE_UID, "observed"),
            page(1, "Which page of 1,000 rows; the first one is 1.", "assumed"),
        ),
        answers=(
            Answer(
                status=200,
                meaning="One page of results. That it has `paging`, and is empty when there is no "
                "job yet, is assumed.",
                type=ResultPage,
                example=run_examples.RESULTS,
            ),
        ),
        failures=failures(BAD_PAGE, NO_WORKFLOW),
    ),
)
