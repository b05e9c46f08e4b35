"""The live preview: a draft becomes the payload, its issues and the cURL command."""

from __future__ import annotations

from dataclasses import dataclass

from playground.contract import paths
from playground.contract.workflows import Workflow
from playground.payload.build import builder
from playground.payload.build.builder import Built
from playground.payload.drafts import LaunchDraft
from playground.payload.show import curl
from playground.payload.show import lines as json_lines
from playground.services import account_lookups


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What the right pane shows. No upstream call was made for it unless nothing was known."""

    built: Built
    lines: tuple[json_lines.Line, ...]
    curl: str


def preview_launch(workflow: Workflow, draft: LaunchDraft, *, base_url: str) -> Preview:
    """Build the payload and everything that shows it. `base_url` is what cURL will call."""
    return show_launch(workflow, build(workflow, draft), base_url=base_url)


def show_launch(workflow: Workflow, built: Built, *, base_url: str) -> Preview:
    """Everything that shows a payload that is built already."""
    url = base_url + paths.path_for("launch_workflow", workflow_uid=workflow.uid)
    return show(built, url=url)


def show(built: Built, *, url: str) -> Preview:
    """Everything that shows a payload, from the one that would be sent to `url`."""
    return Preview(
        built=built,
        lines=tuple(json_lines.render_lines(built)),
        curl=curl.render_curl(built, url),
    )


def build(workflow: Workflow, draft: LaunchDraft) -> Built:
    """The payload of a draft, judged with the accounts that are known by now."""
    accounts = account_lookups.peek(workflow.integration_slugs)
    return builder.build_launch_request(workflow, draft, accounts.known)
