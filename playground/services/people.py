"""The people who use the playground."""

from __future__ import annotations

from django.contrib.auth.models import User

LOCAL_USERNAME = "local"
MOST_LISTED = 500
_FIND = f"SELECT * FROM {User._meta.db_table} WHERE username = %s"  # noqa: S608, SLF001


def get_local_user() -> User:
    """The one user of a playground that is open to its own machine only; made when first asked.

    It has no usable password: nobody can sign in as it elsewhere.
    """
    # At every request: building the query anew would take longer than the database does.
    user = next(iter(User.objects.raw(_FIND, [LOCAL_USERNAME])), None)
    if user is None:
        made = User(username=LOCAL_USERNAME)
        made.set_unusable_password()
        user, _ = User.objects.get_or_create(
            username=LOCAL_USERNAME, defaults={"password": made.password}
        )
    return user


def list_names() -> list[str]:
    """Everybody's names, as far as a page lists them."""
    return list(User.objects.order_by("username").values_list("username", flat=True)[:MOST_LISTED])
