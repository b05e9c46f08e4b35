"""One form as several launches of so many rows each, sent one after another by the worker.

sending → waiting   the plan is full, or it is not known yet whether a part arrived
        → stopped   a part was refused, or a person said so; it goes on when a person says that
stopped → expired   nobody did for long: the rows of its parts are kept no more
        → done      every part is launched
waiting → sending   when its time has come

A part is sent as every launch is: recorded before it is sent, by a token of its own. So whatever is
killed on the way is taken up behind the last part that has a launch, and none is sent twice.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
import uuid
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django_tasks import task

from playground.contract.workflows import Workflow
from playground.log_lines import event
from playground.models import Launch, LaunchGroup, LaunchGroupState, LaunchPart, LaunchState
from playground.payload.build.builder import Built
from playground.payload.drafts import LaunchDraft
from playground.row_sets import chunks
from playground.services import permissions
from playground.services.launches import part_payloads, parts, recovery, send, stored_rows
from playground.services.launches.errors import TokenAlreadyUsed, UnableToLaunch
from playground.services.launches.seen import NOTHING, Seen
from playground.services.launches.send import Order
from playground.services.ledger import launches as launch_ledger
from playground.services.ledger import leases
from playground.services.ledger.column_text import storable
from playground.services.ledger.send_once import Clock, SentElsewhere
from playground.services.permissions import Person
from playground.services.row_sets import store
from playground.upstream import targets

MOST_PARTS = 1_000
# Of those that are not done so many are listed.
MOST_OPEN = 20
# A call takes 20 s at most, and a worker says that it lives with every part.
LEASE = dt.timedelta(seconds=60)
# While the plan is full: the first waits, then twice as long each time. What the upstream asks for
# is taken, within bounds.
FIRST_WAIT, LONGEST_WAIT = dt.timedelta(seconds=30), dt.timedelta(minutes=10)
# While it is not known whether a part arrived.
LOOK_EVERY = dt.timedelta(seconds=15)
# Seconds that one group has the worker for itself.
TURN = 5.0
TOO_MANY = 429
# It is the payload, or its workflow, that is refused.
_REFUSED_BY_ITSELF = (400, 404, 409, 413, 422)
_PLAN_LIMIT = frozenset({"parallel-limit"})
_OVER = (LaunchGroupState.DONE, LaunchGroupState.EXPIRED)
_IN_A_MINUTE = (
    "whether it still is, or was cut off, is known a minute after it began. The others wait for it."
)
_EXPIRED = (
    "It stood still for {days} days, so the rows of the parts that were not launched are kept no "
    "more. Launch those that are still to be launched anew."
)
_EXPIRED_RELAUNCH = "It stood still for {days} days. Relaunch anew what was not launched."
_UNDER_WAY = (LaunchGroupState.SENDING, LaunchGroupState.WAITING)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a launch is to be cut: `rows` in each part, waiting while the plan is full, or not.
    `override_reason` is why, although preflight stops it."""

    rows: int
    waits_for_capacity: bool
    override_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pause:
    """Nothing more is sent now: until `at`, or until a person says so."""

    sentence: str = ""
    at: dt.datetime | None = None
    state: LaunchGroupState = LaunchGroupState.STOPPED


def split_launch(
    user: Person,
    workflow: Workflow,
    draft: LaunchDraft,
    plan: Plan,
    *,
    token: uuid.UUID,
    clock: Clock,
    seen: Seen = NOTHING,
) -> LaunchGroup:
    """Record the launches that the worker sends. Raises `UnableToLaunch` when none was recorded.

    The same token gives the group that it made before.
    """
    permissions.require(user, "launch", workflow.uid)
    earlier = LaunchGroup.objects.filter(launch_token=token).first()
    if earlier is not None:
        return earlier
    passed = _PLAN_LIMIT if plan.waits_for_capacity else frozenset()
    order = Order(override_reason=plan.override_reason, seen=seen, passes_over=passed)
    check = send.check(user, workflow, draft, order, clock)
    override = send.allow(user, workflow, check, order)
    _refuse_what_cannot_be_cut(check.built, plan)
    group = _new_group(user, workflow, check.built, token=token, now=clock())
    group.waits_for_capacity = plan.waits_for_capacity
    if override:
        override.put_into(group)
    try:
        with transaction.atomic():
            group.save(force_insert=True)
            LaunchPart.objects.bulk_create(_parts_of(group, check.built, plan.rows), batch_size=20)
            send_parts.enqueue(group.pk)
    except IntegrityError:
        made = LaunchGroup.objects.filter(launch_token=token).first()
        if made is None:
            raise
        return made
    stored_rows.mark_used(user, draft, clock())
    return group


