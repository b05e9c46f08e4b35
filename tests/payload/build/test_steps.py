"""Steps of a draft → `steps`."""

from __future__ import annotations

import dataclasses

import pytest

from playground.payload.build.builder import KnownAccounts, build_launch_request
from playground.payload.build.origins import StepSource
from playground.payload.drafts import Entry, StepDraft
from tests.payload.samples import ACCOUNTS, LEADS, READY, build, sentences, told, with_step


def test_every_step_is_sent_in_the_order_of_the_workflow():
    workflow = dataclasses.replace(LEADS, steps=tuple(reversed(LEADS.steps)))

    built = build_launch_request(workflow, READY, ACCOUNTS)

    assert built.value["steps"] == [
        {"step_uid": "search", "accounts": ["jane"], "parameters": {}},
        {"step_uid": "mail", "accounts": [], "parameters": {}},
    ]
    assert built.issues == ()


def test_keys_of_a_step_stand_in_the_order_of_the_contract():
    draft = with_step(
        output_column=Entry("", "null"),
        rotation=Entry("true"),
        parameters={"max_results": Entry("5")},
        extra=Entry('{"label": "x"}'),
        accounts=("jane", "other"),
    )

    assert build(draft).value["steps"][0] == {
        "step_uid": "search",
        "accounts": ["jane", "other"],
        "accounts_rotation_enabled": True,
        "parameters": {"max_results": 5},
        "output_column": None,
        "label": "x",
    }
    assert list(build(draft).value["steps"][0]) == [
        "step_uid",
        "accounts",
        "accounts_rotation_enabled",
        "parameters",
        "output_column",
        "label",
    ]


PARAMETERS = [
    ("only_new", "true", True, None),
    ("only_new", "yes", "yes", "expected true or false, not “yes”. Did you mean true?"),
    ("max_results", "20", 20, None),
    ("max_results", "ten", "ten", "expected a whole number such as 100, not “ten”."),
    (
        "max_results",
        "9223372036854775808",
        "9223372036854775808",
        f"expected a whole number from −{2**63:,} to {2**63 - 1:,}, not “9223372036854775808”.",
    ),
    ("score", "2", 2, None),
    ("score", "high", "high", "expected a number such as 2.5, not “high”."),
    ("note", "5", "5", None),
    ("tags", '["a"]', ["a"], None),
    ("tags", "a\nb", ["a", "b"], None),
    (
        "tags",
        "a, b",
        "a, b",
        (
            'expected a list, one value a line or such as ["a", "b"], not “a, b”. '
            'Did you mean ["a", "b"]?'
        ),
    ),
    ("filters", "{}", {}, None),
    ("filters", "[]", "[]", 'expected an object such as {"key": "value"}, not “[]”.'),
    ("free", "5", 5, None),
    ("free", "five", "five", None),
]


@pytest.mark.parametrize(("name", "text", "value", "problem"), PARAMETERS)
def test_parameters_take_the_type_of_their_default(name, text, value, problem):
    built = build(with_step(parameters={name: Entry(text)}))

    assert built.value["steps"][0]["parameters"] == {name: value}
    assert sentences(built.issues) == ([f"Step 1 · {name}: {problem}"] if problem else [])
    assert all(issue.path == ("steps", 0, "parameters", name) for issue in built.issues)


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("max_results", "7", "expected a whole number such as 100, not the text “7”."),
        ("max_results", " 12 ", "expected a whole number such as 100, not the text “12”."),
        ("score", "2.5", "expected a number such as 2.5, not the text “2.5”."),
    ],
)
def test_number_that_is_sent_as_a_text_is_called_one(name, text, problem):
    built = build(with_step(parameters={name: Entry(text, "text")}))

    assert sentences(built.issues) == [f"Step 1 · {name}: {problem}"]


def test_a_blank_parameter_is_left_to_its_default():
    built = build(with_step(parameters={"max_results": Entry(" "), "note": Entry("", "text")}))

    assert built.value["steps"][0]["parameters"] == {"note": ""}


def test_an_unknown_parameter_is_sent_with_a_hint():
    built = build(with_step(parameters={"other": Entry("5")}))

    assert built.value["steps"][0]["parameters"] == {"other": 5}
    assert told(built) == [
        (
            "hint",
            "unknown-parameter",
            "$.steps[0].parameters.other",
        )
    ]


