"""The form of one operation: posted fields → a draft, and a draft → fields.

Its fields come from the contract's table of operations, so it is no `django.forms.Form`: a draft
keeps whatever was typed, and judging it is the business of `playground.reference.calls.request`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict

from playground.contract.wire import UNSET
from playground.payload.issues import Issue
from playground.payload.paths import Path
from playground.reference.api.operations import Operation, Parameter
from playground.reference.calls import request
from playground.reference.calls.request import CallDraft
from playground.web import http
from playground.web.field_ids import field_id

TOKEN = "token"  # noqa: S105
ACTION = "action"
CONFIRMED = "confirmed"
AGAIN = "again"
EDIT = "edit"
NOT_SENT = "not sent"
BODY, PASTED = "body", "pasted"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallField:
    """One field. `choices` make it a select, whose first entry is to send nothing."""

    name: str
    id: str
    label: str
    text: str
    type: str
    help: str
    is_required: bool = False
    placeholder: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    blank_name: str = ""
    is_blank_sent: bool = False
    issues: tuple[Issue, ...] = ()

    @property
    def has_errors(self) -> bool:
        return any(issue.severity == "error" for issue in self.issues)


def path_field(name: str) -> str:
    return f"path-{name}"


def query_field(name: str) -> str:
    return f"query-{name}"


def blank_field(name: str) -> str:
    """The tick that sends a query parameter although it is blank."""
    return f"blank-{name}"


def name_of(path: Path) -> str:
    """The field that a place in the request comes from: `$.query.page` from `query-page`."""
    return "-".join(map(str, path))


class CallForm:
    """What one form post says. `to_draft` cannot fail; `token` is None when it is unusable."""

    def __init__(self, operation: Operation, data: QueryDict) -> None:
        self.operation = operation
        self.data = data

    @property
    def token(self) -> uuid.UUID | None:
        return http.posted_token(self.data, TOKEN)

    @property
    def is_edited(self) -> bool:
        """The form is wanted back, not sent."""
        return self.data.get(ACTION) == EDIT

    @property
    def is_confirmed(self) -> bool:
        return CONFIRMED in self.data

    def to_draft(self) -> CallDraft:
        path = request.parameters_of(self.operation, "path")
        query = request.parameters_of(self.operation, "query")
        return CallDraft(
            values={one.name: self._text(path_field(one.name)) for one in path},
            query={one.name: self._text(query_field(one.name)) for one in query},
            blanks=frozenset(one.name for one in query if blank_field(one.name) in self.data),
            # A text area is posted with CR LF wherever its text has LF. A body that was on its
            # way to the playground comes back under the name that it has there.
            body=(self._text(BODY) or self._text(PASTED)).replace("\r\n", "\n"),
        )

    def _text(self, name: str) -> str:
        return self.data.get(name, "")


def hidden_fields(draft: CallDraft) -> tuple[tuple[str, str], ...]:
    """The draft as a form posts it."""
    return (
        *((path_field(name), text) for name, text in draft.values.items()),
        *((query_field(name), text) for name, text in draft.query.items()),
        *((blank_field(name), "1") for name in sorted(draft.blanks)),
        (BODY, draft.body),
    )


def path_fields(
    operation: Operation, draft: CallDraft, issues: Iterable[Issue]
) -> tuple[CallField, ...]:
    return tuple(
        _field(one, path_field(one.name), draft.values.get(one.name, ""), issues)
        for one in request.parameters_of(operation, "path")
    )


def query_fields(
    operation: Operation, draft: CallDraft, issues: Iterable[Issue]
) -> tuple[CallField, ...]:
    return tuple(
        _query_field(one, draft, issues) for one in request.parameters_of(operation, "query")
    )


def _query_field(parameter: Parameter, draft: CallDraft, issues: Iterable[Issue]) -> CallField:
    name, text = parameter.name, draft.query.get(parameter.name, "")
    return _field(
        parameter,
        query_field(name),
        text,
        issues,
        choices=_choices(parameter, text),
        blank_name=blank_field(name),
        is_blank_sent=name in draft.blanks,
    )


def _field(
    parameter: Parameter,
    name: str,
    text: str,
    issues: Iterable[Issue],
    *,
    choices: tuple[tuple[str, str], ...] = (),
    blank_name: str = "",
    is_blank_sent: bool = False,
) -> CallField:
    is_path = parameter.where == "path"
    return CallField(
        name=name,
        id=field_id(name),
        label=parameter.name,
        text=text,
        type=parameter.type,
        help=parameter.meaning.replace("`", ""),
        is_required=is_path,
        placeholder=parameter.example if is_path else _default(parameter),
        choices=choices,
        blank_name=blank_name,
        is_blank_sent=is_blank_sent,
        issues=tuple(issue for issue in issues if name_of(issue.path) == name),
    )


def _choices(parameter: Parameter, text: str) -> tuple[tuple[str, str], ...]:
    """Documented values; whatever else came with an address or an earlier try stays choosable."""
    offered = parameter.choices or (("true", "false") if parameter.type == "boolean" else ())
    if not offered:
        return ()
    others = () if not text or text in offered else (text,)
    return (("", _default(parameter)), *((one, one) for one in (*offered, *others)))


def _default(parameter: Parameter) -> str:
    if parameter.default is UNSET:
        return NOT_SENT
    shown = str(parameter.default)
    return f"{NOT_SENT} (then {shown.lower() if parameter.type == 'boolean' else shown})"
