"""Asking the upstream something that is not a launch: an answer, or a sentence why not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from playground.upstream import connections, waiting
from playground.upstream.client import WorkflowClient
from playground.upstream.errors import UpstreamError, UpstreamNotAsked

T = TypeVar("T")
# Seconds after which it may be otherwise, where it is not known better.
COME_AGAIN_AFTER = waiting.COME_AGAIN_AFTER


class UnableToReachUpstream(Exception):
    """The upstream gave no usable answer. `sentence` is for people; `status` is its own, if any;
    `detail` is the technical cause, for logs.

    With `retry_after` it was not asked, or not waited for: in so many seconds it may be otherwise.
    """

    def __init__(
        self,
        sentence: str,
        *,
        status: int | None = None,
        detail: str = "",
        retry_after: int | None = None,
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status
        self.detail = detail
        self.retry_after = retry_after

    @property
    def is_missing(self) -> bool:
        return self.status == 404

    @property
    def is_definite(self) -> bool:
        """Whether it is an answer: what was known before holds no more."""
        return self.status is not None and self.status < 500


def ask(question: Callable[[WorkflowClient], T]) -> T:
    """The answer to `question`, put to the configured upstream. Raises `UnableToReachUpstream`."""
    with _told():
        return question(connections.connect())


@contextmanager
def place_to_wait() -> Iterator[None]:
    """Inside, answers may be waited for. Raises `UnableToReachUpstream` when too many wait."""
    with _told(), waiting.place():
        yield


place_to_send = waiting.place_to_send_if_any


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except UpstreamError as error:
        raise UnableToReachUpstream(
            error.sentence,
            status=error.status,
            detail=error.detail,
            retry_after=error.retry_after if isinstance(error, UpstreamNotAsked) else None,
        ) from error
