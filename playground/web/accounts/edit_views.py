"""Adding and updating an account, the preview of its request, and answering a login challenge.

A refused form comes back without its secrets: they are in no answer, no message, no session.
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from playground.credentials.drafts import AccountDraft
from playground.services import permissions
from playground.services.accounts import form as account_form
from playground.services.accounts import paused as account_paused
from playground.services.accounts import save as account_save
from playground.services.accounts.form import AccountFound, OwnersFound, SavePreview
from playground.services.accounts.save import UnableToSave
from playground.web import http
from playground.web.accounts import edit_form, field_names
from playground.web.accounts.edit_form import (
    ACCOUNT_UID,
    ACTION,
    CODE,
    NEXT,
    FormState,
    WayBack,
    first_draft,
    posted_draft,
)
from playground.web.context_processor import api_base_url
from playground.web.field_ids import LinkedIssue
from playground.web.json_html import payload_html

NOT_VALID = (
    "the upstream does not take the account as valid: answer its login challenge if it has one, "
    "or give it other credentials"
)
_LONGEST_PAUSED = 4_000
NOT_SENT = "This is the request of what was entered; nothing was sent. "


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, integration: str) -> HttpResponse:
    """The form of a new account; posted, it adds the account."""
    return _form(request, integration, "")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, integration: str, account_uid: str) -> HttpResponse:
    """The form of an account that is there; posted, it updates what was filled in."""
    return _form(request, integration, account_uid)


@sensitive_post_parameters()
@require_POST
def preview(request: HttpRequest, integration: str) -> HttpResponse:
    """The right pane for what is in the form now."""
    account_uid = request.POST.get(ACCOUNT_UID, "")
    draft = posted_draft(integration, account_uid, request.POST)
    return render(request, "accounts/_request.html", _request_context(request, draft))


@sensitive_post_parameters()
@require_POST
def checkpoint(request: HttpRequest, integration: str, account_uid: str) -> HttpResponse:
    """Send the code of a login challenge."""
    address = _account_address(integration, account_uid)
    try:
        saved = account_save.answer_checkpoint(
            request.user,
            integration,
            account_uid,
            request.POST.get(CODE, ""),
            token=http.posted_token(request.POST),
            clock=timezone.now,
        )
    except UnableToSave as error:
        if error.is_sending:
            return http.still_sending(request, error, address)
        context = {
            "integration": integration,
            "account_uid": account_uid,
            "checkpoint_problem": error.sentence,
            "challenge_token": http.new_token(),
            "back": address,
        }
        status = http.status_after(error)
        return render(request, "accounts/checkpoint.html", context, status=status)
    but = NOT_VALID if saved.is_valid is False else ""
    http.tell(request, "The login challenge was answered", saved.earlier, but)
    return http.see_other(address)


def _form(request: HttpRequest, integration: str, account_uid: str) -> HttpResponse:
    permissions.require(request.user, "change account", integration)
    if request.method != "POST":
        found = _find(request, integration, account_uid)
        draft = first_draft(integration, account_uid, found.account)
        paused = None
        # Where the account itself could not be asked for, nobody waits for more.
        if found.account:
            paused = account_paused.find_paused(
                request.user, integration, account_uid, now=timezone.now()
            )
        state = FormState(found=found, paused=paused)
        return _page(request, draft, _request_context(request, draft), state)
    draft = posted_draft(integration, account_uid, request.POST)
    if request.POST.get(ACTION) == "preview":
        context = _request_context(request, draft)
        sentence = NOT_SENT + account_save.ENTER_AGAIN
        state = FormState(sentence=sentence, paused_uids=_paused(request))
        return _page(request, account_form.showable(draft), context, state)
    token = http.posted_token(request.POST)
    try:
        saved = account_save.save_account(request.user, draft, token=token, clock=timezone.now)
    except UnableToSave as error:
        if error.is_sending:
            address = _account_address(integration, account_uid)
            return http.still_sending(request, error, address)
        return _refused(request, draft, error)
    done = "The account was updated" if draft.is_update else "The account was added"
    but = NOT_VALID if saved.is_valid is False else ""
    http.tell(request, done, saved.earlier, but)
    resumed = account_paused.tell_resumed(request.user, draft, _paused(request).split())
    if resumed and not saved.earlier:
        messages.info(request, resumed)
    return http.see_other(_next(request) or _account_address(integration, saved.uid))


def _paused(request: HttpRequest) -> str:
    """UIDs of the jobs that the form told of as paused."""
    return request.POST.get(field_names.PAUSED, "")[:_LONGEST_PAUSED]


def _refused(request: HttpRequest, draft: AccountDraft, error: UnableToSave) -> HttpResponse:
    # Of what was sent: what is wrong with it can no longer be seen in the emptied fields.
    context = _request_context(request, draft)
    draft = account_form.showable(draft)
    if error.is_draft_at_fault:
        state = FormState(
            issues=error.issues,
            sentence=error.sentence,
            is_refusal=True,
            paused_uids=_paused(request),
        )
        return _page(request, draft, context, state, status=422)
    # It has just failed, perhaps slowly: nobody waits for it once more.
    state = FormState(
        found=AccountFound(account=None),
        owners=OwnersFound(users=(), problem="The upstream was not asked again."),
        sentence=error.sentence,
        is_refusal=True,
        paused_uids=_paused(request),
        look_at=_look_at(draft) if error.is_unknown else "",
    )
    return _page(request, draft, context, state, status=502)


def _look_at(draft: AccountDraft) -> str:
    """Where to see what came of a save: the account, or all those that it may be among."""
    query = urlencode({"integration": draft.integration}, errors="replace")
    address = _account_address(draft.integration, draft.uid)
    return address if draft.is_update else f"{address}?{query}"


def _page(
    request: HttpRequest,
    draft: AccountDraft,
    context: dict[str, object],
    state: FormState,
    *,
    status: int = 200,
) -> HttpResponse:
    """The page of a draft that holds no secret (`account_form.showable`)."""
    found = state.found or _find(request, draft.integration, draft.uid)
    owners = state.owners or account_form.list_owners(request.user)
    way = WayBack(next=_next(request), account=_account_address(draft.integration, draft.uid))
    form = edit_form.account_form(draft, found, owners, state, way)
    return render(request, "accounts/edit.html", context | {"form": form}, status=status)


def _find(request: HttpRequest, integration: str, account_uid: str) -> AccountFound:
    if not account_uid:
        return AccountFound(account=None)
    return account_form.find_account(request.user, integration, account_uid)


def _request_context(request: HttpRequest, draft: AccountDraft) -> dict[str, object]:
    shown: SavePreview = account_form.preview_save(
        request.user, draft, base_url=api_base_url(request)
    )
    return {
        "shown": shown,
        "built": shown.built,
        "issues": tuple(
            LinkedIssue.of(issue, field_names.name_of(issue.path)) for issue in shown.built.issues
        ),
        "payload_html": payload_html(shown.lines, field_names.link_of),
    }


def _next(request: HttpRequest) -> str:
    """Where the person came from: a path on this site, or nothing."""
    address = request.POST.get(NEXT) or request.GET.get(NEXT, "")
    is_path = address.startswith("/") and url_has_allowed_host_and_scheme(address, None)
    return address if is_path else ""


def _account_address(integration: str, account_uid: str) -> str:
    """The account's own page; the list of accounts while there is no account."""
    if account_uid:
        return reverse("account-detail", args=[integration, account_uid])
    return reverse("account-list")
