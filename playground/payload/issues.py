"""One problem in a draft, told so that a person knows what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from playground.payload import fields

Severity = Literal["error", "warning", "hint"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """`path` is where in the payload (`inputs[2].company_name`), `field` the form field's name.

    An *error* is what the upstream would refuse; a *warning* is accepted but will likely not do
    what was meant; a *hint* is good to know.
    """

    path: str
    code: str
    severity: Severity
    message: str
    field: str

    @property
    def field_id(self) -> str:
        """The id of the field on the page."""
        return fields.field_id(self.field)
