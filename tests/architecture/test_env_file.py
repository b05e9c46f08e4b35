"""Each line of `.env` is read as it was meant, or stops the start without showing a value."""

import os
import runpy

import pytest
from django.core.exceptions import ImproperlyConfigured

from playground import database_address, env_file
from tests.environment import PROJECT, without_variables

SECRET = "Tr0ub4dor&3-and-more-of-it"
HOSTED = f"UPSTREAM_API_KEY={SECRET}\nUPSTREAM_PROJECT_ID=p\n"


@pytest.fixture
def read_settings(monkeypatch, tmp_path):
    """Settings as a process with that `.env` and these variables would read them."""

    def read(text="", **variables):
        clean = {name: one for name, one in os.environ.items() if not name.startswith("SANDBOX")}
        own = {"DATA_DIR": str(tmp_path)} | variables
        monkeypatch.setattr(os, "environ", without_variables(clean) | own)
        monkeypatch.setattr(env_file, "read", lambda _: env_file.parse(text))
        return runpy.run_path(str(PROJECT / "playground" / "settings.py"))

    return read


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("A=b", "b"),
        ("A = b", "b"),
        ("  A\t=\tb \t", "b"),
        ("export A=b", "b"),
        ("export  A = 'b'", "b"),
        ("\ufeffA=b", "b"),
        ("A=b\r", "b"),
        ("A=$HOME", "$HOME"),
        ("A='$q*eo'", "$q*eo"),
        ('A="$q*eo"', "$q*eo"),
        (r'A="a\"b\\c\$d\n"', r'a"b\c$d\n'),
        (r"A=a\nb", r"a\nb"),
        ("A='a\"b # c'", 'a"b # c'),
        ("A=a#b", "a#b"),
        ("A=#b", "#b"),
        ("A=b # a word", "b"),
        ("A= # a word", ""),
        ("A='b' # a word", "b"),
        ("A=", ""),
        ("A=b=c==", "b=c=="),
        ("A=it's", "it's"),
    ],
)
def test_a_line_is_read_exactly(line, value, tmp_path):
    (tmp_path / ".env").write_bytes(f"{line}\n# A=x\n\n".encode())

    assert env_file.read(tmp_path / ".env")["A"].value == value


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (f"UPSTREAM_URL {SECRET}", "Line 1 of .env, about UPSTREAM_URL,"),
        (f"# a\nUPSTREAM_URL: {SECRET}", "Line 2 of .env, about UPSTREAM_URL,"),
        (SECRET, "Line 1 of .env cannot"),
        (f"A=b\n\n{SECRET}=", "Line 3 of .env cannot"),
        ("export UPSTREAM_URL", "Line 1 of .env, about UPSTREAM_URL,"),
        (f"A='{SECRET}", "of A in line 1 of .env is never closed"),
        (f'A="{SECRET}\\"', "of A in line 1 of .env is never closed"),
        (f"A='{SECRET}'b", "of A in line 1 of .env"),
        (f"A=\u201c{SECRET}\u201d", "A in line 1 of .env begins with a typographic"),
        (f"A=b #{SECRET}", "in A in line 1 of .env"),
        (f"A={SECRET}\nB=1\nA={SECRET}", "A is set twice in .env, in lines 1 and 3"),
        (f"A={SECRET}\0", "A in line 1 of .env"),
        (
            f"A=\u00a0{SECRET}",
            "A in line 1 of .env has a character that cannot be seen (U+00A0)",
        ),
        (
            f"A={SECRET}\u200b",
            "A in line 1 of .env has a character that cannot be seen (U+200B)",
        ),
        (f"A={SECRET[:5]}\u2060{SECRET[5:]} # c", "cannot be seen (U+2060)"),
    ],
)
def test_what_is_not_clear_stops_the_start_without_its_value(text, named):
    with pytest.raises(ImproperlyConfigured) as caught:
        env_file.parse(text)

    assert named in str(caught.value)
    assert SECRET not in str(caught.value)


