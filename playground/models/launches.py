"""The ledger of launches: what was sent, by whom, and what came of it.

A row is committed before the first byte leaves. Every later change of `state` is a conditional
UPDATE, so that two processes can never both decide the same row.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from playground.contract.folding import searchable
from playground.models.sent_forms import SentForm

# An account's UID is a UUID; an index cannot hold whatever else a payload may name.
LONGEST_ACCOUNT_UID = 200
LONGEST_JOB_STATUS = 40
# Characters of a name that are looked through.
_LONGEST_SEARCHED = 2_000
UNENDED = models.Q(is_repeating=True, schedule_ended_at=None)

# Its job is looked at from time to time, until it is over.
JOB_UNDER_WAY = models.Q(state="launched", job_is_over=False)


def searched_text(job_name: str, workflow_name: str) -> str:
    """What `searched` holds for a launch of these names."""
    return " ".join(searchable(name[:_LONGEST_SEARCHED]) for name in (job_name, workflow_name))


class LaunchState(models.TextChoices):
    """The life of a launch; `services.launches.send` and `recovery` hold the transitions."""

    SENDING = "sending", "Sending"
    LAUNCHED = "launched", "Launched"
    REJECTED = "rejected", "Rejected"
    UNREACHABLE = "unreachable", "Not sent"
    UNKNOWN = "unknown", "Outcome unknown"
    NOT_PROVED = "not-proved", "Not proved"
    NOT_FOUND = "not-found", "Not found upstream"


# Its job is looked for, by the program or by a person.
SOUGHT = (LaunchState.UNKNOWN, LaunchState.NOT_PROVED)
# It may have arrived, and nobody knows yet.
UNDECIDED = (LaunchState.SENDING, *SOUGHT)


class Launch(SentForm):
    """One act of sending a payload to the upstream."""

    launch_token = models.UUIDField(unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    workflow_uid = models.TextField()
    workflow_name = models.TextField()
    job_name = models.TextField(blank=True)
    searched = models.TextField(
        default="", editable=False, help_text="Both names, folded: what a search looks through."
    )
    payload = models.BinaryField()
    fingerprint = models.CharField(max_length=12, db_index=True)
    row_count = models.PositiveIntegerField()
    upstream = models.TextField(help_text="Where it was sent, without any credential.")
    state = models.CharField(max_length=12, choices=LaunchState.choices, db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    job_uid = models.TextField(blank=True, db_index=True)
    http_status = models.PositiveSmallIntegerField(null=True)
    sentence = models.TextField(blank=True, help_text="What a person is told about the outcome.")
    retry_after = models.PositiveIntegerField(
        null=True, help_text="Seconds the upstream asked for."
    )
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    searches = models.PositiveSmallIntegerField(default=0)
    searched_at = models.DateTimeField(null=True)
    candidates = models.BinaryField(
        default=b"[]", help_text="Jobs that may be its job, as the last search found them: JSON."
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Who said which job it is, or that it is none.",
    )
    relaunch_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    is_repeating = models.BooleanField(default=False, help_text="It set up a repeat schedule.")
    schedule_ended_at = models.DateTimeField(
        null=True, help_text="When somebody removed the schedule here; elsewhere nobody tells us."
    )
    override_reason = models.TextField(
        blank=True, help_text="Why it was launched although preflight stopped it."
    )
    overridden = models.TextField(
        blank=True, help_text="What preflight stopped it for, one sentence a line."
    )

    job_status = models.CharField(
        max_length=LONGEST_JOB_STATUS, blank=True, default="", help_text="As it was seen last."
    )
    job_rows = models.PositiveBigIntegerField(null=True, help_text="Result rows of its job.")
    job_error = models.TextField(blank=True, default="", help_text="What went wrong with its job.")
    job_is_over = models.BooleanField(default=False, help_text="It is looked at no more.")
    job_seen_at = models.DateTimeField(null=True, help_text="When its job was looked at last.")

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user", "-created_at", "-id"], name="launch_of_person"),
            models.Index(fields=["job_status", "-created_at", "-id"], name="launch_by_job_status"),
            models.Index(fields=["state", "-created_at", "-id"], name="launch_by_state"),
            models.Index(
                fields=["job_seen_at"], name="launch_job_under_way", condition=JOB_UNDER_WAY
            ),
            models.Index(fields=["-created_at", "-id"], name="launch_newest_first"),
            models.Index(fields=["workflow_uid", "-created_at"], name="launch_of_workflow"),
            models.Index(fields=["-created_at", "-id"], name="launch_unended", condition=UNENDED),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["upstream", "job_uid"],
                condition=~models.Q(job_uid=""),
                name="job_of_one_launch",
            )
        ]

    def __str__(self) -> str:
        return f"{self.job_name or self.workflow_name} ({self.fingerprint})"

    def save(self, **kwargs: Any) -> None:
        """The names of a launch never change, so they are folded when it is made."""
        if self._state.adding:
            self.searched = searched_text(self.job_name, self.workflow_name)
        super().save(**kwargs)

    @property
    def is_launched(self) -> bool:
        return self.state == LaunchState.LAUNCHED

    @property
    def repeats_still(self) -> bool:
        """It set up a schedule that nobody removed from here."""
        return self.is_launched and self.is_repeating and self.schedule_ended_at is None

    @property
    def is_undecided(self) -> bool:
        """It may have arrived, and nobody knows yet."""
        return self.state in UNDECIDED

    @property
    def is_not_proved(self) -> bool:
        """All that can be looked up was looked up; a person has to say which job it is, if any."""
        return self.state == LaunchState.NOT_PROVED

    @property
    def is_sought(self) -> bool:
        """Its job is looked for, by the program or by a person."""
        return self.state in SOUGHT

    @property
    def is_safe_to_launch_again(self) -> bool:
        """Nothing runs upstream because of it, as far as can be known."""
        return self.state in (
            LaunchState.REJECTED,
            LaunchState.UNREACHABLE,
            LaunchState.NOT_FOUND,
        )

    @property
    def title(self) -> str:
        return self.job_name or self.workflow_name


class LaunchAccount(models.Model):
    """An account that a launch names: which launches used an account is asked from its side."""

    launch = models.ForeignKey(Launch, on_delete=models.CASCADE, related_name="accounts_used")
    account_uid = models.CharField(max_length=LONGEST_ACCOUNT_UID, db_index=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["launch", "account_uid"], name="account_once_a_launch")
        ]

    def __str__(self) -> str:
        return self.account_uid
