"""What an answer's status means for an operation, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from playground.reference.api.operations import Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """`phrase` is HTTP's own name of the status; the sentences are the contract's."""

    phrase: str
    sentence: str = ""
    advice: str = ""


def meaning_of(operation: Operation, status: int) -> Meaning:
    phrase = _phrase(status)
    for answer in operation.answers:
        if answer.status == status:
            return Meaning(phrase=phrase, sentence=_plain(answer.meaning))
    for failure in operation.failures:
        if failure.status == status:
            advice = _plain(failure.advice)
            return Meaning(phrase=phrase, sentence=_plain(failure.when), advice=advice)
    if 300 <= status < 400:
        advice = "Redirects are never followed: check UPSTREAM_URL."
        return Meaning(phrase=phrase, sentence="The upstream points elsewhere.", advice=advice)
    return Meaning(phrase=phrase, sentence="The reference does not list this status here.")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _plain(sentence: str) -> str:
    """Without the marks around code: the sentence stands between others."""
    return sentence.replace("`", "")
