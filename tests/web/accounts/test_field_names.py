"""Every place in the request that saves an account leads to a field of its form."""

from __future__ import annotations

from hypothesis import given

from playground.credentials.builder import build_save
from playground.credentials.rendering import render_lines
from playground.web.accounts.field_names import cookie, cookie_of, link_of, name_of
from tests.credentials.samples import LI_A, LI_AT, draft, drafts

FIELDS = {"name", "user_uid", "kind", "pasted", "api_key", "username", "password"}


def test_lines_lead_to_the_fields_that_they_come_from():
    made = draft(pasted=f"li_at={LI_AT}", cookies={"li_a": LI_A}, resumes=True)

    lines = render_lines(build_save(made).request)

    assert [(line.text.strip(), link_of(line.path)) for line in lines] == [
        ("{", None),
        ('"account": {', None),
        ('"name": "Jane\'s",', ("field-name", "name")),
        ('"cookies": {', ("field-pasted", "cookies")),
        ('"li_at": "$LI_AT",', ("field-cookie-li_at", "li_at")),
        ('"li_a": "$LI_A"', ("field-cookie-li_a", "li_a")),
        ("},", ("field-pasted", "cookies")),
        ('"user_uid": "u-1"', ("field-user_uid", "user_uid")),
        ("},", None),
        ('"resume_paused_jobs": true', ("field-resume_paused_jobs", "resume_paused_jobs")),
        ("}", None),
    ]


@given(drafts())
def test_every_issue_leads_to_a_field_of_the_form(made):
    known = {cookie(name) for name in (*made.cookies, *made.needs.cookie_names)}

    for issue in build_save(made).issues:
        assert name_of(issue.path) in FIELDS | known | {"resume_paused_jobs"}


def test_only_the_fields_of_cookies_have_one():
    assert [cookie_of(name) for name in ("cookie-li_at", "cookie-", "name")] == [
        "li_at",
        None,
        None,
    ]
