"""Rows of a draft → `inputs`."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from playground.contract.workflows import Input, Step, Workflow
from playground.payload.build import patterns
from playground.payload.build.builder import build_launch_request
from playground.payload.build.origins import RowSource
from playground.payload.drafts import Entry, LaunchDraft, RowDraft
from tests.payload.samples import build, row, sentences, told


def test_cells_are_sent_as_the_text_they_are():
    built = build(rows=(row(0, company_name=" 5 ", company_url="https://acme.example"),))

    assert built.value["inputs"] == [{"company_name": " 5 ", "company_url": "https://acme.example"}]
    assert built.issues == ()


def test_missing_null_empty_and_zero_stay_four_things():
    built = build(
        rows=(
            row(
                0,
                company_name="Acme",
                a="",
                b=Entry("", "null"),
                c=Entry("", "text"),
                d=Entry("0", "json"),
            ),
        )
    )

    assert built.value["inputs"] == [{"company_name": "Acme", "b": None, "c": "", "d": 0}]


def test_blank_rows_are_not_sent_and_keep_their_place():
    built = build(rows=(row(7, company_name=" "), row(8, company_name="Acme")))

    assert built.value["inputs"] == [{"company_name": "Acme"}]
    assert built.row_count == 1
    assert built.rows == (RowSource(number=8, position=2),)


def test_a_kept_row_is_sent_empty_and_lacks_its_required_key():
    built = build(rows=(RowDraft(number=3, is_kept=True),))

    assert built.value["inputs"] == [{}]
    assert told(built) == [("error", "required", "$.inputs[0].company_name")]
    assert sentences(built.issues) == ["Row 1 needs a value for company_name (or company, name)."]


@pytest.mark.parametrize("text", ["\u200b", " \ufeff\u00a0", "\u2060\u00ad\u200e"])
def test_a_value_that_nobody_sees_is_told(text):
    built = build(rows=(row(0, company_name=text),))

    assert told(built) == [("warning", "invisible-value", "$.inputs[0].company_name")]
    assert built.value["inputs"] == [{"company_name": text}]


def test_an_alias_satisfies_a_required_key():
    assert build(rows=(row(0, company="Acme"),)).issues == ()


def test_blank_text_and_null_do_not_satisfy_a_required_key():
    built = build(rows=(row(0, company_name=Entry(" ", "text")), row(1, company=Entry("", "null"))))

    assert told(built) == [
        ("error", "required", "$.inputs[0].company_name"),
        ("error", "required", "$.inputs[1].company"),
    ]


def test_no_rows_at_all_is_an_error_where_a_key_is_required():
    assert told(build(rows=())) == [("error", "no-rows", "$.inputs")]
    assert told(build(rows=(row(4, company_name=""),))) == [
        ("error", "no-rows", "$.inputs[0].company_name")
    ]


def test_no_rows_are_fine_where_no_key_is_required():
    workflow = Workflow(uid="w", name="W", steps=(Step(step_uid="s", position=0),))

    built = build_launch_request(workflow, LaunchDraft(job_name=Entry("x")))

    assert built.value == {
        "job_name": "x",
        "inputs": [],
        "steps": [{"step_uid": "s", "accounts": [], "parameters": {}}],
    }
    assert built.issues == ()


def test_an_alias_with_another_value_is_a_warning():
    built = build(rows=(row(0, company_name="Acme", company="Umbrella", name="Acme"),))

    assert told(built) == [("warning", "alias-conflict", "$.inputs[0].company")]


def test_unknown_and_later_keys_are_told_once():
    rows = (
        row(0, company_name="A", city="Oslo", first_name="x"),
        row(1, company_name="B", city="Rome"),
    )

    built = build(rows=rows)

    assert told(built) == [
        ("hint", "unknown-key", "$.inputs[0].city"),
        ("hint", "later-step-key", "$.inputs[0].first_name"),
    ]
    assert sentences(built.issues) == [
        "city is not a key of this workflow: it is sent, and ignored.",
        "first_name is a key of step 2; only the first step’s keys count: it is sent, and ignored.",
    ]


def test_a_value_of_unusual_shape_is_a_warning():
    built = build(rows=(row(0, company_name="A", company_url="acme"),))

    assert told(built) == [("warning", "regex-mismatch", "$.inputs[0].company_url")]
    (sentence,) = sentences(built.issues)
    assert sentence == (
        "Row 1: “acme” does not look like a value for company_url; the row may fail. "
        "Expected: a web address."
    )


def test_broken_and_endless_patterns_hold_nothing_up():
    regex = {"a": "(", "b": 5, "c": "(a|aa)+$", "d": ["^x"]}
    workflow = Workflow(
        uid="w",
        name="W",
        steps=(Step(step_uid="s", position=0, input_schema={"k": Input(regex=regex)}),),
    )
    rows = tuple(row(number, k="a" * 40 + f"!{number}") for number in range(200))

    built = build_launch_request(workflow, LaunchDraft(job_name=Entry("x"), rows=rows))

    assert told(built) == [("hint", "regex-unchecked", "$.inputs[0].k")]


def test_patterns_without_end_are_given_up_after_a_few_values(monkeypatch):
    clock = iter(range(1_000))  # Hundredths of a second: each look at it is one later.
    fake = SimpleNamespace(thread_time=lambda: next(clock) / 100)
    monkeypatch.setattr(patterns, "time", fake)
    endless = EndlessPattern()
    check = patterns.PatternCheck()

    verdicts = {check.judge((endless,), str(number)) for number in range(200)}

    assert verdicts == {"unchecked"}
    assert endless.seconds == [0.02] * 10  # A tenth of a second in all.


@pytest.mark.parametrize(
    ("patterns_given", "value"),
    [
        ({"a": "a{60000}" * 40}, "b"),
        ({"a": "(?:(?:a{50}){50}){50}"}, "b"),
        ({"a": "^x$", "b": "(?:x{500}){500}"}, "b"),  # The other one may fit.
        ({"a": "^x$"}, "b" * 10_001),
        ({"a": "(?R)"}, "b"),
        ({str(number): "^x$" for number in range(65)}, "b"),
        ({"a": "("}, "b"),
    ],
)
def test_what_is_not_tried_is_neither_a_match_nor_a_mismatch(patterns_given, value):
    definition = Input(regex=patterns_given)
    step = Step(step_uid="s", position=0, input_schema={"k": definition})
    workflow = Workflow(uid="w", name="W", steps=(step,))
    draft = LaunchDraft(job_name=Entry("x"), rows=(row(0, k=value), row(1, k="other")))

    built = build_launch_request(workflow, draft)

    unchecked = [issue for issue in built.issues if issue.code == "regex-unchecked"]
    (sentence,) = sentences(unchecked)
    assert sentence == (
        "k: whether values look as they should was not checked; the workflow’s pattern, or a "
        "value, is too long or takes too long."
    )
    assert built.value["inputs"] == [{"k": value}, {"k": "other"}]


def test_a_pattern_that_fits_is_enough_beside_one_that_is_not_tried():
    found = patterns.patterns_of(Input(regex={"a": "^x$", "b": "a{60000}"}))

    assert patterns.PatternCheck().judge(found, "x") == "fits"


class EndlessPattern:
    """Never ends by itself."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def search(self, _value: str, timeout: float) -> None:
        self.seconds.append(timeout)
        raise TimeoutError


