"""Settings refuse nonsense with one sentence that names the variable."""

import os
import re
import runpy
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

import playground
from playground import environment
from tests.environment import PROJECT, without_variables

KEY = "only for tests, and long enough to be one: 0123456789"
SECRET = "Tr0ub4dor-3-in-the-wrong-line"
HOSTED = {"UPSTREAM_URL": "https://api.example.com/v3"}
ADDRESS = "must be a web address such as https://api.example.com/v3"


@pytest.fixture
def read_settings(monkeypatch, tmp_path):
    """Settings as a fresh process would read them."""

    def read(**variables):
        clean = without_variables(os.environ)
        for name in set(os.environ) - set(clean):
            monkeypatch.delenv(name)
        for name, value in ({"DATA_DIR": str(tmp_path), "SECRET_KEY": KEY} | variables).items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(PROJECT / "playground" / "settings.py"))

    return read


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        (
            {"SECRET_KEY": "short"},
            "SECRET_KEY must have at least 50 characters, not all of them alike.",
        ),
        (
            {"DATABASE_URL": "mysql://somebody@localhost/db"},
            "DATABASE_URL must begin with sqlite:/// or postgres://.",
        ),
        (
            {"DATABASE_URL": "postgres://somebody@localhost:port/db"},
            "DATABASE_URL cannot be read as a database address.",
        ),
        (
            {"PLAYGROUND_SIGN_IN": "everybody"},
            "PLAYGROUND_SIGN_IN must be one of local, password.",
        ),
        ({"PLAYGROUND_SIGN_IN": ""}, "PLAYGROUND_SIGN_IN must be one of local, password."),
        ({"PLAYGROUND_TLS": "true"}, "PLAYGROUND_TLS must be one of on, off."),
        (
            {"CSRF_TRUSTED_ORIGINS": "playground.example.com"},
            "CSRF_TRUSTED_ORIGINS must be addresses such as https://playground.example.com.",
        ),
        (
            {"SANDBOX_API_KEY": "two words"},
            "SANDBOX_API_KEY must be at most 512 printable ASCII characters without spaces.",
        ),
        (
            {"SANDBOX_PROJECT_ID": "a\u00e9"},
            "SANDBOX_PROJECT_ID must be at most 512 printable ASCII characters without spaces.",
        ),
        ({"SANDBOX_SPEED": "0"}, "SANDBOX_SPEED must be a number from 0.01 to 100000."),
        (
            {"SANDBOX_SPEED": "nan"},
            "SANDBOX_SPEED must be a number from 0.01 to 100000.",
        ),
        (
            {"SANDBOX_PLAN_LIMIT": "-1"},
            "SANDBOX_PLAN_LIMIT must be a whole number from 0 to 100000000.",
        ),
        (
            {"SANDBOX_PLAN_LIMIT": "1.5"},
            "SANDBOX_PLAN_LIMIT must be a whole number from 0 to 100000000.",
        ),
        ({"UPSTREAM_URL": "api.example.com"}, f"UPSTREAM_URL {ADDRESS}."),
        ({"UPSTREAM_URL": "file:///etc"}, f"UPSTREAM_URL {ADDRESS}."),
        ({"UPSTREAM_URL": "http://[::1"}, f"UPSTREAM_URL {ADDRESS}."),
        (
            {"UPSTREAM_URL": "https://api.example.com/?v=3"},
            "UPSTREAM_URL must not carry a query or a fragment (? or #).",
        ),
        (HOSTED, "UPSTREAM_API_KEY must be set when UPSTREAM_URL is."),
        (
            HOSTED | {"UPSTREAM_API_KEY": "key"},
            "UPSTREAM_PROJECT_ID must be set when UPSTREAM_URL is.",
        ),
        (
            HOSTED | {"UPSTREAM_API_KEY": "key\n", "UPSTREAM_PROJECT_ID": "a\tb"},
            "UPSTREAM_PROJECT_ID must be at most 512 printable ASCII characters without spaces.",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, dict) else "",
)
def test_a_wrong_value_is_refused(read_settings, variables, sentence):
    with pytest.raises(ImproperlyConfigured) as caught:
        read_settings(**variables)

    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATA_DIR", ""),
        ("DATA_DIR", __file__),
        ("DATA_DIR", "/proc/nowhere"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", f"sqlite:///{__file__}/playground.sqlite3"),
        ("SECRET_KEY", " " * 60),
        ("ALLOWED_HOSTS", "https://playground.example.com/"),
        ("CSRF_TRUSTED_ORIGINS", "https://"),
        ("SANDBOX_API_KEY", ""),
        ("SANDBOX_PROJECT_ID", ""),
        ("UPSTREAM_URL", "https://x y/"),
        ("UPSTREAM_URL", "https://api.example.com/v3\\"),
        ("UPSTREAM_URL", SECRET),
        ("UPSTREAM_URL", f"https://api.example.com/v3?key={SECRET}"),
        ("UPSTREAM_URL", f"https://{SECRET}@api.example.com/v3"),
        ("PLAYGROUND_SIGN_IN", SECRET),
        ("PLAYGROUND_TLS", SECRET),
        ("PLAYGROUND_HSTS_DAYS", SECRET),
        ("SANDBOX_SPEED", SECRET),
        ("ALLOWED_HOSTS", f"https://{SECRET}"),
        ("CSRF_TRUSTED_ORIGINS", SECRET),
        ("DATABASE_URL", SECRET),
        ("DATABASE_URL", f"postgres://{SECRET}"),
        ("DATABASE_URL", f"sqlite:////proc/{SECRET}/file"),
        ("DATA_DIR", f"/proc/{SECRET}"),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused_and_not_shown(read_settings, name, value):
    with pytest.raises(ImproperlyConfigured, match=f"^{name} ") as caught:
        read_settings(**{name: value})

    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("hosts", "is_behind_tls"),
    [
        (["*"], False),
        (["localhost", "playground.example.com"], False),
        (["127.0.0.1.example.com"], False),
        (["localhost"], True),
    ],
)
def test_nothing_leads_from_elsewhere_to_a_playground_without_sign_in(hosts, is_behind_tls):
    with pytest.raises(ImproperlyConfigured, match=r"^PLAYGROUND_SIGN_IN=local lets everybody in"):
        environment.check_local("local", hosts, is_behind_tls=is_behind_tls)

    environment.check_local("password", hosts, is_behind_tls=is_behind_tls)
    environment.check_local("local", ["localhost", "[::1]", ".localhost"], is_behind_tls=False)


