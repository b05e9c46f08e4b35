"""A sandbox in memory as a WSGI application that serves its own document too."""

from __future__ import annotations

import http
import json
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from playground.reference.formats.openapi import document as openapi
from playground.sandbox.api import handle as api
from playground.sandbox.api.handle import SandboxRequest, SandboxResponse, SandboxSettings
from tests.sandbox.world import KEY, PROJECT, World

SERVER_URL = "http://localhost/sandbox/v3"
DOCUMENT_PATH = f"{urlsplit(SERVER_URL).path}/openapi.json"


def document_without_security() -> dict[str, Any]:
    """The document for generators: credentials are the test's affair, and always one of its own."""
    return {
        key: item for key, item in openapi.build_document(SERVER_URL).items() if key != "security"
    }


class SandboxApp:
    """Each call finds the clock a second later, so that jobs go on while they are asked about."""

    def __init__(self, world: World) -> None:
        self.world = world

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        raw = environ.get("REQUEST_URI") or environ["PATH_INFO"]
        path = urlsplit(raw).path if "://" in raw else raw.partition("?")[0]
        if path == DOCUMENT_PATH:
            start_response("200 OK", [("Content-Type", "application/json")])
            return [json.dumps(document_without_security()).encode()]
        answer = self.handle(self._request(environ, path))
        status = f"{answer.status} {http.HTTPStatus(answer.status).phrase}"
        start_response(status, [(name.title(), text) for name, text in answer.headers.items()])
        return [answer.body]

    def handle(self, request: SandboxRequest) -> SandboxResponse:
        self.world.pass_seconds(1)
        allowed = SandboxSettings(
            api_key=KEY,
            project_id=PROJECT,
            speed=self.world.speed,
            plan_limit=self.world.plan_limit,
        )
        return api.handle(request, self.world.store, self.world.now, allowed)

    @staticmethod
    def _request(environ: dict[str, Any], path: str) -> SandboxRequest:
        headers = {
            name.removeprefix("HTTP_").lower().replace("_", "-"): text
            for name, text in environ.items()
            if name.startswith("HTTP_")
        }
        length = int(environ.get("CONTENT_LENGTH") or 0)
        return SandboxRequest(
            method=environ["REQUEST_METHOD"],
            path=path.removeprefix(urlsplit(SERVER_URL).path),
            query=environ.get("QUERY_STRING", ""),
            headers=headers,
            body=environ["wsgi.input"].read(length) if length else b"",
            base_url=SERVER_URL,
        )
