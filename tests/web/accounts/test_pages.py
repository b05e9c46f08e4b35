"""The accounts' pages: all integrations with what their accounts may do, and one account."""

from __future__ import annotations

import datetime as dt
import threading
import time
import uuid
from urllib.parse import unquote

import httpx
import pytest
from django.utils import timezone
from selectolax.lexbor import LexborHTMLParser

from playground.models import Launch, LaunchAccount, LaunchState
from playground.services import people
from playground.services.accounts import lookup as account_lookup
from playground.services.accounts import owners as account_owners
from playground.services.upstream_cache import parallel

ADDRESS = "/accounts/"
HOUR = dt.timedelta(hours=1)
W1, W2 = "w-1", "w-2"
JANE, OLD, TEAM, CRM = "a-jane", "a-old", "a-team", "a-crm"
NOW = dt.datetime.now(dt.UTC)
SOON = (NOW + dt.timedelta(hours=5, minutes=12, seconds=30)).isoformat()
ENDLESS = "over 1,000,000,000,000,000 of over 1,000,000,000,000,000"
PAST = (NOW - dt.timedelta(days=3)).isoformat()


def limit(used, most, **more) -> dict[str, object]:
    return {
        "permalink": "lk-visits",
        "limit_name": "profile visits",
        "item_scraped": used,
        "limit_value": most,
        "end_time_range": SOON,
        "nbr_inputs_queued_next_seven_days": 0,
        "templates": ["t-1"],
    } | more


LISTED = {
    "linkedin": [
        {
            "uid": JANE,
            "name": "Jane's <Navigator>",
            "is_valid": True,
            "is_shared": False,
            "via_extension": True,
            "level": "Sales Navigator",
            "setup_at": "2024-02-10T15:12:17.652585",
            "application_name": "LinkedIn",
            "cookies": {"li_at": "secret-session"},
            "limits": [limit(12, 1150, nbr_inputs_queued_next_seven_days=30)],
        },
        {"uid": OLD, "name": "Old", "is_valid": False, "limits": [limit(80, 80)]},
        {"uid": TEAM, "name": "Team", "is_valid": True, "is_shared": True},
    ],
    "hubspot": [{"uid": CRM, "name": "CRM", "is_valid": True}],
}
USERS = [
    {
        "uid": "u-1",
        "full_name": "Jane <b>Doe</b>",
        "email": "jane@example.com",
        "accounts": [
            {"uid": JANE, "application_permalink": "linkedin"},
            {"uid": CRM, "application_permalink": "hubspot"},
        ],
    },
    {"uid": "u-2", "email": "omar@example.com", "accounts": [{"uid": OLD}]},
]


@pytest.fixture(autouse=True)
def _time_stands_still(monkeypatch) -> None:
    """Windows end a fixed while from now, however long the whole suite takes."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def details(uid: str, *slugs: str) -> dict[str, object]:
    step = {"step_uid": f"{uid}-s", "step_name": f"Step of {uid}", "integrations": list(slugs)}
    plain = {"step_uid": f"{uid}-p", "step_name": "Plain", "integrations": []}
    return {"uid": uid, "name": "Workflow", "steps": [plain, step]}


class Upstream:
    """What the pages' upstream has; each test changes it. `asked` are the paths of all calls."""

    def __init__(self, transport) -> None:
        self.workflows = {W1: details(W1, "linkedin"), W2: details(W2, "hubspot", "linkedin")}
        self.accounts = dict(LISTED)
        self.users = list(USERS)
        self.failing: set[str] = set()
        self.transport = transport
        transport.answers |= {
            "workflows": self.listing,
            "details": self.details,
            "accounts": self.list_accounts,
            "users": lambda _: self.answer("users", {"users": self.users}),
        }

    @property
    def asked(self) -> list[str]:
        return [request.url.path.removeprefix("/v3") for request in self.transport.requests]

    def answer(self, what: str, body: object) -> httpx.Response:
        if what in self.failing:
            return httpx.Response(500, json={"message": f"no {what}"})
        return httpx.Response(200, json=body)

    def listing(self, _: httpx.Request) -> httpx.Response:
        listed = [
            {"uid": uid, "name": f"Name of {uid}", "template_uid": f"t{uid[1:]}"}
            for uid in self.workflows
        ]
        return self.answer("workflows", listed)

    def details(self, request: httpx.Request) -> httpx.Response:
        uid = request.url.path.split("/")[-2]
        return self.answer(uid, self.workflows[uid])

    def list_accounts(self, request: httpx.Request) -> httpx.Response:
        slug = unquote(request.url.raw_path.decode().partition("?")[0].split("/")[-2])
        if slug not in self.accounts:
            return httpx.Response(404, json={"message": "No such integration."})
        return self.answer(slug, {"accounts": self.accounts[slug], "next_page_exist": False})


