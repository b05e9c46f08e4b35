"""What happens after a crash, until the launch's fate is known. Needs Django to be set up."""

from __future__ import annotations

import datetime as dt
import uuid

from playground.models import Launch, LaunchState
from playground.services.launches import recovery
from playground.services.ledger import launches as launch_ledger
from playground.services.ledger import send_once
from tests.soak.crashing import Form, WebServer

MOST_TRIES = 8


def carefully(form: Form, server: WebServer) -> None:
    """What the playground does by itself, and people with what it tells them.

    Somebody whose browser showed an error submits the same form once more. What stays unknown is
    looked for; only what was refused, never sent, or not found is launched again, as new.
    """
    for _ in range(MOST_TRIES):
        server.submit(form)
        launch = Launch.objects.get(launch_token=form.token)
        pass_the_time(launch)
        if launch.is_launched:
            return
        if not launch.is_safe_to_launch_again:
            raise RuntimeError(f"{launch} stays {launch.state}: {launch.sentence}")
        form.token = uuid.uuid4()


def by_retrying(form: Form, server: WebServer) -> None:
    """The control: whatever is not known to have arrived is sent again."""
    for _ in range(MOST_TRIES):
        launched = Launch.objects.filter(launch_token=form.token, state=LaunchState.LAUNCHED)
        if launched.exists():
            return
        form.token = uuid.uuid4()
        server.submit(form)


def known_jobs(job_name: str) -> list[str]:
    """The jobs that the ledger has under this name."""
    launched = Launch.objects.filter(job_name=job_name, state=LaunchState.LAUNCHED)
    return list(launched.values_list("job_uid", flat=True))


def pass_the_time(launch: Launch) -> None:
    """The lease runs out and the searches come due, each at its own moment."""
    if launch.is_sending and launch.sent_at:
        launch_ledger.give_up_lost_launches(
            launch.sent_at + send_once.LEASE + dt.timedelta(milliseconds=1)
        )
        launch.refresh_from_db()
    while (due_at := recovery.next_at(launch)) and not recovery.is_over(launch):
        recovery.search_for_launch(launch, due_at)
