"""The plan: inputs in parallel now (contract section 1.5), and the tasks left (section 3)."""

from __future__ import annotations

from datetime import datetime
from typing import TypeGuard

from playground.contract import jobs
from playground.contract.accounts import Workspace
from playground.contract.jobs import Job
from playground.payload.texts import fold, shorten
from playground.payload.words import counted
from playground.preflight.facts import Facts
from playground.preflight.lines import Line, Severity
from playground.preflight.words import sentence

# Inputs in parallel by plan; a plan that is not here has no limit, or none that is known.
PARALLEL_INPUTS = {
    **dict.fromkeys(("appsumo", "pro", "lunar", "mars"), 100),
    **dict.fromkeys(("scale", "growth"), 5_000),
}
# Numbers beyond this are no counts.
_MOST = 1_000_000_000_000


def check_plan(inputs: int, facts: Facts, *, is_delayed: bool = False) -> list[Line]:
    """What `inputs`, as a launch counts them, mean for the workspace's plan; 0 is no launch.

    One that is delayed runs beside nothing that runs now.
    """
    if not inputs:
        return []
    if facts.workspace is None:
        message = "The plan and its quota are not known now, so nothing was checked against them."
        problem = sentence(facts.workspace_problem)
        return [_line("workspace-unknown", "note", f"{message} {problem}".rstrip())]
    parallel = None if is_delayed else _check_parallel(inputs, facts.workspace, facts)
    found = (parallel, _check_quota(inputs, facts.workspace))
    return [line for line in found if line is not None]


def inputs_in_flight(running: tuple[Job, ...], now: datetime) -> int:
    """Inputs of the main jobs that run or are about to; not of those whose time is to come.

    A job runs at least once, also without inputs.
    """
    by_uid = {job.uid: job for job in running if job.is_main}
    return sum(
        min(max(1, job.number_inputs), _MOST) if type(job.number_inputs) is int else 1
        for job in by_uid.values()
        if job.status == jobs.RUNNING or (job.status == jobs.PENDING and not _is_to_come(job, now))
    )


def _is_to_come(job: Job, now: datetime) -> bool:
    at = job.scheduled_at
    return at is not None and at > now


def _check_parallel(inputs: int, workspace: Workspace, facts: Facts) -> Line | None:
    """Beside others the API refuses a launch that would be too much for the plan together with
    them. A single job of more inputs than that is cut up anyway, and never limited."""
    limit = PARALLEL_INPUTS.get(fold(workspace.plan_name))
    if limit is None or inputs > limit:
        return None
    plan = f"plan “{shorten(workspace.plan_name)}” allows {counted(limit, 'input')} in parallel"
    others = inputs_in_flight(facts.running or (), facts.now)
    if not others or others + inputs <= limit:
        return None if _is_running_known(facts) else _unknown_parallel(plan, facts)
    message = (
        f"{counted(others, 'input runs or waits', 'inputs run or wait')} now, this launch has "
        f"{inputs:,} more, and the {plan}: the launch would be refused (429). Launch fewer "
        "rows, or when the others are done."
    )
    return _line("parallel-limit", "stops", message)


def _is_running_known(facts: Facts) -> bool:
    return facts.running is not None and facts.is_running_whole


def _unknown_parallel(plan: str, facts: Facts) -> Line:
    what = "What" if facts.running is None else "Not all that"
    known = "is not known" if facts.running is None else "is known"
    message = (
        f"{what} runs now {known}. The {plan}, those of other jobs included: a launch beyond "
        "that is refused (429)."
    )
    return _line("parallel-unknown", "note", message)


def _check_quota(inputs: int, workspace: Workspace) -> Line | None:
    left = workspace.tasks_left
    if not _is_credible(left) or left >= inputs:
        return None
    numbers = {"allowed": workspace.tasks_max, "used": workspace.tasks_used}
    known = [f"{value:,} {name}" for name, value in numbers.items() if _is_credible(value)]
    told = f" ({', '.join(known)})" if known else ""
    message = (
        f"{counted(inputs, 'row')}, but {counted(left, 'task is', 'tasks are')} left in this "
        f"period{told}: the job may stop before its end."
    )
    return _line("quota", "risky", message)


def _is_credible(value: object) -> TypeGuard[int]:
    return type(value) is int and abs(value) <= _MOST


def _line(code: str, severity: Severity, message: str) -> Line:
    return Line(code=code, severity=severity, section="plan", message=message, path=("inputs",))
