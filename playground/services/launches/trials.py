"""Trials: a launch of the first rows, on the upstream itself or on the sandbox."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass

from django.conf import settings

from playground.contract.workflows import Workflow
from playground.payload.drafts import LaunchDraft
from playground.payload.edit import trials
from playground.services import permissions
from playground.services.accounts import lookup as account_lookup
from playground.services.permissions import Person
from playground.services.workflows import lookup as workflow_lookup
from playground.upstream import targets


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A launch that is ready to be looked at, not sent. `total` rows were in the draft;
    `notes` say what else is not as it was there."""

    workflow: Workflow
    draft: LaunchDraft
    count: int
    total: int
    notes: tuple[str, ...] = ()


class UnableToPrepareTrial(Exception):
    """There is nothing to try it on. `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def is_sandbox_apart() -> bool:
    """Whether the sandbox is another server than the upstream, so that one can choose."""
    return not settings.UPSTREAM_IS_SANDBOX


def is_trial() -> bool:
    """Whether the work at hand is in the area of trials on the sandbox."""
    return targets.is_trial()


def on_sandbox() -> AbstractContextManager[None]:
    """Everything inside talks to the sandbox, whatever the upstream is."""
    return targets.use("sandbox")


def prepare(user: Person, workflow: Workflow, draft: LaunchDraft, *, rows: int) -> Trial:
    """The first rows as a launch of their own, on the same server."""
    permissions.require(user, "preview", workflow.uid)
    of_fields = sum(not row.is_left_out for row in draft.rows)
    total = of_fields if draft.stored is None else draft.stored.count
    shortened = trials.first_rows(workflow, draft, rows)
    return Trial(workflow=workflow, draft=shortened, count=len(shortened.rows), total=total)


def prepare_on_sandbox(user: Person, workflow: Workflow, draft: LaunchDraft, *, rows: int) -> Trial:
    """The same as a launch of the workflow's twin on the sandbox. Raises `UnableToPrepareTrial`."""
    trial = prepare(user, workflow, draft, rows=rows)
    with on_sandbox():
        known = [workflow_lookup.get_workflow(one.uid) for one in workflow_lookup.list_workflows()]
        twin = trials.find_twin(workflow, known)
        if twin is None:
            raise UnableToPrepareTrial(
                "The sandbox has no twin of this workflow: none with the same steps or the same "
                "name. Try the first rows on the upstream instead."
            )
        accounts = account_lookup.find(twin.integration_slugs).by_integration
    draft = trials.translate(workflow, twin, trial.draft, accounts)
    notes = ["The accounts are the sandbox's own."] if _has_accounts(trial.draft) else []
    if not trial.draft.unknown_steps.is_left_out:
        notes.append("Steps that the workflow does not have are not in it.")
    return Trial(
        workflow=twin, draft=draft, count=trial.count, total=trial.total, notes=tuple(notes)
    )


def _has_accounts(draft: LaunchDraft) -> bool:
    return any(step.accounts for step in draft.steps.values())
