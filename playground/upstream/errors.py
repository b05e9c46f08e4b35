"""What a call to the upstream can end in, other than an answer.

The class says what is known, and with it what a launch may do next:

- `UpstreamNeverReached`: provably nothing was sent; the same call may be made again.
- `UpstreamRefused`: a definite refusal; nothing was done on the other side.
- `UpstreamOutcomeUnknown`: anything else; a launch must never be sent again by the program.
"""

from __future__ import annotations


class UpstreamError(Exception):
    """A call that brought no answer.

    `sentence` tells a person what happened and what to do. `status` is the HTTP status when an
    answer came. `vendor_sentence` is what the upstream said, at most 500 characters, empty when
    it said nothing: foreign text. `detail` is the technical cause, for logs. None of them holds
    the key, the project or the whole address of the upstream.
    """

    def __init__(
        self,
        sentence: str,
        *,
        status: int | None = None,
        vendor_sentence: str = "",
        detail: str = "",
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status
        self.vendor_sentence = vendor_sentence
        self.detail = detail


class UpstreamNeverReached(UpstreamError):
    """Provably never sent. `status` is always None."""


class UpstreamNotAsked(UpstreamNeverReached):
    """Not even tried: too many wait for the upstream, or it has just given no answer.

    `retry_after` is in how many seconds to try again.
    """

    def __init__(self, sentence: str, *, retry_after: int) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class UpstreamRefused(UpstreamError):
    """A definite refusal: 400, 401, 403, 404, 405, 409, 413, 415, 422 or 429.

    `retry_after` is how many seconds the upstream asks to wait, for a 429 that says so.
    """

    def __init__(
        self,
        sentence: str,
        *,
        status: int,
        vendor_sentence: str = "",
        retry_after: int | None = None,
        detail: str = "",
    ) -> None:
        super().__init__(sentence, status=status, vendor_sentence=vendor_sentence, detail=detail)
        self.retry_after = retry_after

    @property
    def is_body_at_fault(self) -> bool:
        """What was sent was refused, not the key, the address or the moment."""
        return self.status in (400, 404, 409, 413, 422)


class UpstreamOutcomeUnknown(UpstreamError):
    """It may have been sent, and whether it took effect is not known."""
