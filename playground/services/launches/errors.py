"""Why a launch was not sent."""

from __future__ import annotations

from collections.abc import Sequence

from playground.models import Launch
from playground.preflight.lines import Line
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


class LaunchedMeanwhile(UnableToLaunch):
    """Others launched much the same since the page was drawn: whoever asks has to say so again.

    `launch` is one of theirs.
    """

    def __init__(self, lines: Sequence[Line], check: Check, launch: Launch | None) -> None:
        told = " ".join(line.message for line in lines)
        super().__init__(
            f"Nothing was sent yet, because of what was launched since this page was drawn. {told}",
            check=check,
        )
        self.launch = launch


class TokenAlreadyUsed(UnableToLaunch):
    """The form was sent before, as something else. `launch` is what it became then."""

    def __init__(self, launch: Launch, otherwise: str = "with another payload") -> None:
        super().__init__(
            f"This form was launched before, {otherwise}. Nothing was sent now: press "
            "Launch once more to send what it holds now as a new launch."
        )
        self.launch = launch
