from __future__ import annotations

import datetime as dt
import uuid

import msgspec
import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User

from playground.contract.workflows import Workflow
from playground.models import RowChunk, RowSet, RowSetState
from playground.row_sets.tables import ReadAs
from playground.services.ledger import leases
from playground.services.row_sets import listing, mapping, reading, store
from playground.services.row_sets.errors import (
    ChangedMeanwhile,
    NoSuchRowSet,
    UnableToChangeRowSet,
    UnableToMakeRowSet,
)
from playground.services.row_sets.reading import Source
from tests.services.row_sets.row_sets import NOW, make_workflow

CSV = (
    "Domain;First Name;Company name;Note\n"
    "acme.com;Zoë;ACME;007\n"
    ";Ada;;x\n"
    "no domain;Grace;  ;\n"
    "ACME.com ;zoë;Acme;1e5\n"
)


@pytest.fixture
def workflow() -> Workflow:
    return make_workflow(
        first_name={"required": 1},
        company={"required": 0, "variations": ["company_name"]},
        domain={"required": 1, "regex": {"any": r"^[a-z0-9.-]+\.[a-z]+$"}, "help": "acme.com"},
    )


@pytest.fixture
def ada(db: None) -> User:
    return User.objects.create_user("ada")


def make(ada: User, workflow: Workflow, data: str = CSV) -> RowSet:
    return reading.make(ada, workflow, Source(name="leads.csv", data=data.encode()), now=NOW)


def inputs(ada: User, row_set: RowSet) -> list[dict[str, object]]:
    lines = b"".join(listing.inputs_lines(ada, row_set)).splitlines()
    return [msgspec.json.decode(line) for line in lines]


def test_a_file_becomes_inputs_by_the_names_of_its_columns(ada: User, workflow: Workflow) -> None:
    row_set = make(ada, workflow)
    assert (row_set.state, row_set.rows, row_set.attention) == (RowSetState.READY, 4, 3)
    assert inputs(ada, row_set) == [
        {"company": "ACME", "domain": "acme.com", "first_name": "Zoë"},
        {"first_name": "Ada"},
        {"domain": "no domain", "first_name": "Grace"},
        {"company": "Acme", "domain": "ACME.com ", "first_name": "zoë"},
    ]
    facts = store.facts_of(row_set)
    assert facts.mapping == ("domain", "first_name", "company", None)
    assert [(one.code, one.key, one.count, one.place) for one in facts.findings] == [
        ("required", "domain", 1, 3),
        ("regex-mismatch", "domain", 2, 4),
    ]
    assert (row_set.exact, row_set.similar) == (0, 1)


def test_other_columns_go_into_meta_or_stay_out(ada: User, workflow: Workflow) -> None:
    row_set = make(ada, workflow)
    version = row_set.version
    targets = ("domain", "first_name", None, "meta.note")
    changed = mapping.change(ada, row_set, version, targets, now=NOW)
    assert inputs(ada, changed)[0] == {
        "domain": "acme.com",
        "first_name": "Zoë",
        "meta": {"note": "007"},
    }
    assert changed.version > version


def test_a_mapping_is_offered_for_the_same_columns_once_more(ada: User, workflow: Workflow) -> None:
    targets = ("domain", "first_name", None, "meta.note")
    row_set = make(ada, workflow)
    assert mapping.remembered(ada, row_set) is None
    mapping.change(ada, row_set, row_set.version, targets, now=NOW)
    again = make(ada, workflow)
    assert store.facts_of(again).mapping == ("domain", "first_name", "company", None)
    assert mapping.remembered(ada, again) == targets


@pytest.mark.parametrize("targets", [("domain", "domain", None, None), ("x", None, None, None)])
def test_a_mapping_that_cannot_be_is_refused(
    ada: User, workflow: Workflow, targets: tuple[str | None, ...]
) -> None:
    row_set = make(ada, workflow)
    with pytest.raises(UnableToChangeRowSet):
        mapping.change(ada, row_set, row_set.version, targets, now=NOW)


def test_a_mapping_of_what_is_shown_no_more_is_not_taken(ada: User, workflow: Workflow) -> None:
    row_set = make(ada, workflow)
    with pytest.raises(ChangedMeanwhile):
        mapping.change(ada, row_set, row_set.version - 1, (None,) * 4, now=NOW)


def test_what_was_found_can_be_read_otherwise(ada: User, workflow: Workflow) -> None:
    row_set = make(ada, workflow, "domain,first_name\nacme.com,Ada\n")
    again = reading.read_again(row_set, ReadAs(header=0, delimiter=","), now=NOW)
    assert (again.rows, store.facts_of(again).columns) == (2, ("Column A", "Column B"))


@pytest.mark.parametrize("data", ["", "domain,first_name\n", "\x00" * 30, "[1, 2]"])
def test_what_is_no_table_says_why(ada: User, workflow: Workflow, data: str) -> None:
    row_set = make(ada, workflow, data)
    assert row_set.state == RowSetState.FAILED
    assert row_set.sentence.endswith(".")
    assert row_set.rows == 0


