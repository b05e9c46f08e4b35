"""API calls: any operation of the API, sent once from its form, and its answer kept.

sending → answered      the upstream answered, whatever its status
        → unreachable   provably never sent
        → unknown       no usable answer, or the process died while sending

Credentials are never kept: an operation whose body holds some is not sent from here, and those in
an answer are hidden before it is recorded.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

import msgspec
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from playground.models import ApiCall, ApiCallState
from playground.payload.issues import Issue
from playground.redaction import answers
from playground.reference.api.operations import Operation
from playground.reference.calls import request as call_request
from playground.reference.calls.request import CallDraft, CallRequest
from playground.services import permissions
from playground.services.ledger import launches as launch_ledger
from playground.services.ledger.send_once import Clock, Columns, Form, Ledger, is_lost
from playground.services.permissions import Person
from playground.services.upstream_cache import invalidation
from playground.services.upstream_cache.invalidation import Event
from playground.upstream import connections, targets
from playground.upstream.exchange import RawAnswer

LONGEST_ANSWER = 1024 * 1024
LONGEST_HEADER = 4_000
MOST_HEADERS = 100
# Of each person: so many, so many bytes of answers, and for so long.
MOST_KEPT = 200
MOST_BYTES = 50 * 1024 * 1024
KEPT_FOR = dt.timedelta(days=30)
PAGE_SIZE = 50
LOST = (
    "The playground stopped while this was being sent, so it is not known whether it arrived: "
    "look there before you send it again."
)


class UnableToSendApiCall(Exception):
    """Nothing was sent. `sentence` says why; `issues` are those of the draft."""

    def __init__(self, sentence: str, *, issues: Sequence[Issue] = ()) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.issues = tuple(issues)


class FormAlreadySent(UnableToSendApiCall):
    """The form was sent before, with other values: it needs a new token."""


class UnableToFindApiCall(Exception):
    """The person has no such API call."""


# No refusal among its outcomes: whatever the upstream answers is the answer that was asked for.
_LEDGER = Ledger(model=ApiCall, refused=ApiCallState.UNKNOWN)


def send_api_call(
    user: Person, operation: Operation, draft: CallDraft, *, token: uuid.UUID, clock: Clock
) -> ApiCall:
    """Send the draft's request, once. Raises `UnableToSendApiCall` when nothing was sent for it.

    The same token with the same request gives the API call that it became.
    """
    require(user, operation)
    request = check_draft(operation, draft)
    row = _new_row(user, request, draft, token=token, now=clock())
    sent = _LEDGER.send_once(row, _form(user, request, draft))
    made = sent.row
    if operation.name == "remove_schedule" and made.is_success and not sent.is_repeat:
        launch_ledger.end_schedules(request.values["job_name"], clock())
    return made


def require(user: Person, operation: Operation) -> None:
    """Raises `NotAllowed` unless the person may send this operation."""
    permissions.require(user, "call API", operation.name)
    if operation.changes:
        permissions.require(user, "change by API call", operation.name)


def check_draft(operation: Operation, draft: CallDraft) -> CallRequest:
    """The request that would be sent. Raises `UnableToSendApiCall`."""
    if operation.name == "launch_workflow":
        raise UnableToSendApiCall("A workflow is launched in its playground. Nothing was sent.")
    if call_request.sends_secrets(operation):
        raise UnableToSendApiCall("What this call carries is secret, so it is not sent from here.")
    request = call_request.build_request(operation, draft)
    if request.errors:
        count = len(request.errors)
        fields = "one field needs" if count == 1 else f"{count} fields need"
        raise UnableToSendApiCall(
            f"Nothing was sent: {fields} your attention.", issues=request.issues
        )
    return request


def list_api_calls(user: Person, *, page: int, now: dt.datetime) -> Page[ApiCall]:
    """The person's own, newest first. A page past the end is the last one."""
    permissions.require(user, "call API")
    shown = Paginator(_own(user).defer("answer", "headers", "draft"), PAGE_SIZE).get_page(page)
    for one in shown:
        _show_as_lost(one, now)
    return shown


