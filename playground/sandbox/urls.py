"""Mounted at `/sandbox/v3/`: whatever follows is the API's own affair."""

from django.urls import re_path

from playground.sandbox import view

# Not `.*`: a line break in the path is answered by the API too.
urlpatterns = [re_path(r"^(?P<rest>[\s\S]*)\Z", view.answer, name="sandbox")]
