"""Launching: at most once, recorded before it is sent, honest about what is not known.

sending → launched      the upstream gave a job UID
        → rejected      a definite refusal: no job was made
        → unreachable   provably never sent
        → unknown       anything else, or the process died while sending
unknown → launched      found in the upstream's job list (`services.searches`)
        → not-found     looked for long enough; a person may launch again
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import F

from playground.contract import wire
from playground.contract.launches import LaunchAccepted
from playground.contract.workflows import Workflow
from playground.models import Launch, LaunchState
from playground.payload.build.builder import Built
from playground.payload.drafts import LaunchDraft
from playground.payload.edit.reading import UnableToReadPayload, read_payload
from playground.services import permissions, tasks
from playground.services.launches import facts, overrides, preflight, preview
from playground.services.launches.errors import TokenAlreadyUsed as TokenAlreadyUsed
from playground.services.launches.errors import UnableToLaunch as UnableToLaunch
from playground.services.launches.overrides import Override
from playground.services.ledger import launches as launch_ledger
from playground.services.ledger.column_text import storable
from playground.services.permissions import Person
from playground.upstream import connections, targets
from playground.upstream.errors import (
    UpstreamError,
    UpstreamNeverReached,
    UpstreamRefused,
)

MOST_ATTEMPTS = 3
# Half of the fields that a form may post (`DATA_UPLOAD_MAX_NUMBER_FIELDS`): a field may have a
# second one that says how it is meant.
MOST_CELLS = 5_000
Clock = Callable[[], dt.datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchOutcome:
    """A launch after an attempt. `is_repeat`: the form was sent before, nothing went out now."""

    launch: Launch
    is_repeat: bool = False


def launch_workflow(
    user: Person,
    workflow: Workflow,
    draft: LaunchDraft,
    *,
    token: uuid.UUID,
    clock: Clock,
    relaunch_of: int | None = None,
    override_reason: str = "",
) -> LaunchOutcome:
    """Send the draft's payload, once. Raises `UnableToLaunch` when nothing was sent for it.

    What preflight stops is not sent, unless the person gives a reason and may override it.
    The same token with the same payload gives the stored outcome; a launch that was provably
    never sent is tried again, at most `MOST_ATTEMPTS` times.
    """
    permissions.require(user, "launch", workflow.uid)
    built = preview.build(workflow, draft)
    earlier = _launch_of(token)
    if earlier:
        return _repeat(earlier, workflow, built, clock)
    check = preflight.check_launch(
        user, workflow, draft, now=clock(), patience=preflight.LAUNCH_PATIENCE
    )
    # The check takes its time, and sees what another submit of this form launches meanwhile.
    earlier = _launch_of(token)
    if earlier:
        return _repeat(earlier, workflow, check.built, clock)
    override = overrides.find_override(user, workflow, check, override_reason)
    launch = _record(
        user,
        workflow,
        check.built,
        token=token,
        now=clock(),
        relaunch_of=relaunch_of,
        override=override,
    )
    if launch is None:
        return _repeat(Launch.objects.get(launch_token=token), workflow, built, clock)
    _send(launch, workflow, clock)
    return LaunchOutcome(launch=launch)


def _launch_of(token: uuid.UUID) -> Launch | None:
    return Launch.objects.filter(launch_token=token).first()


def may_try_again(launch: Launch) -> bool:
    """Whether another submit of the same form is another attempt at this very launch."""
    return launch.state == LaunchState.UNREACHABLE and launch.attempts < MOST_ATTEMPTS


def read_draft(workflow: Workflow, payload: bytes) -> LaunchDraft:
    """A recorded or pasted payload → a draft. Raises `UnableToReadPayload` with a sentence.

    A page carries its rows as fields, so what is too much for one form is refused here.
    """
    try:
        value = wire.parse_json(payload)
    except wire.WireError as error:
        raise UnableToReadPayload(error.path, f"This is {error.problem}.") from error
    draft = read_payload(workflow, value)
    keys = set(workflow.inputs).union(*(row.entries for row in draft.rows))
    if len(draft.rows) * len(keys) > MOST_CELLS:
        raise UnableToReadPayload(
            "$.inputs",
            f"{len(draft.rows):,} rows of {len(keys)} keys are more than this page can show "
            f"({MOST_CELLS:,} values). Split the rows over several launches, or send the payload "
            "with cURL.",
        )
    return draft


def _record(
    user: Person,
    workflow: Workflow,
    built: Built,
    *,
    token: uuid.UUID,
    now: dt.datetime,
    relaunch_of: int | None,
    override: Override | None,
) -> Launch | None:
    """The row in state `sending`, committed; None when the token was taken in the meantime."""
    job_name = built.value.get("job_name")
    try:
        with transaction.atomic(durable=True):
            launch = Launch.objects.create(
                launch_token=token,
                user=_as_user(user),
                workflow_uid=storable(workflow.uid),
                workflow_name=storable(workflow.name),
                job_name=storable(job_name) if isinstance(job_name, str) else "",
                payload=built.body,
                fingerprint=built.fingerprint,
                row_count=built.row_count,
                upstream=targets.name(),
                state=LaunchState.SENDING,
                attempts=1,
                created_at=now,
                sent_at=now,
                relaunch_of=_at_hand(relaunch_of),
                is_repeating=bool(built.value.get("repeat_option")),
                override_reason=storable(override.reason) if override else "",
                overridden=storable(override.sentences) if override else "",
            )
            launch_ledger.record_accounts(launch, built.value)
            # Queued with the row: whatever becomes of this process, somebody looks after it.
            tasks.follow_launch.using(run_after=now + launch_ledger.LEASE).enqueue(launch.pk)
    except IntegrityError:
        return None
    return launch


def _at_hand(pk: int | None) -> Launch | None:
    return launch_ledger.at_hand().filter(pk=pk).first() if pk else None


def _as_user(person: Person) -> User:
    # Only Django's own users get this far: `permissions.require` refuses everybody else.
    return cast(User, person)


def _repeat(launch: Launch, workflow: Workflow, built: Built, clock: Clock) -> LaunchOutcome:
    """What a second submit of the same form gets: the first one's outcome, or another attempt."""
    if bytes(launch.payload) != built.body:
        raise TokenAlreadyUsed(launch)
    if (launch.upstream, launch.workflow_uid) != (targets.name(), storable(workflow.uid)):
        # Nothing was sent there, and what was sent elsewhere is not to be tried again here.
        raise TokenAlreadyUsed(launch, "to another place")
    if may_try_again(launch):
        is_ours = Launch.objects.filter(
            pk=launch.pk, state=LaunchState.UNREACHABLE, attempts=launch.attempts
        ).update(state=LaunchState.SENDING, attempts=F("attempts") + 1, sent_at=clock())
        launch.refresh_from_db()
        if is_ours:
            _send(launch, workflow, clock)
            return LaunchOutcome(launch=launch)
    return LaunchOutcome(launch=launch, is_repeat=True)


