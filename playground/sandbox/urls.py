"""Mounted at `/sandbox/v3/`: whatever follows is the API's own affair."""

from django.urls import re_path

from playground.sandbox import views

urlpatterns = [re_path(r"^(?P<rest>[\s\S]*)\Z", views.answer, name="sandbox")]
