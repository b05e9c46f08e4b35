"""The payload as text that can be edited, beside the form. Each follows the other.

The text is part of the form that is posted. `edited_of` tells which text the form was last like:
another one was not taken over, so it is never replaced, and nothing is launched beside it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from playground.contract.workflows import Workflow
from playground.payload.build.builder import Built
from playground.payload.drafts import LaunchDraft
from playground.payload.edit import as_json as payload_text
from playground.payload.edit.reading import UnableToReadPayload
from playground.payload.typed_json import UnableToReadJson, read_typed
from playground.services.launches import as_json
from playground.web.launches.form import LaunchForm

OPEN, TAKE_OVER, FOLLOW, DROP, CLOSE = (
    "edit-json",
    "take-json-over",
    "follow-form",
    "drop-json",
    "close-json",
)
ACTIONS = (OPEN, TAKE_OVER, FOLLOW, DROP, CLOSE)
NOT_TAKEN_OVER = (
    "The JSON that you edited is not what the form has, so nothing was sent. Mend it, or drop it: "
    "the form stays as it is."
)
_NOT_YET = "The form does not have this text yet: take it over, or drop it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Editor:
    """What the editor shows: what `is_typed`, or the payload. Without a `text` the payload is too
    long for it. `line` is the one with the problem, counted from 1; 0 where none is to blame.
    `known` tells which text the form is like."""

    text: str | None = None
    is_typed: bool = False
    known: str = ""
    rows_kept: int = 0
    problem: str = ""
    line: int = 0
    longest: int = payload_text.LONGEST_TEXT

    @property
    def is_left(self) -> bool:
        """Whether there is a text that the form is not like."""
        return bool(self.problem)

    @property
    def lines(self) -> Iterator[tuple[int, bool]]:
        """The numbers of the lines, and whether it is the one with the problem."""
        count = (self.text or "").count("\n") + 1
        return ((number, number == self.line) for number in range(1, count + 1))


def edit(
    workflow: Workflow, form: LaunchForm, draft: LaunchDraft
) -> tuple[LaunchDraft, Editor | None, tuple[str, ...]]:
    """What the pressed button does to the draft: the draft then, the text and what there is to
    know. Without one of the editor's buttons its text stays as it was typed."""
    text, action = form.edited, form.action
    if action not in ACTIONS:
        return draft, as_typed(workflow, form, draft), ()
    if action == CLOSE or (text is None and action != OPEN):
        return draft, None, ()
    if text is None or action in (OPEN, DROP) or (action == FOLLOW and is_known(text, form)):
        # The text is that of the payload, which is made when the page is.
        return draft, Editor(), ()
    if action != TAKE_OVER:
        return draft, as_typed(workflow, form, draft), ()
    try:
        read = as_json.take_over(workflow, draft, text)
    except UnableToReadPayload as error:
        return draft, _with_problem(text, form, error), ()
    return read.draft, _typed(text, mark_of(text)), read.notices


def filled(editor: Editor | None, built: Built) -> Editor | None:
    """With the text of the payload where no other one is being edited."""
    if editor is None:
        return None
    made = as_json.text_of(built)
    if editor.is_typed:
        return replace(editor, rows_kept=made.rows_kept)
    mark = mark_of(made.text) if made.text else ""
    return replace(editor, text=made.text, rows_kept=made.rows_kept, known=mark)


def as_typed(workflow: Workflow, form: LaunchForm, draft: LaunchDraft) -> Editor | None:
    """The text as it came with the form, and whether the form is like it; None without one."""
    text = form.edited
    if text is None:
        return None
    if is_known(text, form) or as_json.says_the_same(workflow, draft, text):
        return _typed(text, mark_of(text))
    return _typed(text, form.edited_of, _NOT_YET)


def is_known(text: str, form: LaunchForm) -> bool:
    return mark_of(text) == form.edited_of


def mark_of(text: str) -> str:
    """A short name of a text. It proves nothing: whoever makes one up deceives only themselves."""
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:16]


def _typed(text: str, known: str, problem: str = "", line: int = 0) -> Editor:
    return Editor(text=text, is_typed=True, known=known, problem=problem, line=line)


def _with_problem(text: str, form: LaunchForm, error: UnableToReadPayload) -> Editor:
    """With the place of what is wrong: that of a path, or what the sentence names."""
    if not error.path:
        return _typed(text, form.edited_of, error.sentence, _line_of_problem(text))
    before = text[: payload_text.find_path(text, error.path)]
    line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
    told = error.sentence
    if error.path not in told:
        told = f"{told} (at {error.path})"
    return _typed(text, form.edited_of, f"Line {line:,}, column {column:,}: {told}", line)


def _line_of_problem(text: str) -> int:
    try:
        read_typed(text)
    except UnableToReadJson as error:
        return error.problem.line
    return 0
