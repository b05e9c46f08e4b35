"""What the ledgers have in common: a row stands for one form, which is sent once."""

from __future__ import annotations

from django.db import models

# The states that every ledger has, whatever else it calls what came of a form.
SENDING, UNREACHABLE, UNKNOWN = "sending", "unreachable", "unknown"


class SentForm(models.Model):
    """A form and what became of it; `services.ledger.send_once` holds the transitions."""

    state = models.CharField(max_length=12)

    class Meta:
        abstract = True

    @property
    def is_sending(self) -> bool:
        return self.state == SENDING

    @property
    def is_unreachable(self) -> bool:
        """It is certain that nothing was sent."""
        return self.state == UNREACHABLE

    @property
    def is_unknown(self) -> bool:
        return self.state == UNKNOWN
