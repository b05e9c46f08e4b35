"""Signing in and changing one's password, with Django's own forms; who is signed in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from playground.services import sign_in
from playground.web.form_pages import page_address
from playground.web.people import signed_out
from playground.web.people.forms import NewPasswordForm, SignInForm

# Django's form views take PUT for POST as well.
_METHODS = ("get", "head", "post", "options")


class SignIn(auth_views.LoginView):
    """Leads to the page that was asked for, or back into the form that was filled in."""

    http_method_names = _METHODS
    template_name = "people/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    @method_decorator(sensitive_post_parameters())
    @method_decorator(login_not_required)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and request.user.is_authenticated:
            # Signed in meanwhile, in another tab.
            return self._go_on() or super().dispatch(request, *args, **kwargs)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        return self._go_on() or response

    def get_success_url(self) -> str:
        # An address that only takes a form has nothing to see.
        return page_address(super().get_success_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | signed_out.kept_context(self.request.POST)

    def _go_on(self) -> HttpResponse | None:
        entered = self.request.POST
        path, kept = entered.get(signed_out.KEPT_FOR, ""), entered.get(signed_out.KEPT, "")
        context = signed_out.go_on_context(path, kept)
        return render(self.request, "people/go_on.html", context) if context else None


class ChangePassword(auth_views.PasswordChangeView):
    http_method_names = _METHODS
    template_name = "people/password.html"
    form_class = NewPasswordForm
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


@require_safe
@login_not_required
def session(request: HttpRequest) -> JsonResponse:
    """For whom a page that is open would act now, and a token that its forms may use.

    The token is worth nothing without the cookie that it belongs to, and no other site can read
    this answer.
    """
    person = str(request.user.pk) if request.user.is_authenticated else ""
    return JsonResponse({"person": person, "token": get_token(request)})
