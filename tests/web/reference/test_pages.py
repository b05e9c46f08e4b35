"""The reference's pages: every operation, every deep link, search, and the same as Markdown."""

from __future__ import annotations

import gzip
import re

import pytest
from django.contrib.auth.models import User
from django.test import Client, override_settings
from selectolax.lexbor import LexborHTMLParser

from playground.contract import wire
from playground.reference import search
from playground.reference.api import operations
from playground.reference.pages import basics
from playground.reference.pages import operations as operation_pages
from playground.services import permissions, reference
from playground.web.reference import pages as reference_pages
from tests.reference.samples import sent_with
from tests.web.conftest import WORKFLOW_UID

ADDRESS = "/reference/"
NAMES = tuple(operations.OPERATIONS)
GUIDES = reference.list_guides()
PAGES = (
    ADDRESS,
    *(f"{ADDRESS}{name}/" for name in NAMES),
    *(f"{ADDRESS}guides/{guide.name}/" for guide in GUIDES),
)
MARKDOWN = (
    f"{ADDRESS}index.md",
    *(f"{ADDRESS}{name}.md" for name in NAMES),
    *(f"{ADDRESS}guides/{guide.name}.md" for guide in GUIDES),
)
MOST_BYTES = 60_000
HOSTED = {"UPSTREAM_IS_SANDBOX": False, "UPSTREAM_URL": "https://api.example.com/v3"}


def parsed(response) -> LexborHTMLParser:
    return LexborHTMLParser(response.content.decode())


def texts(response, selector: str) -> list[str]:
    return [" ".join(node.text(deep=True).split()) for node in parsed(response).css(selector)]


def ids(response) -> list[str]:
    return [node.attributes["id"] for node in parsed(response).css("[id]")]


@pytest.mark.parametrize("address", PAGES)
def test_page_is_small_and_marks_where_one_is(client, address):
    response = client.get(address, headers={"accept-encoding": "gzip"})

    assert response.status_code == 200
    assert len(response.content) <= MOST_BYTES
    page = LexborHTMLParser(gzip.decompress(response.content).decode())
    current = page.css(".reference-nav [aria-current]")
    assert [node.attributes["href"] for node in current] == [address]
    found = [node.attributes["id"] for node in page.css("[id]")]
    assert len(set(found)) == len(found)
    assert [node.text() for node in page.css("header [aria-current]")] == ["Reference"]


@pytest.mark.parametrize("name", NAMES)
def test_page_of_an_operation_says_all_that_is_known_of_it(client, name):
    page = operation_pages.page_of(name)

    response = client.get(f"{ADDRESS}{name}/")

    operation = page.operation
    assert texts(response, "h1") == [operation.title]
    assert texts(response, ".address code") == [f"{operation.method} {operation.path}"]
    assert texts(response, f".address a[href='{ADDRESS}{name}/try/']") == ["Try it"]
    expected = [*sent_with(page), *page.answer_entries]
    assert [node.attributes["id"] for node in parsed(response).css(".entry")] == [
        entry.anchor for entry in expected
    ]
    heads = [head.split(" ")[0] for head in texts(response, ".entry-head")]
    assert heads == [entry.name for entry in expected]
    marks = [node.attributes["aria-label"] for node in parsed(response).css(".entry .evidence")]
    assert marks == [entry.evidence for entry in expected]
    assert texts(response, ".status") == [str(part.status) for part in page.failures]
    neighbours = [page.previous, page.next]
    assert [node.attributes["href"] for node in parsed(response).css(".neighbours a")] == [
        f"{ADDRESS}{one.name}/" for one in neighbours if one
    ]


@pytest.mark.parametrize("name", NAMES)
def test_example_can_be_copied_as_it_is_sent(client, name):
    page = parsed(client.get(f"{ADDRESS}{name}/"))

    operation = operations.OPERATIONS[name]
    shown = page.css_first("#example-json")
    if operation.body_example is wire.UNSET:
        assert shown is None
    elif name != "save_account":
        assert wire.parse_json(shown.text(deep=True)) == operation.body_example
    command = page.css_first("#example-curl").text(deep=True)
    assert f"--request {operation.method} " in command
    assert "--url 'http://testserver/sandbox/v3/" in command
    copied = {node.attributes["data-copy"] for node in page.css("button.copy")}
    assert copied <= set(ids_of(page))


