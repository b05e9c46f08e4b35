"""Whose the columns of a row set are: as they are offered, as a person says, as they were once."""

from __future__ import annotations

import datetime as dt

import msgspec

from playground.contract.workflows import Workflow
from playground.models import RowMapping, RowSet
from playground.row_sets import mapping
from playground.row_sets.columns import ColumnNames, key_names
from playground.row_sets.mapping import Target
from playground.services import permissions
from playground.services.ledger.column_text import storable
from playground.services.permissions import Person
from playground.services.row_sets import reading, store
from playground.services.row_sets.errors import ChangedMeanwhile, UnableToChangeRowSet

# Of one person; older ones go first.
MOST_REMEMBERED = 200
_BY_HAND = "The columns are sent as you said."


def change(
    user: Person, row_set: RowSet, version: int, targets: tuple[Target, ...], *, now: dt.datetime
) -> RowSet:
    """Take the columns for what `targets` says, check all rows anew, and remember it.

    Raises `UnableToChangeRowSet` for a mapping that cannot be, and `ChangedMeanwhile`.
    """
    permissions.require(user, "use row set", row_set)
    reading.refuse_busy(row_set)
    if row_set.version != version:
        raise ChangedMeanwhile(row_set)
    facts = store.facts_of(row_set)
    if len(targets) != len(facts.columns):
        raise ChangedMeanwhile(row_set)
    workflow = store.workflow_of(row_set)
    # What the rows had under a key that is none here may stay there.
    keys = (*key_names(workflow), *filter(None, facts.mapping))
    problems = mapping.check_mapping(targets, facts.columns, keys)
    if problems:
        raise UnableToChangeRowSet(" ".join(problems))
    _remember(user, row_set, dict(zip(facts.columns, targets, strict=True)), now)
    offer = offered(workflow, row_set)
    told = offer.sentence if offer.mapping == targets else _BY_HAND
    return reading.check_again(row_set, now, targets=targets, told=told)


def remembered(user: Person, row_set: RowSet) -> tuple[Target, ...] | None:
    """What this person made of columns of these names last time; None when it is what is taken
    now, or when there is none."""
    facts = store.facts_of(row_set)
    found = RowMapping.objects.filter(
        user=permissions.as_user(user),
        workflow_uid=row_set.workflow_uid,
        headers=mapping.headers_digest(facts.columns),
    ).first()
    if found is None:
        return None
    known: dict[str, Target] = msgspec.json.decode(bytes(found.mapping))
    targets = tuple(known.get(name) for name in facts.columns)
    return None if targets == facts.mapping or not any(targets) else targets


def offered(workflow: Workflow, row_set: RowSet) -> mapping.Offer:
    """What the names of the columns say for this workflow."""
    facts = store.facts_of(row_set)
    return mapping.offer_mapping(
        facts.columns,
        ColumnNames(workflow),
        has_names=facts.has_names,
        takes_meta=facts.is_inputs,
    )


def _remember(user: Person, row_set: RowSet, found: dict[str, Target], now: dt.datetime) -> None:
    owner = permissions.as_user(user)
    RowMapping.objects.update_or_create(
        user=owner,
        workflow_uid=storable(row_set.workflow_uid),
        headers=mapping.headers_digest(tuple(found)),
        defaults={"mapping": msgspec.json.encode(found), "used_at": now},
    )
    newest = RowMapping.objects.filter(user=owner).order_by("-used_at").values("pk")
    kept = [row["pk"] for row in newest[:MOST_REMEMBERED]]
    RowMapping.objects.filter(user=owner).exclude(pk__in=kept).delete()
