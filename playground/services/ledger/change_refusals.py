"""Why a change of an account or a user was not made, or may not have been."""

from __future__ import annotations

from typing import Self

from playground.models import Change, ChangeState
from playground.upstream.errors import UpstreamError, UpstreamOutcomeUnknown, UpstreamRefused

LOST = "This form has lost its token. Nothing was sent; it has a new one now."
USED = (
    "This form was sent before, as something else. Nothing was sent now: send it once more to "
    "send what it holds now."
)
_SENT_BEFORE = {
    ChangeState.SENDING: "This form is being sent at this moment, and is not sent twice. Wait a "
    "moment, then look at what came of it.",
    ChangeState.SAVED: "This form was sent before, and saved. Nothing was sent now.",
    ChangeState.REFUSED: "This form was sent before, and the upstream refused it. Nothing was sent "
    "now.",
    ChangeState.UNREACHABLE: "This form was sent before, and did not reach the upstream. Nothing "
    "was sent now.",
    ChangeState.UNKNOWN: "This form was sent before, and it is not known whether it took effect. "
    "Nothing was sent now: look there before you send it again.",
}


class SentBefore(Exception):
    """The form came before, with the same change: nothing was sent now."""

    def __init__(self, change: Change) -> None:
        super().__init__(str(change))
        self.change = change

    @property
    def sentence(self) -> str:
        """What became of it."""
        return _SENT_BEFORE[ChangeState(self.change.state)]


class UnusableForm(Exception):
    """Nothing was sent: the form needs a new token. `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class UnableToChange(Exception):
    """It was not changed, or nobody knows. `sentence` says what to do.

    `is_draft_at_fault` is False when only the upstream's state or the way to it stands between
    the draft and the change. `is_unknown`: it may have been made, which the upstream's list can
    tell. `is_sending`: the same form is being sent at this moment.
    """

    def __init__(
        self,
        sentence: str,
        *,
        is_draft_at_fault: bool = True,
        is_unknown: bool = False,
        is_sending: bool = False,
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.is_draft_at_fault = is_draft_at_fault
        self.is_unknown = is_unknown
        self.is_sending = is_sending

    @classmethod
    def because_of(cls, error: UpstreamError, sentence: str) -> Self:
        return cls(
            sentence,
            is_draft_at_fault=isinstance(error, UpstreamRefused) and error.is_body_at_fault,
            is_unknown=isinstance(error, UpstreamOutcomeUnknown),
        )

    @classmethod
    def because_sent(cls, repeat: SentBefore, sentence: str) -> Self:
        """The stored outcome of a form that came before."""
        change = repeat.change
        return cls(
            sentence,
            is_draft_at_fault=change.is_refused,
            is_unknown=change.is_unknown,
            is_sending=change.is_sending,
        )
