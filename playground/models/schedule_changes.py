"""Schedules that somebody is about to replace: removed by name, and launched anew."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from playground.models.launches import Launch


class ScheduleChange(models.Model):
    """That somebody began to change a schedule. How far it is, the ledgers of changes and of
    launches tell: nothing of it is written here, so that nothing here can be wrong."""

    launch = models.ForeignKey(Launch, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(
        null=True, help_text="When somebody said that it stays as it is then."
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["launch"],
                condition=models.Q(closed_at=None),
                name="one_open_change_of_a_schedule",
            )
        ]

    def __str__(self) -> str:
        return f"change of {self.launch_id}"
