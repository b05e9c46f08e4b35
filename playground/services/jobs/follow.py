"""Jobs: following one and its steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from playground.contract import wire
from playground.contract.jobs import Job
from playground.contract.workflows import Step, Workflow
from playground.models import Launch
from playground.redaction import answers, texts
from playground.services import permissions
from playground.services.ledger import launches as launch_ledger
from playground.services.permissions import Person
from playground.services.upstream_cache import invalidation
from playground.services.upstream_cache.cache import FreshnessCache, Known
from playground.services.upstream_cache.calls import UnableToReachUpstream, ask
from playground.services.upstream_cache.invalidation import Kept
from playground.services.workflows import lookup as workflow_lookup
from playground.upstream.client import WorkflowClient

# Several people may watch one job: the upstream is asked once for all of them.
WATCH_MAX_AGE = 1.0
# Seconds for which it is not asked again what has just failed.
WATCH_FAILURES_KEPT = 2.0
# The same for a page of a workflow's jobs: kept to be shown when there is nothing newer.
LIST_MAX_AGE = 1.0
MOST_LISTS = 50
MOST_JOB_PAGES = 3

_jobs: FreshnessCache[Job] = FreshnessCache(failures_kept=WATCH_FAILURES_KEPT)
_listings: FreshnessCache[tuple[Job, ...]] = FreshnessCache(failures_kept=WATCH_FAILURES_KEPT)
_lists: FreshnessCache[tuple[Job, ...]] = FreshnessCache(most=MOST_LISTS)
invalidation.register(Kept.JOB, _jobs)
invalidation.register(Kept.JOB_PARTS, _listings)
invalidation.register(Kept.JOB_LISTS, _lists)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedJob:
    """An entry of a workflow's listing; `step_name` for a part that ran one step."""

    job: Job
    step_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedAccount:
    """An account that a step ran with, by its UID.

    `services.accounts.lookup` knows names. Without an `integration` nothing more is known of it;
    `is_gone` when all accounts of that are known, and it is none of them.
    """

    uid: str
    name: str = ""
    integration: str = ""
    is_gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class JobStep:
    """One step of a job: what the workflow says of it, and the sub-job that ran it, if seen."""

    number: int
    step_uid: str
    name: str
    step: Step | None
    job: Job | None
    accounts: tuple[UsedAccount, ...] = ()

    @property
    def lacks_account(self) -> bool:
        """Whether it was given none, and is known to need one."""
        return bool(self.step and self.step.integration_slugs) and not self.accounts

    @property
    def takes_no_account(self) -> bool:
        """Whether it was given none, and is known to need none."""
        return self.step is not None and not self.step.integration_slugs and not self.accounts

    @property
    def configuration(self) -> tuple[tuple[str, str], ...]:
        """What it ran with: name and value as JSON; not those of parameters that hold secrets."""
        return _shown(self.job.configuration if self.job else None)

    @property
    def error_message(self) -> str:
        """What went wrong, as the upstream says."""
        said = self.job.error_message if self.job else None
        return texts.hide(said) if isinstance(said, str) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobDetail:
    """A job with its steps. `chosen` is the step that the address asked for, if there is one.

    Without a `launch` there may be a `schedule`: a launch that repeats and whose name it bears.
    With `why_old` it is the job as it was `age` seconds ago, and that says why.
    """

    job: Job
    workflow: Workflow | None
    launch: Launch | None
    schedule: Launch | None = None
    steps: tuple[JobStep, ...]
    chosen: JobStep | None
    problem: str = ""
    age: float = 0.0
    why_old: str = ""

    @property
    def waits_for_account(self) -> bool:
        """Whether a paused job can wait for an account: not if its paused steps take none."""
        paused = [one for one in self.steps if one.job and one.job.is_paused]
        return not paused or not all(one.takes_no_account for one in paused)

    @property
    def error_message(self) -> str:
        """What went wrong, as the upstream says."""
        said = self.job.error_message
        return texts.hide(said) if isinstance(said, str) else ""


def get_job(user: Person, job_uid: str, *, step_uid: str = "") -> JobDetail:
    """One job as it stands now, or as it was when the upstream was asked last.

    Raises `UnableToReachUpstream`.
    """
    permissions.require(user, "see jobs", job_uid)
    launch_ledger.require_here(job_uid)
    known = _fetch_job(job_uid)
    job = known.value
    launch = launch_ledger.find_launch_of_job(job.uid)
    workflow_uid = _text(job.workflow_uid) or (launch.workflow_uid if launch else "")
    workflow, problem = None, ""
    parts: tuple[Job, ...] = ()
    if workflow_uid and known.problem:
        # Whoever asks on would only wait once more.
        workflow = workflow_lookup.peek_workflow(workflow_uid)
        found = _listings.peek(_key(workflow_uid, job.uid))
        parts = found.value if found else ()
    elif workflow_uid:
        try:
            workflow = workflow_lookup.find_workflow(workflow_uid).value
            found_parts = _sub_jobs(workflow_uid, job.uid)
            parts, problem = found_parts.value, found_parts.problem
        except UnableToReachUpstream as error:
            problem = error.sentence
    steps = _steps(workflow, job, parts)
    chosen = next((step for step in steps if step.step_uid == step_uid), None)
    return JobDetail(
        job=job,
        workflow=workflow,
        launch=launch,
        schedule=None if launch else _schedule_of(job),
        steps=steps,
        chosen=chosen,
        problem=problem,
        age=known.age,
        why_old=known.problem,
    )


