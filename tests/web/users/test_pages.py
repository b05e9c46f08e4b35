"""The users' pages: the upstream's list, and a form that loses nothing that was typed."""

from __future__ import annotations

import json
import uuid

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from playground.contract.accounts import REFUSED_COUNTRIES
from playground.contract.countries import COUNTRIES
from tests.web.html_forms import posted_fields

ADDRESS = "/users/"
JANE = {
    "uid": "u-1",
    "email": "jane@example.com",
    "full_name": "Jane <b>Doe</b>",
    "country": "fr",
    "accounts": [
        {"uid": "aaaa1111-2222-4333-8444-555555555501", "application_permalink": "hubspot"},
        {"uid": "a-2"},
    ],
}
SAVED = {"user": JANE | {"accounts": []}, "message": "User created."}
TYPED = {"email": "new@example.com", "full_name": "Zoë O'Brien", "country": "DE", "timezone": ""}


@pytest.fixture
def users(client, hosted):
    """The transport; `answers["users"]` answers both the listing and a save."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(200, json=SAVED)
        return httpx.Response(200, json={"users": [JANE], "nbr_users": 1, "pages": 1})

    hosted.answers["users"] = answer
    return hosted


def texts(response, selector: str) -> list[str]:
    parser = LexborHTMLParser(response.content.decode())
    return [" ".join(node.text(deep=True).split()) for node in parser.css(selector)]


def links(response, selector: str) -> list[str | None]:
    parser = LexborHTMLParser(response.content.decode())
    return [node.attributes["href"] for node in parser.css(selector)]


def form_of(response) -> dict[str, str]:
    fields = dict(posted_fields(response.content.decode(), "user-form"))
    fields.pop("csrfmiddlewaretoken")
    assert uuid.UUID(fields.pop("change_token"))
    return fields


def post(client, address: str, fields: dict[str, str]):
    """As a browser posts a form that was just rendered."""
    return client.post(address, {"change_token": str(uuid.uuid4())} | fields)


def sent(users) -> list[object]:
    return [json.loads(one.content) for one in users.requests if one.method == "POST"]


def asked(users) -> list[dict[str, str]]:
    return [dict(one.url.params) for one in users.requests if one.method == "GET"]


def test_users_are_listed_with_their_accounts(client, users):
    response = client.get(ADDRESS)

    assert texts(response, ".rows .name") == ["Jane <b>Doe</b>"]
    assert texts(response, ".rows .owner span") == ["jane@example.com", "France"]
    assert texts(response, ".rows .pill") == ["HubSpot: …5501", "…a-2"]
    assert links(response, ".rows a") == [
        "/users/u-1/",
        "/accounts/hubspot/aaaa1111-2222-4333-8444-555555555501/",
    ]
    assert texts(response, ".pages") == ["1 user"]
    assert texts(response, ".subtabs [aria-current]") == ["Users"]
    assert texts(response, "nav[aria-label=Main] [aria-current]") == ["Accounts"]


@pytest.mark.parametrize(
    ("query", "passed_on"),
    [
        ({}, {"page": "0"}),
        ({"role": "owner", "page": "3"}, {"role": "owner"}),
        ({"role": "emperor", "page": "0"}, {"page": "0"}),
        ({"q": " \u200b ", "page": "-1"}, {"page": "0"}),
    ],
)
def test_role_and_page_are_the_upstreams(client, users, query, passed_on):
    client.get(ADDRESS, query)

    expected = {"retrieve_accounts": "true", "page": "2"} | passed_on
    assert asked(users) == [expected]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("muller", ["Zoë Müller", "Ann Müller"]),
        ("MÜLLER zoe", ["Zoë Müller"]),
        ("O'BRIEN", ["Pat O’Brien"]),
        ("u-4", ["Pat O’Brien"]),
        ("x" * 5000, []),
    ],
)
def test_search_finds_users_however_their_names_are_written(client, users, text, names):
    written = ["Zoë Müller", "Ann Mu\u0308ller", "Bob Miller", "Pat O’Brien"]
    people = [{"uid": f"u-{at}", "full_name": name} for at, name in enumerate(written, start=1)]
    users.answers["users"] = lambda _: httpx.Response(200, json={"users": people})

    response = client.get(ADDRESS, {"q": text, "role": "user"})

    assert texts(response, ".rows .name") == names
    assert asked(users) == [{"role": "user", "retrieve_accounts": "true", "page": "0"}]


def test_upstream_searches_users_where_there_are_too_many_to_know_them_all(client, users):
    page = {"users": [JANE], "pages": 1000}
    users.answers["users"] = lambda _: httpx.Response(200, json=page)

    client.get(ADDRESS, {"q": "a&b", "page": "2"})

    assert asked(users)[-1] == {"search_term": "a&b", "retrieve_accounts": "true", "page": "1"}


@pytest.mark.parametrize(
    ("told", "shown", "pages"),
    [
        ({"pages": 3, "nbr_users": 70}, "Previous Page 2 of 3 · 70 users Next", ["1", "3"]),
        ({"pages": 2, "nbr_users": 60}, "Previous Page 2 of 2 · 60 users", ["1"]),
        ({"paging": {"next": "https://x/users?page=2"}}, "Previous Next", ["1", "3"]),
        ({"pages": 3, "paging": {"previous": "x", "next": None}}, "Previous Page 2 of 3 ·", ["1"]),
        ({"pages": -1, "nbr_users": None, "paging": None}, "Previous", ["1"]),
    ],
)
def test_pages_are_the_upstreams(client, users, told, shown, pages):
    users.answers["users"] = lambda _: httpx.Response(200, json={"users": [JANE]} | told)

    response = client.get(ADDRESS, {"page": "2", "role": "user"})

    (found,) = LexborHTMLParser(response.content.decode()).css(".pages")
    assert " ".join(found.text(deep=True, separator=" ").split()) == shown
    kept = "?role=user"
    assert links(response, ".pages a") == [
        kept if number == "1" else f"{kept}&page={number}" for number in pages
    ]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({}, "The upstream has no users yet. Add one, then connect accounts for them."),
        ({"q": "x"}, "No user fits. Show all"),
        ({"page": "7"}, "There is no page 7. Show the first"),
    ],
)
def test_empty_list_says_why(client, users, query, sentence):
    users.answers["users"] = lambda _: httpx.Response(200, json={"users": []})

    assert texts(client.get(ADDRESS, query), ".empty") == [sentence]


def test_user_of_whom_nothing_is_told_is_shown(client, users):
    nobody = {"uid": "u-9", "email": None, "full_name": "", "country": "zz", "accounts": None}
    users.answers["users"] = lambda _: httpx.Response(200, json={"users": [nobody]})

    listed, single = client.get(ADDRESS), client.get("/users/u-9/")

    assert texts(listed, ".rows .name") == ["u-9"]
    assert texts(listed, ".rows .owner span") == ["no e-mail", "zz"]
    assert texts(listed, ".rows .pills") == ["accounts not told"]
    assert form_of(single) == {"email": "", "full_name": "", "country": "zz", "timezone": ""}


def test_form_of_a_user_begins_with_what_the_upstream_tells(client, users):
    response = client.get("/users/u-1/")

    assert form_of(response) == {
        "email": "jane@example.com",
        "full_name": "Jane <b>Doe</b>",
        "country": "FR",
        "timezone": "",
    }
    assert texts(response, "h1") == ["Jane <b>Doe</b>"]


def test_accounts_of_a_user_are_named(client, users):
    response = client.get("/users/u-1/")

    assert texts(response, "section .pill") == ["HubSpot: Sales <team>", "…a-2"]


def test_new_user_is_sent_as_typed_without_what_is_blank(client, users):
    response = post(client, "/users/new/", TYPED | {"full_name": "  Zoë O'Brien "})

    page = client.get(response.headers["Location"])
    assert (response.status_code, response.headers["Location"]) == (303, "/users/u-1/")
    assert sent(users) == [
        {"email": "new@example.com", "full_name": "Zoë O'Brien", "country": "DE"}
    ]
    assert texts(page, "body > .notice.success") == ["The user was added."]


def test_known_user_is_updated_by_uid(client, users):
    fields = form_of(client.get("/users/u-1/")) | {"timezone": "Europe/Paris"}

    response = post(client, "/users/u-1/", fields)

    assert response.status_code == 303
    assert sent(users) == [
        {
            "uid": "u-1",
            "email": "jane@example.com",
            "full_name": "Jane <b>Doe</b>",
            "country": "FR",
            "timezone": "Europe/Paris",
        }
    ]


def test_saved_user_is_seen_at_once(client, users):
    client.get("/users/u-1/")
    changed = JANE | {"full_name": "Jane Roe"}
    post(client, "/users/u-1/", TYPED)
    users.answers["users"] = lambda _: httpx.Response(200, json={"users": [changed]})

    assert texts(client.get("/users/u-1/"), "h1") == ["Jane Roe"]


NO_ZONE, OF_LIST = (
    "This is no time zone that we know",
    "take one of the list, such as Europe/Paris.",
)


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        (
            {"country": "UA"},
            "country",
            "The upstream takes no users in Ukraine (UA). Choose another country.",
        ),
        (
            {"country": " xk "},
            "country",
            "The upstream takes no users in Kosovo (XK). Choose another country.",
        ),
        (
            {"country": "France"},
            "country",
            "This is no country that we know: choose one of the list, such as FR for France.",
        ),
        (
            {"email": "jane"},
            "email",
            "This is no e-mail address: it needs a name, an @ and a host, without spaces.",
        ),
        (
            {"email": "a b@example.com"},
            "email",
            "This is no e-mail address: it needs a name, an @ and a host, without spaces.",
        ),
        (
            {"email": "a" * 400 + "@example.com"},
            "email",
            "An e-mail address has at most 320 characters; this has 412.",
        ),
        *(
            ({"timezone": typed}, "timezone", f"{NO_ZONE}. Did you mean {meant}?")
            for typed, meant in (
                ("europe/paris", "Europe/Paris"),
                ("America/New York", "America/New_York"),
                ("Europe\\Paris", "Europe/Paris"),
                ("Paris", "Europe/Paris"),
            )
        ),
        *(
            ({"timezone": typed}, "timezone", f"{NO_ZONE}: {OF_LIST}")
            for typed in ("UTC+2", "localtime", "Factory", "posix/Europe/Paris")
        ),
        (
            {"timezone": "Mars/Olympus"},
            "timezone",
            "This is no time zone that we know: take one of the list, such as Europe/Paris.",
        ),
        (
            {"email": " ", "full_name": ""},
            "email",
            "Enter an e-mail address or a name: without either nobody knows who it is.",
        ),
    ],
)
def test_slip_is_told_beside_its_field_and_nothing_is_sent(client, users, typed, field, sentence):
    response = post(client, "/users/new/", TYPED | typed)

    assert response.status_code == 422
    assert texts(response, ".field-issue .error") == [sentence]
    assert texts(response, f"#{field}-issue .error") == [sentence]
    assert texts(response, ".page > .notice") == ["Nothing was sent. Correct what is marked."]
    assert form_of(response) | {"country": ""} == TYPED | typed | {"country": ""}
    assert sent(users) == []


@pytest.mark.parametrize("country", sorted(REFUSED_COUNTRIES))
def test_refused_country_is_offered_disabled_and_stays_when_it_is_typed(client, users, country):
    fresh = LexborHTMLParser(client.get("/users/new/").content.decode())

    response = post(client, "/users/new/", TYPED | {"country": country})

    option = fresh.css_first(f'option[value="{country}"]')
    again = LexborHTMLParser(response.content.decode()).css_first("#country [selected]")
    assert option.text() == f"{COUNTRIES[country]} ({country}), not taken"
    assert "disabled" in option.attributes
    assert (again.attributes["value"], "disabled" in again.attributes) == (country, False)
    assert sent(users) == []


@pytest.mark.parametrize(
    "odd",
    [
        "zz",
        "France",
        "<script>alert(1)</script>",
        "x" * 20_000,
        "a\x00b",
        "\u202efr",
        "\ud7ff",
        "½",
    ],
)
@pytest.mark.parametrize("field", ["email", "country", "timezone"])
def test_odd_values_come_back_as_typed(client, users, field, odd):
    response = post(client, "/users/u-1/", TYPED | {field: odd})

    # HTML cannot carry NUL: a browser shows it as a replacement character.
    shown = form_of(response)[field].replace("\N{REPLACEMENT CHARACTER}", "\x00")
    assert response.status_code == 422
    assert shown == odd
    assert texts(response, f"#{field}-issue .error") != []
    assert sent(users) == []


@pytest.mark.parametrize("field", ["email", "country", "timezone", "full_name"])
def test_odd_values_of_every_kind_get_an_answer(client, users, field):
    for odd in ("\r\n", "\ufeff", "x" * 20_000 + "@example.com", "🙂@🙂", "'; --", "%00", "null"):
        response = post(client, "/users/new/", TYPED | {field: odd})

        assert response.status_code in (303, 422)


@pytest.mark.parametrize(
    ("answer", "status", "sentence"),
    [
        (
            lambda _: httpx.Response(400, json={"message": "email is <taken>."}),
            422,
            (
                "The upstream refused the request. Correct what it names and send it again. "
                "It said: “email is <taken>.”"
            ),
        ),
        (
            lambda _: httpx.Response(404, json={"message": "There is no user with this uid."}),
            422,
            (
                "The upstream does not know this: check the identifier; it may have been deleted. "
                "It said: “There is no user with this uid.”"
            ),
        ),
        (
            lambda _: httpx.Response(504),
            502,
            (
                "Something behind the upstream did not answer in time (504). It is not known "
                "whether the call took effect: look there before you send it again. Look at the "
                "list of users"
            ),
        ),
        (
            lambda _: httpx.Response(200, json={"message": "User created."}),
            502,
            (
                "The upstream's answer is not as documented: $.user: missing. It is not known "
                "whether the call took effect: look there before you send it again. Look at the "
                "list of users"
            ),
        ),
    ],
)
def test_refusal_comes_back_to_the_form_with_everything_typed(
    client, users, answer, status, sentence
):
    typed = TYPED | {"timezone": "Asia/Tokyo", "full_name": "  <Zoë> "}
    users.answers["users"] = answer

    response = post(client, "/users/u-1/", typed)

    assert response.status_code == status
    assert texts(response, ".page > .notice.error") == [sentence]
    assert form_of(response) == typed


def test_user_that_is_gone_is_said_to_be_gone(client, users):
    response = client.get("/users/u-7/")

    assert response.status_code == 404
    assert texts(response, "h1") == ["This user is gone"]
    assert texts(response, ".uid code") == ["u-7"]


def test_failing_list_is_said_plainly(client, users):
    users.answers["users"] = lambda _: httpx.Response(503)

    response = client.get(ADDRESS)

    assert response.status_code == 502
    assert texts(response, "h1") == ["The upstream is not available"]


def test_request_is_shown_and_not_sent(client, users):
    typed = TYPED | {"full_name": "O'Brien! <b>"}

    response = post(client, "/users/u-1/", typed | {"action": "preview"})

    parser = LexborHTMLParser(response.content.decode())
    body = {"uid": "u-1", "email": "new@example.com", "full_name": "O'Brien! <b>", "country": "DE"}
    assert response.status_code == 200
    assert json.loads(parser.css_first("#payload-json").text(deep=True)) == body
    assert form_of(response) == typed
    assert sent(users) == []


@pytest.mark.parametrize("name", ["O'Brien! <b>", "$(id) `id` \\ REQUEST", "Zoë\u202e", "a\x00b"])
def test_shown_command_carries_what_a_save_sends(client, users, settings, name):
    settings.UPSTREAM_IS_SANDBOX = True
    typed = TYPED | {"full_name": name}
    shown = post(client, "/users/new/", typed | {"action": "preview"})
    command = LexborHTMLParser(shown.content.decode()).css_first("#payload-curl").text(deep=True)

    post(client, "/users/new/", typed)

    head, body = command.split("  --data-binary @- <<'REQUEST'\n")
    assert json.loads(body.removesuffix("\nREQUEST")) == sent(users)[0]
    assert "--url 'http://testserver/sandbox/v3/users'" in head
    assert "$UPSTREAM_API_KEY" in head
    assert "!" not in body
    assert settings.SANDBOX_API_KEY not in shown.content.decode()


def test_refused_form_shows_its_request_too(client, users):
    response = post(client, "/users/new/", TYPED | {"email": "x"})

    assert texts(response, "details.request summary") == ["The request: POST /users"]


def test_user_beyond_what_is_looked_through_can_be_updated_all_the_same(client, users):
    def endless(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(200, json=SAVED)
        listed = {"users": [{"uid": f"u-{request.url.params['page']}"}], "paging": {"next": "x"}}
        return httpx.Response(200, json=listed)

    users.answers["users"] = endless

    response = client.get("/users/u-500/")
    post(client, "/users/u-500/", form_of(response) | {"full_name": "Jane"})

    assert response.status_code == 200
    assert texts(response, "main .notice.warning") == [
        (
            "There are more users than are looked through, so what this one has now is not known. "
            "What you leave blank stays as it is."
        )
    ]
    assert sent(users) == [{"uid": "u-500", "full_name": "Jane"}]