def _new_group(
    user: Person, workflow: Workflow, built: Built, *, token: uuid.UUID, now: dt.datetime
) -> LaunchGroup:
    return LaunchGroup(
        launch_token=token,
        user=permissions.as_user(user),
        workflow=store.pack_workflow(workflow),
        workflow_uid=storable(workflow.uid),
        workflow_name=storable(workflow.name),
        name=storable(_name_of(workflow, built)),
        request=msgspec.json.encode({**built.value, "inputs": []}),
        fingerprint=built.fingerprint,
        upstream=targets.name(),
        row_count=built.row_count,
        state=LaunchGroupState.SENDING,
        created_at=now,
    )


def find(user: Person, pk: int) -> LaunchGroup | None:
    """None when there is no such group."""
    permissions.require(user, "see launches")
    return LaunchGroup.objects.select_related("user").filter(pk=pk).first() if pk < 2**63 else None


def list_open(user: Person) -> list[LaunchGroup]:
    """Groups that are under way or stopped, the newest first."""
    permissions.require(user, "see launches")
    found = LaunchGroup.objects.exclude(state__in=_OVER).select_related("user")
    return list(found.defer("workflow", "request")[:MOST_OPEN])


def part_of(launch: Launch) -> LaunchPart | None:
    """The part that the launch sent; None for a launch by itself."""
    found = LaunchPart.objects.filter(launch_token=launch.launch_token)
    return (
        found.select_related("group").defer("inputs", "group__request", "group__workflow").first()
    )


def parts_of(launches: Iterable[Launch]) -> dict[int, LaunchPart]:
    """The number of each launch that sent a part → that part, with its group."""
    tokens = {launch.launch_token: launch.pk for launch in launches}
    found = LaunchPart.objects.filter(launch_token__in=list(tokens)).select_related("group")
    found = found.defer("inputs", "group__request", "group__workflow")
    return {tokens[part.launch_token]: part for part in found}


def stop(user: Person, group: LaunchGroup) -> None:
    """No further part is sent. What was sent stays."""
    permissions.require(user, "launch", group.workflow_uid)
    sentence = f"Stopped by {permissions.as_user(user).get_username()}."
    _under_way(group.pk).update(
        state=LaunchGroupState.STOPPED,
        sentence=storable(sentence),
        next_at=None,
        lease=None,
        seen_alive_at=timezone.now(),
    )


def go_on(user: Person, group: LaunchGroup) -> None:
    """Send the parts that were not launched. What certainly made no job is sent anew."""
    permissions.require(user, "launch", group.workflow_uid)
    with targets.use(targets.named(group.upstream)):
        is_here = targets.is_here(group.upstream)
    if group.is_expired:
        raise UnableToLaunch(group.sentence)
    if not is_here:
        raise UnableToLaunch("These launches go to another upstream than the one of now.")
    with transaction.atomic():
        stopped = LaunchGroup.objects.filter(pk=group.pk, state=LaunchGroupState.STOPPED)
        if not stopped.update(state=LaunchGroupState.SENDING, sentence="", next_at=None):
            return
        for shown in parts.with_launches(group.parts.defer("inputs")):
            if shown.launch is not None and shown.launch.is_safe_to_launch_again:
                _with_new_token(shown.part)
        send_parts.enqueue(group.pk)


@task()
def send_parts(group_id: int) -> None:
    """Send what is to be sent of a group, unless another worker does. Takes up what was left."""
    lease, now = uuid.uuid4(), timezone.now()
    due = _under_way(group_id).filter(Q(next_at=None) | Q(next_at__lte=now))
    with leases.held(lease):
        if leases.take(due, lease, now, LEASE, state=LaunchGroupState.SENDING):
            _send_parts(group_id, lease)


