"""Values that make a launch go wrong on purpose, as a payment provider's test cards do."""

from __future__ import annotations

from dataclasses import dataclass

from playground.sandbox.records import EXPIRED, MALFORMED, NOT_FOUND, Fate


@dataclass(frozen=True, slots=True, kw_only=True)
class TestInput:
    """A value for any input field of any workflow, and what it brings about.

    `row_error` is the letter of the failure of its row, `fate` what becomes of the whole job.
    """

    __test__ = False  # Not a test class, whatever its name looks like to pytest.

    value: str
    effect: str
    row_error: str = ""
    fate: Fate = ""
    is_slow: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TestCredential:
    """A value for any credential of an account (key, password, cookie)."""

    __test__ = False

    value: str
    effect: str


TEST_INPUTS = (
    TestInput(
        value="test:not-found",
        effect="This row fails: the resource answers 404. The other rows go on.",
        row_error=NOT_FOUND,
    ),
    TestInput(
        value="test:malformed",
        effect="This row fails: the input is malformed. The other rows go on.",
        row_error=MALFORMED,
    ),
    TestInput(
        value="test:session-expired",
        effect="This row fails: the session cookie has expired. The other rows go on.",
        row_error=EXPIRED,
    ),
    TestInput(
        value="test:warning",
        effect="Every row fails and the job ends in `warning`. A retry ends the same way.",
        fate="warning",
    ),
    TestInput(
        value="test:shutdown",
        effect="The job breaks off halfway through its last step, in `shutdown`. A retry succeeds.",
        fate="shutdown",
    ),
    TestInput(
        value="test:paused",
        effect="The job is `paused` as soon as it starts, until it is retried or an account of "
        "its steps is saved with `resume_paused_jobs`.",
        fate="paused",
    ),
    TestInput(
        value="test:slow",
        effect="The job takes 10 minutes at speed 1, however few its rows.",
        is_slow=True,
    ),
)

EXPIRED_CREDENTIAL = "test:expired"
CHECKPOINT_CREDENTIAL = "test:checkpoint"
TEST_CREDENTIALS = (
    TestCredential(
        value=EXPIRED_CREDENTIAL,
        effect="The account is saved, but is not valid: jobs that need it are paused.",
    ),
    TestCredential(
        value=CHECKPOINT_CREDENTIAL,
        effect="The account is not valid until its login challenge is answered with six digits.",
    ),
)
