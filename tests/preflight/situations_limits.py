"""Situations that concern the accounts' daily limits and the workspace's plan."""

from __future__ import annotations

from dataclasses import replace

from playground.contract.accounts import Workspace
from tests.preflight.samples import (
    ALL_ACCOUNTS,
    CONNECTIONS,
    EXPIRED,
    FIND,
    JANE,
    MEI,
    OMAR,
    PROFILE,
    SEARCH,
    SEQUENCE,
    VISIT,
    VISIT_CONNECT,
    but,
    launched,
    people,
    profiles,
    searches,
    visited,
    waited,
)
from tests.preflight.scene import Situation, draft

_ROTATING = {0: {"rotation": "true"}}
_ONE_EACH = ALL_ACCOUNTS | {0: {"parameters": {"max_results": "1"}}}
_MANY_EACH = ALL_ACCOUNTS | {0: {"parameters": {"max_results": "25"}}}
LIMITS = (
    Situation(
        name="two steps that share a limit and get many rows of each search",
        workflow=SEQUENCE,
        draft=draft(SEQUENCE, searches(8), OMAR, steps=_MANY_EACH),
        lines=(
            (
                "limit-over-days",
                "risky",
                "$.steps[1].accounts",
                (
                    "Step 2: up to 200 rows (the steps before make up to 25 of each) on Omar's "
                    "LinkedIn (80 profile visits left today, 80 a day): up to 3 days."
                ),
            ),
            (
                "limit-over-days",
                "risky",
                "$.steps[2].accounts",
                (
                    "Step 3: up to 200 rows (the steps before make up to 25 of each) on Omar's "
                    "LinkedIn (0 profile visits left after the steps before, 80 a day): up to 5 "
                    "days."
                ),
            ),
        ),
        days=5,
    ),
    Situation(
        name="two steps that may use up a limit with what each search finds",
        workflow=SEQUENCE,
        draft=draft(SEQUENCE, searches(3), JANE, steps=_MANY_EACH),
        lines=(
            (
                "limit-close",
                "note",
                "$.steps[2].accounts",
                (
                    "Step 3: this launch leaves perhaps none of the 150 profile visits a day of "
                    "Jane's Sales Navigator."
                ),
            ),
        ),
        days=1,
    ),
    Situation(
        name="more rows than the account may do today",
        workflow=PROFILE,
        draft=draft(PROFILE, profiles(100), OMAR),
        before=visited(68, OMAR),
        lines=(
            (
                "limit-over-days",
                "risky",
                "$.steps[0].accounts",
                (
                    "Step 1: 100 rows on Omar's LinkedIn (12 profile visits left today, 80 a day): "
                    "about 3 days."
                ),
            ),
        ),
        days=3,
    ),
    Situation(
        name="a limit that is used up",
        workflow=PROFILE,
        draft=draft(PROFILE, profiles(10), OMAR),
        before=visited(80, OMAR),
        lines=(
            (
                "limit-used-up",
                "risky",
                "$.steps[0].accounts",
                (
                    "Step 1: Omar's LinkedIn has no profile visits left today (80 of 80 used): the "
                    "rows wait until 2 March, 12:00 UTC, when its window ends (about 2 days in "
                    "all)."
                ),
            ),
        ),
        days=2,
    ),
    Situation(
        name="a limit for which more wait than a day takes",
        workflow=PROFILE,
        draft=draft(PROFILE, profiles(10), OMAR),
        before=(launched(PROFILE, draft(PROFILE, profiles(250, 101), OMAR)),),
        lines=(
            (
                "limit-used-up",
                "risky",
                "$.steps[0].accounts",
                (
                    "Step 1: Omar's LinkedIn has no profile visits left today (80 of 80 used, 170 "
                    "queued): the rows wait behind those that are queued (about 4 days in all)."
                ),
            ),
        ),
        days=4,
    ),
    Situation(
        name="limits that could not be told",
        workflow=VISIT_CONNECT,
        draft=draft(VISIT_CONNECT, profiles(1), JANE),
        but=but(templates={}, templates_problem="The upstream is still being asked."),
        lines=(
            (
                "limits-unknown",
                "note",
                "$.steps[0].accounts",
                (
                    "The limits of the accounts are not known now, so the rows were not checked "
                    "against them. The upstream is still being asked."
                ),
            ),
        ),
    ),
    Situation(
        name="limits that could not be told, and no accounts that could have any",
        workflow=FIND,
        draft=draft(FIND, people(1)),
        but=but(templates={}, templates_problem="The upstream is still being asked."),
    ),
    Situation(
        name="a limit that is nearly used up afterwards",
        workflow=PROFILE,
        draft=draft(PROFILE, profiles(20), OMAR),
        before=visited(50, OMAR),
        lines=(
            (
                "limit-close",
                "note",
                "$.steps[0].accounts",
                "Step 1: this launch leaves 10 of the 80 profile visits a day of Omar's LinkedIn.",
            ),
        ),
        days=1,
    ),
    Situation(
        name="a limit that this launch uses up to the last",
        workflow=PROFILE,
        draft=draft(PROFILE, profiles(80), OMAR),
        lines=(("limit-close", "note", "$.steps[0].accounts"),),
        days=1,
    ),
    Situation(
        name="one row more than 80 % of a day's limit",
        workflow=SEARCH,
        draft=draft(SEARCH, searches(81), JANE),
        lines=(("limit-close", "note", "$.steps[0].accounts"),),
        days=1,
    ),
    Situation(
        name="inputs that wait for the same limit",
        workflow=PROFILE,
        draft=draft(PROFILE, profiles(30), OMAR),
        before=(launched(VISIT, draft(VISIT, profiles(60, 101), OMAR, delay="7200")),),
        lines=(
            (
                "limit-over-days",
                "risky",
                "$.steps[0].accounts",
                (
                    "Step 1: 30 rows on Omar's LinkedIn (20 profile visits left today, 80 a day): "
                    "about 2 days."
                ),
            ),
        ),
        days=2,
    ),
    Situation(
        name="rotation over two accounts that do not suffice together",
        workflow=PROFILE,
        draft=draft(PROFILE, profiles(300), OMAR, MEI, steps=_ROTATING),
        lines=(
            (
                "limit-over-days",
                "risky",
                "$.steps[0].accounts",
                (
                    "Step 1: 300 rows on Omar's LinkedIn and Mei by extension (160 profile visits "
                    "left today, 160 a day): about 2 days."
                ),
            ),
        ),
        days=2,
    ),
    Situation(
        name="two accounts without rotation: the first does it all",
        workflow=PROFILE,
        draft=draft(PROFILE, profiles(100), OMAR, MEI),
        lines=(("limit-over-days", "risky", "$.steps[0].accounts"),),
        days=2,
    ),
    Situation(
        name="rotation over every valid account",
        workflow=PROFILE,
        draft=draft(PROFILE, profiles(500), steps=_ROTATING),
        lines=(
            (
                "limit-over-days",
                "risky",
                "$.steps[0].accounts",
                (
                    "Step 1: 500 rows on Jane's Sales Navigator, Omar's LinkedIn, Team Sales "
                    "Navigator and 1 more (460 profile visits left today, 460 a day): about 2 "
                    "days."
                ),
            ),
        ),
        days=2,
    ),
    Situation(
        name="a later step has the lower limit",
        workflow=VISIT_CONNECT,
        draft=draft(VISIT_CONNECT, profiles(90), JANE),
        lines=(
            (
                "limit-over-days",
                "risky",
                "$.steps[1].accounts",
                (
                    "Step 2: at least 90 rows on Jane's Sales Navigator (40 connection requests "
                    "left today, 40 a day): at least 3 days."
                ),
            ),
        ),
        days=3,
    ),
    Situation(
        name="two steps that use the same limit",
        workflow=SEQUENCE,
        draft=draft(SEQUENCE, searches(80), JANE, steps=_ONE_EACH),
        lines=(
            (
                "limit-over-days",
                "risky",
                "$.steps[2].accounts",
                (
                    "Step 3: at least 80 rows on Jane's Sales Navigator (70 profile visits left "
                    "after the steps before, 150 a day): at least 2 days."
                ),
            ),
        ),
        days=2,
    ),
    Situation(
        name="a limit that the steps before use up",
        workflow=SEQUENCE,
        draft=draft(SEQUENCE, searches(150), JANE, steps=_ONE_EACH),
        lines=(
            ("limit-over-days", "risky", "$.steps[0].accounts"),
            (
                "limit-close",
                "note",
                "$.steps[1].accounts",
                (
                    "Step 2: this launch leaves none of the 150 profile visits a day of Jane's "
                    "Sales Navigator."
                ),
            ),
            (
                "limit-over-days",
                "risky",
                "$.steps[2].accounts",
                (
                    "Step 3: at least 150 rows on Jane's Sales Navigator (0 profile visits left "
                    "after the steps before, 150 a day): at least 2 days."
                ),
            ),
        ),
        days=2,
    ),
    Situation(
        name="rotation in which no chosen account is valid: no other one does the work",
        workflow=PROFILE,
        draft=draft(PROFILE, profiles(500), EXPIRED, steps=_ROTATING),
        lines=(
            ("invalid-account", "risky", "$.steps[0].accounts[0]"),
            ("rotation-of-one", "note", "$.steps[0].accounts_rotation_enabled"),
        ),
    ),
    Situation(
        name="a later step comes close to its limit",
        workflow=VISIT_CONNECT,
        draft=draft(VISIT_CONNECT, profiles(36), JANE),
        lines=(
            (
                "limit-close",
                "note",
                "$.steps[1].accounts",
                (
                    "Step 2: this launch leaves at most 4 of the 40 connection requests a day of "
                    "Jane's Sales Navigator."
                ),
            ),
        ),
        days=1,
    ),
)

