"""Which server the work at hand talks to: the configured upstream, or the sandbox for a trial.

A trial runs against the sandbox that ships inside while the upstream is the hosted API. Where
the upstream is the sandbox itself there is only one server, and nothing to choose.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal

from django.conf import settings

Target = Literal["upstream", "sandbox"]
SANDBOX = "sandbox"
_DIGITS = 12
_chosen: ContextVar[Target] = ContextVar("target", default="upstream")


@contextmanager
def use(target: Target) -> Iterator[None]:
    """Everything inside talks to `target`."""
    token = _chosen.set(target)
    try:
        yield
    finally:
        _chosen.reset(token)


def current() -> Target:
    return "upstream" if settings.UPSTREAM_IS_SANDBOX else _chosen.get()


def is_trial() -> bool:
    """Whether the sandbox stands in for the hosted API."""
    return current() == "sandbox"


def is_sandbox() -> bool:
    return bool(settings.UPSTREAM_IS_SANDBOX) or is_trial()


def name() -> str:
    """What the server at hand is called in the ledgers: its address, and which workspace of it.

    Another project at the same address is another upstream: what was sent to one is not known to
    the other. Another key is not, for keys are renewed. Of the project only a digest is recorded.
    """
    if is_sandbox():
        return SANDBOX
    project = hashlib.sha256(str(settings.UPSTREAM_PROJECT_ID).encode(errors="replace"))
    return f"{settings.UPSTREAM_URL} {project.hexdigest()[:_DIGITS]}"


def names() -> tuple[str, ...]:
    """All names of the server at hand: ledgers had no workspaces once."""
    return (SANDBOX,) if is_sandbox() else (name(), str(settings.UPSTREAM_URL))


def is_here(recorded: str) -> bool:
    """Whether what was recorded with this name was sent to the server at hand."""
    return recorded in names()


def address_of(recorded: str) -> str:
    """The name without the workspace."""
    return recorded.partition(" ")[0]


def elsewhere(recorded: str) -> str:
    """Where it was sent, in a sentence, and what to do to ask there."""
    address = address_of(recorded)
    if recorded == SANDBOX:
        return (
            "It was sent to the sandbox, which is not the upstream of now. It can be looked for "
            "only there: leave UPSTREAM_URL out again."
        )
    if address == str(settings.UPSTREAM_URL):
        return (
            f"It was sent to another workspace of {address}: it can be looked for only with the "
            "UPSTREAM_PROJECT_ID of that time."
        )
    return (
        f"It was sent to {address}, which is not the upstream of now. It can be looked for only "
        "there: set UPSTREAM_URL to that address again."
    )


def named(recorded: str) -> Target:
    """The target of a launch that was recorded with this name."""
    return "sandbox" if recorded == SANDBOX else "upstream"
