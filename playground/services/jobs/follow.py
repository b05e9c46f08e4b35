"""Jobs: following one and its steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from playground.contract import wire
from playground.contract.jobs import Job
from playground.contract.workflows import Step, Workflow
from playground.models import Launch
from playground.redaction import answers, texts
from playground.services import permissions
from playground.services.jobs import looks
from playground.services.jobs.looks import Look, Wanted
from playground.services.ledger import launches as launch_ledger
from playground.services.permissions import Person
from playground.services.upstream_cache import invalidation
from playground.services.upstream_cache.cache import FreshnessCache, Known
from playground.services.upstream_cache.calls import UnableToReachUpstream, ask
from playground.services.upstream_cache.invalidation import Kept
from playground.services.workflows import lookup as workflow_lookup

# Seconds that a page of a workflow's jobs is good for; kept on, where there is nothing newer.
LIST_MAX_AGE = 1.0
MOST_LISTS = 50

_lists: FreshnessCache[tuple[Job, ...]] = FreshnessCache(most=MOST_LISTS)
invalidation.register(Kept.JOB_LISTS, _lists)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedStep:
    """A part of a job that ran one step."""

    job: Job
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedJob:
    """A job of a workflow's listing, with its parts that stand on the same page of it. `job` is
    None when it stands on another one itself; `launch` is ours that made it, if any."""

    uid: str
    job: Job | None
    steps: tuple[ListedStep, ...]
    launch: Launch | None

    @property
    def name(self) -> str:
        """What it is called, as far as this page says."""
        names = [self.job.name] if self.job else [one.job.main_job_name for one in self.steps]
        return next((name for name in names if isinstance(name, str) and name.strip()), self.uid)

    @property
    def statuses(self) -> tuple[tuple[str, int], ...]:
        """Of its parts, with how many are in each."""
        found = Counter(_text(one.job.status) or "unknown" for one in self.steps)
        return tuple(found.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class JobsPage:
    """`left_out` entries of the listing's page are not looked at."""

    jobs: tuple[ListedJob, ...]
    left_out: int


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


def get_job(user: Person, job_uid: str, *, step_uid: str = "", is_poll: bool = False) -> JobDetail:
    """One job as it stands now, or as it was when the upstream was asked last; `is_poll` for a
    page that asks again and again.

    Raises `UnableToReachUpstream`.
    """
    permissions.require(user, "see jobs", job_uid)
    launch = launch_ledger.find_launch_of_job(job_uid)
    if launch is None:
        launch_ledger.require_here(job_uid)
    launched = launch.workflow_uid if launch else ""
    known = looks.look(Wanted(job_uid=job_uid, workflow_uid=launched, is_poll=is_poll))
    job, problem = known.value.job, known.value.problem
    if job.uid != job_uid:
        launch = launch_ledger.find_launch_of_job(job.uid)
    workflow, missing = _workflow_of(_text(job.workflow_uid) or launched, known, is_poll)
    steps = _steps(workflow, job, known.value.parts)
    chosen = next((step for step in steps if step.step_uid == step_uid), None)
    return JobDetail(
        job=job,
        workflow=workflow,
        launch=launch,
        schedule=None if launch else _schedule_of(job),
        steps=steps,
        chosen=chosen,
        problem=problem or missing,
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


def list_jobs(user: Person, workflow: Workflow, *, most: int, page: int = 0) -> Known[JobsPage]:
    """A page of the workflow's jobs of two months, from 0, of at most so many entries. Raises
    `UnableToReachUpstream`."""
    permissions.require(user, "see jobs", workflow.uid)
    found = _lists.get_known(
        f"{workflow.uid} {page}",
        lambda: ask(lambda client: client.list_jobs(workflow.uid, page=page)),
        max_age=LIST_MAX_AGE,
    )
    entries = found.value[:most]
    shown = JobsPage(jobs=_together(workflow, entries), left_out=len(found.value) - len(entries))
    return Known(shown, found.age, found.problem)


def _together(workflow: Workflow, entries: Sequence[Job]) -> tuple[ListedJob, ...]:
    """Each job with its parts, where the first of them stands."""
    names = {step.step_uid: step.name for step in workflow.steps}
    mains = {job.uid: job for job in entries if job.is_main}
    steps: dict[str, list[ListedStep]] = {}
    for job in entries:
        of_job = steps.setdefault(_text(job.main_job_uid) or job.uid, [])
        if not job.is_main:
            of_job.append(ListedStep(job=job, name=names.get(_text(job.step_uid), "")))
    launches = launch_ledger.find_launches_of_jobs(steps)
    return tuple(
        ListedJob(uid=uid, job=mains.get(uid), steps=tuple(parts), launch=launches.get(uid))
        for uid, parts in steps.items()
    )


def _schedule_of(job: Job) -> Launch | None:
    """The newest launch that repeats, or did, under the name of the job and before it."""
    name, at = _text(job.name), job.scheduled_at or job.started_at
    if not name or at is None:
        return None
    return launch_ledger.find_schedule_of(name, _text(job.workflow_uid), at)


def _workflow_of(
    workflow_uid: str, known: Known[Look], is_poll: bool
) -> tuple[Workflow | None, str]:
    """The job's workflow, if it can be had, or why not."""
    if not workflow_uid:
        return None, ""
    if known.problem:
        # Whoever asks on would only wait once more.
        return workflow_lookup.peek_workflow(workflow_uid), ""
    try:
        if is_poll:
            # Its steps do not change while one looks at a job.
            return workflow_lookup.get_known_workflow(workflow_uid), ""
        return workflow_lookup.find_workflow(workflow_uid).value, ""
    except UnableToReachUpstream as error:
        return None, error.sentence


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
