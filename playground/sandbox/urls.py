"""Mounted at `/sandbox/v3`: whatever follows is the API's own affair, a missing slash too. Django
would answer that with a redirect, and a client that follows one sends a POST again as a GET."""

from django.urls import re_path

from playground.sandbox import view

urlpatterns = [
    re_path(r"^\Z", view.answer, {"rest": ""}),
    # Not `.*`: a line break in the path is answered by the API too.
    re_path(r"^/(?P<rest>[\s\S]*)\Z", view.answer, name="sandbox"),
]
