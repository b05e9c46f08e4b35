"""The launch ledger's rows: looking them up, and giving up those whose process is lost."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import operator
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, overload

from django.contrib.auth import get_user_model
from django.core.paginator import Page, Paginator
from django.db import connection, models
from django.db.models import Q, QuerySet
from django.db.models.functions import Length

from playground.contract import jobs, wire
from playground.contract.folding import clean_uid, fold, search_words, spellings
from playground.models import UNENDED, Launch, LaunchAccount, LaunchState
from playground.payload.fingerprints import find_fingerprint
from playground.services import permissions
from playground.services.ledger import payload_words, send_once
from playground.services.ledger.column_text import indexable, storable
from playground.services.permissions import Person

PAGE_SIZE = 50
# Launches that are paged through and counted.
MOST_PAGED = 5_000
# So many that fit are in order sooner than they are found in it.
_FEW = 500
# So many characters of a UID are as good as all.
_LEAST_OF_A_UID = 6
# What comes behind everything that begins the same.
_LAST = "\U0010ffff"
# Jobs that are looked for among those of an account, or of all of a user.
MOST_JOBS = 500
# The number of PostgreSQL's lock around recording a launch; any that nobody else here uses.
_LAUNCHING = 0x1A0_7C4
_NEVER_ARRIVED = (LaunchState.REJECTED, LaunchState.UNREACHABLE, LaunchState.NOT_FOUND)
_LOST = (
    "The playground stopped while this was being sent, so it may or may not have arrived. "
    "It is being looked for in the upstream's list of jobs."
)


class UnableToFindLaunch(Exception):
    """There is no such launch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchFilter:
    """What the list of launches is narrowed to; empty means everything. `since` and `until` are
    days of UTC, both within."""

    text: str = ""
    state: str = ""
    workflow_uid: str = ""
    account_uid: str = ""
    person: str = ""
    outcome: str = ""
    since: dt.date | None = None
    until: dt.date | None = None

    @property
    def narrows(self) -> bool:
        """Whether it leaves anything out."""
        return dataclasses.replace(self, text=self.text.strip()) != LaunchFilter()


class Outcome(models.TextChoices):
    """What became of the jobs of launches, as it was seen last."""

    SUCCEEDED = "succeeded", "Succeeded"
    FAILED = "failed", "Failed"
    STOPPED = "stopped", "Stopped"
    PAUSED = "paused", "Paused"
    UNDER_WAY = "under-way", "Under way"
    NOT_SEEN = "not-seen", "Not seen yet"


_STATUSES = {
    Outcome.SUCCEEDED: tuple(sorted(jobs.SUCCESS)),
    Outcome.FAILED: (jobs.WARNING, jobs.SHUTDOWN),
    Outcome.STOPPED: (jobs.STOPPED,),
    Outcome.PAUSED: (jobs.PAUSED,),
    Outcome.UNDER_WAY: (jobs.PENDING, jobs.RUNNING),
    Outcome.NOT_SEEN: ("",),
}


class BoundedPaginator(Paginator[Launch]):
    """Counts no further than is paged through: older launches are found by their dates."""

    @functools.cached_property
    def count(self) -> int:
        return min(self._counted, MOST_PAGED)

    @property
    def is_cut(self) -> bool:
        """Whether there are more."""
        return self._counted > MOST_PAGED

    @functools.cached_property
    def _counted(self) -> int:
        if isinstance(self.object_list, _Found):
            return len(self.object_list)
        found: QuerySet[Launch] = self.object_list  # type: ignore[assignment]
        # In no order: to put many in one takes longer than to count them.
        return found.order_by().values("pk")[: MOST_PAGED + 1].count()


class _Found(Sequence[Launch]):
    """Launches that are found by looking through all: once for their count and for each page."""

    def __init__(self, launches: QuerySet[Launch]) -> None:
        self._launches = launches
        self._pks = _newest(launches)

    def __len__(self) -> int:
        return len(self._pks)

    @overload
    def __getitem__(self, at: int) -> Launch: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Launch]: ...

    def __getitem__(self, at: int | slice) -> Launch | Sequence[Launch]:
        if isinstance(at, int):
            return self[at : at + 1][0]
        return list(_as_listed(Launch.objects.filter(pk__in=self._pks[at])))


