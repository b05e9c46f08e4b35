"""Launching: at most once, recorded before it is sent, honest about what is not known.

sending → launched      the upstream gave a job UID
        → rejected      a definite refusal: no job was made
        → unreachable   provably never sent
        → unknown       anything else, or the process died while sending
unknown → launched      found in the upstream's job list (`services.launches.recovery`)
        → not-found     looked for long enough; a person may launch again
        → not-proved    a person says which job it is, or that it is none
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from dataclasses import dataclass

from playground.contract.launches import LaunchAccepted
from playground.contract.workflows import Workflow
from playground.models import Launch, LaunchState
from playground.payload.build.builder import Built
from playground.payload.drafts import LaunchDraft
from playground.payload.texts import shorten
from playground.preflight import checks
from playground.redaction import texts
from playground.services import permissions
from playground.services.launches import overrides, preflight, preview, recovery, stored_rows
from playground.services.launches.errors import LaunchedMeanwhile as LaunchedMeanwhile
from playground.services.launches.errors import TokenAlreadyUsed as TokenAlreadyUsed
from playground.services.launches.errors import UnableToLaunch as UnableToLaunch
from playground.services.launches.errors import WorkflowHasChanged as WorkflowHasChanged
from playground.services.launches.overrides import Override
from playground.services.launches.preflight import Check
from playground.services.launches.seen import NOTHING, Seen
from playground.services.ledger import history, payload_words
from playground.services.ledger import launches as launch_ledger
from playground.services.ledger.column_text import storable
from playground.services.ledger.send_once import Clock, Columns, Form, Ledger, Sent
from playground.services.permissions import Person
from playground.services.upstream_cache import invalidation
from playground.services.upstream_cache.invalidation import Event
from playground.upstream import connections, targets
from playground.upstream.errors import UpstreamError, UpstreamRefused

MOST_ATTEMPTS = 3

_LEDGER = Ledger(model=Launch, refused=LaunchState.REJECTED, token="launch_token")  # noqa: S106


def launch_workflow(
    user: Person,
    workflow: Workflow,
    draft: LaunchDraft,
    *,
    token: uuid.UUID,
    clock: Clock,
    override_reason: str = "",
    seen: Seen = NOTHING,
) -> Launch:
    """Send the draft's payload, once. Raises `UnableToLaunch` when nothing was sent for it.

    What preflight stops is not sent, unless the person gives a reason and may override it; nor is
    what differs from what was `seen`.
    The same token with the same payload gives the stored outcome; a launch that was provably
    never sent is tried again, at most `MOST_ATTEMPTS` times.
    """
    permissions.require(user, "launch", workflow.uid)
    order = Order(override_reason=override_reason, seen=seen)
    # What the form asked for when it came first, it asked of the workflow as it was then.
    form = _form(workflow, preview.build(*(seen.before or (workflow, draft))), clock)
    sent = _LEDGER.repeat(token, form)
    if sent is None:
        checked = check(user, workflow, draft, order, clock)
        form = _form(workflow, checked.built, clock)
        # The check takes its time, and sees what another submit of this form launches meanwhile.
        sent = _LEDGER.repeat(token, form)
    if sent is None:
        override = allow(user, workflow, checked, order)
        launch = _new_row(user, workflow, checked.built, token=token, now=clock())
        launch.relaunch_of = _at_hand(seen.relaunch_of)
        if override:
            override.put_into(launch)
        sent = _LEDGER.send_once(launch, _asking_once_more(form, workflow, checked, seen))
        stored_rows.mark_used(user, draft, clock())
    return _after(sent, workflow, clock)


def send_part(
    user: Person,
    workflow: Workflow,
    built: Built,
    *,
    token: uuid.UUID,
    clock: Clock,
    relaunch_of: int | None = None,
) -> Launch:
    """Send what was judged before as a part of something larger, once. The same token gives the
    stored outcome, or one more attempt at what never left."""
    form = _form(workflow, built, clock)
    sent = _LEDGER.repeat(token, form)
    if sent is None:
        launch = _new_row(user, workflow, built, token=token, now=clock())
        launch.relaunch_of = _at_hand(relaunch_of)
        sent = _LEDGER.send_once(launch, form)
    return _after(sent, workflow, clock)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What comes along with a draft that is to be sent: a reason to do so although preflight stops
    it, and what the page had shown. Lines of the codes `passes_over` stop nothing."""

    override_reason: str = ""
    seen: Seen = NOTHING
    passes_over: frozenset[str] = frozenset()


def check(
    user: Person, workflow: Workflow, draft: LaunchDraft, order: Order, clock: Clock
) -> Check:
    """What is known of a draft that is to be sent. Raises `WorkflowHasChanged`."""
    if order.seen.changes:
        raise WorkflowHasChanged
    found = preflight.check_launch(
        user, workflow, draft, now=clock(), patience=preflight.LAUNCH_PATIENCE
    )
    lines = tuple(one for one in found.preflight.lines if one.code not in order.passes_over)
    judged = dataclasses.replace(found.preflight, lines=lines)
    return dataclasses.replace(found, preflight=judged)


def allow(user: Person, workflow: Workflow, found: Check, order: Order) -> Override | None:
    """What is recorded of a launch that preflight stops. Raises `UnableToLaunch` for what is not to
    be sent, and for what the page could not know of."""
    override = overrides.find_override(user, workflow, found, order.override_reason)
    _refuse_double(workflow, found, order.seen)
    return override


