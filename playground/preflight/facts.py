"""What preflight is told about the world. It looks nothing up, not even the time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from playground.contract.accounts import Workspace
from playground.contract.jobs import Job
from playground.payload.build.builder import KnownAccounts


@dataclass(frozen=True, slots=True, kw_only=True)
class PastLaunch:
    """A launch that this playground recorded.

    `number` is its number in the ledger, `at` an aware time, `job_name` the name it ran under
    (the workflow's when none was given), `rows` the `row_digest` of each row, made with
    the names of the workflow's keys.
    """

    number: int
    by: str
    at: datetime
    job_name: str
    fingerprint: str
    rows: frozenset[bytes]
    is_repeating: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything that is known now, as the upstream and the ledger tell it.

    - `now`: aware.
    - `account_problems`: integration slug → a sentence why its accounts are not known.
    - `templates`: step UID → UID of the template whose limits govern the step, where known;
      `templates_problem` is a sentence why they could not be told.
    - `running`: main jobs that run or wait now, of any workflow; None when that is not known,
      and not `is_running_whole` when there may be more.
    - `past_jobs`: jobs of this workflow in any state, the newest first.
    - `launches`: launches of this workflow in the last 24 hours that may have arrived.
    - `schedules`: repeating launches that are not known to be ended, of any workflow.
    - `test_inputs`: values that this upstream takes in any field, whatever its pattern says.
    """

    now: datetime
    accounts: KnownAccounts
    account_problems: Mapping[str, str] = field(default_factory=dict)
    templates: Mapping[str, str] = field(default_factory=dict)
    templates_problem: str = ""
    workspace: Workspace | None = None
    workspace_problem: str = ""
    running: tuple[Job, ...] | None = None
    is_running_whole: bool = True
    past_jobs: tuple[Job, ...] = ()
    launches: tuple[PastLaunch, ...] = ()
    schedules: tuple[PastLaunch, ...] = ()
    test_inputs: frozenset[str] = frozenset()

    @property
    def newest_launch(self) -> int:
        """The number of the newest launch among these; 0 when there is none."""
        return max((past.number for past in (*self.launches, *self.schedules)), default=0)
