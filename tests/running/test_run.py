"""`manage.py run`, as a person or an init system meets it: real processes."""

import http.client
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from django.conf import settings

from tests.environment import PROJECT, without_variables
from tests.playgrounds import kept_port
from tests.running.processes import descendants, is_a, still_there

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")

KEY = "5a9d" * 16
PROJECT_ID = "5a9db0c0-0000-4000-8000-000000000001"
EVERYWHERE = "0.0.0.0"  # noqa: S104
# Seconds for what takes one or two, on a machine that has much else to do.
WAIT = 60
SQLITE_LINE = (
    f"SQLite {sqlite3.sqlite_version} can, rarely, damage its file when several processes write "
    "(mended in 3.51.3): a team should set DATABASE_URL to a PostgreSQL database.\n"
)


@pytest.fixture(scope="module")
def plain(shared_playgrounds):
    """A playground for those who only look at it."""
    return shared_playgrounds.start()


@pytest.fixture(scope="module")
def configured(shared_playgrounds):
    """One whose operator set what can be set, and what no program of ours reads."""
    return shared_playgrounds.start(
        SANDBOX_API_KEY="c0ffee" * 8,
        SANDBOX_PROJECT_ID="mine",
        GRANIAN_WORKERS="3",
        GUNICORN_CMD_ARGS="--workers 3",
    )


def status_of(playground, *, host="127.0.0.1", path="/"):
    line = http.client.HTTPConnection(host, playground.port, timeout=10)
    line.request("GET", path)
    try:
        return line.getresponse().status
    finally:
        line.close()


def manage(playground, *arguments):
    environment = without_variables(os.environ) | {"DATA_DIR": str(playground.data_dir)}
    environment["DATABASE_URL"] = f"sqlite:///{playground.data_dir}/playground.sqlite3"
    command = [sys.executable, str(PROJECT / "manage.py"), *arguments]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True)


def lines_without_sqlite(playground):
    return playground.output.replace(SQLITE_LINE, "").splitlines()


def wait_until(is_true):
    deadline = time.monotonic() + WAIT
    while not is_true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def test_one_line_tells_the_address_and_how_to_call_the_sandbox(plain):
    assert lines_without_sqlite(plain) == [
        (
            f"Playground on http://127.0.0.1:{plain.port}/ (upstream: the sandbox, key {KEY}, "
            f"project {PROJECT_ID}; stop with Ctrl-C)"
        )
    ]
    assert status_of(plain) < 400


def sandbox_status(playground, key):
    headers = {"Authorization": f"x-api-key {key}", "x-project-id": PROJECT_ID}
    return httpx.get(f"{playground.url}sandbox/v3/workspace", headers=headers).status_code


def test_an_old_sqlite_is_told_and_a_mended_one_is_not(plain):
    assert (SQLITE_LINE in plain.output) == (not settings.SQLITE_HAS_WAL_FIX)


def test_a_key_of_the_operator_is_never_printed(configured):
    assert lines_without_sqlite(configured) == [
        (
            f"Playground on {configured.url} (upstream: the sandbox, key from SANDBOX_API_KEY, "
            "project mine; stop with Ctrl-C)"
        )
    ]


def test_it_stops_with_everything_it_started(running_playground):
    playground = running_playground.start("--processes", "2")
    below = descendants(playground.process.pid)

    exit_code = playground.stop(signal.SIGINT)

    assert exit_code == 0
    assert len(below) >= 4  # the server, two web processes, the background worker
    assert still_there(below, within=0) == {}
    assert playground.errors == ""


def test_it_stops_while_it_is_still_starting(running_playground):
    playground = running_playground.launch()
    wait_until((playground.data_dir / "prepare.lock").exists)

    exit_code = playground.stop()

    assert (exit_code, playground.output, playground.errors) == (0, "", "")


def test_nothing_outlives_a_killed_run(running_playground):
    playground = running_playground.start("--processes", "2")
    below = descendants(playground.process.pid)

    playground.process.kill()

    assert len(below) >= 4
    assert still_there(below, within=WAIT) == {}


def test_a_server_that_dies_ends_the_run_with_a_sentence(running_playground):
    playground = running_playground.start()
    below = descendants(playground.process.pid)
    server = next(pid for pid, line in below.items() if "playground.wsgi" in line)

    os.kill(server, signal.SIGKILL)

    assert playground.process.wait(WAIT) == 1
    assert playground.errors == "playground: The web server ended by itself (SIGKILL).\n"
    assert still_there(below, within=0) == {}


def test_a_worker_that_dies_is_started_again_and_does_its_tasks(running_playground, tmp_path):
    playground = running_playground.start()
    mark = tmp_path / "done by the worker"

    def workers():
        below = descendants(playground.process.pid)
        return {pid for pid, line in below.items() if is_a(line, "db_worker")}

    (first,) = workers()
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: workers() - {first})
    told = playground.errors
    manage(
        playground,
        "shell",
        "-c",
        "from tests.running import sample_tasks as tasks;"
        f"tasks.fail.enqueue(); tasks.touch.enqueue({str(mark)!r})",
    )
    wait_until(mark.exists)

    assert told == "playground: The background worker ended (SIGKILL); it starts again in 1 s.\n"
    assert status_of(playground) < 400
    below = descendants(playground.process.pid)
    assert playground.stop(signal.SIGTERM) == 0
    assert still_there(below, within=0) == {}
    assert "ZeroDivisionError" in playground.errors
    assert "INFO" not in playground.errors