@pytest.fixture
def world(client, hosted) -> Upstream:
    return Upstream(hosted)


def texts(response, selector: str) -> list[str]:
    parser = LexborHTMLParser(response.content.decode())
    return [" ".join(node.text(deep=True).split()) for node in parser.css(selector)]


def links(response, selector: str) -> list[str | None]:
    parser = LexborHTMLParser(response.content.decode())
    return [node.attributes["href"] for node in parser.css(selector)]


def names(response) -> list[str]:
    return texts(response, ".rows .name")


def show_limit(client, world, shown) -> list[str]:
    world.accounts["linkedin"] = [{"uid": JANE, "name": "J", "limits": [shown]}]
    return texts(client.get(ADDRESS + "?integration=linkedin"), ".gauge")


def test_every_integration_in_use_is_shown_with_its_accounts(client, world):
    response = client.get(ADDRESS)

    assert texts(response, ".integration h2") == ["LinkedIn", "HubSpot"]
    assert texts(response, ".integration-head > .muted") == ["3 accounts, 1 not valid", "1 account"]
    assert names(response) == ["Jane's <Navigator>", "Old", "Team", "CRM"]
    assert texts(response, ".chips a") == ["All 4", "LinkedIn 3", "HubSpot 1"]
    assert texts(response, "nav[aria-label=Main] [aria-current]") == ["Accounts"]


def test_row_tells_everything_about_an_account(client, world):
    response = client.get(ADDRESS)

    row = LexborHTMLParser(response.content.decode()).css_first(".rows li")
    assert " ".join(row.css_first(".who").text(deep=True, separator=" ").split()) == (
        "Jane's <Navigator> valid Sales Navigator by extension a-jane Copy"
    )
    assert " ".join(row.css_first(".owner").text(deep=True, separator=" ").split()) == (
        "Jane <b>Doe</b> connected 10 Feb 2024"
    )
    assert " ".join(row.css_first(".gauges").text(deep=True, separator=" ").split()) == (
        "profile visits 12 of 1,150 used 12 of 1,150 used window ends in 5 h 12 min 30 queued"
    )
    assert row.css_first("meter").attributes["value"] == "1"
    assert links(response, ".rows .name")[0] == "/accounts/linkedin/a-jane/"
    assert links(response, ".rows .owner a") == ["/users/u-1/", "/users/u-2/", "/users/u-1/"]
    assert texts(response, ".rows .owner > .muted:first-child") == ["nobody’s"]
    assert "secret-session" not in response.content.decode()


def test_integrations_that_only_users_have_accounts_of_are_shown_too(client, world):
    world.users = [{"uid": "u", "accounts": [{"uid": "s", "application_permalink": "slack"}]}]
    world.accounts["slack"] = []

    response = client.get(ADDRESS)

    assert texts(response, ".integration h2") == ["LinkedIn", "HubSpot", "slack"]
    assert texts(response, ".integration .none") == ["No account is connected."]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "NAVIGATOR"}, ["Jane's <Navigator>"]),
        ({"q": "doe crm"}, ["CRM"]),
        ({"q": "omar@example"}, ["Old"]),
        ({"q": TEAM}, ["Team"]),
        ({"q": "nothing like it"}, []),
        ({"state": "valid"}, ["Jane's <Navigator>", "Team", "CRM"]),
        ({"state": "not-valid"}, ["Old"]),
        ({"state": "used-up"}, ["Old"]),
        ({"state": "shared"}, ["Team"]),
        ({"state": "shared", "q": "jane"}, []),
        ({"integration": "hubspot"}, ["CRM"]),
        ({"integration": "hubspot", "state": "not-valid"}, []),
        ({"integration": "unheard-of"}, []),
        ({"state": "unheard-of"}, ["Jane's <Navigator>", "Old", "Team", "CRM"]),
    ],
)
def test_list_is_narrowed(client, world, query, found):
    response = client.get(ADDRESS, query)

    assert names(response) == found
    assert texts(response, ".empty") == ([] if found else ["No account fits."])
    if query != {"state": "unheard-of"}:
        assert texts(response, "#account-list > .muted") == [
            f"{len(found)} of 4 accounts · Show all"
        ]


