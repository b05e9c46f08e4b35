"""All guides, in reading order."""

from __future__ import annotations

from playground.reference import (
    guides_accounts,
    guides_launching,
    guides_running,
    guides_sandbox,
)
from playground.reference.guides import Guide, Samples

_WRITERS = (
    guides_launching.find_a_step_uid,
    guides_accounts.choose_accounts,
    guides_launching.inputs_with_several_keys,
    guides_accounts.update_a_linkedin_cookie,
    guides_running.schedules,
    guides_running.rate_limits,
    guides_sandbox.try_test_inputs,
)


def write_guides(samples: Samples) -> tuple[Guide, ...]:
    return tuple(write(samples) for write in _WRITERS)
