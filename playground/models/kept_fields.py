"""Long values of a launch form, kept on the server so that no page has to carry them."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models


class KeptFields(models.Model):
    """The fields of one form whose text is too long for a page, by name.

    They are a draft's, not a launch's: a launch has its payload. The same fields are kept once.
    """

    uid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the fields.")
    fields = models.BinaryField(help_text="Compressed JSON: name, then text and kind.")
    kept_at = models.DateTimeField(db_index=True, help_text="When a page last referred to them.")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "digest"], name="same_fields_once_a_user")
        ]

    def __str__(self) -> str:
        return str(self.uid)
