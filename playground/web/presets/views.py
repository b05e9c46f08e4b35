"""The list of presets, those of one workflow beside its form, and changing them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from playground.models import Preset
from playground.payload.texts import shorten
from playground.payload.words import cut_list
from playground.services import permissions
from playground.services.presets import presets
from playground.services.workflows import lookup as workflow_lookup
from playground.web import http
from playground.web import listed as lists
from playground.web.launches import draft_line, form_fields, posted_form
from playground.web.launches.form import LaunchForm
from playground.web.presets import pages

_NO_FORM = (
    "There is no draft to save yet. Fill in the form of the workflow, press Save draft, then save "
    "it here as a preset."
)
_NO_TABLE = " Rows of a table are yours alone, so the team’s preset has none."


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The person's own and the team's, by workflow."""
    found, more = lists.first(list(presets.list_all(request.user)[: lists.MOST_LISTED + 1]))
    context = {"presets": pages.listed(request.user, found), "more": more}
    return render(request, "presets/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def panel(request: HttpRequest, workflow_uid: str) -> HttpResponse:
    """Those of one workflow; a POST saves the form as another one."""
    permissions.require(request.user, "use preset", workflow_uid)
    if request.method != "POST":
        return _panel(request, workflow_uid)
    form = posted_form.read(request, workflow_uid)
    if form is None:
        return _panel(request, workflow_uid, sentence=_NO_FORM)
    given = pages.given(request.POST)
    fields = form_fields.fields_of(form.data)
    kept = fields if given.has_rows else form_fields.without_rows(fields)
    kept = form_fields.without_preset(form_fields.without_table(kept) if given.is_team else kept)
    try:
        preset = presets.save_new(request.user, form.workflow, given, kept, timezone.now())
    except presets.UnableToSavePreset as error:
        return _refused(request, form, error.sentence)
    draft_line.save(form, preset=preset.pk)
    has_lost = given.is_team and given.has_rows and form.row_set is not None
    told = f"Saved as the preset “{shorten(preset.name)}”."
    messages.success(request, f"{told}{_NO_TABLE if has_lost else ''}")
    return http.see_other(reverse("launch-new", args=[workflow_uid]))


@require_http_methods(["GET", "HEAD", "POST"])
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What is said of one preset; a POST changes it."""
    preset = _find(request, pk)
    if request.method != "POST":
        return _detail(request, preset)
    given, version = pages.given(request.POST), pages.version_in(request.POST)
    try:
        presets.change(request.user, preset, given, version, timezone.now())
    except presets.PresetChanged as error:
        return _detail(request, _find(request, pk), error.sentence, status=409)
    except presets.UnableToSavePreset as error:
        return _detail(request, _find(request, pk), error.sentence, status=422)
    messages.success(request, f"Saved: “{shorten(preset.name)}”.")
    return http.see_other(reverse("preset-list"))


@require_POST
def save_form(request: HttpRequest, pk: int) -> HttpResponse:
    """The launch form takes the place of what the preset held."""
    preset = _find(request, pk)
    form = posted_form.read(request, preset.workflow_uid)
    if form is None:
        return _detail(request, preset, _NO_FORM, status=409)
    fields = form_fields.fields_of(form.data)
    fields = fields if preset.has_rows else form_fields.without_rows(fields)
    fields = form_fields.without_table(fields) if preset.is_team else fields
    fields = form_fields.without_preset(fields)
    try:
        presets.save_fields(request.user, preset, form.workflow, fields, timezone.now())
    except presets.UnableToSavePreset as error:
        return _refused(request, form, error.sentence)
    draft_line.save(form)
    has_lost = preset.is_team and preset.has_rows and form.row_set is not None
    told = f"The preset “{shorten(preset.name)}” is as the form is now."
    messages.success(request, f"{told}{_NO_TABLE if has_lost else ''}")
    return http.see_other(reverse("launch-new", args=[preset.workflow_uid]))


@require_POST
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """What the form has in place of what the preset has stands for this person from now on; with
    `preset-drop`, nothing does any longer."""
    preset = _find(request, pk)
    if pages.DROP in request.POST:
        presets.choose(request.user, preset, {})
        messages.success(request, "Everything of the preset is yours as well again.")
        form_page = reverse("launch-new", args=[preset.workflow_uid])
        return http.see_other(f"{form_page}?preset={preset.pk}")
    form = posted_form.read(request, preset.workflow_uid)
    if form is None:
        return _detail(request, preset, _NO_FORM, status=409)
    own = form_fields.own_fields(form.data, preset)
    try:
        presets.choose(request.user, preset, own)
    except presets.UnableToSavePreset as error:
        return _refused(request, form, error.sentence)
    draft_line.save(form)
    named = form_fields.words_of(form.workflow, own)
    told = "Nothing in the form is other than in the preset: all of it is yours as well."
    if own:
        told = (
            f"Yours in place of the preset’s from now on, for you alone: {cut_list(named, 5)}. "
            "Rows and the job name are not kept."
        )
    messages.success(request, told)
    return http.see_other(reverse("launch-new", args=[preset.workflow_uid]))


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks whether it is meant; a POST removes the preset."""
    preset = _find(request, pk)
    if request.method != "POST":
        return render(request, "presets/remove.html", {"preset": preset})
    presets.remove(request.user, preset)
    return http.see_other(reverse("preset-list"))


def _find(request: HttpRequest, pk: int) -> Preset:
    try:
        return presets.find(request.user, pk)
    except presets.NoSuchPreset as error:
        raise Http404(error.sentence) from error


def _panel(request: HttpRequest, workflow_uid: str, sentence: str = "") -> HttpResponse:
    workflow = workflow_lookup.get_known_workflow(workflow_uid)
    found = presets.list_for(request.user, workflow_uid).defer("fields")
    context = {
        "workflow": workflow,
        "presets": pages.listed(request.user, found),
        "sentence": sentence,
    }
    return render(request, "presets/panel.html", context, status=422 if sentence else 200)


def _detail(
    request: HttpRequest, preset: Preset, sentence: str = "", *, status: int = 200
) -> HttpResponse:
    context = {"preset": preset, "given": pages.given_of(preset), "sentence": sentence}
    if sentence and status == 422:
        context["given"] = pages.given(request.POST)
    return render(request, "presets/detail.html", context, status=status)


def _refused(request: HttpRequest, form: LaunchForm, sentence: str) -> HttpResponse:
    return posted_form.refuse(request, form, sentence)
