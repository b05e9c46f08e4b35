"""The launch of a form as a program or a command in one of many languages."""

from __future__ import annotations

from playground.contract import paths
from playground.contract.workflows import Workflow
from playground.payload.drafts import LaunchDraft
from playground.payload.show.snippets.calls import Target
from playground.payload.show.snippets.launches import write_launch
from playground.payload.show.snippets.targets import TARGETS
from playground.services.launches import preview


class UnableToFindTarget(Exception):
    """There is no target of this name."""

    @property
    def sentence(self) -> str:
        return f"There is no such snippet. There are: {', '.join(TARGETS)}."


def find_target(name: str) -> Target:
    """Raises `UnableToFindTarget`."""
    try:
        return TARGETS[name]
    except KeyError as error:
        raise UnableToFindTarget from error


def write_snippet(target: Target, workflow: Workflow, draft: LaunchDraft, *, base_url: str) -> str:
    """The snippet, without a line feed at its end. `base_url` is the address of the API."""
    url = base_url + paths.path_for("launch_workflow", workflow_uid=workflow.uid)
    return write_launch(target, preview.build(workflow, draft), url, base_url=base_url)
