"""The site, and beside it an empty view and a bare page that pass the same middleware."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from playground.urls import urlpatterns as site

BARE_PAGE = b"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Bare</title></head>
<body><h1>Bare</h1><form><label>Name <input name="job_name"></label></form></body></html>
"""


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"")


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse(BARE_PAGE)


urlpatterns = [path("empty/", empty), path("bare/", bare), *site]
