"""What the sandbox keeps in the database. Everything is read and written by `storage.database`."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class SandboxLaunch(models.Model):
    """An accepted launch. `record` is it as JSON without events; `body` are the bytes as sent.
    Both are binary: PostgreSQL's text takes no NUL, and a job's name may hold one.

    Of one that runs once, `due_at` is when, and `number_rows` how many rows it works on; one that
    repeats has neither. `size` are the bytes of the record and of all bodies. Of one that was
    dropped only the record is left, for the accounts' limits depend on it: its size is negative,
    and nobody finds it.
    """

    prefix = models.CharField(max_length=23, unique=True)
    workflow_uid = models.CharField(max_length=36)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    number_rows = models.IntegerField(default=0)
    is_settled = models.BooleanField(default=False)
    size = models.BigIntegerField(default=0)
    record = models.BinaryField()
    body = models.BinaryField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["workflow_uid", "due_at"], name="sandbox_launch_due"),
            models.Index(fields=["created_at", "number_rows"], name="sandbox_launch_rows"),
            # All that is asked of sizes: bodies are never read for it.
            models.Index(
                fields=["is_settled", "created_at", "workflow_uid", "size"],
                name="sandbox_launch_sizes",
            ),
            models.Index(
                fields=["created_at"],
                condition=models.Q(due_at=None),
                name="sandbox_launch_repeating",
            ),
            models.Index(
                fields=["created_at"],
                condition=models.Q(is_settled=False),
                name="sandbox_launch_unsettled",
            ),
        ]

    def __str__(self) -> str:
        return self.prefix


class SandboxEvent(models.Model):
    """What a caller did to a launch; its number is the row's. `body` is that of a retry."""

    launch = models.ForeignKey(SandboxLaunch, on_delete=models.CASCADE, related_name="events")
    record = models.BinaryField()
    body = models.BinaryField(null=True)

    def __str__(self) -> str:
        return f"{self.launch_id}/{self.pk}"


class SandboxChange(models.Model):
    """A change of a user or account. Secrets never get here: see `judge.credentials`."""

    record = models.BinaryField()

    def __str__(self) -> str:
        return str(self.pk)