def get_api_call(user: Person, pk: int, *, now: dt.datetime) -> ApiCall:
    """One of the person's own. Raises `UnableToFindApiCall`."""
    permissions.require(user, "call API")
    # Databases hold 64 bits; a longer number in an address is simply nobody's.
    found = _own(user).filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise UnableToFindApiCall(f"There is no try {pk} of yours.")
    _show_as_lost(found, now)
    return found


def headers_of(made: ApiCall) -> tuple[tuple[str, str], ...]:
    """The headers of the answer, as they came."""
    pairs = msgspec.json.decode(bytes(made.headers), type=list[tuple[str, str]])
    return tuple(pairs)


def _own(user: Person) -> QuerySet[ApiCall]:
    return ApiCall.objects.filter(user=permissions.as_user(user))


def _new_row(
    user: Person, request: CallRequest, draft: CallDraft, *, token: uuid.UUID, now: dt.datetime
) -> ApiCall:
    return ApiCall(
        token=token,
        user=permissions.as_user(user),
        operation=request.operation.name,
        method=request.operation.method,
        address=request.address,
        draft=call_request.encode_draft(draft),
        upstream=targets.name(),
        state=ApiCallState.SENDING,
        created_at=now,
    )


def _form(user: Person, request: CallRequest, draft: CallDraft) -> Form[ApiCall]:
    def refuse_other(earlier: ApiCall) -> None:
        is_same = (
            earlier.user_id == user.pk
            and earlier.operation == request.operation.name
            and bytes(earlier.draft) == call_request.encode_draft(draft)
            and not earlier.is_elsewhere
        )
        if not is_same:
            raise FormAlreadySent(
                "This form was sent before, with other values. Nothing was sent now: send it once "
                "more to send what it holds now."
            )

    def call(made: ApiCall) -> Columns:
        _trim(user, made.created_at)
        try:
            return _answered(_ask(request))
        finally:
            if request.operation.changes:
                invalidation.make_stale(Event.API_CALL)

    return Form(
        refuse_other=refuse_other, call=call, after_error=lambda error: {"sentence": error.sentence}
    )


def _ask(request: CallRequest) -> RawAnswer:
    return connections.connect().send_raw(
        request.operation.name, values=request.values, query=request.query, body=request.body
    )


def _trim(user: Person, now: dt.datetime) -> None:
    """Only the newest are kept, of large answers fewer, and none for ever."""
    own = _own(user)
    sizes = own.order_by("-created_at", "-pk").values_list("pk", "answer_size")
    beyond, taken = [], 0
    for at, (pk, size) in enumerate(sizes):
        taken += min(size, LONGEST_ANSWER)
        if at >= MOST_KEPT or taken > MOST_BYTES:
            beyond.append(pk)
    own.filter(pk__in=beyond).delete()
    own.filter(created_at__lt=now - KEPT_FOR).delete()


def forget_old(now: dt.datetime) -> None:
    """Everybody's that are too old, whether they come again or not."""
    ApiCall.objects.filter(created_at__lt=now - KEPT_FOR).delete()


def _answered(answer: RawAnswer) -> dict[str, object]:
    body = answers.hide_secrets(answer.body, most=LONGEST_ANSWER)
    is_long = len(answer.body) > LONGEST_ANSWER
    headers = [
        (name[:LONGEST_HEADER], value[:LONGEST_HEADER])
        for name, value in answer.headers[:MOST_HEADERS]
    ]
    return {
        "state": ApiCallState.ANSWERED,
        "status": answer.status,
        "headers": msgspec.json.encode(headers),
        "answer": body[:LONGEST_ANSWER],
        "answer_size": len(answer.body) if is_long else len(body),
        "seconds": answer.seconds,
    }


def _show_as_lost(made: ApiCall, now: dt.datetime) -> None:
    """In this object only: looking changes nothing."""
    if made.is_sending and is_lost(made.created_at, now, made.token):
        made.state, made.sentence = ApiCallState.UNKNOWN, LOST
