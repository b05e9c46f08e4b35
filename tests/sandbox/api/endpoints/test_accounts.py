"""Integrations, accounts, their limits and credentials."""

from __future__ import annotations

import json
from typing import Any

import pytest

from playground.sandbox import catalog
from playground.sandbox.storage.memory import MemoryStore
from tests.sandbox import world
from tests.sandbox.world import EXPIRED, FIND, JANE, PERSON, World

LINKEDIN = "/integrations/linkedin/accounts"
HUBSPOT = "/integrations/hubspot/accounts"
OUTLOOK = "/integrations/outlook/accounts"
SHEETS = "/integrations/google-sheets/accounts"
OWNER = catalog.USERS[0].uid
PROFILE_ROW = {"linkedin_profile_url": "https://www.linkedin.com/in/jane-doe/"}


def save(sandbox: World, path: str, **account: Any) -> dict[str, Any]:
    found: dict[str, Any] = sandbox.post(path, {"account": account})
    return found


def listed(sandbox: World, path: str = LINKEDIN) -> dict[str, Any]:
    return {item["uid"]: item for item in sandbox.get(path)["accounts"]}


def test_integrations_are_listed_with_their_slugs() -> None:
    integrations = World().get("/integrations")

    assert [(item["permalink"], item["title"]) for item in integrations] == [
        ("linkedin", "LinkedIn"),
        ("hubspot", "HubSpot"),
        ("outlook", "Outlook"),
        ("google-sheets", "Google Sheets"),
        ("slack", "Slack"),
    ]


def test_accounts_are_listed_as_in_the_contract() -> None:
    page = World().get(LINKEDIN)

    account = page["accounts"][0]
    limits = account.pop("limits")
    assert {key: page[key] for key in page if key != "accounts"} == {
        "integration": {"uid": catalog.INTEGRATIONS[0].uid, "title": "LinkedIn"},
        "next_page_exist": False,
        "number_total_acounts": 6,
    }
    assert account == {
        "uid": JANE,
        "name": "Jane's Sales Navigator",
        "setup_at": "2024-02-10T15:12:17.652585",
        "cookies": {"li_at": "********", "li_a": "********", "JSESSIONID": "********"},
        "via_extension": False,
        "is_shared": False,
        "level": "Sales Navigator",
        "is_valid": True,
        "application_permalink": "linkedin",
        "application_name": "LinkedIn",
    }
    assert [limit["level"] for limit in limits] == ["Sales Navigator"] * 3


@pytest.mark.parametrize(
    ("query", "has"), [("", True), ("?stats=true", True), ("?stats=no", False)]
)
def test_limits_come_with_stats_only(query: str, has: bool) -> None:
    page = World().get(LINKEDIN + query)

    assert {"limits" in account for account in page["accounts"]} == {has}


def test_an_integration_without_accounts_has_an_empty_listing() -> None:
    page = World().get("/integrations/slack/accounts")

    assert (page["accounts"], page["number_total_acounts"]) == ([], 0)


def test_a_created_account_is_listed_valid_and_can_be_launched_with() -> None:
    sandbox = World()

    made = save(sandbox, LINKEDIN, name="New", user_uid=OWNER, cookies={"li_at": "secret"})
    uid = sandbox.launch(world.PROFILE, world.body(world.PROFILE, [PROFILE_ROW], made["uid"]))
    sandbox.pass_seconds(60)

    assert made == {
        "uid": made["uid"],
        "name": "New",
        "setup_at": "2025-03-01T12:00:00.000000",
        "cookies": {"li_at": "********"},
        "via_extension": False,
        "is_shared": False,
        "level": "Classic",
        "is_valid": True,
        "application_permalink": "linkedin",
        "application_name": "LinkedIn",
    }
    assert listed(sandbox)[made["uid"]].items() >= made.items()
    assert sandbox.status(uid) == "finished"


def test_both_cookies_make_a_sales_navigator_account() -> None:
    made = save(World(), LINKEDIN, name="New", cookies={"li_at": "a", "li_a": "b"})

    assert made["level"] == "Sales Navigator"


