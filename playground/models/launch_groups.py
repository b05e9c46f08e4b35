"""Launches that are sent one after another: one form in parts of so many rows, or earlier launches
once more."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from playground.models.launches import Launch


class LaunchGroupState(models.TextChoices):
    """`services.launches.split` holds the transitions."""

    SENDING = "sending", "Sending"
    WAITING = "waiting", "Waiting"
    STOPPED = "stopped", "Stopped"
    DONE = "done", "All launched"
    EXPIRED = "expired", "Expired"


class LaunchGroup(models.Model):
    """`request` is the payload without its inputs. `next_at` is when the next part may be sent;
    `lease` names the worker that sends, and `seen_alive_at` is when that one last said so.

    Parts of a relaunch are launches of their own, which the group has in common: `workflow` holds
    all of their workflows, and there is neither `request` nor `fingerprint`."""

    launch_token = models.UUIDField(unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    is_relaunch = models.BooleanField(
        default=False, help_text="Its parts are earlier launches, once more."
    )
    workflow = models.BinaryField(help_text="The workflow as it was then.")
    workflow_uid = models.TextField()
    workflow_name = models.TextField()
    name = models.TextField(help_text="The job name, which each part has with its number.")
    request = models.BinaryField()
    fingerprint = models.CharField(max_length=12)
    upstream = models.TextField()
    row_count = models.PositiveIntegerField()
    waits_for_capacity = models.BooleanField()
    override_reason = models.TextField(blank=True)
    overridden = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=LaunchGroupState.choices, db_index=True)
    sentence = models.TextField(blank=True)
    next_at = models.DateTimeField(null=True)
    lease = models.UUIDField(null=True)
    seen_alive_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_under_way(self) -> bool:
        return self.state in (LaunchGroupState.SENDING, LaunchGroupState.WAITING)

    @property
    def is_done(self) -> bool:
        """Whether nothing more of it is sent."""
        return self.state == LaunchGroupState.DONE

    @property
    def is_stopped(self) -> bool:
        return self.state == LaunchGroupState.STOPPED

    @property
    def is_expired(self) -> bool:
        """Whether it stood still for so long that the rows of its parts are gone."""
        return self.state == LaunchGroupState.EXPIRED


class LaunchPart(models.Model):
    """Some of the rows, which one launch sends: that of `launch_token`, if there is one yet.

    What was refused for want of capacity gets another token: its launch stays in the ledger.
    """

    group = models.ForeignKey(LaunchGroup, on_delete=models.CASCADE, related_name="parts")
    relaunch_of = models.ForeignKey(Launch, null=True, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    first_row = models.PositiveIntegerField()
    rows = models.PositiveIntegerField()
    inputs = models.BinaryField(help_text="Compressed JSON: objects with commas between them.")
    launch_token = models.UUIDField(unique=True, editable=False)
    waits = models.PositiveIntegerField(default=0, help_text="How often it waited for capacity.")

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["group", "number"], name="part_once_a_group")
        ]

    def __str__(self) -> str:
        return f"part {self.number} of {self.group_id}"

    @property
    def last_row(self) -> int:
        return self.first_row + self.rows - 1
