"""Which words stand in the payloads of launches."""

from __future__ import annotations

from django.db import models

from playground.models.launches import Launch


class LaunchWords(models.Model):
    """The different words of a payload's values, folded, with single blanks between them.

    Each database looks them up in an index of its own kind, which follows this table by itself:
    migrations 0029 and 0030 make it, `services.ledger.payload_words` asks it.
    """

    launch = models.OneToOneField(
        Launch, on_delete=models.CASCADE, primary_key=True, related_name="payload_words"
    )
    words = models.TextField()

    def __str__(self) -> str:
        return f"words of launch {self.launch_id}"
