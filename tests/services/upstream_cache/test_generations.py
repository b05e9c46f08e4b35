"""What one process made stale is asked for anew by the others, once, and nothing else is."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from django.db import DatabaseError, connections

import playground.urls  # noqa: F401  # Loads every cache that there is.
from playground.models import StaleMark
from playground.services.upstream_cache import generations, invalidation
from playground.services.upstream_cache.cache import FreshnessCache
from playground.services.upstream_cache.generations import Mark
from playground.services.upstream_cache.invalidation import Event, Kept
from playground.upstream import targets

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], dict[str, str]]]:
    """A process that has caught up: what a page finds of accounts, jobs and users, and what the
    preview, which takes any age, finds of accounts."""
    monkeypatch.setattr(generations, "_position", generations._Position())
    invalidation.forget_everything()
    invalidation.catch_up()

    def ask() -> dict[str, str]:
        count["of asking"] += 1
        new = f"answer {count['of asking']}"

        def found(kept: Kept, key: str, max_age: float | None = 60) -> str:
            cache = invalidation._caches[kept]
            assert isinstance(cache, FreshnessCache)
            return cache.get(key, lambda: new, max_age=max_age).value

        return {
            "previewed": found(Kept.ACCOUNTS, "linkedin", None),
            "linkedin": found(Kept.ACCOUNTS, "linkedin"),
            "hubspot": found(Kept.ACCOUNTS, "hubspot"),
            "users": found(Kept.USERS, "all"),
            "jobs": found(Kept.RUNNING_JOBS, "w-1"),
        }

    count = {"of asking": 0}
    ask()
    yield ask
    invalidation.forget_everything()


def elsewhere(event: Event, target: targets.Target = "upstream", **subjects: tuple[str, ...]):
    """It happens in another process."""
    generations._write(Mark(target, event.name, **subjects))


def renewed(found: dict[str, str]) -> set[str]:
    return {name for name, answer in found.items() if answer != "answer 1"}


@pytest.mark.parametrize(
    ("event", "subjects", "new"),
    [
        (Event.ACCOUNT_CHANGED, {"integrations": ("linkedin",)}, {"linkedin", "users", "jobs"}),
        (Event.ACCOUNTS_ASKED_FOR, {"integrations": ("hubspot",)}, {"hubspot"}),
        (
            Event.LAUNCH,
            {"workflows": ("w-1",), "integrations": ("linkedin",)},
            {"linkedin", "jobs"},
        ),
        (Event.LAUNCH, {"workflows": ("w-2",)}, set()),
        (Event.USER_CHANGED, {}, {"users"}),
        (Event.API_CALL, {}, {"linkedin", "hubspot", "users", "jobs"}),
    ],
)
def test_what_another_process_changed_is_asked_for_anew(asked, event, subjects, new):
    elsewhere(event, **subjects)

    before = renewed(asked())
    invalidation.catch_up()

    assert (before, renewed(asked()) - {"previewed"}) == (set(), new)


def test_outdated_answers_still_serve_who_takes_any_age(asked):
    elsewhere(Event.LAUNCH, integrations=("linkedin",))
    invalidation.catch_up()

    assert asked()["previewed"] == "answer 1"


def test_it_is_followed_once(asked):
    elsewhere(Event.ACCOUNT_CHANGED, integrations=("linkedin",))
    invalidation.catch_up()
    first = asked()
    invalidation.catch_up()

    assert asked() == first


def test_own_changes_are_not_followed_a_second_time(asked):
    invalidation.make_stale(Event.ACCOUNT_CHANGED, integrations=["linkedin"])
    first = asked()
    invalidation.catch_up()

    assert asked() == first


def test_own_change_does_not_hide_one_of_another_process(asked):
    elsewhere(Event.USER_CHANGED)
    invalidation.make_stale(Event.ACCOUNTS_ASKED_FOR, integrations=["hubspot"])
    invalidation.catch_up()

    assert renewed(asked()) == {"users", "hubspot"}


def test_many_changes_of_a_kind_leave_one_row(asked):
    for _ in range(3):
        elsewhere(Event.LAUNCH, workflows=("w-1",), integrations=("linkedin",))

    assert StaleMark.objects.exclude(event="").count() == 2
    assert [mark.event for mark in generations.read_news() or ()] == ["LAUNCH", "LAUNCH"]


def test_of_a_database_of_an_earlier_day_nothing_is_believed(asked):
    elsewhere(Event.USER_CHANGED)
    invalidation.catch_up()
    asked()
    StaleMark.objects.all().delete()
    invalidation.catch_up()

    assert set(asked().values()) == {"answer 3"}


@pytest.mark.parametrize("name", ["", "a" * 10_000, "nul\x00", "half \ud800"])
def test_names_that_no_column_holds_do_not_stop_what_was_done(asked, name):
    invalidation.make_stale(Event.LAUNCH, workflow_uid=name, integrations=[name, "linkedin"])
    invalidation.catch_up()

    assert "linkedin" in renewed(asked())


def test_database_that_fails_does_not_stop_what_was_done(asked, monkeypatch, caplog):
    def fail(_: Mark) -> int:
        raise DatabaseError("database is locked")

    monkeypatch.setattr(generations, "_write", fail)
    invalidation.make_stale(Event.ACCOUNT_CHANGED, integrations=["linkedin"])

    assert "linkedin" in renewed(asked())
    assert "was not told to the other processes: database is locked" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_changes_at_once_get_generations_of_their_own():
    found: list[int] = []

    def change() -> None:
        try:
            found.extend(
                generations._write(Mark("upstream", "LAUNCH", (f"w-{turn}",))) for turn in range(4)
            )
        finally:
            connections.close_all()

    threads = [threading.Thread(target=change) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(found) == list(range(1, 17))
