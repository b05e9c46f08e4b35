"""What a change makes stale: one table.

Each cache of the upstream's answers registers here under the name of what it keeps, where it is
defined. Whoever changes something names what happened, and knows none of the caches.

Each process has caches of its own, so what happened is told to the others through the database
(`generations.py`); a request looks there once before it reads any of them (`catch_up`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import Protocol

from playground.services.upstream_cache import generations
from playground.services.upstream_cache.generations import Mark
from playground.upstream import targets


class Kept(Enum):
    """What is kept of the upstream's answers, and by which keys."""

    WORKFLOWS = "the list of workflows"
    WORKFLOW = "a workflow, by workflow"
    WORKFLOW_USES = "what a workflow's steps use, by workflow"
    ACCOUNTS = "accounts, by integration"
    USERS = "all users"
    USER_PAGES = "pages of users, by what was searched for"
    JOB = "a job and its parts, by job"
    JOB_LISTS = "pages of a workflow's jobs, by workflow and page"
    JOB_RESULTS = "results of a job, by job and page"
    JOB_INPUTS = "inputs of a job, by job"
    JOB_OUTCOMES = "what became of a job's inputs, by job"
    RUNNING_JOBS = "a workflow's newest jobs, by workflow"
    SCHEDULED_JOBS = "jobs of a workflow that a schedule may have made, by workflow"
    LAUNCHED = "where launches were made from here"
    WORKSPACE = "the plan and what is left of it"


class Event(Enum):
    """What happened, or what somebody wants to know now."""

    LAUNCH = "a workflow was launched, or may have been"
    ACCOUNT_CHANGED = "an account was saved or its challenge answered, or may have been"
    ACCOUNT_REMOVED = "an account was removed, or may have been"
    USER_REMOVED = "a user was removed with all accounts, or may have been"
    USER_CHANGED = "a user was saved, or may have been"
    JOB_CHANGED = "a job was cancelled or retried, or may have been"
    SCHEDULE_REMOVED = "a schedule was removed, or may have been"
    API_CALL = "an API call changed something, or may have"
    ACCOUNTS_ASKED_FOR = "somebody checks an integration's accounts again"
    WORKFLOW_ASKED_FOR = "somebody checks a launch again"


class Stale(Enum):
    """How an answer is stale: forgotten is as never asked, what is outdated serves whoever takes
    any age until there is a newer one. `THAT` is of the workflow or integration that the event
    names, `ALL` is all of the kind."""

    FORGET_THAT = "forget that"
    FORGET_ALL = "forget all"
    OUTDATE_THAT = "outdate that"
    OUTDATE_ALL = "outdate all"


# Whose they were, and the jobs that needed them.
_WITH_ACCOUNTS_GONE: Mapping[Kept, Stale] = {
    Kept.USERS: Stale.FORGET_ALL,
    Kept.USER_PAGES: Stale.FORGET_ALL,
    Kept.JOB: Stale.FORGET_ALL,
    Kept.JOB_LISTS: Stale.OUTDATE_ALL,
    Kept.RUNNING_JOBS: Stale.OUTDATE_ALL,
    Kept.SCHEDULED_JOBS: Stale.OUTDATE_ALL,
    Kept.LAUNCHED: Stale.OUTDATE_ALL,
}

