"""What a change makes stale, written out; and that what is stale is asked for anew, no more."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import playground.urls  # noqa: F401  # Loads every cache that there is.
from playground.services.upstream_cache import invalidation
from playground.services.upstream_cache.cache import FreshnessCache
from playground.services.upstream_cache.invalidation import Event, Kept

pytestmark = pytest.mark.django_db
STALE = {
    "LAUNCH": {
        "ACCOUNTS": "outdate that",
        "JOB_LISTS": "outdate all",
        "RUNNING_JOBS": "outdate that",
        "SCHEDULED_JOBS": "outdate all",
        "LAUNCHED": "outdate all",
        "WORKSPACE": "outdate all",
    },
    "ACCOUNT_CHANGED": {
        "ACCOUNTS": "forget that",
        "USERS": "forget all",
        "USER_PAGES": "forget all",
        "RUNNING_JOBS": "outdate all",
        "LAUNCHED": "outdate all",
    },
    "USER_CHANGED": {"USERS": "forget all", "USER_PAGES": "forget all"},
    "JOB_CHANGED": {
        "JOB": "forget all",
        "JOB_LISTS": "outdate all",
        "JOB_RESULTS": "forget all",
        "JOB_INPUTS": "forget all",
        "JOB_OUTCOMES": "forget all",
        "RUNNING_JOBS": "outdate all",
        "SCHEDULED_JOBS": "outdate all",
        "LAUNCHED": "outdate all",
    },
    "SCHEDULE_REMOVED": {
        "JOB": "forget all",
        "JOB_LISTS": "outdate all",
        "JOB_RESULTS": "forget all",
        "JOB_INPUTS": "forget all",
        "JOB_OUTCOMES": "forget all",
        "RUNNING_JOBS": "outdate all",
        "SCHEDULED_JOBS": "outdate all",
        "LAUNCHED": "outdate all",
    },
    "API_CALL": {
        "ACCOUNTS": "forget all",
        "USERS": "forget all",
        "USER_PAGES": "forget all",
        "JOB": "forget all",
        "JOB_LISTS": "outdate all",
        "JOB_RESULTS": "forget all",
        "JOB_INPUTS": "forget all",
        "JOB_OUTCOMES": "forget all",
        "RUNNING_JOBS": "forget all",
        "SCHEDULED_JOBS": "forget all",
        "LAUNCHED": "forget all",
        "WORKSPACE": "forget all",
    },
    "ACCOUNT_REMOVED": {
        "ACCOUNTS": "forget that",
        "USERS": "forget all",
        "USER_PAGES": "forget all",
        "JOB": "forget all",
        "JOB_LISTS": "outdate all",
        "RUNNING_JOBS": "outdate all",
        "SCHEDULED_JOBS": "outdate all",
        "LAUNCHED": "outdate all",
    },
    "USER_REMOVED": {
        "ACCOUNTS": "forget all",
        "USERS": "forget all",
        "USER_PAGES": "forget all",
        "JOB": "forget all",
        "JOB_LISTS": "outdate all",
        "RUNNING_JOBS": "outdate all",
        "SCHEDULED_JOBS": "outdate all",
        "LAUNCHED": "outdate all",
    },
    "ACCOUNTS_ASKED_FOR": {"ACCOUNTS": "forget that"},
    "WORKFLOW_ASKED_FOR": {
        "WORKFLOW": "outdate that",
        "ACCOUNTS": "outdate that",
        "RUNNING_JOBS": "outdate all",
        "LAUNCHED": "outdate all",
        "WORKSPACE": "outdate all",
    },
}
# What a page that asks for it anew is given, of that which the event names and of another; and
# what the preview is given, which takes any age.
AFTER = {
    "": ("kept", "kept", "kept"),
    "forget that": ("new", "kept", "new"),
    "forget all": ("new", "new", "new"),
    "outdate that": ("new", "kept", "kept"),
    "outdate all": ("new", "new", "kept"),
}


@pytest.fixture
def caches() -> Iterator[dict[str, FreshnessCache[str]]]:
    """Every cache by its name, each with two answers that were just fetched."""
    invalidation.forget_everything()
    found = {kept.name: cache for kept, cache in invalidation._caches.items()}
    for cache in found.values():
        for key in ("that", "other"):
            cache.get(key, lambda: "kept", max_age=60)
    yield found
    invalidation.forget_everything()


def test_table_is_what_it_is():
    table = {
        event.name: {kept.name: stale.value for kept, stale in made.items()}
        for event, made in invalidation.TABLE.items()
    }

    assert table == STALE
    assert set(invalidation.TABLE) == set(Event)


def test_every_kind_of_answer_has_its_cache(caches):
    assert set(caches) == {kept.name for kept in Kept}


@pytest.mark.parametrize("event", Event)
def test_what_is_stale_is_asked_for_anew_and_nothing_else(caches, event):
    invalidation.make_stale(event, workflow_uid="that", integrations=["that"])

    of_any_age = {
        name: cache.get("that", lambda: "new", max_age=None).value for name, cache in caches.items()
    }
    found = {
        name: (
            cache.get("that", lambda: "new", max_age=60).value,
            cache.get("other", lambda: "new", max_age=60).value,
            of_any_age[name],
        )
        for name, cache in caches.items()
    }
    assert found == {name: AFTER[STALE[event.name].get(name, "")] for name in caches}


def test_everything_that_is_kept_can_be_forgotten_at_once(caches):
    invalidation.forget_everything()

    assert {cache.peek(key) for cache in caches.values() for key in ("that", "other")} == {None}


def test_two_caches_of_one_name_are_refused():
    with pytest.raises(ValueError, match="two caches of all users"):
        invalidation.register(Kept.USERS, FreshnessCache[str]())
