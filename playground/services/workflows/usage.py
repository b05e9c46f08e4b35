"""Which workflows use which integration, and with which of their steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from playground.contract.workflows import WorkflowSummary
from playground.services.upstream_cache import cache, invalidation
from playground.services.upstream_cache.cache import FreshnessCache
from playground.services.upstream_cache.calls import ask
from playground.services.upstream_cache.invalidation import Kept
from playground.services.upstream_cache.parallel import gather

# Steps hardly ever change: seconds that they are kept, and for how many workflows.
MAX_AGE = 600.0
MOST_WORKFLOWS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class StepUse:
    """A step and the integrations whose accounts it takes."""

    uid: str
    name: str
    integrations: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowUse:
    """A workflow with those of its steps that take accounts."""

    summary: WorkflowSummary
    steps: tuple[StepUse, ...]

    def of(self, integration: str) -> WorkflowUse | None:
        """The same with the steps that take this integration's accounts; None if there is none."""
        steps = tuple(step for step in self.steps if integration in step.integrations)
        return WorkflowUse(summary=self.summary, steps=steps) if steps else None


@dataclass(frozen=True, slots=True, kw_only=True)
class UsesFound:
    """The workflows that could be looked at. `total` counts all that there are."""

    workflows: tuple[WorkflowUse, ...] = ()
    total: int = 0
    problem: str = ""

    @property
    def missing(self) -> int:
        return self.total - len(self.workflows)

    @property
    def integrations(self) -> tuple[str, ...]:
        """Each once, in the order of the workflows and their steps."""
        slugs = (slug for use in self.workflows for step in use.steps for slug in step.integrations)
        return tuple(dict.fromkeys(slugs))

    def of(self, integration: str) -> tuple[WorkflowUse, ...]:
        found = (use.of(integration) for use in self.workflows)
        return tuple(use for use in found if use)


_steps: FreshnessCache[tuple[StepUse, ...]] = FreshnessCache(
    most=MOST_WORKFLOWS, failures_kept=cache.FAILURES_KEPT
)
invalidation.register(Kept.WORKFLOW_USES, _steps)


def find_uses(listed: Sequence[WorkflowSummary], *, seconds: float) -> UsesFound:
    """What the listed workflows use, as far as it can be looked at in so many seconds.

    Never raises: the first of what fails is named in `problem`.
    """
    fresh = {one.uid: _steps.peek(one.uid, max_age=MAX_AGE) for one in listed}
    unknown = [uid for uid, found in fresh.items() if found is None]
    gathered = gather({uid: _question(uid) for uid in unknown}, seconds=seconds)
    steps = {uid: found.value for uid, found in fresh.items() if found} | dict(gathered.answers)
    return UsesFound(
        workflows=tuple(
            WorkflowUse(summary=one, steps=steps[one.uid]) for one in listed if one.uid in steps
        ),
        total=len(listed),
        problem=next((str(error) for error in gathered.problems.values()), ""),
    )


def _question(uid: str) -> Callable[[], tuple[StepUse, ...]]:
    return lambda: _steps.get(uid, lambda: _fetch_steps(uid), max_age=MAX_AGE).value


def _fetch_steps(uid: str) -> tuple[StepUse, ...]:
    workflow = ask(lambda client: client.get_workflow(uid))
    return tuple(
        StepUse(uid=step.step_uid, name=step.name, integrations=step.integration_slugs)
        for step in workflow.ordered_steps
        if step.integration_slugs
    )
