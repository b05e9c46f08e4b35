"""Answers to what cannot be read, and to what broke."""

from __future__ import annotations

import logging
import sys

from django.conf import settings
from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views import defaults

from playground.contract import wire
from playground.web import uploads

_DATABASE_GONE = (
    "The playground cannot read or write its database at the moment, so what you just did may not "
    "have been saved. Go back and try again in a minute; if it stays so, tell whoever runs this "
    "playground: its log says what is wrong."
)
_TOO_MUCH = (
    "This form is {size} MB as it is sent; at most {most} MB are read. Nothing was sent. Go back "
    "to the form and shorten what was pasted into it; a larger payload can be sent with cURL."
)
_TOO_LARGE_A_FILE = (
    "This file has {size} MB, and one of rows may have {file} MB here. It was not read. Split it "
    "into several, or save it in a format that takes less: XLSX is packed, CSV is not."
)
_TOO_MUCH_PASTED = (
    "This form is {size} MB as it is sent; at most {most} MB are read. Nothing was imported. Save "
    "what was pasted as a file, and import that: a file may have {file} MB."
)
_SIGNED_OUT = "You were signed out, so this was not read. Sign in, and import it again."
_UNKNOWN_HOST = (
    "This playground does not answer under the name or address that you used. Use the one that you "
    "were given; whoever runs it lists those it answers under in ALLOWED_HOSTS."
)
_BROKEN = "The playground could not answer, and the reason is in its log."


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A page, or below the sandbox what its API says of errors: JSON with a `message`."""
    if isinstance(exception, DisallowedHost) and not _is_api(request):
        return _unknown_host(request)
    if isinstance(exception, RequestDataTooBig) and not _is_api(request):
        return _too_much(request)
    if not _is_api(request):
        return HttpResponse(defaults.bad_request(request, exception).content, status=400)
    return _message("The request cannot be read: look at its Host header and its length.", 400)


def server_error(request: HttpRequest) -> HttpResponse:
    """The same for what broke: 503 when it is the database that is gone, else 500."""
    if is_database_gone(sys.exc_info()[1]):
        return database_gone(request)
    if _is_api(request):
        return _message(_BROKEN, 500)
    return HttpResponse(defaults.server_error(request).content, status=500)


def database_gone(request: HttpRequest) -> HttpResponse:
    """Rendered from nothing that the database holds, not even who looks."""
    if _is_api(request):
        return _message(_DATABASE_GONE, 503)
    page = render_to_string("503.html", {"sentence": _DATABASE_GONE})
    return HttpResponse(page, status=503, headers={"Retry-After": "60"})


def is_database_gone(error: BaseException | None) -> bool:
    """Whether the database could not be used, rather than was used wrongly."""
    while error is not None:
        if isinstance(error, OperationalError | InterfaceError):
            return True
        error = error.__cause__ or error.__context__
    return False


class OneLineForDatabase(logging.Filter):
    """A database that is gone breaks every request alike: one line each says so, with what to do,
    and no traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if is_database_gone(error):
            record.msg = (
                f"{record.getMessage()}: the database cannot be used "
                f"({_cause(error)}): start it again, or look at DATABASE_URL and its disk."
            )
            record.args, record.exc_info, record.exc_text = (), None, None
        return True


def _unknown_host(request: HttpRequest) -> HttpResponse:
    """The name that was used is anybody's, so it is not repeated."""
    context = {
        "title": "Not reached under this name",
        "sentence": _UNKNOWN_HOST,
        "is_elsewhere": True,
    }
    return render(request, "refusal.html", context, status=400)


def _too_much(request: HttpRequest) -> HttpResponse:
    """Of a form that is refused before it is read: all that is known of it is its length."""
    size, most = int(request.META.get("CONTENT_LENGTH") or 0), settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    file = settings.ROW_SET_FILE_MB
    sentence, unit = _TOO_MUCH, 2**20
    if uploads.takes_rows(request):
        is_file = size > uploads.most_of_rows()
        sentence = _TOO_LARGE_A_FILE if is_file else _TOO_MUCH_PASTED
        unit = uploads.MEGABYTE if is_file else unit
        sentence = sentence if uploads.is_signed_in(request) else _SIGNED_OUT
    told = sentence.format(size=f"{size / unit:,.1f}", most=f"{most / 2**20:,.0f}", file=file)
    return render(
        request, "refusal.html", {"title": "This is too much", "sentence": told}, status=413
    )


def _cause(error: BaseException | None) -> str:
    while error is not None and not isinstance(error, DatabaseError | InterfaceError):
        error = error.__cause__ or error.__context__
    return " ".join(str(error).split())


def _is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith("/sandbox/")


def _message(sentence: str, status: int) -> HttpResponse:
    return HttpResponse(wire.error_body(sentence), status=status, content_type="application/json")
