"""Changing a row set: read in another way, mapped, checked again, repaired.

Every form carries the version that its page showed: what was changed meanwhile is shown first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from playground.models import RowSet
from playground.row_sets.repairs import Repair
from playground.row_sets.repeated import RepeatKind
from playground.services.row_sets import mapping, reading, repair, store, table
from playground.services.row_sets.errors import (
    ChangedMeanwhile,
    UnableToChangeRowSet,
    UnableToMakeRowSet,
)
from playground.services.row_sets.repair import Repaired
from playground.services.workflows import lookup as workflow_lookup
from playground.web import fragments, http, listed
from playground.web.row_sets import pages, posted, show
from playground.web.row_sets.pages import Refusal, Tools

_NONE_SELECTED = "Select the rows first, by the boxes before them. Nothing was removed."
_NOTHING_TO_FIND = "Write what is to be found. Nothing was replaced."
_NOT_SAVED = (
    "These rows were changed in another tab since this page showed them, so this cell was not "
    "saved. What you typed still stands in it: copy it, reload the page, and put it in again."
)
_NO_COLUMN = "Choose the column first. Nothing was changed."


@require_POST
def read_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the source in another way. Repairs are lost, which the page says."""
    row_set = store.find(request.user, pk)
    try:
        _check_version(request, row_set)
        reading.read_again(row_set, posted.read_as(request.POST), now=timezone.now())
    except UnableToChangeRowSet as error:
        return show.refused(request, pk, error, Refusal())
    return http.see_other(_address(pk))


@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Check all rows for the workflow as it is now."""
    row_set = store.find(request.user, pk)
    workflow = workflow_lookup.find_workflow(row_set.workflow_uid).value
    try:
        _check_version(request, row_set)
        reading.check_again(row_set, timezone.now(), workflow=workflow)
    except UnableToChangeRowSet as error:
        return show.refused(request, pk, error, Refusal())
    return http.see_other(_address(pk))


@require_POST
def map_columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what each column is for: as typed, as last time, or as the names of the columns say."""
    row_set = store.find(request.user, pk)
    before = store.facts_of(row_set).mapping
    targets = posted.targets(request.POST, before)
    action = request.POST.get("action", "")
    if action == "remembered":
        targets = mapping.remembered(request.user, row_set) or before
    elif action == "offered":
        targets = mapping.offered(store.workflow_of(row_set), row_set).mapping
    version = posted.number(request.POST.get("version", ""))
    try:
        mapping.change(request.user, row_set, version, targets, now=timezone.now())
    except UnableToChangeRowSet as error:
        return show.refused(request, pk, error, Refusal(targets=targets))
    return http.see_other(_address(pk) + "#columns")


@require_POST
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Save the cells that were typed, then do what the button says."""
    row_set = store.find(request.user, pk)
    version = posted.number(request.POST.get("version", ""))
    try:
        saved = _save_cells(request, row_set, version)
        sentences = [saved.sentence] if saved.changed else []
        act = _ACTIONS.get(request.POST.get("action", ""))
        if act is not None:
            done = act(request, row_set, row_set.version if saved.changed else version)
            sentences.append(done.sentence)
            saved = done
    except UnableToChangeRowSet as error:
        return _refused(request, row_set, error)
    if told := " ".join(filter(None, sentences)) or saved.sentence:
        messages.success(request, told)
    return http.see_other(_address(pk) + posted.where(request).query().rstrip("?") + "#rows")


@require_POST
def cell(request: HttpRequest, pk: int) -> HttpResponse:
    """Save one cell while its page stays: what is said of its row then, and the counts."""
    row_set = store.find(request.user, pk)
    version = posted.number(request.POST.get("version", ""))
    try:
        _save_cells(request, row_set, version)
    except ChangedMeanwhile:
        return fragments.refuse(_NOT_SAVED, 409)
    except UnableToChangeRowSet as error:
        return fragments.refuse(error.sentence, 422)
    where = posted.where(request)
    shown = where.columns(len(store.facts_of(row_set).columns))
    positions = {row for row, _ in posted.cells(request.POST)}
    rows = table.look_at(request.user, row_set, positions, shown)
    context = {
        "rows": [pages.row_context(row) for row in rows],
        "head": pages.head(row_set, where),
        "row_set": row_set,
        "is_beside": True,
    }
    return render(request, "row_sets/_saved.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def long_cell(request: HttpRequest, pk: int, row: int, column: int) -> HttpResponse:
    """One cell on a page of its own, whole; a POST saves it."""
    row_set = store.find(request.user, pk)
    texts = table.texts_at(request.user, row_set, [row - 1]) if row_set.is_ready else {}
    text = texts.get((row - 1, column))
    if text is None:
        return http.see_other(_address(pk))
    sentence, status = "", 200
    if request.method == "POST":
        version = posted.number(request.POST.get("version", ""))
        try:
            _save_cells(request, row_set, version)
        except UnableToChangeRowSet as error:
            sentence, status = error.sentence, 409 if isinstance(error, ChangedMeanwhile) else 422
            row_set = store.find(request.user, pk)
        else:
            place = posted.where(request).query().rstrip("?")
            return http.see_other(f"{_address(pk)}{place}#r{row}")
    facts = store.facts_of(row_set)
    context = {
        "row_set": row_set,
        "row": row,
        "column": facts.columns[column] if column < len(facts.columns) else "",
        "name": f"c{row}-{column}",
        "text": request.POST.get(f"c{row}-{column}", text),
        "sentence": sentence,
        "query": posted.where(request).query(),
    }
    return render(request, "row_sets/cell.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def reuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose another workflow for the rows; a POST makes a row set for it, and leaves this one."""
    row_set = store.find(request.user, pk)
    sentence = ""
    if request.method == "POST":
        workflow = workflow_lookup.find_workflow(request.POST.get("workflow_uid", "")).value
        try:
            made = reading.copy(request.user, row_set, workflow, now=timezone.now())
        except UnableToMakeRowSet as error:
            sentence = error.sentence
        else:
            return http.see_other(_address(made.pk))
    text = request.GET.get("q", "")[:200].strip()
    shown, left_out = listed.first(workflow_lookup.search_workflows(text).value)
    context = {
        "row_set": row_set,
        "workflows": shown,
        "left_out": left_out,
        "text": text,
        "sentence": sentence,
    }
    return render(request, "row_sets/reuse.html", context, status=422 if sentence else 200)


