"""The parts of a split launch as its page shows them: what came of all, and some at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, Sum

from playground.models import Launch, LaunchGroup, LaunchPart, LaunchState

PAGE_SIZE = 50
# Of those that were sent and are not launched, so many are named.
MOST_UNSETTLED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPart:
    """A part with what came of it; `launch` is None while it was not sent."""

    part: LaunchPart
    launch: Launch | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Counts of all parts; `rows` are those that are launched. `next` is the first part that is
    not launched, `unsettled` are the first that were sent and are not."""

    count: int
    launched: int
    rows: int
    unsettled_count: int
    next: LaunchPart | None
    unsettled: tuple[ShownPart, ...]

    @property
    def is_begun(self) -> bool:
        """Whether the next one was sent, and may be under way."""
        return any(self.next == one.part for one in self.unsettled)

    @property
    def is_being_decided(self) -> bool:
        """Whether one that was sent may be launched by itself, also while no other is sent."""
        return any(one.launch is not None and one.launch.is_undecided for one in self.unsettled)

    @property
    def page_of_next(self) -> int:
        """The page that has it, from 1."""
        return (self.next.number - 1) // PAGE_SIZE + 1 if self.next else 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PartsPage:
    """`number` counts from 1."""

    parts: tuple[ShownPart, ...]
    number: int
    page_count: int

    @property
    def is_done(self) -> bool:
        """Whether nothing on it changes any more."""
        return all(one.launch is not None and one.launch.is_launched for one in self.parts)


def with_launches(parts: Iterable[LaunchPart]) -> tuple[ShownPart, ...]:
    found = tuple(parts)
    tokens = [part.launch_token for part in found]
    launches = Launch.objects.filter(launch_token__in=tokens).defer("payload")
    known = {launch.launch_token: launch for launch in launches}
    return tuple(ShownPart(part=part, launch=known.get(part.launch_token)) for part in found)


def overview(group: LaunchGroup) -> Overview:
    """Without reading the parts one by one: there may be a thousand, and the page asks again and
    again."""
    state = Launch.objects.filter(launch_token=OuterRef("launch_token")).values("state")[:1]
    by_state = _parts(group).annotate(launch_state=Subquery(state)).order_by()
    counted = by_state.values("launch_state").annotate(count=Count("pk"), of_rows=Sum("rows"))
    found = {one["launch_state"]: one for one in counted}
    launched = found.get(LaunchState.LAUNCHED, {"count": 0, "of_rows": 0})
    count = sum(one["count"] for one in found.values())
    not_sent = found.get(None, {"count": 0})["count"]
    left = _parts(group).exclude(_has_launch(state=LaunchState.LAUNCHED)).order_by("number")
    return Overview(
        count=count,
        launched=launched["count"],
        rows=launched["of_rows"],
        unsettled_count=count - launched["count"] - not_sent,
        next=left.first(),
        unsettled=with_launches(left.filter(_has_launch())[:MOST_UNSETTLED]),
    )


def list_page(group: LaunchGroup, number: int) -> PartsPage:
    """The page of this number, or the last one, in the order in which they are sent."""
    page_count = max(1, -(-_parts(group).count() // PAGE_SIZE))
    number = min(max(number, 1), page_count)
    first = (number - 1) * PAGE_SIZE
    found = _parts(group).order_by("number")[first : first + PAGE_SIZE]
    return PartsPage(parts=with_launches(found), number=number, page_count=page_count)


def _parts(group: LaunchGroup) -> QuerySet[LaunchPart]:
    return LaunchPart.objects.filter(group=group).defer("inputs")


def _has_launch(**wanted: object) -> Exists:
    return Exists(Launch.objects.filter(launch_token=OuterRef("launch_token"), **wanted))
