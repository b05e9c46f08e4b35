"""All guides, in reading order."""

from __future__ import annotations

from playground.reference.guides import accounts, first_launch, launching, running, sandbox
from playground.reference.guides.samples import Guide, Samples

_WRITERS = (
    first_launch.your_first_launch,
    launching.find_a_step_uid,
    accounts.choose_accounts,
    launching.inputs_with_several_keys,
    accounts.update_a_linkedin_cookie,
    running.schedules,
    running.rate_limits,
    sandbox.try_test_inputs,
)


def write_guides(samples: Samples) -> tuple[Guide, ...]:
    return tuple(write(samples) for write in _WRITERS)
