"""Whatever the upstream sends as results, the page stays one that can be opened."""

from __future__ import annotations

import httpx
import pytest

MOST_BYTES = 2_000_000
LARGE = {
    "long cells": [{"a": "<" * 9_000}] * 300,
    "many columns": [{f"key {row}-{at}": 1 for at in range(200)} for row in range(200)],
    "nested values": [{"a": [["&", 2]] * 2_000}] * 150,
    "a long name of a column": [{"k" * 500_000: "'"}] * 3,
}


@pytest.mark.parametrize("name", LARGE)
def test_large_results_are_cut_and_say_so(client, hosted, name):
    hosted.answers["results"] = lambda _: httpx.Response(200, json={"results": LARGE[name]})

    page = client.get("/jobs/j-1/results/")

    assert page.status_code == 200
    assert len(page.content) < MOST_BYTES
    assert "too much for a page" in page.content.decode()


def test_results_that_a_page_can_carry_are_whole(client, hosted):
    rows = [{"a": "x" * 5_000, "b": ["y" * 2_000]}] * 100
    hosted.answers["results"] = lambda _: httpx.Response(200, json={"results": rows})

    page = client.get("/jobs/j-1/results/").content.decode()

    assert page.count("x" * 5_000) == 100
    assert page.count("y" * 2_000) == 100
    assert "too much for a page" not in page
