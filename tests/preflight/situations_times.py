"""Situations that concern names, schedules, and what was launched before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from playground.payload.drafts import BLANK
from tests.preflight.samples import (
    ALL_ACCOUNTS,
    FIND,
    JANE,
    OMAR,
    PROFILE,
    SEQUENCE,
    but,
    launched,
    people,
    profiles,
    schedule,
    searches,
    waited,
)
from tests.preflight.scene import Situation, draft
from tests.sandbox.world import START

_NIGHTLY = draft(FIND, people(2), name="Nightly", schedule_type="hour", schedule_value="3")
SCHEDULE = (
    Situation(
        name="no job name",
        workflow=FIND,
        draft=draft(FIND, people(1), name=""),
        lines=(
            (
                "no-job-name",
                "note",
                "$.job_name",
                "No job name: the job is called “Find an e-mail”, like the workflow.",
            ),
        ),
    ),
    Situation(
        name="a schedule without a job name",
        workflow=FIND,
        draft=replace(_NIGHTLY, job_name=BLANK),
        lines=(("no-job-name", "risky", "$.job_name"),),
    ),
    Situation(
        name="a schedule without a unit",
        workflow=FIND,
        draft=draft(FIND, people(1), schedule_value="2"),
        lines=(
            (
                "schedule-type",
                "stops",
                "$.repeat_option.type",
                "A schedule needs a unit: one of minute, hour, day, week, month.",
            ),
        ),
    ),
    Situation(
        name="a schedule that repeats every 0 days",
        workflow=FIND,
        draft=draft(FIND, people(1), schedule_type="day", schedule_value="0"),
        lines=(
            (
                "schedule-value",
                "stops",
                "$.repeat_option.value",
                "A schedule repeats every so many units: from 1 to 10,000.",
            ),
        ),
    ),
    Situation(
        name="a delay below zero",
        workflow=FIND,
        draft=draft(FIND, people(1), delay="-1"),
        lines=(
            (
                "delay-out-of-range",
                "stops",
                "$.delay",
                "The delay is in seconds, from 0 to 31,622,400 (366 days).",
            ),
        ),
    ),
    Situation(
        name="a delay that is no number",
        workflow=FIND,
        draft=draft(FIND, people(1), delay="soon"),
        lines=(("wrong-type", "stops", "$.delay"),),
    ),
    Situation(
        name="meta that is to be spread neither so nor so",
        workflow=FIND,
        draft=draft(FIND, people(1), unstructure_meta="maybe"),
        lines=(("wrong-type", "stops", "$.unstructure_meta"),),
    ),
    Situation(
        name="a rhythm shorter than past jobs took",
        workflow=FIND,
        draft=draft(FIND, people(2), name="Often", schedule_type="minute", schedule_value="5"),
        before=(
            launched(FIND, draft(FIND, [people(1, 11)[0] | {"first_name": "test:slow"}])),
            waited(minutes=30),
        ),
        lines=(
            (
                "rhythm-too-short",
                "risky",
                "$.repeat_option.value",
                (
                    "It would run every 5 minutes, but the last job of at most as many rows took 9 "
                    "minutes 59 seconds. Repeat it less often, or with fewer rows."
                ),
            ),
        ),
    ),
    Situation(
        name="a rhythm shorter than past jobs of more rows took",
        workflow=FIND,
        draft=draft(FIND, people(1), name="Often", schedule_type="minute", schedule_value="5"),
        before=(
            launched(
                FIND, draft(FIND, [*people(2, 11), people(1)[0] | {"last_name": "test:slow"}])
            ),
            waited(hours=3),
        ),
    ),
    Situation(
        name="a rhythm in which the limits let no job end",
        workflow=PROFILE,
        draft=draft(
            PROFILE, profiles(200), OMAR, name="Daily", schedule_type="day", schedule_value="1"
        ),
        lines=(
            (
                "limit-over-days",
                "risky",
                "$.steps[0].accounts",
                (
                    "Step 1: 200 rows on Omar's LinkedIn (80 profile visits left today, 80 a day): "
                    "about 3 days."
                ),
            ),
            (
                "rhythm-too-short",
                "risky",
                "$.repeat_option.value",
                (
                    "It would run every day, but the limits of step 1 let it take about 3 days. "
                    "Repeat it less often, or with fewer rows."
                ),
            ),
        ),
        days=3,
    ),
    Situation(
        name="a rhythm whose runs fit the limit one by one and not together",
        workflow=PROFILE,
        draft=draft(
            PROFILE, profiles(30), OMAR, name="Hourly", schedule_type="hour", schedule_value="1"
        ),
        lines=(
            (
                "rhythm-too-short",
                "risky",
                "$.repeat_option.value",
                (
                    "It would run every hour, but that is 720 profile visits a day and Omar's "
                    "LinkedIn may do 80. Repeat it less often, or with fewer rows."
                ),
            ),
        ),
        days=1,
    ),
    Situation(
        name="a rhythm in which two steps use up the same limit",
        workflow=SEQUENCE,
        draft=draft(
            SEQUENCE,
            searches(40),
            JANE,
            steps=ALL_ACCOUNTS | {0: {"parameters": {"max_results": "1"}}},
            schedule_type="hour",
            schedule_value="12",
        ),
        lines=(
            (
                "rhythm-too-short",
                "risky",
                "$.repeat_option.value",
                (
                    "It would run every 12 hours, but that is 160 profile visits a day and Jane's "
                    "Sales Navigator may do 150. Repeat it less often, or with fewer rows."
                ),
            ),
        ),
        days=1,
    ),
    Situation(
        name="a schedule of the same name is there already",
        workflow=FIND,
        draft=_NIGHTLY,
        but=but(schedules=(schedule("Nightly"),)),
        lines=(
            (
                "schedule-of-same-name",
                "risky",
                "$.job_name",
                (
                    "A schedule named “Nightly” is there already (launch 7, by omar, 2 hours ago): "
                    "removing one removes both. Choose another job name."
                ),
            ),
        ),
    ),
    Situation(
        name="a single job under the name of a schedule",
        workflow=PROFILE,
        draft=draft(PROFILE, profiles(1), OMAR, name="Nightly"),
        before=(launched(FIND, _NIGHTLY, by="omar"), waited(hours=2)),
        lines=(
            (
                "schedule-of-same-name",
                "note",
                "$.job_name",
                (
                    "A schedule named “Nightly” is there already (launch 1, by omar, 2 hours ago): "
                    "its runs and this job will bear the same name. Choose another job name."
                ),
            ),
        ),
        days=1,
    ),
    Situation(
        name="a schedule without a name, and another of the workflow's name",
        workflow=FIND,
        draft=replace(_NIGHTLY, job_name=BLANK),
        but=but(schedules=(schedule("Find an e-mail"), schedule("Find an e-mail", number=9))),
        lines=(
            ("no-job-name", "risky", "$.job_name"),
            (
                "schedule-of-same-name",
                "risky",
                "$.job_name",
                (
                    "2 schedules named “Find an e-mail” are there already (launches 7 and 9): "
                    "removing one removes them all. Choose another job name."
                ),
            ),
        ),
    ),
)

HISTORY = (
    Situation(
        name="the same payload ten minutes ago",
        workflow=FIND,
        draft=draft(FIND, people(3)),
        before=(launched(FIND, draft(FIND, people(3)), by="omar"), waited(minutes=10)),
        lines=(
            (
                "launched-lately",
                "risky",
                "$.inputs",
                "The same payload was launched 10 minutes ago by omar (launch 1).",
            ),
        ),
    ),
    Situation(
        name="the same payload five hours ago",
        workflow=FIND,
        draft=draft(FIND, people(3)),
        before=(launched(FIND, draft(FIND, people(3))), waited(hours=5)),
        lines=(
            (
                "launched-lately",
                "note",
                "$.inputs",
                "The same payload was launched 5 hours ago by ana (launch 1).",
            ),
        ),
    ),
    Situation(
        name="the same rows under another name",
        workflow=FIND,
        draft=draft(FIND, people(3), name="Again"),
        before=(launched(FIND, draft(FIND, people(3))), waited(minutes=59)),
        lines=(
            (
                "launched-nearly",
                "risky",
                "$.inputs",
                "The same 3 rows were launched as “Monday” 59 minutes ago by ana (launch 1).",
            ),
        ),
    ),
    Situation(
        name="the only row, with another parameter",
        workflow=FIND,
        draft=draft(FIND, people(1), steps={0: {"parameters": {"max_candidates": "3"}}}),
        before=(launched(FIND, draft(FIND, people(1))), waited(hours=1)),
        lines=(
            (
                "launched-nearly",
                "note",
                "$.inputs",
                "The same row was launched as “Monday” 1 hour ago by ana (launch 1).",
            ),
        ),
    ),
    Situation(
        name="half of the rows",
        workflow=FIND,
        draft=draft(FIND, people(4)),
        before=(launched(FIND, draft(FIND, people(6, 3))), waited(minutes=2)),
        lines=(
            (
                "launched-nearly",
                "risky",
                "$.inputs",
                "2 of these 4 rows were launched as “Monday” 2 minutes ago by ana (launch 1).",
            ),
        ),
    ),
    Situation(
        name="the only row, among others",
        workflow=FIND,
        draft=draft(FIND, people(1)),
        before=(launched(FIND, draft(FIND, people(9))), waited(minutes=10)),
        lines=(
            (
                "launched-nearly",
                "risky",
                "$.inputs",
                (
                    "The same row was among those launched as “Monday” 10 minutes ago by ana "
                    "(launch 1)."
                ),
            ),
        ),
    ),
    Situation(
        name="all rows, among others",
        workflow=FIND,
        draft=draft(FIND, people(2)),
        before=(launched(FIND, draft(FIND, people(9))), waited(hours=2)),
        lines=(
            (
                "launched-nearly",
                "note",
                "$.inputs",
                (
                    "The same 2 rows were among those launched as “Monday” 2 hours ago by ana "
                    "(launch 1)."
                ),
            ),
        ),
    ),
    Situation(
        name="five launches that are alike",
        workflow=FIND,
        draft=draft(FIND, people(2)),
        before=(
            launched(FIND, draft(FIND, people(2)), by="ana"),
            *(launched(FIND, draft(FIND, people(2), name=f"No. {number}")) for number in range(4)),
            waited(minutes=5),
            launched(FIND, draft(FIND, people(2)), by="mei"),
            waited(minutes=5),
        ),
        lines=(
            (
                "launched-lately",
                "risky",
                "$.inputs",
                "The same payload was launched 5 minutes ago by mei (launch 6).",
            ),
            (
                "launched-lately",
                "risky",
                "$.inputs",
                "The same payload was launched 10 minutes ago by ana (launch 1).",
            ),
            (
                "launched-nearly",
                "risky",
                "$.inputs",
                "The same 2 rows were launched as “No. 3” 10 minutes ago by ana (launch 5).",
            ),
        ),
    ),
    Situation(
        name="a launch recorded by a clock that is ahead",
        workflow=FIND,
        draft=draft(FIND, people(1)),
        before=(launched(FIND, draft(FIND, people(1))),),
        but=lambda facts: replace(facts, now=START - timedelta(seconds=30)),
        lines=(
            (
                "launched-lately",
                "risky",
                "$.inputs",
                "The same payload was launched just now by ana (launch 1).",
            ),
        ),
    ),
)