def test_an_update_changes_only_what_is_sent() -> None:
    sandbox = World()
    before = listed(sandbox)[EXPIRED]

    save(sandbox, LINKEDIN, uid=EXPIRED, name="Mei")

    assert listed(sandbox)[EXPIRED] == before | {"name": "Mei"}


def test_new_credentials_make_an_account_valid() -> None:
    sandbox = World()

    saved = save(sandbox, LINKEDIN, uid=EXPIRED, cookies={"li_at": "new"})

    assert (saved["is_valid"], listed(sandbox)[EXPIRED]["is_valid"]) == (True, True)


def test_an_account_can_be_shared() -> None:
    saved = World().post(LINKEDIN, {"account": {"uid": JANE}, "shared_account": True})

    assert saved["is_shared"] is True


@pytest.mark.parametrize("item", catalog.TEST_CREDENTIALS, ids=lambda item: item.value)
def test_test_credentials_make_an_account_that_does_not_work(item: Any) -> None:
    made = save(World(), HUBSPOT, name="New", api_key=item.value)

    assert made["is_valid"] is False


def test_six_digits_answer_a_login_challenge() -> None:
    sandbox = World()
    made = save(sandbox, LINKEDIN, name="New", cookies={"li_at": "test:checkpoint"})

    answered = sandbox.post(f"/accounts/{made['uid']}/checkpoint", {"code": "123456"})

    number = made["uid"][-6:]
    assert answered == made | {
        "is_valid": True,
        "meta": {
            "name": "New",
            "id": number,
            "url": f"https://www.linkedin.com/in/sample-{number}",
            "type": "CLASSIC",
        },
    }
    assert listed(sandbox)[made["uid"]]["is_valid"] is True


@pytest.mark.parametrize(
    "content",
    [{}, {"code": 123456}, {"code": "12345"}, {"code": "１２３４５６"}, {"code": "123456\n"}],
)
def test_any_other_code_does_not(content: dict[str, Any]) -> None:
    refusal = World().refusal("POST", f"/accounts/{EXPIRED}/checkpoint", content)

    assert refusal == (400, "code must be text of six digits.")


def test_only_linkedin_challenges() -> None:
    uid = world.account("HubSpot production")

    refusal = World().refusal("POST", f"/accounts/{uid}/checkpoint", {"code": "123456"})

    assert refusal == (400, "Only LinkedIn accounts have a login challenge.")


