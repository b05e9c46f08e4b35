"""What one needs to call the sandbox with curl: for who is signed in, and in no document."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from playground.services import permissions
from playground.web.context_processor import sandbox_base_url


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxDoor:
    """`key` is empty where the operator chose it: it is theirs to tell. `is_known` is one that is
    the same in every playground without sign-in."""

    address: str
    key: str
    project: str
    is_known: bool


def sandbox_door(request: HttpRequest) -> SandboxDoor:
    """Raises `NotAllowed`."""
    permissions.require(request.user, "see sandbox key")
    return SandboxDoor(
        address=sandbox_base_url(request),
        key="" if settings.SANDBOX_KEY_IS_CHOSEN else settings.SANDBOX_API_KEY,
        project=settings.SANDBOX_PROJECT_ID,
        is_known=settings.SIGN_IN == "local",
    )
