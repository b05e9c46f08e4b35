"""Django's forms for signing in and for a new password, in the words of this product."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm

_WRONG = (
    "The name or the password is wrong. Capital and small letters differ in both. Whoever runs "
    "this playground can set a new password."
)


class SignInForm(AuthenticationForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.error_messages = self.error_messages | {"invalid_login": _WRONG}
        self.fields["username"].label = "Name"


class NewPasswordForm(PasswordChangeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["new_password2"].label = "New password, once more"
        self.fields["new_password2"].help_text = ""
