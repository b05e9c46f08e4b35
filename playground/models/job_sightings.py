"""What was seen of the jobs of launches, while they were looked at."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from playground.models.launches import LONGEST_JOB_STATUS, Launch


class JobSighting(models.Model):
    """That a launch's job was seen in another status than before, or with another error. The last
    one seen stands with the launch."""

    launch = models.ForeignKey(Launch, on_delete=models.CASCADE, related_name="sightings")
    at = models.DateTimeField()
    status = models.CharField(
        max_length=LONGEST_JOB_STATUS, help_text="Empty when the upstream knew the job no more."
    )
    rows = models.PositiveBigIntegerField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.launch_id} {self.status}"
