"""What holds for the snippets of every target."""

from __future__ import annotations

import functools
import re

import pytest

from playground.payload.build.builder import Built
from playground.payload.show.curl import render_curl
from playground.payload.show.snippets.calls import Call, plain_address
from playground.payload.show.snippets.launches import MOST_BYTES, write_launch
from playground.payload.show.snippets.targets import TARGETS, by_language
from tests.payload.samples import build, row
from tests.snippets.runners import KEY, PROJECT

URL = "https://api.example.com/v3/workflows/w/schedule"
LAUNCHES = [name for name, target in TARGETS.items() if target.flavour == "launch"]
every_target = pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)


@functools.cache
def large() -> Built:
    return build(rows=tuple(row(at, company_name="Acme" * 500) for at in range(600)))


@functools.cache
def growing() -> Built:
    """Of less than the most bytes, and more of them once it is escaped."""
    return build(rows=tuple(row(at, company_name="🎉" * 2_000) for at in range(120)))


def write(target, built) -> str:
    return write_launch(target, built, URL, base_url="https://api.example.com/v3").text


@every_target
def test_key_and_project_are_variables_and_the_fingerprint_is_told(target):
    built = build()

    text = write(target, built)

    assert {"UPSTREAM_API_KEY", "UPSTREAM_PROJECT_ID"} <= set(re.findall(r"UPSTREAM_\w+", text))
    assert "x-project-id" in text
    assert built.fingerprint in text or target.name == "http"


@every_target
def test_a_large_payload_is_read_from_a_file(target):
    assert large().size > MOST_BYTES

    text = write(target, large())

    assert "payload.json" in text
    assert "Acme" not in text


@every_target
def test_a_payload_of_which_the_text_would_grow_too_long_is_read_from_a_file(target):
    assert growing().size < MOST_BYTES

    text = write(target, growing())

    assert len(text.encode()) <= MOST_BYTES


@pytest.mark.parametrize("target", LAUNCHES, ids=str)
def test_a_call_without_a_body_says_nothing_of_one(target):
    text = TARGETS[target].write(Call(method="GET", url="https://api.example.com/v3/workspace"))

    assert not re.search("payload|content-type|content-length|data-binary|«", text, re.IGNORECASE)
    assert "/v3/workspace" in text


@every_target
def test_it_waits_for_enter_and_shows_all_there_is(target):
    text = write(target, build())

    assert text == text.strip("\n")
    assert "«" not in text
    assert re.sub(r"[\n\t]", "", text).isprintable()


def test_addresses_are_of_characters_that_mean_nothing():
    address = plain_address("http://[::1]:8000/v3/a'b\"c`d$(e)?x=[1]&y={2}!\u202e é\\")

    assert address == (
        "http://[::1]:8000/v3/a%27b%22c%60d%24%28e%29?x=%5B1%5D&y=%7B2%7D%21%E2%80%AE%20%C3%A9%5C"
    )


def test_targets_of_a_language_stand_together():
    languages = [language for language, _ in by_language()]

    assert len(languages) == len(set(languages))


def test_no_sample_key_is_part_of_a_program():
    assert not any(KEY in write(target, build()) for target in TARGETS.values())
    assert not any(PROJECT in write(target, build()) for target in TARGETS.values())


def test_the_command_is_the_one_that_is_shown_beside_the_payload():
    assert write(TARGETS["curl"], build()) == render_curl(build(), URL)
