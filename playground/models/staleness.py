"""What was made stale, and when: so that every process asks anew for what any of them changed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class StaleMark(models.Model):
    """The newest generation in which an event made the answers about a subject stale.

    Generations count all events of all processes. A row for each event and subject, however often
    it happens; the row without an event has the newest generation of all.
    """

    target = models.CharField(max_length=16, help_text="Which server the answers are of.")
    event = models.CharField(max_length=32)
    subject = models.CharField(max_length=255)
    generation = models.BigIntegerField(default=0, db_index=True)

    objects: ClassVar[models.Manager[StaleMark]] = models.Manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["target", "event", "subject"], name="one_mark_of_a_subject"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.subject} in generation {self.generation}"
