"""Sending what a form asks for once, whatever happens: to its page, to this process, on the way.

sending → whatever the upstream's answer means in this ledger
        → refused       a definite refusal, in the ledger's own word
        → unreachable   provably never sent
        → unknown       anything else, or the process died while sending

The form's token is unique in its ledger. The row is committed before the call, the call is made
outside any transaction, and its outcome is written only where it is still awaited.
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from playground.log_lines import event
from playground.models import SentForm
from playground.models.sent_forms import SENDING, UNKNOWN, UNREACHABLE
from playground.services.ledger import leases
from playground.upstream import targets
from playground.upstream.errors import UpstreamError, UpstreamNeverReached, UpstreamRefused

# A call may take 20 s in all; what is still "sending" after this has lost its process. On the
# machine of that process it is known at once: it held the lease of the form's token.
LEASE = dt.timedelta(seconds=60)

Clock = Callable[[], dt.datetime]
Columns = Mapping[str, object]
Row = TypeVar("Row", bound=SentForm)

logger = logging.getLogger(__name__)


# Of a row, in its line of the log.
_TOLD = (
    *("kind", "operation", "workflow_uid", "row_count", "integration", "uid", "upstream"),
    *("state", "http_status", "status", "job_uid"),
)


def _name(row: SentForm) -> str:
    """Who sent it. Every ledger's row belongs to somebody."""
    return str(getattr(row, "user", ""))


def is_lost(sent_at: dt.datetime, now: dt.datetime, token: uuid.UUID) -> bool:
    """Whether nobody waits any more for the outcome of what is `sending` since then."""
    return sent_at < now - LEASE or leases.is_left(token)


def lost(rows: QuerySet[Row], now: dt.datetime, *, since: str, token: str) -> QuerySet[Row]:
    """Those of them that are `sending` and that nobody waits for any more."""
    sending = rows.filter(state=SENDING)
    left = leases.all_left(sending.values_list(token, flat=True))
    return sending.filter(Q(**{f"{since}__lt": now - LEASE}) | Q(**{f"{token}__in": left}))


class SentElsewhere(Exception):
    """It was sent to another upstream than that of now, which is not asked for it."""

    def __init__(self, row: SentForm) -> None:
        super().__init__(row.sent_elsewhere)
        self.sentence = row.sent_elsewhere


def sent_here() -> Q:
    """Rows of what was sent to the server at hand."""
    return Q(upstream__in=targets.names())


def shown_here() -> Q:
    """Rows that are listed: of all upstreams there were, but trials are a list of their own."""
    if targets.is_trial():
        return Q(upstream=targets.SANDBOX)
    return Q() if targets.is_sandbox() else ~Q(upstream=targets.SANDBOX)


def _nothing_more(row: Row) -> None:
    """The row is all that is recorded."""


def _as_it_was_told(row: Row, outcome: Columns) -> Columns:  # noqa: ARG001  # The same of all.
    """Nothing in this ledger belongs to one row alone, so there is no other way to write it."""
    return outcome


