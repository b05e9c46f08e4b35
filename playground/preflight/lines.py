"""One thing that is known before launching, told so that a person knows what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from playground.payload.paths import Path

# Shown as: stops, risky, good to know.
Severity = Literal["stops", "risky", "note"]
# In the order of the page. `schedule` is also where everything stands that is set once for a
# launch: its name, its delay and its other keys.
Section = Literal["rows", "steps", "limits", "plan", "schedule", "history"]
SECTIONS: tuple[Section, ...] = ("rows", "steps", "limits", "plan", "schedule", "history")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`path` is where in the payload a person can do something about it.

    What *stops* would be refused or come to nothing; what is *risky* is accepted but will likely
    not do what was meant; a *note* is good to know.
    """

    code: str
    severity: Severity
    section: Section
    message: str
    path: Path
