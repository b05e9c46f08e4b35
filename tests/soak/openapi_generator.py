"""The clients that OpenAPI Generator makes of the document, by hand: it needs Java.

    python -m tests.soak.openapi_generator --generator 'openapi-generator-cli'

Python: generated, then launches, polls and reads against a sandbox, in an environment of its own
into which pip installs what the client needs. Java: generated, and looked through for answers that
would refuse keys of which the document says nothing; it is not compiled.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import subprocess
import sys
import tempfile
import threading
import venv
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

PROGRAM = """
import json, sys
import workflow_api as api
url, key, project, uid = sys.argv[1:]
keys = {"authorization": f"x-api-key {key}", "workspace": project}
client = api.ApiClient(api.Configuration(host=url, api_key=keys))
workflows, jobs = api.WorkflowsApi(client), api.JobsApi(client)
assert uid in [one.uid for one in workflows.list_workflows()]
step = workflows.get_workflow(uid).steps[0]
row = api.InputRow.from_dict({"company_name": "ACME Holdings, Inc.", "meta": {"row": 7}})
body = api.LaunchRequest(
    job_name="Generated", inputs=[row],
    steps=[api.StepLaunch(step_uid=step.step_uid, accounts=[], parameters={})],
)
launched = workflows.launch_workflow(uid, body)
for _ in range(100):
    job = jobs.get_job(launched.job_uid)
    if job.status == "finished":
        break
results = jobs.list_results(launched.job_uid)
print(json.dumps([job.status, results.results[0], results.paging.have_next_page]))
"""
CLEAN_COMPANY = "5a9db0c0-0004-4000-8000-000000000003"


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 (its name)
        pass


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--generator", default="openapi-generator-cli", help="the command")
    generator = shlex.split(parser.parse_args().generator)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    with tempfile.TemporaryDirectory() as folder:
        _try(generator, Path(folder))


def _try(generator: list[str], folder: Path) -> None:
    from playground.reference.formats.openapi.document import encode_document
    from tests.reference.formats.sandbox_app import SERVER_URL, SandboxApp
    from tests.sandbox.world import KEY, PROJECT, World

    app = SandboxApp(World(speed=1_000))
    with make_server("127.0.0.1", 0, app, handler_class=Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}{SERVER_URL.partition('localhost')[2]}"
        (folder / "openapi.json").write_bytes(encode_document(url))
        for language in ("python", "java"):
            more = ["--additional-properties=packageName=workflow_api"]
            command = [*generator, "generate", "-i", "openapi.json", "-g", language, "-o", language]
            _run([*command, *(more if language == "python" else [])], folder)
        print("Python:", _launch(folder, url, KEY, PROJECT))
        server.shutdown()
    refusing = _refusing(folder / "java")
    answers = [name for name in refusing if not name.endswith(("Save", "Request", "Launch"))]
    print("Java: models that refuse unknown keys:", ", ".join(refusing) or "none")
    print("Java: of these none is an answer's but perhaps:", ", ".join(answers) or "none")


def _launch(folder: Path, *arguments: str) -> str:
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / "bin" / "python"
    _run([str(python), "-m", "pip", "install", "--quiet", str(folder / "python")], folder)
    (folder / "program.py").write_text(PROGRAM)
    return _run([str(python), "program.py", *arguments, CLEAN_COMPANY], folder).strip()


def _refusing(folder: Path) -> list[str]:
    """Java's models check what they read unless they keep further keys."""
    return sorted(
        path.stem
        for path in folder.rglob("model/*.java")
        if re.search("is not defined in the", path.read_text(encoding="utf-8"))
    )


def _run(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return done.stdout


if __name__ == "__main__":
    main()
