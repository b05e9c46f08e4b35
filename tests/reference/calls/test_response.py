"""What is shown of an answer, whatever an upstream sends."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.redaction.answers import hide_secrets
from playground.reference.api.operations import OPERATIONS
from playground.reference.calls import links
from playground.reference.calls.response import PAGE_LINES, show_answer
from playground.reference.calls.status import Meaning, meaning_of
from tests.work import lines_run

JSON = "application/json"


def shown(body, *, operation="get_job", values=None, kind=JSON, **options):
    return show_answer(operation, values or {}, body, content_type=kind, **options)


def used(answer):
    """Text of the line → operation and values of each form that takes its value."""
    return {
        line.line.text.strip(): [(use.operation, dict(use.values)) for use in line.uses]
        for line in answer.lines
        if line.uses
    }


def test_json_is_laid_out_as_it_was_written():
    body = b'{"n":1e400,"big":123456789012345678901234567890,"n":[],"e":{},"t":"a\\u00e9, \\"b\\""}'

    answer = shown(body)

    assert answer.kind == "json"
    assert answer.text == (
        '{\n  "n": 1e400,\n  "big": 123456789012345678901234567890,\n  "n": [],\n  "e": {},\n'
        '  "t": "a\\u00e9, \\"b\\""\n}'
    )
    assert [token.kind for token in answer.lines[5].line.tokens] == [
        "space",
        "key",
        "punctuation",
        "string",
    ]


def test_tokens_of_a_line_have_their_kinds():
    answer = shown(b'{"a: b":null,"c":-1.5,"d":true,"e":[",x"]}')

    assert [
        [(token.kind, token.text) for token in line.line.tokens[1:]] for line in answer.lines[1:6]
    ] == [
        [
            ("key", '"a: b"'),
            ("punctuation", ": "),
            ("literal", "null"),
            ("punctuation", ","),
        ],
        [("key", '"c"'), ("punctuation", ": "), ("number", "-1.5"), ("punctuation", ",")],
        [("key", '"d"'), ("punctuation", ": "), ("literal", "true"), ("punctuation", ",")],
        [("key", '"e"'), ("punctuation", ": "), ("punctuation", "[")],
        [("string", '",x"')],
    ]


@pytest.mark.parametrize(
    ("body", "kind", "problem"),
    [
        (b"", "empty", ""),
        (b'{"a": ', "broken", "It is not valid JSON from line 1, column 7 on, so it"),
        (b"[" * 61 + b"]" * 61, "broken", "It is nested more than 60 levels deep, so it is shown"),
        (b"[" * 500_000, "broken", "It is nested more than 60 levels deep, so it is shown"),
        (b"\xff\xfe{}", "broken", "It is not valid JSON"),
        (b"NaN", "broken", "It is not valid JSON from line 1, column 1 on, so it is shown as"),
        (b'{"a": 1,\n "b": x}', "broken", "It is not valid JSON from line 2, column 7 on"),
        (b'\xef\xbb\xbf\xef\xbb\xbf{"a": 1}', "json", ""),
        (b"\n\xef\xbb\xbf[1]", "json", ""),
    ],
)
def test_json_that_cannot_be_laid_out_is_text_and_says_why(body, kind, problem):
    answer = shown(body)

    assert answer.kind == kind
    assert answer.problem.startswith(problem)


@pytest.mark.parametrize(
    ("body", "kind", "lines"),
    [
        (b"<p>one</p>\r\ntwo\rthree", "text", ["<p>one</p>", "two\ufffdthree"]),
        ("a\u202eb\u2028c".encode(), "text", ["a\\u202eb\\u2028c"]),
        (b"x" * 4_500, "text", ["x" * 2_000, "x" * 2_000, "x" * 500]),
        (b"a\x00b", "binary", []),
        (bytes(range(256)), "binary", []),
    ],
)
def test_other_types_are_text_whose_every_character_can_be_seen(body, kind, lines):
    answer = shown(body, kind="text/html")

    assert (answer.kind, [line.line.text for line in answer.lines]) == (kind, lines)


@pytest.mark.parametrize(
    ("body", "kind", "text"),
    [
        ("Zoë – déjà vu".encode("cp1252"), "text/plain; charset=ISO-8859-1", "Zoë – déjà vu"),
        ("Zoë".encode("latin-1"), 'text/html;charset="windows-1252"', "Zoë"),
        ('{"a": "é"}'.encode("latin-1"), "application/json; charset=latin1", '{\n  "a": "é"\n}'),
        ("Zoë".encode(), "text/plain; charset=utf-8", "Zoë"),
        ("Zoë".encode(), "text/plain; charset=klingon", "Zoë"),
        ("Zoë".encode(), "text/plain; charset=idna", "Zoë"),
        ("Zoë, said she".encode("latin-1"), "text/plain", "Zo\N{REPLACEMENT CHARACTER}, said she"),
    ],
)
def test_text_is_read_in_the_characters_that_the_answer_names(body, kind, text):
    assert shown(body, kind=kind).text == text


def test_json_is_known_by_its_looks_too():
    assert shown(b' {"a":1}', kind="").kind == "json"


def test_head_of_a_long_answer_is_text():
    assert shown(b'[{"a":1},{"a"', is_cut=True).kind == "text"


def test_large_answers_are_paged():
    body = json.dumps(list(range(500))).encode()

    pages = [shown(body, page=number) for number in (1, 2, 3, 99, -1)]

    assert [(page.number, page.pages, page.total, len(page.lines)) for page in pages] == [
        (1, 3, 502, PAGE_LINES),
        (2, 3, 502, PAGE_LINES),
        (3, 3, 502, 102),
        (3, 3, 502, 102),
        (1, 3, 502, PAGE_LINES),
    ]
    assert pages[1].lines[0].line.text == "  199,"


def test_objects_and_arrays_fold_and_large_ones_begin_folded():
    body = json.dumps({"small": [1], "some": [1, 2, 3, 4], "many": list(range(80))}).encode()

    lines = shown(body).lines

    folds = {line.line.text.strip(): (line.folds, line.is_open) for line in lines if line.folds}
    assert folds == {'"some": [': (5, True), '"many": [': (81, False)}


def test_what_holds_a_value_to_use_begins_open():
    body = json.dumps({"rows": [*range(80), {"job_uid": "j"}]}).encode()

    (fold,) = [line for line in shown(body).lines if line.folds]

    assert (fold.folds, fold.is_open) == (84, True)


def test_what_goes_over_a_page_is_not_folded():
    body = json.dumps({"a": list(range(300))}).encode()

    assert [line.folds for line in shown(body).lines if line.folds] == []


def test_values_lead_to_the_forms_that_take_them():
    body = msgspec.json.encode({"uid": "j-1", "name": "Mine", "workflow_uid": "w-1", "status": "x"})

    found = used(shown(body))

    assert found == {
        '"uid": "j-1",': [
            (name, {"job_uid": "j-1"})
            for name in (
                "get_job",
                "list_results",
                "list_job_inputs",
                "retry_job",
                "cancel_job",
                "retry_webhook",
            )
        ],
        '"name": "Mine",': [("remove_schedule", {"job_name": "Mine"})],
        '"workflow_uid": "w-1",': [
            (name, {"workflow_uid": "w-1"})
            for name in ("get_workflow", "launch_workflow", "list_jobs", "get_last_results")
        ],
    }


def test_uid_means_what_its_place_says():
    listing = b'{"users":[{"uid":"u","accounts":[{"uid":"a","application_permalink":"hubspot"}]}]}'

    found = used(shown(listing, operation="list_users"))

    assert found['"uid": "u",'] == [("delete_user", {"user_uid": "u"})]
    assert found['"uid": "a",'][0] == (
        "delete_account",
        {"integration": "hubspot", "account_uid": "a"},
    )
    assert used(shown(b'{"uid":"x"}', operation="get_workspace")) == {}


def test_values_of_the_call_fill_in_what_else_a_form_takes():
    body = b'{"accounts":[{"uid":"a"}]}'

    found = used(shown(body, operation="list_accounts", values={"integration": "slack"}))

    assert found['"uid": "a"'][0] == (
        "delete_account",
        {"integration": "slack", "account_uid": "a"},
    )


@pytest.mark.parametrize(
    ("operation", "values", "body"),
    [
        ("list_workflows", {}, b'[{"uid":"w-2","steps":[{"step_uid":"s"}]}]'),
        ("get_workflow", {"workflow_uid": "w-2"}, b'{"steps":[{"step_uid":"s"}]}'),
        ("list_jobs", {"workflow_uid": "w-1"}, b'[{"step_uid":"s","workflow_uid":"w-2"}]'),
    ],
)
def test_step_leads_to_the_launch_of_its_workflow(operation, values, body):
    found = used(shown(body, operation=operation, values=values))

    uses = [uses for line, uses in found.items() if line.startswith('"step_uid"')]
    assert uses == [[("launch_workflow", {"workflow_uid": "w-2"})]]


def test_uses_are_found_on_every_page():
    workflows = [
        {"uid": f"w-{n}", "name": "x", "steps": [{"step_uid": f"s-{n}"}]} for n in range(90)
    ]
    body = json.dumps(workflows).encode()

    found = {}
    for page in range(1, 6):
        found |= used(shown(body, operation="list_workflows", page=page))

    assert len(found) == 180
    assert found['"step_uid": "s-77"'] == [("launch_workflow", {"workflow_uid": "w-77"})]


@pytest.mark.parametrize("body", [b'{"job_uid": 5}', b'{"job_uid": ""}', b'{"job_uid": null}'])
def test_only_texts_are_used(body):
    assert used(shown(body)) == {}


def test_every_path_parameter_is_fed_by_an_answer():
    taken = {
        one.name
        for operation in OPERATIONS.values()
        for one in operation.parameters
        if one.where == "path"
    }

    fed = set(links._BY_KEY.values())
    fed |= {name for places in links._BY_PLACE.values() for name in places.values()}

    assert taken <= fed
    assert fed - taken == {"step_uid"}


@pytest.mark.parametrize("name", links._BY_PLACE)
def test_every_place_that_feeds_stands_in_the_contracts_example(name):
    operation = OPERATIONS[name]
    body = msgspec.json.encode(operation.answers[0].example)

    lines = shown(body, operation=name).lines

    seen = {line.what for line in lines if line.what}
    wanted = set(links._BY_PLACE[name].values())
    assert wanted <= seen


def test_status_means_what_the_contract_says():
    operation = OPERATIONS["get_job"]

    assert meaning_of(operation, 200) == Meaning(phrase="OK", sentence="The job, without envelope.")
    assert meaning_of(operation, 404) == Meaning(
        phrase="Not Found",
        sentence="There is no job with this UID.",
        advice="Take the job_uid from the answer of the launch, or from List jobs.",
    )
    assert meaning_of(operation, 302).advice == (
        "Redirects are never followed: check UPSTREAM_URL."
    )
    assert meaning_of(operation, 799) == Meaning(
        phrase="", sentence="The reference does not list this status here."
    )


@pytest.mark.parametrize(
    ("body", "hidden"),
    [
        (b'{"a":  [1, 2.50]}', b'{"a":  [1, 2.50]}'),
        (
            b'{"accounts": [{"cookies": {"li_at": "AQ"}, "n": 1}]}',
            b'{"accounts":[{"cookies":{"li_at":"[hidden]"},"n":1}]}',
        ),
        (b'{"PASSWORD": ["a"]}', b'{"PASSWORD":"[hidden]"}'),
        (b'{"c\\u006fokies": "AQ"}', b'{"cookies":"[hidden]"}'),
        (b'{"cookies": null, "password": ""}', b'{"cookies": null, "password": ""}'),
        (b'{"cookies": {"li_at": "AQ"}, "cookies": null}', b'{"cookies":null}'),
        (b'{"cookies": null, "cookies": {"a": "AQ"}}', b'{"cookies":{"a":"[hidden]"}}'),
        (
            b'[{"name": "li_at", "value": "AQ"}, {"name": "Jane", "value": 1}]',
            b'[{"name":"li_at","value":"[hidden]"},{"name":"Jane","value":1}]',
        ),
        (b'{"a": 1, "api_key": "AQ', b'{"a": 1, [hidden: what follows may hold credentials]'),
        (
            b'{"n": NaN, "li_at":"AQ"}',
            b'{"n": NaN, [hidden: what follows may hold credentials]',
        ),
        (b"<p>cookies</p>", b"<p>cookies</p>"),
        (b'{"cookies":"\\ud800"}', b'{"cookies":"[hidden]"}'),
        (b'{"name":"\\u00e9", "n":NaN}', b'{"name":"\\u00e9", "n":NaN}'),
        (b'{"cookies":' * 5_000, b"{[hidden: what follows may hold credentials]"),
    ],
)
def test_credentials_of_accounts_are_hidden(body, hidden):
    assert hide_secrets(body) == hidden


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=40,
)


@given(value=values, operation=st.sampled_from(list(OPERATIONS)))
def test_shown_json_is_the_value_that_came(value, operation):
    answer = shown(msgspec.json.encode(value), operation=operation)

    if answer.pages == 1:
        assert msgspec.json.decode(answer.text) == value


@given(body=st.binary(), kind=st.sampled_from([JSON, "text/html", "", "\ud800"]))
def test_showing_never_raises(body, kind):
    answer = shown(hide_secrets(body), kind=kind)

    assert (answer.kind == "empty") == (body == b"")


@pytest.mark.parametrize(
    "make",
    [
        lambda count: b"[" + b",".join([b"1"] * count) + b"]",
        lambda count: b'{"a":' * 59 + b"[" + b"1," * count + b"1]" + b"}" * 59,
        lambda count: b'{"uid":"' + b"x" * 2 * count + b'"}',
        lambda count: b'{"cookies":{"' + b'\\"' * count,
        lambda count: b"<" * 2 * count,
    ],
    ids=["many lines", "deep lines", "long line", "broken quotes", "text"],
)
def test_a_page_of_a_large_answer_takes_little_work(make):
    body = make(500_000)

    work = lines_run(lambda: shown(hide_secrets(body), page=2))

    answer = shown(hide_secrets(body), page=2)
    assert work < 50_000  # Lines are made of those that are on the page.
    assert sum(len(line.line.text) for line in answer.lines) < 1_000_000