def test_fields_say_whether_they_are_needed_or_always_there(client):
    launch = parsed(client.get(f"{ADDRESS}launch_workflow/"))

    said = {
        node.attributes["id"]: word.text()
        for node in launch.css(".entry")
        if (word := node.css_first(".entry-head .needed")) and word.parent.parent == node
    }
    assert said == {
        "parameter-workflow_uid": "required",
        "field-steps.step_uid": "required",
        "field-steps.accounts": "required",
        "field-steps.parameters": "required",
        "field-steps": "required",
        "field-repeat_option.type": "required",
        "field-repeat_option.value": "required",
        "answer-200-job_uid": "always",
    }


def test_test_credentials_are_shown_and_others_are_variables(client):
    sandbox = texts(client.get(f"{ADDRESS}guides/test-inputs/"), "#credentials-3-curl")
    cookie = texts(client.get(f"{ADDRESS}guides/update-a-linkedin-cookie/"), "#api-2-curl")

    assert '"li_at": "test:expired"' in sandbox[0]
    assert '"li_at": $(json_string "$LI_AT")' in cookie[0]


def ids_of(page: LexborHTMLParser) -> list[str]:
    return [node.attributes["id"] for node in page.css("[id]")]


def test_every_deep_link_leads_to_an_id(client):
    hits = search.everything(basics.sections(""), GUIDES)
    known: dict[str, set[str]] = {}

    for hit in hits:
        address, _, anchor = reference_pages.address_of(hit.to).partition("#")
        if address not in known:
            known[address] = {*ids(client.get(address)), ""}
        assert anchor in known[address], (address, anchor)


@pytest.mark.parametrize("address", PAGES)
def test_every_link_of_a_page_leads_somewhere(client, address):
    page = client.get(address)
    links = {node.attributes["href"] for node in parsed(page).css("main a")}

    for path in {link.partition("#")[0] for link in links} - {""}:
        assert client.get(path).status_code == 200, path
    assert {link.removeprefix("#") for link in links if link.startswith("#")} <= {*ids(page)}


def test_list_of_pages_is_open_where_one_is(client):
    def open_sections(address: str) -> list[str]:
        return texts(client.get(address), ".reference-nav details[open] summary")

    assert open_sections(ADDRESS)[:2] == ["Basics", "Workflows"]
    assert len(open_sections(ADDRESS)) == len(operations.GROUPS) + 2
    assert open_sections(f"{ADDRESS}list_users/") == ["Users"]
    assert open_sections(f"{ADDRESS}guides/schedules/") == ["Guides"]


def test_words_that_were_looked_for_are_marked(client):
    response = client.get(f"{ADDRESS}?q=COOKIES <b>")
    found = client.get(f"{ADDRESS}?q=li_at session")

    assert texts(response, ".hits mark") == []
    assert {word.lower() for word in texts(found, ".hits mark")} == {"li_at", "session"}
    assert texts(found, ".hits p")[0].startswith("Cookie name to value")


def test_links_within_a_page_are_whole_addresses(client):
    """The script takes `#field-…` alone for a field of a form, and would focus it."""
    links = parsed(client.get(f"{ADDRESS}launch_workflow/")).css("a.anchor")

    assert f"{ADDRESS}launch_workflow/#field-steps.accounts" in {
        node.attributes["href"] for node in links
    }
    assert [node for node in links if node.attributes["href"].startswith("#")] == []


def test_overview_shows_every_operation_and_the_basics(client):
    response = client.get(ADDRESS)

    rows = texts(response, ".operations li .call")
    assert rows == [
        f"{operation.method} {operation.path}" for operation in operations.OPERATIONS.values()
    ]
    assert texts(response, ".prose h2") == [
        *("Base address", "Authentication", "Errors", "Rate limits", "Pagination", "Webhooks")
    ]
    assert texts(response, "#address-1") == ["http://testserver/sandbox/v3"]
    assert "Authorization: x-api-key $UPSTREAM_API_KEY" in texts(response, "#authentication-2")[0]
    assert "x-api-key: $UPSTREAM_API_KEY" in texts(response, "#authentication-4")[0]
    assert [node.attributes["href"] for node in parsed(response).css(".machine a")] == [
        "/reference/openapi.json",
        "/reference/index.md",
        "/reference/llms.txt",
    ]


