"""The line of the launch form that says what is kept of it, and where else there is another."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from django.http import QueryDict
from django.utils import timezone

from playground.contract.workflows import Workflow
from playground.models import Draft
from playground.payload.texts import shorten
from playground.services.permissions import Person
from playground.services.presets import drafts
from playground.web.launches import form_fields, json_editor
from playground.web.launches.form import LaunchForm

Kind = Literal["none", "shown", "saved", "other tab", "beside", "aside", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLine:
    """`version` is that of the draft which the form comes from, as it posts it again.

    The form is the draft that is `shown`, or was `saved`; another tab has saved since; a draft of
    another form is kept beside; one was put aside.
    """

    kind: Kind = "none"
    version: int = 0
    at: dt.datetime | None = None
    sentence: str = ""

    @property
    def told(self) -> str:
        """Why the form was not kept."""
        if self.is_others:
            return "This was not saved: there is another draft, see above."
        return self.sentence

    @property
    def is_kept(self) -> bool:
        return self.kind in ("shown", "saved")

    @property
    def is_shown(self) -> bool:
        return self.kind == "shown"

    @property
    def is_others(self) -> bool:
        """What is typed here is not kept, since that would overwrite what is."""
        return self.kind in ("other tab", "beside")

    @property
    def is_beside(self) -> bool:
        return self.kind == "beside"

    @property
    def is_aside(self) -> bool:
        return self.kind == "aside"


def shown(draft: Draft) -> DraftLine:
    return DraftLine(kind="shown", version=draft.version, at=draft.saved_at)


def beside(draft: Draft | None) -> DraftLine:
    """Of a form that begins with something else than the draft."""
    if draft is None:
        return DraftLine()
    if draft.is_open:
        return DraftLine(kind="beside", at=draft.saved_at)
    if draft.is_launched:
        return DraftLine(version=draft.version)
    return DraftLine(kind="aside", version=draft.version, at=draft.saved_at)


def carried(user: Person, workflow: Workflow, data: QueryDict) -> DraftLine:
    """Of a form that comes back: it is the draft still, unless another tab has saved since."""
    version = form_fields.version_in(data)
    own = drafts.find(user, workflow.uid)
    if own is not None and own.is_launched:
        # It was launched, and gone back to.
        return DraftLine(version=own.version)
    is_own = own is not None and own.is_open and own.version == version
    return shown(own) if own is not None and is_own else DraftLine(version=version)


def save(form: LaunchForm, *, is_last: bool = False, preset: int | None = None) -> DraftLine:
    """Keeps the form as the draft; the `is_last` word on it is asked about no more. It has become
    the `preset` of that number, if any."""
    version = None if is_last else form_fields.version_in(form.data)
    fields = form_fields.fields_of(form.data)
    editor = json_editor.as_typed(form.workflow, form, form.to_draft())
    if editor is not None and editor.is_left:
        fields += form_fields.text_of(form.data)
    if preset is not None:
        fields = form_fields.with_preset(fields, preset)
    found = drafts.save(form.user, form.workflow, fields, version, timezone.now())
    if found.is_others:
        kind: Kind = "other tab" if version else "beside"
        return DraftLine(kind=kind, version=version or 0, at=found.at)
    if found.sentence:
        return DraftLine(kind="refused", version=found.version, sentence=found.sentence)
    if found.at is None:
        return DraftLine(version=found.version)
    told = ""
    if found.left_out:
        told = f"without {shorten(found.left_out[0])}, which holds a secret"
    return DraftLine(kind="saved", version=found.version, at=found.at, sentence=told)
