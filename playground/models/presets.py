"""Forms of a launch that are kept: drafts, presets, and payloads that were shared by a link."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

LONGEST_PLACE = 64


class KeptForm(models.Model):
    """The fields of a launch form as they were posted, but for what is of that page alone.

    `place` is a digest of the upstream and the workflow that they are for: an index holds it,
    however long the names of these are.
    """

    place = models.CharField(max_length=LONGEST_PLACE, help_text="SHA-256 of where it belongs.")
    upstream = models.TextField()
    workflow_uid = models.TextField()
    workflow_name = models.TextField()
    fields = models.BinaryField(help_text="Compressed JSON: name and text of each field.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the fields.")

    class Meta:
        abstract = True


class Draft(KeptForm):
    """What a person has typed into the form of a workflow and not launched.

    `version` grows with every change, whatever tab or device it came from. One that is over, since
    it was launched or put aside, is shown no more by itself.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(db_index=True)
    over_at = models.DateTimeField(null=True)
    is_launched = models.BooleanField(default=False, help_text="It is over because it was sent.")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "place"], name="draft_once_a_workflow")
        ]

    def __str__(self) -> str:
        return f"draft for {self.workflow_uid}"

    @property
    def is_open(self) -> bool:
        return self.over_at is None


class Preset(KeptForm):
    """A named draft, of one person or of the team; `user` is who made it.

    The default of the team is what the form of the workflow begins with, unless the person has a
    default of their own.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    is_team = models.BooleanField(default=False)
    is_default = models.BooleanField(default=False)
    name = models.TextField()
    description = models.TextField(blank=True)
    job_name = models.TextField(blank=True, help_text="With {date}, {time} and {counter} in it.")
    has_rows = models.BooleanField(default=False)
    launches = models.PositiveIntegerField(default=0, help_text="What {counter} has counted.")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["workflow_name", "name", "pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["place", "is_team"], name="presets_of_workflow")
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["place"],
                condition=Q(is_default=True, is_team=True),
                name="team_default_once_a_workflow",
            ),
            models.UniqueConstraint(
                fields=["user", "place"],
                condition=Q(is_default=True, is_team=False),
                name="own_default_once_a_workflow",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PresetChoice(models.Model):
    """What a person has chosen in place of what a preset has, field by field."""

    preset = models.ForeignKey(Preset, on_delete=models.CASCADE, related_name="choices")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    fields = models.BinaryField(help_text="JSON: name of a field → its texts.")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["preset", "user"], name="choice_once_a_preset")
        ]

    def __str__(self) -> str:
        return f"choice of {self.user_id} in preset {self.preset_id}"


class SharedPayload(models.Model):
    """A payload as it was when somebody shared it. Who is signed in and has its address sees it,
    until it expires or is revoked."""

    address = models.CharField(max_length=64, unique=True)
    token = models.UUIDField(unique=True, editable=False, help_text="Of the form that made it.")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    upstream = models.TextField()
    workflow_uid = models.TextField()
    workflow_name = models.TextField()
    title = models.TextField()
    payload = models.BinaryField(help_text="The exact bytes, compressed.")
    fingerprint = models.CharField(max_length=12)
    row_count = models.PositiveIntegerField()
    size = models.PositiveIntegerField(help_text="Bytes of the payload.")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.title} ({self.fingerprint})"
