"""How the sandbox says no."""

from __future__ import annotations

from collections.abc import Mapping


class Refused(Exception):
    """Ends a call with an error answer: its status and the sentence of its `message`."""

    def __init__(self, status: int, sentence: str, headers: Mapping[str, str] | None = None):
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.headers = dict(headers or {})
