"""Jobs whose accounts have daily limits, and what the accounts tell of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.sandbox import world
from tests.sandbox.world import JANE, World

VISIT, CONNECT = (
    world.workflow("Visit LinkedIn Profile"),
    world.workflow("Connect LinkedIn Profile"),
)
# Visits a day: 80 on a Classic account, 150 on one of Sales Navigator. Connections: 25 and 40.
OMAR, MEI = world.account("Omar's LinkedIn"), world.account("Mei by extension")
TEAM, EXPIRED = world.account("Team Sales Navigator"), world.EXPIRED
LINKEDIN = "/integrations/linkedin/accounts"
ROW = {"linkedin_profile_url": "https://www.linkedin.com/in/jane-doe/"}
DAY = 86_400
HOUR = 3_600

__all__ = ["CONNECT", "DAY", "EXPIRED", "HOUR", "JANE", "LINKEDIN", "MEI", "OMAR", "ROW"]
__all__ += ["TEAM", "VISIT", "at", "launch", "reported", "rotating", "seen", "windows"]


def launch(
    sandbox: World, rows: int, *accounts: str, of: world.Workflow = VISIT, **changes: Any
) -> str:
    return sandbox.launch(of, world.body(of, [ROW] * rows, *accounts, **changes))


def rotating(
    sandbox: World, rows: int, *accounts: str, of: world.Workflow = VISIT, **changes: Any
) -> str:
    content = world.body(of, [ROW] * rows, *accounts, **changes)
    for step in content["steps"]:
        step["accounts_rotation_enabled"] = True
    return sandbox.launch(of, content)


def at(sandbox: World, seconds: float) -> World:
    sandbox.now = world.START + timedelta(seconds=seconds)
    return sandbox


def seen(sandbox: World, uid: str) -> tuple[str, int]:
    job = sandbox.job(uid)
    return job["status"], job["row_count"]


def windows(sandbox: World, account: str = OMAR, name: str = "profile visits") -> dict[str, Any]:
    """The account's limit of this name as it is reported."""
    listed = {item["uid"]: item for item in sandbox.get(LINKEDIN)["accounts"]}
    found: dict[str, Any] = next(
        limit for limit in listed[account]["limits"] if limit["limit_name"] == name
    )
    return found


def reported(sandbox: World, account: str = OMAR, name: str = "profile visits") -> tuple[int, int]:
    """Inputs of the open window, and those that wait."""
    limit = windows(sandbox, account, name)
    return limit["item_scraped"], limit["nbr_inputs_queued_next_seven_days"]
