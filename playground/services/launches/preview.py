"""The live preview: a draft becomes the payload, its issues and the cURL command; and back."""

from __future__ import annotations

from dataclasses import dataclass

from playground.contract import paths, wire
from playground.contract.workflows import Workflow
from playground.payload.build import builder
from playground.payload.build.builder import Built
from playground.payload.drafts import LaunchDraft
from playground.payload.edit import pasting
from playground.payload.edit.pasting import PastedPayload
from playground.payload.edit.reading import UnableToReadPayload, read_payload
from playground.payload.show import curl, folding
from playground.payload.show.lines import Line
from playground.services.accounts import lookup as account_lookup

# Half of the fields that a form may post (`DATA_UPLOAD_MAX_NUMBER_FIELDS`): a field may have a
# second one that says how it is meant.
MOST_CELLS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What the right pane shows. No upstream call was made for it unless nothing was known.

    `is_whole`: the lines are the payload, and nothing of it is folded.
    """

    built: Built
    lines: tuple[Line, ...]
    is_whole: bool
    curl: str


def preview_launch(workflow: Workflow, draft: LaunchDraft, *, base_url: str) -> Preview:
    """Build the payload and everything that shows it. `base_url` is what cURL will call."""
    return show_launch(workflow, build(workflow, draft), base_url=base_url)


def show_launch(workflow: Workflow, built: Built, *, base_url: str) -> Preview:
    """Everything that shows a payload that is built already."""
    url = base_url + paths.path_for("launch_workflow", workflow_uid=workflow.uid)
    lines, is_whole = folding.fold_json(built.value, built.body.decode())
    return Preview(
        built=built,
        lines=lines,
        is_whole=is_whole,
        curl=_curl(built, url),
    )


def _curl(built: Built, url: str) -> str:
    is_long = len(built.body) > folding.MOST_CHARACTERS
    return curl.render_curl_with_file(built, url) if is_long else curl.render_curl(built, url)


def build(workflow: Workflow, draft: LaunchDraft) -> Built:
    """The payload of a draft, judged with the accounts that are known by now."""
    accounts = account_lookup.peek(workflow.integration_slugs)
    return builder.build_launch_request(workflow, draft, accounts.known)


def read_draft(workflow: Workflow, payload: bytes) -> LaunchDraft:
    """A recorded payload → a draft. Raises `UnableToReadPayload` with a sentence."""
    try:
        value = wire.parse_json(payload)
    except wire.WireError as error:
        raise UnableToReadPayload(error.path, f"This is {error.problem}.") from error
    return _bounded(workflow, read_payload(workflow, value))


def read_pasted(workflow: Workflow, text: str) -> PastedPayload:
    """The same of a text that somebody pasted, with what there is to know about it."""
    pasted = pasting.read_pasted(workflow, text)
    _bounded(workflow, pasted.draft)
    return pasted


def _bounded(workflow: Workflow, draft: LaunchDraft) -> LaunchDraft:
    """A page carries its rows as fields, so what is too much for one form is refused here."""
    keys = set(workflow.inputs).union(*(row.entries for row in draft.rows))
    if len(draft.rows) * len(keys) > MOST_CELLS:
        raise UnableToReadPayload(
            "$.inputs",
            f"{len(draft.rows):,} rows of {len(keys)} keys are more than this page can show "
            f"({MOST_CELLS:,} values). Split the rows over several launches, or send the payload "
            "with cURL.",
        )
    return draft
