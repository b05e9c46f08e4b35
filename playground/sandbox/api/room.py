"""What the sandbox keeps is bounded, and goes with age: nobody who has its key fills the disk.

What a job that runs, waits or repeats needs is never dropped. Of others the body goes, and with it
the job; where accounts have limits the record stays as long as it may matter to a later job.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from playground.sandbox.account_book import AccountBook
from playground.sandbox.jobs import parallel
from playground.sandbox.limits import eligibility
from playground.sandbox.limits.report import circumstances
from playground.sandbox.records import Change
from playground.sandbox.refusals import Refused
from playground.sandbox.storage.protocol import JobStore, Weight

MOST_LAUNCHES = 20_000
MOST_UNSETTLED = 5_000
MOST_BYTES = 512 * 1024 * 1024
MOST_CHANGES = 5_000
# A launch or a retry may be as large as the door lets in.
LARGEST_SMALL_BODY = 1024 * 1024
LARGEST_CHANGE = 32 * 1024
# Jobs are listed for two months. Where room is short, those that ended may go after an hour.
KEPT_FOR, KEPT_AT_LEAST = timedelta(days=61), timedelta(hours=1)
RECORDS_KEPT_FOR = timedelta(days=400)
# So much is made room for at once, so that it is not made for each launch anew.
_SHARE = 10
_RETRY_AFTER = {"Retry-After": "3600"}


def prune(store: JobStore, now: datetime) -> None:
    """Drops what is too old to be listed. May run at any time, and as often as one likes."""
    with store.exclusive():
        settle(store, now)
        store.drop(now - KEPT_FOR, eligibility.LIMITED_WORKFLOWS)
        store.forget(now - RECORDS_KEPT_FOR)


def settle(store: JobStore, now: datetime, book: AccountBook | None = None) -> int:
    """Marks the launches that are over, so that they are not looked at again; how many inputs of
    others run or wait."""
    unsettled = store.list_unsettled()
    workflow_uids = {launch.workflow_uid for launch in unsettled}
    book = book or AccountBook(store.list_changes())
    around = circumstances(store, workflow_uids, now, book)
    found = parallel.look_at(unsettled, now, around)
    store.settle(found.over)
    return found.inputs


def make_room(store: JobStore, now: datetime, size: int, *, launches: int = 1) -> None:
    """Before so many bytes are added: drops what ended where room is short. Hold the store.

    Refuses when what cannot be dropped leaves none.
    """
    weight = store.weigh()
    if launches and weight.unsettled >= MOST_UNSETTLED:
        raise Refused(
            429,
            f"The sandbox keeps at most {MOST_UNSETTLED:,} launches that run, wait or repeat: stop "
            "some, or remove their schedules.",
            _RETRY_AFTER,
        )
    if _has_room(weight, size, launches):
        return
    prune(store, now)
    share = max(size, MOST_BYTES // _SHARE)
    count = MOST_LAUNCHES // _SHARE
    store.drop(now - KEPT_AT_LEAST, eligibility.LIMITED_WORKFLOWS, size=share, count=count)
    if not _has_room(store.weigh(), size, launches):
        raise Refused(
            429,
            f"The sandbox is full: it keeps at most {MOST_LAUNCHES:,} launches and "
            f"{MOST_BYTES // 2**20} MiB of them, and drops jobs an hour after they ended. Try "
            "again later, with fewer rows.",
            _RETRY_AFTER,
        )


def keep_change(store: JobStore, book: AccountBook, change: Change) -> None:
    """Refuses one that is too large, or one more than there may be."""
    if len(msgspec.json.encode(change)) > LARGEST_CHANGE:
        most = f"{LARGEST_CHANGE // 1024} KiB"
        raise Refused(413, f"A user or an account takes at most {most}: shorten its texts.")
    if len(book.changes) >= MOST_CHANGES:
        raise Refused(
            429,
            f"The sandbox keeps at most {MOST_CHANGES:,} changes of users and accounts, each for "
            "over a year.",
            _RETRY_AFTER,
        )
    store.add_change(change)


def check_small_body(body: bytes) -> None:
    if len(body) > LARGEST_SMALL_BODY:
        limit = LARGEST_SMALL_BODY // 2**20
        raise Refused(413, f"The body is larger than {limit} MiB, which only a launch may be.")


def _has_room(weight: Weight, size: int, launches: int) -> bool:
    return weight.size + size <= MOST_BYTES and weight.launches + launches <= MOST_LAUNCHES
