"""Signing in: wrong passwords cost time, each attempt is told in the log, hashing is bounded."""

from __future__ import annotations

import datetime as dt
import threading
import time

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client, RequestFactory

from playground import passwords
from playground.models import Guesses
from playground.running.servers import Size
from playground.services import sign_in
from playground.services.sign_in import FREE_BY_ADDRESS, FREE_BY_NAME, TooManyGuesses
from playground.upstream import waiting

PASSWORD = "correct horse battery staple"
WRONG = "battery horse"
LOGGER = "playground.services.sign_in"


@pytest.fixture(autouse=True)
def _with_passwords(settings) -> None:
    settings.SIGN_IN = "password"


class Clock:
    """The time of day, which stands still."""

    def __init__(self) -> None:
        self.time = dt.datetime(2026, 3, 4, 12, 0, tzinfo=dt.UTC)

    def now(self) -> dt.datetime:
        return self.time

    def passes(self, **some: float) -> None:
        self.time += dt.timedelta(**some)


@pytest.fixture(autouse=True)
def clock(monkeypatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(sign_in, "timezone", clock)
    return clock


@pytest.fixture
def ada(db: None) -> User:
    return User.objects.create_superuser("ada", password=PASSWORD)


def enter(name: str, password: str, *, door: str = "/sign-in/", address: str = "192.0.2.1"):
    return Client().post(
        door, {"username": name, "password": password, "next": "/"}, REMOTE_ADDR=address
    )


def guess(name: str, address: str = "192.0.2.1") -> bool:
    """A wrong password, without the pages around it. Whether it was looked at."""
    request = RequestFactory().post("/sign-in/", REMOTE_ADDR=address)
    try:
        with sign_in.guarded(name, request, "sign in") as attempt:
            attempt.is_right = False
    except TooManyGuesses:
        return False
    return True


@pytest.mark.parametrize("door", ["/sign-in/", "/admin/login/"])
def test_after_some_wrong_passwords_no_more_are_looked_at_for_a_while(ada, door):
    answers = [enter("ada", WRONG, door=door) for _ in range(25)]

    assert [one.status_code for one in answers] == [200] * FREE_BY_NAME + [429] * (
        25 - FREE_BY_NAME
    )
    assert answers[-1]["Retry-After"] == "1"
    assert "Too many wrong passwords" in answers[-1].content.decode()
    # Not even the right one, and through no door.
    assert enter("ada", PASSWORD, address="192.0.2.2").status_code == 429
    assert enter("ada", PASSWORD, door="/admin/login/").status_code == 429


def test_the_wait_doubles_and_a_right_password_ends_it(ada, clock):
    waits = []
    for _ in range(FREE_BY_NAME - 1):
        guess("ada")
    for _ in range(10):
        guess("ada", address="")
        waits.append(int(enter("ada", WRONG)["Retry-After"]))
        clock.passes(seconds=waits[-1] - 0.1)
        assert not guess("ada")
        clock.passes(seconds=0.1)

    right = enter("ada", PASSWORD)

    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300]
    assert (right.status_code, right["Location"]) == (302, "/")
    assert [guess("ada") for _ in range(FREE_BY_NAME + 1)] == [True] * FREE_BY_NAME + [False]


def test_wrong_passwords_are_forgotten_in_time_and_leave_nothing(ada, clock):
    for _ in range(FREE_BY_NAME):
        guess("ada")
    clock.passes(minutes=16)

    assert enter("ada", WRONG, address="192.0.2.9").status_code == 200
    assert sorted(Guesses.objects.values_list("count", flat=True)) == [1, 1]


def test_one_address_may_not_try_many_names(ada):
    guesses = [guess(f"name-{at}") for at in range(FREE_BY_ADDRESS + 1)]

    assert guesses == [True] * FREE_BY_ADDRESS + [False]
    assert enter("ada", PASSWORD).status_code == 429
    assert enter("ada", PASSWORD, address="192.0.2.2").status_code == 302