def _newest(launches: QuerySet[Launch]) -> Sequence[int]:
    """Their numbers in order, one more than are paged through. PostgreSQL reads a table faster than
    along an index: where few fit, all are had like that, and put in order here."""
    if connection.vendor == "postgresql":
        found = list(launches.order_by().values_list("created_at", "pk")[:_FEW])
        if len(found) < _FEW:
            return [pk for _, pk in sorted(found, reverse=True)]
    return list(launches.values_list("pk", flat=True)[: MOST_PAGED + 1])


def list_launches(
    user: Person, wanted: LaunchFilter, *, page: int, now: dt.datetime
) -> Page[Launch]:
    """The team's launches, newest first. A page past the end is the last one."""
    permissions.require(user, "see launches")
    found = narrowed(wanted, now)
    # Words are in no index, so there is one look for both: how many there are, and which.
    listed = _Found(found) if wanted.text else _as_listed(found)
    shown = BoundedPaginator(listed, PAGE_SIZE).get_page(page)
    for launch in shown:
        _show_as_lost(launch, now)
    return shown


def _as_listed(launches: QuerySet[Launch]) -> QuerySet[Launch]:
    return launches.select_related("user").defer("payload")


def narrowed(wanted: LaunchFilter, now: dt.datetime) -> QuerySet[Launch]:
    """The launches that fit, newest first."""
    found = _listed()
    if wanted.state:
        found = found.filter(_is_in_state(wanted.state, now))
    if wanted.workflow_uid:
        found = found.filter(workflow_uid=storable(wanted.workflow_uid))
    if wanted.account_uid:
        found = found.filter(accounts_used__account_uid=indexable(wanted.account_uid))
    if wanted.person:
        found = found.filter(user__username=wanted.person)
    if wanted.outcome in _STATUSES:
        found = found.filter(job_status__in=_STATUSES[Outcome(wanted.outcome)])
        if wanted.outcome == Outcome.NOT_SEEN:
            found = found.filter(state=LaunchState.LAUNCHED)
    if wanted.since:
        found = found.filter(created_at__gte=start_of(wanted.since))
    if wanted.until:
        found = found.filter(created_at__lt=start_of(wanted.until + dt.timedelta(days=1)))
    words = search_words(wanted.text)
    if words:
        uid = indexable(clean_uid(wanted.text))
        is_found = _has_words(words) | _is_named(" ".join(words))
        fingerprint = find_fingerprint(wanted.text)
        if fingerprint:
            is_found |= _is_one_of(Q(fingerprint=fingerprint))
        found = found.filter(is_found | _is_of(uid) if uid else is_found)
    return found


def list_matching(
    user: Person, wanted: LaunchFilter, *, most: int, now: dt.datetime
) -> list[Launch]:
    """The newest launches that fit, at most so many; each with the bytes of its payload, as `size`,
    in place of that."""
    permissions.require(user, "see launches")
    return _sized(narrowed(wanted, now)[:most], now)


def list_numbered(user: Person, pks: Iterable[int], now: dt.datetime) -> list[Launch]:
    """The same of launches by their numbers, as far as there are any."""
    permissions.require(user, "see launches")
    return _sized(_listed().filter(pk__in=list(pks)), now)


def _sized(launches: QuerySet[Launch], now: dt.datetime) -> list[Launch]:
    found: list[Launch] = [*_as_listed(launches).annotate(size=Length("payload"))]
    for launch in found:
        _show_as_lost(launch, now)
    return found


def start_of(day: dt.date) -> dt.datetime:
    """The first moment of a day of UTC."""
    return dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)


def list_recent(user: Person, workflow_uid: str, *, most: int, now: dt.datetime) -> list[Launch]:
    """The last launches of a workflow at the server at hand, newest first."""
    permissions.require(user, "see launches")
    found = at_hand().filter(workflow_uid=storable(workflow_uid))
    shown = list(found.select_related("user").defer("payload")[:most])
    for launch in shown:
        _show_as_lost(launch, now)
    return shown


def get_launch(user: Person, pk: int, *, now: dt.datetime) -> Launch:
    """One launch. Raises `UnableToFindLaunch`."""
    permissions.require(user, "see launches")
    # Databases hold 64 bits; a longer number in an address is simply nobody's.
    launch = _listed().select_related("user").filter(pk=pk).first() if pk < 2**63 else None
    if launch is None:
        raise UnableToFindLaunch(f"There is no launch {pk}.")
    _show_as_lost(launch, now)
    return launch


