"""The sandbox's document opens in somebody else's viewer, and its "Try it out" launches."""

from __future__ import annotations

import mimetypes
from pathlib import Path

import drf_spectacular_sidecar
import httpx
import pytest
from playwright.sync_api import Route

pytestmark = pytest.mark.browser

KEY, PROJECT_ID = "5a9d" * 16, "5a9db0c0-0000-4000-8000-000000000001"
FILES = Path(drf_spectacular_sidecar.__file__).parent.joinpath(
    "static", "drf_spectacular_sidecar", "swagger-ui-dist"
)
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Viewer</title>
<link rel="stylesheet" href="/viewer/swagger-ui.css"></head>
<body><div id="swagger"></div>
<script src="/viewer/swagger-ui-bundle.js"></script>
<script>
window.viewer = SwaggerUIBundle({
  url: "/sandbox/v3/openapi.json", dom_id: "#swagger", deepLinking: true,
  onComplete: () => { document.body.dataset.ready = "yes"; },
});
</script></body></html>"""


def viewer_file(route: Route) -> None:
    name = route.request.url.rpartition("/viewer/")[2]
    if not name:
        route.fulfill(body=PAGE, content_type="text/html")
    elif (path := FILES / name).is_file():
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        route.fulfill(body=path.read_bytes(), content_type=kind)
    else:
        route.fulfill(status=404, body="")


def test_try_it_out_of_another_viewer_launches_a_workflow(page, running_playground):
    url = running_playground.start(SANDBOX_SPEED="50").url
    page.route("**/viewer/**", viewer_file)
    page.goto(f"{url}viewer/")
    page.wait_for_selector("body[data-ready=yes]")
    page.evaluate(
        "([key, project]) => {"
        " const schemes = viewer.specSelectors.securityDefinitions().toJS();"
        " for (const [name, { name: header }] of Object.entries(schemes))"
        "  viewer.preauthorizeApiKey(name, header === 'x-project-id' ? project"
        "   : header === 'Authorization' ? `x-api-key ${key}` : key); }",
        [KEY, PROJECT_ID],
    )
    operation = page.locator(".opblock", has=page.locator('[data-path*="schedule"]')).first
    operation.locator(".opblock-summary").click()
    operation.get_by_role("button", name="Try it out").click()
    with page.expect_response(lambda answer: answer.url.endswith("/schedule")) as sent:
        operation.get_by_role("button", name="Execute").click()

    answer = sent.value.json()

    assert (sent.value.status, answer["message"]) == (200, "Bot successfully scheduled.")
    headers = {"Authorization": f"x-api-key {KEY}", "x-project-id": PROJECT_ID}
    job = httpx.get(f"{url}sandbox/v3/jobs/{answer['job_uid']}", headers=headers).json()
    assert job["workflow_uid"] == answer["workflow"]["uid"]
    assert page.locator(".errors-wrapper").count() == 0