def test_hosted_upstream_is_named_in_every_snippet(client):
    with override_settings(**HOSTED):
        overview, launch = client.get(ADDRESS), client.get(f"{ADDRESS}launch_workflow/")
        guide = client.get(f"{ADDRESS}guides/schedules/")

    assert texts(overview, "#address-1") == ["https://api.example.com/v3"]
    assert "--url 'https://api.example.com/v3/workflows/" in texts(launch, "#example-curl")[0]
    assert texts(guide, ".help") == [
        "The UIDs in the examples are the sandbox's: put your own in their place."
    ]
    links = [node.attributes["href"] for node in parsed(overview).css(".machine a")]
    assert "/sandbox/v3/openapi.json" in links


@pytest.mark.parametrize("address", [ADDRESS, f"{ADDRESS}launch_workflow/", PAGES[-2]])
def test_what_is_rendered_once_is_of_the_place_where_it_is_asked_for(client, address):
    places = {
        "": "https://api.example.com/v3",
        "/trial": "http://testserver/sandbox/v3",
    }
    with override_settings(**HOSTED):
        shown = {prefix: client.get(prefix + address) for prefix in (*places, *places)}
        elsewhere = client.get(f"/trial{address}", headers={"host": "localhost:8000"})

    for prefix, base_url in places.items():
        (others,) = set(places.values()) - {base_url}
        links = [node.attributes["href"] for node in parsed(shown[prefix]).css("nav a")]
        (content,) = texts(shown[prefix], ".reference-content")
        assert {link.partition("/reference/")[0] for link in links if "/reference/" in link} == {
            prefix
        }
        assert base_url in content
        assert others not in content
    assert "http://localhost:8000/sandbox/v3" in elsewhere.content.decode()


def test_search_leads_deep_into_fields_and_hides_the_overview(client):
    response = client.get(ADDRESS, {"q": "accounts_rotation_enabled"})

    assert texts(response, "#reference-results > p") == [
        "3 found for “accounts_rotation_enabled”. Show the overview"
    ]
    first = parsed(response).css_first(".hits a")
    assert first.attributes["href"] == (
        f"{ADDRESS}launch_workflow/#field-steps.accounts_rotation_enabled"
    )
    assert parsed(response).css_first("#search").attributes["value"] == "accounts_rotation_enabled"


def test_search_is_on_every_page_and_asks_the_overview(client):
    for address in PAGES:
        form = parsed(client.get(address)).css_first("form[role=search]")

        assert form.attributes["action"] == form.attributes["hx-get"] == ADDRESS
        assert ("hx-replace-url" in form.attributes) == (address == ADDRESS)


def test_search_without_a_hit_says_what_to_try(client):
    response = client.get(ADDRESS, {"q": "xyzzy"})

    (sentence,) = texts(response, "#reference-results .empty")
    assert sentence == (
        "Nothing in the reference has “xyzzy”. Try the name of a field, a status such as 429, "
        "or one word less. Show the overview"
    )


@pytest.mark.parametrize(
    "query",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "{{ 7|add:7 }}",
        "javascript:alert(1)",
        "' autofocus onfocus=alert(1) x='",
        "\u202edcba",
    ],
)
def test_query_is_shown_as_text(client, query):
    response = client.get(ADDRESS, {"q": query})

    page = parsed(response)
    assert page.css_first("#search").attributes["value"] == query
    assert f"“{query}”" in page.css_first("#reference-results").text(deep=True)
    assert page.css("main script, main img, main [onerror], main [onfocus]") == []


@pytest.mark.parametrize("query", ["", "  ", "\x00", "x" * 20_000, "%ff", "½", "\ud7ff"])
def test_odd_queries_get_an_answer(client, query):
    response = client.get(ADDRESS, {"q": query})

    assert response.status_code == 200
    assert len(parsed(response).css_first("#search").attributes["value"] or "") <= 200


@pytest.mark.parametrize("address", MARKDOWN)
def test_markdown_is_served_as_such(client, address):
    response = client.get(address)

    assert response["Content-Type"] == "text/markdown; charset=utf-8"
    assert response["Cache-Control"] == "no-store"
    assert response.content.decode().startswith("# ")
    assert "&lt;" not in response.content.decode()
    assert "&#x27;" not in response.content.decode()


@pytest.mark.parametrize("address", ["/llms.txt", "/reference/llms.txt"])
def test_index_for_programs_links_every_document(client, address):
    response = client.get(address)

    text = response.content.decode()
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    for document in (*MARKDOWN, "/reference/openapi.json"):
        assert f"(http://testserver{document})" in text


