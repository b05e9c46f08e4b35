"""The area of trials: the same pages below `/trial/`, about what is on the sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.urls import get_script_prefix, set_script_prefix

from playground.services.launches import trials

TRIAL_AREA = "/trial"


@contextmanager
def trial_area() -> Iterator[None]:
    """Inside, services talk to the sandbox and addresses lead into the area."""
    before = get_script_prefix()
    set_script_prefix(f"{TRIAL_AREA}/")
    try:
        with trials.on_sandbox():
            yield
    finally:
        set_script_prefix(before)


def outside(address: str) -> str:
    """An address of the area as it is outside of it."""
    return address.removeprefix(TRIAL_AREA)
