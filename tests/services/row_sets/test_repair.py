from __future__ import annotations

import msgspec
import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground.models import RowEdit, RowSet
from playground.row_sets.repairs import Action, Repair
from playground.services.row_sets import reading, repair, table
from playground.services.row_sets.errors import ChangedMeanwhile, UnableToChangeRowSet
from playground.services.row_sets.reading import Source
from tests.services.row_sets.row_sets import NOW, bytes_of, make_workflow, texts_of

CSV = "first_name,domain\nAda ,acme.com\n,acme.com\nGrace,bad one\nAda,acme.com\nAda,acme.com\n"
WORKFLOW = make_workflow(first_name={"required": 1}, domain={"regex": {"a": r"^[a-z.]+$"}})


@pytest.fixture
def ada(db: None) -> User:
    return User.objects.create_user("ada")


@pytest.fixture
def row_set(ada: User) -> RowSet:
    return reading.make(ada, WORKFLOW, Source(name="leads.csv", data=CSV.encode()), now=NOW)


def counts_of(row_set: RowSet) -> tuple[int, ...]:
    return (row_set.rows, row_set.attention, row_set.exact, row_set.similar, row_set.size)


@pytest.mark.parametrize(
    ("what", "expected", "attention"),
    [
        (
            Repair(action="set", column=1, rows=frozenset({2}), text="b.com"),
            [["Ada ", "acme.com"], ["", "acme.com"], ["Grace", "b.com"]],
            1,
        ),
        (
            Repair(action="fill-down", column=0),
            [["Ada ", "acme.com"], ["Ada ", "acme.com"], ["Grace", "bad one"]],
            1,
        ),
        (
            Repair(action="replace", column=1, find="bad one", text="x.com"),
            [["Ada ", "acme.com"], ["", "acme.com"], ["Grace", "x.com"]],
            1,
        ),
        (Repair(action="trim"), [["Ada", "acme.com"], ["", "acme.com"]], 2),
        (Repair(action="remove", rows=frozenset({0, 1})), [["Grace", "bad one"]], 1),
    ],
)
def test_a_repair_and_its_undoing(
    ada: User, row_set: RowSet, what: Repair, expected: list[list[str]], attention: int
) -> None:
    before, counts = bytes_of(row_set), counts_of(row_set)
    done = repair.apply(ada, row_set, row_set.version, what, now=NOW)
    assert done.changed > 0
    assert texts_of(row_set)[: len(expected)] == expected
    assert row_set.attention == attention
    repair.undo(ada, row_set, row_set.version, now=NOW)
    assert bytes_of(row_set) == before
    assert counts_of(row_set) == counts
    with pytest.raises(UnableToChangeRowSet, match="nothing to undo"):
        repair.undo(ada, row_set, row_set.version, now=NOW)


def test_what_is_found_after_a_repair_is_what_checking_all_rows_finds(
    ada: User, row_set: RowSet
) -> None:
    for what in (
        Repair(action="set", column=1, rows=frozenset({2}), text="still bad"),
        Repair(action="remove", rows=frozenset({0, 3})),
        Repair(action="trim"),
    ):
        repair.apply(ada, row_set, row_set.version, what, now=NOW)
    repair.undo(ada, row_set, row_set.version, now=NOW)
    kept, counts = bytes_of(row_set), counts_of(row_set)
    checked = reading.check_again(row_set, NOW)
    assert (bytes_of(checked), counts_of(checked)) == (kept, counts)


def test_rows_that_fail_and_repeat_can_be_removed(ada: User, row_set: RowSet) -> None:
    before = bytes_of(row_set)
    assert (row_set.exact, row_set.similar, row_set.attention) == (1, 1, 2)
    repair.remove_repeated(ada, row_set, row_set.version, kind="exact", keeps_last=False, now=NOW)
    assert (row_set.rows, row_set.exact, row_set.similar) == (4, 0, 1)
    repair.remove_repeated(ada, row_set, row_set.version, kind="similar", keeps_last=True, now=NOW)
    repair.remove_failing(ada, row_set, row_set.version, now=NOW)
    assert texts_of(row_set) == [["Ada", "acme.com"]]
    for _ in range(3):
        repair.undo(ada, row_set, row_set.version, now=NOW)
    assert bytes_of(row_set) == before


