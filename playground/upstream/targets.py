"""Which server the work at hand talks to: the configured upstream, or the sandbox for a trial.

A trial runs against the sandbox that ships inside while the upstream is the hosted API. Where
the upstream is the sandbox itself there is only one server, and nothing to choose.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal

from django.conf import settings

Target = Literal["upstream", "sandbox"]
SANDBOX = "sandbox"
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
    """What the server is called, as launches record it."""
    return SANDBOX if is_sandbox() else str(settings.UPSTREAM_URL)


def named(recorded: str) -> Target:
    """The target of a launch that was recorded with this name."""
    return "sandbox" if recorded == SANDBOX else "upstream"
