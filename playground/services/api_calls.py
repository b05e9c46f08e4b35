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
from collections.abc import Callable, Sequence
from typing import cast

import msgspec
from django.contrib.auth.models import User
from django.core.paginator import Page, Paginator
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from playground.models import ApiCall, ApiCallState
from playground.payload.issues import Issue
from playground.reference.api.operations import Operation
from playground.reference.calls import redaction
from playground.reference.calls import request as call_request
from playground.reference.calls.request import CallDraft, CallRequest
from playground.services import permissions
from playground.services.accounts import lookup as account_lookup
from playground.services.jobs import follow
from playground.services.launches import facts
from playground.services.ledger import launches as launch_ledger
from playground.services.permissions import Person
from playground.services.users import directory as user_directory
from playground.upstream import connections, targets
from playground.upstream.errors import UpstreamError, UpstreamNeverReached
from playground.upstream.exchange import RawAnswer

Clock = Callable[[], dt.datetime]
LONGEST_ANSWER = 1024 * 1024
KEPT_FOR = dt.timedelta(days=30)
MOST_KEPT, MOST_BYTES = 200, 50 * 1024 * 1024
PAGE_SIZE = 50
MOST_HEADERS, LONGEST_HEADER = 100, 4_000
# A call may take 20 s in all; one that is still "sending" after this has lost its process.
LEASE = dt.timedelta(seconds=60)
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
    """The person has no such try."""


def send_api_call(
    user: Person, operation: Operation, draft: CallDraft, *, token: uuid.UUID, clock: Clock
) -> ApiCall:
    """Send the draft's request, once. Raises `UnableToSendApiCall` when nothing was sent for it.

    The same token with the same request gives the try that it became.
    """
    require(user, operation)
    request = check_draft(operation, draft)
    made = _record(user, request, draft, token=token, now=clock())
    if made is None:
        return _repeat(user, request, draft, token)
    _trim(user, made.created_at)
    _send(made, request, clock)
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
    return ApiCall.objects.filter(user=_as_user(user))


def _as_user(person: Person) -> User:
    # Only Django's own users get this far: `permissions.require` refuses everybody else.
    return cast(User, person)


def _record(
    user: Person, request: CallRequest, draft: CallDraft, *, token: uuid.UUID, now: dt.datetime
) -> ApiCall | None:
    """The row in state `sending`, committed; None when the token was used before."""
    try:
        with transaction.atomic(durable=True):
            return ApiCall.objects.create(
                token=token,
                user=_as_user(user),
                operation=request.operation.name,
                method=request.operation.method,
                address=request.address,
                draft=call_request.encode_draft(draft),
                upstream=targets.name(),
                state=ApiCallState.SENDING,
                created_at=now,
            )
    except IntegrityError:
        return None


def _repeat(user: Person, request: CallRequest, draft: CallDraft, token: uuid.UUID) -> ApiCall:
    """What a second submit of the same form gets: the first one's try. Nothing is sent."""
    earlier = _own(user).filter(token=token).first()
    is_same = (
        earlier is not None
        and earlier.operation == request.operation.name
        and bytes(earlier.draft) == call_request.encode_draft(draft)
        and earlier.upstream == targets.name()
    )
    if earlier is None or not is_same:
        raise FormAlreadySent(
            "This form was sent before, with other values. Nothing was sent now: send it once "
            "more to send what it holds now."
        )
    return earlier


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


def _send(made: ApiCall, request: CallRequest, clock: Clock) -> None:
    """The one call. Outside any transaction; its outcome is written where it is still awaited."""
    changes: dict[str, object]
    try:
        answer = connections.connect().send_raw(
            request.operation.name, values=request.values, query=request.query, body=request.body
        )
    except UpstreamNeverReached as error:
        changes = {"state": ApiCallState.UNREACHABLE, "sentence": error.sentence}
    except UpstreamError as error:
        changes = {"state": ApiCallState.UNKNOWN, "sentence": error.sentence}
    else:
        changes = _answered(answer)
    finally:
        if request.operation.changes:
            _forget_what_changed()
    ApiCall.objects.filter(pk=made.pk, state=ApiCallState.SENDING).update(**changes)
    made.refresh_from_db()
    if request.operation.name == "remove_schedule" and made.is_success:
        launch_ledger.end_schedules(request.values["job_name"], clock())


def _answered(answer: RawAnswer) -> dict[str, object]:
    body = redaction.hide_secrets(answer.body)
    headers = [
        (name[:LONGEST_HEADER], value[:LONGEST_HEADER])
        for name, value in answer.headers[:MOST_HEADERS]
    ]
    return {
        "state": ApiCallState.ANSWERED,
        "status": answer.status,
        "headers": msgspec.json.encode(headers),
        "answer": body[:LONGEST_ANSWER],
        "answer_size": len(body),
        "seconds": answer.seconds,
    }


def _forget_what_changed() -> None:
    """The other pages ask anew."""
    user_directory.forget_everything()
    follow.forget_everything()
    facts.forget_everything()
    account_lookup.forget()


def _show_as_lost(made: ApiCall, now: dt.datetime) -> None:
    """In this object only: looking changes nothing."""
    if made.is_sending and made.created_at < now - LEASE:
        made.state, made.sentence = ApiCallState.UNKNOWN, LOST
