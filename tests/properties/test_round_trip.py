"""Form → payload → form loses nothing, and every view of a payload is the same value.

The page is rendered for real, read as a browser reads HTML, and posted again.
"""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import uuid

from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.template.loader import render_to_string
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from playground.contract.workflows import Workflow
from playground.payload.build.builder import build_launch_request
from playground.payload.drafts import LaunchDraft
from playground.payload.edit import reading
from playground.preflight.checks import check_launch
from playground.preflight.facts import Facts
from playground.services.accounts.lookup import AccountsFound
from playground.services.launches import preview
from playground.services.launches.preflight import Check
from playground.web.json_html import payload_html
from playground.web.launches.field_names import FieldNames
from playground.web.launches.form import LaunchForm
from playground.web.launches.page import PageState, launch_page
from playground.web.launches.preflight_panel import PreflightContext
from tests.payload import samples
from tests.properties.test_agreement import (
    KNOWN,
    PATIENT,
    workflow_and_draft,
    workflow_and_fair_draft,
    workflow_and_pasted,
)
from tests.web.html_forms import posted_fields

# The same examples each time: a rare find should not stop a change that has nothing to do with
# it. `--hypothesis-seed` has no effect here; look further by raising the number.
NOW = dt.datetime(2026, 5, 4, 12, 0, tzinfo=dt.UTC)
FEW = settings(PATIENT, derandomize=True, max_examples=40, suppress_health_check=list(HealthCheck))
ACCOUNTS = AccountsFound(
    by_integration={"linkedin": tuple(samples.ACCOUNTS.by_uid.values())}, problems={}
)


def shown_form(workflow: Workflow, draft: LaunchDraft) -> str:
    built = build_launch_request(workflow, draft, KNOWN)
    facts = Facts(now=NOW, accounts=KNOWN)
    check = Check(
        built=built,
        preflight=check_launch(workflow, draft, built, facts),
        accounts=ACCOUNTS,
        facts=facts,
        age=0,
        is_complete=True,
    )
    page = launch_page(workflow, draft, check, PageState(token=uuid.UUID(int=1)))
    preflight = PreflightContext.of(check, FieldNames(draft, built))
    context = {"workflow": workflow, "form": page, "built": built, "preflight": preflight}
    return render_to_string("launches/new.html", context)


def posted(workflow: Workflow, html: str) -> LaunchDraft:
    data = QueryDict(mutable=True)
    for name, value in posted_fields(html, "launch-form"):
        data.appendlist(name, value)
    return LaunchForm(workflow, data, AnonymousUser()).to_draft()


def fits_a_form(workflow: Workflow, draft: LaunchDraft) -> bool:
    """Whether a form can carry it at all.

    UTF-8 has no bytes for lone surrogates, and HTML changes NUL and line breaks in the names of
    fields (their values are carried safely).
    """
    steps = {step.step_uid: step for step in workflow.steps}
    names = [*steps, *(name for row in draft.rows for name in row.entries)]
    names += [each.name for step in workflow.steps for each in step.parameters]
    names += [name for step in draft.steps.values() for name in step.parameters]
    return (
        len(steps) == len(workflow.steps)
        and set(draft.steps) <= set(steps)  # Others arrive as `unknown_steps`.
        and not any("\ud800" <= char <= "\udfff" for char in _text(draft) + _text(workflow))
        and not any(char in "\x00\r\n" for name in names for char in name)
    )


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return "".join(_text(key) + _text(item) for key, item in value.items())
    if isinstance(value, list | tuple):
        return "".join(map(_text, value))
    if hasattr(value, "__dataclass_fields__"):
        return "".join(_text(getattr(value, name)) for name in value.__dataclass_fields__)
    return ""


def value_of(workflow: Workflow, draft: LaunchDraft) -> object:
    return json.loads(build_launch_request(workflow, draft, KNOWN).body)


@FEW
@given(workflow_and_draft() | workflow_and_fair_draft())
def test_form_that_comes_back_builds_the_same_payload(drawn):
    workflow, draft = drawn
    assume(fits_a_form(workflow, draft))

    first = posted(workflow, shown_form(workflow, draft))
    again = posted(workflow, shown_form(workflow, first))

    assert value_of(workflow, first) == value_of(workflow, draft)
    assert again == first


@FEW
@given(workflow_and_pasted())
def test_payload_goes_through_the_form_and_comes_out_the_same(drawn):
    workflow, value = drawn
    try:
        draft = reading.read_payload(workflow, value)
    except reading.UnableToReadPayload:
        return
    assume(fits_a_form(workflow, draft))
    wanted = value_of(workflow, draft)

    assert value_of(workflow, posted(workflow, shown_form(workflow, draft))) == wanted
    assert value_of(workflow, reading.read_payload(workflow, wanted)) == wanted


@FEW
@given(workflow_and_draft() | workflow_and_fair_draft())
def test_shown_lines_are_the_sent_value(drawn):
    workflow, draft = drawn
    built = build_launch_request(workflow, draft, KNOWN)
    shown = preview.show_launch(workflow, built, base_url="http://x.invalid/v3")

    html = f'<pre id="p">{payload_html(shown.lines)}</pre>'
    text = LexborHTMLParser(html).css_first("#p").text(deep=True)

    assert json.loads(text) == json.loads(shown.built.body)


@settings(FEW, max_examples=6)
@given(st.lists(workflow_and_draft() | workflow_and_fair_draft(), min_size=10, max_size=10))
def test_curl_run_by_a_shell_sends_the_same_value(drawn):
    """`curl` is a function here that prints what it was given; the shell is a real one."""
    built = [build_launch_request(workflow, draft, KNOWN) for workflow, draft in drawn]
    commands = [
        preview.show_launch(workflow, one, base_url="http://x.invalid/'$(x)").curl
        for (workflow, _), one in zip(drawn, built, strict=True)
    ]
    script = "curl() { cat; printf '\\0'; }\n" + "\n".join(commands) + "\n"

    sent = subprocess.run(["bash"], input=script.encode(), capture_output=True, check=True)

    bodies = sent.stdout.split(b"\0")[:-1]
    assert [json.loads(body) for body in bodies] == [json.loads(one.body) for one in built]
    assert sent.stderr == b""
