"""Situations of which preflight has nothing to say."""

from __future__ import annotations

from tests.preflight.samples import (
    ACTIVITY,
    ALL_ACCOUNTS,
    CONNECTIONS,
    CRM,
    EXPIRED,
    FIND,
    HUBSPOT,
    JANE,
    MEI,
    OMAR,
    PROFILE,
    SEQUENCE,
    VISIT,
    but,
    cleanly,
    launched,
    people,
    profiles,
    schedule,
    visited,
    waited,
)
from tests.preflight.scene import draft

CLEAN = (
    cleanly("one row of a local workflow", FIND, draft(FIND, people(1))),
    cleanly("fifty rows of a local workflow", FIND, draft(FIND, people(50)), plan_limit=100),
    cleanly(
        "a key under one of its other names",
        FIND,
        draft(FIND, [{"firstname": "Ann", "surname": "Lee", "organization_name": "Acme"}]),
    ),
    cleanly("a row with meta", FIND, draft(FIND, [people(1)[0] | {"meta": '{"id": 1}'}])),
    cleanly("a valid account", PROFILE, draft(PROFILE, profiles(1), JANE), days=1),
    cleanly("a workflow that needs no rows", CONNECTIONS, draft(CONNECTIONS, [], JANE)),
    cleanly(
        "ten steps with all their accounts",
        SEQUENCE,
        draft(
            SEQUENCE,
            [{"linkedin_people_search_url": "https://www.linkedin.com/search/results/people/?k=1"}],
            JANE,
            steps=ALL_ACCOUNTS,
        ),
        days=1,
    ),
    cleanly(
        "a step without integrations is left out",
        HUBSPOT,
        draft(
            HUBSPOT,
            profiles(1),
            JANE,
            steps={1: {"is_left_out": True}, 2: {"accounts": (CRM,)}},
        ),
        days=1,
    ),
    cleanly(
        "rotation without a chosen account",
        ACTIVITY,
        draft(ACTIVITY, profiles(3), steps={0: {"rotation": "true"}}),
    ),
    cleanly(
        "an account that was repaired",
        ACTIVITY,
        draft(ACTIVITY, profiles(1), EXPIRED),
        before=(lambda scene: scene.save_account("linkedin", EXPIRED, cookies={"li_at": "fresh"}),),
    ),
    cleanly(
        "exactly 80 % of a day's limit",
        PROFILE,
        draft(PROFILE, profiles(64), OMAR),
        days=1,
    ),
    cleanly(
        "a level with a higher limit",
        PROFILE,
        draft(PROFILE, profiles(100), JANE),
        days=1,
    ),
    cleanly(
        "a limit that was used up in a window now past",
        PROFILE,
        draft(PROFILE, profiles(60), OMAR),
        before=(*visited(80, OMAR), waited(hours=30)),
        days=1,
    ),
    cleanly(
        "rotation over two accounts that suffice together",
        PROFILE,
        draft(PROFILE, profiles(100), OMAR, MEI, steps={0: {"rotation": "true"}}),
        days=1,
    ),
    cleanly(
        "a step whose template is not known",
        PROFILE,
        draft(PROFILE, profiles(100), OMAR),
        but=but(templates={}),
    ),
    cleanly(
        "alone, more rows than the plan has inputs in parallel",
        FIND,
        draft(FIND, people(150)),
        plan_limit=100,
    ),
    cleanly(
        "exactly the inputs in parallel that the plan has",
        FIND,
        draft(FIND, people(40)),
        plan_limit=100,
        before=(launched(VISIT, draft(VISIT, profiles(60), JANE)),),
    ),
    cleanly(
        "many rows after others are done",
        FIND,
        draft(FIND, people(80)),
        plan_limit=100,
        before=(launched(FIND, draft(FIND, people(90, 501))), waited(minutes=10)),
    ),
    cleanly(
        "a repeat schedule with a name of its own",
        FIND,
        draft(FIND, people(2), name="Nightly", schedule_type="hour", schedule_value="3"),
        but=but(schedules=(schedule("Weekly"),)),
    ),
    cleanly("a delay", FIND, draft(FIND, people(2), delay="90")),
    cleanly(
        "a rhythm that leaves past jobs the time they take",
        FIND,
        draft(FIND, people(2), schedule_type="minute", schedule_value="1"),
        before=(launched(FIND, draft(FIND, people(2, 11))), waited(hours=2)),
    ),
    cleanly(
        "one row of three was launched before",
        FIND,
        draft(FIND, people(3)),
        before=(launched(FIND, draft(FIND, people(1))), waited(minutes=5)),
    ),
)
