"""Why a launch was not sent."""

from __future__ import annotations

from playground.models import Launch
from playground.services.launches.preflight import Check


class UnableToLaunch(Exception):
    """Nothing was sent. `sentence` says why; `check` is the one that refused a draft."""

    def __init__(self, sentence: str, *, check: Check | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.check = check


class WorkflowHasChanged(UnableToLaunch):
    """The form was made for the workflow as it was: what it would send now nobody has seen."""

    def __init__(self) -> None:
        super().__init__(
            "Nothing was sent: the workflow has changed since this page showed it. What was "
            "entered is kept. Look at what has changed, and at the payload, and launch it then."
        )


class TokenAlreadyUsed(UnableToLaunch):
    """The form was sent before, as something else. `launch` is what it became then."""

    def __init__(self, launch: Launch, otherwise: str = "with another payload") -> None:
        super().__init__(
            f"This form was launched before, {otherwise}. Nothing was sent now: press "
            "Launch once more to send what it holds now as a new launch."
        )
        self.launch = launch
