"""What the ledgers have in common: a row stands for one form, which is sent once."""

from __future__ import annotations

from django.db import models

from playground.upstream import targets

# The states that every ledger has, whatever else it calls what came of a form.
SENDING, UNREACHABLE, UNKNOWN = "sending", "unreachable", "unknown"


class SentForm(models.Model):
    """A form and what became of it; `services.ledger.send_once` holds the transitions."""

    state = models.CharField(max_length=12)
    upstream = models.TextField()

    class Meta:
        abstract = True

    @property
    def is_elsewhere(self) -> bool:
        """It was sent to another server than that at hand, or to another workspace of it: only
        that one can be asked for it."""
        return not targets.is_here(self.upstream)

    @property
    def sent_to(self) -> str:
        """The address."""
        return targets.address_of(self.upstream)

    @property
    def sent_elsewhere(self) -> str:
        """Where it was sent, in a sentence."""
        return targets.elsewhere(self.upstream)

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
