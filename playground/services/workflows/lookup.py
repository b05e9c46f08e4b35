"""Workflows as the upstream has them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playground.contract.folding import has_words, search_words, searchable
from playground.contract.workflows import Step, Workflow, WorkflowSummary
from playground.sandbox import catalog
from playground.sandbox.catalog import TestInput as TestInput
from playground.services.upstream_cache import invalidation, parallel
from playground.services.upstream_cache.cache import (
    FAILURES_KEPT,
    PAGE_MAX_AGE,
    Fetch,
    FreshnessCache,
    Known,
)
from playground.services.upstream_cache.calls import UnableToReachUpstream, ask
from playground.services.upstream_cache.invalidation import Kept
from playground.upstream import targets

# The templates of workflows never change: their listing may be older where only those count.
LISTING_MAX_AGE = 600.0
# There is one listing.
_ALL = "all"

_listing: FreshnessCache[tuple[WorkflowSummary, ...]] = FreshnessCache(failures_kept=FAILURES_KEPT)
_workflows: FreshnessCache[Workflow] = FreshnessCache(failures_kept=FAILURES_KEPT)
invalidation.register(Kept.WORKFLOWS, _listing)
invalidation.register(Kept.WORKFLOW, _workflows)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundWorkflow:
    """An entry of the list; `workflow` holds its details if this process has them already."""

    summary: WorkflowSummary
    workflow: Workflow | None


def list_workflows() -> tuple[WorkflowSummary, ...]:
    """All workflows, in the upstream's order. Raises `UnableToReachUpstream`."""
    return _listing.get_anew(_ALL, _fetch_listing, max_age=PAGE_MAX_AGE).value


def search_workflows(text: str) -> Known[tuple[FoundWorkflow, ...]]:
    """Workflows whose name, step names or UID hold every word of `text`; all when it is blank.

    Raises `UnableToReachUpstream`.
    """
    listing = _listing.get_known(_ALL, _fetch_listing, max_age=PAGE_MAX_AGE, is_again=True)
    words = search_words(text)
    found = tuple(
        FoundWorkflow(summary=summary, workflow=peek_workflow(summary.uid))
        for summary in listing.value
        if has_words(_searchable(summary), words)
    )
    return Known(found, listing.age, listing.problem)


def get_workflow(uid: str) -> Workflow:
    """One workflow with its steps. Raises `UnableToReachUpstream`."""
    return _workflows.get_anew(uid, _question(uid), max_age=PAGE_MAX_AGE).value


def get_known_workflow(uid: str) -> Workflow:
    """The same, of any age: for who must not wait. Raises `UnableToReachUpstream` when nothing
    is known of it."""
    return _workflows.get(uid, _question(uid), max_age=None).value


def get_newest_workflow(uid: str) -> Workflow:
    """The same, renewed if that can be had: for who has typed into its form."""
    try:
        return find_workflow(uid).value
    except UnableToReachUpstream:
        return get_known_workflow(uid)


def look_again(uid: str, *, max_age: float, seconds: float) -> Workflow:
    """The same, at most `max_age` seconds old if that can be had within so many seconds.

    Raises `UnableToReachUpstream` when nothing is known of it.
    """
    if peek_workflow(uid) is None:
        return get_known_workflow(uid)
    flight = _workflows.start(uid, _question(uid), max_age=max_age, run=parallel.beside)
    parallel.wait((flight,), seconds)
    has_answer = flight.done() and flight.exception() is None
    return flight.result().value if has_answer else get_known_workflow(uid)


def find_workflow(uid: str) -> Known[Workflow]:
    """The newest that can be had soon. Raises `UnableToReachUpstream` when nothing is known of it,
    or it is gone."""
    return _workflows.get_known(uid, _question(uid), max_age=PAGE_MAX_AGE, is_again=True)


def look_up_workflow(uid: str) -> Fetch[Workflow]:
    """The same under way, or done: for who must not wait for it."""
    return _workflows.start(uid, _question(uid), max_age=PAGE_MAX_AGE, run=parallel.beside)


def age_of_workflow(uid: str) -> float:
    """Seconds since it was fetched; 0 when it was not."""
    found = _workflows.peek(uid)
    return _workflows.age(found) if found else 0.0


def peek_workflow(uid: str) -> Workflow | None:
    """The workflow if this process has it already; never asks the upstream."""
    found = _workflows.peek(uid)
    return found.value if found else None


def look_up_listing() -> Fetch[tuple[WorkflowSummary, ...]]:
    """Begin to list the workflows if that was not done lately; nobody need wait for it."""
    return _listing.start(_ALL, _fetch_listing, max_age=LISTING_MAX_AGE, run=parallel.beside)


def peek_workflows() -> tuple[WorkflowSummary, ...]:
    """The listing as this process has it, however old; empty before the first look."""
    found = _listing.peek(_ALL)
    return found.value if found else ()


def find_test_inputs() -> tuple[TestInput, ...]:
    """Values that make a launch go wrong on purpose; none unless the upstream is the sandbox."""
    return catalog.TEST_INPUTS if targets.is_sandbox() else ()


def explain_parameter(step: Step, name: str) -> str:
    """What a parameter does, as far as anybody tells: the API does not, of its steps here we do."""
    return catalog.explain_parameter(step, name) if targets.is_sandbox() else ""


def _fetch_listing() -> tuple[WorkflowSummary, ...]:
    return ask(lambda client: client.list_workflows())


def _question(uid: str) -> Callable[[], Workflow]:
    return lambda: ask(lambda client: client.get_workflow(uid))


def _searchable(summary: WorkflowSummary) -> str:
    names = [step.name for step in summary.steps or () if isinstance(step.name, str)]
    return searchable(" ".join([summary.name, summary.uid, *names]))
