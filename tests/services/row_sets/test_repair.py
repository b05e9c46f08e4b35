from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground.models import RowEdit, RowSet, RowSetState
from playground.row_sets.repairs import Action, Repair
from playground.services.row_sets import changes, mapping, reading, repair, store, table
from playground.services.row_sets.errors import ChangedMeanwhile, UnableToChangeRowSet
from playground.services.row_sets.reading import Source
from tests.services.row_sets.row_sets import NOW, bytes_of, make_workflow, texts_of

CSV = "first_name,domain\nAda ,acme.com\n,acme.com\nGrace,bad one\nAda,acme.com\nAda,acme.com\n"
WORKFLOW = make_workflow(first_name={"required": 1}, domain={"regex": {"a": r"^[a-z.]+$"}})


Act = Callable[[User, RowSet], object]


def _repair(**what: Any) -> Act:
    return lambda ada, rows: repair.apply(ada, rows, rows.version, Repair(**what), now=NOW)


def _remove_failing(ada: User, rows: RowSet) -> object:
    return repair.remove_failing(ada, rows, rows.version, now=NOW)


def _remove_repeated(ada: User, rows: RowSet) -> object:
    how: Any = {"kind": "similar", "keeps_last": True}
    return repair.remove_repeated(ada, rows, rows.version, now=NOW, **how)


def _map(ada: User, rows: RowSet) -> object:
    return mapping.change(ada, rows, rows.version, ("meta.name", "domain"), now=NOW)


LARGE: dict[str, Act] = {
    "trim": _repair(action="trim"),
    "replace": _repair(action="replace", column=1, find="acme", text="a"),
    "fill down": _repair(action="fill-down", column=0),
    "remove what fails": _remove_failing,
    "remove what repeats": _remove_repeated,
    "map": _map,
}


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
    monkeypatch.setattr(changes, "MOST_STEPS", 2)
    for text in "abc":
        what = Repair(action="set", column=0, rows=frozenset({0}), text=text)
        repair.apply(ada, row_set, row_set.version, what, now=NOW)
    assert RowEdit.objects.count() == 2


