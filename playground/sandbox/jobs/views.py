"""Jobs as the API shows them (section 7.1)."""

from __future__ import annotations

from typing import Any

import msgspec

from playground.contract.jobs import Job
from playground.contract.times import write_time
from playground.sandbox import catalog
from playground.sandbox.jobs import flow, uids
from playground.sandbox.jobs.attempts import AttemptState, StepState
from playground.sandbox.jobs.engine import Run
from playground.sandbox.jobs.uids import Place
from playground.sandbox.records import Plan


def main_job(run: Run) -> Job:
    """The run as a whole, seen through its latest attempt. It has no `step_uid`."""
    state = run.latest
    plan = state.attempt.plan
    accounts = [uid for step in state.steps for uid in step.accounts]
    return Job(
        uid=main_uid(run),
        name=run.launch.name,
        status=state.status,
        error_message=state.error,
        start_time=write_time(state.start_at),
        finish_time=write_time(state.finish_at),
        scheduled_time=write_time(state.attempt.due_at),
        number_inputs=plan.number_inputs,
        row_count=state.steps[-1].row_count,
        total_row_count=sum(step.row_count for step in state.steps),
        workflow_uid=run.launch.workflow_uid,
        workflow_name=_workflow_name(run),
        step_uid=None,
        accounts=tuple(dict.fromkeys(accounts)),
        configuration=_as_json(_configuration(plan)),
        main_job_uid=None,
        main_job_name=None,
    )


def step_job(run: Run, state: AttemptState, index: int) -> Job:
    """What one step did in one attempt."""
    now, plan = state.steps[index], state.attempt.plan.steps[index]
    return Job(
        uid=step_uid(run, state, index),
        name=run.launch.name,
        status=now.status,
        error_message=now.error,
        start_time=write_time(now.start_at),
        finish_time=write_time(now.finish_at),
        scheduled_time=write_time(state.attempt.due_at),
        number_inputs=_inputs_of_step(state.attempt.plan, now),
        row_count=now.row_count,
        total_row_count=now.row_count,
        workflow_uid=run.launch.workflow_uid,
        workflow_name=_workflow_name(run),
        step_uid=plan.step_uid,
        accounts=now.accounts,
        configuration=_as_json(dict(plan.parameters)),
        main_job_uid=main_uid(run),
        main_job_name=run.launch.name,
    )


def jobs_of(run: Run) -> list[Job]:
    """The main job, then the steps of the latest attempt, then those of earlier ones."""
    steps = [
        step_job(run, state, index)
        for state in reversed(run.attempts)
        for index in range(len(state.steps))
    ]
    return [main_job(run), *steps]


def main_uid(run: Run) -> str:
    return uids.encode(run.launch.prefix, Place(occurrence=run.occurrence))


def step_uid(run: Run, state: AttemptState, index: int) -> str:
    place = Place(occurrence=run.occurrence, attempt=state.attempt.number, step=index)
    return uids.encode(run.launch.prefix, place)


def _workflow_name(run: Run) -> str | None:
    found = catalog.find_workflow(run.launch.workflow_uid)
    return found.workflow.name if found else None


def _configuration(plan: Plan) -> dict[str, Any]:
    return {
        "steps": [
            {
                "step_uid": step.step_uid,
                "accounts": list(step.accounts),
                "accounts_rotation_enabled": step.is_rotating,
                "parameters": dict(step.parameters),
            }
            for step in plan.steps
        ]
    }


def _as_json(value: dict[str, Any]) -> Any:
    """Finished JSON: a parameter may be nested deeper than the contract's encoder goes."""
    return msgspec.Raw(msgspec.json.encode(value))


def _inputs_of_step(plan: Plan, step: StepState) -> int:
    """The first step takes the launch's rows, a later one what the step before will have made."""
    if step.index == 0:
        return plan.number_inputs
    return flow.inputs_of(plan, step.index)
