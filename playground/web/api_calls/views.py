"""Trying an operation: its form, the question before a change, the answer, one's own history."""

from __future__ import annotations

import uuid
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from playground.models import ApiCall
from playground.reference.api.operations import OPERATIONS, Operation
from playground.reference.calls import request as call_request
from playground.reference.calls.request import CallDraft
from playground.services import api_calls, permissions
from playground.services.api_calls import FormAlreadySent, UnableToSendApiCall
from playground.services.ledger.send_once import SentElsewhere
from playground.web import http
from playground.web.api_calls import pages as api_call_pages
from playground.web.api_calls.form import AGAIN, BODY, CallForm, hidden_fields
from playground.web.context_processor import api_base_url


@require_http_methods(["GET", "HEAD", "POST"])
def attempt(request: HttpRequest, operation: str) -> HttpResponse:
    """The form of an operation; posted, it sends the call, or asks first."""
    one = _operation(operation)
    if request.method == "POST":
        return _posted(request, one, CallForm(one, request.POST))
    permissions.require(request.user, "call API", one.name)
    return _page(request, one, _first_draft(request, one))


@require_POST
def preview(request: HttpRequest, operation: str) -> HttpResponse:
    """The right pane for what is in the form now."""
    one = _operation(operation)
    permissions.require(request.user, "call API", one.name)
    draft = CallForm(one, request.POST).to_draft()
    return render(request, "api_calls/_request.html", _request_context(request, one, draft))


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """One's own API calls, newest first."""
    found = api_calls.list_api_calls(
        request.user, page=http.page_number(request), now=timezone.now()
    )
    return render(request, "api_calls/list.html", {"calls": found, "operations": OPERATIONS})


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One try: the request, and its answer a page at a time. Nothing is sent by looking."""
    made = _api_call(request, pk)
    operation = api_call_pages.operation_of(made)
    if operation is None:
        raise Http404("The operation is gone.")
    draft = call_request.decode_draft(bytes(made.draft))
    context = _request_context(request, operation, draft) | {
        "made": made,
        "operation": operation,
        "answer": api_call_pages.answer_context(made, operation, http.page_number(request)),
    }
    return render(request, "api_calls/detail.html", context)


@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The answer's bytes as they were kept: a file, whatever they are."""
    made = _api_call(request, pk)
    name = f"try-{made.pk}-{made.operation}"
    return HttpResponse(
        bytes(made.answer),
        content_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _posted(request: HttpRequest, operation: Operation, form: CallForm) -> HttpResponse:
    """Whatever is refused comes back as the form it was."""
    api_calls.require(request.user, operation)
    draft = form.to_draft()
    if form.is_edited:
        return _page(request, operation, draft, token=form.token)
    if operation.name == "launch_workflow":
        return _launch(request, operation, draft)
    if call_request.sends_secrets(operation):
        return http.see_other(_account_form(draft))
    if form.token is None:
        sentence = "This form has lost its token. Nothing was sent; it has a new one now."
        return _page(request, operation, draft, sentence=sentence, status=400)
    try:
        if operation.changes and not form.is_confirmed:
            api_calls.check_draft(operation, draft)
            return _question(request, operation, draft, form.token)
        made = api_calls.send_api_call(
            request.user, operation, draft, token=form.token, clock=timezone.now
        )
    except FormAlreadySent as error:
        return _page(request, operation, draft, sentence=error.sentence, status=422)
    except UnableToSendApiCall as error:
        return _page(request, operation, draft, token=form.token, error=error, status=422)
    return http.see_other(reverse("api-call-detail", args=[made.pk]))


def _page(
    request: HttpRequest,
    operation: Operation,
    draft: CallDraft,
    *,
    token: uuid.UUID | None = None,
    error: UnableToSendApiCall | None = None,
    sentence: str = "",
    status: int = 200,
) -> HttpResponse:
    """The form. Without a `token` it gets a new one: it was not used yet."""
    form = api_call_pages.call_page(
        operation,
        draft,
        token=str(token or uuid.uuid4()),
        issues=error.issues if error else (),
        sentence=error.sentence if error else sentence,
    )
    context = _request_context(request, operation, draft) | {"form": form}
    return render(request, "api_calls/form.html", context, status=status)


def _question(
    request: HttpRequest, operation: Operation, draft: CallDraft, token: uuid.UUID
) -> HttpResponse:
    """What the call will do, and the button that does it."""
    context = _request_context(request, operation, draft) | {
        "token": token,
        "fields": hidden_fields(draft),
        "consequence": api_call_pages.consequence_of(operation),
    }
    return render(request, "api_calls/confirm.html", context)


def _launch(request: HttpRequest, operation: Operation, draft: CallDraft) -> HttpResponse:
    """A launch has its own page, which checks it and keeps it: it takes the body from here."""
    built = call_request.build_request(operation, draft)
    if built.errors:
        error = UnableToSendApiCall("Nothing was opened: see what is marked.", issues=built.issues)
        return _page(request, operation, draft, error=error, status=422)
    context = _request_context(request, operation, draft) | {
        "workflow_uid": built.values["workflow_uid"],
        "pasted": draft.body,
        # A body may be large: the page has it once, for both ways that lead on.
        "fields": [(name, text) for name, text in hidden_fields(draft) if name != BODY],
    }
    return render(request, "api_calls/launch.html", context)


def _account_form(draft: CallDraft) -> str:
    """Where the secrets of this call are entered."""
    if draft.values.get("integration"):
        return reverse("account-new", args=[draft.values["integration"]])
    asked = {"q": draft.values.get("account_uid", "")}
    return f"{reverse('account-list')}?{urlencode(asked, errors='replace')}"


def _request_context(
    request: HttpRequest, operation: Operation, draft: CallDraft
) -> dict[str, object]:
    built = call_request.build_request(operation, draft)
    shown = api_call_pages.request_context(built, api_base_url(request))
    return {"operation": operation, "sent": shown}


def _first_draft(request: HttpRequest, operation: Operation) -> CallDraft:
    """What the address names: an earlier try, or values by parameter."""
    again = request.GET.get(AGAIN, "")
    if again.isascii() and again.isdecimal():
        made = _api_call(request, int(again[:19]))
        if made.is_elsewhere:
            raise SentElsewhere(made)
        if made.operation == operation.name:
            return call_request.decode_draft(bytes(made.draft))
    return call_request.first_draft(operation, request.GET.dict())


def _operation(name: str) -> Operation:
    if name not in OPERATIONS:
        raise Http404(f"There is no operation {name}.")
    return OPERATIONS[name]


def _api_call(request: HttpRequest, pk: int) -> ApiCall:
    try:
        return api_calls.get_api_call(request.user, pk, now=timezone.now())
    except api_calls.UnableToFindApiCall as error:
        raise Http404(str(error)) from error