def _address(pk: int) -> str:
    return reverse("row-set-detail", args=[pk])


def _check_version(request: HttpRequest, row_set: RowSet) -> None:
    reading.refuse_busy(row_set)
    if posted.number(request.POST.get("version", "")) != row_set.version:
        raise ChangedMeanwhile(row_set)


def _save_cells(request: HttpRequest, row_set: RowSet, version: int) -> Repaired:
    """The cells that were typed otherwise than they are; of a page that is older than another
    change only those that somebody typed into since it was shown."""
    is_old = row_set.version != version
    texts = posted.typed(request.POST) if is_old else posted.cells(request.POST)
    before = table.texts_at(request.user, row_set, {row for row, _ in texts})
    changed = posted.changed(texts, before)
    return repair.set_cells(request.user, row_set, version, changed, now=timezone.now())


def _refused(request: HttpRequest, row_set: RowSet, error: UnableToChangeRowSet) -> HttpResponse:
    """What was typed stays in sight, beside the rows as they are now."""
    now = store.find(request.user, row_set.pk)
    texts = posted.typed(request.POST)
    before = table.texts_at(request.user, now, {row for row, _ in texts}) if now.is_ready else {}
    typed = posted.changed(texts, before)
    data = request.POST
    tools = Tools(
        column=posted.number(data.get("column", "")),
        find=data.get("find", ""),
        text=data.get("replacement", ""),
        whole_cell="whole_cell" in data,
    )
    told = pages.listed_texts(store.facts_of(now), typed)
    return show.refused(request, row_set.pk, error, Refusal(typed=told, tools=tools))


Act = Callable[[HttpRequest, RowSet, int], Repaired]


def _remove_selected(request: HttpRequest, row_set: RowSet, version: int) -> Repaired:
    chosen = posted.positions(request.POST)
    if not chosen:
        raise UnableToChangeRowSet(_NONE_SELECTED)
    return _repair(request, row_set, version, Repair(action="remove", rows=chosen))


def _remove_failing(request: HttpRequest, row_set: RowSet, version: int) -> Repaired:
    return repair.remove_failing(request.user, row_set, version, now=timezone.now())


def _remove_repeated(request: HttpRequest, row_set: RowSet, version: int) -> Repaired:
    kind = "exact" if request.POST.get("kind") == "exact" else "similar"
    return repair.remove_repeated(
        request.user,
        row_set,
        version,
        kind=cast(RepeatKind, kind),
        keeps_last=request.POST.get("keep") == "last",
        now=timezone.now(),
    )


def _fill_down(request: HttpRequest, row_set: RowSet, version: int) -> Repaired:
    chosen = posted.positions(request.POST) or None
    what = Repair(action="fill-down", column=_column(request), rows=chosen)
    return _repair(request, row_set, version, what)


def _replace(request: HttpRequest, row_set: RowSet, version: int) -> Repaired:
    data = request.POST
    if not data.get("find"):
        raise UnableToChangeRowSet(_NOTHING_TO_FIND)
    what = Repair(
        action="replace",
        column=_column(request),
        find=data["find"],
        text=data.get("replacement", ""),
        whole_cell="whole_cell" in data,
    )
    return _repair(request, row_set, version, what)


def _trim(request: HttpRequest, row_set: RowSet, version: int) -> Repaired:
    return _repair(request, row_set, version, Repair(action="trim", column=_column(request)))


def _trim_all(request: HttpRequest, row_set: RowSet, version: int) -> Repaired:
    return _repair(request, row_set, version, Repair(action="trim"))


def _undo(request: HttpRequest, row_set: RowSet, version: int) -> Repaired:
    return repair.undo(request.user, row_set, version, now=timezone.now())


def _repair(request: HttpRequest, row_set: RowSet, version: int, what: Repair) -> Repaired:
    return repair.apply(request.user, row_set, version, what, now=timezone.now())


def _column(request: HttpRequest) -> int:
    column = posted.number(request.POST.get("column", ""))
    if column < 0:
        raise UnableToChangeRowSet(_NO_COLUMN)
    return column


_ACTIONS: dict[str, Act] = {
    "remove-selected": _remove_selected,
    "remove-failing": _remove_failing,
    "remove-repeated": _remove_repeated,
    "fill-down": _fill_down,
    "replace": _replace,
    "trim": _trim,
    "trim-all": _trim_all,
    "undo": _undo,
}
