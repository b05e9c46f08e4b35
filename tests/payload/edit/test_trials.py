"""A trial is the first rows under another name, here or as a launch of a workflow's twin."""

from __future__ import annotations

from playground.contract import wire
from playground.contract.accounts import Account
from playground.contract.workflows import Workflow
from playground.payload.build.builder import build_launch_request
from playground.payload.drafts import BLANK, Entry, LaunchDraft, RowDraft, StepDraft
from playground.payload.edit import trials


def workflow(name: str = "Visit", prefix: str = "here", *permalinks: str) -> Workflow:
    steps = [
        {
            "step_uid": f"{prefix}-{position}",
            "position": position,
            "permalink": permalink,
            "integrations": ["linkedin"] if position == 0 else [],
            "input_schema": {"url": {"required": 1}},
        }
        for position, permalink in enumerate(permalinks or ("visit", "tidy"))
    ]
    return wire.from_builtins(Workflow, {"uid": f"w-{prefix}", "name": name, "steps": steps})


def row(number: int, text: str) -> RowDraft:
    return RowDraft(number=number, entries={"url": Entry(text)})


DRAFT = LaunchDraft(
    job_name=Entry("Everybody"),
    rows=(row(0, "a"), row(3, " "), row(4, "b"), row(5, "c")),
    steps={
        "here-0": StepDraft(
            step_uid="here-0",
            accounts=("mine-1", "mine-2"),
            rotation=Entry("true"),
            parameters={"most": Entry("5")},
        ),
        "here-1": StepDraft(step_uid="here-1", is_left_out=True),
    },
    schedule_type=Entry("day"),
    schedule_value=Entry("1"),
    delay=Entry("60"),
    unstructure_meta=Entry("true"),
)


def test_first_rows_with_content_run_once_at_once_under_a_name_that_says_so():
    trial = trials.first_rows(workflow(), DRAFT, 2)

    assert build_launch_request(workflow(), trial).value == {
        "job_name": "Everybody (first 2 rows)",
        "inputs": [{"url": "a"}, {"url": "b"}],
        "steps": [
            {
                "step_uid": "here-0",
                "accounts": ["mine-1", "mine-2"],
                "accounts_rotation_enabled": True,
                "parameters": {"most": 5},
            }
        ],
        "unstructure_meta": True,
    }


def test_trial_of_a_nameless_launch_is_named_after_the_workflow():
    draft = LaunchDraft(rows=(row(0, "a"),))

    assert trials.first_rows(workflow(), draft, 3).job_name == Entry("Visit (first row)")


def test_name_that_is_no_text_stays_as_it_is():
    draft = LaunchDraft(job_name=Entry("[1]", "json"))

    assert trials.first_rows(workflow(), draft, 3).job_name == Entry("[1]", "json")


def test_twin_has_the_same_automations_whatever_its_name():
    others = (workflow("Visit", "a", "visit", "other"), workflow("Else", "b", "visit", "tidy"))

    assert trials.find_twin(workflow(), others) is others[1]


def test_twin_may_be_found_by_name_when_automations_are_called_otherwise():
    others = (workflow("Visit", "a", "visit"), workflow(" VISIT", "b", "vendor-x", "vendor-y"))

    assert trials.find_twin(workflow(), others) is others[1]
    assert trials.find_twin(workflow("Other"), others) is None


def test_translation_keeps_settings_and_takes_as_many_valid_accounts_as_were_chosen():
    twin = workflow("Twin", "there")
    accounts = {
        "linkedin": (
            Account(uid="theirs-1", is_valid=False),
            Account(uid="theirs-2", is_valid=True),
            Account(uid="theirs-3"),
            Account(uid="theirs-4", is_valid=True),
        )
    }

    translated = trials.translate(workflow(), twin, DRAFT, accounts)

    assert build_launch_request(twin, translated).value["steps"] == [
        {
            "step_uid": "there-0",
            "accounts": ["theirs-2", "theirs-3"],
            "accounts_rotation_enabled": True,
            "parameters": {"most": 5},
        }
    ]
    assert translated.steps["there-1"].is_left_out
    assert translated.unknown_steps == BLANK


def test_step_without_chosen_accounts_gets_none():
    translated = trials.translate(
        workflow(), workflow("Twin", "there"), LaunchDraft(), {"linkedin": (Account(uid="x"),)}
    )

    assert translated.steps["there-0"].accounts == ()