_POOR = Workspace(
    name="Sandbox",
    email="sandbox@example.com",
    plan_name="Enterprise",
    current_month_start="2025-03-01T00:00:00+00:00",
    current_month_end="2025-04-01T00:00:00+00:00",
    tasks_left=4,
    tasks_max=10_000,
    tasks_used=0,
)
PLAN = (
    Situation(
        name="more inputs in parallel than the plan has",
        workflow=FIND,
        draft=draft(FIND, people(50)),
        plan_limit=100,
        before=(launched(FIND, draft(FIND, people(60, 501))),),
        lines=(
            (
                "parallel-limit",
                "stops",
                "$.inputs",
                (
                    "60 inputs run or wait now, this launch has 50 more, and the plan “Pro” allows "
                    "100 inputs in parallel: the launch would be refused (429). Launch fewer "
                    "rows, or when the others are done."
                ),
            ),
        ),
    ),
    Situation(
        name="one input more in parallel than the plan has, in another workflow",
        workflow=FIND,
        draft=draft(FIND, people(41)),
        plan_limit=100,
        before=(launched(VISIT, draft(VISIT, profiles(60), JANE)),),
        lines=(("parallel-limit", "stops", "$.inputs"),),
    ),
    Situation(
        name="a schedule beside others is refused at once",
        workflow=FIND,
        draft=draft(FIND, people(50), name="Daily", schedule_type="day", schedule_value="1"),
        plan_limit=100,
        before=(launched(FIND, draft(FIND, people(60, 501))),),
        lines=(("parallel-limit", "stops", "$.inputs"),),
    ),
    Situation(
        name="others whose time has come count",
        workflow=FIND,
        draft=draft(FIND, people(50)),
        plan_limit=100,
        before=(
            launched(FIND, draft(FIND, people(60, 501), delay="7200")),
            waited(hours=2, seconds=1),
        ),
        lines=(("parallel-limit", "stops", "$.inputs"),),
    ),
    Situation(
        name="a job without rows counts as one input",
        workflow=FIND,
        draft=draft(FIND, people(100)),
        plan_limit=100,
        before=(launched(CONNECTIONS, draft(CONNECTIONS, [], JANE)),),
        lines=(
            (
                "parallel-limit",
                "stops",
                "$.inputs",
                (
                    "1 input runs or waits now, this launch has 100 more, and the plan “Pro” "
                    "allows 100 inputs in parallel: the launch would be refused (429). Launch "
                    "fewer rows, or when the others are done."
                ),
            ),
        ),
    ),
    Situation(
        name="more inputs in parallel than a larger plan has",
        workflow=FIND,
        draft=draft(FIND, people(30)),
        plan_limit=5_000,
        before=(launched(FIND, draft(FIND, people(4_980, 501))),),
        lines=(
            (
                "parallel-limit",
                "stops",
                "$.inputs",
                (
                    "4,980 inputs run or wait now, this launch has 30 more, and the plan “Scale” "
                    "allows 5,000 inputs in parallel: the launch would be refused (429). Launch "
                    "fewer rows, or when the others are done."
                ),
            ),
        ),
    ),
    Situation(
        name="fewer tasks left than rows",
        workflow=FIND,
        draft=draft(FIND, people(5)),
        but=but(workspace=_POOR),
        lines=(
            (
                "quota",
                "risky",
                "$.inputs",
                (
                    "5 rows, but 4 tasks are left in this period (10,000 allowed, 0 used): the job "
                    "may stop before its end."
                ),
            ),
        ),
    ),
    Situation(
        name="a workspace that could not be asked",
        workflow=FIND,
        draft=draft(FIND, people(1)),
        but=but(workspace=None, workspace_problem="The upstream did not answer in time."),
        lines=(
            (
                "workspace-unknown",
                "note",
                "$.inputs",
                (
                    "The plan and its quota are not known now, so nothing was checked against "
                    "them. The upstream did not answer in time."
                ),
            ),
        ),
    ),
    Situation(
        name="running jobs that are not known, on a plan with a limit",
        workflow=FIND,
        draft=draft(FIND, people(1)),
        plan_limit=100,
        but=but(running=None),
        lines=(
            (
                "parallel-unknown",
                "note",
                "$.inputs",
                (
                    "What runs now is not known. The plan “Pro” allows 100 inputs in parallel, "
                    "those of other jobs included: a launch beyond that is refused (429)."
                ),
            ),
        ),
    ),
    Situation(
        name="running jobs of which some are not known, on a plan with a limit",
        workflow=FIND,
        draft=draft(FIND, people(1)),
        plan_limit=100,
        but=but(is_running_whole=False),
        lines=(("parallel-unknown", "note", "$.inputs"),),
    ),
    Situation(
        name="running jobs of which some are not known and the others are too many",
        workflow=FIND,
        draft=draft(FIND, people(50)),
        plan_limit=100,
        before=(launched(FIND, draft(FIND, people(60, 501))),),
        but=but(is_running_whole=False),
        lines=(("parallel-limit", "stops", "$.inputs"),),
    ),
    Situation(
        name="running jobs that are not known, on a plan without a limit",
        workflow=FIND,
        draft=draft(FIND, people(1)),
        but=lambda facts: replace(facts, running=None),
    ),
)
