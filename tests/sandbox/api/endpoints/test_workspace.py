from __future__ import annotations

from typing import Any

import pytest

from playground.sandbox import catalog
from playground.services.users import directory
from tests.sandbox import world
from tests.sandbox.world import BASE_URL, PROJECT, World

JANE = catalog.USERS[0].uid


NO_COUNTRY = "country must be the two letters of a country in ISO 3166-1."
NO_TIMEZONE = "timezone must be the name of a time zone, such as Europe/Paris (IANA database)."


def emails(page: dict[str, Any]) -> list[str]:
    return [user["email"] for user in page["users"]]


def test_users_are_listed_as_in_the_contract() -> None:
    page = World().get("/users")

    jane = page["users"][0]
    accounts = jane.pop("accounts")
    assert jane == {
        "uid": JANE,
        "email": "jane@example.com",
        "first_name": "Jane",
        "last_name": "Doe",
        "full_name": "Jane Doe",
        "country": "fr",
        "project_uid": PROJECT,
    }
    assert accounts[0] == {"uid": world.JANE, "application_permalink": "linkedin"}
    assert {key: page[key] for key in page if key != "users"} == {
        "nbr_users": 3,
        "limit": 30,
        "pages": 1,
        "paging": {"previous": None, "next": None},
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?role=owner", ["jane@example.com"]),
        ("?role=external", ["mei@example.org"]),
        ("?role=admin", []),
        ("?search_term=OMAR", ["omar@example.com"]),
        ("?search_term=example.com", ["jane@example.com", "omar@example.com"]),
        ("?search_term=%20lin%20", ["mei@example.org"]),
        ("?search_term=nobody", []),
    ],
)
def test_users_are_found_by_role_and_term(query: str, expected: list[str]) -> None:
    page = World().get("/users" + query)

    assert emails(page) == expected


def test_accounts_can_be_left_out() -> None:
    page = World().get("/users?retrieve_accounts=false")

    assert [user["accounts"] for user in page["users"]] == [[], [], []]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?role=king", "role must be one of user, external, admin, owner."),
        ("?role=", "role must be one of user, external, admin, owner."),
        ("?retrieve_accounts=maybe", "retrieve_accounts must be true or false."),
    ],
)
def test_a_query_that_means_nothing_is_refused(query: str, sentence: str) -> None:
    refusal = World().refusal("GET", "/users" + query)

    assert refusal == (400, sentence)


def test_a_created_user_is_listed_and_owns_accounts() -> None:
    sandbox = World()
    sent = {"email": "new@example.com", "full_name": "New Person Here", "country": "DE"}

    answer = sandbox.post("/users", sent | {"timezone": "Europe/Berlin"})

    user = answer["user"]
    assert answer == {
        "user": {
            "uid": user["uid"],
            "email": "new@example.com",
            "first_name": "New",
            "last_name": "Person Here",
            "full_name": "New Person Here",
            "country": "DE",
            "project_uid": PROJECT,
            "accounts": [],
        },
        "message": "User created.",
    }
    assert sandbox.get("/users?role=external")["users"][1] == user


def test_an_update_changes_only_what_is_sent() -> None:
    sandbox = World()
    before = sandbox.get("/users")["users"][0]

    answer = sandbox.post("/users", {"uid": JANE, "country": "be", "email": None})

    assert answer == {"user": before | {"country": "be"}, "message": "User updated."}


@pytest.mark.parametrize(
    ("content", "status", "sentence"),
    [
        ("x", 400, "The body must be a JSON object, not text."),
        ({"uid": "nobody"}, 404, "There is no user with this uid."),
        ({"email": 5}, 400, "email must be text, not a whole number."),
        ({"email": "nowhere"}, 400, "email must be an e-mail address."),
        ({"email": "two words@example.com"}, 400, "email must be an e-mail address."),
        ({"email": ""}, 400, "email must be an e-mail address."),
        ({"email": "@example.com"}, 400, "email must be an e-mail address."),
        ({"email": "a@" + "b" * 319}, 400, "email must be an e-mail address."),
        *(({"country": text}, 400, NO_COUNTRY) for text in ("France", "ÄÖ", " FR", "ß", "1F")),
        *(({"country": text}, 400, NO_COUNTRY) for text in ("ZZ", "UK", "EU", "eu", "AN", "XX")),
        *(
            ({"timezone": text}, 400, NO_TIMEZONE)
            for text in ("Mars/Phobos", "europe/paris", "Europe/Paris ", "Europe", "+01:00", "CEST")
        ),
        ({"country": "ua"}, 400, "country UA is not supported."),
        (b'{"a":' * 450 + b"1" + b"}" * 450, 400, "The body cannot be read: nested too deeply."),
    ],
)
def test_a_wrong_user_is_refused(content: Any, status: int, sentence: str) -> None:
    refusal = World().refusal("POST", "/users", content)

    assert refusal == (status, sentence)


def test_a_deleted_user_is_gone_with_all_accounts() -> None:
    sandbox = World()

    answer = sandbox.delete(f"/users/{JANE}")

    accounts = sandbox.get("/integrations/linkedin/accounts")["accounts"]
    assert answer == {"message": "User deleted."}
    assert emails(sandbox.get("/users")) == ["omar@example.com", "mei@example.org"]
    assert world.JANE not in {account["uid"] for account in accounts}


def test_users_come_thirty_a_page_with_addresses_that_keep_the_search() -> None:
    sandbox = World()
    for number in range(40):
        sandbox.post("/users", {"email": f"n{number}@ex.example"})

    pages = [sandbox.get(f"/users?search_term=ex.example&page={page}") for page in (0, 1)]

    address = f"{BASE_URL}/users?search_term=ex.example&page="
    assert [(len(page["users"]), page["nbr_users"], page["pages"]) for page in pages] == [
        (30, 40, 2),
        (10, 40, 2),
    ]
    assert [page["paging"] for page in pages] == [
        {"previous": None, "next": f"{address}1"},
        {"previous": f"{address}0", "next": None},
    ]


@pytest.mark.parametrize("country", ["GB", "gb", "Fr", "TW", "SS", ""])
@pytest.mark.parametrize("timezone", ["Europe/London", "UTC", "America/Argentina/Ushuaia", ""])
def test_any_country_and_time_zone_that_there_is_is_taken(country: str, timezone: str) -> None:
    sandbox = World()

    answer = sandbox.post("/users", {"uid": JANE, "country": country, "timezone": timezone})

    assert answer["user"]["country"] == country


def test_page_and_sandbox_refuse_the_same_users() -> None:
    sandbox = World()
    texts = {
        "country": ("FR", "uk", "zz", "EU", "ua", "France", "F", "ÄÖ"),
        "timezone": ("Europe/Paris", "Mars/Phobos", "UTC", "Europe"),
        "email": ("a@b", "a@", "@b", "a b@c", "a@b@c", "x@" + "y" * 319, "ä@müller.example"),
    }
    for field, values in texts.items():
        for value in values:
            problems = directory.find_problems(directory.UserDraft(**{field: value}), is_new=False)
            answer = sandbox.send("POST", "/users", {"uid": JANE, field: value})
            assert (answer.status == 400) is bool(problems), (field, value)
