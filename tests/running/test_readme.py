"""What the README tells people to type works."""

import re
import shutil
import sqlite3
import subprocess
from contextlib import closing

import msgspec
import pytest

from playground.sandbox.catalog.test_inputs import TEST_INPUTS
from tests.environment import PROJECT

README = (PROJECT / "README.md").read_text()


@pytest.fixture(scope="module")
def playground(shared_playgrounds):
    return shared_playgrounds.start()


def command(begin):
    """The first block of shell that contains `begin`."""
    blocks = re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    return next(block for block in blocks if begin in block)


def test_the_sandbox_answers_the_curl_example(playground):
    if not shutil.which("curl"):
        pytest.skip("there is no curl here")
    script = command("curl --request POST").replace("http://127.0.0.1:8000/", playground.url)

    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True)

    assert re.fullmatch(r"[0-9a-f-]{36}", msgspec.json.decode(done.stdout)["job_uid"])


def test_the_test_inputs_are_those_of_the_sandbox():
    listed = re.findall(r"^\| `(test:[a-z-]+)` \|", README, re.MULTILINE)

    assert listed == [item.value for item in TEST_INPUTS]


def test_a_running_playground_can_be_backed_up(playground, tmp_path):
    script = (
        command("import sqlite3")
        .replace(".venv/bin/python", shutil.which("python3") or "python3")
        .replace(".data/", f"{playground.data_dir}/")
        .replace("playground-backup", f"{tmp_path}/playground-backup")
    )

    subprocess.run(["sh", "-c", script], check=True)

    with closing(sqlite3.connect(tmp_path / "playground-backup.sqlite3")) as backup:
        tables = {name for (name,) in backup.execute("SELECT name FROM sqlite_master")}
    assert {"auth_user", "playground_launch"} <= tables
