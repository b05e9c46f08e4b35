"""Why a launch was not sent."""

from __future__ import annotations

from playground.models import Launch
from playground.preflight.checks import Preflight


class UnableToLaunch(Exception):
    """Nothing was sent. `sentence` says why; `preflight` has the lines of a draft at fault."""

    def __init__(self, sentence: str, *, preflight: Preflight | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.preflight = preflight


class TokenAlreadyUsed(UnableToLaunch):
    """The form was sent before, as something else. `launch` is what it became then."""

    def __init__(self, launch: Launch, otherwise: str = "with another payload") -> None:
        super().__init__(
            f"This form was launched before, {otherwise}. Nothing was sent now: press "
            "Launch once more to send what it holds now as a new launch."
        )
        self.launch = launch
