"""Why a row set cannot be used, or was not changed. Each has a sentence that says what to do."""

from __future__ import annotations

from playground.models import RowSet


class RowSetError(Exception):
    """`sentence` is what a person is told."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NoSuchRowSet(RowSetError):
    """It was removed, it expired, or it is somebody else's: nobody is told which."""


class UnableToMakeRowSet(RowSetError):
    """Nothing was kept."""


class UnableToChangeRowSet(RowSetError):
    """Nothing was changed."""


class ChangedMeanwhile(UnableToChangeRowSet):
    """The row set is not the one that the page showed; what was asked for was not done."""

    def __init__(self, row_set: RowSet) -> None:
        super().__init__(
            f"The rows of {row_set.name} were changed in another tab since this page showed them, "
            "so nothing was done. They are shown as they are now: do it again if it is still due."
        )