def test_a_file_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "utf-16").write_text("A=b", encoding="utf-16")
    (tmp_path / "folder").mkdir()

    assert env_file.read(tmp_path / "nothing") == {}
    for name in ("utf-16", "folder"):
        with pytest.raises(ImproperlyConfigured, match=f"^{name} "):
            env_file.read(tmp_path / name)


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "UPSTREAM_API_KEY", "SANDBOX_API_KEY", "SANDBOX_PROJECT_ID"]
)
def test_a_dollar_names_no_other_variable(read_settings, name):
    hosted = {"UPSTREAM_URL": "https://a.example/v3", "UPSTREAM_PROJECT_ID": "p"}
    value = "$HOME" * 10 + "_is_no_folder!"

    found = read_settings(**{"UPSTREAM_API_KEY": "k"} | hosted | {name: value})

    assert found[name] == value


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (HOSTED, "UPSTREAM_API_KEY is set (line 1 of .env) and UPSTREAM_URL is not: "),
        (f"UPSTREAM_URL=\n{HOSTED}", "UPSTREAM_API_KEY is set (line 2 of .env) and UPSTREAM_URL "),
        ("UPSTREAM_URI=https://a.example/", "UPSTREAM_URI (line 1 of .env) is no setting: did you"),
        ("\nUPSTREAM_BASE_URL=x", "UPSTREAM_BASE_URL (line 2 of .env) is no setting: did you mean"),
        ("UPSTEAM_URL=x", "UPSTEAM_URL (line 1 of .env) is no setting: did you mean UPSTREAM_URL?"),
        ("upstream_url=x", "upstream_url (line 1 of .env) is no setting: did you mean UPSTREAM_U"),
        ("PLAYGROUND_SIGNIN=x", "did you mean PLAYGROUND_SIGN_IN?"),
        ("SANDBOX_SPED=x", "did you mean SANDBOX_SPEED?"),
        ("SANDBOX_COLOUR=x", "SANDBOX_COLOUR (line 1 of .env) is no setting: take it out"),
        ("ALLOWED_HOST=x", "did you mean ALLOWED_HOSTS?"),
        ("DATABASE_URI=x", "did you mean DATABASE_URL?"),
        ("DJANGO_SECRET_KEY=x", "did you mean SECRET_KEY?"),
        ("DJANGO_ALLOWED_HOSTS=x", "did you mean ALLOWED_HOSTS?"),
    ],
)
def test_a_name_that_was_meant_for_us_never_leads_to_the_sandbox(read_settings, text, sentence):
    with pytest.raises(ImproperlyConfigured) as caught:
        read_settings(text)

    assert sentence in str(caught.value)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("name", ["UPSTREAM_KEY", "UPSTREAM_TOKEN", "UPSTEAM_URL", "SANDBOX_SPED"])
def test_the_environment_is_looked_at_for_what_is_close(read_settings, name):
    with pytest.raises(ImproperlyConfigured, match=f"^{name} is no setting"):
        read_settings(**{name: SECRET})


def test_what_belongs_to_others_is_left_alone(read_settings):
    found = read_settings(
        "COMPOSE_PROJECT_NAME=x\nUPSTREAM_URL=",
        PLAYGROUND_PORT_8000_TCP_ADDR="10.0.0.1",
        PLAYGROUND_SERVICE_HOST="10.0.0.1",
        SANDBOX_RUNTIME="gvisor",
        DATABASE_URI="mysql://other",
    )

    assert found["UPSTREAM_IS_SANDBOX"]


def test_the_environment_wins_over_the_file(read_settings):
    found = read_settings("SANDBOX_SPEED = 2\nSANDBOX_PLAN_LIMIT='3'", SANDBOX_SPEED="50")

    assert (found["SANDBOX_SPEED"], found["SANDBOX_PLAN_LIMIT"]) == (50, 3)


def test_behind_tls_only_this_host_is_bound_and_for_as_long_as_was_said(read_settings):
    short = read_settings(PLAYGROUND_TLS="on")
    long = read_settings(PLAYGROUND_TLS="on", PLAYGROUND_HSTS_DAYS="365")

    assert short["SECURE_HSTS_SECONDS"] == 86_400
    assert long["SECURE_HSTS_SECONDS"] == 31_536_000
    assert {name for name in long if name.startswith("SECURE_HSTS")} == {"SECURE_HSTS_SECONDS"}


@pytest.mark.parametrize("password", ["$HOME", "p#s?s/w@r:d", "12/34", "a+b%2Cc", "50%", "'\"\\"])
def test_a_password_of_the_database_is_taken_as_it_is(password):
    config = database_address.read(
        f"postgres://ada:{password}@db.example:5433/name?sslmode=require"
    )

    assert config["PASSWORD"] == password.replace("%2C", ",")
    assert (config["USER"], config["HOST"], config["PORT"]) == ("ada", "db.example", "5433")
    assert (config["NAME"], config["OPTIONS"]) == ("name", {"sslmode": "require"})


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("postgres:///name", ("", "")),
        ("postgres:////run/postgresql/name", ("/run/postgresql", "")),
        ("postgres://%2Frun%2Fpostgresql/name", ("/run/postgresql", "")),
        ("postgresql://[::1]:5433/name", ("::1", "5433")),
        ("psql://a:1,b:2/name", ("a,b", "1,2")),
    ],
)
def test_a_database_may_be_in_many_places(url, place):
    config = database_address.read(url)

    assert (config["HOST"], config["PORT"], config["NAME"]) == (*place, "name")


@pytest.mark.parametrize("folder", ["a+b", "a%20b", "a?b", "a#b", "$HOME"])
def test_the_data_is_in_the_folder_that_was_named(read_settings, tmp_path, folder):
    found = read_settings(DATA_DIR=str(tmp_path / folder))

    assert found["DATABASES"]["default"]["NAME"] == str(tmp_path / folder / "playground.sqlite3")


def test_relative_paths_begin_beside_the_program(read_settings, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    found = read_settings(DATABASE_URL="sqlite:///.data/other.sqlite3")

    assert found["DATABASES"]["default"]["NAME"] == str(PROJECT / ".data" / "other.sqlite3")


@pytest.mark.parametrize("content", [b"", b"\0" * 86, b"short", b"\xff" * 60, b"a" * 86])
def test_a_damaged_key_is_not_used(read_settings, tmp_path, content):
    (tmp_path / "secret_key").write_bytes(content)

    with pytest.raises(ImproperlyConfigured, match=r"^The file secret_key in DATA_DIR is empty or"):
        read_settings()
