"""Presets: named drafts of a workflow, one's own or the team's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet

from playground.contract.workflows import Workflow
from playground.models import Preset, PresetChoice
from playground.payload.texts import shorten, without_hiding
from playground.services import permissions
from playground.services.ledger.column_text import storable
from playground.services.permissions import Person
from playground.services.presets import fields as form_fields
from playground.services.presets import names
from playground.services.presets.fields import Fields
from playground.upstream import targets

# A person's own default comes before the team's.
_FIND_DEFAULT = (
    f"SELECT * FROM {Preset._meta.db_table} "  # noqa: S608, SLF001
    "WHERE place = %s AND is_default AND (is_team OR user_id = %s) ORDER BY is_team LIMIT 1"
)
LONGEST_NAME, LONGEST_DESCRIPTION = 120, 1_000
# Of one workflow, and that one person has made.
MOST_OF_WORKFLOW, MOST_OF_PERSON = 200, 500
_GONE = "This preset is not here any more, or it is somebody else's own."


class PresetError(Exception):
    """`sentence` says what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NoSuchPreset(PresetError):
    """It was removed, or is another person's."""

    def __init__(self) -> None:
        super().__init__(_GONE)


class UnableToSavePreset(PresetError):
    """Nothing was saved."""


class PresetChanged(UnableToSavePreset):
    """Somebody else was there before."""

    def __init__(self, preset: Preset) -> None:
        super().__init__(
            f"Nothing was saved: “{shorten(preset.name)}” was changed at "
            f"{preset.changed_at:%H:%M} UTC, since this page showed it. It is shown as it is now."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a person says of a preset. `job_name` is a pattern; without `has_rows` the form's rows
    are no part of it."""

    name: str
    description: str = ""
    is_team: bool = False
    is_default: bool = False
    job_name: str = ""
    has_rows: bool = False

    @property
    def clean_name(self) -> str:
        return without_hiding(storable(self.name))[:LONGEST_NAME].strip()


def list_for(user: Person, workflow_uid: str) -> QuerySet[Preset]:
    """Those of one workflow that the person may use: own ones and the team's."""
    place = form_fields.place_of(workflow_uid)
    return _usable(user).filter(place=place)


def list_all(user: Person) -> QuerySet[Preset]:
    """The same of all workflows of the server at hand."""
    return _usable(user).filter(upstream=targets.name()).defer("fields")


def find(user: Person, pk: int) -> Preset:
    """Raises `NoSuchPreset`."""
    permissions.require(user, "use preset")
    found = Preset.objects.select_related("user").filter(pk=pk).first() if pk < 2**63 else None
    if found is None or not permissions.can(user, "use preset", found):
        raise NoSuchPreset
    if not targets.is_here(found.upstream):
        raise NoSuchPreset
    return found


def default_for(user: Person, workflow_uid: str) -> Preset | None:
    """What the workflow's form begins with: the person's own default, else the team's."""
    permissions.require(user, "use preset")
    # Each page of a form asks: building the query anew would take longer than the database does.
    place = form_fields.place_of(workflow_uid)
    found = Preset.objects.raw(_FIND_DEFAULT, [place, permissions.as_user(user).pk])
    return next(iter(found), None)


def save_new(
    user: Person, workflow: Workflow, given: Given, fields: Fields, now: dt.datetime
) -> Preset:
    """Raises `UnableToSavePreset`. The same once more gives the one that is there."""
    permissions.require(user, "use preset")
    packed = _pack(fields)
    where = form_fields.kept_at(form_fields.place_of(workflow.uid), workflow.uid, workflow.name)
    preset = Preset(user=permissions.as_user(user), created_at=now, changed_at=now, **where)
    form_fields.put_into(preset, packed)
    same = _named_like(preset, given)
    if same is not None and same.digest == preset.digest:
        return same
    _put_into(preset, given, same)
    _refuse_too_many(preset)
    _save(preset)
    return preset


def change(user: Person, preset: Preset, given: Given, version: int, now: dt.datetime) -> None:
    """Its name and what else is said of it. Raises `UnableToSavePreset`."""
    permissions.require(user, "change preset", preset)
    if given.is_team != preset.is_team:
        owner = preset.user_id == permissions.as_user(user).pk
        if not owner:
            raise UnableToSavePreset(
                "Only who made a preset takes it back from the team. Save one of your own instead."
            )
    _put_into(preset, given, _named_like(preset, given))
    _save_version(user, preset, version, now)


def save_fields(
    user: Person, preset: Preset, workflow: Workflow, fields: Fields, now: dt.datetime
) -> None:
    """The form as it is now takes the place of what the preset held. Raises
    `UnableToSavePreset`."""
    permissions.require(user, "change preset", preset)
    form_fields.put_into(preset, _pack(fields))
    preset.workflow_name = storable(workflow.name)
    _save_version(user, preset, preset.version, now)


def remove(user: Person, preset: Preset) -> None:
    """Launches keep what they sent."""
    permissions.require(user, "change preset", preset)
    preset.delete()


def job_name_of(preset: Preset, now: dt.datetime) -> str:
    """The name of the next launch; empty where the preset has no pattern."""
    return names.resolve(preset.job_name, now, preset.launches + 1)


def count_launch(user: Person, pk: int) -> None:
    """A launch came of it."""
    if pk < 2**63 and list_all(user).filter(pk=pk).exists():
        Preset.objects.filter(pk=pk).update(launches=F("launches") + 1)


def choice_of(user: Person, preset: Preset) -> dict[str, list[str]]:
    """What the person has chosen in place of what the preset has: name of a field → its texts."""
    found = PresetChoice.objects.filter(preset=preset, user=permissions.as_user(user)).first()
    if found is None:
        return {}
    return msgspec.json.decode(bytes(found.fields), type=dict[str, list[str]])


def chosen_in(user: Person, found: Iterable[Preset]) -> frozenset[int]:
    """The numbers of those presets in which the person has chosen something else."""
    mine = PresetChoice.objects.filter(user=permissions.as_user(user), preset__in=list(found))
    return frozenset(mine.values_list("preset_id", flat=True))


def choose(user: Person, preset: Preset, fields: Mapping[str, Sequence[str]]) -> None:
    """They stand for the person in place of the preset's, however that changes; none of them when
    there are no `fields`. Raises `UnableToSavePreset`."""
    permissions.require(user, "use preset", preset)
    owner = permissions.as_user(user)
    if not fields:
        PresetChoice.objects.filter(preset=preset, user=owner).delete()
        return
    # They are held to what a preset is.
    _pack([(name, text) for name, texts in fields.items() for text in texts])
    packed = msgspec.json.encode({name: list(texts) for name, texts in fields.items()})
    PresetChoice.objects.update_or_create(preset=preset, user=owner, defaults={"fields": packed})


def _usable(user: Person) -> QuerySet[Preset]:
    permissions.require(user, "use preset")
    own = Q(is_team=True) | Q(user=permissions.as_user(user))
    return Preset.objects.filter(own).select_related("user")


def _pack(fields: Fields) -> bytes:
    kept, left_out = form_fields.without_secrets(fields)
    if left_out:
        raise UnableToSavePreset(
            f"Nothing was saved: {shorten(left_out[0], 80)} holds what looks like a key or a "
            "password, and a preset is no place for one. Take it out, then save the preset."
        )
    packed = form_fields.pack(kept)
    if len(packed) > form_fields.MOST_BYTES:
        raise UnableToSavePreset(
            "Nothing was saved: the form is too large for a preset. Leave its rows out, or keep "
            "them as a table."
        )
    return packed


def _named_like(preset: Preset, given: Given) -> Preset | None:
    """The other one of that name among the team's, or among the person's own."""
    others = Preset.objects.filter(place=preset.place, is_team=given.is_team, name=given.clean_name)
    others = others if given.is_team else others.filter(user=preset.user_id)
    return others.exclude(pk=preset.pk).first()


def _put_into(preset: Preset, given: Given, same: Preset | None) -> None:
    if not given.clean_name:
        raise UnableToSavePreset("Nothing was saved: give the preset a name.")
    if same is not None:
        whose = "The team has" if given.is_team else "You have"
        raise UnableToSavePreset(
            f"Nothing was saved: {whose} a preset “{shorten(given.clean_name)}” of this workflow "
            "already. Give this one another name."
        )
    preset.name = given.clean_name
    preset.description = storable(given.description.strip())[:LONGEST_DESCRIPTION]
    preset.is_team, preset.is_default = given.is_team, given.is_default
    preset.job_name = without_hiding(storable(given.job_name))[:LONGEST_NAME]
    preset.has_rows = given.has_rows


def _refuse_too_many(preset: Preset) -> None:
    of_workflow = Preset.objects.filter(place=preset.place).count()
    of_person = Preset.objects.filter(user=preset.user_id).count()
    if of_workflow >= MOST_OF_WORKFLOW or of_person >= MOST_OF_PERSON:
        raise UnableToSavePreset(
            f"Nothing was saved: a workflow may have {MOST_OF_WORKFLOW:,} presets, and a person "
            f"{MOST_OF_PERSON:,}. Remove one that nobody uses."
        )


def _save(preset: Preset) -> None:
    """As the default it takes the place of the one that was it."""
    try:
        with transaction.atomic():
            if preset.is_default:
                others = Preset.objects.filter(
                    place=preset.place, is_team=preset.is_team, is_default=True
                )
                others = others if preset.is_team else others.filter(user=preset.user_id)
                others.exclude(pk=preset.pk).update(is_default=False)
            preset.save()
    except IntegrityError:
        raise UnableToSavePreset(
            "Nothing was saved: somebody else made another preset the default at this moment. "
            "Save it once more."
        ) from None


def _save_version(user: Person, preset: Preset, version: int, now: dt.datetime) -> None:
    """Unless somebody else did meanwhile."""
    with transaction.atomic():
        mine = Preset.objects.filter(pk=preset.pk, version=version)
        if not mine.update(version=version + 1):
            raise PresetChanged(Preset.objects.filter(pk=preset.pk).first() or preset)
        preset.version, preset.changed_at = version + 1, now
        preset.changed_by = permissions.as_user(user)
        _save(preset)
