"""The pages of API calls as their templates receive them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from playground.models import ApiCall
from playground.payload.issues import Issue
from playground.payload.words import counted
from playground.reference.api.operations import OPERATIONS, Operation
from playground.reference.calls import request as call_request
from playground.reference.calls import response, status
from playground.reference.calls.links import Use
from playground.reference.calls.request import CallDraft, CallRequest
from playground.reference.calls.response import AnswerLine, Shown
from playground.reference.calls.status import Meaning
from playground.services import api_calls
from playground.web.api_calls.form import BODY, CallField, name_of, path_fields, query_fields
from playground.web.field_ids import LinkedIssue
from playground.web.json_html import payload_html, tokens_html

# What a call does, where its title alone does not say it to whoever is about to send it.
_CONSEQUENCES = {
    "retry_job": "run the job again",
    "cancel_job": "stop the job",
    "retry_webhook": "send the job's webhook again",
    "remove_schedule": "remove every repeat schedule of this name",
    "delete_account": "delete the account",
    "save_user": "create a user, or change the one whose uid is in the body,",
    "delete_user": "delete the user and all accounts of the user",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPage:
    """The left side of the form."""

    operation: Operation
    token: str
    path: tuple[CallField, ...]
    query: tuple[CallField, ...]
    takes_body: bool
    body: str
    body_issues: tuple[Issue, ...]
    example: str
    sentence: str

    @property
    def is_launch(self) -> bool:
        return self.operation.name == "launch_workflow"

    @property
    def has_body(self) -> bool:
        # Not asked of `operation` in the template, which would call the type of the body.
        return self.operation.body is not None

    @property
    def is_secret(self) -> bool:
        return call_request.sends_secrets(self.operation)

    @property
    def button(self) -> str:
        if self.is_launch:
            return "Go on in the playground"
        if self.is_secret:
            return "Go on in the account's form"
        return "Send…" if self.operation.changes else "Send"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestContext:
    """The right side: what would be sent."""

    request: CallRequest
    issues: tuple[LinkedIssue, ...]
    payload_html: SafeString
    curl: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerContext:
    """One page of the answer of a try."""

    made: ApiCall
    meaning: Meaning
    headers: tuple[tuple[str, str], ...]
    content_type: str
    shown: Shown
    html: SafeString

    @property
    def milliseconds(self) -> int:
        return round((self.made.seconds or 0) * 1_000)


def call_page(
    operation: Operation,
    draft: CallDraft,
    *,
    token: str,
    issues: Sequence[Issue] = (),
    sentence: str = "",
) -> CallPage:
    return CallPage(
        operation=operation,
        token=token,
        path=path_fields(operation, draft, issues),
        query=query_fields(operation, draft, issues),
        takes_body=call_request.takes_body(operation),
        body=draft.body,
        body_issues=tuple(issue for issue in issues if name_of(issue.path) == BODY),
        example="" if operation.is_body_needed else call_request.example_body(operation),
        sentence=sentence,
    )


def request_context(request: CallRequest, base_url: str) -> RequestContext:
    return RequestContext(
        request=request,
        issues=tuple(LinkedIssue.of(issue, name_of(issue.path)) for issue in request.issues),
        payload_html=payload_html(request.lines),
        curl=request.curl(base_url),
    )


def consequence_of(operation: Operation) -> str:
    """“This will …”."""
    return _CONSEQUENCES.get(operation.name) or operation.title[:1].lower() + operation.title[1:]


def operation_of(made: ApiCall) -> Operation | None:
    return OPERATIONS.get(made.operation)


def answer_context(made: ApiCall, operation: Operation, page: int) -> AnswerContext | None:
    """None without an answer."""
    if not made.is_answered or made.status is None:
        return None
    headers = api_calls.headers_of(made)
    kinds = [value for name, value in headers if name.lower() == "content-type"]
    content_type = kinds[0] if kinds else ""
    shown = response.show_answer(
        made.operation,
        call_request.decode_draft(bytes(made.draft)).values,
        bytes(made.answer),
        content_type=content_type,
        is_cut=made.is_cut,
        page=page,
    )
    return AnswerContext(
        made=made,
        meaning=status.meaning_of(operation, made.status),
        headers=headers,
        content_type=content_type,
        shown=shown,
        # A value of another upstream is none that this one knows.
        html=answer_html(shown.lines, is_linked=not made.is_elsewhere),
    )


def answer_html(lines: Sequence[AnswerLine], *, is_linked: bool = True) -> SafeString:
    """Lines in folds. Made by hand, because a template cannot nest what comes as a list."""
    parts: list[str] = []
    ends: list[int] = []
    addresses: dict[str, str] = {}
    for at, shown in enumerate(lines):
        uses = _uses_html(shown, addresses) if is_linked else ""
        text = f"<span>{tokens_html(shown.line)}</span>{uses}"
        if shown.folds:
            is_open = " open" if shown.is_open else ""
            more = f"… {counted(shown.folds, 'line')}"
            parts.append(f'<details class="fold"{is_open}><summary data-more="{more}">')
            parts.append(f"{text}</summary>")
            ends.append(at + shown.folds)
        else:
            parts.append(f'<div class="line">{text}</div>')
        while ends and ends[-1] == at:
            ends.pop()
            parts.append("</details>")
    return mark_safe("".join(parts))  # noqa: S308  # Escaped below and in `tokens_html`.


def _uses_html(shown: AnswerLine, addresses: dict[str, Any]) -> str:
    if not shown.uses:
        return ""
    links = "".join(
        f'<a href="{escape(_address(use, addresses))}">{escape(use.title)}</a>'
        for use in shown.uses
    )
    label = f"use this {escape(shown.what)}"
    return (
        f'<details class="feeds"><summary aria-label="{label}">use</summary>'
        f"<span>{links}</span></details>"
    )


def _address(use: Use, addresses: dict[str, str]) -> str:
    if use.operation not in addresses:
        addresses[use.operation] = reverse("api-call-new", args=[use.operation])
    return f"{addresses[use.operation]}?{urlencode(use.values)}"
