"""The attempts that take part in what accounts may do in a day, and what became of others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from playground.sandbox.jobs import attempts, timeline
from playground.sandbox.jobs.attempts import RunAttempt
from playground.sandbox.jobs.timeline import Share
from playground.sandbox.limits import eligibility
from playground.sandbox.limits.allocations import AttemptKey, Use, UseKey, key_of
from playground.sandbox.limits.forkable_map import Layers


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """An attempt whose steps take part until all they want is worked off, or it is ended.

    `limited` are the indexes of the limited steps to which rows ever come; `arrivals` counts,
    by the index of a step, the pieces of work known to come to it.
    """

    attempt: RunAttempt
    limited: tuple[int, ...]
    arrivals: Mapping[int, int] = field(default_factory=dict)

    @property
    def key(self) -> AttemptKey:
        return key_of(self.attempt)

    def most(self, index: int) -> int:
        """How many rows the step will ever work on."""
        pace = timeline.pace_of(self.attempt.plan)
        is_last = index == len(self.attempt.plan.steps) - 1
        if is_last and attempts.breaks_off(self.attempt):
            return max(pace.batch, timeline.rows_before_break(pace))
        return pace.rows


def track_of(attempt: RunAttempt) -> Track:
    """Rows never come to a later step when all of them fail in the first one."""
    steps = eligibility.limited_steps(attempt.launch.workflow_uid)
    if attempt.plan.number_succeeding == 0:
        steps = tuple(index for index in steps if index == 0)
    return Track(attempt=attempt, limited=steps)


class Tracks:
    """Of attempts that do not take part any more, only what their steps were granted is kept."""

    def __init__(self) -> None:
        self.uses: dict[UseKey, Use] = {}
        self._tracks: dict[str, dict[int, Track]] = {}
        self._kept: Layers[AttemptKey, Mapping[int, Share]] = Layers()

    def __iter__(self) -> Iterator[Track]:
        return (track for runs in self._tracks.values() for track in runs.values())

    def fork(self) -> Tracks:
        """What goes on from here by itself."""
        made = Tracks()
        made.uses = self.uses.copy()
        made._tracks = {prefix: runs.copy() for prefix, runs in self._tracks.items()}
        made._kept = self._kept.fork()
        return made

    def put(self, track: Track) -> None:
        prefix, occurrence, _ = track.key
        self._tracks.setdefault(prefix, {})[occurrence] = track

    def find(self, key: AttemptKey) -> Track | None:
        """That of the attempt, while it takes part."""
        prefix, occurrence, number = key
        track = self.find_run(prefix, occurrence)
        return track if track and track.attempt.number == number else None

    def find_run(self, prefix: str, occurrence: int) -> Track | None:
        """That of the attempt at this run which takes part, if one does."""
        return self._tracks.get(prefix, {}).get(occurrence)

    def of_launch(self, prefix: str) -> tuple[Track, ...]:
        return tuple(self._tracks.get(prefix, {}).values())

    def uses_of(self, track: Track) -> tuple[Use, ...]:
        """Those of its steps to which rows have come."""
        found = (self.uses.get((track.key, index)) for index in track.limited)
        return tuple(use for use in found if use)

    def is_complete(self, track: Track) -> bool:
        """Whether everything was taken for it that it will ever work on."""
        uses = self.uses_of(track)
        is_granted = all(use.granted >= track.most(use.index) for use in uses)
        return is_granted and len(uses) == len(track.limited)

    def share(self, attempt: RunAttempt, index: int) -> Share | None:
        """What a step was granted so far; None when no limit governs what it does."""
        if not eligibility.is_limited(attempt.plan.steps[index].step_uid):
            return None
        key = key_of(attempt)
        use = self.uses.get((key, index))
        return use.share() if use else self._kept.get(key, {}).get(index, Share())

    def retire(self, track: Track) -> None:
        """It does not take part any more."""
        shares = {use.index: use.share() for use in self.uses_of(track)}
        if shares:
            self._kept.put(track.key, shares)
        for index in shares:
            del self.uses[track.key, index]
        prefix, occurrence, _ = track.key
        del self._tracks[prefix][occurrence]
        if not self._tracks[prefix]:
            del self._tracks[prefix]