@pytest.mark.parametrize("name", LARGE)
def test_the_worker_does_to_many_rows_what_is_done_to_few_at_once(
    ada: User, row_set: RowSet, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    before, counts = bytes_of(row_set), counts_of(row_set)
    other = reading.make(ada, WORKFLOW, Source(name="leads.csv", data=CSV.encode()), now=NOW)
    LARGE[name](ada, other)
    monkeypatch.setattr(changes, "MOST_CELLS_AT_ONCE", 0)
    LARGE[name](ada, row_set)

    assert (row_set.is_reading, bytes_of(row_set), counts_of(row_set)) == (True, before, counts)
    for act in (*LARGE.values(), lambda ada, rows: repair.undo(ada, rows, rows.version, now=NOW)):
        with pytest.raises(UnableToChangeRowSet, match=r"is being (repaired|checked): wait until"):
            act(ada, row_set)
    reading.read_row_set.call(row_set.pk)
    row_set.refresh_from_db()

    assert row_set.is_ready
    assert (bytes_of(row_set), counts_of(row_set)) == (bytes_of(other), counts_of(other))
    assert row_set.sentence == repair.last_step(row_set) == repair.last_step(other)
    if name == "map":
        assert store.facts_of(row_set).mapping == ("meta.name", "domain")
        return
    repair.undo(ada, row_set, row_set.version, now=NOW)
    assert row_set.is_reading
    reading.read_row_set.call(row_set.pk)
    row_set.refresh_from_db()
    assert (bytes_of(row_set), counts_of(row_set)) == (before, counts)
    assert row_set.sentence.startswith("Undone: ")


@pytest.mark.parametrize("name", LARGE)
def test_what_is_stopped_leaves_the_rows_as_they_were(
    ada: User, row_set: RowSet, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    kept = bytes_of(row_set), counts_of(row_set), store.facts_of(row_set)
    monkeypatch.setattr(changes, "MOST_CELLS_AT_ONCE", 0)
    LARGE[name](ada, row_set)
    new_chunk = store.new_chunk

    def stop_and_make(row_set_id: int, *told: Any) -> Any:
        reading.stop(RowSet.objects.get(pk=row_set_id))
        return new_chunk(row_set_id, *told)

    with monkeypatch.context() as patched:
        patched.setattr(store, "new_chunk", stop_and_make)
        reading.read_row_set.call(row_set.pk)
    row_set.refresh_from_db()
    assert row_set.is_ready
    assert row_set.sentence == (
        "It was stopped, so nothing was changed: the rows are as they were."
    )
    facts = msgspec.structs.replace(store.facts_of(row_set), total=kept[2].total)
    assert (bytes_of(row_set), counts_of(row_set), facts) == kept
    assert not RowEdit.objects.exists()
    LARGE[name](ada, row_set)
    reading.read_row_set.call(row_set.pk)
    row_set.refresh_from_db()
    assert bytes_of(row_set) != kept[0]


@pytest.mark.parametrize("name", LARGE)
def test_what_a_killed_worker_began_is_begun_anew(
    ada: User, row_set: RowSet, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    other = reading.make(ada, WORKFLOW, Source(name="leads.csv", data=CSV.encode()), now=NOW)
    LARGE[name](ada, other)
    before = bytes_of(row_set)
    monkeypatch.setattr(changes, "MOST_CELLS_AT_ONCE", 0)
    LARGE[name](ada, row_set)

    def die(*_: object, **__: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(changes, "write", die)
        with pytest.raises(KeyboardInterrupt):
            reading.read_row_set.call(row_set.pk)
    assert bytes_of(row_set) == before
    assert RowSet.objects.get(pk=row_set.pk).is_reading
    RowSet.objects.filter(pk=row_set.pk).update(seen_alive_at=NOW)
    reading.follow_row_set.call(row_set.pk)
    row_set.refresh_from_db()
    assert (row_set.state, bytes_of(row_set)) == (RowSetState.READY, bytes_of(other))


def test_what_breaks_changes_nothing(
    ada: User, row_set: RowSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = bytes_of(row_set)
    monkeypatch.setattr(changes, "MOST_CELLS_AT_ONCE", 0)
    LARGE["trim"](ada, row_set)
    with monkeypatch.context() as patched:
        patched.setattr(changes, "write", lambda *_, **__: 1 / 0)
        reading.read_row_set.call(row_set.pk)
    row_set.refresh_from_db()
    assert row_set.is_ready
    assert "nothing was changed" in row_set.sentence
    assert bytes_of(row_set) == before


def test_what_the_worker_does_not_have_to_change_is_no_step(
    ada: User, row_set: RowSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "MOST_CELLS_AT_ONCE", 0)
    _repair(action="replace", column=0, find="none", text="x")(ada, row_set)
    reading.read_row_set.call(row_set.pk)
    row_set.refresh_from_db()
    assert (row_set.sentence, RowEdit.objects.count()) == ("Nothing had to be changed.", 0)


@pytest.mark.parametrize(
    ("what", "told"),
    [
        (Repair(action="replace", column=1, find="m", text="x" * 60), "in row 1 would have 126"),
        (Repair(action="set", column=0, text="x" * 61), "in row 1 would have 61"),
    ],
)
def test_no_repair_makes_a_cell_longer_than_it_may_be(
    ada: User, row_set: RowSet, settings: LazySettings, what: Repair, told: str
) -> None:
    settings.ROW_SET_CELL = 60
    before = bytes_of(row_set)
    with pytest.raises(UnableToChangeRowSet, match=told):
        repair.apply(ada, row_set, row_set.version, what, now=NOW)
    assert bytes_of(row_set) == before


@pytest.mark.parametrize(
    "what",
    [
        Repair(action="fill-down", column=0),
        Repair(action="replace", column=1, find="acme", text="x" * 100_000),
    ],
)
def test_no_repair_makes_a_table_of_many_times_its_size(
    ada: User, settings: LazySettings, what: Repair
) -> None:
    data = f"first_name,domain\n{'A' * 99_000},acme\n" + ",acme\n" * 20
    row_set = reading.make(ada, WORKFLOW, Source(name="leads.csv", data=data.encode()), now=NOW)
    settings.ROW_SET_FILE_MB = 1
    with pytest.raises(UnableToChangeRowSet, match="many times the text"):
        repair.apply(ada, row_set, row_set.version, what, now=NOW)


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