def _never_again(row: Row) -> Columns | None:  # noqa: ARG001  # The same of every row.
    """What was not sent is for another form."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Form(Generic[Row]):
    """What becomes of a form that came.

    `refuse_other` raises unless the row, which the form's token made before, is of the same form
    sent to the same place. `call` is the one call: it returns the columns that tell its answer,
    and raises `UpstreamError`, of which `after_error` makes columns beside the state.
    `after_conflict` gives the columns instead, when the database refuses those of an answer: they
    are another row's.
    `record_more` writes what belongs to a new row, in its transaction. `try_again` gives the
    columns with which a row that never reached the upstream is sent once more, or None.
    """

    refuse_other: Callable[[Row], None]
    call: Callable[[Row], Columns]
    after_error: Callable[[UpstreamError], Columns]
    after_conflict: Callable[[Row, Columns], Columns] = _as_it_was_told
    record_more: Callable[[Row], None] = _nothing_more
    try_again: Callable[[Row], Columns | None] = _never_again


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent(Generic[Row]):
    """A row after its form came.

    `is_repeat`: the token had made it before, and nothing was sent now. `error` is what the call
    of now ended in, if it brought no answer.
    """

    row: Row
    is_repeat: bool = False
    error: UpstreamError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger(Generic[Row]):
    """A table with a row for each form that was sent: its token and its `state`.

    `refused` is the state after a definite refusal.
    """

    model: type[Row]
    refused: str
    token: str = "token"  # noqa: S105  # The name of the column.

    def send_once(self, row: Row, form: Form[Row]) -> Sent[Row]:
        """Record the new `row`, which is `sending`, and make the call; or what a repeat gets.

        Raises what `form.refuse_other` raises when its token was used for something else.
        """
        token: uuid.UUID = getattr(row, self.token)
        with leases.held(token):
            conflict = self._record(row, form)
            if conflict is None:
                self._tell("sent", row, by=_name(row))
                return self._send(row, form)
        repeat = self.repeat(token, form)
        if repeat is None:
            raise conflict  # It is not the token that something is wrong with.
        return repeat

    def _record(self, row: Row, form: Form[Row]) -> IntegrityError | None:
        try:
            with transaction.atomic(durable=True):
                row.save(force_insert=True)
                form.record_more(row)
        except IntegrityError as error:
            return error
        return None

    def repeat(self, token: uuid.UUID, form: Form[Row]) -> Sent[Row] | None:
        """What another submit of a form gets: the first one's outcome, or one more attempt.

        None when this is the first.
        """
        earlier = self._rows.filter(**{self.token: token}).first()
        if earlier is None:
            return None
        form.refuse_other(earlier)
        changes = form.try_again(earlier) if earlier.is_unreachable else None
        if changes is not None:
            with leases.held(token):
                is_ours = self._take_again(earlier, changes)
                earlier.refresh_from_db()
                if is_ours:
                    self._tell("sent again", earlier, by=_name(earlier))
                    return self._send(earlier, form)
        return Sent(row=earlier, is_repeat=True)

    def _send(self, row: Row, form: Form[Row]) -> Sent[Row]:
        """The one call. What it raises besides `UpstreamError` leaves the row to its lease."""
        failure: UpstreamError | None = None
        try:
            outcome = form.call(row)
        except UpstreamError as error:
            failure = error
            outcome = {"state": self._state_after(error), **form.after_error(error)}
        try:
            self._decide(row, outcome)
        except IntegrityError:
            self._decide(row, form.after_conflict(row, outcome))
        return Sent(row=row, error=failure)

    def _decide(self, row: Row, outcome: Columns) -> None:
        """Write the outcome where it is still awaited."""
        with transaction.atomic():
            is_awaited = self._rows.filter(pk=row.pk, state=SENDING).update(**outcome) == 1
        if is_awaited or self._rows.filter(pk=row.pk).exists():
            row.refresh_from_db()
        if not is_awaited:
            self._tell("answered too late", row)
        else:
            self._tell("outcome", row)

    def _take_again(self, row: Row, changes: Columns) -> bool:
        """Put the row back to `sending`, unless another submit has changed it meanwhile."""
        as_it_was = {name: getattr(row, name) for name in changes}
        untouched = self._rows.filter(pk=row.pk, state=UNREACHABLE, **as_it_was)
        return untouched.update(state=SENDING, **changes) == 1

    def _tell(self, what: str, row: Row, **facts: object) -> None:
        name = self.model._meta.verbose_name  # noqa: SLF001  # Django's documented name.
        told = {one: getattr(row, one, None) for one in _TOLD}
        logger.info(event(f"{name} {what}", id=row.pk, **facts, **told))

    def _state_after(self, error: UpstreamError) -> str:
        if isinstance(error, UpstreamNeverReached):
            return UNREACHABLE
        return self.refused if isinstance(error, UpstreamRefused) else UNKNOWN

    @property
    def _rows(self) -> QuerySet[Row]:
        return self.model._default_manager.all()  # noqa: SLF001  # Django's documented name.
