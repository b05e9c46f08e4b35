"""What happens to a split launch after its worker was killed. Needs Django to be set up."""

from __future__ import annotations

import uuid

from playground.models import Launch, LaunchGroup, LaunchPart, LaunchState
from playground.services.launches import split
from tests.soak.settling import pass_the_time

Phases = tuple[str, str, str]


def carefully(group_id: int, phases: Phases) -> str:
    """What the playground does by itself, while the time passes. Which phase the kill met."""
    between, never_arrived, not_stored = phases
    launch = _undecided(group_id)
    if launch is None:
        return between
    pass_the_time(launch)
    launch.refresh_from_db()
    if launch.is_launched:
        return not_stored
    if not launch.is_safe_to_launch_again:
        raise RuntimeError(f"{launch} stays {launch.state}: {launch.sentence}")
    return never_arrived


def by_sending_again(group_id: int, phases: Phases) -> str:
    """The control: a part that is not known to have arrived is sent anew."""
    launch = _undecided(group_id)
    if launch is None:
        return phases[0]
    parts = LaunchPart.objects.filter(launch_token=launch.launch_token)
    parts.update(launch_token=uuid.uuid4())
    Launch.objects.filter(pk=launch.pk).update(state=LaunchState.NOT_FOUND)
    return "within a part"


def let_go_on(group_id: int) -> None:
    """A person sees that it stopped, and what there is to be sent."""
    group = LaunchGroup.objects.get(pk=group_id)
    if group.is_stopped:
        split.go_on(group.user, group)


def _undecided(group_id: int) -> Launch | None:
    tokens = LaunchPart.objects.filter(group=group_id).values("launch_token")
    undecided = Launch.objects.filter(launch_token__in=tokens)
    return undecided.filter(state__in=(LaunchState.SENDING, LaunchState.UNKNOWN)).first()
