"""Answers to what cannot be read."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views import defaults

from playground.contract import wire


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A page, or below the sandbox what its API says of errors: JSON with a `message`."""
    if not request.path_info.startswith("/sandbox/"):
        return HttpResponse(defaults.bad_request(request, exception).content, status=400)
    sentence = "The request cannot be read: look at its Host header and its length."
    return HttpResponse(wire.error_body(sentence), status=400, content_type="application/json")
