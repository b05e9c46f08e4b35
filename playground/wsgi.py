"""The application as servers load it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from playground import request_body
from playground.environment import check_local

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "playground.settings")

_django = get_wsgi_application()
# Also where another server than that of `manage.py run` loads it.
check_local(settings.SIGN_IN, settings.ALLOWED_HOSTS, is_behind_tls=settings.BEHIND_TLS)


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Django, told of no charset: all we read is UTF-8.

    Some codecs that a request can name fail on any text (`undefined`, `idna`, `hex`), and Django
    tries them before anything could answer 400.
    """
    kind, _, parameters = environ.get("CONTENT_TYPE", "").partition(";")
    if "charset" in parameters.lower():
        environ["CONTENT_TYPE"] = kind
    body = request_body.of(environ)
    if body is None:
        return _django(environ, start_response)
    environ["wsgi.input"] = body
    response = _django(environ, start_response)
    body.read_rest()
    return response
