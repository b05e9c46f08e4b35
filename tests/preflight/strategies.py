"""Facts as absurd as an upstream, a clock or a colleague can make them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from playground.contract.accounts import Account, Limit, Workspace
from playground.contract.jobs import CANCELLABLE, FINAL, Job
from playground.contract.wire import UNSET
from playground.contract.workflows import Workflow
from playground.payload.build.builder import Built, KnownAccounts, build_launch_request
from playground.payload.build.repeats import key_names, row_digest
from playground.payload.drafts import LaunchDraft
from playground.preflight.facts import Facts, PastLaunch
from tests.payload.strategies import drafts, fair_drafts, nasty_text, workflows

STEPS, SLUGS, TEMPLATES = ("s1", "s2", "s3"), ("linkedin", "hubspot"), ("t1", "t2")
moments = st.datetimes(timezones=st.just(dt.UTC)) | st.datetimes(
    dt.datetime.fromisoformat("2025-02-28"),
    dt.datetime.fromisoformat("2025-03-02"),
    timezones=st.just(dt.UTC),
)
times = st.one_of(
    st.sampled_from((UNSET, None, "", "soon", "2025-03-01", "2025-02-30T00:00:00")),
    st.sampled_from(("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59")),
    moments.map(lambda at: at.replace(tzinfo=None).isoformat()),
    nasty_text,
)
counts = st.one_of(
    st.sampled_from((UNSET, None, 0, 1, 25, 80, -1, 2**63, -(2**63), 10**400, -(10**400), True)),
    st.integers(0, 200),
)
texts = st.sampled_from((UNSET, None, "Classic", "profile visits")) | nasty_text
limits = st.builds(
    Limit,
    permalink=texts,
    level=st.sampled_from((UNSET, None, "", "Classic", "Sales Navigator")),
    item_scraped=counts,
    limit_value=counts,
    limit_name=texts,
    start_time_range=times,
    end_time_range=times,
    templates=st.sampled_from((UNSET, None, (), ("t1",), TEMPLATES)),
    nbr_inputs_queued_next_seven_days=counts,
)
jobs = st.builds(
    Job,
    uid=st.sampled_from(("j1", "j2")) | nasty_text,
    name=texts,
    status=st.sampled_from((UNSET, None, "odd", *sorted(FINAL | CANCELLABLE))),
    start_time=times,
    finish_time=times,
    number_inputs=counts,
    main_job_uid=st.sampled_from((UNSET, None, "", "j1")),
)
workspaces = st.builds(
    Workspace,
    name=nasty_text,
    email=nasty_text,
    plan_name=st.sampled_from(("Pro", " GROWTH ", "Enterprise")) | nasty_text,
    current_month_start=nasty_text,
    current_month_end=nasty_text,
    tasks_left=counts,
    tasks_max=counts,
    tasks_used=counts,
)


def accounts(uid: str) -> st.SearchStrategy[Account]:
    return st.builds(
        Account,
        uid=st.just(uid),
        name=texts,
        level=st.sampled_from((UNSET, None, "", "Classic")),
        is_valid=st.sampled_from((UNSET, None, True, True, False)),
        application_permalink=st.sampled_from((UNSET, None, *SLUGS, *SLUGS)),
        limits=st.sampled_from((UNSET, None)) | st.lists(limits, max_size=3).map(tuple),
    )


@st.composite
def known_accounts(draw: st.DrawFn) -> KnownAccounts:
    uids = draw(st.sets(st.sampled_from(("jane", "old", "hub"))))
    return KnownAccounts(
        by_uid={uid: draw(accounts(uid)) for uid in sorted(uids)},
        integrations=frozenset(draw(st.sets(st.sampled_from(SLUGS)))),
    )


def past_launches(workflow: Workflow, built: Built) -> st.SearchStrategy[PastLaunch]:
    """Launches of which some have the payload's fingerprint, or some of its rows."""
    digests = [b"other", *(row_digest(row, key_names(workflow)) for row in built.value["inputs"])]
    return st.builds(
        PastLaunch,
        number=st.integers(0, 10**9),
        by=nasty_text,
        at=moments,
        job_name=st.just(str(built.value.get("job_name"))) | nasty_text,
        fingerprint=st.sampled_from((built.fingerprint, "0" * 12)),
        rows=st.frozensets(st.sampled_from(digests)),
        is_repeating=st.booleans(),
    )


@st.composite
def facts(draw: st.DrawFn, workflow: Workflow, built: Built, known: KnownAccounts) -> Facts:
    def some(of: st.SearchStrategy[Any], most: int) -> tuple[Any, ...]:
        return tuple(draw(st.lists(of, max_size=most)))

    return Facts(
        now=draw(moments),
        accounts=known,
        account_problems=draw(st.dictionaries(st.sampled_from(SLUGS), nasty_text)),
        templates=draw(st.dictionaries(st.sampled_from(STEPS), st.sampled_from(TEMPLATES))),
        templates_problem=draw(nasty_text),
        workspace=draw(st.none() | workspaces),
        workspace_problem=draw(nasty_text),
        running=draw(st.none() | st.lists(jobs, max_size=3).map(tuple)),
        is_running_whole=draw(st.booleans()),
        past_jobs=some(jobs, 4),
        launches=some(past_launches(workflow, built), 5),
        schedules=some(past_launches(workflow, built), 3),
        test_inputs=draw(st.frozensets(st.sampled_from(("test:slow", "h")))),
    )


@st.composite
def cases(draw: st.DrawFn) -> tuple[Workflow, LaunchDraft, Built, Facts]:
    workflow = draw(workflows())
    draft = draw(drafts(workflow) | fair_drafts(workflow))
    known = draw(known_accounts())
    built = build_launch_request(workflow, draft, known)
    return workflow, draft, built, draw(facts(workflow, built, known))
