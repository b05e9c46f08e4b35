"""What accounts report and what jobs do agree at any moment, whatever is launched."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from playground.sandbox.jobs import uids as job_uids
from tests.sandbox import world
from tests.sandbox.limits.limited import DAY, OMAR, VISIT, launch, reported, windows
from tests.sandbox.world import FIND, PERSON, PROFILE, World
from tests.work import lines_run

LIMIT = 80
# A pause before each launch, its rows, and whether it is cancelled before the next one.
LAUNCHES = st.lists(
    st.tuples(
        st.sampled_from([0.1, 3.0, 60.0, 9_000.0, DAY - 4.0, DAY, 1.7 * DAY]),
        st.sampled_from([1, 7, 50, 79, 80, 81, 130, 300]),
        st.sampled_from([False, False, True]),
        st.sampled_from([VISIT, PROFILE]),
    ),
    min_size=1,
    max_size=7,
)


def played(launches: list[tuple[float, int, bool, world.Workflow]]) -> tuple[World, list[str]]:
    sandbox, uids, to_cancel = World(), list[str](), ""
    for pause, rows, is_cancelled, of in launches:
        sandbox.pass_seconds(pause)
        if to_cancel:
            sandbox.send("POST", f"/jobs/{to_cancel}/cancel")
        uids.append(launch(sandbox, rows, OMAR, of=of))
        to_cancel = uids[-1] if is_cancelled else ""
    return sandbox, uids


def done(sandbox: World, uids: list[str], moment: datetime) -> int:
    """Rows worked off by then: the past does not change, so that one can go back to it."""
    sandbox.now = moment
    return sum(sandbox.job(uid)["row_count"] for uid in uids)


@settings(max_examples=5, deadline=None, derandomize=True)
@given(LAUNCHES, st.integers(0, 2**32))
def test_no_more_is_worked_off_in_a_window_than_is_reported_and_allowed(
    launches: list[tuple[float, int, bool, world.Workflow]], seed: int
) -> None:
    sandbox, uids = played(launches)
    end = sandbox.now + timedelta(days=4)
    span = (end - world.START).total_seconds()
    moments = sorted(random.Random(seed).uniform(0, span) for _ in range(30))

    before = 0
    for second in moments:
        moment = world.START + timedelta(seconds=second)
        total = done(sandbox, uids, moment)
        limit = windows(sandbox)
        assert before <= total
        before = total
        assert limit["item_scraped"] <= limit["limit_value"] == LIMIT
        if limit["item_scraped"]:
            opened, closes = (
                datetime.fromisoformat(limit[key]).replace(tzinfo=UTC) - timedelta(microseconds=1)
                for key in ("start_time_range", "end_time_range")
            )
            so_far = done(sandbox, uids, opened)
            assert total - so_far <= limit["item_scraped"]
            assert done(sandbox, uids, closes) - so_far <= LIMIT


@settings(max_examples=5, deadline=None, derandomize=True)
@given(LAUNCHES)
def test_every_row_is_worked_off_in_the_end_and_nothing_is_left_queued(
    launches: list[tuple[float, int, bool, world.Workflow]],
) -> None:
    sandbox, uids = played(launches)

    sandbox.pass_seconds(40 * DAY)

    jobs = [sandbox.job(uid) for uid in uids]
    finished = [job for job in jobs if job["status"] == "finished"]
    cancellable = sum(is_cancelled for *_, is_cancelled, _ in launches[:-1])
    assert len(finished) >= len(uids) - cancellable
    assert {job["status"] for job in jobs} <= {"finished", "stopped"}
    assert all(job["row_count"] == job["number_inputs"] for job in finished)
    assert reported(sandbox) == (0, 0)


@settings(max_examples=10, deadline=None, derandomize=True)
@given(LAUNCHES, st.integers(60, DAY), st.integers(1, 400))
def test_the_days_that_the_report_promises_are_those_that_a_job_takes(
    launches: list[tuple[float, int, bool, world.Workflow]], pause: int, rows: int
) -> None:
    sandbox, _ = played(launches)
    sandbox.pass_seconds(pause)
    limit = windows(sandbox)
    ahead = limit["item_scraped"] + limit["nbr_inputs_queued_next_seven_days"]
    promised = -(-(ahead + rows) // LIMIT)

    uid = launch(sandbox, rows, OMAR)
    closes = datetime.fromisoformat(windows(sandbox)["end_time_range"]).replace(tzinfo=UTC)
    is_too_close = closes - sandbox.now < timedelta(minutes=1)
    sandbox.pass_seconds(40 * DAY)
    finished = datetime.fromisoformat(sandbox.job(uid)["finish_time"]).replace(tzinfo=UTC)

    taken = 1 + max(0, -((closes - finished) // timedelta(days=1)))
    assert taken == promised or is_too_close


def spent(sandbox: World, path: str, *, is_first: bool = False) -> int:
    """Lines that one call runs: the second, or the first."""
    if not is_first:
        sandbox.get(path)
    return lines_run(lambda: sandbox.get(path))


def fill(sandbox: World, of: world.Workflow, number: int) -> str:
    """Puts launches like the latest one into the store, one every 50 minutes."""
    (sample,) = sandbox.store.iterate_due(of.uid, world.START)
    body = sandbox.store.read_body(sample.prefix)
    for _ in range(number):
        sandbox.pass_seconds(3_000)
        seed = sandbox.store.new_seed()
        prefix = job_uids.make_prefix(seed)
        made = replace(sample, prefix=prefix, seed=seed, created_at=sandbox.now, is_settled=True)
        sandbox.store.add_launch(made, body)
    return job_uids.first_job(made.prefix)


def test_three_thousand_launches_do_not_hold_up_the_calls_about_jobs() -> None:
    plain, sandbox = World(), World()
    plain.launch(FIND, world.body(FIND, [PERSON] * 3))
    launch(sandbox, 3, OMAR)
    free, limited = fill(plain, FIND, 3_000), fill(sandbox, VISIT, 3_000)
    others = sandbox.launch(FIND, world.body(FIND, [PERSON] * 3))
    free_jobs, jobs = f"/workflows/{FIND.uid}/jobs", f"/workflows/{VISIT.uid}/jobs"

    unlimited = spent(plain, f"/jobs/{free}"), spent(plain, free_jobs)
    beside = spent(sandbox, f"/jobs/{others}"), spent(sandbox, free_jobs)
    anew = spent(sandbox, f"/jobs/{limited}", is_first=True)
    again = spent(sandbox, f"/jobs/{limited}"), spent(sandbox, jobs)

    # What no limit governs does not read the others; what one does simulates them once.
    assert beside[0] <= unlimited[0]
    assert beside[1] <= unlimited[1]
    assert anew < 10_000  # A simulation in full runs more than three lines for each launch.
    assert again[0] < 2 * unlimited[0]
    assert again[1] < 2 * unlimited[1]