def test_all_rows_can_be_removed_and_come_back(ada: User, row_set: RowSet) -> None:
    before = bytes_of(row_set)
    everything = Repair(action="remove", rows=frozenset(range(5)))
    repair.apply(ada, row_set, row_set.version, everything, now=NOW)
    assert (row_set.rows, row_set.size, texts_of(row_set)) == (0, 0, [])
    repair.undo(ada, row_set, row_set.version, now=NOW)
    assert bytes_of(row_set) == before


def test_two_tabs_do_not_undo_each_other(ada: User, row_set: RowSet) -> None:
    seen = row_set.version
    other = RowSet.objects.get(pk=row_set.pk)
    repair.apply(ada, row_set, seen, Repair(action="trim"), now=NOW)
    with pytest.raises(ChangedMeanwhile):
        repair.apply(ada, other, seen, Repair(action="set", column=0, text="x"), now=NOW)
    other.refresh_from_db()
    with pytest.raises(ChangedMeanwhile):
        repair.undo(ada, other, seen, now=NOW)
    assert RowEdit.objects.count() == 1


def test_what_changes_nothing_is_no_step(ada: User, row_set: RowSet) -> None:
    version = row_set.version
    nothing = Repair(action="replace", column=0, find="none", text="x")
    done = repair.apply(ada, row_set, version, nothing, now=NOW)
    assert (done.changed, row_set.version, RowEdit.objects.count()) == (0, version, 0)


def test_only_so_many_steps_are_kept(
    ada: User, row_set: RowSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repair, "MOST_STEPS", 2)
    for text in "abc":
        what = Repair(action="set", column=0, rows=frozenset({0}), text=text)
        repair.apply(ada, row_set, row_set.version, what, now=NOW)
    assert RowEdit.objects.count() == 2


def test_a_page_shows_what_is_wrong_beside_its_cell(ada: User, row_set: RowSet) -> None:
    page = table.look(ada, row_set, view="attention")
    assert [row.position for row in page.rows] == [2, 3]
    assert page.rows[0].cells[0].problem == "first_name is needed."
    assert "does not look like" in page.rows[1].cells[1].problem
    repeated = table.look(ada, row_set, view="duplicates").rows
    assert [(row.position, row.repeats) for row in repeated] == [
        (1, (4, 5)),
        (4, (1, 5)),
        (5, (1, 4)),
    ]
    assert [row.place for row in table.look(ada, row_set).rows] == [2, 3, 4, 5, 6]


_text = st.text(st.characters(codec="utf-8"), max_size=4)
_actions = st.tuples(
    st.sampled_from(["set", "fill-down", "replace", "trim", "remove"]),
    st.sampled_from([0, 1]),
    st.integers(0, 5),
    _text,
    _text,
)


@pytest.mark.django_db
@given(
    cells=st.lists(st.tuples(_text, _text), min_size=1, max_size=6),
    actions=st.lists(_actions, min_size=1, max_size=4),
)
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_undoing_restores_every_byte(
    cells: list[tuple[str, str]], actions: list[tuple[Action, int, int, str, str]]
) -> None:
    ada, _ = User.objects.get_or_create(username="ada")
    rows = [{"first_name": f"x{first}", "domain": second} for first, second in cells]
    source = Source(name="x.json", data=msgspec.json.encode(rows))
    row_set = reading.make(ada, WORKFLOW, source, now=NOW)
    before, steps = bytes_of(row_set), 0
    for action, column, row, text, find in actions:
        what = Repair(action=action, column=column, rows=frozenset({row}), text=text, find=find)
        steps += bool(repair.apply(ada, row_set, row_set.version, what, now=NOW).changed)
    for _ in range(steps):
        repair.undo(ada, row_set, row_set.version, now=NOW)
    assert bytes_of(row_set) == before
