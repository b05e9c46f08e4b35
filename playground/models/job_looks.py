"""How a job stood when any process looked at it last: so that they all ask once for it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

LONGEST_JOB_UID = 200


class JobLook(models.Model):
    """A row for each job that is followed. Whoever moves `asked_at` on asks the upstream, for all
    others too; until the answer is there, `answer` is the one before, if any."""

    target = models.CharField(max_length=16, help_text="Which server knows the job.")
    job_uid = models.CharField(max_length=LONGEST_JOB_UID)
    asked_at = models.DateTimeField(db_index=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.BinaryField(null=True, help_text="JSON, with what is secret in it hidden.")
    problem = models.TextField(blank=True, help_text="Why the last question has no answer.")

    objects: ClassVar[models.Manager[JobLook]] = models.Manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["target", "job_uid"], name="one_look_at_a_job")
        ]

    def __str__(self) -> str:
        return f"{self.job_uid} at {self.asked_at:%H:%M:%S}"
