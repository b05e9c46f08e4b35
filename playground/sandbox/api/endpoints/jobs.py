"""Jobs: state, results, inputs, retry, cancel, schedules, webhooks (sections 6.3, 7 and 8)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playground.contract import jobs
from playground.contract.accounts import Message
from playground.contract.jobs import InputPage, Job, JobRetried, ResultPage
from playground.sandbox import catalog
from playground.sandbox.account_book import AccountBook
from playground.sandbox.api import room
from playground.sandbox.api.calls import SandboxCall
from playground.sandbox.jobs import engine, rows
from playground.sandbox.jobs import uids as job_uids
from playground.sandbox.jobs import views as job_views
from playground.sandbox.jobs.attempts import AttemptState
from playground.sandbox.jobs.engine import Run
from playground.sandbox.jobs.uids import Place
from playground.sandbox.judge import launches
from playground.sandbox.judge.launches import Accepted
from playground.sandbox.limits.report import circumstances
from playground.sandbox.records import Event, Launch
from playground.sandbox.refusals import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The job that a call names: its run, the attempt it belongs to, its step (None: main)."""

    run: Run
    state: AttemptState
    step: int | None

    @property
    def job(self) -> Job:
        if self.step is None:
            return job_views.main_job(self.run)
        return job_views.step_job(self.run, self.state, self.step)

    @property
    def is_latest(self) -> bool:
        return self.state.attempt.number == self.run.latest.attempt.number


def get_job(call: SandboxCall) -> Job:
    return find_job(call, call.book()).job


def list_results(call: SandboxCall) -> ResultPage:
    found = find_job(call, call.book())
    return result_page(call, found.run, found.state, found.step)


def list_job_inputs(call: SandboxCall) -> InputPage:
    """The rows and how each fared: `succeeded`, `failed`, or `pending` while there is hope."""
    found, page = find_job(call, call.book()), call.page(first=1)
    body = _body(call, found.run, found.state)
    part = rows.inputs_page(found.state, found.run.launch.seed, body, found.step, page)
    return InputPage(inputs=part.rows, paging=call.paging(page, first=1, has_next=part.has_next))


def result_page(call: SandboxCall, run: Run, state: AttemptState, step: int | None) -> ResultPage:
    """A page of 1,000 rows of the step; of the last one when none is named."""
    page = call.page(first=1)
    last = len(state.steps) - 1 if step is None else step
    part = rows.results_page(state, run.launch.seed, _body(call, run, state), last, page)
    return ResultPage(results=part.rows, paging=call.paging(page, first=1, has_next=part.has_next))


def retry_job(call: SandboxCall) -> JobRetried:
    """Runs the job again, with a new body if one is sent; each step gets a new sub-job."""
    accepted = _judge_retry(call)
    plan = accepted.plan if accepted else None
    with _changing(call) as (call, found):
        _check_retry(found)
        event = Event(kind="retry", at=call.now, occurrence=found.run.occurrence, plan=plan)
        if plan:
            room.make_room(call.store, call.now, len(call.body), launches=0)
        call.store.add_event(found.run.launch.prefix, event, call.body if plan else None)
    message = _retried_message(found.run.launch, accepted)
    return JobRetried(message=message, job_uid=call.values["job_uid"])


def _retried_message(launch: Launch, accepted: Accepted | None) -> str:
    """What a launch takes and a retry has no use for is said, rather than lost in silence."""
    told = "Job successfully scheduled again."
    if accepted is None:
        return told
    if accepted.is_named and accepted.name != launch.name:
        told += " Its name stays as it was."
    if accepted.plan.interval and accepted.plan.interval != launch.plan.interval:
        told += " repeat_option does nothing in a retry: the schedule stays as it was."
    return told


def cancel_job(call: SandboxCall) -> Message:
    """Stops the run that the job belongs to."""
    with _changing(call) as (call, found):
        _check_status(found, jobs.CANCELLABLE, "cancelled")
        event = Event(kind="cancel", at=call.now, occurrence=found.run.occurrence)
        call.store.add_event(found.run.launch.prefix, event)
    return Message(message="Job successfully stopped.")


