"""Where a form field stands on a page, and what is said of it there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from playground.payload.issues import Issue
from playground.preflight.lines import Line

_is_plain = re.compile(r"[A-Za-z0-9_.~-]*").fullmatch


def field_id(name: str) -> str:
    """A field's id on the page: any name becomes a valid id and a valid URL fragment."""
    if _is_plain(name):
        return "field-" + name
    return "field-" + quote(name, safe="-_.~", errors="replace").replace("%", ":")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedIssue:
    """A sentence in a list of issues, which leads to the field that it is about."""

    severity: str
    message: str
    field_id: str

    @classmethod
    def of(cls, issue: Issue | Line, field_name: str) -> LinkedIssue:
        return cls(severity=issue.severity, message=issue.message, field_id=field_id(field_name))
