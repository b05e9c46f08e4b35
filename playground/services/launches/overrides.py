"""Launching what preflight stops: only with the right to it, and with a reason on record."""

from __future__ import annotations

from dataclasses import dataclass

from playground.contract.workflows import Workflow
from playground.models import Launch, LaunchGroup
from playground.preflight.lines import Line
from playground.services import permissions
from playground.services.launches.errors import UnableToLaunch
from playground.services.launches.preflight import Check
from playground.services.ledger.column_text import storable
from playground.services.permissions import Person


@dataclass(frozen=True, slots=True)
class Override:
    """Why a person launched what preflight stopped, and what it was stopped for."""

    reason: str
    stops: tuple[Line, ...]

    @property
    def sentences(self) -> str:
        return "\n".join(line.message for line in self.stops)

    def put_into(self, row: Launch | LaunchGroup) -> None:
        """Record it with what is launched."""
        row.override_reason = storable(self.reason)
        row.overridden = storable(self.sentences)


def find_override(user: Person, workflow: Workflow, check: Check, reason: str) -> Override | None:
    """What is recorded of a launch that preflight stops; None when nothing stops it.

    Raises `UnableToLaunch` without a reason, when the person may not override, and when the API
    would refuse it for certain.
    """
    stops = check.preflight.stops
    if not stops:
        return None
    count = len(stops)
    things = "one thing stops" if count == 1 else f"{count} things stop"
    if not reason:
        sentence = f"Not launched: {things} it. Preflight, above the Launch button, says which."
        raise UnableToLaunch(sentence, check=check)
    if check.preflight.is_refused:
        sentence = (
            "Not launched: something is missing or malformed that the API refuses for certain, so "
            "there is no sending it all the same. Preflight, above the Launch button, says what."
        )
        raise UnableToLaunch(sentence, check=check)
    if not permissions.can(user, "override preflight", workflow.uid):
        sentence = f"Not launched: {things} it, and you may not launch it all the same."
        raise UnableToLaunch(sentence, check=check)
    return Override(reason, stops)
