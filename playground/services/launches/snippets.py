"""The launch of a form as a program or a command in one of many languages."""

from __future__ import annotations

from playground.contract import paths
from playground.contract.workflows import Workflow
from playground.models import SnippetChoice
from playground.payload.drafts import LaunchDraft
from playground.payload.show.snippets.calls import Target
from playground.payload.show.snippets.launches import MOST_BYTES, Snippet, write_launch
from playground.payload.show.snippets.targets import TARGETS
from playground.services.launches import preview
from playground.services.permissions import Person, as_user

# What is offered to whoever has not chosen yet.
USUAL = "python-httpx"


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


def choose_target(user: Person, name: str) -> Target:
    """The target of this name, which is remembered; the one that is remembered when there is none
    of it."""
    kept = SnippetChoice.objects.filter(user=as_user(user)).first()
    if name not in TARGETS:
        return TARGETS.get(kept.target if kept else USUAL, TARGETS[USUAL])
    if kept is None or kept.target != name:
        SnippetChoice.objects.update_or_create(user=as_user(user), defaults={"target": name})
    return TARGETS[name]


def write_snippet(
    target: Target,
    workflow: Workflow,
    draft: LaunchDraft,
    *,
    base_url: str,
    most: int = MOST_BYTES,
) -> Snippet:
    """`base_url` is the address of the API; the payload of a snippet of more than `most` bytes is
    read from a file."""
    url = base_url + paths.path_for("launch_workflow", workflow_uid=workflow.uid)
    built = preview.build(workflow, draft)
    return write_launch(target, built, url, base_url=base_url, most=most)