def _send(launch: Launch, workflow: Workflow, clock: Clock) -> None:
    """The one call. Outside any transaction; its outcome is written where it is still awaited."""
    client = connections.connect()
    changes: dict[str, object]
    try:
        accepted = client.launch_workflow(launch.workflow_uid, bytes(launch.payload))
    except UpstreamNeverReached as error:
        changes = _outcome(LaunchState.UNREACHABLE, error)
    except UpstreamRefused as error:
        changes = _outcome(LaunchState.REJECTED, error) | {"retry_after": error.retry_after}
    except UpstreamError as error:
        changes = _outcome(LaunchState.UNKNOWN, error)
    else:
        changes = _accepted(accepted)
    changes["decided_at"] = clock()
    Launch.objects.filter(pk=launch.pk, state=LaunchState.SENDING).update(**changes)
    launch.refresh_from_db()
    if launch.state != LaunchState.UNREACHABLE:
        # What runs, what is left of the plan and of the accounts' limits has changed by it.
        facts.outdate(workflow)
    if launch.is_unknown:
        tasks.follow_later(launch, clock())


def _outcome(state: LaunchState, error: UpstreamError) -> dict[str, object]:
    return {"state": state, "sentence": storable(error.sentence), "http_status": error.status}


def _accepted(accepted: LaunchAccepted) -> dict[str, object]:
    message = accepted.message if isinstance(accepted.message, str) else ""
    return {
        "state": LaunchState.LAUNCHED,
        "job_uid": storable(accepted.job_uid),
        "sentence": storable(message, 500),
    }
