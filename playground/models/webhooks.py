"""Who is to be told elsewhere when a job is over, and each time that was done, or tried."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from playground.models.launches import Launch


class Webhook(models.Model):
    """An address of a person, or of the team. What it is signed with is made of `salt` and of the
    secret of the playground, and stands nowhere."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    is_team = models.BooleanField(help_text="It is told of everybody's launches.")
    address = models.TextField(help_text="Often a secret by itself: no page shows all of it.")
    salt = models.CharField(max_length=32)
    site = models.TextField(help_text="Where people reach the playground, for links.")
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"webhook {self.pk}"


class DeliveryState(models.TextChoices):
    """The life of a delivery."""

    WAITING = "waiting", "Waiting"
    DELIVERED = "delivered", "Delivered"
    FAILED = "failed", "Not delivered"


class WebhookDelivery(models.Model):
    """Something that a webhook is told once: that a launch's job is over, or that it works."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    launch = models.ForeignKey(Launch, null=True, on_delete=models.CASCADE, related_name="+")
    run = models.CharField(max_length=32, help_text="Which run of the job: it may be run again.")
    text = models.TextField()
    state = models.CharField(max_length=12, choices=DeliveryState.choices)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(help_text="When it is tried next, or given up by who tries it.")
    sentence = models.TextField(blank=True, help_text="What came of the last attempt.")
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at"], name="delivery_waiting", condition=models.Q(state="waiting")
            )
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["webhook", "launch", "run"], name="told_once_of_a_run")
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk} ({self.state})"

    @property
    def is_waiting(self) -> bool:
        return self.state == DeliveryState.WAITING

    @property
    def is_delivered(self) -> bool:
        return self.state == DeliveryState.DELIVERED