def may_try_again(launch: Launch) -> bool:
    """Whether another submit of the same form is another attempt at this very launch."""
    return launch.is_unreachable and launch.attempts < MOST_ATTEMPTS


def _new_row(
    user: Person, workflow: Workflow, built: Built, *, token: uuid.UUID, now: dt.datetime
) -> Launch:
    job_name = built.value.get("job_name")
    return Launch(
        launch_token=token,
        user=permissions.as_user(user),
        workflow_uid=storable(workflow.uid),
        workflow_name=storable(workflow.name),
        # A blank name is none: the job runs, and its schedule ends, under the workflow's.
        job_name=storable(job_name) if isinstance(job_name, str) and job_name.strip() else "",
        payload=built.body,
        fingerprint=built.fingerprint,
        row_count=built.row_count,
        upstream=targets.name(),
        state=LaunchState.SENDING,
        attempts=1,
        created_at=now,
        sent_at=now,
        is_repeating=bool(built.value.get("repeat_option")),
    )


def _at_hand(pk: int | None) -> Launch | None:
    return launch_ledger.at_hand().filter(pk=pk).first() if pk else None


def _refuse_double(workflow: Workflow, check: Check, seen: Seen) -> None:
    """Raise `LaunchedMeanwhile` for what the page could not know of when it was drawn."""
    if seen.launches is None:
        return
    lines = checks.check_since(workflow, check.built, check.facts, number=seen.launches)
    if lines:
        other = launch_ledger.at_hand().filter(pk=check.facts.newest_launch).first()
        raise LaunchedMeanwhile(lines, check, other)


def _asking_once_more(
    form: Form[Launch], workflow: Workflow, check: Check, seen: Seen
) -> Form[Launch]:
    """The form that looks around again while it is recorded, where two cannot be at a time: of
    two tabs that launch at once, one is asked."""

    def record_more(launch: Launch) -> None:
        launch_ledger.one_at_a_time()
        others = history.find_launches(workflow, launch.created_at, but=launch.pk)
        facts = dataclasses.replace(check.facts, launches=others)
        _refuse_double(workflow, dataclasses.replace(check, facts=facts), seen)
        form.record_more(launch)

    return dataclasses.replace(form, record_more=record_more)


def _form(workflow: Workflow, built: Built, clock: Clock) -> Form[Launch]:
    def refuse_other(launch: Launch) -> None:
        if bytes(launch.payload) != built.body:
            raise TokenAlreadyUsed(launch)
        if launch.is_elsewhere or launch.workflow_uid != storable(workflow.uid):
            # Nothing was sent there, and what was sent elsewhere is not to be tried again here.
            raise TokenAlreadyUsed(launch, "to another place")

    def record_more(launch: Launch) -> None:
        launch_ledger.record_accounts(launch, built.value)
        payload_words.keep_of_small(launch)
        # Queued with the row: whatever becomes of this process, somebody looks after it.
        recovery.follow_lost(launch, launch.created_at)

    def call(launch: Launch) -> Columns:
        client = connections.connect()
        accepted = client.launch_workflow(launch.workflow_uid, bytes(launch.payload))
        return {**_accepted(accepted), "decided_at": clock()}

    def after_error(error: UpstreamError) -> Columns:
        return {**_not_accepted(error), "decided_at": clock()}

    def try_again(launch: Launch) -> Columns | None:
        if not may_try_again(launch):
            return None
        now = clock()
        recovery.follow_lost(launch, now)
        return {"attempts": launch.attempts + 1, "sent_at": now}

    return Form(
        refuse_other=refuse_other,
        call=call,
        after_error=after_error,
        after_conflict=_answered_with_another,
        record_more=record_more,
        try_again=try_again,
    )


def _answered_with_another(launch: Launch, outcome: Columns) -> Columns:
    """A job belongs to one launch: an upstream that gives it to two says nothing of the second."""
    owner = Launch.objects.filter(upstream=launch.upstream, job_uid=outcome["job_uid"]).first()
    return {
        "state": LaunchState.UNKNOWN,
        "sentence": f"The upstream answered with the job of launch {owner.pk if owner else ''}, so "
        "it is not known whether this one has a job of its own.",
        "decided_at": outcome["decided_at"],
    }


def _after(sent: Sent[Launch], workflow: Workflow, clock: Clock) -> Launch:
    """The launch, with whatever follows from what was sent of it now."""
    launch = sent.row
    if sent.is_repeat:
        return launch
    if not launch.is_unreachable:
        # What runs, what is left of the plan and of the accounts' limits has changed by it.
        invalidation.make_stale(
            Event.LAUNCH, workflow_uid=workflow.uid, integrations=workflow.integration_slugs
        )
    if launch.is_unknown:
        recovery.follow_later(launch, clock())
    return launch


def _accepted(accepted: LaunchAccepted) -> Columns:
    message = accepted.message if isinstance(accepted.message, str) else ""
    # Its own word for it: to some a job is "scheduled" that starts at once.
    said = shorten(texts.hide(message), 400)
    return {
        "state": LaunchState.LAUNCHED,
        "job_uid": storable(accepted.job_uid.strip()),
        "sentence": storable(f"The upstream took it, and says: “{said}”" if said else ""),
    }


def _not_accepted(error: UpstreamError) -> Columns:
    told: Columns = {"sentence": storable(error.sentence), "http_status": error.status}
    if isinstance(error, UpstreamRefused):
        return {**told, "retry_after": error.retry_after}
    return told
