"""A job of which the upstream tells little: its page says what it can."""

from __future__ import annotations

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.web.conftest import ADD, FIND, VALID, WORKFLOW_UID

PART = {"uid": "part", "main_job_uid": "j-1", "step_uid": ADD, "status": "finished"}


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ({"accounts": None}, "none"),
        ({}, "none"),
        ({"accounts": []}, "none"),
        ({"accounts": [VALID], "configuration": None}, VALID),
    ],
)
def test_accounts_that_are_not_told_are_none(client, hosted, told, shown):
    job = {"uid": "j-1", "workflow_uid": WORKFLOW_UID, "status": "finished", "accounts": None}
    hosted.answers["j-1"] = lambda _: httpx.Response(200, json=job)
    hosted.answers["jobs"] = lambda _: httpx.Response(200, json=[PART | told])

    pages = [client.get(f"/jobs/j-1/?step={step}") for step in (ADD, FIND)]

    assert [page.status_code for page in pages] == [200, 200]
    parser = LexborHTMLParser(pages[0].content.decode())
    facts = [" ".join(one.text(deep=True).split()) for one in parser.css("#job-step dl > div")]
    assert any(one.startswith("Accounts") and shown in one for one in facts)