def _send_parts(group_id: int, lease: uuid.UUID) -> None:
    now = timezone.now()
    # Whatever becomes of this worker, somebody looks after it.
    send_parts.using(run_after=now + LEASE + LOOK_EVERY).enqueue(group_id)
    group = LaunchGroup.objects.select_related("user").get(pk=group_id)
    # Also what was tried on the sandbox goes on there.
    with targets.use(targets.named(group.upstream)):
        pause = _send_some(group, lease)
    if pause is None:
        return
    logger.info(event("launch group", id=group_id, state=pause.state, sentence=pause.sentence))
    ours = _under_way(group_id).filter(lease=lease)
    is_ours = ours.update(
        state=pause.state, sentence=storable(pause.sentence), next_at=pause.at, lease=None
    )
    if is_ours and pause.at:
        send_parts.using(run_after=pause.at).enqueue(group_id)
    if pause.state == LaunchGroupState.DONE:
        # The launches have them.
        LaunchPart.objects.filter(group=group).update(inputs=b"")


def follow_all() -> None:
    """Take up every group that is under way. May run at any time."""
    found = LaunchGroup.objects.filter(state__in=_UNDER_WAY)
    for pk in found.values_list("pk", flat=True):
        send_parts.enqueue(pk)


def forget_old(now: dt.datetime) -> None:
    """The rows of what was stopped and not gone on with for long, as tables that nobody uses."""
    long_ago = now - dt.timedelta(days=settings.ROW_SET_DAYS)
    stopped = LaunchGroup.objects.filter(
        Q(seen_alive_at__lt=long_ago) | Q(seen_alive_at=None, created_at__lt=long_ago),
        state=LaunchGroupState.STOPPED,
    )
    for pk, is_relaunch in list(stopped.values_list("pk", "is_relaunch")):
        told = _EXPIRED_RELAUNCH if is_relaunch else _EXPIRED
        sentence = told.format(days=settings.ROW_SET_DAYS)
        with transaction.atomic():
            if stopped.filter(pk=pk).update(state=LaunchGroupState.EXPIRED, sentence=sentence):
                LaunchPart.objects.filter(group=pk).update(inputs=b"")


def _under_way(pk: int) -> Any:
    return LaunchGroup.objects.filter(pk=pk, state__in=_UNDER_WAY)


def _send_some(group: LaunchGroup, lease: uuid.UUID) -> _Pause | None:
    """Why no more is sent now; None when it is ours no more. Other work of the worker gets its
    turn after some seconds."""
    began = time.monotonic()
    if not targets.is_here(group.upstream):
        return _Pause(sentence="It goes to another upstream than the one of now.")
    count = group.parts.count()
    # Those that are over are passed over in the query: each turn would walk through them anew.
    of_part = Launch.objects.filter(launch_token=OuterRef("launch_token"))
    left = group.parts.exclude(Exists(of_part.filter(_over(group))))
    # One by one: an open query would keep the database as it was, and what SQLite is to write after
    # another process has written is then refused at once, as locked.
    for pk in left.order_by("number").values_list("pk", flat=True):
        part = LaunchPart.objects.get(pk=pk)
        if not _under_way(group.pk).filter(lease=lease).update(seen_alive_at=timezone.now()):
            return None
        launch = _launch_of(part)
        is_to_be_sent = launch is None or launch.is_unreachable
        if launch is None or is_to_be_sent:
            try:
                launch = _send(group, part, count)
            except (TokenAlreadyUsed, SentElsewhere) as error:
                return _Pause(sentence=f"Part {part.number} was not sent. {error.sentence}")
        pause = _pause_after(group, part, launch)
        if pause is not None:
            return pause
        if is_to_be_sent and time.monotonic() - began > TURN:
            return _Pause(at=timezone.now(), state=LaunchGroupState.SENDING)
    return _Pause(state=LaunchGroupState.DONE)


def _send(group: LaunchGroup, part: LaunchPart, count: int) -> Launch:
    workflow, built = part_payloads.payload_of(group, part, count)
    return send.send_part(
        group.user,
        workflow,
        built,
        token=part.launch_token,
        clock=timezone.now,
        relaunch_of=part.relaunch_of_id,
    )


def _over(group: LaunchGroup) -> Q:
    """What a part's launch is like when nothing more is to be sent of it."""
    is_launched = Q(state=LaunchState.LAUNCHED)
    # What is wrong with one launch says nothing of another; of a form each part has the same.
    is_refused = Q(state=LaunchState.REJECTED, http_status__in=_REFUSED_BY_ITSELF)
    return is_launched | is_refused if group.is_relaunch else is_launched


