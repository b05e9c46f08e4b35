"""Situations that concern the steps and their accounts."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial

from playground.payload.drafts import Entry, StepDraft
from tests.preflight.samples import (
    ACTIVITY,
    CRM,
    EXPIRED,
    FIND,
    HUBSPOT,
    JANE,
    LEADS,
    OMAR,
    PROFILE,
    expired,
    people,
    profiles,
)
from tests.preflight.scene import Situation, draft, without_accounts

_LEAD = {"url": "https://www.linkedin.com/sales/search/people"}
_PAUSES = "or the job will pause at this step"
STEPS = (
    Situation(
        name="a Classic account on a step of Sales Navigator",
        workflow=LEADS,
        draft=draft(LEADS, [_LEAD], OMAR, JANE),
        lines=(
            (
                "account-level",
                "risky",
                "$.steps[0].accounts",
                (
                    "Step 1: Omar's LinkedIn is of level Classic, and this step works in Sales "
                    "Navigator: it may fail, or the job pause. Choose an account of Sales "
                    "Navigator."
                ),
            ),
        ),
        days=1,
    ),
    Situation(
        name="rotation over all accounts on a step of Sales Navigator",
        workflow=LEADS,
        draft=draft(LEADS, [_LEAD], steps={0: {"rotation": "true"}}),
        lines=(("account-level", "risky", "$.steps[0].accounts"),),
        days=1,
    ),
    Situation(
        name="no account is chosen",
        workflow=PROFILE,
        draft=draft(PROFILE, profiles(1)),
        lines=(
            (
                "no-account",
                "stops",
                "$.steps[0].accounts",
                f"Step 1: choose an account, {_PAUSES}.",
            ),
        ),
    ),
    Situation(
        name="the only chosen account is not valid",
        workflow=PROFILE,
        draft=draft(PROFILE, profiles(1), EXPIRED),
        lines=(
            (
                "invalid-account",
                "risky",
                "$.steps[0].accounts[0]",
                "Step 1: “Mei's LinkedIn (expired)” is not valid any more: connect it again.",
            ),
            (
                "no-account",
                "stops",
                "$.steps[0].accounts",
                f"Step 1: choose a valid account, {_PAUSES}.",
            ),
        ),
    ),
    Situation(
        name="an account that is not valid beside one that is",
        workflow=PROFILE,
        draft=draft(PROFILE, profiles(1), EXPIRED, JANE),
        lines=(("invalid-account", "risky", "$.steps[0].accounts[0]"),),
        days=1,
    ),
    Situation(
        name="an account that expired a moment ago",
        workflow=PROFILE,
        draft=draft(PROFILE, profiles(1), JANE),
        before=(expired("linkedin", JANE),),
        lines=(
            ("invalid-account", "risky", "$.steps[0].accounts[0]"),
            ("no-account", "stops", "$.steps[0].accounts"),
        ),
    ),
    Situation(
        name="an account that was deleted",
        workflow=PROFILE,
        draft=draft(PROFILE, profiles(1), OMAR),
        before=(lambda scene: scene.delete_account("linkedin", OMAR),),
        lines=(
            (
                "unknown-account",
                "stops",
                "$.steps[0].accounts[0]",
                f"Step 1: linkedin has no account “{OMAR}”.",
            ),
            ("no-account", "stops", "$.steps[0].accounts"),
        ),
    ),
    Situation(
        name="an account of another integration beside a right one",
        workflow=HUBSPOT,
        draft=draft(HUBSPOT, profiles(1), JANE, CRM, steps={2: {"accounts": (CRM,)}}),
        lines=(
            (
                "foreign-account",
                "stops",
                "$.steps[0].accounts[1]",
                "Step 1: “HubSpot production” is an account of hubspot; this step takes linkedin.",
            ),
        ),
        days=1,
    ),
    Situation(
        name="an account for a step that takes none",
        workflow=FIND,
        draft=draft(FIND, people(1), steps={0: {"accounts": (JANE,)}}),
        lines=(
            (
                "account-not-taken",
                "stops",
                "$.steps[0].accounts[0]",
                f"Step 1: this step takes no account, so “{JANE}” is refused.",
            ),
        ),
    ),
    Situation(
        name="a step that needs an account is left out",
        workflow=HUBSPOT,
        draft=draft(HUBSPOT, profiles(1), JANE, steps={2: {"is_left_out": True}}),
        lines=(
            (
                "no-account",
                "stops",
                '$.steps["{2}"]',
                (
                    "Step 3 is left out: it runs with its default parameters and without an "
                    "account, so the job will pause at this step."
                ),
            ),
        ),
        days=1,
    ),
    Situation(
        name="rotation with one account",
        workflow=ACTIVITY,
        draft=draft(ACTIVITY, profiles(1), JANE, steps={0: {"rotation": "true"}}),
        lines=(
            (
                "rotation-of-one",
                "note",
                "$.steps[0].accounts_rotation_enabled",
                "Step 1: rotation has only one account to use.",
            ),
        ),
    ),
    Situation(
        name="rotation in an integration without any valid account",
        workflow=HUBSPOT,
        draft=draft(HUBSPOT, profiles(1), JANE, steps={2: {"accounts": (), "rotation": "true"}}),
        before=(expired("hubspot", CRM),),
        lines=(
            (
                "no-account",
                "stops",
                "$.steps[2].accounts",
                (
                    "Step 3: rotation is on, but hubspot has no valid account, so the job will "
                    "pause at this step: connect one."
                ),
            ),
        ),
        days=1,
    ),
    Situation(
        name="rotation whose only chosen account is not valid, while others are",
        workflow=ACTIVITY,
        draft=draft(ACTIVITY, profiles(1), EXPIRED, steps={0: {"rotation": "true"}}),
        lines=(
            ("invalid-account", "risky", "$.steps[0].accounts[0]"),
            ("rotation-of-one", "note", "$.steps[0].accounts_rotation_enabled"),
        ),
    ),
    Situation(
        name="accounts that could not be looked up, one of them chosen",
        workflow=PROFILE,
        draft=draft(PROFILE, profiles(1), JANE),
        but=partial(without_accounts, slug="linkedin"),
        lines=(
            (
                "accounts-unknown",
                "risky",
                "$.steps[0].accounts",
                (
                    "Step 1: the accounts of linkedin are not known now, so the chosen ones were "
                    "not checked. The upstream did not answer in time."
                ),
            ),
        ),
    ),
    Situation(
        name="accounts that could not be looked up, and rotation over all of them",
        workflow=PROFILE,
        draft=draft(PROFILE, profiles(1), steps={0: {"rotation": "true"}}),
        but=partial(without_accounts, slug="linkedin"),
        lines=(("accounts-unknown", "risky", "$.steps[0].accounts"),),
    ),
    Situation(
        name="accounts that could not be looked up, none of them chosen",
        workflow=PROFILE,
        draft=draft(PROFILE, profiles(1)),
        but=partial(without_accounts, slug="linkedin"),
        lines=(
            ("no-account", "stops", "$.steps[0].accounts"),
            (
                "accounts-unknown",
                "note",
                "$.steps[0].accounts",
                (
                    "Step 1: the accounts of linkedin are not known now. The upstream did not "
                    "answer in time."
                ),
            ),
        ),
    ),
    Situation(
        name="a parameter of the wrong type",
        workflow=ACTIVITY,
        draft=draft(
            ACTIVITY, profiles(1), JANE, steps={0: {"parameters": {"max_results": "many"}}}
        ),
        lines=(
            (
                "wrong-type",
                "stops",
                "$.steps[0].parameters.max_results",
                "Step 1 · max_results: expected a whole number such as 100, not “many”.",
            ),
        ),
    ),
    Situation(
        name="a parameter that the step does not have",
        workflow=ACTIVITY,
        draft=draft(ACTIVITY, profiles(1), JANE, steps={0: {"parameters": {"depth": "2"}}}),
        lines=(
            (
                "unknown-parameter",
                "note",
                "$.steps[0].parameters.depth",
                "Step 1 · depth is not a parameter of this step: it is sent, and ignored.",
            ),
        ),
    ),
    Situation(
        name="rotation that is neither true nor false",
        workflow=ACTIVITY,
        draft=draft(ACTIVITY, profiles(1), JANE, steps={0: {"rotation": "often"}}),
        lines=(("wrong-type", "stops", "$.steps[0].accounts_rotation_enabled"),),
    ),
    Situation(
        name="a step of another workflow",
        workflow=FIND,
        draft=replace(
            draft(FIND, people(1)),
            steps={"gone": StepDraft(step_uid="gone")},
        ),
        lines=(
            ("unknown-step", "stops", "$.steps[1].step_uid", "This workflow has no step “gone”."),
        ),
    ),
    Situation(
        name="a step that is there twice",
        workflow=FIND,
        draft=draft(
            FIND,
            people(1),
            unknown_steps=json.dumps(
                [{"step_uid": FIND.steps[0].step_uid, "accounts": [], "parameters": {}}]
            ),
        ),
        lines=(
            (
                "duplicate-step",
                "stops",
                "$.steps[1]",
                f"Step “{FIND.steps[0].step_uid}” is there twice.",
            ),
        ),
    ),
    Situation(
        name="a list that is no JSON",
        workflow=FIND,
        draft=draft(FIND, people(1), steps={0: {"parameters": {"patterns": Entry("[1", "json")}}}),
        lines=(
            (
                "invalid-json",
                "stops",
                "$.steps[0].parameters.patterns",
                (
                    "Step 1 · patterns, line 1, column 3: it ends here, and 1 bracket is still "
                    "open: copy it to its end. Until then it is sent as text."
                ),
            ),
        ),
    ),
)