def retry_webhook(call: SandboxCall) -> Message:
    find_job(call, call.book())
    return Message(message="No webhook is set up in the sandbox: nothing was sent.")


def remove_schedule(call: SandboxCall) -> Message:
    """Ends every schedule of this name. Jobs that were already due stay."""
    name = call.values["job_name"]
    with call.store.exclusive():
        named = [launch for launch in call.store.list_unsettled() if launch.name == name]
        call = call.after(event.at for launch in named for event in launch.events)
        found = [launch for launch in named if engine.is_scheduled(launch, call.now)]
        if not found:
            raise Refused(404, "There is no schedule with this job name.")
        for launch in found:
            call.store.add_event(launch.prefix, Event(kind="unschedule", at=call.now))
    return Message(message="Schedule deleted.")


def find_job(call: SandboxCall, book: AccountBook) -> Found:
    return _find_in(call, *_find_place(call), book)


def _find_place(call: SandboxCall) -> tuple[Launch, Place]:
    """The launch that the job belongs to, and where in it the job would be."""
    named = job_uids.decode(call.values["job_uid"])
    launch = call.store.find_launch(named[0]) if named else None
    if named is None or launch is None:
        raise Refused(404, "There is no job with this UID.")
    return launch, named[1]


def _find_in(call: SandboxCall, launch: Launch, place: Place, book: AccountBook) -> Found:
    run = _run(call, launch, place.occurrence, book)
    if run is None:
        raise Refused(404, "There is no job with this UID.")
    attempt, step = place.attempt, place.step
    if step is None:
        return Found(run=run, state=run.latest, step=None)
    if attempt >= len(run.attempts) or step >= len(run.attempts[attempt].steps):
        raise Refused(404, "There is no job with this UID.")
    return Found(run=run, state=run.attempts[attempt], step=step)


@contextmanager
def _changing(call: SandboxCall) -> Iterator[tuple[SandboxCall, Found]]:
    """Holds the store while the job is read, judged and an event of it is written."""
    with call.store.exclusive():
        launch, place = _find_place(call)
        call = call.after(event.at for event in launch.events)
        yield call, _find_in(call, launch, place, call.book())


def _run(call: SandboxCall, launch: Launch, occurrence: int, book: AccountBook) -> Run | None:
    around = circumstances(call.store, [launch.workflow_uid], call.now, book)
    return engine.run_at(launch, occurrence, call.now, around)


def _body(call: SandboxCall, run: Run, state: AttemptState) -> bytes:
    return call.store.read_body(run.launch.prefix, state.attempt.body_number)


def _check_status(found: Found, permitted: frozenset[str], done: str) -> None:
    """The job itself and the run it belongs to must be in a status that permits it."""
    if not found.is_latest:
        raise Refused(400, f"The job belongs to an earlier attempt and cannot be {done}.")
    for status in (found.job.status, found.run.latest.status):
        if status not in permitted:
            raise Refused(400, f"A job that is {status} cannot be {done}.")


def _check_retry(found: Found) -> None:
    _check_status(found, jobs.RETRYABLE, "retried")
    latest = found.run.latest
    if not engine.may_be_retried(latest):
        raise Refused(400, "The job is about to run again: it cannot be retried before it does.")
    if latest.attempt.number + 1 >= job_uids.MOST_ATTEMPTS:
        raise Refused(400, "The job has been retried too often: launch it anew.")


def _judge_retry(call: SandboxCall) -> Accepted | None:
    """What the body that came with the retry asks for; None: run again as before. A body may be
    large, so that it is judged before the store is held."""
    if not call.body.strip():
        return None
    book = call.book()
    found = find_job(call, book)
    _check_retry(found)
    workflow = catalog.find_workflow(found.run.launch.workflow_uid)
    if workflow is None:
        raise Refused(404, "The job's workflow does not exist any more.")
    integration_of = book.integration_finder(call.now)
    return launches.judge_launch(call.body, workflow.workflow, integration_of)
