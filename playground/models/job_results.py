"""What a job gave, kept on our side once it is over: its results and how its inputs fared."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class KeptState(models.TextChoices):
    """`services.jobs.kept` holds the transitions: reading → ready, ready → reading."""

    READING = "reading", "Reading"
    READY = "ready", "Ready"


class KeptJob(models.Model):
    """One job of an upstream whose results are kept, for everybody. While they are read, `lease`
    names the worker that does it. `version` grows with each reading."""

    upstream = models.TextField(help_text="Where it ran, without any credential.")
    job_uid = models.TextField()
    state = models.CharField(max_length=8, choices=KeptState.choices, db_index=True)
    facts = models.BinaryField(help_text="JSON of `services.jobs.kept.KeptFacts`.")
    version = models.PositiveIntegerField(default=1)
    lease = models.UUIDField(null=True)
    seen_alive_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(db_index=True, help_text="When somebody last came for it.")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["upstream", "job_uid"], name="job_kept_once")
        ]

    def __str__(self) -> str:
        return self.job_uid

    @property
    def is_reading(self) -> bool:
        return self.state == KeptState.READING


class KeptPiece(models.Model):
    """Some hundred rows of one of the job's listings."""

    kept = models.ForeignKey(KeptJob, on_delete=models.CASCADE, related_name="pieces")
    listing = models.CharField(max_length=8)
    number = models.PositiveIntegerField()
    rows = models.PositiveIntegerField()
    lines = models.BinaryField(help_text="Compressed: each row as JSON, one a line.")
    searched = models.BinaryField(
        help_text="Compressed: what a search looks through, line by line."
    )

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["kept", "listing", "number"], name="piece_kept_once")
        ]

    def __str__(self) -> str:
        return f"{self.listing} {self.number} of {self.kept_id}"


class KeptOrder(models.Model):
    """The rows in the order of one column; those without a value of it come last."""

    kept = models.ForeignKey(KeptJob, on_delete=models.CASCADE, related_name="orders")
    column = models.PositiveIntegerField()
    missing = models.PositiveIntegerField(help_text="Rows without a value.")
    rows = models.BinaryField(help_text="Compressed: numbers of rows, 4 bytes each.")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["kept", "column"], name="order_kept_once")
        ]

    def __str__(self) -> str:
        return f"column {self.column} of {self.kept_id}"