def test_cookies_of_each_installation_have_names_of_their_own(read_settings, tmp_path):
    names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "MESSAGES_COOKIE_NAME")

    def read(**variables):
        settings = read_settings(**variables)
        return [settings[name] for name in names]

    other = KEY.replace("0123456789", "9876543210")
    first, again = read(), read()
    others = [
        read(SECRET_KEY=other),
        read(DATA_DIR=str(tmp_path / "other")),
        read(PLAYGROUND_TLS="on"),
    ]
    here, there = (
        read(DATABASE_URL=f"postgres://u:p@{host}/team", DATA_DIR=str(tmp_path / host))
        for host in ("db.internal", "10.0.0.5")
    )

    assert first == again
    assert here == there
    assert len({*first, *(name for one in others for name in one), *here}) == 15
    assert all(name.startswith("__Host-") for name in others[2])


def test_a_secret_is_never_repeated(read_settings):
    with pytest.raises(ImproperlyConfigured) as caught:
        read_settings(**HOSTED, UPSTREAM_API_KEY="my secret key")

    assert "secret key" not in str(caught.value)


def test_a_user_in_an_address_is_not_repeated(read_settings):
    with pytest.raises(ImproperlyConfigured) as caught:
        read_settings(UPSTREAM_URL="https://ada:hunter2@api.example.com/v3")

    assert str(caught.value) == (
        "UPSTREAM_URL must not carry a user or a password: the key goes into UPSTREAM_API_KEY."
    )


def test_a_key_that_was_exported_for_a_snippet_does_not_change_the_upstream(read_settings):
    settings = read_settings(UPSTREAM_API_KEY="exported-for-curl", UPSTREAM_PROJECT_ID="too")

    assert settings["UPSTREAM_IS_SANDBOX"]
    assert settings["UPSTREAM_API_KEY"] == settings["SANDBOX_API_KEY"]


def test_nothing_has_to_be_set(read_settings):
    settings = read_settings()

    assert settings["UPSTREAM_IS_SANDBOX"]
    assert settings["UPSTREAM_API_KEY"] == settings["SANDBOX_API_KEY"]
    assert settings["SIGN_IN"] == "password"


def test_known_key_of_the_sandbox_belongs_to_playgrounds_without_sign_in(read_settings, tmp_path):
    def key(**variables):
        return read_settings(**variables)["SANDBOX_API_KEY"]

    known, other = "5a9d" * 16, KEY.replace("0123456789", "9876543210")
    made = key()
    there = key(DATA_DIR=str(tmp_path / "another machine"))

    assert key(PLAYGROUND_SIGN_IN="local") == known
    assert made == there == key(PLAYGROUND_SIGN_IN="password")
    assert re.fullmatch(r"[0-9a-f]{64}", made)
    assert len({made, known, key(SECRET_KEY=other), key(SECRET_KEY="")}) == 4
    assert key(SECRET_KEY="") == key(SECRET_KEY="")
    assert key(SANDBOX_API_KEY="mine") == "mine"


def test_a_key_is_made_once_and_only_its_owner_may_read_it(read_settings, tmp_path):
    first = read_settings(SECRET_KEY="")["SECRET_KEY"]

    assert read_settings(SECRET_KEY="")["SECRET_KEY"] == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_refused_start_is_one_line(tmp_path):
    environment = without_variables(os.environ) | {"DATA_DIR": str(tmp_path), "SANDBOX_SPEED": "x"}

    done = subprocess.run(
        [sys.executable, str(PROJECT / "manage.py"), "run"],
        env=environment,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == ("playground: SANDBOX_SPEED must be a number from 0.01 to 100000.\n")


@pytest.mark.parametrize("arguments", [["--version"], ["run", "--version"]])
def test_the_version_is_the_playgrounds(arguments):
    done = subprocess.run(
        [sys.executable, str(PROJECT / "manage.py"), *arguments], capture_output=True, text=True
    )

    assert done.stdout.startswith(f"Playground {playground.__version__}")
