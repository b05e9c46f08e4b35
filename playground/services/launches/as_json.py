"""The payload of a form as text that is edited, and the form for a text."""

from __future__ import annotations

from dataclasses import dataclass

from playground.contract.workflows import Workflow
from playground.payload.build.builder import Built
from playground.payload.drafts import LaunchDraft
from playground.payload.edit import as_json
from playground.payload.edit.pasting import PastedPayload
from playground.payload.edit.reading import UnableToReadPayload
from playground.services.launches import preview


@dataclass(frozen=True, slots=True, kw_only=True)
class TextToEdit:
    """`text` is None where the payload is too long for it; `rows_kept` counts the rows of a table,
    which are not part of it."""

    text: str | None
    rows_kept: int = 0


def text_of(built: Built) -> TextToEdit:
    stored = built.stored
    return TextToEdit(text=as_json.text_to_edit(built), rows_kept=stored.count if stored else 0)


def take_over(workflow: Workflow, draft: LaunchDraft, text: str) -> PastedPayload:
    """The draft that sends what the text says. Raises `UnableToReadPayload`."""

    def check(value: object) -> None:
        preview.check_size(workflow, value)

    built = preview.build(workflow, draft)
    return as_json.read_edited(workflow, draft, built, text, check)


def says_the_same(workflow: Workflow, draft: LaunchDraft, text: str) -> bool:
    """Whether the text is the payload of the draft, however it is written."""
    try:
        read = take_over(workflow, draft, text)
    except UnableToReadPayload:
        return False
    made, built = preview.build(workflow, read.draft), preview.build(workflow, draft)
    return made.fingerprint == built.fingerprint
