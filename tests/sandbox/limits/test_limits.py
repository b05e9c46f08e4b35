"""Jobs obey the daily limits of their accounts, told as tables over time (section 1.6)."""

from __future__ import annotations

from itertools import permutations

import pytest

from playground.sandbox.account_book import AccountBook
from playground.sandbox.limits import eligibility
from playground.sandbox.records import Change, StepPlan
from tests.sandbox import world
from tests.sandbox.limits import limited
from tests.sandbox.limits.limited import (
    CONNECT,
    DAY,
    EXPIRED,
    HOUR,
    JANE,
    LINKEDIN,
    MEI,
    OMAR,
    ROW,
    TEAM,
    VISIT,
    at,
    launch,
    reported,
    rotating,
    seen,
    windows,
)
from tests.sandbox.world import VISIT_CONNECT, World


def test_of_a_hundred_inputs_on_monday_twenty_wait_for_tuesday() -> None:
    sandbox = World()
    uid = launch(sandbox, 100, OMAR)

    table = {}
    for second in (0, 5, 11.6, 12, HOUR, DAY - 1, DAY, DAY + 1, DAY + 2.7, DAY + 2.8, 9 * DAY):
        at(sandbox, second)
        table[second] = (*seen(sandbox, uid), *reported(sandbox))

    assert table == {
        0: ("pending", 0, 80, 20),
        5: ("running", 32, 80, 20),
        11.6: ("running", 80, 80, 20),
        12: ("running", 80, 80, 20),
        HOUR: ("running", 80, 80, 20),
        DAY - 1: ("running", 80, 80, 20),
        DAY: ("running", 80, 20, 0),
        DAY + 1: ("running", 86, 20, 0),
        DAY + 2.7: ("running", 98, 20, 0),
        DAY + 2.8: ("finished", 100, 20, 0),
        9 * DAY: ("finished", 100, 0, 0),
    }


def test_the_results_are_exact_and_the_inputs_tell_which_of_them_wait() -> None:
    sandbox = World()
    rows = [ROW | {"meta": {"row": number}} for number in range(100)]
    uid = sandbox.launch(VISIT, world.body(VISIT, rows, OMAR))

    sandbox.pass_seconds(HOUR)
    monday = [row["status"] for row in sandbox.get(f"/jobs/{uid}/inputs")["inputs"]]
    first = [row["meta"]["row"] for row in sandbox.results(uid)]
    sandbox.pass_seconds(DAY)
    tuesday = [row["status"] for row in sandbox.get(f"/jobs/{uid}/inputs")["inputs"]]

    assert monday == ["succeeded"] * 80 + ["pending"] * 20
    assert first == list(range(80))
    assert tuesday == ["succeeded"] * 100
    assert [row["meta"]["row"] for row in sandbox.results(uid)] == list(range(100))


def test_a_waiting_job_tells_no_error_and_no_end() -> None:
    sandbox = World()
    uid = launch(sandbox, 100, OMAR)

    sandbox.pass_seconds(HOUR)
    jobs = [sandbox.job(uid), *sandbox.step_jobs(VISIT, uid)]

    assert [(job["status"], job["error_message"], job["finish_time"]) for job in jobs] == [
        ("running", None, None)
    ] * 2


def test_a_job_of_many_days_takes_a_days_share_each_day() -> None:
    sandbox = World()
    uid = launch(sandbox, 500, OMAR)

    counts = [seen(at(sandbox, day * DAY + HOUR), uid)[1] for day in range(8)]

    assert counts == [80, 160, 240, 320, 400, 480, 500, 500]


def test_two_launches_share_one_account_in_their_order() -> None:
    sandbox = World()
    first = launch(sandbox, 100, OMAR)
    sandbox.pass_seconds(HOUR)
    second = launch(sandbox, 100, OMAR)
    other = launch(sandbox, 50, MEI)

    table = {
        day: [seen(at(sandbox, day * DAY + 2 * HOUR), uid)[1] for uid in (first, second, other)]
        for day in range(4)
    }

    assert table == {0: [80, 0, 50], 1: [100, 60, 50], 2: [100, 100, 50], 3: [100, 100, 50]}


def test_a_window_opens_with_the_first_launch_after_a_day_on_which_nobody_waits() -> None:
    sandbox = World()
    launch(sandbox, 10, OMAR)
    sandbox.pass_seconds(2 * DAY + 5 * HOUR + 7.25)

    launch(sandbox, 10, OMAR)
    limit = windows(sandbox)

    assert (limit["start_time_range"], limit["end_time_range"]) == (
        "2025-03-03T17:00:07",
        "2025-03-04T17:00:07",
    )


