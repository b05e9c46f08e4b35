"""Signing in and changing one's password, with Django's own forms."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpResponse
from django.urls import reverse_lazy

# Django's form views take PUT for POST as well.
_METHODS = ("get", "head", "post", "options")


class SignIn(auth_views.LoginView):
    http_method_names = _METHODS
    template_name = "people/sign_in.html"
    redirect_authenticated_user = True


class ChangePassword(auth_views.PasswordChangeView):
    http_method_names = _METHODS
    template_name = "people/password.html"
    success_url = reverse_lazy("workflow-list")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        messages.success(self.request, "Your password was changed.")
        return super().form_valid(form)
