"""Programs that generators make of the document do the whole job: launch, poll, read.

Nothing is known to them but the document. What they send and read goes through the generated
types, which a type checker reads as strictly as it can: a row keeps its keys, what may be left out
may be left out, and what an answer always has is there.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from playground.reference.formats.openapi import document as openapi
from tests.reference.formats.sandbox_app import SERVER_URL, SandboxApp
from tests.sandbox.world import KEY, World
from tests.sandbox.world import PROJECT as PROJECT_UID

HERE = Path(__file__).parent
CLEAN_COMPANY = "5a9db0c0-0004-4000-8000-000000000003"
RESULT = {
    "company_name": "ACME Holdings, Inc.",
    "cleaned_company_name": "ACME Holdings",
    "legal_forms": ["Corporation"],
    "possible_countries": ["Philippines", "United States of America"],
    "meta": {"row": 7},
}
DONE = {
    "status": "finished",
    "results": [RESULT],
    "inputs": [["succeeded", "ACME Holdings, Inc."], ["failed", "test:not-found"]],
    "is_last": True,
}


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 (its name)
        pass


@pytest.fixture(scope="module")
def sandbox() -> Iterator[str]:
    """The address of a sandbox on which a job lasts a moment."""
    server = make_server("127.0.0.1", 0, SandboxApp(World(speed=1_000)), handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    path = SERVER_URL.partition("localhost")[2]
    yield f"http://127.0.0.1:{server.server_port}{path}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def document(tmp_path: Path, sandbox: str) -> Path:
    path = tmp_path / "openapi.json"
    path.write_bytes(openapi.encode_document(sandbox))
    return path


def run(*command: str | Path, at: Path) -> str:
    done = subprocess.run(
        [str(part) for part in command], cwd=at, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def test_a_python_client_launches_polls_and_reads(tmp_path: Path, document: Path, sandbox: str):
    tools = Path(sys.executable).parent
    (tmp_path / "config.yml").write_text("post_hooks: []\n")
    shutil.copy(HERE / "launch_and_follow.py", tmp_path)

    said = run(
        *(tools / "openapi-python-client", "generate", "--path", document, "--meta", "none"),
        *("--output-path", "workflow_api", "--config", "config.yml", "--fail-on-warning"),
        at=tmp_path,
    )
    run(
        *(sys.executable, "-m", "mypy", "--strict", "--follow-imports", "silent"),
        *("--config-file", "/dev/null", "--cache-dir", "/dev/null", "launch_and_follow.py"),
        at=tmp_path,
    )
    told = run(
        *(sys.executable, "launch_and_follow.py", sandbox, KEY, PROJECT_UID, CLEAN_COMPANY),
        at=tmp_path,
    )

    assert "warning" not in said.lower()
    assert json.loads(told) == DONE


@pytest.mark.skipif(not shutil.which("npm"), reason="npm brings the tools of TypeScript")
def test_a_typescript_client_launches_polls_and_reads(tmp_path: Path, document: Path, sandbox: str):
    for name in ("package.json", "tsconfig.json", "launch_and_follow.ts"):
        shutil.copy(HERE / name, tmp_path)
    run("npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--silent", at=tmp_path)
    tools = tmp_path / "node_modules" / ".bin"

    run(tools / "openapi-typescript", document, "--output", "workflow_api.d.ts", at=tmp_path)
    run(tools / "tsc", "--project", "tsconfig.json", at=tmp_path)
    told = run(
        "node", "launch_and_follow.js", sandbox, KEY, PROJECT_UID, CLEAN_COMPANY, at=tmp_path
    )

    assert json.loads(told) == DONE