def test_a_taken_port_is_one_sentence_and_leaves_nothing(running_playground):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        playground = running_playground.launch("--port", str(port))

        exit_code = playground.process.wait(WAIT)

    assert exit_code == 1
    assert playground.output == ""
    assert playground.errors == (
        f"playground: Cannot listen on 127.0.0.1:{port}: another program listens there already; "
        "choose another --port.\n"
    )
    assert {path.name for path in playground.data_dir.iterdir()} <= {
        "secret_key",
        "static",
        "static.stamp",
    }


def test_two_playgrounds_never_share_a_port(running_playground, plain):
    second = running_playground.launch("--port", str(plain.port))

    assert second.process.wait(WAIT) == 1
    assert f"Cannot listen on 127.0.0.1:{plain.port}" in second.errors


def test_it_listens_on_ipv6_and_names_a_hosted_upstream_without_its_key(running_playground):
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6")

    playground = running_playground.start(
        "--host",
        "::1",
        UPSTREAM_URL="https://api.invalid/v3",
        UPSTREAM_API_KEY="c0ffee",
        UPSTREAM_PROJECT_ID="p",
    )

    assert playground.url == f"http://[::1]:{playground.port}/"
    assert status_of(playground, host="::1") < 400
    assert lines_without_sqlite(playground) == [
        (
            f"Playground on {playground.url} (upstream: https://api.invalid/v3, "
            "key from UPSTREAM_API_KEY; stop with Ctrl-C)"
        )
    ]


def test_local_sign_in_is_refused_where_others_can_come(running_playground):
    playground = running_playground.launch(
        "--host", EVERYWHERE, PLAYGROUND_SIGN_IN="local", ALLOWED_HOSTS="playground.example"
    )

    assert playground.process.wait(WAIT) == 1
    assert playground.errors == (
        "playground: PLAYGROUND_SIGN_IN=local lets everybody in without a password: it needs a "
        "loopback --host such as 127.0.0.1, not 0.0.0.0.\n"
    )


def test_a_public_address_needs_host_names(running_playground):
    playground = running_playground.launch("--host", EVERYWHERE)

    assert playground.process.wait(WAIT) == 1
    assert playground.errors == (
        "playground: Set ALLOWED_HOSTS to the host names that people will type (such as "
        "playground.example.com) before listening on 0.0.0.0.\n"
    )


def test_a_password_playground_without_people_says_how_to_make_one(running_playground):
    advice = "Nobody can sign in yet: python manage.py createsuperuser makes a person."
    first = running_playground.start(PLAYGROUND_SIGN_IN="password")
    key_file = first.data_dir / "sandbox_api_key"
    assert f"the sandbox, key in {key_file}, project" in first.output
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert sandbox_status(first, key_file.read_text().strip()) == 200
    assert sandbox_status(first, KEY) == 401
    create = (
        "from django.contrib.auth.models import User;"
        "User.objects.create_user('ada', password='a long password of hers')"
    )

    told = lines_without_sqlite(first)[1:]
    manage(first, "shell", "-c", create)
    first.stop()
    again = running_playground.start(
        PLAYGROUND_SIGN_IN="password",
        DATABASE_URL=f"sqlite:///{first.data_dir}/playground.sqlite3",
    )

    assert told == [advice]
    assert lines_without_sqlite(again)[1:] == []


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--port", "70000"], "playground: --port must be a number from 0 to 65535, not 70000."),
        (
            ["--host", "192.0.2.1"],
            (
                "playground: Cannot listen on 192.0.2.1:0: this machine has no such address; "
                "choose another --host."
            ),
        ),
        (
            ["--host", "no such host"],
            "playground: --host must be an address of this machine, not 'no such host'.",
        ),
        (
            ["--threads", "0"],
            "manage.py run: error: argument --threads: must be a whole number from 1 to 1000",
        ),
    ],
)
def test_wrong_options_are_one_sentence(running_playground, options, sentence):
    playground = running_playground.launch(*options)

    assert playground.process.wait(WAIT) != 0
    assert playground.errors.splitlines()[-1] == sentence
    assert "Traceback" not in playground.errors


def test_a_database_that_does_not_answer_is_one_sentence(running_playground):
    with kept_port() as port:
        url = f"postgres://u:hidden@127.0.0.1:{port}/p"
        playground = running_playground.launch(DATABASE_URL=url)

        assert playground.process.wait(WAIT) == 1
    assert re.fullmatch(
        r"playground: The database of DATABASE_URL cannot be used: .+refused.+\n",
        playground.errors,
    )
    assert "hidden" not in playground.errors


def test_web_servers_take_no_settings_of_their_own_from_the_environment(configured):
    names = {
        line.partition("=")[0]
        for pid in descendants(configured.process.pid)
        for line in Path(f"/proc/{pid}/environ").read_text().split("\0")
    }

    assert {name for name in names if name.startswith(("GRANIAN", "GUNICORN"))} == set()
    assert "DATA_DIR" in names