def test_narrowing_stays_in_the_form_and_in_every_link(client, world):
    response = client.get(ADDRESS, {"q": "e & <", "state": "valid", "integration": "linkedin"})

    html = response.content.decode()
    parser = LexborHTMLParser(html)
    assert parser.css_first("#search").attributes["value"] == "e & <"
    assert parser.css_first("#state [selected]").attributes["value"] == "valid"
    assert parser.css_first('form[role="search"] [name="integration"]').attributes["value"] == (
        "linkedin"
    )
    assert links(response, ".chips a") == [
        "?q=e+%26+%3C&state=valid",
        "?integration=linkedin&q=e+%26+%3C&state=valid",
        "?integration=hubspot&q=e+%26+%3C&state=valid",
    ]


def test_many_accounts_come_in_pages(client, world):
    world.accounts["linkedin"] = [{"uid": f"a-{at}", "name": f"No {at}"} for at in range(120)]

    pages = [client.get(ADDRESS, {"page": number, "q": ""}) for number in ("1", "3", "99", "x")]

    first, last, beyond, nonsense = pages
    assert names(first) == names(nonsense) == [f"No {at}" for at in range(50)]
    assert names(last) == names(beyond) == [*(f"No {at}" for at in range(100, 120)), "CRM"]
    assert texts(last, ".pages span") == ["Page 3 of 3"]
    assert links(last, ".pages a") == ["?page=2"]
    assert texts(last, ".integration h2") == ["LinkedIn", "HubSpot"]


def test_failing_integration_says_so_and_the_others_work(client, world):
    world.failing = {"linkedin"}

    response = client.get(ADDRESS)

    (notice,) = texts(response, ".integration .notice")
    assert notice == (
        "linkedin: The upstream failed with an internal error (500). Nothing was changed; "
        "try again in a moment. It said: “no linkedin”"
    )
    assert names(response) == ["CRM"]
    assert texts(response, ".chips a") == ["All at least 1", "LinkedIn not known", "HubSpot 1"]


def test_failing_listing_of_users_leaves_owners_unknown(client, world):
    world.failing = {"users"}

    response = client.get(ADDRESS)

    assert names(response) == ["Jane's <Navigator>", "Old", "Team", "CRM"]
    assert texts(response, ".rows .owner > .muted:first-child") == ["owner unknown"] * 4
    (notice,) = texts(response, ".page > .notice")
    assert notice.startswith("Who owns the accounts is not known. The upstream failed")


def test_failing_listing_of_workflows_leaves_what_users_have(client, world):
    world.failing = {"workflows"}

    response = client.get(ADDRESS)

    assert names(response) == ["Jane's <Navigator>", "Old", "Team", "CRM"]
    (notice,) = texts(response, ".page > .notice")
    assert notice.startswith("The workflows could not be listed. The upstream failed")


def test_upstream_that_lists_nothing_at_all_is_said_plainly(client, world):
    world.failing = {"workflows", "users"}

    response = client.get(ADDRESS)

    assert response.status_code == 502
    assert texts(response, "h1") == ["The upstream gave no answer"]


def test_failing_workflows_are_counted_and_the_others_used(client, world):
    world.failing = {W2}
    world.users = []

    response = client.get(ADDRESS)

    assert texts(response, ".integration h2") == ["LinkedIn"]
    (notice,) = texts(response, ".page > .notice")
    assert notice.startswith(
        "1 of 2 workflows could not be looked at yet. Reload to go on. The upstream failed"
    )


def test_workflows_are_looked_at_once_and_then_kept(client, world):
    client.get(ADDRESS)
    client.get(ADDRESS)

    assert sorted(world.asked) == [
        "/integrations/hubspot/accounts",
        "/integrations/linkedin/accounts",
        "/users",
        "/workflows",
        "/workflows/w-1/details",
        "/workflows/w-2/details",
    ]


