"""A draft: exactly what a person typed or picked, before anything is made of it.

A draft holds text. Whether a text becomes a number, `null` or is left out is decided by
`playground.payload.build.builder`; the draft only remembers what was entered, so that a form can be
shown again as it was, whatever was refused.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from playground.payload.stored_rows import StoredRows

# How an entry's text is meant:
#   auto  blank is left out; anything else is read as the field's own type
#   text  sent as a string exactly as it stands, also when empty
#   null  sent as null; the text is kept but not sent
#   json  the text is JSON, sent as the value it stands for
Kind = Literal["auto", "text", "null", "json"]
KINDS: tuple[Kind, ...] = ("auto", "text", "null", "json")


@dataclass(frozen=True, slots=True)
class Entry:
    """The content of one field."""

    text: str = ""
    kind: Kind = "auto"

    @property
    def is_left_out(self) -> bool:
        """Nothing is sent for it: a blank field that was not marked as meant so."""
        return self.kind == "auto" and not self.text.strip()


BLANK = Entry()


@dataclass(frozen=True, slots=True, kw_only=True)
class RowDraft:
    """One input row. Its `number` is its own: it stays the same while other rows come and go.

    `entries` maps input keys, aliases and unknown keys to what was typed, in column order. A row
    whose entries are all left out is not sent, unless `is_kept`: then it is sent as `{}`. One that
    a person has set aside stays as it is, and is not sent either.
    """

    number: int
    entries: Mapping[str, Entry] = field(default_factory=dict)
    is_kept: bool = False
    is_set_aside: bool = False

    @property
    def is_left_out(self) -> bool:
        if self.is_set_aside:
            return True
        return not self.is_kept and all(entry.is_left_out for entry in self.entries.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDraft:
    """What was entered for one step.

    `rotation` holds `""` (not sent), `true`, `false` or anything that was pasted; `extra` the
    text of a JSON object whose unknown keys are sent with the step.
    """

    step_uid: str
    is_left_out: bool = False
    accounts: tuple[str, ...] = ()
    rotation: Entry = BLANK
    parameters: Mapping[str, Entry] = field(default_factory=dict)
    output_column: Entry = BLANK
    extra: Entry = BLANK


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchDraft:
    """Everything that was entered for one launch of one workflow.

    `schedule_type` and `schedule_value` become `repeat_option`; `schedule_extra` its unknown
    keys. `extra` is the text of a JSON object of unknown top-level keys, `unknown_steps` the
    text of a JSON array of steps that the workflow does not have: both are kept and sent.
    `stored` rows stand for `rows` where there are any. A `delay` that is a date is counted from
    `now`.
    """

    job_name: Entry = BLANK
    rows: tuple[RowDraft, ...] = ()
    steps: Mapping[str, StepDraft] = field(default_factory=dict)
    unstructure_meta: Entry = BLANK
    schedule_type: Entry = BLANK
    schedule_value: Entry = BLANK
    schedule_extra: Entry = BLANK
    delay: Entry = BLANK
    extra: Entry = BLANK
    unknown_steps: Entry = BLANK
    stored: StoredRows | None = None
    now: dt.datetime | None = None

    def step(self, step_uid: str) -> StepDraft:
        """The step's draft; an empty one when nothing was entered for it."""
        return self.steps.get(step_uid) or StepDraft(step_uid=step_uid)
