"""What the playground page begins with: a draft, a preset, a launch, a table of rows, a payload
that somebody shared, or what the workflow itself says."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.utils import timezone

from playground.contract.workflows import Workflow
from playground.models import Draft, Launch, Preset
from playground.payload.drafts import LaunchDraft
from playground.payload.edit import editing, reading
from playground.payload.texts import shorten
from playground.payload.words import cut_list
from playground.services.launches import preview as launch_preview
from playground.services.launches import stored_rows
from playground.services.ledger import launches as launch_ledger
from playground.services.ledger.send_once import SentElsewhere
from playground.services.presets import drafts, presets, snapshots
from playground.services.presets import fields as kept_fields
from playground.web.launches import draft_line, field_names, form_fields, json_editor
from playground.web.launches.page import PageState

NONE = "none"
_LONGEST = 18
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    draft: LaunchDraft
    state: PageState


class HasManyRows(Exception):
    """The launch has more rows than fields can show."""

    def __init__(self, launch: Launch, error: reading.UnableToReadPayload) -> None:
        super().__init__(str(error))
        self.launch = launch
        self.error = error


def find_start(request: HttpRequest, workflow: Workflow) -> Start:
    """By the address: `?launch=`, `?row_set=`, `?preset=`, `?shared=`; else the person's draft,
    else the default. Raises `HasManyRows`."""
    asked = request.GET
    own = drafts.find(request.user, workflow.uid)
    if _number(asked.get("launch", "")):
        start = _of_launch(request, workflow)
    elif _number(asked.get("preset", "")):
        start = _of_preset(request, workflow, _find_preset(request, workflow))
    elif asked.get("shared"):
        start = _of_shared(request, workflow)
    elif asked.get("preset") != NONE and own is not None and own.is_open:
        return _with_rows(request, workflow, _of_draft(request, workflow, own))
    else:
        default = presets.default_for(request.user, workflow.uid)
        if default is None or asked.get("preset") == NONE:
            start = Start(draft=reading.default_draft(workflow), state=PageState())
        else:
            start = _of_preset(request, workflow, default, is_default=True)
    line = draft_line.beside(own)
    start = dataclasses.replace(start, state=dataclasses.replace(start.state, line=line))
    return _with_rows(request, workflow, start)


def _of_draft(request: HttpRequest, workflow: Workflow, own: Draft) -> Start:
    form = form_fields.form_of(workflow, kept_fields.fields_of(own), request.user)
    draft = form.to_draft()
    editor = json_editor.as_typed(workflow, form, draft)
    state = dataclasses.replace(
        PageState.carried(form),
        editor=editor,
        line=draft_line.shown(own),
        since="this draft was saved",
        wants_repairs=True,
    )
    return Start(draft=draft, state=state)


def _of_preset(
    request: HttpRequest, workflow: Workflow, preset: Preset, *, is_default: bool = False
) -> Start:
    fields = kept_fields.fields_of(preset)
    own = presets.choice_of(request.user, preset)
    fields = form_fields.with_own(fields, own)
    name = presets.job_name_of(preset, timezone.now())
    if name:
        fields = form_fields.with_text(fields, field_names.JOB_NAME, name)
    fields = form_fields.with_preset(fields, preset.pk)
    form = form_fields.form_of(workflow, fields, request.user)
    draft = form.to_draft()
    if not draft.rows and draft.stored is None:
        draft = editing.clear_rows(workflow, draft)
    state = dataclasses.replace(
        PageState.carried(form),
        notice=_told(preset, form_fields.words_of(workflow, own), is_default=is_default),
        since=f"the preset “{shorten(preset.name)}” was saved",
        wants_repairs=True,
        is_default=is_default,
    )
    return Start(draft=draft, state=state)


def _told(preset: Preset, own: list[str], *, is_default: bool) -> str:
    whose = "the team’s preset" if preset.is_team else "your preset"
    told = f"Begun with {whose} “{shorten(preset.name)}”"
    told += ", the default of this workflow." if is_default else "."
    if own:
        told += f" Yours in place of the preset’s: {cut_list(own, _MOST_NAMED)}."
    return told


def _find_preset(request: HttpRequest, workflow: Workflow) -> Preset:
    try:
        preset = presets.find(request.user, int(request.GET["preset"]))
    except presets.NoSuchPreset as error:
        raise Http404(error.sentence) from error
    if preset.place != kept_fields.place_of(workflow.uid):
        raise Http404("This preset is of another workflow.")
    return preset


def _of_shared(request: HttpRequest, workflow: Workflow) -> Start:
    """A payload that was shared, as one's own draft."""
    try:
        shared = snapshots.find(request.user, request.GET["shared"], timezone.now())
    except snapshots.NoSuchShare as error:
        raise Http404(str(error)) from error
    payload = snapshots.payload_of(shared)
    draft = launch_preview.read_draft(workflow, payload)
    notice = f"A payload that {shared.user.get_username()} has shared. It is yours from here on."
    return Start(draft=draft, state=PageState(notice=notice, wants_repairs=True))


def _of_launch(request: HttpRequest, workflow: Workflow) -> Start:
    earlier = _earlier(request)
    payload = bytes(earlier.payload)
    has_table = bool(_number(request.GET.get("row_set", "")))
    state = PageState(
        relaunch_of=earlier.pk, recorded=None if has_table else earlier.pk, wants_repairs=True
    )
    if has_table or request.GET.get("rows") == NONE:
        draft = stored_rows.read_without_rows(workflow, payload)
        if not has_table:
            draft = editing.clear_rows(workflow, draft)
            # What the page does not carry would be looked for in a launch that has other rows.
            state = dataclasses.replace(state, recorded=None)
        return Start(draft=draft, state=state)
    try:
        draft = launch_preview.read_draft(workflow, payload)
    except reading.UnableToReadPayload as error:
        if error.path != "$.inputs":
            raise
        raise HasManyRows(earlier, error) from error
    return Start(draft=draft, state=state)


def _earlier(request: HttpRequest) -> Launch:
    """The launch that the page begins with."""
    try:
        number = int(request.GET["launch"][:19])
        earlier = launch_ledger.get_launch(request.user, number, now=timezone.now())
    except launch_ledger.UnableToFindLaunch as error:
        raise Http404(str(error)) from error
    if earlier.is_elsewhere:
        raise SentElsewhere(earlier)
    return earlier


def _with_rows(request: HttpRequest, workflow: Workflow, start: Start) -> Start:
    """With the rows of a table in place of those that there are, if the address names one."""
    number = request.GET.get("row_set", "")
    if not _number(number):
        return start
    stored = stored_rows.find(request.user, int(number[:_LONGEST]), workflow)
    draft = dataclasses.replace(start.draft, rows=(), stored=stored)
    return dataclasses.replace(start, draft=draft)


def _number(text: str) -> bool:
    return text.isascii() and text.isdecimal()