@pytest.mark.parametrize("is_sandbox", [True, False])
def test_many_slow_workflows_do_not_hold_up_the_page(
    client, world, settings, monkeypatch, is_sandbox
):
    settings.UPSTREAM_IS_SANDBOX = is_sandbox
    monkeypatch.setattr(account_owners, "USES_PATIENCE", 0.25)
    world.workflows = {f"w-{at}": details(f"w-{at}", "linkedin") for at in range(100)}
    under_way, most, guard = [0], [0], threading.Lock()

    def slow(request):
        with guard:
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
        time.sleep(0.02)
        with guard:
            under_way[0] -= 1
        return world.details(request)

    world.transport.answers["details"] = slow
    first = client.get(ADDRESS)

    (notice,) = texts(first, ".page > .notice")
    missing = int(notice.split()[0])
    assert notice == f"{missing} of 100 workflows could not be looked at yet. Reload to go on."
    assert 0 < missing < 100
    assert names(first) == ["Jane's <Navigator>", "Old", "Team", "CRM"]
    assert most[0] == 1 if is_sandbox else 1 < most[0] <= parallel.MOST_AT_A_TIME
    for _ in range(100):
        last = client.get(ADDRESS)
        if not texts(last, ".page > .notice"):
            break
    assert world.asked.count("/workflows/w-7/details") == 1
    assert texts(last, ".page > .notice") == []


def test_slow_integration_is_named_and_comes_with_a_later_look(
    client, world, settings, monkeypatch
):
    settings.UPSTREAM_IS_SANDBOX = False
    monkeypatch.setattr(account_lookup, "PATIENCE", 0.5)
    go_on = threading.Event()

    def answer(request):
        if "hubspot" in request.url.path:
            assert go_on.wait(60)
        return world.list_accounts(request)

    world.transport.answers["accounts"] = answer
    first = client.get(ADDRESS)
    go_on.set()
    # It is waited for no more, having taken so long: the answer is there a moment later.
    for _ in range(100):
        second = client.get(ADDRESS)
        if not texts(second, ".integration .notice"):
            break
        time.sleep(0.05)

    assert texts(first, ".integration .notice") == [
        "The accounts of hubspot take long to come: the upstream is still being asked."
    ]
    assert names(first) == ["Jane's <Navigator>", "Old", "Team"]
    assert names(second) == ["Jane's <Navigator>", "Old", "Team", "CRM"]
    assert world.asked.count("/integrations/hubspot/accounts") == 1


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        (limit(0, 25), "profile visits 0 of 25 used 0 of 25 used window ends in 5 h 12 min"),
        (limit(80, 80), "profile visits 80 of 80 used 80 of 80 used window ends in 5 h 12 min"),
        (limit(120, 80), "profile visits 120 of 80 used 120 of 80 used window ends in 5 h 12 min"),
        (limit(-5, 80), "profile visits −5 of 80 used −5 of 80 used window ends in 5 h 12 min"),
        (limit(0, 0), "profile visits 0 of 0 used 0 of 0 used window ends in 5 h 12 min"),
        (limit(1, -1), "profile visits 1 of −1 used window ends in 5 h 12 min"),
        (
            limit(2**70, 2**80, end_time_range="later"),
            f"profile visits {ENDLESS} used {ENDLESS} used",
        ),
        (limit(None, 80, end_time_range=None), "profile visits limit 80, use not told"),
        (limit(12, None, end_time_range=""), "profile visits 12 used, limit not told"),
        ({}, "limit without a name not told"),
        ({"permalink": "lk-visits"}, "lk-visits not told"),
        (
            limit(1, 2, limit_name="<img src=x>", end_time_range=PAST),
            "<img src=x> 1 of 2 used 1 of 2 used window ended 3 days ago",
        ),
        (
            limit(1, 2, end_time_range="0001-01-01T00:00:00+14:00"),
            "profile visits 1 of 2 used 1 of 2 used",
        ),
        (
            limit(1, 2, end_time_range="x", nbr_inputs_queued_next_seven_days=-3),
            "profile visits 1 of 2 used 1 of 2 used −3 queued",
        ),
    ],
)
def test_limits_are_told_whatever_their_numbers(client, world, shown, text):
    assert show_limit(client, world, shown) == [text]