def test_each_kind_of_action_has_a_limit_of_its_own() -> None:
    sandbox = World()
    uid = launch(sandbox, 60, OMAR, of=VISIT_CONNECT)

    table = []
    for second in (0, HOUR, DAY + HOUR, 2 * DAY + HOUR):
        at(sandbox, second)
        steps = [job["row_count"] for job in sandbox.step_jobs(VISIT_CONNECT, uid)]
        table.append((steps, reported(sandbox), reported(sandbox, OMAR, "connection requests")))

    assert table == [
        ([0, 0], (60, 0), (0, 60)),
        ([60, 25], (60, 0), (25, 35)),
        ([60, 50], (0, 0), (25, 10)),
        ([60, 60], (0, 0), (10, 0)),
    ]


def test_a_later_step_keeps_pace_with_one_that_waits() -> None:
    sandbox = World()
    enrich = world.workflow("Enrich a Profile into HubSpot")
    content = world.body(enrich, [ROW] * 100)
    content["steps"][0]["accounts"] = [OMAR]
    content["steps"][2]["accounts"] = [world.account("HubSpot production")]
    uid = sandbox.launch(enrich, content)

    table = {}
    for second in (10, HOUR, DAY, DAY + 1, DAY + HOUR):
        at(sandbox, second)
        jobs = sandbox.step_jobs(enrich, uid)
        table[second] = [(job["status"], job["row_count"]) for job in jobs]

    assert table == {
        10: [("running", 68), ("running", 30), ("running", 0)],
        HOUR: [("running", 80), ("running", 80), ("running", 80)],
        DAY: [("running", 80), ("running", 80), ("running", 80)],
        DAY + 1: [("running", 86), ("running", 84), ("running", 82)],
        DAY + HOUR: [("finished", 100), ("finished", 100), ("finished", 100)],
    }


def test_without_rotation_only_the_first_working_account_works() -> None:
    sandbox = World()
    uid = launch(sandbox, 100, EXPIRED, OMAR, JANE)

    sandbox.pass_seconds(HOUR)

    assert seen(sandbox, uid) == ("running", 80)
    assert (reported(sandbox, OMAR), reported(sandbox, JANE)) == ((80, 20), (0, 0))


@pytest.mark.parametrize(
    ("accounts", "rows", "a_day"),
    [
        ((OMAR, MEI), 400, 160),
        ((JANE, TEAM), 700, 300),
        ((OMAR, EXPIRED, MEI), 400, 160),
        ((EXPIRED, JANE), 400, 150),
        ((OMAR, MEI, TEAM), 700, 310),
    ],
)
def test_rotation_adds_up_the_days_of_the_accounts_that_work(
    accounts: tuple[str, ...], rows: int, a_day: int
) -> None:
    sandbox = World()
    uid = rotating(sandbox, rows, *accounts)

    counts = [seen(at(sandbox, day * DAY + HOUR), uid)[1] for day in range(4)]

    assert counts == [min(rows, a_day * day) for day in (1, 2, 3, 4)]


def test_rotation_without_accounts_takes_any_that_works() -> None:
    sandbox = World()
    uid = rotating(sandbox, 500)

    sandbox.pass_seconds(HOUR)

    assert seen(sandbox, uid) == ("running", 80 + 80 + 150 + 150)


@pytest.mark.parametrize("given", [(EXPIRED,), (EXPIRED, OMAR)])
def test_rotation_gives_no_work_to_accounts_that_were_not_given(given: tuple[str, ...]) -> None:
    sandbox = World()
    renew(sandbox, OMAR, "test:expired")
    uid = rotating(sandbox, 100, *given)

    sandbox.pass_seconds(HOUR)
    job = sandbox.job(uid)
    others = [reported(sandbox, account) for account in (MEI, JANE, TEAM)]
    renew(sandbox, JANE, resume_paused_jobs=True)
    still = seen(sandbox, uid)
    renew(sandbox, given[-1], resume_paused_jobs=True)
    sandbox.pass_seconds(HOUR)

    assert (job["status"], job["row_count"], others) == ("paused", 0, [(0, 0)] * 3)
    assert job["error_message"] == (
        "The account Mei's LinkedIn (expired) does not work any more: update it, then resume or "
        "retry the job."
    )
    assert (still, seen(sandbox, uid)) == (("paused", 0), ("running", 80))


