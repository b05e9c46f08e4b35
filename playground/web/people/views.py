"""Signing in and changing one's password, with Django's own forms."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy

from playground.services import sign_in

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

    def post(self, request: HttpRequest, *_: str, **__: str) -> HttpResponse:
        """The old password is one that can be guessed, too."""
        name = request.user.get_username()
        with sign_in.guarded(name, request, "change the password") as attempt:
            form = self.get_form()
            if form.is_valid():
                response = self.form_valid(form)
                attempt.is_right = True
                return response
            if form.has_error("old_password", "password_incorrect"):
                attempt.is_right = False
            return self.form_invalid(form)

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        messages.success(self.request, "Your password was changed.")
        return super().form_valid(form)