def test_more_than_a_file_may_have_is_not_kept(
    ada: User, workflow: Workflow, settings: LazySettings
) -> None:
    settings.ROW_SET_FILE_MB = 0
    with pytest.raises(UnableToMakeRowSet, match="MB"):
        make(ada, workflow)
    assert not RowSet.objects.exists()


def test_large_ones_wait_for_the_worker(
    ada: User, workflow: Workflow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_BYTES_AT_ONCE", 10)
    row_set = make(ada, workflow)
    assert (row_set.state, row_set.rows) == (RowSetState.READING, 0)
    reading.read_row_set.call(row_set.pk)
    row_set.refresh_from_db()
    assert (row_set.state, row_set.rows) == (RowSetState.READY, 4)


def test_what_a_killed_worker_left_is_read_anew(ada: User, workflow: Workflow) -> None:
    whole = make(ada, workflow)
    expected = inputs(ada, whole)
    unread = msgspec.structs.replace(store.facts_of(whole), work="read")
    RowSet.objects.filter(pk=whole.pk).update(
        state=RowSetState.READING,
        lease=uuid.uuid4(),
        seen_alive_at=dt.datetime.now(dt.UTC),
        facts=store.pack_facts(unread),
    )
    RowChunk.objects.filter(row_set=whole).update(number=7, rows=1)
    reading.read_row_set.call(whole.pk)
    assert RowChunk.objects.get(row_set=whole).number == 7, "somebody seems to be at it"
    RowSet.objects.filter(pk=whole.pk).update(seen_alive_at=NOW)
    reading.follow_row_set.call(whole.pk)
    whole.refresh_from_db()
    assert whole.is_ready
    assert inputs(ada, whole) == expected


def test_what_a_process_left_that_is_dead_is_read_at_once(ada: User, workflow: Workflow) -> None:
    row_set, lease = make(ada, workflow), uuid.uuid4()
    RowSet.objects.update(
        state=RowSetState.READING, lease=lease, seen_alive_at=dt.datetime.now(dt.UTC)
    )
    with leases.held(lease):
        reading.read_row_set.call(row_set.pk)
        row_set.refresh_from_db()
        assert row_set.lease == lease, "its process lives"
    leases._path(lease).touch()  # As a process leaves it that was killed.
    reading.read_row_set.call(row_set.pk)
    row_set.refresh_from_db()
    assert row_set.is_ready
    assert not leases.is_left(lease)


def test_one_that_was_stopped_is_written_no_more(
    ada: User, workflow: Workflow, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_chunk = store.new_chunk

    def stop_and_make(row_set_id: int, *told: object) -> RowChunk:
        reading.stop(RowSet.objects.get(pk=row_set_id))
        return new_chunk(row_set_id, *told)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "new_chunk", stop_and_make)
    row_set = make(ada, workflow)
    assert row_set.state == RowSetState.FAILED
    assert not RowChunk.objects.filter(row_set=row_set).exists()


def test_row_sets_are_their_persons_own(ada: User, workflow: Workflow) -> None:
    row_set = make(ada, workflow)
    grace = User.objects.create_user("grace")
    assert store.find(ada, row_set.pk) == row_set
    assert not listing.list_row_sets(grace).exists()
    with pytest.raises(NoSuchRowSet):
        store.find(grace, row_set.pk)


def test_those_that_nobody_uses_go(ada: User, workflow: Workflow) -> None:
    row_set, used = make(ada, workflow), make(ada, workflow)
    later = NOW + dt.timedelta(days=31)
    store.touch(used, later - dt.timedelta(days=2))
    listing.forget_old(later)
    assert list(RowSet.objects.all()) == [used]
    assert not RowChunk.objects.filter(row_set_id=row_set.pk).exists()


def test_another_workflow_judges_them_anew(ada: User, workflow: Workflow) -> None:
    row_set = make(ada, workflow)
    assert store.stored_rows(row_set, workflow).outdated == ""
    changed = make_workflow(first_name={"required": 0})
    assert "check them again" in store.stored_rows(row_set, changed).outdated
    row_set = reading.check_again(row_set, NOW, workflow=changed)
    assert row_set.attention == 0
    assert store.stored_rows(row_set, changed).outdated == ""


def test_the_table_comes_back_as_csv(ada: User, workflow: Workflow) -> None:
    row_set = make(ada, workflow)
    exact = b"".join(listing.as_csv(ada, row_set, exact=True))
    assert inputs(ada, make(ada, workflow, exact.decode())) == inputs(ada, row_set)


def test_what_is_being_read_keeps_its_workflow(ada: User, workflow: Workflow) -> None:
    row_set = make(ada, workflow)
    RowSet.objects.update(state=RowSetState.READING)
    other = make_workflow(town={"required": 1})
    with pytest.raises(UnableToChangeRowSet):
        reading.check_again(row_set, NOW, workflow=other)
    assert store.workflow_of(row_set) == workflow
