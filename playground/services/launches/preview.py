"""The live preview: a draft becomes the payload, its issues and the cURL command; and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from playground.contract import paths, wire
from playground.contract.workflows import Workflow
from playground.payload.build import builder
from playground.payload.build.builder import Built
from playground.payload.drafts import LaunchDraft
from playground.payload.edit import editing
from playground.payload.edit.reading import UnableToReadPayload, read_payload
from playground.payload.show import curl, folding, payloads
from playground.payload.show.lines import Line
from playground.payload.texts import shorten
from playground.payload.words import counted, noun
from playground.preflight import rows
from playground.services.accounts import lookup as account_lookup

# What a page can show as fields: values of rows, keys of rows, and per launch what is chosen or
# set beyond what the workflow has. A key is a part of a field's name.
MOST_CELLS = 5_000
MOST_KEYS = 1_000
MOST_OTHERS = 1_000
LONGEST_KEY = 1_000
# Bytes that are offered to be copied; more is offered as a file.
MOST_COPIED = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What the right pane shows. No upstream call was made for it unless nothing was known.

    `is_whole`: the lines are the payload, and nothing of it is folded.
    """

    built: Built
    lines: tuple[Line, ...]
    is_whole: bool
    curl: str

    @property
    def may_be_copied(self) -> bool:
        """Whether a clipboard takes all of it."""
        return self.built.size <= MOST_COPIED


def preview_launch(workflow: Workflow, draft: LaunchDraft, *, base_url: str) -> Preview:
    """Build the payload and everything that shows it. `base_url` is what cURL will call."""
    return show_launch(workflow, build(workflow, draft), base_url=base_url)


def show_launch(workflow: Workflow, built: Built, *, base_url: str) -> Preview:
    """Everything that shows a payload that is built already."""
    url = base_url + paths.path_for("launch_workflow", workflow_uid=workflow.uid)
    lines, is_whole = payloads.fold_payload(built)
    return Preview(
        built=built,
        lines=lines,
        is_whole=is_whole,
        curl=_curl(built, url),
    )


def _curl(built: Built, url: str) -> str:
    is_long = built.size > folding.MOST_CHARACTERS
    return curl.render_curl_with_file(built, url) if is_long else curl.render_curl(built, url)


def build(workflow: Workflow, draft: LaunchDraft) -> Built:
    """The payload of a draft, judged with the accounts that are known by now."""
    accounts = account_lookup.peek(workflow.integration_slugs)
    return builder.build_launch_request(workflow, draft, accounts.known)


def leave_out_incomplete(workflow: Workflow, draft: LaunchDraft) -> LaunchDraft:
    """With the rows set aside for which the API would refuse the others too."""
    incomplete = rows.find_incomplete(workflow, build(workflow, draft))
    return editing.set_rows_aside(draft, {source.number for source in incomplete})


def read_draft(workflow: Workflow, payload: bytes) -> LaunchDraft:
    """A recorded payload → a draft. Raises `UnableToReadPayload` with a sentence."""
    try:
        value = wire.parse_json(payload)
    except wire.WireError as error:
        raise UnableToReadPayload(error.path, f"This is {error.problem}.") from error
    check_size(workflow, value)
    return read_payload(workflow, value)


def has_many_rows(workflow: Workflow, value: Any) -> bool:
    """Whether a payload has more values in its rows than a page can show as fields, and a table
    may have them."""
    inputs = value.get("inputs") if isinstance(value, dict) else None
    rows = [row for row in _items(inputs) if isinstance(row, dict)]
    keys = set(workflow.inputs).union(*rows)
    return len(rows) * len(keys) > MOST_CELLS and len(keys) <= settings.ROW_SET_COLUMNS


def check_size(workflow: Workflow, value: Any) -> None:
    """A page carries its rows as fields, so what is too much for one form is refused, before
    anything is made of it. Whether the value has the shape of a payload is not judged here."""
    payload = value if isinstance(value, dict) else {}
    rows = [row for row in _items(payload.get("inputs")) if isinstance(row, dict)]
    keys = set(workflow.inputs).union(*rows)
    check_cells(len(rows), len(keys))
    _check_fields(workflow, keys, _own_steps(workflow, payload))


def check_cells(rows: int, keys: int) -> None:
    """Raises `UnableToReadPayload` for more than a page can show."""
    if rows * keys > MOST_CELLS:
        raise UnableToReadPayload(
            "$.inputs",
            f"{counted(rows, 'row')} of {counted(keys, 'key')} {noun(rows, 'is', 'are')} more than "
            "this page can show "
            f"({MOST_CELLS:,} values). Split the rows over several launches, or send the payload "
            "with cURL.",
        )


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _own_steps(workflow: Workflow, payload: dict[str, Any]) -> list[dict[str, Any]]:
    """Those that have fields of their own; all others are one field together."""
    own: dict[str, dict[str, Any]] = {}
    known = {step.step_uid for step in workflow.steps}
    for step in _items(payload.get("steps")):
        uid = step.get("step_uid") if isinstance(step, dict) else None
        if isinstance(uid, str) and uid in known:
            own.setdefault(uid, step)
    return list(own.values())


def _check_fields(workflow: Workflow, keys: set[str], steps: list[dict[str, Any]]) -> None:
    found = [step.get("parameters") for step in steps]
    parameters = [names for names in found if isinstance(names, dict)]
    names = {name for one in parameters for name in one}
    accounts = [
        uid for step in steps for uid in _items(step.get("accounts")) if isinstance(uid, str)
    ]
    known = {parameter.name for step in workflow.steps for parameter in step.parameters}
    long = next((name for name in (*keys, *names, *accounts) if len(name) > LONGEST_KEY), "")
    if long:
        raise UnableToReadPayload(
            "$",
            f"“{shorten(long)}” is a key or an account of {len(long):,} characters; this page can "
            f"show {LONGEST_KEY:,}. Send the payload with cURL.",
        )
    for path, what, count, most in (
        ("$.inputs", "keys of rows", len(keys), MOST_KEYS),
        ("$.steps", "parameters that the workflow does not have", len(names - known), MOST_OTHERS),
        ("$.steps", "parameters that are set", sum(map(len, parameters)), MOST_OTHERS),
        ("$.steps", "accounts", len(accounts), MOST_OTHERS),
    ):
        if count > most:
            raise UnableToReadPayload(
                path,
                f"{count:,} {what} are more than this page can show ({most:,}). "
                "Send the payload with cURL.",
            )