@pytest.mark.parametrize("is_rotating", [False, True])
@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_step_has_trouble_exactly_where_no_account_may_take_its_work(
    is_rotating: bool, count: int
) -> None:
    step = VISIT.steps[0].step_uid
    accounts = (OMAR, MEI, JANE, EXPIRED, "gone")
    for deleted in ((), (OMAR,), (OMAR, MEI, JANE, TEAM)):
        book = AccountBook(Change(uid=uid, at=world.START) for uid in deleted)
        for given in permutations(accounts, count):
            plan = StepPlan(step_uid=step, accounts=given, is_rotating=is_rotating)

            found = eligibility.accounts_for(plan, world.START, book)

            assert bool(found) is not bool(book.trouble(plan, world.START))
            assert {item.uid for item in found} <= set(given or accounts) | {TEAM}


def test_rotation_takes_the_given_accounts_one_after_the_other() -> None:
    sandbox = World()
    rotating(sandbox, 100, MEI, OMAR)

    assert [reported(sandbox, uid) for uid in (MEI, OMAR, JANE)] == [(80, 0), (20, 0), (0, 0)]


def test_an_account_made_to_work_takes_over_from_one_that_hit_its_limit() -> None:
    sandbox = World()
    uid = rotating(sandbox, 100, OMAR, EXPIRED)

    sandbox.pass_seconds(HOUR)
    waiting = seen(sandbox, uid)
    renew(sandbox, EXPIRED)
    sandbox.pass_seconds(60)

    assert (waiting, seen(sandbox, uid)) == (("running", 80), ("finished", 100))


def renew(sandbox: World, uid: str, cookie: str = "new", **changes: object) -> None:
    sandbox.post(LINKEDIN, {"account": {"uid": uid, "cookies": {"li_at": cookie}}} | changes)


def test_a_waiting_job_pauses_when_its_account_stops_working_and_resumes_when_it_is_renewed() -> (
    None
):
    sandbox = World()
    uid = launch(sandbox, 100, OMAR)
    table = []

    for hours, action in (
        (1, lambda: renew(sandbox, OMAR, "test:expired")),
        (30, lambda: renew(sandbox, OMAR)),
        (31, lambda: renew(sandbox, OMAR, resume_paused_jobs=True)),
        (32, lambda: None),
    ):
        at(sandbox, hours * HOUR)
        before = seen(sandbox, uid)
        action()
        table.append((before, seen(sandbox, uid)))

    assert table == [
        (("running", 80), ("paused", 80)),
        (("paused", 80), ("paused", 80)),
        (("paused", 80), ("running", 80)),
        (("finished", 100), ("finished", 100)),
    ]


def test_another_account_takes_over_when_one_that_hit_its_limit_stops_working() -> None:
    sandbox = World()
    first = launch(sandbox, 80, MEI)
    uid = rotating(sandbox, 200, OMAR, MEI)

    sandbox.pass_seconds(HOUR)
    renew(sandbox, OMAR, "test:checkpoint")
    counts = [seen(at(sandbox, day * DAY + HOUR), uid) for day in range(3)]

    assert seen(sandbox, first) == ("finished", 80)
    assert counts == [("running", 80), ("running", 160), ("finished", 200)]


def test_an_account_that_becomes_sales_navigator_has_the_other_levels_limit_at_once() -> None:
    sandbox = World()
    uid = launch(sandbox, 200, OMAR)

    sandbox.pass_seconds(HOUR)
    account = {"uid": OMAR, "cookies": {"li_at": "a", "li_a": "b"}}
    sandbox.post(LINKEDIN, {"account": account})
    sandbox.pass_seconds(HOUR)

    assert (seen(sandbox, uid), reported(sandbox)) == (("finished", 200), (120, 0))


def test_an_account_without_a_limit_for_the_step_does_all_at_once() -> None:
    sandbox = World()
    company = world.workflow("Extract LinkedIn Company Profile")
    row = {"linkedin_company_url": "https://www.linkedin.com/company/acme/"}
    uid = sandbox.launch(company, world.body(company, [row] * 1_000, OMAR))

    sandbox.pass_seconds(HOUR)

    assert seen(sandbox, uid) == ("finished", 1_000)


def test_the_limit_of_outlook_counts_e_mails() -> None:
    sandbox = World()
    mail = world.workflow("Profile to Outlook E-mail")
    content = world.body(mail, [ROW] * 250)
    content["steps"][0].update(accounts=[JANE, TEAM], accounts_rotation_enabled=True)
    content["steps"][2]["accounts"] = [world.account("jane@example.com")]
    uid = sandbox.launch(mail, content)

    counts = []
    for hours in (1, 25):
        at(sandbox, hours * HOUR)
        counts.append([job["row_count"] for job in sandbox.step_jobs(mail, uid)])

    assert counts == [[250, 250, 200], [250, 250, 250]]


