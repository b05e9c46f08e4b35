"""What a person saw of a launch before asking for it, and what has come up since."""

from __future__ import annotations

from dataclasses import dataclass

from playground.contract.workflows import Workflow
from playground.payload.drafts import LaunchDraft


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the page showed that a launch was asked from. Without any of it nothing is asked.

    `relaunch_of` is the launch that its form began with, `launches` the number of the newest
    launch that it could know of. `changes` say what has changed in the workflow since; `before`
    is the workflow as it was, with the draft as one of it.
    """

    relaunch_of: int | None = None
    launches: int | None = None
    changes: tuple[str, ...] = ()
    before: tuple[Workflow, LaunchDraft] | None = None


NOTHING = Seen()
