"""A job's results and outcomes as files and for programs."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from playground.contract.folding import clean_uid
from playground.payload.texts import without_hiding
from playground.row_sets import writing
from playground.services.jobs import exports, outcomes
from playground.services.jobs.exports import Ending, Wanted
from playground.services.jobs.outcomes import Group
from playground.services.jobs.whole import UnableToGiveResults
from playground.services.upstream_cache.calls import COME_AGAIN_AFTER
from playground.web import fragments

TYPES: dict[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "exact.csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "jsonl": "application/jsonl; charset=utf-8",
}


@require_safe
def results(request: HttpRequest, job_uid: str, ending: Ending) -> HttpResponseBase:
    """All results; `?inputs=1` with the inputs beside, `?step=` those of a step."""
    wanted = Wanted(
        job_uid=job_uid,
        ending=ending,
        step_uid=_step(request),
        with_inputs=request.GET.get("inputs") == "1",
        is_partial=request.GET.get("partial") == "1",
    )
    try:
        found = exports.export(request.user, wanted)
    except UnableToGiveResults as error:
        return _refused(error)
    name = found.name if found.are_all else f"{found.name} (not all)"
    return _file(found.pieces, name, ending)


@require_safe
def outcomes_json(request: HttpRequest, job_uid: str) -> HttpResponseBase:
    """What became of each input row; `?outcome=` only those of one group."""
    try:
        found = outcomes.find_outcomes(request.user, job_uid, _step(request))
    except UnableToGiveResults as error:
        return _refused(error)
    pieces = outcomes.as_json(found, _group(request))
    return StreamingHttpResponse(pieces, content_type="application/json")


@require_safe
def outcomes_csv(request: HttpRequest, job_uid: str) -> HttpResponseBase:
    """The same for spreadsheets, each row with its inputs beside."""
    try:
        found = outcomes.find_outcomes(request.user, job_uid, _step(request))
    except UnableToGiveResults as error:
        return _refused(error)
    columns, rows = outcomes.table_of(found, _group(request))
    pieces = writing.table_csv(columns, rows, exact=False)
    return _file(pieces, "Outcomes", "csv")


def _file(pieces: Iterator[bytes], name: str, ending: Ending) -> HttpResponseBase:
    response = StreamingHttpResponse(pieces, content_type=TYPES[ending])
    told = content_disposition_header(
        as_attachment=True, filename=f"{without_hiding(name)[:80]}.{ending}"
    )
    response.headers["Content-Disposition"] = told or "attachment"
    return response


def _group(request: HttpRequest) -> Group:
    text = request.GET.get("outcome", "")
    return next((group for group in outcomes.GROUPS if group == text), "")


def _step(request: HttpRequest) -> str:
    return clean_uid(request.GET.get("step", ""))


def _refused(error: UnableToGiveResults) -> HttpResponse:
    """What is not whole is no file: a status and a sentence instead."""
    response = fragments.refuse(error.sentence, 503 if error.may_pass else 409)
    if error.may_pass:
        response.headers["Retry-After"] = str(COME_AGAIN_AFTER)
    return response
