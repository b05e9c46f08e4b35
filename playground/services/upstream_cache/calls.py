"""Asking the upstream something that is not a launch: an answer, or a sentence why not."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from playground.upstream import connections
from playground.upstream.client import WorkflowClient
from playground.upstream.errors import UpstreamError

T = TypeVar("T")


class UnableToReachUpstream(Exception):
    """The upstream gave no usable answer. `sentence` is for people; `status` is its own, if any;
    `detail` is the technical cause, for logs."""

    def __init__(self, sentence: str, *, status: int | None = None, detail: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status
        self.detail = detail

    @property
    def is_missing(self) -> bool:
        return self.status == 404


def ask(question: Callable[[WorkflowClient], T]) -> T:
    """The answer to `question`, put to the configured upstream. Raises `UnableToReachUpstream`."""
    try:
        return question(connections.connect())
    except UpstreamError as error:
        raise UnableToReachUpstream(
            error.sentence, status=error.status, detail=error.detail
        ) from error
