"""Search: by name first, by meaning too, and every hit leads to something that is there."""

from __future__ import annotations

import pytest

from playground.reference import search
from playground.reference.pages import basics
from playground.reference.pages.prose import Place
from playground.services import reference
from tests.reference.guides.test_guides import anchors_of
from tests.reference.samples import GUIDES

EVERYTHING = search.everything(basics.sections(""), GUIDES)
ODD = (
    *("<script>alert(1)</script>", "\x00", "\ud800", "%00", "'; --", "../..", "(?:a+)+$", "🙂"),
    *("a" * 100_000, " ".join("ab" * 50_000), "\u202e", "[](x:y)", "`", "{{ 7 }}", "null"),
)


def titles(query: str) -> list[tuple[str, str]]:
    return [(hit.title, hit.within) for hit in reference.search_reference(query).hits]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("delay", ("delay", "Launch a workflow")),
        ("steps.accounts", ("steps[].accounts", "Launch a workflow")),
        ("steps[].accounts", ("steps[].accounts", "Launch a workflow")),
        ("resume_paused_jobs", ("resume_paused_jobs", "Create or update an account")),
        ("number_total_acounts", ("number_total_acounts", "List accounts")),
        ("launch a workflow", ("Launch a workflow", "POST /workflows/{workflow_uid}/schedule")),
        ("launch_workflow", ("Launch a workflow", "POST /workflows/{workflow_uid}/schedule")),
        ("DELETE /users", ("Delete a user", "DELETE /users/{user_uid}")),
        ("429", ("429", "Launch a workflow")),
        ("pagination", ("Pagination", "API reference")),
        ("cookie linkedin update", ("Update a LinkedIn cookie", "Guides")),
        ("stats", ("stats", "List accounts")),
        ("recipe_ref", ("Webhooks", "API reference")),
    ],
)
def test_what_is_named_is_found_first(query, first):
    assert titles(query)[0] == first


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("seconds to wait", ("delay", "Launch a workflow")),
        ("take turns", ("steps[].accounts_rotation_enabled", "Launch a workflow")),
        ("test:shutdown", ("In an input", "Test inputs of the sandbox")),
        ("mailbox", ("Choose accounts", "Guides")),
        ("scale growth plans", ("Rate limits", "API reference")),
    ],
)
def test_meanings_are_searched_too(query, found):
    assert found in titles(query)


def test_every_word_must_be_there_in_any_order_and_case():
    assert titles("WORKFLOW launch  delay") == titles("delay launch workflow") != []
    assert titles("delay xyzzy") == []


def test_every_field_and_parameter_is_found_by_its_path():
    named = [hit for hit in EVERYTHING if hit.kind in ("parameter", "field of the body")]

    for hit in named:
        best = search.find(f"{hit.title} {hit.within}", EVERYTHING).hits
        assert hit.to in {one.to for one in best}
    assert len(named) > 50


def test_every_hit_leads_to_something_that_is_there():
    known: dict[tuple[str, str], set[str]] = {}
    for hit in EVERYTHING:
        page = (hit.to.kind, hit.to.name)
        if page not in known:
            known[page] = anchors_of(Place(kind=hit.to.kind, name=hit.to.name))
        assert hit.to.anchor in {"", *known[page]}, hit.to


def test_the_best_of_many_are_shown_and_all_are_counted():
    found = reference.search_reference("uid")

    assert len(found.hits) == 40
    assert found.count == found.more + 40 > 60
    assert found.hits[0].title in ("uid", "[].uid")


@pytest.mark.parametrize("query", ["", "   ", "\t\n"])
def test_nothing_is_found_for_no_words(query):
    found = reference.search_reference(query)

    assert (found.hits, found.count) == ((), 0)


@pytest.mark.parametrize("query", ODD, ids=range(len(ODD)))
def test_odd_queries_are_words_like_others(query):
    found = reference.search_reference(query)

    assert found.count < len(EVERYTHING)
    assert all(len(hit.excerpt(query)) < 200 for hit in found.hits)


def test_excerpt_shows_the_word_that_was_found():
    section = next(hit for hit in EVERYTHING if hit.title == "Errors" and hit.kind == "basics")

    assert section.excerpt("xyzzy").startswith("The status says what kind")
    shown = section.excerpt("GATEWAY unusable external")

    assert "external" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) < 160
