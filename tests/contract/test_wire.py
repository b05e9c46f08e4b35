"""What the wire refuses, how it says so, and what no body can make it do."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given

from playground.contract import accounts, jobs, launches, wire, workflows
from tests.contract import strategies
from tests.contract.samples import SAMPLES

KINDS = [type(sample.value) for sample in SAMPLES]


@pytest.mark.parametrize(
    ("kind", "raw", "path", "problem"),
    [
        (jobs.Job, [], "$", "expected an object, got an array"),
        (jobs.Job, None, "$", "expected an object, got null"),
        (jobs.Job, "uid", "$", "expected an object, got text"),
        (jobs.Job, 1.5, "$", "expected an object, got a number"),
        (jobs.Job, True, "$", "expected an object, got true or false"),
        (jobs.Job, {}, "$.uid", "missing"),
        (jobs.Job, {"uid": None}, "$.uid", "Expected `str`, got `null`"),
        (jobs.Job, {"uid": 7}, "$.uid", "Expected `str`, got `int`"),
        (jobs.Job, {"uid": "a", "row_count": "0"}, "$.row_count", "Expected `int`, got `str`"),
        (jobs.Job, {"uid": "a", "row_count": True}, "$.row_count", "Expected `int`, got `bool`"),
        (jobs.Job, {"uid": "a", "row_count": 1.5}, "$.row_count", "Expected `int`, got `float`"),
        (jobs.Job, {"uid": "a", "accounts": "b"}, "$.accounts", "Expected `array`, got `str`"),
        (
            jobs.Job,
            {"uid": "a", "accounts": ["b", 1]},
            "$.accounts[1]",
            "Expected `str`, got `int`",
        ),
        (jobs.ResultPage, {"results": {}}, "$.results", "Expected `array`, got `object`"),
        (
            jobs.ResultPage,
            {"results": [{}, 1]},
            "$.results[1]",
            "Expected `object`, got `int`",
        ),
        (
            jobs.ResultPage,
            {"results": [], "paging": []},
            "$.paging",
            "expected an object, got an array",
        ),
        (
            jobs.ResultPage,
            {"results": [], "paging": {"next": 2}},
            "$.paging.next",
            "Expected `str`, got `int`",
        ),
        (
            accounts.AccountPage,
            {"accounts": {"uid": "a"}},
            "$.accounts",
            "expected an array, got an object",
        ),
        (
            accounts.AccountPage,
            {"accounts": [{"uid": "a", "limits": [{}, {"templates": [None]}]}]},
            "$.accounts[0].limits[1].templates[0]",
            "Expected `str`, got `null`",
        ),
        (
            accounts.AccountPage,
            {"accounts": [{"uid": "a", "is_valid": 1}]},
            "$.accounts[0].is_valid",
            "Expected `bool`, got `int`",
        ),
        (
            workflows.Workflow,
            {"uid": "w", "name": "n", "steps": [{"step_uid": "s", "input_schema": []}]},
            "$.steps[0].input_schema",
            "expected an object, got an array",
        ),
        (
            workflows.Workflow,
            {"uid": "w", "name": "n", "steps": [{"step_uid": "s", "input_schema": {"k": 1}}]},
            "$.steps[0].input_schema.k",
            "expected an object, got a number",
        ),
        (
            workflows.Workflow,
            {
                "uid": "w",
                "name": "n",
                "steps": [{"step_uid": "s", "input_schema": {"k": {"variations": [1]}}}],
            },
            "$.steps[0].input_schema.k.variations[0]",
            "Expected `str`, got `int`",
        ),
        (
            workflows.Workflow,
            {"uid": "w", "name": "n", "steps": None},
            "$.steps",
            "expected an array, got null",
        ),
        (
            launches.LaunchRequest,
            {"steps": [{"step_uid": "s"}, {"accounts": []}]},
            "$.steps[1].step_uid",
            "missing",
        ),
        (
            launches.LaunchRequest,
            {"inputs": [{}, []]},
            "$.inputs[1]",
            "Expected `object`, got `array`",
        ),
        (
            launches.LaunchRequest,
            {"repeat_option": "daily"},
            "$.repeat_option",
            "expected an object, got text",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_body_of_another_shape_is_refused_by_its_path(
    kind: type, raw: Any, path: str, problem: str
) -> None:
    with pytest.raises(wire.WireError) as caught:
        wire.decode(kind, wire.encode(raw))

    assert (caught.value.path, caught.value.problem) == (path, problem)
    assert str(caught.value) == f"{path}: {problem}"


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({"uid": "a"}, "$: expected an array, got an object"),
        ([{"uid": "a"}, {"name": "b"}], "$[1].uid: missing"),
        ([{"uid": "a"}, None], "$[1]: expected an object, got null"),
        ([{"uid": "a", "status": 1}], "$[0].status: Expected `str`, got `int`"),
    ],
)
def test_an_array_of_another_shape_is_refused_by_its_path(raw: Any, message: str) -> None:
    with pytest.raises(wire.WireError) as caught:
        wire.decode_many(jobs.Job, wire.encode(raw))

    assert str(caught.value) == message


HOSTILE = {
    "empty": b"",
    "blank": b" \n",
    "half an object": b'{"uid": "a"',
    "two values": b'{"uid": "a"} {"uid": "b"}',
    "half a character": b'{"uid": "\\ud800"}',
    "the other half": b'{"uid": "\\udc00"}',
    "half a character in a key": b'{"\\ud83d": 1}',
    "half a character in UTF-8": b'{"uid": "\xed\xa0\x80"}',
    "invalid UTF-8": b'{"uid": "\xff"}',
    "invalid UTF-8 in a key": b'{"\xc3\x28": 1}',
    "overlong UTF-8": b'{"uid": "\xc0\xaf"}',
    "UTF-16": '{"uid": "a"}'.encode("utf-16"),
    "not a number": b'{"uid": NaN}',
    "infinity": b'{"uid": -Infinity}',
    "too large a power": b'{"uid": 1e5000}',
    "5,000 digits": b'{"uid": ' + b"9" * 5000 + b"}",
    "minus 5,000 digits": b'{"uid": -' + b"9" * 5000 + b"}",
    "5,000 digits and a fraction": b'{"uid": ' + b"9" * 5000 + b".5}",
    "100,000 arrays": b"[" * 100_000,
    "100,000 whole arrays": b"[" * 100_000 + b"]" * 100_000,
    "100,000 objects": b'{"a":' * 100_000,
    "100,000 objects under a known key": b'{"extra":' * 100_000 + b"1" + b"}" * 100_000,
    "raw control character": b'{"uid": "a\nb"}',
    "NUL": b"\x00",
    "comment": b'{"uid": "a"} // no',
    "single quotes": b"{'uid': 'a'}",
    "trailing comma": b'{"uid": "a",}',
}


@pytest.mark.parametrize(
    "body",
    [
        b'\xef\xbb\xbf{"a": 1}',
        '\ufeff{"a": 1}',
        b'\r\n\xef\xbb\xbf\xef\xbb\xbf {"a": 1}',
        '\n\ufeff\ufeff {"a": 1}',
    ],
)
def test_a_byte_order_mark_before_json_means_nothing(body: bytes | str) -> None:
    assert wire.parse_json(body) == {"a": 1}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_body_is_refused_and_nothing_else(name: str) -> None:
    body = HOSTILE[name]

    with pytest.raises(wire.WireError) as caught:
        wire.parse_json(body)

    assert len(str(caught.value)) < 200
    for kind in KINDS:
        with pytest.raises(wire.WireError):
            wire.decode(kind, body)
        with pytest.raises(wire.WireError):
            wire.decode_many(kind, body)


def test_text_with_half_a_character_is_refused() -> None:
    with pytest.raises(wire.WireError):
        wire.parse_json('{"uid": "\ud800"}')


def test_a_large_number_is_kept_to_the_last_digit() -> None:
    decoded = wire.decode(jobs.Job, b'{"uid": "a", "row_count": 1180591620717411303424, "z": -9}')

    assert decoded.row_count == 2**70
    assert wire.encode(decoded) == b'{"uid":"a","row_count":1180591620717411303424,"z":-9}'


def test_of_a_key_that_comes_twice_the_last_counts() -> None:
    assert wire.decode(jobs.Job, b'{"uid": "a", "uid": "b"}') == jobs.Job(uid="b")


@pytest.mark.parametrize("key", ["configuration", "unknown"])
def test_a_nested_body_goes_both_ways(key: str) -> None:
    body = _nested(key, 100)

    assert wire.encode(wire.decode(jobs.Job, body)) == body


@pytest.mark.parametrize("depth", [300, 400, 500, 600, 700, 800, 900, 1000])
@pytest.mark.parametrize("key", ["configuration", "unknown"])
def test_a_deeply_nested_body_goes_both_ways_or_is_refused(key: str, depth: int) -> None:
    body = _nested(key, depth)

    outcome = _there_and_back(body)

    assert outcome in (body, "$: nested too deeply")


def test_nesting_that_can_be_read_but_not_written_is_refused() -> None:
    value: list[Any] = []
    for _ in range(5000):
        value = [value]

    with pytest.raises(wire.WireError) as caught:
        wire.encode(value)

    assert str(caught.value) == "$: nested too deeply"


@pytest.mark.parametrize(
    "value", [jobs.Job(uid="\ud800"), {"\udfff": 1}, jobs.Job(uid="a", extra={"z": ["\ud83d"]})]
)
def test_half_a_character_cannot_be_encoded(value: Any) -> None:
    with pytest.raises(wire.WireError) as caught:
        wire.encode(value)

    assert str(caught.value) == "$: text that is not Unicode"


@strategies.unhurried
@given(strategies.scraps)
@example(b'{"message":' * 100_000)
@example(b'"' + b"\\" * 99_999)
def test_any_bytes_are_json_or_refused(body: bytes) -> None:
    try:
        value = wire.parse_json(body)
    except wire.WireError:
        return

    assert value == json.loads(body)


@strategies.unhurried
@given(strategies.values)
def test_any_value_comes_back_from_json(value: Any) -> None:
    assert wire.parse_json(wire.encode(value)) == value


@strategies.unhurried
@given(strategies.kinds, strategies.objects)
def test_any_object_is_of_the_shape_and_survives_or_is_refused(kind: type, raw: Any) -> None:
    try:
        value = wire.decode(kind, wire.encode(raw))
    except wire.WireError:
        return

    assert wire.parse_json(wire.encode(value)) == raw


@strategies.unhurried
@given(strategies.scraps)
@example(b"\xff" * 10_000)
@example(b'{"message": "' + b"a" * 10_000 + b'"}')
def test_the_sentence_of_an_error_is_one_short_line(body: bytes) -> None:
    sentence = wire.error_sentence(body, limit=50)

    assert len(sentence) <= 50
    assert sentence == " ".join(sentence.split())


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b'{"message": "No.", "error": "Other."}', "No."),
        (b'{"message": null, "error": "Other."}', "Other."),
        (b'{"message": "  ", "error": "Other."}', "Other."),
        (b'{"message": ["No."]}', '{"message": ["No."]}'),
        (b'{"error": {"message": "No."}}', '{"error": {"message": "No."}}'),
        (b'{"message": " two\\n lines\\t"}', "two lines"),
        (b"[1]", "[1]"),
        (b" <h1>Bad\n Gateway</h1> ", "<h1>Bad Gateway</h1>"),
        (b"caf\xc3\xa9 \xff", "café �"),
        (b"", ""),
        (b'{"message": "' + b"a" * 501 + b'"}', "a" * 499 + "…"),
        (b'{"message": "' + b"a" * 500 + b'"}', "a" * 500),
    ],
)
def test_what_an_error_body_says(body: bytes, sentence: str) -> None:
    assert wire.error_sentence(body) == sentence


def test_an_error_body_says_its_sentence() -> None:
    body = wire.error_body("`steps` is missing – “why”?")

    assert body == '{"message":"`steps` is missing – “why”?"}'.encode()
    assert wire.error_sentence(body) == "`steps` is missing – “why”?"


@pytest.mark.parametrize(
    ("headers", "key"),
    [
        ({"authorization": wire.authorization_value("abc")}, "abc"),
        ({"authorization": "X-API-KEY   abc "}, "abc"),
        ({"x-api-key": "abc"}, "abc"),
        ({"authorization": "Bearer abc", "x-api-key": "def"}, "def"),
        ({"authorization": "x-api-key ", "x-api-key": "def"}, "def"),
        ({"authorization": "x-api-key abc", "x-api-key": "def"}, "abc"),
        ({"authorization": "abc"}, None),
        ({"authorization": "x-api-keyabc"}, None),
        ({"x-api-key": ""}, None),
        ({}, None),
    ],
)
def test_the_key_is_read_in_both_forms(headers: dict[str, str], key: str | None) -> None:
    assert wire.read_key(headers) == key


def test_the_headers_are_those_of_the_contract() -> None:
    assert wire.authorization_value("abc") == "x-api-key abc"
    assert (wire.AUTHORIZATION_HEADER, wire.PROJECT_HEADER, wire.KEY_HEADER) == (
        "Authorization",
        "x-project-id",
        "x-api-key",
    )


def _nested(key: str, depth: int) -> bytes:
    return f'{{"uid":"a","{key}":{{"z":{"[" * depth}{"]" * depth}}}}}'.encode()


def _there_and_back(body: bytes) -> bytes | str:
    """What comes back, or the sentence of the refusal."""
    try:
        return wire.encode(wire.decode(jobs.Job, body))
    except wire.WireError as error:
        return str(error)
