"""A sandbox in which launches were made before, and what its API tells of it as facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from playground.contract import jobs, wire
from playground.contract.accounts import Account, AccountPage, Workspace
from playground.contract.jobs import Job
from playground.contract.workflows import Step, Workflow, WorkflowSummary
from playground.payload.build.builder import Built, KnownAccounts, build_launch_request
from playground.payload.build.repeats import key_names, row_digest
from playground.payload.drafts import Entry, LaunchDraft, RowDraft, StepDraft
from playground.preflight.checks import Preflight, check_launch
from playground.preflight.facts import Facts, PastLaunch
from tests.sandbox.world import World

Change = Callable[["Scene"], None]
Override = Callable[[Facts], Facts]


@dataclass(kw_only=True)
class Scene:
    """`ledger` is what this playground recorded of its launches, with the workflows' UIDs."""

    world: World = field(default_factory=World)
    ledger: list[tuple[str, PastLaunch]] = field(default_factory=list)

    def wait(self, **length: float) -> None:
        self.world.now += timedelta(**length)

    def launch(self, workflow: Workflow, draft: LaunchDraft, by: str = "ana") -> str:
        """Launches the draft, records it, and returns the main job's UID."""
        built = build_launch_request(workflow, draft, self.accounts(workflow))
        uid = self.world.launch(workflow, built.body)
        name = built.value.get("job_name")
        recorded = PastLaunch(
            number=len(self.ledger) + 1,
            by=by,
            at=self.world.now,
            job_name=name if isinstance(name, str) and name.strip() else workflow.name,
            fingerprint=built.fingerprint,
            rows=frozenset(row_digest(row, key_names(workflow)) for row in built.value["inputs"]),
            is_repeating=bool(built.value.get("repeat_option")),
        )
        self.ledger.append((workflow.uid, recorded))
        return uid

    def save_account(self, slug: str, uid: str, **credentials: Any) -> None:
        sent = {"account": {"uid": uid, **credentials}}
        self.world.post(f"/integrations/{slug}/accounts", sent)

    def delete_account(self, slug: str, uid: str) -> None:
        self.world.delete(f"/integrations/{slug}/accounts/{uid}")

    def accounts(self, workflow: Workflow) -> KnownAccounts:
        slugs = workflow.integration_slugs
        return KnownAccounts(
            by_uid={item.uid: item for slug in slugs for item in self._accounts_of(slug)},
            integrations=frozenset(slugs),
        )

    def facts(self, workflow: Workflow) -> Facts:
        """Everything but the ledger is read through the API."""
        past = self._main_jobs(workflow.uid)
        every = [job for item in self._workflows() for job in self._main_jobs(item.uid)]
        return Facts(
            now=self.world.now,
            accounts=self.accounts(workflow),
            account_problems={},
            templates=self._templates(workflow),
            workspace=wire.from_builtins(Workspace, self.world.get("/workspace")),
            running=tuple(job for job in every if job.status in (jobs.PENDING, jobs.RUNNING)),
            past_jobs=tuple(past),
            launches=tuple(launch for uid, launch in self.ledger if uid == workflow.uid),
            schedules=tuple(launch for _, launch in self.ledger if launch.is_repeating),
        )

    def _accounts_of(self, slug: str) -> Iterator[Account]:
        for number in range(10):
            path = f"/integrations/{slug}/accounts?page={number}"
            page = wire.from_builtins(AccountPage, self.world.get(path))
            yield from page.accounts
            if not page.next_page_exist:
                return

    def _workflows(self) -> list[WorkflowSummary]:
        return [wire.from_builtins(WorkflowSummary, item) for item in self.world.get("/workflows")]

    def _main_jobs(self, workflow_uid: str) -> list[Job]:
        found: list[Job] = []
        for number in range(10):
            page = self.world.get(f"/workflows/{workflow_uid}/jobs?page={number}")
            found += [wire.from_builtins(Job, item) for item in page]
            if not page:
                break
        return [job for job in found if job.is_main]

    def _templates(self, workflow: Workflow) -> dict[str, str]:
        """A workflow of one step names that step's template; others have steps of its kind."""
        by_kind: dict[str, str] = {}
        wanted = {step.permalink for step in workflow.steps}
        for item in self._workflows():
            if isinstance(item.template_uid, str) and len(item.steps or ()) == 1:
                raw = self.world.get(f"/workflows/{item.uid}/details")["steps"][0]
                kind = wire.from_builtins(Step, raw).permalink
                if kind in wanted:
                    by_kind[str(kind)] = item.template_uid
        return {
            step.step_uid: by_kind[str(step.permalink)]
            for step in workflow.steps
            if step.permalink in by_kind
        }


@dataclass(frozen=True, kw_only=True)
class Situation:
    """`lines` are (code, severity, field) or (code, severity, field, message). In a field `{0}`
    stands for the UID of the workflow's first step."""

    name: str
    workflow: Workflow
    draft: LaunchDraft
    plan_limit: int = 0
    before: tuple[Change, ...] = ()
    but: Override = lambda facts: facts
    lines: tuple[tuple[str, ...], ...] = ()
    days: int | None = None

    def play(self) -> tuple[Scene, Built, Preflight]:
        scene = Scene(world=World(plan_limit=self.plan_limit))
        for change in self.before:
            change(scene)
        facts = self.but(scene.facts(self.workflow))
        built = build_launch_request(self.workflow, self.draft, facts.accounts)
        return scene, built, check_launch(self.workflow, self.draft, built, facts)

    def expected(self) -> list[tuple[str, ...]]:
        uids = [step.step_uid for step in self.workflow.ordered_steps]
        return [(code, severity, at.format(*uids)) for code, severity, at, *_ in self.lines]


def draft(
    workflow: Workflow,
    rows: list[dict[str, Any]],
    *accounts: str,
    steps: dict[int, dict[str, Any]] | None = None,
    name: str = "Monday",
    **changes: Any,
) -> LaunchDraft:
    """Each step that takes accounts is given these; `steps` changes the step at a place, and
    other changes are those of the draft, text standing for what is typed."""
    step_drafts = {}
    for place, step in enumerate(workflow.ordered_steps):
        given = {"accounts": accounts if step.integration_slugs else ()}
        given |= (steps or {}).get(place, {})
        step_drafts[step.step_uid] = StepDraft(step_uid=step.step_uid, **_entries(given))
    return LaunchDraft(
        job_name=Entry(name),
        rows=tuple(
            RowDraft(number=number, entries=_entries(row), is_kept=not row)
            for number, row in enumerate(rows)
        ),
        steps=step_drafts,
        **_entries(changes),
    )


def without_accounts(facts: Facts, slug: str) -> Facts:
    """The facts when the integration could not be asked."""
    known = facts.accounts
    kept = {
        uid: account
        for uid, account in known.by_uid.items()
        if account.application_permalink != slug
    }
    return replace(
        facts,
        accounts=KnownAccounts(by_uid=kept, integrations=known.integrations - {slug}),
        account_problems={slug: "The upstream did not answer in time."},
    )


def _entries(values: dict[str, Any]) -> dict[str, Any]:
    """Text becomes what was typed into a field, also in `parameters`; the rest stays."""
    return {
        key: Entry(value)
        if isinstance(value, str)
        else _entries(value)
        if isinstance(value, dict)
        else value
        for key, value in values.items()
    }
