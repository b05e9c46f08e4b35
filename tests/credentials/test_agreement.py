"""What is ready to be sent, the sandbox takes: its judgement is written independently."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground.contract import paths, wire
from playground.credentials.builder import build_save
from playground.credentials.drafts import AccountDraft
from playground.sandbox import catalog
from tests.credentials.samples import cookie_values, draft, drafts, secret_texts
from tests.sandbox.world import World

KNOWN = ("linkedin", "hubspot", "google-sheets", "outlook")
OWNER = catalog.USERS[0].uid


def answer(made: AccountDraft) -> tuple[int, object]:
    path = paths.path_for("save_account", integration=made.integration)
    sent = wire.to_builtins(build_save(made).request)
    response = World().send("POST", path, sent)
    return response.status, response.body


def as_known(made: AccountDraft, integration: str) -> AccountDraft:
    """The same draft for a new account of an integration, with the kind that it needs."""
    right = draft(integration)
    return replace(
        made,
        integration=integration,
        needs=right.needs,
        kind=right.needs.first_kind,
        uid="",
        owner=made.owner and OWNER,
    )


@given(drafts(), st.sampled_from(KNOWN))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_what_is_ready_is_taken(made, integration):
    made = as_known(made, integration)

    if not build_save(made).errors:
        assert answer(made)[0] == 200


@given(st.sampled_from(KNOWN), cookie_values, secret_texts, st.booleans())
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_a_form_that_is_filled_in_is_ready_and_taken(integration, cookie, secret, is_shared):
    made = as_known(
        draft(
            name="Mine",
            pasted=f"li_at={cookie}",
            api_key=secret,
            username="jane",
            password=secret,
            is_shared=is_shared,
        ),
        integration,
    )

    built = build_save(made)

    assert [issue.message for issue in built.errors] == []
    assert answer(made)[0] == 200


@pytest.mark.parametrize("integration", KNOWN)
def test_what_lacks_its_credentials_is_refused_by_both(integration):
    made = as_known(draft(), integration)

    assert build_save(made).errors
    assert answer(made)[0] == 400
