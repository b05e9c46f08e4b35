"""What the fields of launches and jobs mean. Contract sections 6 and 7."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, TypeAlias

from msgspec import Meta

from playground.contract import jobs, launches
from playground.contract.wire import Maybe
from playground.reference.api.fields.parts import (
    TypeMeaning,
    assumed,
    documented,
    free,
    many,
    nullable_but,
    observed,
)

_Flag: TypeAlias = Maybe[bool]
_Text: TypeAlias = Maybe[str]
_Rows: Any = Annotated[many(free("InputRow")), Meta(max_length=launches.MOST_INPUTS)]
_Steps: TypeAlias = tuple[launches.StepLaunch, ...]
_Unit = Annotated[str, Meta(extra_json_schema={"enum": list(launches.SCHEDULE_TYPES)})]

_SCHEDULE = TypeMeaning(
    text="How often a launch repeats: every so many of a unit.",
    fields={
        "type": documented("The unit.", hint=_Unit, is_required=True),
        "value": documented(
            f"Every how many units, from 1 to {launches.MOST_REPEAT_UNITS:,}. No source states "
            "bounds.",
            hint=Annotated[int, Meta(ge=1, le=launches.MOST_REPEAT_UNITS)],
            is_required=True,
        ),
    },
)
_STEP_LAUNCH = TypeMeaning(
    text="How one step is to run.",
    takes_null=True,
    fields={
        "step_uid": documented("Which step of the workflow."),
        "accounts": documented(
            "UIDs of the accounts to run the step with, each of an integration that the step "
            "takes. May be empty, as for a step that takes none.",
            hint=tuple[str, ...],
            is_required=True,
        ),
        "accounts_rotation_enabled": documented(
            "Whether the accounts take turns. Only some LinkedIn and Outlook automations offer it; "
            "with it, `accounts` may stay empty. That it is off when left out is assumed.",
            hint=_Flag,
            default=False,
        ),
        "parameters": documented(
            "Parameter name to value. May be `{}`: that what is left out has the default of "
            "`parameters_schema` is assumed.",
            hint=free("Parameters"),
            is_required=True,
        ),
        "output_column": assumed(
            "The column for the step's output. Only ever seen as null, and explained nowhere.",
            hint=_Text,
            default=None,
            may_be_null=True,
        ),
    },
)
_LAUNCH_REQUEST = TypeMeaning(
    text="A launch: what runs, with which accounts, on which rows, and when.",
    takes_null=True,
    fields={
        "job_name": documented(
            "The job's name; a schedule is removed by it. Documentation calls it required, one "
            "program may leave it out. That the job then has the workflow's name is assumed.",
            hint=_Text,
        ),
        "steps": documented(
            "How each step is to run. That a step may be left out is assumed.",
            hint=_Steps,
            is_required=True,
        ),
        "inputs": documented(
            "The rows, each an object of input key to value; the workflow runs once for each. Keys "
            "are those of the first step or their variations. `meta` is your own and travels with "
            "the row. Documentation calls it required in one place and leaves it out in another. "
            "That it may be left out when the first step requires no key is assumed. At most "
            f"{launches.MOST_INPUTS:,}, which no source states.",
            hint=_Rows | None,
        ),
        "unstructure_meta": assumed(
            "How `meta` comes back: with `true` its keys are spread over the result row, with "
            "`false` they stay under `meta`. The field is documented, what it does is not.",
            hint=_Flag,
            default=False,
        ),
        "repeat_option": documented("How often the launch repeats; leave it out to run once."),
        "delay": observed(
            "How many seconds to wait before it starts: at most those of 366 days, which no source "
            "states.",
            hint=Annotated[float, Meta(ge=0, le=launches.LONGEST_DELAY_SECONDS)] | None,
            default=0,
        ),
    },
)
_LAUNCHED_WORKFLOW = TypeMeaning(
    text="The workflow as the answer to a launch shows it.",
    fields={
        "uid": documented("The workflow's UID."),
        "permalink": documented("A slug of its name, with a UUID right behind it."),
        "name": documented("Its name."),
        "created_at": documented("When it was made."),
        "project_id": documented("The workspace's internal number, which is not its UID."),
        "linked_templates": documented("UIDs of the templates that its steps were made from."),
        "template_uid": documented("The template that it was made from."),
    },
)
_LAUNCH_ACCEPTED = TypeMeaning(
    text="The answer to a launch.",
    fields={
        "job_uid": documented("The job that was made: what every later call needs."),
        "message": documented("A sentence for people: `Bot successfully scheduled.`"),
        "workflow": documented("The workflow that was launched."),
    },
)
_JOB = TypeMeaning(
    text="One run of a workflow, or the part of it that ran one step. Any field but `uid` may be "
    "null.",
    fields=nullable_but(
        "uid",
        uid=observed("The job's UID."),
        name=observed("Its name, from the launch."),
        status=documented(
            "`pending`, `running`, `finished`, `warning` (bad input, parameter or cookie), "
            "`shutdown` (technical trouble), `stopped` (by a person or Cancel a job) or `paused` "
            "(an account needs care). "
            "Be ready for others, such as `completed` for `finished`."
        ),
        error_message=documented("Why it failed; null otherwise."),
        start_time=observed("When it started."),
        finish_time=observed("When it ended."),
        scheduled_time=observed("When it is to start."),
        number_inputs=observed("How many input rows it has."),
        row_count=documented("How many result rows it has made so far."),
        total_row_count=observed("How many result rows there are in all."),
        workflow_uid=observed("The workflow that ran."),
        workflow_name=observed("Its name."),
        step_uid=observed("The step that this job ran."),
        accounts=observed("UIDs of the accounts that it used."),
        configuration=observed(
            "What it ran with: the step's parameters, as it seems.",
            hint=free("Configuration") | None,
        ),
        main_job_uid=observed(
            "The main job that it belongs to. Whether a main job has null here or its own UID is "
            "not known; the sandbox has null."
        ),
        main_job_name=observed("The main job's name."),
    ),
)
_PAGING = TypeMeaning(
    text="The pages beside this one.",
    fields={
        "previous": documented(
            "The whole address of the page before; null on the first one.", may_be_null=True
        ),
        "next": documented(
            "The whole address of the page after; null on the last one.", may_be_null=True
        ),
        "have_next_page": observed("Whether there is a page after this one.", is_required=True),
    },
)
_RESULT_PAGE = TypeMeaning(
    text="One page of results, of at most 1,000 rows; pages count from 1.",
    fields={
        "results": documented(
            "The rows. That their keys are the columns of the last step, and the row's own `meta`, "
            "is assumed.",
            hint=many(free("ResultRow")),
        ),
        "paging": documented("The pages beside this one.", is_required=True),
    },
)
_INPUT_PAGE = TypeMeaning(
    text="One page of a job's input rows.",
    fields={
        "inputs": assumed(
            "The rows as they were sent, each with `status` and `error_message`.",
            hint=many(free("InputOutcome")),
        ),
        "paging": assumed("The pages beside this one.", is_required=True),
    },
)
_JOB_RETRIED = TypeMeaning(
    text="The answer to a retry.",
    fields={
        "message": assumed("A sentence for people."),
        "job_uid": assumed("The job that runs again."),
    },
)

RUNS: Mapping[type, TypeMeaning] = {
    launches.Schedule: _SCHEDULE,
    launches.StepLaunch: _STEP_LAUNCH,
    launches.LaunchRequest: _LAUNCH_REQUEST,
    launches.LaunchedWorkflow: _LAUNCHED_WORKFLOW,
    launches.LaunchAccepted: _LAUNCH_ACCEPTED,
    jobs.Job: _JOB,
    jobs.Paging: _PAGING,
    jobs.ResultPage: _RESULT_PAGE,
    jobs.InputPage: _INPUT_PAGE,
    jobs.JobRetried: _JOB_RETRIED,
}
