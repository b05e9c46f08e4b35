"""The payload that a preset makes, for telling which lines of a form still come from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from playground.contract.workflows import Workflow
from playground.models import Preset
from playground.payload.show.origins import Base
from playground.payload.texts import shorten
from playground.services.launches import preview
from playground.services.permissions import Person
from playground.services.presets import fields as kept_fields
from playground.services.presets import presets
from playground.web.launches import form_fields

# What a preset makes is made once, and not at each keystroke.
_MOST_CACHED = 100
_made: dict[tuple[int, str, str], tuple[Workflow, Base]] = {}


def base_of(user: Person, workflow: Workflow, number: int | None) -> tuple[Base, ...]:
    """What it makes, and what it makes with what the person has chosen in its place. None of a
    preset that is not there any more, or that is kept with a table of rows."""
    if number is None:
        return ()
    try:
        preset = presets.find(user, number)
    except presets.NoSuchPreset:
        return ()
    name = shorten(preset.name)
    bases = [_base(user, workflow, preset, {}, f"from the preset “{name}”")]
    if preset.is_team and (own := presets.choice_of(user, preset)):
        bases.append(_base(user, workflow, preset, own, f"yours in the preset “{name}”"))
    return tuple(bases)


def _base(
    user: Person, workflow: Workflow, preset: Preset, own: Mapping[str, Sequence[str]], label: str
) -> Base:
    key = (preset.pk, f"{preset.digest}{sorted(own.items())}", label)
    known = _made.get(key)
    if known is None or known[0] is not workflow:
        fields = form_fields.without_table(kept_fields.fields_of(preset))
        fields = form_fields.with_own(fields, own)
        built = preview.build(workflow, form_fields.form_of(workflow, fields, user).to_draft())
        if len(_made) >= _MOST_CACHED:
            _made.clear()
        known = _made[key] = (workflow, Base(label, built.value))
    return known[1]
