"""A sandbox in memory, with a clock that is moved by hand."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from playground.contract.workflows import Workflow
from playground.sandbox import catalog
from playground.sandbox.api import handle as api
from playground.sandbox.api.handle import SandboxRequest, SandboxResponse, SandboxSettings
from playground.sandbox.storage.memory import MemoryStore
from playground.sandbox.storage.protocol import JobStore

START = datetime(2025, 3, 1, 12, tzinfo=UTC)
BASE_URL = "https://sandbox.example/v3"
KEY, PROJECT = "0123abcd" * 8, "5a9db0c0-0000-4000-8000-000000000001"
HEADERS = {"authorization": f"x-api-key {KEY}", "x-project-id": PROJECT}


def workflow(name: str) -> Workflow:
    return next(item.workflow for item in catalog.WORKFLOWS if item.workflow.name == name)


def account(name: str) -> str:
    return next(item.uid for item in catalog.ACCOUNTS if item.name == name)


FIND = workflow("Find an e-mail")
PROFILE = workflow("Extract LinkedIn People Profile")
VISIT_CONNECT = workflow("Visit a Profile, Then Connect")
CONNECTIONS = workflow("Extract LinkedIn Connections")
JANE, EXPIRED = account("Jane's Sales Navigator"), account("Mei's LinkedIn (expired)")
PERSON = {"first_name": "Zoë", "last_name": "O'Brien", "company_name": "acme.com"}


def step(of: Workflow, position: int = 0, **changes: Any) -> dict[str, Any]:
    return {
        "step_uid": of.steps[position].step_uid,
        "accounts": [],
        "parameters": {},
    } | changes


def body(
    of: Workflow, rows: list[dict[str, Any]], *accounts: str, **changes: Any
) -> dict[str, Any]:
    """A launch body in which every step that takes an account of LinkedIn is given these."""
    steps = [
        step(of, position, accounts=list(accounts) if item.integration_slugs else [])
        for position, item in enumerate(of.steps)
    ]
    return {"job_name": "Test", "steps": steps, "inputs": rows} | changes


@dataclass
class World:
    store: JobStore = field(default_factory=MemoryStore)
    speed: float = 1.0
    plan_limit: int = 0
    now: datetime = START

    def pass_seconds(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def send(self, method: str, path: str, content: Any = None, **changes: Any) -> SandboxResponse:
        path, _, query = path.partition("?")
        request = SandboxRequest(
            method=method,
            path=path,
            query=query,
            headers=changes.get("headers", HEADERS),
            body=_encode(content),
            base_url=BASE_URL,
        )
        settings = SandboxSettings(
            api_key=KEY, project_id=PROJECT, speed=self.speed, plan_limit=self.plan_limit
        )
        return api.handle(request, self.store, self.now, settings)

    def get(self, path: str) -> Any:
        return self._read(self.send("GET", path))

    def post(self, path: str, content: Any = None) -> Any:
        return self._read(self.send("POST", path, content))

    def delete(self, path: str) -> Any:
        return self._read(self.send("DELETE", path))

    def launch(self, of: Workflow, content: Any) -> str:
        """Launches and returns the main job's UID."""
        uid: str = self.post(f"/workflows/{of.uid}/schedule", content)["job_uid"]
        return uid

    def refusal(self, method: str, path: str, content: Any = None) -> tuple[int, str]:
        response = self.send(method, path, content)
        return response.status, json.loads(response.body)["message"]

    def job(self, uid: str) -> dict[str, Any]:
        found: dict[str, Any] = self.get(f"/jobs/{uid}")
        return found

    def status(self, uid: str) -> str:
        return str(self.job(uid)["status"])

    def step_jobs(self, of: Workflow, uid: str) -> list[dict[str, Any]]:
        """The newest sub-job of each step of this run, in the order of the listing."""
        jobs = [job for job in self.get(f"/workflows/{of.uid}/jobs") if job["main_job_uid"] == uid]
        return jobs[: len(of.steps)]

    def results(self, uid: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.get(f"/jobs/{uid}/results")["results"]
        return rows

    @staticmethod
    def _read(response: SandboxResponse) -> Any:
        assert response.status == 200, response.body
        return json.loads(response.body)


def _encode(content: Any) -> bytes:
    if content is None:
        return b""
    return content if isinstance(content, bytes) else json.dumps(content).encode()
