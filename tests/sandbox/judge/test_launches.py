"""Which launch bodies are accepted, and which sentence refuses the others."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.contract.workflows import Input, ParametersSchema, Step, Workflow
from playground.sandbox import catalog
from playground.sandbox.account_book import AccountBook
from playground.sandbox.judge import launches
from playground.sandbox.judge.launches import Accepted
from playground.sandbox.refusals import Refused
from tests.sandbox import world
from tests.sandbox.world import EXPIRED, FIND, JANE, PERSON, PROFILE, VISIT_CONNECT

TIDY = world.workflow("Tidy a Text")
HUBSPOT = world.account("HubSpot production")
UNKNOWN = "5a9db0c0-0003-4000-8000-000000009999"
FIND_ACCOUNT = AccountBook().integration_finder(world.START)


def judged(of: Workflow, content: Any) -> Accepted | Refused:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    try:
        return launches.judge_launch(raw, of, FIND_ACCOUNT)
    except Refused as refused:
        return refused


def find(**changes: Any) -> dict[str, Any]:
    return world.body(FIND, [PERSON], **changes)


def find_step(**changes: Any) -> dict[str, Any]:
    return find(steps=[world.step(FIND, **changes)])


def profile(*accounts: Any) -> dict[str, Any]:
    row = {"url": "https://www.linkedin.com/in/jane-doe/"}
    return world.body(PROFILE, [row]) | {"steps": [world.step(PROFILE, accounts=list(accounts))]}


def tidy(**parameters: Any) -> dict[str, Any]:
    steps = [world.step(TIDY, parameters=parameters)]
    return world.body(TIDY, [{"text": "a"}], steps=steps)


def without(content: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name != key}


REFUSED = [
    (FIND, [], "The body must be a JSON object, not an array."),
    (FIND, None, "The body must be a JSON object, not null."),
    (FIND, find(job_name=5), "job_name must be text, not a whole number."),
    (FIND, without(find(), "steps"), "steps is missing: it must be an array."),
    (FIND, find(steps=None), "steps must be an array, not null."),
    (FIND, find(steps=["a"]), "steps[0] must be an object, not text."),
    (FIND, find(steps=[{}]), "steps[0].step_uid is missing: it must be text."),
    (FIND, find_step(step_uid=1), "steps[0].step_uid must be text, not a whole number."),
    (FIND, find_step(step_uid=""), "steps[0].step_uid is not the UID of a step of this workflow."),
    (
        FIND,
        find(steps=[world.step(FIND), world.step(FIND)]),
        "steps[1].step_uid repeats the UID of an earlier step.",
    ),
    (
        FIND,
        find(steps=[without(world.step(FIND), "accounts")]),
        "steps[0].accounts is missing: it must be an array of account UIDs.",
    ),
    (
        FIND,
        find_step(accounts=None),
        "steps[0].accounts must be an array of account UIDs, not null.",
    ),
    (
        FIND,
        find_step(accounts=[JANE]),
        "steps[0].accounts[0] is an account of linkedin, but the step takes no account.",
    ),
    (
        PROFILE,
        profile(JANE, HUBSPOT),
        "steps[0].accounts[1] is an account of hubspot, but the step takes an account of linkedin.",
    ),
    (
        PROFILE,
        profile(UNKNOWN),
        "steps[0].accounts[0] is not the UID of an account of this workspace.",
    ),
    (
        PROFILE,
        profile(7),
        "steps[0].accounts[0] must be the UID of an account, not a whole number.",
    ),
    (
        FIND,
        find(steps=[without(world.step(FIND), "parameters")]),
        "steps[0].parameters is missing: it must be an object.",
    ),
    (FIND, find_step(parameters=[]), "steps[0].parameters must be an object, not an array."),
    (TIDY, tidy(case=1), "steps[0].parameters.case must be text, not a whole number."),
    (
        TIDY,
        tidy(max_length=5.0),
        "steps[0].parameters.max_length must be a whole number, not a decimal number.",
    ),
    (
        TIDY,
        tidy(max_length=True),
        "steps[0].parameters.max_length must be a whole number, not true or false.",
    ),
    (
        TIDY,
        tidy(max_length="5"),
        "steps[0].parameters.max_length must be a whole number, not text.",
    ),
    (
        TIDY,
        tidy(max_length=2**63),
        "steps[0].parameters.max_length must fit into a signed 64-bit integer.",
    ),
    (
        TIDY,
        tidy(largest_digit_share=2**70),
        "steps[0].parameters.largest_digit_share must fit into a signed 64-bit integer.",
    ),
    (
        TIDY,
        tidy(largest_digit_share=False),
        "steps[0].parameters.largest_digit_share must be a decimal number, not true or false.",
    ),
    (
        TIDY,
        tidy(fold_spaces=1),
        "steps[0].parameters.fold_spaces must be true or false, not a whole number.",
    ),
    (TIDY, tidy(remove={}), "steps[0].parameters.remove must be an array, not an object."),
    (TIDY, tidy(replace=[]), "steps[0].parameters.replace must be an object, not an array."),
    (
        FIND,
        find_step(accounts_rotation_enabled="yes"),
        "steps[0].accounts_rotation_enabled must be true or false, not text.",
    ),
    (FIND, find_step(output_column=0), "steps[0].output_column must be text, not a whole number."),
    (FIND, find(inputs={}), "inputs must be an array, not an object."),
    (FIND, find(inputs=[]), "inputs is empty, but the workflow needs first_name."),
    (FIND, without(find(), "inputs"), "inputs is empty, but the workflow needs first_name."),
    (FIND, find(inputs=[PERSON, 3]), "inputs[1] must be an object, not a whole number."),
    (FIND, find(inputs=[PERSON | {"meta": []}]), "inputs[0].meta must be an object, not an array."),
    (
        FIND,
        find(inputs=[PERSON, PERSON, PERSON | {"company_name": " \t"}]),
        "inputs[2].company_name is missing: it is required.",
    ),
    (
        FIND,
        find(inputs=[PERSON | {"last_name": None}]),
        "inputs[0].last_name is missing: it is required.",
    ),
    (
        FIND,
        find(inputs=[{}] * 100_001),
        "inputs has 100,001 rows, at most 100,000 can be launched.",
    ),
    (FIND, find(unstructure_meta="no"), "unstructure_meta must be true or false, not text."),
    (FIND, find(repeat_option="daily"), "repeat_option must be an object, not text."),
    *(
        (FIND, find(repeat_option={"type": kind, "value": 1}), sentence)
        for kind, sentence in [
            (unknown, "repeat_option.type must be one of minute, hour, day, week, month.")
            for unknown in ("year", None, 1, [], {}, "Day")
        ]
    ),
    *(
        (FIND, find(repeat_option={"type": "day", "value": value}), sentence)
        for value, sentence in [
            (unfit, "repeat_option.value must be a whole number from 1 to 10000.")
            for unfit in (0, -1, 10_001, True, 1.0, "1", None)
        ]
    ),
    *(
        (FIND, find(delay=delay), "delay must be a number of seconds from 0 to 31622400.")
        for delay in (-1, -0.5, True, "5", [], 31_622_401, 2**70)
    ),
]

UNREADABLE = [
    (b"", "not valid JSON (it ends too early)"),
    ('{"a": “b”}'.encode(), "not valid JSON (invalid character: line 1, column 7)"),
    (
        '\ufeff{"ä":\n 1,}'.encode(),
        "not valid JSON (trailing comma in object: line 2, column 4)",
    ),
    (b"{", "not valid JSON (it ends too early)"),
    (b'{"a": NaN}', "not valid JSON (invalid character: line 1, column 7)"),
    (b'{"a": 1e999}', "Number out of range"),
    (b'{"a": ' + b"9" * 5_000 + b"}", "Integer value out of range"),
    (b"[" * 100_000 + b"]" * 100_000, "nested too deeply"),
    (b'{"a":' * 500 + b"1" + b"}" * 500, "nested too deeply"),
]


@pytest.mark.parametrize(("of", "content", "sentence"), REFUSED)
def test_a_wrong_body_is_refused_with_a_sentence(of: Workflow, content: Any, sentence: str) -> None:
    verdict = judged(of, content)

    assert isinstance(verdict, Refused)
    assert (verdict.status, verdict.sentence) == (400, sentence)


@pytest.mark.parametrize(("raw", "problem"), UNREADABLE, ids=range(len(UNREADABLE)))
def test_a_body_that_cannot_be_read_is_refused(raw: bytes, problem: str) -> None:
    verdict = judged(FIND, raw)

    assert isinstance(verdict, Refused)
    assert (verdict.status, verdict.sentence) == (400, f"The body cannot be read: {problem}.")


@pytest.mark.parametrize(
    "raw",
    [b'{"job_name": "\xff"}', b'{"job_name": "\\ud800"}', b"\xff\xfe{\x00}\x00"],
)
def test_text_that_is_no_text_is_refused(raw: bytes) -> None:
    verdict = judged(FIND, raw)

    assert isinstance(verdict, Refused)
    assert verdict.sentence.startswith("The body cannot be read: not valid JSON")


@pytest.mark.parametrize(
    ("of", "content"),
    [
        (FIND, find(job_name=None, repeat_option=None, delay=None, unstructure_meta=None)),
        (FIND, find(job_name="")),
        (FIND, find(steps=[])),
        (VISIT_CONNECT, world.body(VISIT_CONNECT, [{"url": "https://x.example"}], JANE)),
        (VISIT_CONNECT, world.body(VISIT_CONNECT, [{"url": "https://x.example"}], steps=[])),
        (FIND, find_step(accounts_rotation_enabled=None, output_column=None, other=1)),
        (FIND, find_step(parameters={"unknown": {"deep": [1]}, "max_candidates": None})),
        (TIDY, tidy(largest_digit_share=1, fallback={"any": 2**70}, max_length=-(2**63))),
        (PROFILE, profile()),
        (PROFILE, profile(EXPIRED)),
        (PROFILE, profile(JANE, JANE)),
        (FIND, find(inputs=[PERSON | {"meta": None, "other": [1], "first_name": 0}])),
        (
            FIND,
            find(inputs=[{"firstname": "a", "surname": "b", "organization_name": False}]),
        ),
        (FIND, find(inputs=[PERSON | {"first_name": None, "firstname": "a"}])),
        (world.CONNECTIONS, {"steps": []}),
        (world.CONNECTIONS, {"steps": [], "inputs": None}),
        (FIND, find(repeat_option={"type": "month", "value": 10_000, "eligible_times": []})),
        (FIND, find(delay=31_622_400)),
        (FIND, find(delay=0.5)),
        (FIND, find(anything={"else": None})),
    ],
)
def test_whatever_is_not_wrong_is_accepted(of: Workflow, content: Any) -> None:
    verdict = judged(of, content)

    assert isinstance(verdict, Accepted), verdict


def test_a_body_becomes_a_plan() -> None:
    content = world.body(VISIT_CONNECT, [{"url": "https://x.example"}] * 2, JANE, job_name=" A ")
    content |= {"unstructure_meta": True, "delay": 5, "repeat_option": {"type": "hour", "value": 3}}
    content["steps"] = [content["steps"][1] | {"parameters": {"message": "Hi", "x": 1}}]

    verdict = judged(VISIT_CONNECT, content)

    assert isinstance(verdict, Accepted)
    first, second = verdict.plan.steps
    assert (verdict.name, verdict.plan.number_inputs) == (" A ", 2)
    assert (verdict.plan.spreads_meta, verdict.plan.delay, verdict.plan.interval) == (
        True,
        5,
        10_800,
    )
    assert (first.step_uid, first.accounts) == (VISIT_CONNECT.steps[0].step_uid, ())
    assert (second.accounts, second.parameters) == ((JANE,), {"message": "Hi"})


def test_a_blank_name_becomes_the_workflows() -> None:
    verdict = judged(FIND, find(job_name=" \n"))

    assert isinstance(verdict, Accepted)
    assert verdict.name == "Find an e-mail"


def test_rows_that_will_fail_are_noted() -> None:
    good = {"url": "https://www.linkedin.com/in/jane-doe/"}
    rows = [good, {"url": "ftp://x"}, good | {"note": "test:not-found"}, {"url": 5}, good]

    verdict = judged(PROFILE, world.body(PROFILE, rows, JANE))

    assert isinstance(verdict, Accepted)
    assert (verdict.plan.failed, verdict.plan.reasons) == ((1, 2, 3), "mnm")


def test_of_a_key_that_is_given_twice_the_last_one_counts() -> None:
    raw = b'{"inputs": "no", "steps": 1, "steps": [], "inputs": [{"first_name": "", '
    raw += b'"first_name": "a", "last_name": "b", "company_name": "c"}]}'

    verdict = judged(FIND, raw)

    assert isinstance(verdict, Accepted)
    assert verdict.plan.number_inputs == 1


@pytest.mark.parametrize(
    ("patterns", "failed"),
    [
        ({"b": None, "c": ["x"], "d": "^no$", "f": "yes"}, (1, 2)),
        # What has no end on a text says nothing of it.
        ({"e": "(a+)+$", "f": "yes"}, (1,)),
        # Nor does what is not compiled say anything of any text.
        ({"a": "[", "f": "yes"}, ()),
        ({"a": "a{60000}" * 40, "f": "yes"}, ()),
        ({"a": "(?:(?:a{50}){50}){50}", "f": "yes"}, ()),
    ],
)
def test_any_text_in_a_regex_map_is_a_pattern_and_one_match_is_enough(patterns, failed) -> None:
    of = Workflow(
        uid="w",
        name="Odd",
        steps=(
            Step(
                step_uid="s",
                input_schema={"text": Input(required=1, regex=patterns)},
                parameters_schema=ParametersSchema(properties={}),
            ),
        ),
    )
    rows = [{"text": "oh yes"}, {"text": "maybe"}, {"text": "a" * 5_000 + "b"}]

    verdict = judged(of, {"steps": [], "inputs": rows})

    assert isinstance(verdict, Accepted)
    assert verdict.plan.failed == failed


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
WORKFLOWS = st.sampled_from([item.workflow for item in catalog.WORKFLOWS])


@settings(deadline=None)
@given(of=WORKFLOWS, raw=st.binary(max_size=200))
def test_no_bytes_make_the_judge_raise(of: Workflow, raw: bytes) -> None:
    verdict = judged(of, raw)

    assert isinstance(verdict, Accepted | Refused)


KEYS = ("job_name", "steps", "inputs", "unstructure_meta", "repeat_option", "delay")
STEP_KEYS = ("accounts", "parameters", "accounts_rotation_enabled", "output_column")


@st.composite
def half_right_bodies(draw: st.DrawFn) -> tuple[Workflow, Any]:
    """A right body in which some values were replaced by any others."""
    of = draw(WORKFLOWS)
    row = dict.fromkeys(of.inputs, "https://x.example")
    content: dict[str, Any] = world.body(of, [row])
    content |= draw(st.dictionaries(st.sampled_from(KEYS), JSON, max_size=2))
    steps = content["steps"]
    if isinstance(steps, list) and steps and isinstance(steps[0], dict):
        steps[0] |= draw(st.dictionaries(st.sampled_from(STEP_KEYS), JSON))
    return of, content


@settings(deadline=None)
@given(half_right_bodies())
def test_no_json_makes_the_judge_raise(case: tuple[Workflow, Any]) -> None:
    of, content = case

    verdict = judged(of, json.dumps(content).encode())

    assert isinstance(verdict, Accepted | Refused)


UNKNOWN_KEYS = st.dictionaries(st.text(min_size=1).map(lambda text: f"x {text}"), JSON, max_size=3)


@settings(deadline=None)
@given(of=WORKFLOWS, top=UNKNOWN_KEYS, in_step=UNKNOWN_KEYS, in_row=UNKNOWN_KEYS)
def test_unknown_keys_change_nothing(
    of: Workflow, top: dict[str, Any], in_step: dict[str, Any], in_row: dict[str, Any]
) -> None:
    row = dict.fromkeys(of.inputs, "https://x.example")
    content: dict[str, Any] = world.body(of, [row])
    plain = judged(of, content)

    content["steps"][0] = content["steps"][0] | in_step | {"parameters": in_step}
    content["inputs"] = [row | in_row]

    assert isinstance(plain, Accepted)
    assert judged(of, content | top) == plain