TABLE: Mapping[Event, Mapping[Kept, Stale]] = {
    Event.LAUNCH: {
        Kept.ACCOUNTS: Stale.OUTDATE_THAT,
        Kept.JOB_LISTS: Stale.OUTDATE_ALL,
        Kept.RUNNING_JOBS: Stale.OUTDATE_THAT,
        Kept.SCHEDULED_JOBS: Stale.OUTDATE_ALL,
        Kept.LAUNCHED: Stale.OUTDATE_ALL,
        Kept.WORKSPACE: Stale.OUTDATE_ALL,
    },
    Event.ACCOUNT_CHANGED: {
        Kept.ACCOUNTS: Stale.FORGET_THAT,
        # Whose it is.
        Kept.USERS: Stale.FORGET_ALL,
        Kept.USER_PAGES: Stale.FORGET_ALL,
        # Paused jobs may go on with it.
        Kept.RUNNING_JOBS: Stale.OUTDATE_ALL,
        Kept.LAUNCHED: Stale.OUTDATE_ALL,
    },
    Event.ACCOUNT_REMOVED: {
        Kept.ACCOUNTS: Stale.FORGET_THAT,
        **_WITH_ACCOUNTS_GONE,
    },
    Event.USER_REMOVED: {
        Kept.ACCOUNTS: Stale.FORGET_ALL,
        **_WITH_ACCOUNTS_GONE,
    },
    Event.USER_CHANGED: {
        Kept.USERS: Stale.FORGET_ALL,
        Kept.USER_PAGES: Stale.FORGET_ALL,
    },
    Event.JOB_CHANGED: {
        Kept.JOB: Stale.FORGET_ALL,
        Kept.JOB_LISTS: Stale.OUTDATE_ALL,
        Kept.JOB_RESULTS: Stale.FORGET_ALL,
        Kept.JOB_INPUTS: Stale.FORGET_ALL,
        Kept.JOB_OUTCOMES: Stale.FORGET_ALL,
        Kept.RUNNING_JOBS: Stale.OUTDATE_ALL,
        Kept.SCHEDULED_JOBS: Stale.OUTDATE_ALL,
        Kept.LAUNCHED: Stale.OUTDATE_ALL,
    },
    Event.SCHEDULE_REMOVED: {
        Kept.JOB: Stale.FORGET_ALL,
        Kept.JOB_LISTS: Stale.OUTDATE_ALL,
        Kept.JOB_RESULTS: Stale.FORGET_ALL,
        Kept.JOB_INPUTS: Stale.FORGET_ALL,
        Kept.JOB_OUTCOMES: Stale.FORGET_ALL,
        Kept.RUNNING_JOBS: Stale.OUTDATE_ALL,
        Kept.SCHEDULED_JOBS: Stale.OUTDATE_ALL,
        Kept.LAUNCHED: Stale.OUTDATE_ALL,
    },
    # It may have been any operation: all that one of them changes.
    Event.API_CALL: {
        Kept.ACCOUNTS: Stale.FORGET_ALL,
        Kept.USERS: Stale.FORGET_ALL,
        Kept.USER_PAGES: Stale.FORGET_ALL,
        Kept.JOB: Stale.FORGET_ALL,
        Kept.JOB_LISTS: Stale.OUTDATE_ALL,
        Kept.JOB_RESULTS: Stale.FORGET_ALL,
        Kept.JOB_INPUTS: Stale.FORGET_ALL,
        Kept.JOB_OUTCOMES: Stale.FORGET_ALL,
        Kept.RUNNING_JOBS: Stale.FORGET_ALL,
        Kept.SCHEDULED_JOBS: Stale.FORGET_ALL,
        Kept.LAUNCHED: Stale.FORGET_ALL,
        Kept.WORKSPACE: Stale.FORGET_ALL,
    },
    Event.ACCOUNTS_ASKED_FOR: {
        Kept.ACCOUNTS: Stale.FORGET_THAT,
    },
    Event.WORKFLOW_ASKED_FOR: {
        Kept.WORKFLOW: Stale.OUTDATE_THAT,
        Kept.ACCOUNTS: Stale.OUTDATE_THAT,
        Kept.RUNNING_JOBS: Stale.OUTDATE_ALL,
        Kept.LAUNCHED: Stale.OUTDATE_ALL,
        Kept.WORKSPACE: Stale.OUTDATE_ALL,
    },
}


class Cache(Protocol):
    """What can be registered: keys as `Kept` says, or none for all."""

    def forget(self, keys: Iterable[str] | None = None) -> None: ...

    def outdate(self, keys: Iterable[str] | None = None) -> None: ...


_caches: dict[Kept, Cache] = {}
_shared: dict[Kept, Callable[[], None]] = {}


def register(kept: Kept, cache: Cache) -> None:
    """To be called once, where the cache is defined."""
    if kept in _caches:
        raise ValueError(f"There are two caches of {kept.value}.")
    _caches[kept] = cache


def register_shared(kept: Kept, forget: Callable[[], None]) -> None:
    """What all processes keep together goes once, by the one that makes it stale."""
    _shared[kept] = forget


def make_stale(
    event: Event, *, workflow_uid: str | None = None, integrations: Iterable[str] = ()
) -> None:
    """Ask anew for what the event makes stale, in this process and in all others."""
    workflows = () if workflow_uid is None else (workflow_uid,)
    integrations = tuple(integrations)
    _apply(event, workflows, integrations)
    generations.record(Mark(targets.current(), event.name, workflows, integrations))
    for kept in TABLE[event].keys() & _shared.keys():
        _shared[kept]()


def catch_up() -> None:
    """Ask anew for what other processes made stale since the last time: one small query."""
    news = generations.read_news()
    if news is None:
        forget_everything()
        return
    for mark in news:
        with targets.use(mark.target):
            _apply(Event[mark.event], mark.workflows, mark.integrations)


def _apply(event: Event, workflows: tuple[str, ...], integrations: tuple[str, ...]) -> None:
    """A cache that is not loaded keeps nothing."""
    those = {
        Kept.ACCOUNTS: integrations,
        Kept.RUNNING_JOBS: workflows,
        Kept.WORKFLOW: workflows,
    }
    for kept, stale in TABLE[event].items():
        cache = _caches.get(kept)
        if cache is None:
            continue
        if stale is Stale.FORGET_THAT:
            cache.forget(those[kept])
        elif stale is Stale.FORGET_ALL:
            cache.forget()
        elif stale is Stale.OUTDATE_THAT:
            cache.outdate(those[kept])
        else:
            cache.outdate()


def forget_everything() -> None:
    """Ask anew for whatever there is, as after a start."""
    for cache in _caches.values():
        cache.forget()