def find_before(launch: Launch) -> int | None:
    """The number of the launch of its workflow that was made before it, if there is one."""
    earlier = _listed().filter(workflow_uid=launch.workflow_uid, created_at__lte=launch.created_at)
    return earlier.exclude(pk__gte=launch.pk).values_list("pk", flat=True).first()


def find_launch_of_job(job_uid: str) -> Launch | None:
    """The launch that made the job, if it was made here."""
    if not job_uid or "\x00" in job_uid:
        return None
    # Whoever watches a job asks every few seconds, and its payload may be large.
    found = at_hand().filter(job_uid=job_uid).select_related("user")
    return found.defer("payload").first()


def find_launches_of_jobs(job_uids: Iterable[str]) -> dict[str, Launch]:
    """Job UID → the launch that made it, of those that were made here."""
    uids = [uid for uid in job_uids if uid and "\x00" not in uid]
    found = at_hand().filter(job_uid__in=uids).select_related("user").defer("payload")
    return {launch.job_uid: launch for launch in found}


def find_schedule_of(job_name: str, workflow_uid: str, at: dt.datetime) -> Launch | None:
    """The newest launch of that name that set up a schedule before then, which had not ended."""
    found = named(at_hand(), job_name).filter(is_repeating=True, created_at__lte=at)
    found = found.filter(workflow_uid=storable(workflow_uid))
    found = found.filter(Q(schedule_ended_at=None) | Q(schedule_ended_at__gte=at))
    return found.exclude(state__in=_NEVER_ARRIVED).select_related("user").defer("payload").first()


@functools.lru_cache(maxsize=64)
def sent_parameters(pk: int, fingerprint: str) -> Mapping[str, Mapping[str, Any]]:
    """Step UID → the parameters that a launch's payload has for it."""
    stored = Launch.objects.filter(pk=pk, fingerprint=fingerprint).values_list("payload").first()
    payload = wire.parse_json(bytes(stored[0])) if stored else {}
    steps = payload.get("steps")
    return {
        step["step_uid"]: step["parameters"]
        for step in (steps if isinstance(steps, list) else ())
        if isinstance(step, dict)
        and isinstance(step.get("step_uid"), str)
        and isinstance(step.get("parameters"), dict)
    }


def require_here(job_uid: str) -> None:
    """Raises `SentElsewhere` for a job of a launch that was sent to another upstream."""
    if not job_uid or "\x00" in job_uid or find_launch_of_job(job_uid):
        return
    elsewhere = _listed().filter(job_uid=job_uid).defer("payload").first()
    if elsewhere is not None:
        raise send_once.SentElsewhere(elsewhere)


def give_up_lost_launches(now: dt.datetime) -> int:
    """Launches whose process died while sending become *unknown*. Returns how many."""
    return _lost(now).update(state=LaunchState.UNKNOWN, decided_at=now, sentence=_LOST)


def record_accounts(launch: Launch, payload: Mapping[str, Any]) -> None:
    """The accounts that the payload names, so that an account can be asked for its launches."""
    uids = dict.fromkeys(_account_uids(payload))
    LaunchAccount.objects.bulk_create(LaunchAccount(launch=launch, account_uid=uid) for uid in uids)


def one_at_a_time() -> None:
    """Until its transaction ends, nobody else's comes past here. SQLite lets one write anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LAUNCHING])


def end_schedules(job_name: str, now: dt.datetime) -> None:
    """Mark the schedules of that name as removed, as the upstream has just done."""
    named(at_hand(), job_name).filter(UNENDED).update(schedule_ended_at=now)


def list_unended(job_name: str) -> QuerySet[Launch]:
    """Launches whose schedules of that name nobody removed from here, newest first."""
    return named(at_hand(), job_name).filter(UNENDED).select_related("user").defer("payload")


def list_repeating() -> QuerySet[Launch]:
    """All launches whose schedules nobody removed from here, and that may have arrived; newest
    first."""
    found = at_hand().filter(UNENDED).exclude(state__in=_NEVER_ARRIVED)
    return found.select_related("user").defer("payload")


def list_unended_of(account_uids: Iterable[str]) -> QuerySet[Launch]:
    """Repeating launches that name one of the accounts, and that nobody ended from here; newest
    first."""
    found = _naming(account_uids).filter(UNENDED)
    return found.select_related("user").defer("payload")


def find_jobs_of(account_uids: Iterable[str], since: dt.datetime) -> dict[str, str]:
    """Job UID → workflow UID, of launches since then that name one of the accounts, newest first.

    A job that is not known yet is as good as none.
    """
    found = _naming(account_uids).filter(created_at__gte=since).exclude(job_uid="")
    return dict(found.values_list("job_uid", "workflow_uid")[:MOST_JOBS])


def _naming(account_uids: Iterable[str]) -> QuerySet[Launch]:
    uids = [indexable(uid) for uid in account_uids]
    named_in = LaunchAccount.objects.filter(account_uid__in=uids).values("launch")
    return at_hand().filter(pk__in=named_in).exclude(state__in=_NEVER_ARRIVED)


def named(launches: QuerySet[Launch], job_name: str) -> QuerySet[Launch]:
    """Those whose jobs run under this name: a launch without one has its workflow's."""
    stored = storable(job_name)
    return launches.filter(Q(job_name=stored) | Q(job_name="", workflow_name=stored))