@pytest.mark.parametrize(
    ("path", "content", "status", "sentence"),
    [
        (LINKEDIN, b"", 400, "The body cannot be read: not valid JSON (it ends too early)."),
        (LINKEDIN, [], 400, "The body must be a JSON object, not an array."),
        (
            LINKEDIN,
            {},
            400,
            "account must be an object with the account's name and credentials.",
        ),
        (
            LINKEDIN,
            {"account": {"cookies": {"li_at": "x"}}},
            400,
            "account.name is missing: a new account needs a name.",
        ),
        (
            LINKEDIN,
            {"account": {"name": "A"}},
            400,
            "account.cookies.li_at is missing: LinkedIn needs its session.",
        ),
        (
            LINKEDIN,
            {"account": {"uid": JANE, "cookies": {"li_a": "x"}}},
            400,
            "account.cookies.li_at is missing: LinkedIn needs its session.",
        ),
        (
            HUBSPOT,
            {"account": {"name": "A", "api_key": ""}},
            400,
            "account.api_key is missing: HubSpot needs a key.",
        ),
        (
            HUBSPOT,
            {"account": {"name": "A", "username": "x", "password": "y"}},
            400,
            "account.api_key is missing: HubSpot needs a key.",
        ),
        (
            LINKEDIN,
            {"account": {"name": "A", "api_key": "x"}},
            400,
            "account.cookies.li_at is missing: LinkedIn needs its session.",
        ),
        (
            OUTLOOK,
            {"account": {"name": "A", "api_key": "x"}},
            400,
            "account.password is missing: Outlook needs a user name and its password.",
        ),
        (
            OUTLOOK,
            {"account": {"name": "A", "username": "x", "password": " "}},
            400,
            "account.password is missing: Outlook needs a user name and its password.",
        ),
        (
            OUTLOOK,
            {"account": {"name": "A", "password": "x"}},
            400,
            "account.username is missing: Outlook needs a user name and its password.",
        ),
        (
            SHEETS,
            {"account": {"name": "A", "cookies": {"session": "x"}}},
            400,
            "account.api_key is missing: Google Sheets needs a key.",
        ),
        (
            HUBSPOT,
            {"account": {"name": 7, "api_key": "x"}},
            400,
            "account.name must be text, not a whole number.",
        ),
        (
            HUBSPOT,
            {"account": {"name": "A", "cookies": []}},
            400,
            "account.cookies must be an object, not an array.",
        ),
        (
            LINKEDIN,
            {"account": {"name": "A", "cookies": {"li_at": 5}}},
            400,
            "account.cookies.li_at must be text, not a whole number.",
        ),
        (
            LINKEDIN,
            {"account": {"name": "A", "cookies": {str(n): "x" for n in range(101)}}},
            400,
            "account.cookies has too many cookies, or too long a name.",
        ),
        (
            HUBSPOT,
            {"account": {"name": "A", "api_key": "x", "user_uid": "nobody"}},
            400,
            "account.user_uid is not the UID of a user of this workspace.",
        ),
        (
            HUBSPOT,
            {"account": {"uid": JANE}},
            404,
            "There is no account of hubspot with this uid.",
        ),
        (
            HUBSPOT,
            {"account": {}, "resume_paused_jobs": "yes"},
            400,
            "resume_paused_jobs must be true or false, not text.",
        ),
        (
            HUBSPOT,
            {"account": {}, "shared_account": 1},
            400,
            "shared_account must be true or false, not a whole number.",
        ),
    ],
)
def test_a_wrong_account_is_refused_and_nothing_is_kept(
    path: str, content: Any, status: int, sentence: str
) -> None:
    store = MemoryStore()

    refusal = World(store=store).refusal("POST", path, content)

    assert refusal == (status, sentence)
    assert store.list_changes() == ()


def test_a_deleted_account_is_gone() -> None:
    sandbox = World()

    answer = sandbox.delete(f"{LINKEDIN}/{JANE}")
    refusal = sandbox.refusal(
        "POST",
        f"/workflows/{world.PROFILE.uid}/schedule",
        world.body(world.PROFILE, [PROFILE_ROW], JANE),
    )

    assert answer == {"message": "Account deleted."}
    assert JANE not in listed(sandbox)
    assert refusal == (400, "steps[0].accounts[0] is not the UID of an account of this workspace.")


def test_secrets_are_neither_kept_nor_shown() -> None:
    store = MemoryStore()
    sandbox = World(store=store)
    canaries = [f"canary-{number}" for number in range(5)]

    save(sandbox, LINKEDIN, name="A", cookies={"li_at": canaries[0], "li_a": canaries[1]})
    save(sandbox, HUBSPOT, name="B", api_key=canaries[2])
    save(sandbox, OUTLOOK, name="C", username=canaries[3], password=canaries[4])

    shown = [listed(sandbox, path) for path in (LINKEDIN, HUBSPOT, OUTLOOK)]
    kept = repr(store.list_changes()) + json.dumps(shown)
    assert [canary for canary in canaries if canary in kept] == []


CANARY = "canary-7f3c"


