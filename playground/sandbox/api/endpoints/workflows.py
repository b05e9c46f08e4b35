"""Workflows: listing, schema, launch, jobs and the latest results (section 6)."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator
from datetime import datetime

from playground.contract.jobs import Job, ResultPage
from playground.contract.launches import LaunchAccepted, LaunchedWorkflow
from playground.contract.workflows import StepSummary, Workflow, WorkflowSummary
from playground.sandbox import catalog
from playground.sandbox.account_book import AccountBook
from playground.sandbox.api import room
from playground.sandbox.api.calls import PAGE_SIZE, SandboxCall
from playground.sandbox.api.endpoints.jobs import result_page
from playground.sandbox.catalog import CatalogWorkflow
from playground.sandbox.jobs import engine
from playground.sandbox.jobs import uids as job_uids
from playground.sandbox.jobs import views as job_views
from playground.sandbox.judge import launches
from playground.sandbox.limits.report import circumstances
from playground.sandbox.records import Launch, Plan
from playground.sandbox.refusals import Refused

# The internal number of the workspace (section 6).
PROJECT_NUMBER = 1
LISTED = room.KEPT_FOR
# Of a schedule's runs only so many are listed: at a high speed there may be billions.
MOST_LISTED_RUNS = 1_000
# Among so many launches, one prunes what is too old.
_PRUNED_EVERY = 200


def list_workflows(call: SandboxCall) -> list[WorkflowSummary]:
    del call
    return [_summary(item) for item in catalog.WORKFLOWS]


def get_workflow(call: SandboxCall) -> Workflow:
    return _find(call).workflow


def launch_workflow(call: SandboxCall) -> LaunchAccepted:
    """Accepts a launch, or refuses it: 400 for its body, 429 for the plan's limit."""
    found, book = _find(call), call.book()
    accepted = launches.judge_launch(call.body, found.workflow, book.integration_finder(call.now))
    with call.store.exclusive():
        _check_limit(call, book, accepted.plan)
        room.make_room(call.store, call.now, len(call.body))
        launch = _new_launch(call, found, accepted)
        call.store.add_launch(launch, call.body)
        if launch.seed % _PRUNED_EVERY == 0:
            room.prune(call.store, call.now)
    return LaunchAccepted(
        workflow=_launched(found),
        message="Bot successfully scheduled.",
        job_uid=job_uids.first_job(launch.prefix),
    )


def list_jobs(call: SandboxCall) -> list[Job]:
    """The workflow's jobs of the last two months, the latest run first."""
    page, book = call.page(first=0), call.book()
    skipped, listed = page * PAGE_SIZE, list[Job]()
    uid = _find(call).workflow.uid
    around = circumstances(call.store, [uid], call.now, book)
    for launch, occurrence in _places(call, uid):
        count = _known_count(launch)
        if count and skipped >= count:
            skipped -= count  # Nothing of this run is on the page: it need not be worked out.
            continue
        run = engine.run_at(launch, occurrence, call.now, around)
        jobs = job_views.jobs_of(run) if run else []
        listed += jobs[skipped:]
        skipped = max(0, skipped - len(jobs))
        if len(listed) >= PAGE_SIZE:
            break
    return listed[:PAGE_SIZE]


def get_last_results(call: SandboxCall) -> ResultPage:
    """The results of the latest run that has begun; without one, an empty page."""
    page = call.page(first=1)
    book = call.book()
    uid = _find(call).workflow.uid
    around = circumstances(call.store, [uid], call.now, book)
    places = _places(call, uid)
    runs = (engine.run_at(launch, number, call.now, around) for launch, number in places)
    run = next((run for run in runs if run and run.latest.start_at), None)
    if run is None:
        return ResultPage(results=(), paging=call.paging(page, first=1, has_next=False))
    return result_page(call, run, run.latest, None)


def _find(call: SandboxCall) -> CatalogWorkflow:
    found = catalog.find_workflow(call.values["workflow_uid"])
    if found is None:
        raise Refused(404, "There is no workflow with this UID.")
    return found


def _summary(item: CatalogWorkflow) -> WorkflowSummary:
    return WorkflowSummary(
        uid=item.workflow.uid,
        name=item.workflow.name,
        created_at=item.created_at,
        project_id=PROJECT_NUMBER,
        template_uid=item.template_uid,
        steps=tuple(
            StepSummary(name=step.name, step_uid=step.step_uid, uid=step.step_uid)
            for step in item.workflow.ordered_steps
        ),
        # A launch's answer shows them too; here they tell which limits govern the steps.
        linked_templates=item.linked_templates,
    )


def _launched(item: CatalogWorkflow) -> LaunchedWorkflow:
    return LaunchedWorkflow(
        uid=item.workflow.uid,
        permalink=item.permalink,
        name=item.workflow.name,
        created_at=item.created_at,
        project_id=PROJECT_NUMBER,
        linked_templates=item.linked_templates,
        template_uid=item.template_uid,
    )


def _check_limit(call: SandboxCall, book: AccountBook, plan: Plan) -> None:
    """Beside others a launch counts with them (section 1.5). Not one that begins later, nor one
    of more inputs than the plan allows: a single job is never limited, since it is cut up anyway.
    """
    limit, rows = call.settings.plan_limit, plan.number_rows
    others = room.settle(call.store, call.now, book)
    if rows <= limit < others + rows and not plan.delay:
        wait = max(1, math.ceil(10 / call.settings.speed))
        sentence = (
            f"Too many inputs in parallel: {others} are running or pending, this launch has {rows} "
            f"and the plan allows {limit}. Try again later."
        )
        raise Refused(429, sentence, {"Retry-After": str(wait)})


def _new_launch(call: SandboxCall, found: CatalogWorkflow, accepted: launches.Accepted) -> Launch:
    seed = call.store.new_seed()
    return Launch(
        prefix=job_uids.make_prefix(seed),
        workflow_uid=found.workflow.uid,
        name=accepted.name,
        created_at=call.now,
        seed=seed,
        speed=call.settings.speed,
        plan=accepted.plan,
    )


def _known_count(launch: Launch) -> int:
    """How many jobs each run of the launch has; 0 when retries make that depend on the run."""
    is_retried = any(event.kind == "retry" for event in launch.events)
    return 0 if is_retried else 1 + len(launch.plan.steps)


def _places(call: SandboxCall, workflow_uid: str) -> Iterator[tuple[Launch, int]]:
    """The runs of the last two months, the latest first."""
    since = call.now - LISTED
    once = ((item, 0) for item in call.store.iterate_due(workflow_uid, since))
    repeating = reversed(call.store.list_repeating(workflow_uid))
    streams = [once, *(_listed_runs(launch, since, call.now) for launch in repeating)]
    return heapq.merge(*streams, key=lambda place: engine.due_at(*place), reverse=True)


def _listed_runs(launch: Launch, since: datetime, now: datetime) -> Iterator[tuple[Launch, int]]:
    count = engine.count_occurrences(launch, now)
    for occurrence in range(count - 1, max(-1, count - 1 - MOST_LISTED_RUNS), -1):
        if engine.due_at(launch, occurrence) < since:
            return
        yield launch, occurrence
