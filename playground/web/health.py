"""What probes ask: is the process alive, and can it do its work? Nothing else is told."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from playground import worker_presence as presence
from playground.web import errors

logger = logging.getLogger(__name__)
_FILE_GONE = (
    "the database's file {NAME} was taken away while the playground runs: stop the playground, put "
    "the file back, start it again"
)
_METHODS = ("GET", "HEAD")


class HealthMiddleware:
    """Answers probes before anything looks at the host, at TLS, at who comes or from where."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        view = PROBES.get(request.path_info)
        if view:
            return view(request)
        if is_file_gone():
            logger.error("%s: %s", request.path, _FILE_GONE.format(**connection.settings_dict))
            return _said(errors.database_gone(request))
        return self.get_response(request)


@csrf_exempt
@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers."""
    return _told(request, 200, "ok")


@csrf_exempt
@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and a background worker is alive on this machine, else 503."""
    missing = [] if is_database_there() else ["the database does not answer"]
    missing += [] if presence.is_worker_there() else ["no background worker is alive"]
    if not missing:
        return _told(request, 200, "ok")
    logger.warning("Not ready: %s.", " and ".join(missing))
    return _said(_told(request, 503, "unavailable"))


PROBES = {"/healthz": healthz, "/readyz": readyz}


def is_database_there() -> bool:
    if is_file_gone():
        return False
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def is_file_gone() -> bool:
    """Whether SQLite's file was taken away: what is written to it then is lost, without a word."""
    if connection.vendor != "sqlite":
        return False
    name = str(connection.settings_dict["NAME"])
    return not name.startswith("file:") and not Path(name).exists()


def _said(response: HttpResponse) -> HttpResponse:
    """Our own line is in the log already, so that Django adds none."""
    response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001  # Django's mark.
    return response


def _told(request: HttpRequest, status: int, word: str) -> HttpResponse:
    if request.method not in _METHODS:
        refused = {"message": "Ask with GET or HEAD."}
        return JsonResponse(refused, status=405, headers={"Allow": ", ".join(_METHODS)})
    return JsonResponse({"status": word}, status=status)