@pytest.mark.parametrize(
    ("used", "most", "percent", "is_used_up"),
    [
        (0, 25, "0", False),
        (20, 25, "80", False),
        (24, 25, "96", False),
        (80, 80, "100", True),
        (120, 80, "100", True),
        (-5, 80, "0", False),
        (0, 0, "100", True),
        (2**70, 2**71, "50", False),
    ],
)
def test_gauge_is_filled_as_far_as_the_limit_is_used(
    client, world, used, most, percent, is_used_up
):
    world.accounts["linkedin"] = [{"uid": JANE, "name": "J", "limits": [limit(used, most)]}]

    response = client.get(ADDRESS + "?integration=linkedin")

    meter = LexborHTMLParser(response.content.decode()).css_first("meter").attributes
    assert (meter["value"], meter["max"]) == (percent, "100")
    assert texts(response, ".pill.used-up") == (["limit used up"] if is_used_up else [])


@pytest.mark.parametrize("used", [-3, 0, 80])
def test_limit_below_zero_is_never_used_up(client, world, used):
    world.accounts["linkedin"] = [{"uid": JANE, "name": "J", "limits": [limit(used, -1)]}]

    response = client.get(ADDRESS + "?integration=linkedin")

    assert texts(response, "meter, .pill.used-up") == []


def test_limit_whose_window_has_ended_is_not_used_up(client, world):
    world.accounts["linkedin"] = [
        {"uid": JANE, "name": "J", "limits": [limit(80, 80, end_time_range=PAST)]}
    ]

    response = client.get(ADDRESS, {"state": "used-up", "integration": "linkedin"})

    assert names(response) == []