def test_equal_rows_are_one_hint_that_names_them():
    rows = (row(0, company_name="A"), row(1, company_name="B"), row(2, company_name="A"))

    built = build(rows=rows)

    assert told(built) == [("hint", "duplicate-rows", "$.inputs[2]")]
    assert sentences(built.issues) == ["1 row is a repeat: rows 1, 3 are the same."]


def test_many_missing_cells_are_twenty_issues_and_a_summary():
    rows = tuple(row(number, city=f"x{number}") for number in range(51))

    required = [issue for issue in build(rows=rows).errors if issue.code == "required"]

    assert len(required) == 21
    assert required[-1].message == "And 31 more rows lack company_name."
    assert required[-1].severity == "error"


def test_meta_is_an_object():
    rows = (
        row(0, company_name="A", meta='{"id": 42}'),
        row(1, company_name="B", meta="42"),
        row(2, company_name="C", meta=Entry("", "null")),
        row(3, company_name="D", meta=Entry("{", "json")),
    )

    built = build(rows=rows)

    assert [cells["meta"] for cells in built.value["inputs"]] == [{"id": 42}, "42", None, "{"]
    assert told(built) == [
        ("error", "wrong-type", "$.inputs[1].meta"),
        ("error", "invalid-json", "$.inputs[3].meta"),
    ]


def test_half_a_character_in_a_cell_or_a_key_is_replaced_and_told():
    built = build(rows=(row(0, company_name="A\ud800", **{"k\udfff": "v"}),))

    assert built.value["inputs"] == [{"company_name": "A\ufffd", "k\ufffd": "v"}]
    assert [issue.code for issue in built.warnings] == ["half-character", "half-character"]


def test_more_rows_than_the_upstream_takes_are_an_error(monkeypatch):
    monkeypatch.setattr("playground.payload.build.rows.MOST_INPUTS", 2)

    built = build(rows=tuple(row(number, company_name=f"A{number}") for number in range(3)))

    assert told(built) == [("error", "too-many-rows", "$.inputs")]


OPTIONAL = Workflow(
    uid="w",
    name="W",
    steps=(Step(step_uid="s", position=0, input_schema={"k": Input(variations=("other",))}),),
)


def bare_rows(*rows: RowDraft) -> list[str]:
    built = build_launch_request(OPTIONAL, LaunchDraft(job_name=Entry("x"), rows=rows))
    return [issue.message for issue in built.issues if issue.code == "row-without-values"]


def test_rows_without_any_value_run_too_where_no_key_is_required():
    kept, zero = RowDraft(number=1, is_kept=True), row(2, other=Entry("0", "json"))
    meta, blank = row(3, meta='{"id": 1}'), row(4, k=Entry(" ", "text"))

    assert bare_rows(zero, row(5, k="a")) == bare_rows(kept) == []
    assert bare_rows(zero, kept) == [
        "Row 2 has no value for any key of this workflow, and still runs."
    ]
    assert bare_rows(meta, zero, blank, kept) == [
        "Rows 1, 3 and 4 have no value for any key of this workflow, and still run, each by itself."
    ]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (" https://x.example", "␣https://x.example"),
        ("https://x.example\u00a0", None),
        ("\u200b\thttps://x.example", "␣␣https://x.example"),
        ("\n\n\n\n\nhttps://x.example  ", "␣␣␣https://x.example␣␣"),
    ],
)
def test_blanks_that_are_the_fault_are_shown(value, shown):
    found = sentences(build(rows=(row(0, company_name="A", company_url=value),)).issues)

    expected = (
        []
        if shown is None
        else [
            (
                f"Row 1: “{shown}” does not look like a value for company_url with the blanks "
                "around it (␣); the row may fail. Take them away."
            )
        ]
    )
    assert found == expected


def test_uids_are_shown_with_the_blanks_around_them():
    draft = LaunchDraft(job_name=Entry("x"), unknown_steps=Entry('[{"step_uid": " s "}]', "json"))

    assert "This workflow has no step “␣s␣”." in sentences(
        build_launch_request(OPTIONAL, draft).issues
    )
