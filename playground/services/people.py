"""The people who use the playground."""

from __future__ import annotations

from django.contrib.auth.models import User

LOCAL_USERNAME = "local"


def get_local_user() -> User:
    """The one user of a playground that is open to its own machine only; made when first asked.

    It has no usable password: nobody can sign in as it elsewhere.
    """
    user = User.objects.filter(username=LOCAL_USERNAME).first()
    if user is None:
        made = User(username=LOCAL_USERNAME)
        made.set_unusable_password()
        user, _ = User.objects.get_or_create(
            username=LOCAL_USERNAME, defaults={"password": made.password}
        )
    return user