def test_own_right_password_does_not_make_an_addresss_wrong_ones_forgotten(ada):
    for at in range(FREE_BY_ADDRESS - 1):
        guess(f"name-{at}")
    enter("ada", PASSWORD)

    assert [guess(f"other-{at}") for at in range(2)] == [True, False]


def test_address_of_a_proxy_is_everybodys_and_is_not_counted(ada, settings):
    settings.BEHIND_TLS = True
    for at in range(FREE_BY_ADDRESS + 5):
        guess(f"name-{at}")

    assert enter("ada", PASSWORD).status_code == 302


def test_header_that_names_another_address_is_not_believed(ada):
    for at in range(FREE_BY_ADDRESS):
        guess(f"name-{at}", "127.0.0.1")

    answer = Client().post(
        "/sign-in/",
        {"username": "ada", "password": PASSWORD},
        headers={"X-Forwarded-For": "198.51.100.7", "X-Real-IP": "198.51.100.7"},
    )

    assert answer.status_code == 429


def test_neither_names_nor_addresses_nor_passwords_are_kept(ada):
    enter("ada", WRONG)

    assert Guesses.objects.count() == 2
    assert not any(text in str(list(Guesses.objects.values())) for text in ("ada", "192.", WRONG))


@pytest.mark.django_db(transaction=True)
def test_guesses_at_once_are_counted_together():
    User.objects.create_user("ada", password=PASSWORD)
    barrier, answers = threading.Barrier(FREE_BY_NAME + 7), []

    def guess() -> None:
        barrier.wait()
        try:
            answers.append(enter("ada", WRONG).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=guess) for _ in range(barrier.parties)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [200] * FREE_BY_NAME + [429] * 7


def test_each_attempt_is_one_line_of_the_log_without_secrets(ada, caplog):
    caplog.set_level("INFO", LOGGER)
    enter("ada", WRONG)
    enter("ada", PASSWORD)
    enter("eve\n2026 INFO all: Password right: 'ada'", WRONG)
    enter(PASSWORD, "ada")
    for _ in range(FREE_BY_NAME + 1):
        enter("ada", WRONG)

    lines = [one.getMessage() for one in caplog.records if one.name == LOGGER]
    levels = [one.levelname for one in caplog.records if one.name == LOGGER]
    wrong = "Password wrong: 'ada' from 192.0.2.1, to sign in."
    assert lines == [
        wrong,
        "Password right: 'ada' from 192.0.2.1, to sign in.",
        "Password wrong: an unknown name from 192.0.2.1, to sign in.",
        "Password wrong: an unknown name from 192.0.2.1, to sign in.",
        *[wrong] * FREE_BY_NAME,
        "Password not looked at: 'ada' from 192.0.2.1, to sign in. Too many were wrong.",
    ]
    assert levels == ["WARNING", "INFO", *["WARNING"] * (FREE_BY_NAME + 3)]
    assert not any("\n" in line or PASSWORD in line for line in lines)


@pytest.mark.parametrize("name", ["a\nb", "a\u2028b", "a\x1b[2Jb", "a\u202eb", "o'hara"])
def test_no_name_breaks_a_line_of_the_log(db, caplog, name):
    caplog.set_level("INFO", LOGGER)
    User.objects.create_user(name, password=PASSWORD)
    with sign_in.guarded(name, Client().get("/sign-in/").wsgi_request, "sign in") as attempt:
        attempt.is_right = True

    line = caplog.records[-1].getMessage()
    assert line.isprintable()
    assert line == f"Password right: {name!r} from 127.0.0.1, to sign in."


def change(client: Client, old: str):
    new = {
        "new_password1": "another horse, and longer",
        "new_password2": "another horse, and longer",
    }
    return client.post("/password/", {"old_password": old} | new)


