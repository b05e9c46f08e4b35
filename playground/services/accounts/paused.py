"""Jobs that wait for an account: how many an update would resume, and how many it did."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial

from playground.contract.jobs import Job
from playground.credentials import builder
from playground.credentials.drafts import AccountDraft
from playground.payload.words import counted
from playground.services import permissions
from playground.services.jobs import using
from playground.services.jobs.using import JobsFound
from playground.services.ledger import launches as launch_ledger
from playground.services.permissions import Person
from playground.services.upstream_cache.calls import ask
from playground.services.upstream_cache.parallel import gather
from playground.services.workflows import lookup as workflow_lookup
from playground.services.workflows import usage as workflow_usage

# Jobs of which a page tells by name, and that are looked at after the update.
MOST_TOLD = 20
# Seconds that the form waits for the workflows, for what they use, and then for their jobs.
PATIENCE = 1.0


def find_paused(
    person: Person, integration: str, account_uid: str, *, now: dt.datetime
) -> JobsFound:
    """Paused jobs that name the account, as far as that can be known in time. Never raises."""
    permissions.require(person, "change account", integration)
    schedules = launch_ledger.list_unended_of([account_uid])[: using.MOST_NAMED]
    lists = gather({"workflows": workflow_lookup.list_workflows}, seconds=PATIENCE)
    listed = lists.answers.get("workflows", ())
    uses = workflow_usage.find_uses(listed, seconds=PATIENCE)
    found = using.find_jobs([account_uid], uses.of(integration), schedules, now, seconds=PATIENCE)
    is_whole = "workflows" in lists.answers and not uses.missing
    unknown = found.unknown if is_whole else (*found.unknown, "Jobs of other workflows.")
    paused = tuple(one for one in found.jobs if one.job.is_paused)
    return JobsFound(paused, found.asked, unknown)


def tell_resumed(person: Person, draft: AccountDraft, job_uids: Sequence[str]) -> str:
    """What became of jobs that were paused before the update, as a sentence; empty when it was not
    to resume any. Never raises."""
    uids = [uid for uid in dict.fromkeys(job_uids) if permissions.can(person, "see jobs", uid)]
    is_asked = builder.build_save(draft).request.resume_paused_jobs is True
    if not uids or not draft.is_update or not is_asked:
        return ""
    questions = {uid: partial(_look_at, uid) for uid in uids[:MOST_TOLD]}
    jobs = gather(questions, seconds=using.PATIENCE).answers.values()
    count = sum(not job.is_paused for job in jobs)
    told = counted(len(questions), "paused job")
    go = "goes" if count == 1 else "go"
    if count == len(questions):
        return f"{told} of it {go} on now."
    if not count:
        return f"Of {told} of it none goes on yet: look at them in a moment."
    return f"Of {told} of it {count} {go} on now: look at the others in a moment."


def _look_at(job_uid: str) -> Job:
    return ask(lambda client: client.get_job(job_uid))
