"""Presets as their pages show them, and what their forms say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict

from playground.models import Preset
from playground.services import permissions
from playground.services.permissions import Person
from playground.services.presets import presets
from playground.services.presets.presets import Given

NAME, DESCRIPTION, JOB_NAME = "preset-name", "preset-description", "preset-job_name"
TEAM, DEFAULT, ROWS = "preset-team", "preset-default", "preset-rows"
VERSION = "preset-version"
# The button that takes back what a person has chosen in a preset's place.
DROP = "preset-drop"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPreset:
    """`is_mine` when this person made it, `has_own` when they have chosen something in place of
    what it has."""

    preset: Preset
    is_mine: bool
    has_own: bool


def listed(user: Person, found: Iterable[Preset]) -> list[ListedPreset]:
    own, several = permissions.as_user(user).pk, list(found)
    chosen = presets.chosen_in(user, several)
    return [
        ListedPreset(preset=one, is_mine=one.user_id == own, has_own=one.pk in chosen)
        for one in several
    ]


def given(data: QueryDict) -> Given:
    return Given(
        name=data.get(NAME, ""),
        description=data.get(DESCRIPTION, ""),
        is_team=TEAM in data,
        is_default=DEFAULT in data,
        job_name=data.get(JOB_NAME, "").strip(),
        has_rows=ROWS in data,
    )


def given_of(preset: Preset) -> Given:
    return Given(
        name=preset.name,
        description=preset.description,
        is_team=preset.is_team,
        is_default=preset.is_default,
        job_name=preset.job_name,
        has_rows=preset.has_rows,
    )


def version_in(data: QueryDict) -> int:
    text = data.get(VERSION, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else 0
