"""The ledger of changes to accounts, users, jobs and schedules.

What was filled in is named, never told.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from playground.models.launches import LONGEST_ACCOUNT_UID
from playground.models.sent_forms import SENDING, SentForm


class ChangeState(models.TextChoices):
    """What became of a change; `services.ledger.changes` holds the transitions."""

    SENDING = "sending", "Sending"
    SAVED = "saved", "Saved"
    REFUSED = "refused", "Refused"
    UNREACHABLE = "unreachable", "Not sent"
    UNKNOWN = "unknown", "Outcome unknown"


class ChangeKind(models.TextChoices):
    """What was done, as the label says it of an account, a user, a job or a schedule."""

    ADD_ACCOUNT = "add-account", "Added"
    UPDATE_ACCOUNT = "update-account", "Updated"
    ANSWER_CHALLENGE = "answer-challenge", "Login challenge answered"
    ADD_USER = "add-user", "Added"
    UPDATE_USER = "update-user", "Updated"
    RETRY_JOB = "retry-job", "Run again"
    CANCEL_JOB = "cancel-job", "Stopped"
    REMOVE_SCHEDULE = "remove-schedule", "Schedule removed"
    REMOVE_ACCOUNT = "remove-account", "Removed"
    REMOVE_USER = "remove-user", "Removed"


class Change(SentForm):
    """One act of changing an account, a user, a job or a schedule upstream.

    It holds no secret and nothing made from one, not even a digest: what was filled in is named,
    never told.
    """

    token = models.UUIDField(unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    upstream = models.TextField(help_text="Where it was sent, without any credential.")
    kind = models.CharField(max_length=20, choices=ChangeKind.choices)
    integration = models.CharField(max_length=LONGEST_ACCOUNT_UID, blank=True)
    uid = models.CharField(
        max_length=LONGEST_ACCOUNT_UID,
        blank=True,
        db_index=True,
        help_text="The account, user, job or schedule; empty while a new one is not known.",
    )
    name = models.TextField(blank=True, help_text="The name that was filled in.")
    ended = models.TextField(
        blank=True, help_text="UIDs of the accounts that end with a user, one a line."
    )
    parts = models.CharField(max_length=200, blank=True, help_text="What was filled in.")
    state = models.CharField(max_length=12, choices=ChangeState.choices)
    is_valid = models.BooleanField(null=True, help_text="What the upstream said of an account.")
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["upstream", "kind", "uid"],
                condition=models.Q(
                    state=SENDING,
                    kind__in=[
                        ChangeKind.RETRY_JOB,
                        ChangeKind.CANCEL_JOB,
                        ChangeKind.REMOVE_SCHEDULE,
                        ChangeKind.REMOVE_ACCOUNT,
                        ChangeKind.REMOVE_USER,
                    ],
                ),
                name="one_change_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid or self.name}"

    @property
    def is_saved(self) -> bool:
        return self.state == ChangeState.SAVED

    @property
    def is_removal(self) -> bool:
        """Whether an account or a user is gone if it took effect."""
        return self.kind in (ChangeKind.REMOVE_ACCOUNT, ChangeKind.REMOVE_USER)

    @property
    def is_user_removal(self) -> bool:
        return self.kind == ChangeKind.REMOVE_USER

    @property
    def is_refused(self) -> bool:
        return self.state == ChangeState.REFUSED

    @property
    def is_not_valid(self) -> bool:
        """The upstream took the change, and does not take the account as valid."""
        return self.is_saved and self.is_valid is False