def test_account_with_many_limits_shows_the_used_up_ones_first(client, world):
    shown = [limit(at // 8 * 10, 10, limit_name=f"kind {at}") for at in range(9)]
    world.accounts["linkedin"] = [{"uid": JANE, "name": "J", "limits": shown}]

    response = client.get(ADDRESS + "?integration=linkedin")

    assert texts(response, ".gauge-name") == ["kind 8", "kind 0", "kind 1", "kind 2"]
    assert texts(response, ".gauges > a") == ["5 more limits"]


@pytest.mark.parametrize(
    "account",
    [
        {"uid": "a-1"},
        {"uid": "a-1", "name": None, "level": None, "limits": None, "is_valid": None},
        {"uid": "a-1", "name": "", "setup_at": "", "limits": [], "cookies": {}, "meta": {}},
    ],
)
def test_account_of_which_nothing_is_told_is_shown(client, world, account):
    world.accounts["linkedin"] = [account]

    listed = client.get(ADDRESS + "?integration=linkedin")
    single = client.get("/accounts/linkedin/a-1/")

    assert names(listed) == ["Account without a name"]
    assert texts(listed, ".pill") == ["validity not told"]
    assert texts(listed, ".gauges") == ["no limits told"]
    assert texts(single, "h1") == ["Account without a name"]


def test_hostile_texts_are_shown_as_text(client, world):
    text = "\"'><script>alert(1)</script>{{ 7|add:7 }}" + "x" * 20_000
    slug = "../<b>&?#%2F"
    world.workflows = {W1: details(W1, slug)}
    world.users = [{"uid": text, "full_name": text, "accounts": [{"uid": text}]}]
    world.accounts[slug] = [
        {"uid": text, "name": text, "level": text, "setup_at": text, "application_name": text}
        | {"limits": [{"limit_name": text, "end_time_range": text}], "meta": {text: [text]}}
    ]

    listed = client.get(ADDRESS)
    single = client.get(links(listed, ".rows .name")[0])

    assert len(names(listed)) == 1
    assert (listed.status_code, single.status_code) == (200, 200)
    for response in (listed, single):
        parser = LexborHTMLParser(response.content.decode())
        assert parser.css("main script") == []
        assert parser.css_first(".uid code").text() == text
        assert all(len(node.text(deep=True)) < 1000 for node in parser.css("h1, h2, .pill"))


def test_check_again_asks_for_that_integration_and_leads_back(client, world):
    html = client.get(ADDRESS, {"q": "old", "state": "used-up", "page": "1"}).content.decode()
    fields = {
        node.attributes["name"]: node.attributes.get("value") or ""
        for node in LexborHTMLParser(html).css(".integration-head input")
    }

    response = client.post("/accounts/check/", fields)
    client.get(response.headers["Location"])

    assert (response.status_code, response.headers["Location"]) == (
        303,
        "/accounts/?q=old&state=used-up&page=1",
    )
    assert world.asked.count("/integrations/linkedin/accounts") == 2


@pytest.mark.parametrize(
    ("fields", "location"),
    [
        ({}, "/accounts/"),
        ({"integration": "linkedin", "account": JANE}, "/accounts/linkedin/a-jane/"),
        ({"account": "//evil.example"}, "/accounts/%25/%252F%252Fevil.example/"),
        ({"within": "a&b", "page": "//x"}, "/accounts/?page=%2F%2Fx&integration=a%26b"),
    ],
)
def test_check_again_leads_nowhere_else(client, world, fields, location):
    assert client.post("/accounts/check/", fields).headers["Location"] == location


def test_account_page_tells_everything(client, world):
    response = client.get("/accounts/linkedin/a-jane/")

    assert texts(response, "h1") == ["Jane's <Navigator>"]
    assert texts(response, ".facts-list dd") == [
        "a-janeCopy",
        "LinkedIn",
        "Jane <b>Doe</b>",
        "Sales Navigator",
        "10 Feb 2024, 15:12:17 UTC by the browser extension",
        "no",
        "li_at",
    ]
    assert texts(response, ".gauge-amount") == ["12 of 1,150 used"]
    assert texts(response, ".gauge-notes li")[1:] == [
        "30 queued in the next 7 days",
        "counts for Name of w-1",
    ]
    assert texts(response, ".uses li") == [
        "Name of w-1 Step of w-1 Jobs",
        "Name of w-2 Step of w-2 Jobs",
    ]
    assert links(response, ".uses a")[:2] == ["/workflows/w-1/", "/workflows/w-1/jobs/"]
    assert "secret-session" not in response.content.decode()


def test_account_that_is_gone_is_said_to_be_gone(client, world):
    response = client.get("/accounts/linkedin/a-gone/")

    assert response.status_code == 404
    assert texts(response, "h1") == ["This account is gone"]
    assert texts(response, ".uid code") == ["a-gone"]
    assert links(response, ".page a.button") == ["/accounts/?integration=linkedin"]


def test_integration_that_is_unknown_upstream_is_not_found(client, world):
    response = client.get("/accounts/unheard-of/a-1/")

    assert response.status_code == 404
    assert texts(response, "h1") == ["Not found upstream"]


def test_account_page_works_without_users_and_workflows(client, world):
    world.failing = {"users", "workflows"}

    response = client.get("/accounts/linkedin/a-jane/")

    assert response.status_code == 200
    assert len(texts(response, ".page > .notice")) == 2
    assert texts(response, ".gauge-amount") == ["12 of 1,150 used"]


def test_no_workflow_and_no_account_is_said(client, world):
    world.workflows, world.users = {}, []

    response = client.get(ADDRESS)

    assert texts(response, ".empty") == ["No workflow takes an account, and nobody has one."]


def test_age_of_every_listing_is_told(client, world, monkeypatch):
    seconds = [0.0]
    monkeypatch.setattr(account_lookup._listings, "_clock", lambda: seconds[0])
    client.get(ADDRESS + "?integration=linkedin")
    seconds[0] = 40.0

    response = client.get(ADDRESS)

    assert texts(response, ".checked") == ["checked 40 s ago check again"] * 2


def test_accounts_stay_as_they_were_while_their_integration_fails(client, world, monkeypatch):
    seconds = [0.0]
    monkeypatch.setattr(account_lookup._listings, "_clock", lambda: seconds[0])
    client.get(ADDRESS)
    world.failing, seconds[0] = {"hubspot"}, 180.0

    listed = client.get(ADDRESS)
    single = client.get(f"/accounts/hubspot/{CRM}/")

    assert names(listed) == ["Jane's <Navigator>", "Old", "Team", "CRM"]
    for notice in (*texts(listed, ".integration .notice"), *texts(single, ".page > .notice")):
        assert notice.startswith("hubspot: The upstream failed")
    assert texts(listed, ".checked") == [
        "checked just now check again",
        "checked 3 min ago check again",
    ]
    assert texts(single, "h1") == ["CRM"]


def launched(uid: str, name: str, **more) -> Launch:
    launch = Launch.objects.create(
        launch_token=uuid.uuid4(),
        user=people.get_local_user(),
        workflow_uid=W1,
        workflow_name="Find <them>",
        job_name=name,
        payload=b"{}",
        fingerprint="0" * 12,
        row_count=3,
        upstream="sandbox",
        created_at=timezone.now(),
        **{"state": LaunchState.LAUNCHED, "job_uid": f"j-{uuid.uuid4()}"} | more,
    )
    LaunchAccount.objects.create(launch=launch, account_uid=uid)
    return launch


@pytest.mark.parametrize("uid", [JANE, "a-gone"])
def test_account_page_shows_the_launches_that_name_it_also_when_it_is_gone(client, world, uid):
    launched(uid, "<First>")
    launched("another", "Not this")
    launched(uid, "", state=LaunchState.SENDING, job_uid="", sent_at=timezone.now() - HOUR)

    response = client.get(f"/accounts/linkedin/{uid}/")

    section = "section[aria-labelledby=launches-of]"
    assert texts(response, f"{section} li > a:first-child") == ["Find <them>", "<First>"]
    assert texts(response, f"{section} .state") == ["Outcome unknown", "Launched"]


def test_account_without_a_uid_has_no_launches(client, world):
    launched(JANE, "Not its own")
    world.accounts["linkedin"] = [{"uid": "", "name": "Odd"}]

    response = client.get(links(client.get(ADDRESS), ".rows .name")[0])

    assert texts(response, "h1") == ["Odd"]
    assert texts(response, "section > .muted")[-1] == "None from this playground."


@pytest.mark.parametrize(
    ("address", "forms"),
    [
        ("/accounts/linkedin/a-old/", ["/accounts/linkedin/a-old/checkpoint/"]),
        ("/accounts/linkedin/a-jane/", []),
        ("/accounts/hubspot/a-expired/", []),
    ],
)
def test_login_challenge_is_offered_where_there_is_one(client, world, address, forms):
    world.accounts["hubspot"] = [{"uid": "a-expired", "is_valid": False}]

    parser = LexborHTMLParser(client.get(address).content.decode())

    assert [form.attributes["action"] for form in parser.css("form.checkpoint")] == forms


def test_accounts_can_be_added_and_updated_from_here(client, world):
    listed, single = client.get(ADDRESS), client.get("/accounts/linkedin/a-old/")

    assert links(listed, ".integration-head a.button") == [
        "/accounts/linkedin/new/",
        "/accounts/hubspot/new/",
    ]
    assert links(single, ".head a.button") == [
        "/accounts/linkedin/a-old/edit/",
        "/accounts/linkedin/a-old/remove/",
    ]


def test_users_accounts_are_named_as_far_as_they_are_known(client, world):
    before = client.get("/users/")
    client.get(ADDRESS)

    after = client.get("/users/")

    assert texts(before, ".rows .pill") == ["LinkedIn: …jane", "HubSpot: …-crm", "…-old"]
    assert texts(after, ".rows .pill") == [
        "LinkedIn: Jane's <Navigator>",
        "HubSpot: CRM",
        "Old",
    ]


def beyond(request: httpx.Request) -> httpx.Response:
    page = request.url.params["page"]
    listed = {"accounts": [{"uid": f"a-{page}"}], "next_page_exist": True}
    return httpx.Response(200, json=listed)


def test_account_beyond_what_is_looked_through_is_not_called_gone(client, world):
    world.transport.answers["accounts"] = beyond

    response = client.get("/accounts/linkedin/a-500/")

    assert response.status_code == 404
    assert texts(response, "h1") == ["This account was not found"]
    assert texts(response, ".lead") == [
        (
            "LinkedIn has more accounts than are looked through, and among the first 100 there is "
            "none with this UID. It may be there all the same."
        )
    ]
    assert links(response, "main a.button") == [
        "/accounts/linkedin/a-500/edit/",
        "/accounts/linkedin/a-500/remove/",
    ]
    assert client.get("/accounts/linkedin/a-500/edit/").status_code == 200


def test_account_that_two_pages_list_is_listed_once(client, world):
    pages = {"0": [JANE, OLD], "1": [OLD, TEAM]}

    def shifted(request: httpx.Request) -> httpx.Response:
        page = request.url.params["page"]
        accounts = [{"uid": uid, "name": uid} for uid in pages[page]]
        return httpx.Response(200, json={"accounts": accounts, "next_page_exist": page == "0"})

    world.transport.answers["accounts"] = shifted

    assert names(client.get(f"{ADDRESS}?integration=linkedin")) == [JANE, OLD, TEAM]


def test_head_of_an_integration_leads_to_its_accounts_that_are_not_valid(client, world):
    (query,) = links(client.get(f"{ADDRESS}?q=jane&state=valid"), ".integration-head .muted a")

    assert query == "?integration=linkedin&state=not-valid"
    assert names(client.get(ADDRESS + query)) == ["Old"]
