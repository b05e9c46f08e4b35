"""One problem in a draft, told so that a person knows what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from playground.payload.paths import Path

Severity = Literal["error", "warning", "hint"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """`path` is where in the request a person can do something about it.

    An *error* is what the upstream would refuse; a *warning* is accepted but will likely not do
    what was meant; a *hint* is good to know.
    """

    path: Path
    code: str
    severity: Severity
    message: str
