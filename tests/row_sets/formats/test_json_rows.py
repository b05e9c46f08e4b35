"""JSON is read object by object: its numbers as they are written, and what comes before a break."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.row_sets.formats import json_rows
from playground.row_sets.formats.json_rows import JsonText, UnableToReadRows, read_json


def rows(text, **options):
    return list(read_json(text, **options).rows())


@pytest.mark.parametrize(
    ("text", "names", "read"),
    [
        ("[]", (), []),
        ("\ufeff [ ] ", (), []),
        ('{"a": "1", "b": ""}', ("a", "b"), [(1, ("1", ""))]),
        ('[{"b": "1"},{}, {"a": "}{][\\"", "b": "2"}]', ("b", "a"),
         [(1, ("1", None)), (2, (None, None)), (3, ("2", '}{]["'))]),
        ('{"a": "1"}\n\n{"a": "2"}\r\n', ("a",), [(1, ("1",)), (3, ("2",))]),
        ('{"a":"1"},\n{\n"a":"2"},\n{"a":"3"},', ("a",), [(1, ("1",)), (2, ("2",)), (4, ("3",))]),
        ('{"steps": [{"inputs": [1]}], "inputs": [{"a": "1"}], "x": [', ("a",), [(1, ("1",))]),
        ('{"a": "inputs", "b": [{"c": "]"}]}', ("a", "b"), [(1, ("inputs", '[{"c":"]"}]'))]),
    ],
)  # fmt: skip
def test_arrays_payloads_lines_and_one_object(text, names, read):
    assert (read_json(text).names, rows(text)) == (names, read)
    assert read_json(text).notices == ()


@pytest.mark.parametrize(
    ("written", "cell"),
    [
        ("1e5", "1e5"), ("1.0", "1.0"), ("-0", "-0"), ("null", "null"), ("true", "true"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        ('{ "x": [ 1.50,\n null ] }', '{"x":[1.50,null]}'),
    ],
)  # fmt: skip
def test_what_is_no_text_is_kept_as_it_is_written(written, cell):
    [(_, (read,))] = rows(f'[{{"a": {written} }}]')

    assert (read, type(read)) == (cell, JsonText)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


@given(st.lists(st.dictionaries(st.text(max_size=3), VALUES, max_size=3), max_size=3))
def test_any_objects_come_back(objects):
    for text in (json.dumps(objects, indent=1), json.dumps({"inputs": objects}, indent=None)):
        read = read_json(text)
        back = [
            {
                name: json.loads(cell) if isinstance(cell, JsonText) else cell
                for name, cell in zip(read.names, cells, strict=True)
                if cell is not None
            }
            for _, cells in read.rows()
        ]
        assert back == objects


GOOD = '[{"a": "1"},\n {"a": "2"}'


@pytest.mark.parametrize(
    ("text", "told", "count"),
    [
        (GOOD, "Line 2, column 12: ", 2),
        (f"{GOOD},", "Line 2, column 13: ", 2),
        (f'{GOOD} {{"a": "3"}}]', "Line 2, column 13: ", 2),
        (f'{GOOD}, {{"a": "3]', "Line 2, column 20: the text that begins here", 2),
        (f'{GOOD}, {{"a": \'3\'}}, {{"a": "4"}}]', "Line 2, column 20: ' (apostrophe)", 2),
        (f"{GOOD}, oops]", "Line 2, column 14: ", 2),
        (f"{GOOD}]\n[", "Line 3, column 1: the JSON is over here, and more comes after it", 2),
        ('{"a": "1"}\n{"a": "2",}\n{"a": "3"}', "Line 2, column 10: a comma stands before", 1),
        ('{"a": "1"}\noops', "Line 2, column 1: ", 1),
    ],
)
def test_what_comes_before_a_break_is_kept_and_the_place_is_told(text, told, count):
    read = read_json(text)

    assert [cells for _, cells in read.rows()] == [(str(at + 1),) for at in range(count)]
    assert read.notices[0].startswith(told)
    assert read.notices[0].endswith("The rows before it were read.")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[", "This is no JSON. Line 1, column 2"),
        ("{", "This is no JSON. Line 1, column 2"),
        ('[{"a": 1,}]', "This is no JSON. Line 1, column 9: a comma stands before"),
        ('{"inputs": [oops]}', "This is no JSON. Line 1, column 13"),
        ('[{"a": 1}, 5]', "Row 2 is no object of keys and values."),
        ('{"a": 1}\n\n[2]', "Line 3 is no object of keys and values."),
        ('["a"]', "Row 1 is no object of keys and values."),
        ('[{"a": "\\ud800"}]', "This is no JSON. Line 1, column 9"),
        ("[" * 100_000, "Row 1 is no object of keys and values."),
        ('{"a":' * 100_000, "This is no JSON. Line 1, column 1: this is nested too deeply."),
        ("\n[{" + ",".join(f'"{n}":1' for n in range(5_001)) + "}]", "more than 5,000 different"),
    ],
)
def test_what_is_no_table_says_why(text, told):
    with pytest.raises(UnableToReadRows) as raised:
        read_json(text)
    assert told in raised.value.sentence


@pytest.mark.parametrize("row", ['{"a": "12345678901"}', '{"a": [[],[],[],[]]}'])
def test_a_row_that_is_too_long_and_too_many_of_them_say_so(row, monkeypatch):
    monkeypatch.setattr(json_rows, "LONGEST_ROW", 16)
    monkeypatch.setattr(json_rows, "MOST_ROWS", 2)
    with pytest.raises(UnableToReadRows, match="in line 2 is longer than 16 characters"):
        read_json(f"[{{}},\n{row}]")
    with pytest.raises(UnableToReadRows, match="in line 1 is longer than 16 characters"):
        read_json(f'{{"x": {row}, "inputs": []}}')
    with pytest.raises(UnableToReadRows, match="It has more than 2 rows"):
        read_json("[{},{},{}]")


def test_keys_that_are_there_twice_are_told_with_their_lines():
    read = read_json('[{"a": 1},\n{"a": 1,\n"a": 2}]')

    assert list(read.rows())[1] == (2, ("2",))
    assert read.notices == ("“a” is there twice, in lines 2 and 3: only its last value is kept.",)


def test_the_keys_of_meta_are_columns_where_each_meta_is_an_object():
    text = '[{"meta": {"id": 7}, "a": "1"}, {"a": "2", "meta": {"x": "y", "id": "8"}}, {}]'

    split = read_json(text, splits_meta=True)
    odd = read_json(text.replace("{}]", '{"meta": 1}]'), splits_meta=True)

    assert split.names == ("meta.id", "meta.x", "a")
    assert [cells for _, cells in split.rows()] == [
        ("7", None, "1"), ("8", "y", "2"), (None, None, None),
    ]  # fmt: skip
    assert odd.names == read_json(text).names == ("meta", "a")
