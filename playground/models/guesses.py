"""How often a password was wrong lately, so that nobody can guess one."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Guesses(models.Model):
    """Wrong passwords in a row, of one name or from one address: neither is told."""

    key = models.CharField(max_length=64, unique=True, help_text="A digest of name or address.")
    count = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(db_index=True)

    objects: ClassVar[models.Manager[Guesses]] = models.Manager()

    class Meta:
        verbose_name_plural = "guesses"

    def __str__(self) -> str:
        return f"{self.count} until {self.last_at:%Y-%m-%d %H:%M:%S}"
