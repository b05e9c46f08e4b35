"""The OpenAPI document: of the sandbox, for anybody; of the upstream, for who is signed in."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from playground.contract import wire
from playground.reference import openapi
from playground.web.areas import outside
from playground.web.contexts import api_base_url


# It lies among the addresses of the API: no credentials, no cookie, errors in the API's words.
@csrf_exempt
@login_not_required
def sandbox(request: HttpRequest) -> HttpResponse:
    if request.method not in ("GET", "HEAD"):
        sentence = wire.error_body("This resource takes GET, HEAD.")
        headers = {"Allow": "GET, HEAD"}
        return HttpResponse(sentence, status=405, content_type="application/json", headers=headers)
    door = outside(reverse("sandbox", kwargs={"rest": ""}))
    return _answer(request.build_absolute_uri(door).rstrip("/"))


@require_safe
def upstream(request: HttpRequest) -> HttpResponse:
    return _answer(api_base_url(request))


def _answer(server_url: str) -> HttpResponse:
    return HttpResponse(openapi.encode_document(server_url), content_type="application/json")