def sent_parameters(detail: JobDetail) -> tuple[tuple[str, str], ...]:
    """The parameters of the chosen step as the launch sent them, shown as `configuration` is;
    nothing where it is not known."""
    launch = detail.launch or detail.schedule
    if launch is None or detail.chosen is None:
        return ()
    sent = launch_ledger.sent_parameters(launch.pk, launch.fingerprint)
    return _shown(sent.get(detail.chosen.step_uid))


def _shown(given: object) -> tuple[tuple[str, str], ...]:
    """Name and value as JSON; what holds a secret is hidden."""
    return tuple(
        (name, wire.encode(answers.hide_value(name, value)).decode())
        for name, value in (given.items() if isinstance(given, Mapping) else ())
    )


def list_jobs(user: Person, workflow: Workflow, *, page: int = 0) -> Known[tuple[ListedJob, ...]]:
    """A page of the workflow's jobs of two months, from 0. Raises `UnableToReachUpstream`."""
    permissions.require(user, "see jobs", workflow.uid)
    found = _lists.get_known(
        f"{workflow.uid} {page}",
        lambda: ask(lambda client: client.list_jobs(workflow.uid, page=page)),
        max_age=LIST_MAX_AGE,
    )
    names = {step.step_uid: step.name for step in workflow.steps}
    jobs = tuple(
        ListedJob(job=job, step_name=names.get(_text(job.step_uid), "")) for job in found.value
    )
    return Known(jobs, found.age, found.problem)


def _schedule_of(job: Job) -> Launch | None:
    """The newest launch that repeats, or did, under the name of the job and before it."""
    name, at = _text(job.name), job.scheduled_at or job.started_at
    if not name or at is None:
        return None
    return launch_ledger.find_schedule_of(name, _text(job.workflow_uid), at)


def _fetch_job(job_uid: str) -> Known[Job]:
    return _jobs.get_known(
        job_uid, lambda: ask(lambda client: client.get_job(job_uid)), max_age=WATCH_MAX_AGE
    )


def _sub_jobs(workflow_uid: str, job_uid: str) -> Known[tuple[Job, ...]]:
    """The parts of a main job, found in the workflow's listing (contract section 7.1)."""
    return _listings.get_known(
        _key(workflow_uid, job_uid),
        lambda: ask(lambda client: _fetch_sub_jobs(client, workflow_uid, job_uid)),
        max_age=WATCH_MAX_AGE,
    )


def _key(workflow_uid: str, job_uid: str) -> str:
    return f"{workflow_uid} {job_uid}"


def _fetch_sub_jobs(client: WorkflowClient, workflow_uid: str, job_uid: str) -> tuple[Job, ...]:
    parts: list[Job] = []
    for page in range(MOST_JOB_PAGES):
        jobs = client.list_jobs(workflow_uid, page=page)
        found = [job for job in jobs if job.main_job_uid == job_uid and job.uid != job_uid]
        parts.extend(found)
        # Parts of one job stand together: past them there are only other jobs'.
        if not jobs or (parts and not found):
            break
    return tuple(parts)


def _steps(workflow: Workflow | None, job: Job, parts: tuple[Job, ...]) -> tuple[JobStep, ...]:
    by_step = {_text(part.step_uid): part for part in reversed(parts) if _text(part.step_uid)}
    if _text(job.step_uid):
        by_step.setdefault(_text(job.step_uid), job)
    known = workflow.ordered_steps if workflow else ()
    steps = [(step.step_uid, step.name, step) for step in known]
    named = {step.step_uid for step in known}
    others = [(uid, uid, None) for uid in by_step if uid not in named]
    return tuple(
        JobStep(
            number=number,
            step_uid=uid,
            name=name,
            step=step,
            job=by_step.get(uid),
            accounts=_accounts(step, by_step.get(uid)),
        )
        for number, (uid, name, step) in enumerate([*steps, *others], start=1)
    )


def _accounts(step: Step | None, job: Job | None) -> tuple[UsedAccount, ...]:
    slugs = step.integration_slugs if step else ()
    # A step of one integration has no accounts of another.
    slug = slugs[0] if len(slugs) == 1 else ""
    uids = (job.accounts or ()) if job else ()
    return tuple(UsedAccount(uid=uid, integration=slug) for uid in uids)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