@pytest.mark.parametrize(
    "address",
    ["launch_everything/", "launch_everything.md", "guides/everything/", "guides/everything.md"],
)
def test_unknown_page_is_not_found(client, address):
    response = client.get(f"{ADDRESS}{address}")

    assert response.status_code == 404
    assert len(texts(response, "h1")) == 1


@pytest.mark.parametrize("address", [*PAGES[:2], "/reference/openapi.json"])
def test_reference_is_for_who_is_signed_in(client, settings, address):
    settings.SIGN_IN = "password"

    response = Client().get(address)

    assert (response.status_code, response["Location"].partition("?")[0]) == (302, "/sign-in/")


@pytest.mark.parametrize("address", [*MARKDOWN, "/llms.txt", "/reference/llms.txt"])
def test_tools_read_the_documents_without_signing_in_and_not_the_upstreams_address(
    client, settings, address
):
    settings.SIGN_IN = "password"
    for name, value in HOSTED.items():
        setattr(settings, name, value)
    sandbox = "http://testserver/sandbox/v3"

    client.force_login(User.objects.create_user("ada"))

    by_tool, by_person = Client().get(address), client.get(address)

    assert (by_tool.status_code, by_person.status_code) == (200, 200)
    assert "Cookie" in by_tool["Vary"]
    assert "api.example.com" not in by_tool.content.decode()
    assert by_tool.content.decode() == (
        by_person.content.decode()
        .replace("https://api.example.com/v3", sandbox)
        .replace("http://testserver/reference/openapi.json", f"{sandbox}/openapi.json")
    )


def test_documents_that_tools_find_in_the_index_can_be_fetched_by_them(client, settings):
    settings.SIGN_IN = "password"
    index = Client().get("/llms.txt").content.decode()

    addresses = re.findall(r"\(http://testserver(/[^)]*)\)", index)

    assert len(addresses) > len(MARKDOWN)
    assert {Client().get(address).status_code for address in addresses} == {200}


@pytest.mark.parametrize("address", [*PAGES[:2], "/reference/openapi.json"])
def test_who_may_not_see_the_reference_is_refused(client, monkeypatch, address):
    monkeypatch.setattr(permissions, "_TEAM", permissions._TEAM - {"see reference"})

    response = client.get(address)

    assert response.status_code == 403


def test_no_page_asks_the_upstream(client, hosted):
    for address in (*PAGES, *MARKDOWN):
        client.get(address)

    assert hosted.requests == []
    assert client.get(f"/workflows/{WORKFLOW_UID}/").status_code == 200
    assert hosted.requests != []


def keys_shown(client: Client) -> str:
    node = parsed(client.get(ADDRESS)).css_first("#sandbox-variables")
    return node.text() if node else ""


def test_who_is_signed_in_reads_the_keys_of_the_sandbox_and_nobody_else_does(client, settings):
    settings.SIGN_IN = "password"
    key = settings.SANDBOX_API_KEY
    client.force_login(User.objects.create_user("ada"))

    variables = dict(line.split("=") for line in keys_shown(client).split("\n"))
    elsewhere = [*MARKDOWN, *PAGES[1:], "/llms.txt", "/reference/openapi.json"]
    by_anybody = [*MARKDOWN, "/llms.txt", "/sandbox/v3/openapi.json", "/sign-in/", ADDRESS]

    assert variables["UPSTREAM_API_KEY"] == key != "5a9d" * 16
    headers = {
        "Authorization": f"x-api-key {key}",
        "x-project-id": variables["UPSTREAM_PROJECT_ID"],
    }
    workspace = variables["UPSTREAM_URL"].removeprefix("http://testserver") + "/workspace"
    known = headers | {"Authorization": f"x-api-key {'5a9d' * 16}"}
    assert Client().get(workspace, headers=headers).status_code == 200
    assert Client().get(workspace, headers=known).status_code == 401
    assert not [one for one in elsewhere if key in client.get(one).content.decode()]
    assert not [one for one in by_anybody if key in Client().get(one).content.decode()]


def test_key_that_the_operator_chose_is_shown_to_nobody(client, settings):
    settings.SANDBOX_API_KEY, settings.SANDBOX_KEY_IS_CHOSEN = "chosen-by-hand", True

    shown = client.get(ADDRESS).content.decode()

    assert "chosen-by-hand" not in shown
    assert "ask them for it" in " ".join(shown.split())