def at_hand() -> QuerySet[Launch]:
    """The launches that were sent to the server at hand: what it can be asked about."""
    return Launch.objects.filter(send_once.sent_here())


def _listed() -> QuerySet[Launch]:
    return Launch.objects.filter(send_once.shown_here())


def _account_uids(payload: Mapping[str, Any]) -> Iterator[str]:
    for step in payload["steps"]:
        named = step.get("accounts") if isinstance(step, dict) else None
        for uid in named if isinstance(named, list) else ():
            if isinstance(uid, str):
                yield indexable(uid)


def _has_words(words: Sequence[str]) -> Q:
    """In a name, or where a word of the payload begins. Databases disagree on which letters are
    the same: both sides are folded before."""
    return functools.reduce(operator.and_, map(_has_word, words))


def _has_word(word: str) -> Q:
    spelled = (Q(searched__contains=one) for one in spellings(word))
    return functools.reduce(operator.or_, (*spelled, payload_words.has(word)))


def _is_of(uid: str) -> Q:
    """By the UID of its job, or how that begins, of its workflow or of an account of it."""
    of_job = Q(job_uid=uid)
    if len(uid) >= _LEAST_OF_A_UID:
        # A database may tell capitals apart, and a UID is written without them.
        of_job = _begins("job_uid", uid) | _begins("job_uid", uid.lower())
    with_account = LaunchAccount.objects.filter(account_uid=uid).values("launch")
    return Q(workflow_uid=uid) | _is_one_of(of_job) | Q(pk__in=with_account)


def _is_named(text: str) -> Q:
    """By the beginning of a fingerprint, or by the person."""
    people = get_user_model().objects.values_list("pk", "username")
    of_person = Q(user__in=[pk for pk, name in people if fold(name) == text])
    return of_person | _is_one_of(_begins("fingerprint", text))


def _begins(field: str, text: str) -> Q:
    """In the words by which each database looks up a beginning in the field's index."""
    if connection.vendor == "postgresql":
        return Q(**{f"{field}__startswith": text})
    return Q(**{f"{field}__gte": text, f"{field}__lt": text + _LAST})


def _is_one_of(looked_up: Q) -> Q:
    """What is looked up in an index before the rest is looked through."""
    return Q(pk__in=Launch.objects.filter(looked_up).order_by().values("pk"))


def _lost(now: dt.datetime) -> QuerySet[Launch]:
    return send_once.lost(Launch.objects.all(), now, since="sent_at", token="launch_token")  # noqa: S106


def _is_in_state(state: str, now: dt.datetime) -> Q:
    """Lost launches count as what they are about to become."""
    if state == LaunchState.UNKNOWN:
        return Q(state=state) | Q(pk__in=_lost(now).values("pk"))
    if state == LaunchState.SENDING:
        return Q(state=state) & ~Q(pk__in=_lost(now).values("pk"))
    return Q(state=state)


def _show_as_lost(launch: Launch, now: dt.datetime) -> None:
    """What `give_up_lost_launches` will write, in this object only: looking changes nothing."""
    if not launch.sent_at or not launch.is_sending:
        return
    if send_once.is_lost(launch.sent_at, now, launch.launch_token):
        launch.state, launch.sentence = LaunchState.UNKNOWN, _LOST
        launch.decided_at = min(now, launch.sent_at + send_once.LEASE)
