"""Each input row of a job gets its outcome, whatever order and shape the results come in."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from playground.contract.wire import from_builtins
from playground.contract.workflows import Workflow
from playground.outcomes import joining
from playground.outcomes.joining import Given, join

URL = (("url", "link"),)


def made(inputs, results, **changes):
    return join(Given(inputs=inputs, results=results, keys=URL, **changes))


def told(url, status="succeeded", **more):
    return {"url": url, "status": status, "error_message": None} | more


def words(outcomes):
    return [one.outcome for one in outcomes.rows]


def large_job(*, with_meta):
    """2,500 inputs of which every seventh fails and every eleventh gives nothing, each tenth is the
    row before it once more, each thirteenth gives three results; and the results in any order."""
    inputs, results, expected = [], [], []
    for number in range(2_500):
        url = f"https://example.com/{number - (number % 10 == 9)}"
        meta = {"meta": {"crm_id": number}} if with_meta else {}
        word = "failed" if number % 7 == 0 else "none" if number % 11 == 0 else "succeeded"
        if not with_meta and word == "none" and number % 10 in (8, 9):
            word = "succeeded"
        count = 0 if word != "succeeded" else 3 if number % 13 == 0 else 1
        if not with_meta and number % 10 in (8, 9):
            count = min(count, 1)
        inputs.append(
            told(url, "failed" if word == "failed" else "succeeded", **meta)
            | {"error_message": f"404 at {number}" if word == "failed" else None}
        )
        results += [{"url": url, "found": f"{number}/{at}"} | meta for at in range(count)]
        expected.append((word, count))
    random.Random(7).shuffle(results)
    return inputs, results, expected


def test_rows_of_a_large_job_get_their_outcomes_by_meta():
    inputs, results, expected = large_job(with_meta=True)

    found = made(inputs, results, expected=2_500)

    assert [(one.outcome, len(one.results)) for one in found.rows] == expected
    for one in found.rows:
        whose = {results[at]["meta"]["crm_id"] for at in one.results}
        assert whose <= {one.row - 1}
        assert one.is_sure
        assert one.joined_by == ("meta" if one.results else "")
    assert {one.reason for one in found.rows if one.outcome == "failed"} == {
        f"404 at {number}" for number in range(0, 2_500, 7)
    }


def test_rows_of_a_large_job_get_their_outcomes_by_the_primary_key():
    inputs, results, expected = large_job(with_meta=False)

    found = made(inputs, results, expected=2_500)

    assert [(one.outcome, len(one.results)) for one in found.rows] == expected
    for one in found.rows:
        whose = {results[at]["url"] for at in one.results}
        assert whose <= {inputs[one.row - 1]["url"]}
    counts = found.counts
    assert counts.inputs == 2_500
    assert counts.succeeded + counts.failed + counts.none + counts.unknown == 2_500
    assert (counts.joined, counts.stray) == (len(results), 0)


def test_meta_that_became_columns_joins_too():
    inputs = [told("a", meta={"id": 1}), told("a", meta={"id": 2})]

    found = made(inputs, [{"url": "a", "id": 2}])

    assert words(found) == ["none", "succeeded"]
    assert found.rows[1].joined_by == "meta"


def test_meta_wins_over_a_key_that_says_otherwise():
    inputs = [told("a", meta={"id": 1}), told("b", meta={"id": 2})]

    found = made(inputs, [{"url": "b", "meta": {"id": 1}}])

    assert words(found) == ["succeeded", "none"]


def test_key_may_come_under_another_name_and_nearly_the_same():
    inputs = [told("https://www.Example.com/a/"), told("https://example.com/b")]

    found = made(inputs, [{"link": "https://example.com/b"}, {"url": "http://example.com/a"}])

    assert [(one.results, one.is_sure) for one in found.rows] == [((1,), False), ((0,), True)]


def test_equal_rows_share_results_and_the_failed_one_gets_none():
    inputs = [told("a", "failed"), told("a"), told("a")]

    found = made(inputs, [{"url": "a", "n": 1}, {"url": "a", "n": 2}])

    assert words(found) == ["failed", "succeeded", "succeeded"]
    assert [one.results for one in found.rows] == [(), (0,), (1,)]
    assert [one.is_sure for one in found.rows] == [True, False, False]


def test_rows_of_one_key_are_told_apart_by_their_other_values():
    inputs = [told("acme", name="Ann"), told("acme", name="Bob")]

    found = made(inputs, [{"url": "acme", "name": "Bob", "email": "b@acme.com"}])

    assert words(found) == ["none", "succeeded"]
    assert found.rows[1].is_sure


def test_keys_that_no_result_comes_with_name_no_input():
    inputs = [told("a", name="Ann"), told("b", name="Bob")]
    keys = (("url",), ("name",))

    found = join(Given(inputs=inputs, results=[{"name": "Bob"}, {"name": "Ann"}], keys=keys))

    assert [one.results for one in found.rows] == [(1,), (0,)]
    assert all(one.is_sure for one in found.rows)


def test_result_without_an_input_is_given_to_nobody():
    found = made([told("a"), told("b")], [{"url": "a"}, {"url": "nobody"}])

    assert words(found) == ["succeeded", "none"]
    assert found.strays == (1,)
    assert not found.rows[1].is_sure


def test_position_joins_where_nothing_else_does_and_the_numbers_fit():
    inputs = [told("a"), told("b", "failed"), told("c")]

    found = made(inputs, [{"n": 1}, {"n": 2}])

    assert [(one.outcome, one.results) for one in found.rows] == [
        ("succeeded", (0,)),
        ("failed", ()),
        ("succeeded", (1,)),
    ]
    assert [one.joined_by for one in found.rows] == ["position", "", "position"]
    assert not found.rows[0].is_sure


def test_position_joins_nothing_where_the_numbers_do_not_fit():
    found = made([{"url": "a"}, {"url": "b"}, {"url": "c"}], [{"n": 1}, {"n": 2}])

    assert words(found) == ["unknown"] * 3
    assert found.counts.stray == 2


def test_what_was_not_read_is_unknown_and_counted_as_that():
    inputs = [told("a"), told("b", "failed"), told("c")]

    found = made(inputs, [{"url": "a"}], expected=10, has_all_inputs=False, has_all_results=False)

    counts = found.counts
    assert words(found) == ["succeeded", "failed", "unknown"]
    assert (counts.inputs, counts.succeeded, counts.failed, counts.none) == (10, 1, 1, 0)
    assert counts.unknown == 8
    assert [one.row for one in found.unread_rows()] == [4, 5, 6, 7, 8, 9, 10]


def test_rows_of_which_nobody_told_how_they_fared_are_no_row_without_a_result():
    found = made([told("a"), {"url": "b"}, {"url": "c"}], [{"url": "b"}], told=1)

    assert words(found) == ["none", "succeeded", "unknown"]


def test_keys_are_the_primary_ones_with_their_other_names_else_all():
    schema = {
        "a": {"required": 1},
        "b": {"primary": 1, "variations": ["b2"], "retro_variations": ["b1"]},
    }
    workflow = {"uid": "w", "name": "W", "steps": [{"step_uid": "s", "input_schema": schema}]}

    primary = joining.keys_of(from_builtins(Workflow, workflow).inputs)
    del schema["b"]["primary"]

    assert primary == (("b", "b2", "b1"),)
    assert joining.keys_of(from_builtins(Workflow, workflow).inputs) == (("a",), ("b", "b2", "b1"))


values = st.one_of(st.none(), st.integers(), st.sampled_from(["a", "b", "", "A/"]), st.just([{}]))
metas = st.one_of(st.none(), st.just({}), st.dictionaries(st.sampled_from("xy"), values))
rows = st.fixed_dictionaries(
    {}, optional={"url": values, "link": values, "x": values, "meta": metas}
)
fates = st.fixed_dictionaries(
    {}, optional={"status": st.sampled_from(["failed", "succeeded", "pending", 3])}
)
inputs_of = st.lists(st.tuples(rows, fates).map(lambda pair: pair[0] | pair[1]), max_size=12)


@given(inputs_of, st.lists(rows, max_size=12), st.booleans(), st.booleans(), st.integers(0, 20))
def test_counts_add_up_and_each_result_is_given_once(inputs, results, all_in, all_out, expected):
    found = made(inputs, results, expected=expected, has_all_inputs=all_in, has_all_results=all_out)

    counts = found.counts
    given_to = [at for one in found.rows for at in one.results]
    assert sorted([*given_to, *found.strays]) == list(range(len(results)))
    assert counts.succeeded + counts.failed + counts.none + counts.unknown == counts.inputs
    assert counts.inputs == max(len(inputs), 0 if all_in else expected)
    assert all_out or counts.none == 0
