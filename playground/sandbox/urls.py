"""Where the sandbox answers: whatever follows is the API's own affair, a missing slash too. Django
would answer that with a redirect, and a client that follows one sends a POST again as a GET."""

from django.urls import path, re_path

from playground.sandbox import view

urlpatterns = [
    path("sandbox/v3", view.answer, {"rest": ""}),
    # Not `.*`: a line break in the path is answered by the API too.
    re_path(r"^sandbox/v3/(?P<rest>[\s\S]*)\Z", view.answer, name="sandbox"),
]
