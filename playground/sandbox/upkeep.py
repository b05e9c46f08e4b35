"""What is done from time to time, whoever calls the API."""

from __future__ import annotations

from datetime import datetime

from playground.sandbox.api import room


def prune(now: datetime) -> None:
    """Drops from the database what is too old to be of use to anybody. May run at any time."""
    from playground.sandbox.storage.database import DatabaseStore  # Models need the app registry.

    room.prune(DatabaseStore(), now)
