"""Requests that hold places, for tests: each in a context of its own, as its thread would be."""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from unittest import mock

from playground.upstream import waiting


@contextmanager
def held(place: Callable[[], AbstractContextManager[None]], count: int) -> Iterator[None]:
    """So many of them are held inside, by requests that wait for long already: nobody stands in
    line for one. Raises what a place raises that cannot be had."""
    with ExitStack() as taken, mock.patch.object(waiting, "SLOW_AFTER", 0):
        for _ in range(count):
            context, one = contextvars.copy_context(), place()
            context.run(one.__enter__)
            taken.callback(context.run, one.__exit__, None, None, None)
        yield