ACCOUNT_CASES = [
    ((), "warning", "no-account", "$.steps[0].accounts"),
    (("nobody",), "error", "unknown-account", "$.steps[0].accounts[0]"),
    (("hub",), "error", "foreign-account", "$.steps[0].accounts[0]"),
    (("jane", "old"), "warning", "invalid-account", "$.steps[0].accounts[1]"),
]


@pytest.mark.parametrize(("accounts", "severity", "code", "path"), ACCOUNT_CASES)
def test_accounts_are_held_against_what_was_looked_up(accounts, severity, code, path):
    built = build(with_step(accounts=accounts))

    assert (severity, code, path) in told(built)


def test_without_a_valid_account_the_job_will_pause():
    assert sentences(build(with_step(accounts=("old",))).issues) == [
        "Step 1: “Old” is not valid any more: connect it again.",
        "Step 1: choose a valid account, or the job will pause at this step.",
    ]
    assert sentences(build(with_step(accounts=())).issues) == [
        "Step 1: choose an account, or the job will pause at this step."
    ]
    assert build(with_step(accounts=(), rotation=Entry("true"))).issues == ()


def test_nothing_is_said_about_accounts_that_could_not_be_looked_up():
    draft = with_step(accounts=("nobody",))
    partly = KnownAccounts(by_uid=ACCOUNTS.by_uid, integrations=frozenset({"hubspot"}))

    assert build_launch_request(LEADS, draft).issues == ()
    assert build_launch_request(LEADS, draft, partly).issues == ()


def test_a_step_that_takes_no_account_refuses_any():
    steps = READY.steps | {"mail": StepDraft(step_uid="mail", accounts=("jane",))}

    assert told(build(steps=steps)) == [("error", "account-not-taken", "$.steps[1].accounts[0]")]
    assert build_launch_request(LEADS, dataclasses.replace(READY, steps=steps)).has_errors


def test_rotation_over_one_account_is_a_hint():
    assert told(build(with_step(rotation=Entry("true")))) == [
        (
            "hint",
            "rotation-of-one",
            "$.steps[0].accounts_rotation_enabled",
        )
    ]


def test_a_step_that_is_left_out_is_absent_and_will_pause_if_it_needs_an_account():
    built = build(with_step(is_left_out=True))

    assert built.value["steps"] == [{"step_uid": "mail", "accounts": [], "parameters": {}}]
    assert told(built) == [("warning", "no-account", "$.steps.search")]
    assert built.steps == (StepSource(step_uid="mail", position=2),)


def test_keys_with_a_field_of_their_own_are_not_taken_from_the_extra_object():
    built = build(with_step(extra=Entry('{"accounts": [], "label": 1}')))

    assert built.value["steps"][0]["accounts"] == ["jane"]
    assert built.value["steps"][0]["label"] == 1
    assert told(built) == [("error", "invalid-json", "$.steps[0].*")]


def test_steps_of_another_workflow_are_sent_and_refused():
    text = '[{"step_uid": "x"}, {"step_uid": "mail"}, 5, {"step_uid": "x"}]'

    built = build(unknown_steps=Entry(text))

    assert built.value["steps"][2:] == [
        {"step_uid": "x"},
        {"step_uid": "mail"},
        5,
        {"step_uid": "x"},
    ]
    assert told(built) == [
        ("error", "unknown-step", "$.steps[2]"),
        ("error", "duplicate-step", "$.steps[3]"),
        ("error", "unknown-step", "$.steps[4]"),
        ("error", "duplicate-step", "$.steps[5]"),
    ]


@pytest.mark.parametrize("text", ["{", "{}", "5"])
def test_other_steps_that_are_no_array_are_not_sent(text):
    built = build(unknown_steps=Entry(text))

    assert len(built.value["steps"]) == 2
    assert told(built) == [("error", "invalid-json", "$.steps[2]")]


def test_a_draft_of_a_step_that_went_away_is_kept_and_refused():
    steps = READY.steps | {"gone": StepDraft(step_uid="gone", accounts=("a",))}

    built = build(steps=steps)

    assert built.value["steps"][2] == {"step_uid": "gone", "accounts": ["a"], "parameters": {}}
    assert told(built) == [("error", "unknown-step", "$.steps[2].step_uid")]