def _launch_of(part: LaunchPart) -> Launch | None:
    """As it is: of a process that died in the midst of its call nobody waits for an answer."""
    found = Launch.objects.filter(launch_token=part.launch_token).defer("payload")
    launch = found.first()
    if launch is not None and launch.is_sending:
        launch_ledger.give_up_lost_launches(timezone.now())
        launch.refresh_from_db()
        if launch.is_unknown:
            recovery.follow_later(launch, timezone.now())
    return launch


def _pause_after(group: LaunchGroup, part: LaunchPart, launch: Launch) -> _Pause | None:
    """What the outcome of a part means for those behind it; None: they may be sent."""
    now, which = timezone.now(), f"Part {part.number}"
    is_refused = launch.state == LaunchState.REJECTED
    is_by_itself = group.is_relaunch and launch.http_status in _REFUSED_BY_ITSELF
    if launch.is_launched or (is_refused and is_by_itself):
        return None
    if launch.is_sending or launch.is_unknown:
        sentence = f"It is not known yet whether {which.lower()} arrived. The others wait for it."
        if launch.is_sending:
            sentence = f"{which} is being sent from another machine: {_IN_A_MINUTE}"
        at = now + LOOK_EVERY
        return _Pause(sentence=sentence, at=at, state=LaunchGroupState.WAITING)
    if launch.is_not_proved:
        return _Pause(
            sentence=f"Whether {which.lower()} arrived has to be decided by a person: see launch "
            f"{launch.pk}, and let the others go on then."
        )
    is_full = is_refused and launch.http_status == TOO_MANY
    if is_full and group.waits_for_capacity:
        at = now + _wait_for(part, launch)
        _with_new_token(part, waits=part.waits + 1)
        sentence = f"The plan is full: {which.lower()} and those behind it wait."
        return _Pause(sentence=sentence, at=at, state=LaunchGroupState.WAITING)
    return _Pause(sentence=f"{which} was not launched. {launch.sentence}")


def _wait_for(part: LaunchPart, launch: Launch) -> dt.timedelta:
    asked = dt.timedelta(seconds=min(launch.retry_after or 0, LONGEST_WAIT.total_seconds()))
    usual: dt.timedelta = FIRST_WAIT * (1 << min(part.waits, 10))
    return min(max(asked, usual), LONGEST_WAIT)


def _with_new_token(part: LaunchPart, waits: int = 0) -> None:
    """Its launch made no job, and stays in the ledger as it is."""
    same = LaunchPart.objects.filter(pk=part.pk, launch_token=part.launch_token)
    same.update(launch_token=uuid.uuid4(), waits=waits)


def _refuse_what_cannot_be_cut(built: Built, plan: Plan) -> None:
    count = -(-built.row_count // plan.rows)
    if built.value.get("repeat_option"):
        raise UnableToLaunch("A launch that repeats is not split: each part would repeat.")
    if count > MOST_PARTS:
        raise UnableToLaunch(
            f"{plan.rows:,} rows each make {count:,} launches, and {MOST_PARTS:,} are the most. "
            "Take more rows for each."
        )


def _name_of(workflow: Workflow, built: Built) -> str:
    name = built.value.get("job_name")
    return name if isinstance(name, str) and name.strip() else workflow.name


def _parts_of(group: LaunchGroup, built: Built, rows: int) -> Iterator[LaunchPart]:
    first = 1
    for number, objects in enumerate(_in_pieces(built, rows), start=1):
        yield LaunchPart(
            group=group,
            number=number,
            first_row=first,
            rows=len(objects),
            inputs=zlib.compress(b",".join(objects), 1),
            launch_token=uuid.uuid4(),
        )
        first += len(objects)


def _in_pieces(built: Built, rows: int) -> Iterator[Sequence[bytes]]:
    """The inputs, byte by byte as they would be sent, `rows` of them at a time."""
    if not built.row_count:
        yield ()  # A workflow that takes no rows runs once.
    piece: list[bytes] = []
    for raw in _objects(built):
        piece.append(raw)
        if len(piece) == rows:
            yield piece
            piece = []
    if piece:
        yield piece


def _objects(built: Built) -> Iterator[bytes]:
    if built.stored is None:
        yield from (msgspec.json.encode(row) for row in built.value["inputs"])
        return
    for part in built.stored.parts():
        if part:
            yield from chunks.split_objects(part)
