"""Calls of the API from the forms of the reference: a person's own history."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from playground.models.sent_forms import SentForm


class ApiCallState(models.TextChoices):
    """What became of an API call; `services.api_calls` holds the transitions."""

    SENDING = "sending", "Sending"
    ANSWERED = "answered", "Answered"
    UNREACHABLE = "unreachable", "Not sent"
    UNKNOWN = "unknown", "No answer"


class ApiCall(SentForm):
    """One call of an operation, made from its form in the reference: a person's own history."""

    token = models.UUIDField(unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    operation = models.CharField(max_length=60)
    method = models.CharField(max_length=10)
    address = models.TextField(help_text="Path and query as sent, below the upstream's address.")
    draft = models.BinaryField(help_text="What was in the form, as JSON.")
    upstream = models.TextField(help_text="Where it was sent, without any credential.")
    state = models.CharField(max_length=12, choices=ApiCallState.choices)
    status = models.PositiveSmallIntegerField(null=True)
    sentence = models.TextField(blank=True, help_text="Why there is no answer.")
    headers = models.BinaryField(default=b"[]", help_text="Of the answer: JSON pairs.")
    answer = models.BinaryField(default=b"", help_text="The answer's body, or its head.")
    answer_size = models.PositiveIntegerField(default=0, help_text="Bytes of the whole body.")
    seconds = models.FloatField(null=True, help_text="From before the call to the last byte.")
    created_at = models.DateTimeField()

    class Meta:
        db_table = "playground_try"  # As it was called when it was made.
        verbose_name = "API call"
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user", "-created_at", "-id"], name="try_newest_first")
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.address}"

    @property
    def is_answered(self) -> bool:
        return self.state == ApiCallState.ANSWERED

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_cut(self) -> bool:
        """Only the head of the answer was kept."""
        return self.answer_size > len(self.answer)
