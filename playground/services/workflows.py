"""Workflows as the upstream has them."""

from __future__ import annotations

from dataclasses import dataclass

from playground.contract.workflows import Workflow, WorkflowSummary
from playground.sandbox import catalog
from playground.sandbox.catalog import TestInput as TestInput
from playground.services import freshness
from playground.services.asking import ask
from playground.services.freshness import PAGE_MAX_AGE, Flight, FreshnessCache
from playground.upstream import targets

# The templates of workflows never change: their listing may be older where only those count.
LISTING_MAX_AGE = 600.0

_listing: FreshnessCache[tuple[WorkflowSummary, ...]] = FreshnessCache()
_workflows: FreshnessCache[Workflow] = FreshnessCache()


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundWorkflow:
    """An entry of the list; `workflow` holds its details if this process has them already."""

    summary: WorkflowSummary
    workflow: Workflow | None


def list_workflows(*, max_age: float | None = PAGE_MAX_AGE) -> tuple[WorkflowSummary, ...]:
    """All workflows, in the upstream's order. Raises `UnableToReachUpstream`."""
    fresh = _listing.get(
        "all", lambda: ask(lambda client: client.list_workflows()), max_age=max_age
    )
    return fresh.value


def search_workflows(text: str) -> tuple[FoundWorkflow, ...]:
    """Workflows whose name, step names or UID hold every word of `text`; all when it is blank.

    Raises `UnableToReachUpstream`.
    """
    words = text.casefold().split()
    return tuple(
        FoundWorkflow(summary=summary, workflow=peek_workflow(summary.uid))
        for summary in list_workflows()
        if all(word in _searchable(summary) for word in words)
    )


def get_workflow(uid: str, *, max_age: float | None = PAGE_MAX_AGE) -> Workflow:
    """One workflow with its steps. Raises `UnableToReachUpstream`."""
    fresh = _workflows.get(
        uid, lambda: ask(lambda client: client.get_workflow(uid)), max_age=max_age
    )
    return fresh.value


def look_up_workflow(uid: str) -> Flight[Workflow]:
    """The same under way, or done: for who must not wait for it."""
    run = freshness.inline if targets.is_sandbox() else freshness.in_thread
    return _workflows.start(
        uid, lambda: ask(lambda client: client.get_workflow(uid)), max_age=PAGE_MAX_AGE, run=run
    )


def age_of_workflow(uid: str) -> float:
    """Seconds since it was fetched; 0 when it was not."""
    found = _workflows.peek(uid)
    return _workflows.age(found) if found else 0.0


def forget_workflow(uid: str) -> None:
    """Ask anew for it: a person wants to know."""
    _workflows.forget([uid])


def peek_workflow(uid: str) -> Workflow | None:
    """The workflow if this process has it already; never asks the upstream."""
    found = _workflows.peek(uid)
    return found.value if found else None


def look_up_listing() -> Flight[tuple[WorkflowSummary, ...]]:
    """Begin to list the workflows if that was not done lately; nobody need wait for it."""
    run = freshness.inline if targets.is_sandbox() else freshness.in_thread
    return _listing.start(
        "all", lambda: ask(lambda client: client.list_workflows()), max_age=LISTING_MAX_AGE, run=run
    )


def peek_workflows() -> tuple[WorkflowSummary, ...]:
    """The listing as this process has it, however old; empty before the first look."""
    found = _listing.peek("all")
    return found.value if found else ()


def find_test_inputs() -> tuple[TestInput, ...]:
    """Values that make a launch go wrong on purpose; none unless the upstream is the sandbox."""
    return catalog.TEST_INPUTS if targets.is_sandbox() else ()


def forget_everything() -> None:
    """Ask the upstream anew. For tests."""
    _listing.forget()
    _workflows.forget()


def _searchable(summary: WorkflowSummary) -> str:
    names = [step.name for step in summary.steps or () if isinstance(step.name, str)]
    return " ".join([summary.name, summary.uid, *names]).casefold()
