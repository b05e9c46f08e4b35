"""Workflows, drafts and JSON values as nasty as people and machines make them."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from playground.contract.launches import LONGEST_DELAY_SECONDS, SCHEDULE_TYPES
from playground.contract.wire import UNSET
from playground.contract.workflows import Input, ParametersSchema, Step, Workflow
from playground.payload.build.builder import KnownAccounts
from playground.payload.build.values import parameter_type
from playground.payload.drafts import KINDS, Entry, LaunchDraft, RowDraft, StepDraft
from tests.payload.samples import ACCOUNTS

NASTY = (
    "",
    " ",
    "null",
    "true",
    "NaN",
    "1e3",
    "+5",
    "5.0",
    "１２",
    "0x10",
    "9" * 400,
    "-0",
    "1e999",
    "O'Brien",
    "$(touch x) `id` $HOME ${x:-y}",
    "!! !echo wow!",
    "a\nb\r\nc\td",
    "PAYLOAD",
    "EOF\nPAYLOAD\n",
    "\\",
    "\\'\\\\'",
    '"quoted"',
    "\x00\x07\x1b[2J\x7f\x85",
    "\u202eabc\u2066\u2069\u200b",
    "\u2028\u2029",
    "👩‍👩‍👧 é 漢",
    "\ud800",
    "x\udfffy",
    "\ud83d\ude00",
    "{}",
    "[]",
    '{"a": [1, null]}',
    "[" * 300,
    "</script><b>&amp;",
)
nasty_text = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(exclude_categories=()), max_size=12),
    st.integers().map(str),
    st.floats().map(str),
)
clean_text = st.text(max_size=12) | st.sampled_from(
    [text for text in NASTY if not any("\ud800" <= char <= "\udfff" for char in text)]
)


def json_values(most_integer: int = 2**64) -> st.SearchStrategy[Any]:
    scalars = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-most_integer, most_integer),
        st.floats(allow_nan=False, allow_infinity=False),
        clean_text,
    )
    return st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(clean_text, inner, max_size=4),
        max_leaves=12,
    )


FAIR: dict[str, st.SearchStrategy[str]] = {
    "boolean": st.sampled_from(["true", "False", "null", ""]),
    "integer": st.integers(-(2**63), 2**63 - 1).map(str),
    "number": st.floats(allow_nan=False, allow_infinity=False).map(str),
    "text": clean_text,
    "list": json_values().map(lambda value: json.dumps([value])),
    "object": json_values().map(lambda value: json.dumps({"a": value})),
    "any": clean_text,
}
DEFAULTS = (True, 0, 0.5, "", [], {}, None)
KEYS = ("name", "url", "company", "meta", "a.b[0]", "first name", "é", "__proto__")
entries = st.builds(Entry, text=nasty_text, kind=st.sampled_from(KINDS))
names = st.sampled_from(KEYS) | nasty_text
input_definitions = st.builds(
    Input,
    required=st.sampled_from([0, 1]),
    help=clean_text,
    regex=st.sampled_from([{}, {"a": "^h"}, {"a": "(", "b": 5}]),
    variations=st.sampled_from([(), ("url",), ("website", "url")]),
    retro_variations=st.sampled_from([(), ("company",), ("old",)]),
)
parameter_schemas = st.builds(
    ParametersSchema,
    properties=st.dictionaries(clean_text, st.sampled_from(DEFAULTS), max_size=4),
)


@st.composite
def workflows(draw: st.DrawFn) -> Workflow:
    """Workflows with every kind of parameter, aliases, and positions out of order."""
    uids = draw(st.lists(st.sampled_from(["s1", "s2", "s3"]) | clean_text, max_size=3))
    steps = tuple(
        draw(
            st.builds(
                Step,
                step_uid=st.just(uid),
                position=st.sampled_from([UNSET, 0, 1, 2]),
                integrations=st.sampled_from([(), ("linkedin",), ("linkedin", "hubspot")]),
                input_schema=st.dictionaries(st.sampled_from(KEYS), input_definitions, max_size=3),
                parameters_schema=parameter_schemas,
            )
        )
        for uid in uids
    )
    return Workflow(uid="w", name=draw(clean_text), steps=steps)


def step_drafts(uid: str, step: Step | None) -> st.SearchStrategy[StepDraft]:
    known = st.sampled_from([*(each.name for each in (step.parameters if step else ())), "x"])
    return st.builds(
        StepDraft,
        step_uid=st.just(uid),
        is_left_out=st.booleans(),
        accounts=st.lists(st.sampled_from(["jane", "old", "hub"]) | nasty_text, max_size=2).map(
            tuple
        ),
        rotation=entries,
        parameters=st.dictionaries(known | nasty_text, entries, max_size=4),
        output_column=entries,
        extra=extra_entries,
    )


extra_entries = st.one_of(
    st.just(Entry()),
    entries,
    json_values().map(lambda value: Entry(json.dumps({"delay": 1, "x": value}))),
    st.dictionaries(clean_text, json_values(), max_size=2).map(lambda v: Entry(json.dumps(v))),
)
unknown_steps = st.one_of(
    st.just(Entry()),
    entries,
    st.lists(
        st.sampled_from([{"step_uid": "s1"}, {"step_uid": "x", "accounts": 5}, {}]) | json_values(),
        max_size=2,
    ).map(lambda value: Entry(json.dumps(value))),
)


@st.composite
def drafts(draw: st.DrawFn, workflow: Workflow) -> LaunchDraft:
    """Drafts that anything was typed or pasted into."""
    uids = draw(st.lists(st.sampled_from([*(s.step_uid for s in workflow.steps), "gone"])))
    by_uid = {step.step_uid: step for step in workflow.steps}
    return LaunchDraft(
        job_name=draw(entries),
        rows=tuple(
            RowDraft(number=number, entries=cells, is_kept=draw(st.booleans()))
            for number, cells in enumerate(
                draw(st.lists(st.dictionaries(names, entries, max_size=3), max_size=3))
            )
        ),
        steps={uid: draw(step_drafts(uid, by_uid.get(uid))) for uid in uids},
        unstructure_meta=draw(entries),
        schedule_type=draw(entries | st.just(Entry("hour"))),
        schedule_value=draw(entries | st.just(Entry("3"))),
        schedule_extra=draw(extra_entries),
        delay=draw(entries),
        extra=draw(extra_entries),
        unknown_steps=draw(unknown_steps),
    )


@st.composite
def fair_drafts(draw: st.DrawFn, workflow: Workflow) -> LaunchDraft:
    """Drafts in which everything is as it should be, accounts aside."""
    filled = st.text(min_size=1, max_size=8).filter(str.strip)
    rows = draw(st.lists(st.fixed_dictionaries(dict.fromkeys(workflow.inputs, filled))))
    steps = {}
    for step in reversed(workflow.ordered_steps):  # Of a step that is there twice the first counts.
        parameters = {
            each.name: Entry(draw(FAIR[parameter_type(each.default)])) for each in step.parameters
        }
        steps[step.step_uid] = StepDraft(
            step_uid=step.step_uid, parameters=parameters, rotation=Entry(draw(FAIR["boolean"]))
        )
    return LaunchDraft(
        job_name=Entry(draw(filled)),
        rows=tuple(
            RowDraft(
                number=number,
                entries={
                    key: Entry('{"id": 1}' if key == "meta" else text) for key, text in row.items()
                },
            )
            for number, row in enumerate(rows or [dict.fromkeys(workflow.inputs, "x")])
        ),
        steps=steps,
        unstructure_meta=Entry(draw(FAIR["boolean"])),
        schedule_type=Entry(draw(st.sampled_from(SCHEDULE_TYPES))),
        schedule_value=Entry(str(draw(st.integers(1, 10_000)))),
        delay=Entry(str(draw(st.integers(0, LONGEST_DELAY_SECONDS) | st.floats(0, 100)))),
    )


@st.composite
def cases(draw: st.DrawFn) -> tuple[Workflow, LaunchDraft, KnownAccounts | None]:
    workflow = draw(workflows())
    known = draw(st.sampled_from([None, ACCOUNTS]))
    return workflow, draw(drafts(workflow)), known


@st.composite
def payloads(draw: st.DrawFn) -> Any:
    """Values that look like payloads, each part of which may be anything."""
    anything = json_values()
    uid = st.sampled_from(["search", "mail", "gone"]) | anything
    step = st.fixed_dictionaries(
        {"step_uid": uid},
        optional={
            "accounts": st.lists(clean_text, max_size=2) | anything,
            "accounts_rotation_enabled": anything,
            "parameters": st.dictionaries(st.just("max_results") | clean_text, anything) | anything,
            "output_column": anything,
            "other": anything,
        },
    )
    rows = st.lists(st.dictionaries(names_of_cells, anything, max_size=3) | anything, max_size=3)
    return draw(
        st.fixed_dictionaries(
            {},
            optional={
                "job_name": anything,
                "inputs": rows | anything,
                "steps": st.lists(step | anything, max_size=4) | anything,
                "unstructure_meta": anything,
                "repeat_option": st.fixed_dictionaries(
                    {}, optional={"type": anything, "value": anything, "x": anything}
                )
                | anything,
                "delay": anything,
                "other": anything,
            },
        )
        | anything
    )


names_of_cells = st.sampled_from(KEYS) | clean_text