def test_old_password_cannot_be_guessed_either(ada, caplog, clock):
    caplog.set_level("INFO", LOGGER)
    client = Client()
    client.force_login(ada)

    # What is not filled in is no guess.
    blank = [change(client, "").status_code for _ in range(FREE_BY_NAME + 1)]
    guesses = [change(client, WRONG).status_code for _ in range(FREE_BY_NAME + 1)]
    clock.passes(minutes=16)
    right = change(client, PASSWORD)

    assert (set(blank), guesses) == ({200}, [200] * FREE_BY_NAME + [429])
    assert right.status_code == 302
    assert caplog.records[-1].getMessage() == (
        "Password right: 'ada' from 127.0.0.1, to change the password."
    )


def test_who_is_no_request_is_not_counted(ada):
    assert authenticate(None, username="ada", password=WRONG) is None
    assert Guesses.objects.count() == 0


def test_looking_at_the_sign_in_page_counts_nothing(ada):
    Client().get("/sign-in/")

    assert Guesses.objects.count() == 0


@pytest.fixture
def hashing(ada, settings, monkeypatch):
    """Passwords are hashed as in production, so long as the test says."""
    settings.PASSWORD_HASHERS = ["playground.passwords.BoundedHasher"]
    monkeypatch.setattr(passwords.BoundedHasher, "iterations", 1)
    ada.set_password(PASSWORD)
    ada.save()


@pytest.fixture
def full_line(hashing):
    for _ in range(passwords.MOST_IN_LINE):
        assert passwords._line.acquire(blocking=False)
    yield
    for _ in range(passwords.MOST_IN_LINE):
        passwords._line.release()


@pytest.mark.parametrize("door", ["/sign-in/", "/admin/login/"])
@pytest.mark.parametrize("name", ["ada", "nobody"])
def test_where_too_many_passwords_are_hashed_a_sentence_comes_at_once(full_line, door, name):
    answer = enter(name, PASSWORD, door=door)

    assert (answer.status_code, answer["Retry-After"]) == (503, "3")
    assert "Many sign in at this moment" in answer.content.decode()
    # It was not looked at, so it counts as no guess, and nothing is written.
    assert Guesses.objects.count() == 0


def test_who_finds_the_line_full_at_the_last_moment_has_made_no_guess(hashing, monkeypatch):
    def fill_up(*_: object) -> None:
        raise passwords.TooManyPasswords

    monkeypatch.setattr(passwords.BoundedHasher, "encode", fill_up)

    assert enter("ada", PASSWORD).status_code == 503
    assert set(Guesses.objects.values_list("count", flat=True)) == {0}


def test_password_that_cannot_be_hashed_now_is_not_changed(ada, hashing, full_line):
    client = Client()
    client.force_login(ada)

    assert change(client, PASSWORD).status_code == 503


def test_one_password_is_hashed_at_a_time_and_the_next_ones_wait(monkeypatch):
    under_way, most, guard = [0], [0], threading.Lock()
    go_on, are_in_line = threading.Event(), threading.Semaphore(0)

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        with guard:
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
        go_on.wait(60)
        with guard:
            under_way[0] -= 1
        return "done"

    monkeypatch.setattr(passwords.PBKDF2PasswordHasher, "encode", encode)
    monkeypatch.setattr(passwords, "LONGEST_IN_LINE", 60)
    found = []

    def sign_in_once() -> None:
        are_in_line.release()
        found.append(passwords.BoundedHasher().encode("a", "salt"))

    threads = [threading.Thread(target=sign_in_once) for _ in range(passwords.MOST_IN_LINE)]
    for thread in threads:
        thread.start()
        are_in_line.acquire(timeout=60)
    while passwords._line._value:
        time.sleep(0.001)
    with pytest.raises(passwords.TooManyPasswords):
        passwords.BoundedHasher().encode("a", "salt")
    go_on.set()
    for thread in threads:
        thread.join()

    assert (found, most) == (["done"] * passwords.MOST_IN_LINE, [1])


def test_there_are_threads_for_all_who_wait():
    size = Size(threads=4)

    assert size.all_threads == 4 + waiting.MOST_WAITING + passwords.MOST_IN_LINE
