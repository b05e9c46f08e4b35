"""Arbitrary worlds in which accounts have daily limits: what callers do, and when."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from playground.contract.workflows import Workflow
from tests.sandbox import world
from tests.sandbox.limits.limited import (
    CONNECT,
    DAY,
    EXPIRED,
    JANE,
    LINKEDIN,
    MEI,
    OMAR,
    ROW,
    VISIT,
)
from tests.sandbox.world import PROFILE, VISIT_CONNECT, World

WORKFLOWS = (VISIT, CONNECT, PROFILE, VISIT_CONNECT)
ACCOUNTS = (OMAR, MEI, JANE, EXPIRED)
# Seconds from one act to the next; time is also set back.
PAUSES = (0.0, 0.0, 0.1, 0.5, 3.0, 60.0, 9_000.0, DAY - 4.0, DAY, 1.7 * DAY, -0.3, -20.0, -DAY)
KINDS = ("launch", "launch", "launch", "schedule", "cancel", "retry", "account", "unschedule")


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What one caller does at one moment; `seed` decides the rest."""

    kind: str
    pause: float
    seed: int


def some_act(chance: random.Random) -> Act:
    kind, pause = chance.choice(KINDS), chance.choice(PAUSES)
    return Act(kind=kind, pause=pause, seed=chance.getrandbits(32))


def perform(sandbox: World, act: Act, jobs: list[str]) -> None:
    """Adds the UIDs of launched jobs to `jobs`. A refused act is none."""
    chance = random.Random(act.seed)
    sandbox.now += timedelta(seconds=act.pause)
    if act.kind in ("launch", "schedule"):
        of = chance.choice(WORKFLOWS)
        content = _body(chance, of, is_repeating=act.kind == "schedule")
        response = sandbox.send("POST", f"/workflows/{of.uid}/schedule", content)
        if response.status == 200:
            jobs.append(json.loads(response.body)["job_uid"])
    elif act.kind == "account":
        _change_account(sandbox, chance)
    elif act.kind == "unschedule":
        sandbox.send("DELETE", "/jobs/Test")
    elif jobs:
        uid = chance.choice(jobs)
        content = chance.choice([None, None, _body(chance, VISIT, is_repeating=False)])
        sandbox.send("POST", f"/jobs/{uid}/{act.kind}", content if act.kind == "retry" else None)


def _body(chance: random.Random, of: Workflow, *, is_repeating: bool) -> dict[str, Any]:
    rows = [ROW] * chance.choice([1, 7, 50, 79, 80, 81, 130, 300])
    test = chance.choice(["", "", "", "not-found", "warning", "shutdown", "paused", "slow"])
    if test:
        rows[0] = {"linkedin_profile_url": f"test:{test}"}
    accounts = chance.sample(ACCOUNTS, chance.choice([0, 1, 1, 1, 2, 3]))
    content = world.body(of, rows, *accounts)
    for item in content["steps"]:
        item["accounts_rotation_enabled"] = chance.random() < 0.3
    content["delay"] = chance.choice([0, 0, 0, 5, 3_600, 2 * DAY])
    if is_repeating:
        unit, value = chance.choice([("minute", 90), ("hour", 5), ("day", 1), ("week", 1)])
        content["repeat_option"] = {"type": unit, "value": value}
    return content


def _change_account(sandbox: World, chance: random.Random) -> None:
    uid = chance.choice(ACCOUNTS)
    if chance.random() < 0.1:
        sandbox.send("DELETE", f"{LINKEDIN}/{uid}")
        return
    value = chance.choice(["new", "new", "test:expired"])
    cookies = {"li_at": value} | chance.choice([{}, {"li_a": "x"}])
    content = {"account": {"uid": uid, "cookies": cookies}}
    sandbox.send("POST", LINKEDIN, content | {"resume_paused_jobs": chance.random() < 0.6})


def told(sandbox: World) -> list[Any]:
    """All that the API tells of limits and of jobs that may depend on them."""
    paths = [LINKEDIN, *(f"/workflows/{of.uid}/jobs" for of in WORKFLOWS)]
    return [sandbox.get(path) for path in paths]
