"""In which language each person wants to see a launch."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class SnippetChoice(models.Model):
    """The target that a person chose last."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    target = models.CharField(max_length=60)

    def __str__(self) -> str:
        return self.target