def test_connections_are_25_a_day_on_classic_and_40_on_sales_navigator() -> None:
    sandbox = World()
    classic, navigator = (launch(sandbox, 60, uid, of=CONNECT) for uid in (OMAR, JANE))

    sandbox.pass_seconds(HOUR)

    assert (seen(sandbox, classic)[1], seen(sandbox, navigator)[1]) == (25, 40)
    assert limited.windows(sandbox, JANE, "connection requests")["limit_value"] == 40


SEQUENCE = world.workflow("Full Prospecting Sequence")


def sequence(sandbox: World, rows: list[dict[str, str]], **parameters: object) -> str:
    """The first steps are Omar's: a search, visits, profiles; visits and profiles share a limit."""
    content = world.body(SEQUENCE, rows)
    for item in content["steps"][:3]:
        item["accounts"] = [OMAR]
    content["steps"][0]["parameters"] = parameters
    return sandbox.launch(SEQUENCE, content)


def counts(sandbox: World, uid: str) -> list[tuple[int, int]]:
    jobs = sandbox.step_jobs(SEQUENCE, uid)[:3]
    return [(job["number_inputs"], job["row_count"]) for job in jobs]


def test_later_steps_use_as_much_of_a_limit_as_they_have_inputs() -> None:
    sandbox = World()
    rows = [{"url": f"https://www.linkedin.com/search/{number}"} for number in range(8)]
    uid = sequence(sandbox, rows)

    days = []
    for day in range(6):
        at(sandbox, day * DAY + HOUR)
        done = [count for _, count in counts(sandbox, uid)]
        days.append((done, reported(sandbox), reported(sandbox, OMAR, "searches")))

    assert [number for number, _ in counts(sandbox, uid)] == [8, 200, 200]
    assert [sum(done[1:]) for done, _, _ in days] == [80, 160, 240, 320, 400, 400]
    assert days[0][1:] == ((80, 320), (8, 0))
    assert all(done[0] == 200 and done[1] >= done[2] for done, _, _ in days)


def test_a_row_that_failed_or_became_none_uses_nothing_of_later_steps() -> None:
    sandbox = World()
    rows = [{"url": "https://www.linkedin.com/search/1"}, {"url": "test:not-found"}] * 3
    uid = sequence(sandbox, [*rows, {"url": "test:not-found"}], max_results=10)
    at(sandbox, HOUR)
    first = counts(sandbox, uid), reported(sandbox), reported(sandbox, OMAR, "searches")
    none = sequence(sandbox, rows, max_results=0)
    at(sandbox, 2 * HOUR)

    assert first == ([(7, 30), (30, 30), (30, 30)], (60, 0), (7, 0))
    assert counts(sandbox, none) == [(6, 0), (0, 0), (0, 0)]
    assert reported(sandbox) == (60, 0)
    inputs = sandbox.get(f"/jobs/{sandbox.step_jobs(SEQUENCE, uid)[1]['uid']}/inputs")["inputs"]
    assert [row["status"] for row in inputs] == ["succeeded"] * 30


def test_a_day_may_end_between_the_results_of_one_row() -> None:
    sandbox = World()
    uid = sequence(sandbox, [{"url": "https://www.linkedin.com/search/1"}] * 4)
    at(sandbox, HOUR)

    visits = sandbox.step_jobs(SEQUENCE, uid)[1]
    inputs = sandbox.get(f"/jobs/{visits['uid']}/inputs")["inputs"]

    assert [row["status"] for row in inputs].count("succeeded") == visits["row_count"] == 80
    assert inputs[79]["status"] == "succeeded"
    sandbox.post(f"/jobs/{uid}/cancel")
    assert reported(sandbox) == (80, 0)


def test_a_job_shows_the_accounts_that_it_used() -> None:
    sandbox = World()
    given = [launch(sandbox, 3, EXPIRED, OMAR, JANE), rotating(sandbox, 90, MEI, TEAM, OMAR)]
    paused = launch(sandbox, 1, EXPIRED)
    profile = world.workflow("Extract LinkedIn People Post Activity")
    unlimited = launch(sandbox, 3, EXPIRED, TEAM, JANE, of=profile)
    at(sandbox, HOUR)

    used = [sandbox.job(uid)["accounts"] for uid in (*given, paused, unlimited)]

    assert used == [[OMAR], [MEI, TEAM], [EXPIRED], [TEAM]]
    assert sandbox.step_jobs(VISIT, given[1])[0]["accounts"] == [MEI, TEAM]
    anyone = rotating(sandbox, 1)
    at(sandbox, 2 * HOUR)
    assert sandbox.job(anyone)["accounts"] == [JANE]
