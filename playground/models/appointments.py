"""What the background worker is to do at some time, by name: each is queued once."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Appointment(models.Model):
    """The newest time for which something was queued. While that is to come, it is not queued
    again, whoever starts or restarts."""

    name = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(db_index=True)

    objects: ClassVar[models.Manager[Appointment]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.name} at {self.at:%Y-%m-%d %H:%M:%S}"