@pytest.mark.parametrize("path", [LINKEDIN, HUBSPOT, OUTLOOK, SHEETS])
@pytest.mark.parametrize(
    "content",
    [
        {"account": {"name": "A", "cookies": {"li_at": [CANARY]}}},
        {"account": {"name": "A", "cookies": {CANARY: 1}}},
        {"account": {"name": "A", "cookies": {"li_a": CANARY}}},
        {"account": {"name": "A", "cookies": CANARY}},
        {"account": {"name": "A", "cookies": {CANARY * 20: CANARY}}},
        {"account": {"name": "A", "api_key": {"key": CANARY}, "password": CANARY}},
        {"account": {"name": "A", "username": [CANARY]}},
        {"account": {"api_key": CANARY, "username": CANARY, "password": CANARY}},
        {"account": {"uid": CANARY, "password": CANARY}},
        {"account": {"name": "A", "user_uid": CANARY, "cookies": {"li_at": CANARY}}},
        {"account": CANARY},
        {CANARY: CANARY, "account": {}, "resume_paused_jobs": CANARY},
        CANARY,
        b'{"account": {"name": "A", "api_key": "canary-7f3c',
        b'{"account": {"name": "A", "api_key": canary-7f3c}}',
        b'{"account": {"name": "A", "api_key": "canary-7f3c\xff"}}',
    ],
)
def test_no_refusal_repeats_a_secret(path: str, content: Any) -> None:
    status, sentence = World().refusal("POST", path, content)

    assert status in (400, 404)
    assert CANARY not in sentence


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        (HUBSPOT, {"api_key": "x"}),
        (SHEETS, {"api_key": "x"}),
        (OUTLOOK, {"username": "jane@example.com", "password": "x"}),
        (LINKEDIN, {"cookies": {"li_at": "x", "li_a": "y", "JSESSIONID": "z"}}),
    ],
)
def test_credentials_that_fit_the_integration_make_a_valid_account(
    path: str, sent: dict[str, Any]
) -> None:
    made = save(World(), path, name="New", **sent)

    assert made["is_valid"] is True


def test_any_one_credential_is_enough_for_an_update() -> None:
    uid = world.account("team@example.com")

    saved = save(World(), OUTLOOK, uid=uid, password="test:expired")

    assert saved["is_valid"] is False


def test_accounts_come_thirty_a_page() -> None:
    sandbox = World()
    for number in range(30):
        save(sandbox, HUBSPOT, name=f"Account {number}", api_key="x")

    pages = [sandbox.get(f"{HUBSPOT}?page={page}") for page in (0, 1, 2)]

    assert [
        (len(page["accounts"]), page["next_page_exist"], page["number_total_acounts"])
        for page in pages
    ] == [(30, True, 32), (2, False, 32), (0, False, 32)]


def limit(sandbox: World, name: str) -> dict[str, Any]:
    limits = listed(sandbox)[JANE]["limits"]
    return next(item for item in limits if item["limit_name"] == name)


def test_limits_count_the_inputs_launched_in_their_window() -> None:
    sandbox = World()
    sandbox.pass_seconds(3_600)
    sandbox.launch(world.PROFILE, world.body(world.PROFILE, [PROFILE_ROW] * 40, JANE))
    sandbox.launch(FIND, world.body(FIND, [PERSON] * 5))

    used = limit(sandbox, "profile visits")
    untouched = limit(sandbox, "connection requests")
    sandbox.pass_seconds(24 * 3_600 + 1)
    next_day = limit(sandbox, "profile visits")

    assert used == {
        "permalink": "lk-sales-nav-profile-visits",
        "level": "Sales Navigator",
        "item_scraped": 40,
        "limit_value": 150,
        "limit_name": "profile visits",
        "start_time_range": "2025-03-01T13:00:00",
        "end_time_range": "2025-03-02T13:00:00",
        "templates": [
            "5a9db0c0-0006-4000-8000-000000000016",
            "5a9db0c0-0006-4000-8000-000000000012",
        ],
        "nbr_inputs_queued_next_seven_days": 0,
    }
    assert (untouched["item_scraped"], next_day["item_scraped"]) == (0, 0)


def test_what_is_over_the_limit_or_still_to_come_is_queued() -> None:
    sandbox = World()
    sandbox.launch(world.PROFILE, world.body(world.PROFILE, [PROFILE_ROW] * 160, JANE))
    daily = {"type": "day", "value": 1}
    sandbox.launch(
        world.PROFILE,
        world.body(world.PROFILE, [PROFILE_ROW] * 2, JANE, repeat_option=daily, delay=60),
    )

    used = limit(sandbox, "profile visits")

    # Ten over the limit of 150, and two on each of seven days.
    assert (used["item_scraped"], used["nbr_inputs_queued_next_seven_days"]) == (150, 24)


def test_an_integration_can_be_named_by_its_uid() -> None:
    sandbox = World()

    by_uid = sandbox.get(f"/integrations/{catalog.INTEGRATIONS[0].uid}/accounts")

    assert by_uid == sandbox.get(LINKEDIN)
